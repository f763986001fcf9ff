"""Makes this process an image: imports, proves that it can be forked, and parks it."""

import gc
import importlib
import os
import sys
import time

from . import kernel
from .huge_pages import collapse
from .watch import Unsuitable, Watch, lasting_threads, open_files

__all__ = ["Unsuitable", "build", "park", "sizes"]


def build(imports, tell):
    """Imports modules in order; `tell` is told before each. Gives the time of each. Raises Unsuitable, or what an import raises."""
    load_runtime()
    watch = Watch()
    times = []
    for done, module in enumerate(imports):
        tell({"importing": module, "done": done, "total": len(imports)})
        begun = time.perf_counter()
        try:
            importlib.import_module(module)
        except BaseException as error:
            raise ImportError(f'Cannot import "{module}": {type(error).__name__}: {error}') from error
        times.append({"module": module, "ms": round((time.perf_counter() - begun) * 1000, 3)})
        watch.check(module)
    return {"imports": times}


def load_runtime():
    """Everything that a runtime loads sooner or later: children have it."""
    import traceback

    from . import action_proxy, archive, server, streams


def park():
    """Leaves as little as possible that a child would have to copy when it writes."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()  # What is still in a buffer here would be printed by each child.
    kernel.flush_streams()
    gc.collect()
    gc.freeze()
    kernel.give_back_free_memory()
    collapse()


def sizes():
    """What the image takes, and what it has; stdio and the control channel are not counted."""
    anonymous, resident = 0, 0
    with open("/proc/self/smaps_rollup", encoding="utf-8") as rollup:
        for line in rollup:
            name, _, rest = line.partition(":")
            if name == "Anonymous":
                anonymous = int(rest.split()[0]) * 1024
            elif name == "Rss":
                resident = int(rest.split()[0]) * 1024
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        vmas = sum(1 for _ in maps)
    return {
        "threads": 1 + len(lasting_threads()),
        "sockets": sum(1 for number, name in open_files().items() if int(number) > 3 and name.startswith("socket:")),
        "anonymousBytes": anonymous,
        "fileBytes": max(resident - anonymous, 0),
        "vmas": vmas,
        # All of them, the interpreter's own too: code that brings one of its own must not meet these.
        "modules": sorted(name for name in sys.modules if not name.startswith(__package__) and name != "__main__"),
    }
