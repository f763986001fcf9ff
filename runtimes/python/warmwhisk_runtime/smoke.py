"""Tries a fork before anybody depends on it: a child imports everything again and does a little work with what is known (C33)."""

import importlib
import os
import select
import signal
import sys
import time
import traceback

from .self_tests import SELF_TESTS
from .watch import Unsuitable

# Where a message says nothing else.
TIMEOUT_MS = 20_000


def run(imports, rights, freshen, timeout_ms=TIMEOUT_MS):
    """Raises Unsuitable when a forked child hangs, dies or fails."""
    source, target = os.pipe2(os.O_CLOEXEC)
    pid = os.fork()
    if pid == 0:
        os._exit(try_out(imports, rights, freshen, target))
    os.close(target)
    step, is_over = follow(source, timeout_ms / 1000)
    os.close(source)
    if not is_over:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    if step != "done":
        raise Unsuitable(f"A forked child {how(status) if is_over else f'hangs for {timeout_ms} ms'} at: {step}")


def follow(source, timeout_s):
    """Gives the last step that the child told, and whether it came to an end by itself."""
    said, end = b"the fork itself", time.monotonic() + timeout_s
    while True:
        ready, _, _ = select.select([source], [], [], max(end - time.monotonic(), 0))
        more = os.read(source, 65536) if ready else b""
        said += more
        step = said.decode(errors="replace").rpartition("\n")[2]
        if not more or step == "done":
            return step, bool(ready)


def how(status):
    if os.WIFSIGNALED(status):
        return f"dies by {signal.Signals(os.WTERMSIG(status)).name}"
    return "fails"


def try_out(imports, rights, freshen, target):
    """In the child. Each step is told before it is done: the last is what a child that hangs or dies was at."""

    def tell(step):
        os.write(target, f"\n{step}".encode())

    try:
        tell("giving up its rights")
        rights.drop(os.getuid(), os.getgid())
        tell("renewing its generators")
        freshen()
        for module in imports:
            tell(f'import "{module}"')
            importlib.import_module(module)
        for module, test in SELF_TESTS:
            if module in sys.modules:
                tell(f'self-test of "{module}"')
                test(sys.modules[module])
    except BaseException as error:
        traceback.print_exc()
        tell(f"{type(error).__name__}: {error}".replace("\n", " "))
        return 1
    tell("done")
    return 0
