"""The environment that user code sees."""

import json
import os


def export_init(env, explain):
    """Sets the variables of an /init. What is no text becomes JSON text, as it was when the action was created."""
    for name, value in env.items():
        if value is None:
            value = ""
        elif not isinstance(value, str):
            value = json.dumps(value)
        try:
            os.environ[name] = value
        except (OSError, ValueError) as error:
            explain(f'Cannot set the environment variable "{name}": {error}')


def export_run(request):
    """Sets `__OW_<NAME>` for every text of a /run but its value."""
    for name, value in request.items():
        if name != "value" and isinstance(value, str):
            os.environ["__OW_" + name.upper()] = value
