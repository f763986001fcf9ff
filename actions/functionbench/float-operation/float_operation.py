"""Adds up sines, cosines and square roots with the interpreter alone."""

import math

MOST = 10_000_000


def main(args):
    count = args.get("count", 5000)
    if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= MOST:
        return {"error": f"count must be a whole number from 0 to {MOST}, not {count!r}"}
    return {
        "sines": math.fsum(math.sin(number) for number in range(count)),
        "cosines": math.fsum(math.cos(number) for number in range(count)),
        "roots": math.fsum(math.sqrt(number) for number in range(count)),
    }
