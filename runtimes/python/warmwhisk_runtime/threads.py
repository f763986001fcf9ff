"""
How many threads libraries compute with. A template has them start none; a child may have as many as a started process, which
libraries find out when they are loaded. Python threads and other pools are not concerned: nobody keeps any in a template.
"""

import ctypes
import os
import re
import sys

_OPENBLAS = ("openblas_set_num_threads", "openblas_set_num_threads64_", "scipy_openblas_set_num_threads64_")
_OPENMP = ("omp_set_num_threads",)
# A library by its file's name, and what its function is called, of which a build has one.
_SETTERS = ((re.compile("openblas"), _OPENBLAS), (re.compile(r"^lib(gomp|omp|iomp5)\b"), _OPENMP))


def prepare():
    """Looks for libraries that are loaded; gives a function that tells each how many processors are its own."""
    count = len(os.sched_getaffinity(0))
    torch = sys.modules.get("torch")
    counts = {_OPENBLAS: count, _OPENMP: count if torch is None else torch_count(torch) or count}
    setters = list(find_setters(loaded_libraries(), counts))

    def restore():
        for setter, count in setters:
            setter(count)

    return restore


def torch_count(torch):
    """How many threads torch, which then sets OpenMP for all, has where nobody says otherwise; it counts cores in its own way."""
    ask = getattr(ctypes.CDLL(torch._C.__file__), "_ZN2at27intraop_default_num_threadsEv", None)
    told = {name: os.environ.pop(name) for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS") if name in os.environ}
    try:
        return ask() if ask else None
    finally:
        os.environ.update(told)


def find_setters(paths, counts):
    for path in paths:
        for pattern, names in _SETTERS:
            if pattern.search(os.path.basename(path)):
                library = ctypes.CDLL(path)
                yield from ((getattr(library, name), counts[names]) for name in names if hasattr(library, name))


def loaded_libraries():
    with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
        return sorted({line.split(None, 5)[5].strip() for line in maps if ".so" in line})
