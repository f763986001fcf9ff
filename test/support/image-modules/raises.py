"""Cannot be imported."""

raise RuntimeError("this is not a module")
