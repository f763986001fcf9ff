"""
Makes what siblings of one template inherit and must not share their own (C35). What is here follows the modules that are loaded: the
template looks for it once, each child only acts.

Nothing need be done for what asks the kernel each time (`secrets`, `os.urandom`, `numpy.random.default_rng()`), for the functions of
`random` (Python seeds them anew after each fork), and for OpenSSL (it notices that the number of its process is another).
"""

import os
import sys
import time

# The whole state of a Mersenne Twister.
_MT19937_WORDS = 624


def prepare(template_pid):
    """Looks at what is loaded and gives a function for a child to call, which raises when something cannot be made its own."""
    steps = [step for name, prepare in REGISTRY for step in prepare_module(sys.modules.get(name), prepare)]

    def freshen():
        # Caches that are keyed by the number of the process, OpenSSL's generator among them, would not notice the fork.
        if os.getpid() == template_pid:
            raise RuntimeError(f"number {template_pid} is that of the template")
        if "TZ" in os.environ:
            time.tzset()
        for step in steps:
            step()

    return freshen


def prepare_module(module, prepare):
    return () if module is None else prepare(module)


def fresh_logging(logging):
    def begin():
        logging._startTime = time.time_ns() if isinstance(logging._startTime, int) else time.time()

    return [begin] if hasattr(logging, "_startTime") else []


def fresh_multiprocessing(process):
    """The key by which processes of one program know each other; siblings must not have it."""

    def renew():
        process.current_process().authkey = os.urandom(32)

    return [renew]


def fresh_numpy(mtrand):
    """The functions of `numpy.random` draw from one generator, which is seeded when it is imported. To seed it takes thrice as long."""
    numpy = sys.modules["numpy"]

    def renew():
        words = numpy.frombuffer(os.urandom(_MT19937_WORDS * 4), dtype=numpy.uint32)
        mtrand._rand.set_state(("MT19937", words, _MT19937_WORDS, 0, 0.0))

    return [renew]


def fresh_platform(platform):
    """It remembers the name of the host."""

    def clear():
        platform._uname_cache = None

    return [clear] if hasattr(platform, "_uname_cache") else []


def fresh_tempfile(tempfile):
    def clear():
        tempfile._name_sequence = None
        tempfile.tempdir = None

    return [clear]


def fresh_torch(torch):
    """Its own first seed comes from the kernel too. Generators of other devices do not exist before they are used."""

    def seed():
        torch.default_generator.manual_seed(int.from_bytes(os.urandom(8), "little"))

    return [seed]


def fresh_uuid(uuid):
    """The address of the network, the time of the last one, and the sequence that tells processes apart in one microsecond."""
    generate = getattr(uuid, "_generate_time_safe", None)

    def renew():
        uuid._node = None
        uuid._last_timestamp = None
        if generate is not None:
            uuid._generate_time_safe = with_own_sequence(generate)

    return [renew]


def with_own_sequence(generate):
    """libuuid draws its sequence once, which may have been in the template, and has no function to draw another."""
    high, low = os.urandom(2)
    sequence = bytes((high & 0x3F | 0x80, low))  # RFC 4122: 14 bits, behind the variant.

    def generate_time_safe():
        value, safety = generate()
        return value[:8] + sequence + value[10:], safety

    return generate_time_safe


def fresh_generators(random):
    """Generators that modules keep for themselves."""
    return [step for generator in module_generators(random) for step in seeder(generator, random)]


def module_generators(random):
    """Of each loaded module what it keeps in a variable, once each."""
    kinds = [random.Random]
    numpy_random = sys.modules.get("numpy.random")
    if numpy_random is not None:
        kinds += [numpy_random.Generator, numpy_random.RandomState]
    global_ones = (getattr(random, "_inst", None), getattr(sys.modules.get("numpy.random.mtrand"), "_rand", None))
    found = {}
    for module in list(sys.modules.values()):
        for value in list(getattr(module, "__dict__", {}).values()):
            if isinstance(value, tuple(kinds)) and not any(value is one for one in global_ones):
                found[id(value)] = value
    return found.values()


def seeder(generator, random):
    if isinstance(generator, random.SystemRandom):
        return []
    if isinstance(generator, random.Random):
        return [generator.seed]
    bits = getattr(generator, "bit_generator", None) or generator._bit_generator
    # One that its module has seeded with a number of its own is equal in all processes, as it is in started ones.
    entropy = getattr(getattr(bits, "_seed_seq", None), "entropy", None)
    if not isinstance(entropy, int) or entropy < 2**64:
        return []
    if not hasattr(generator, "set_state"):
        return [lambda: setattr(bits, "state", type(bits)().state)]
    # The old sort also keeps half of what it has drawn.
    return [lambda: generator.set_state(type(generator)(type(bits)()).get_state(legacy=False))]


REGISTRY = (
    ("logging", fresh_logging),
    ("multiprocessing.process", fresh_multiprocessing),
    ("numpy.random.mtrand", fresh_numpy),
    ("platform", fresh_platform),
    ("random", fresh_generators),
    ("tempfile", fresh_tempfile),
    ("torch", fresh_torch),
    ("uuid", fresh_uuid),
)
