"""Multiplies two random matrices with numpy (Debian's python3-numpy), and proves the product as Freivalds did."""

import numpy

LARGEST = 1024


def main(args):
    size = args.get("size", 64)
    if isinstance(size, bool) or not isinstance(size, int) or not 1 <= size <= LARGEST:
        return {"error": f"size must be a whole number from 1 to {LARGEST}, not {size!r}"}
    generator = numpy.random.default_rng(args.get("seed", 1))
    left, right = generator.random((2, size, size))
    product = left @ right
    return {
        "size": size,
        "trace": float(product.trace()),
        "largest": float(product.max()),
        "isProduct": is_product(product, left, right, generator),
    }


def is_product(product, left, right, generator):
    """Whether product is left times right, wrong with a chance of 2**-20: random vectors cannot tell them apart."""
    probes = generator.integers(0, 2, (left.shape[0], 20))
    return bool(numpy.allclose(product @ probes, left @ (right @ probes)))
