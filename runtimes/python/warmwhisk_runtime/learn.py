"""Records what an action imports of the runtime build (C30, C31). Loaded only when it is asked for."""

import _thread
import os
import sys
from importlib import _bootstrap
from time import perf_counter

# To the interpreter this is a function of its own: it takes such frames out of tracebacks, which then say what they always say.
_FILENAME = "<frozen importlib._bootstrap>"


class Recording:
    """
    Sees every import of a module that is not loaded yet. What a module of the runtime build imports in turn counts to that module;
    what user code and the interpreter's own modules import stands for itself. One that fails is not recorded.
    """

    def __init__(self):
        self.folders = package_folders()
        self._prefixes = tuple(os.path.join(folder, "") for folder in self.folders)
        self._found = []
        # For each thread the records of the imports under way, innermost last.
        self._stacks = {}
        self._original = _bootstrap._find_and_load
        _bootstrap._find_and_load = self._hook()

    def end(self):
        """Stops. Gives what was imported, in order: (module, milliseconds)."""
        _bootstrap._find_and_load = self._original
        return self._found

    def _hook(self):
        original, begin, finish, give_up = self._original, self._begin, self._finish, self._give_up

        def _find_and_load(name, import_):
            begun = perf_counter()
            begin()
            try:
                module = original(name, import_)
            except BaseException:
                give_up()
                raise
            finish(name, begun)
            return module

        _find_and_load.__code__ = _find_and_load.__code__.replace(co_filename=_FILENAME)
        return _find_and_load

    def _begin(self):
        self._stacks.setdefault(_thread.get_ident(), []).append([])

    def _end_one(self):
        """Leaves the innermost import; gives what it imported itself, and the list of the one around it."""
        stack = self._stacks[_thread.get_ident()]
        inner = stack.pop()
        return inner, stack[-1] if stack else self._found

    def _give_up(self):
        inner, outer = self._end_one()
        outer += inner

    def _finish(self, name, begun):
        inner, outer = self._end_one()
        file = file_of(name)
        if file is not None and file.startswith(self._prefixes):
            outer.append((name, (perf_counter() - begun) * 1000))
        else:
            outer += inner


def package_folders():
    """Where the packages of the runtime build lie: everything on the path but the interpreter's own library."""
    library = os.path.dirname(os.__file__)
    own = {library, os.path.join(library, "lib-dynload")}
    return [entry for entry in sys.path if entry and entry not in own and not entry.endswith(".zip")]


def file_of(name):
    """Where a module, or a package of many places, was found. None where it has no file, or hides it."""
    try:
        spec = sys.modules[name].__spec__
        return spec.origin if spec.has_location else next(iter(spec.submodule_search_locations)) + os.sep
    except Exception:
        return None  # A module may be anything: this one is no package of the runtime build.


def describe(recording):
    """Ends a recording. Gives each import with the distribution that its module belongs to, as far as it does to one."""
    from .inventory import read_inventory  # Only now: user code shall not meet the half of the library that this loads.

    found = recording.end()
    inventory = read_inventory(recording.folders)
    imports = []
    for module, milliseconds in found:
        distribution = inventory.distribution_of(module)
        if distribution is not None:
            name, version = distribution
            record = {"module": module, "distribution": name, "version": version, "ms": round(milliseconds, 3)}
            imports.append(record)
    return imports
