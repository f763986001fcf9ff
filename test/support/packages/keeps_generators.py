"""A library with generators of its own: three seeded by the kernel, one by a number."""

import random

import numpy

own = random.Random()
modern = numpy.random.default_rng()
legacy = numpy.random.RandomState()
fixed = numpy.random.default_rng(7)

legacy.standard_normal()  # The second half of what it has drawn waits inside of it.
numpy.random.standard_normal()
