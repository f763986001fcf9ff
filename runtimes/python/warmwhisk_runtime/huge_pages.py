"""Puts an image's anonymous memory into huge pages: a fork then copies one entry for each 512 (docs/decisions/0080)."""

from . import kernel

HUGE_BYTES = 2 * 1024 * 1024


def collapse():
    """Every whole huge page of private anonymous memory, as far as the kernel likes to; one that does not know how changes nothing."""
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        lines = maps.readlines()
    for start, end in filter(None, map(anonymous_range, lines)):
        for address in range(-(-start // HUGE_BYTES) * HUGE_BYTES, end - HUGE_BYTES + 1, HUGE_BYTES):
            kernel.collapse(address, HUGE_BYTES)


def anonymous_range(line):
    """(start, end) of a line of /proc/self/maps, or None where it is no memory of the heap's sort."""
    fields = line.split()
    if fields[1] != "rw-p" or fields[5:] not in ([], ["[heap]"]):
        return None
    return tuple(int(address, 16) for address in fields[0].split("-"))
