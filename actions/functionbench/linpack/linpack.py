"""Solves a dense system of linear equations with numpy (Debian's python3-numpy), as LINPACK does, and says how fast."""

import time

import numpy

LARGEST = 2000


def main(args):
    size = args.get("size", 100)
    if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= LARGEST:
        return {"error": f"size must be a whole number from 1 to {LARGEST}, not {size!r}"}
    generator = numpy.random.default_rng(args.get("seed", 1))
    matrix = generator.random((size, size)) - 0.5
    wanted = generator.random(size)
    right = matrix @ wanted
    started = time.perf_counter()
    found = numpy.linalg.solve(matrix, right)
    seconds = time.perf_counter() - started
    return {
        "size": size,
        "megaflops": operations(size) / max(seconds, 1e-9) / 1e6,
        "residual": residual(matrix, found, right),
        "furthest": float(numpy.abs(found - wanted).max()),
    }


def operations(size):
    """Floating point operations of an elimination and two substitutions, as LINPACK counts them."""
    return 2 * size**3 / 3 + 2 * size**2


def residual(matrix, found, right):
    """LINPACK's measure of a solution: what is left over, in units of the machine's precision."""
    left_over = numpy.abs(matrix @ found - right).max()
    scale = numpy.abs(matrix).max() * numpy.abs(found).max() * len(right) * numpy.finfo(float).eps
    return float(left_over / scale)
