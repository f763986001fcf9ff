"""The Python runtime. The name is long so that no module of a user is hidden by it."""
