"""
Calls into the kernel that Python has no function for. They are bound when this is imported, so that a forked child, each page of
which is copied when it is written, only makes them.
"""

import ctypes
import os

CLONE_NEWNS = 0x0002_0000
CLONE_NEWCGROUP = 0x0200_0000
CLONE_NEWUTS = 0x0400_0000
CLONE_NEWIPC = 0x0800_0000
CLONE_NEWPID = 0x2000_0000
CLONE_NEWNET = 0x4000_0000

_PR_SET_DUMPABLE = 4
_PR_SET_SECCOMP = 22
_PR_CAPBSET_READ = 23
_PR_CAPBSET_DROP = 24
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_SECCOMP_MODE_FILTER = 2
_MADV_COLLAPSE = 25
_CAPABILITY_VERSION_3 = 0x2008_0522
# One filter instruction: 16 bits of code, two jumps of 8, 32 of operand.
_INSTRUCTION_BYTES = 8

_libc = ctypes.CDLL(None, use_errno=True)


def _bind(name, *types):
    function = getattr(_libc, name)
    function.argtypes = types

    def call(*arguments):
        result = function(*arguments)
        if result < 0:
            error = ctypes.get_errno()
            raise OSError(error, f"{name}: {os.strerror(error)}")
        return result

    return call


_prctl = _bind("prctl", ctypes.c_int, *[ctypes.c_ulong] * 4)
_capset = _bind("capset", ctypes.c_void_p, ctypes.c_void_p)
_fflush = _bind("fflush", ctypes.c_void_p)
_malloc_trim = _bind("malloc_trim", ctypes.c_size_t)

_madvise = _bind("madvise", ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)

setns = _bind("setns", ctypes.c_int, ctypes.c_int)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


class Filter:
    """A compiled seccomp filter, ready to be installed."""

    def __init__(self, instructions):
        if not instructions or len(instructions) % _INSTRUCTION_BYTES:
            raise ValueError(f"{len(instructions)} bytes are no seccomp filter")
        self._program = _Program(len(instructions) // _INSTRUCTION_BYTES, instructions)
        self._address = ctypes.addressof(self._program)

    def install(self):
        """From here on it judges every call of this process. Needs no_new_privs."""
        _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, self._address, 0, 0)


class Capabilities:
    """What this process may have, and how to be rid of it."""

    def __init__(self):
        self._header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
        self._none = (ctypes.c_uint32 * 6)()
        self._bounding = [number for number in range(64) if _is_in_bounding_set(number)]

    def close_ways(self):
        """Empties the bounding and the ambient set: no program and no other user brings any back."""
        _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)
        for number in self._bounding:
            _prctl(_PR_CAPBSET_DROP, number, 0, 0, 0)

    def drop(self):
        """Empties the effective, permitted and inheritable set."""
        _capset(ctypes.addressof(self._header), ctypes.addressof(self._none))


def _is_in_bounding_set(number):
    try:
        return _prctl(_PR_CAPBSET_READ, number, 0, 0, 0) == 1
    except OSError:
        return False  # The kernel knows no capability of this number.


def refuse_new_privileges():
    _prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def allow_reading_itself():
    """Whoever changes its user or capabilities may no longer read its own pages and environment in /proc."""
    _prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)


def give_back_free_memory():
    """What the C library keeps of freed memory goes back to the kernel."""
    _malloc_trim(0)


def flush_streams():
    """What C code has printed and not yet written."""
    _fflush(None)


def collapse(address, length):
    """Asks for a huge page; whether one is there now is the kernel's affair (kernels before 6.1 know no such call)."""
    try:
        _madvise(address, length, _MADV_COLLAPSE)
    except OSError:
        pass  # Small pages do as well.
