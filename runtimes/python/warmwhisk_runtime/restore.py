"""What a forked child does to become the runtime of a container (C34): it moves in, drops what the template may do, and is made unique."""

import _signal  # The functions of `signal` itself write to ten times the pages, for the sake of enumerations.
import json
import os
import resource
import socket
import time

from . import kernel

# In the order of the descriptors of a message.
NAMESPACES = (
    ("pid", kernel.CLONE_NEWPID),
    ("mnt", kernel.CLONE_NEWNS),
    ("cgroup", kernel.CLONE_NEWCGROUP),
    ("uts", kernel.CLONE_NEWUTS),
    ("ipc", kernel.CLONE_NEWIPC),
    ("net", kernel.CLONE_NEWNET),
)
STREAMS = ("stdout", "stderr", "listener", "report")
_FIRST_FREE = 4  # Behind stdio and the listener, which is descriptor 3 as in a started runtime.
_LAST = 2**31 - 1


class Place:
    """Where to restore to, and as what: a message and its descriptors."""

    def __init__(self, message, descriptors):
        named = len(NAMESPACES) + len(STREAMS)
        if len(descriptors) != named + message["groups"]:
            raise ValueError(f"{len(descriptors)} descriptors came, {named} and {message['groups']} groups are wanted")
        self.id = message["id"]
        self.directory = message["directory"]
        self.env = message["env"]
        confinement = message["confinement"]
        self.uid, self.gid, self.open_files = (confinement[name] for name in ("uid", "gid", "openFiles"))
        self.descriptors = descriptors
        self.namespaces = descriptors[: len(NAMESPACES)]
        self.stdout, self.stderr, self.listener, self.report = descriptors[len(NAMESPACES) : named]
        self.groups = descriptors[named:]

    def close(self):
        for descriptor in self.descriptors:
            os.close(descriptor)


class Rights:
    """What a process of a container has not: prepared once, dropped in each child."""

    def __init__(self):
        self._capabilities = kernel.Capabilities()
        self.filter = None

    def drop(self, uid, gid):
        """A template runs as the user of its children, so that the middle part is for others; whatever it cannot do it raises."""
        self._capabilities.close_ways()
        if os.getgroups():
            os.setgroups([])
        if os.getresgid() != (gid, gid, gid):
            os.setresgid(gid, gid, gid)
        if os.getresuid() != (uid, uid, uid):
            os.setresuid(uid, uid, uid)
        self._capabilities.drop()
        kernel.refuse_new_privileges()
        if self.filter is not None:
            self.filter.install()
        kernel.allow_reading_itself()


def become(place, rights, freshen, threads, begun):
    """
    Turns this process, which was just forked, into the runtime of its container; gives the listening socket. Whatever fails is
    told on `report` and ends the process: no half-way confined one goes on.
    """
    try:
        marks = [("fork", begun, begun := time.perf_counter())]
        for name, step in (
            ("groups", lambda: join_groups(place)),
            ("namespaces", lambda: join_namespaces(place)),
            ("drop", lambda: settle(place, rights)),
            ("freshen", freshen),
        ):
            step()
            marks.append((name, begun, begun := time.perf_counter()))
        ms = {name: round((end - start) * 1000, 3) for name, start, end in marks}
        answer = {"ready": True, "ms": ms}
        listener = socket.socket(fileno=3)
        os.write(place.report, json.dumps(answer).encode() + b"\n")
        os.close(place.report)
        threads()  # Takes a while, and nobody waits for it yet.
        return listener
    except BaseException as error:
        try:
            os.write(place.report, json.dumps({"failed": f"{type(error).__name__}: {error}"}).encode() + b"\n")
        finally:
            os._exit(1)


def join_groups(place):
    """Before anything else, so that the container and not the template is charged for pages that are copied."""
    for descriptor in place.groups:
        os.write(descriptor, b"0")


def join_namespaces(place):
    """All but that of processes, which it was born in."""
    for descriptor, (_, kind) in zip(place.namespaces[1:], NAMESPACES[1:]):
        kernel.setns(descriptor, kind)


def settle(place, rights):
    """Session, limits, streams, environment; and from there on no more rights than any process of the container."""
    _signal.set_wakeup_fd(-1)
    _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)
    os.setsid()
    os.umask(0o022)
    resource.setrlimit(resource.RLIMIT_NOFILE, (place.open_files, place.open_files))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.chdir(place.directory)
    take_descriptors(place)
    for name in list(os.environ):
        del os.environ[name]
    for name, value in place.env.items():
        if name != "WARMWHISK_LISTEN_FD":
            os.environ[name] = value
    rights.drop(place.uid, place.gid)


def take_descriptors(place):
    """stdin, stdout, stderr and the listener; nothing else of the template's or of the message's is left but the report."""
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    os.dup2(place.stdout, 1)
    os.dup2(place.stderr, 2)
    os.dup2(place.listener, 3, inheritable=False)
    os.closerange(_FIRST_FREE, place.report)
    os.closerange(place.report + 1, _LAST)
