"""Sees what a module does, when it is imported, that does not survive a fork."""

import os
import sys
import time

# A thread that is about to end may end.
_PATIENCE_S = 0.1


class Unsuitable(Exception):
    """What is imported cannot be in an image; the text says why."""


class Watch:
    """Compares the process with what it was when this was made."""

    def __init__(self):
        self._files = open_files()
        self._shared = shared_memory()

    def check(self, module):
        """Raises Unsuitable when importing `module` has left something behind that children would lack, or share."""
        threads = lasting_threads()
        if threads:
            raise Unsuitable(f'"{module}" starts threads when it is imported: {", ".join(threads)}')
        if has_children():
            raise Unsuitable(f'"{module}" starts a process when it is imported')
        files = {number: name for number, name in open_files().items() if self._files.get(number) != name}
        if files:
            raise Unsuitable(f'"{module}" keeps open when it is imported: {", ".join(sorted(files.values()))}')
        shared = shared_memory() - self._shared
        if shared:
            raise Unsuitable(f'"{module}" maps memory that its children would share: {", ".join(sorted(shared))}')


def lasting_threads():
    """Names of the threads beside the first one."""
    end = time.monotonic() + _PATIENCE_S
    while True:
        threads = [task for task in os.listdir("/proc/self/task") if int(task) != os.getpid()]
        if not threads or time.monotonic() > end:
            return [thread_name(task) for task in threads]
        time.sleep(0.005)


def thread_name(task):
    threading = sys.modules.get("threading")
    for thread in threading.enumerate() if threading else ():
        if str(thread.native_id) == task:
            return thread.name
    try:
        with open(f"/proc/self/task/{task}/comm", encoding="utf-8", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return task


def open_files():
    files = {}
    for number in os.listdir("/proc/self/fd"):
        try:
            files[number] = os.readlink(f"/proc/self/fd/{number}")
        except OSError:
            pass  # That was the directory itself.
    return files


def shared_memory():
    """Mappings that stay one and the same in parent and children."""
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as maps:
        fields = [line.split(None, 5) for line in maps]
    return {(entry[5].strip() if len(entry) > 5 else entry[0]) for entry in fields if entry[1][1] == "w" and entry[1][3] == "s"}


def has_children():
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True
