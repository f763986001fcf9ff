"""What makes a restored process look to user code like one that was started (C28)."""

import sys
from importlib.machinery import SourceFileLoader
from types import ModuleType


def wear(path):
    """Makes the program at `path` the main module of this process, without running it; gives the module."""
    loader = SourceFileLoader("__main__", path)
    module = ModuleType("__main__")
    names = module.__dict__
    # The program runs where its name is "__main__"; for as long as it is read, it is not.
    names.update(__file__=path, __loader__=loader, __builtins__=__builtins__, __cached__=None, __name__="main")
    exec(compile(loader.get_data(path), path, "exec"), names)
    names["__name__"] = "__main__"
    script = sys.argv[0]
    sys.modules["__main__"] = module
    sys.argv[:] = [path]
    sys.orig_argv[:] = [path if word == script else word for word in sys.orig_argv]
    return module


def forget(names):
    """Takes modules of ours that a started runtime does not have out of the way; who holds them keeps them."""
    package = sys.modules[__package__]
    for name in names:
        sys.modules.pop(f"{__package__}.{name}", None)
        package.__dict__.pop(name, None)
