"""The template process: takes requests on its control socket, one JSON text a line, and forks children that are restored (C33)."""

import base64
import json
import os
import select
import signal
import socket
import sys
import time
import traceback

from . import build, freshen, kernel, smoke, threads
from .disguise import forget
from .restore import Place, Rights, become

# What a message may carry: ten descriptors of a place, and control groups.
_MAX_DESCRIPTORS = 64
_OURS = ("build", "disguise", "freshen", "huge_pages", "kernel", "restore", "self_tests", "smoke", "template", "threads", "watch")


class Control:
    """The socket to the invoker: lines of JSON, with descriptors attached to those that need them."""

    def __init__(self, descriptor):
        self._socket = socket.socket(fileno=descriptor)
        self._socket.set_inheritable(False)
        self._rest = b""
        self._descriptors = []

    def fileno(self):
        return self._socket.fileno()

    def read(self):
        """Gives (message, descriptors), or None when the invoker has gone."""
        while b"\n" not in self._rest:
            size = socket.CMSG_SPACE(_MAX_DESCRIPTORS * 4)
            try:
                more, ancillary, _, _ = self._socket.recvmsg(1 << 18, size, socket.MSG_CMSG_CLOEXEC)
            except ConnectionError:
                return None
            if not more:
                return None
            self._rest += more
            for _, _, data in ancillary:
                self._descriptors += memoryview(data).cast("i").tolist()
        line, _, self._rest = self._rest.partition(b"\n")
        descriptors, self._descriptors = self._descriptors, []
        return json.loads(line), descriptors

    def has_more(self):
        """Whether a message has come with the last one."""
        return b"\n" in self._rest

    def leave(self):
        """In a child: the descriptor is about to be another's, and not to be closed by this one's end."""
        self._socket.detach()

    def write(self, message):
        self._socket.sendall(json.dumps(message).encode() + b"\n")


class Template:
    """
    A parked interpreter. It has one thread and no sockets but its control channel, never runs user code, and leaves at once when the
    invoker does; its children live on.
    """

    def __init__(self, descriptor):
        self._control = Control(descriptor)
        self._rights = Rights()
        self._freshen = None
        self._threads = None
        self._own_processes = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
        self._pid = os.getpid()
        self._woken, wake = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        signal.set_wakeup_fd(wake)
        self._imports = ()

    def wait(self):
        """Serves the control socket for ever. Returns in a restored child, and gives its listening socket there."""
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(self._woken, select.POLLIN)
        while True:
            for descriptor, _ in poll.poll():
                if descriptor == self._woken:
                    self._reap()
                    continue
                listener = self._serve()
                while listener is None and self._control.has_more():
                    listener = self._serve()
                if listener is not None:
                    return listener

    def _serve(self):
        request = self._control.read()
        if request is None or request[0].get("do") == "end":
            os._exit(0)
        message, descriptors = request
        task = message.get("do")
        try:
            if task == "restore":
                return self._restore(Place(message, descriptors))
            self._control.write(self._do(task, message))
        except build.Unsuitable as error:
            self._control.write({"unsuitable": str(error)})
        except Exception as error:
            traceback.print_exc()
            self._control.write({"id": message.get("id"), "failed": f"{type(error).__name__}: {error}"})
        return None

    def _do(self, task, message):
        if task == "build":
            return {"built": self._build(message["imports"])}
        if task == "confine":
            self._rights.filter = kernel.Filter(base64.b64decode(message["seccomp"], validate=True))
            return {"confined": True}
        if task == "smoke":
            smoke.run(self._imports, self._rights, self._freshen, message.get("timeoutMs", smoke.TIMEOUT_MS))
            return {"smoke": "ok"}
        raise ValueError(f'"{task}" is nothing that a template does')

    def _build(self, imports):
        built = build.build(imports, self._control.write)
        self._imports = imports
        self._freshen = freshen.prepare(self._pid)
        self._threads = threads.prepare()
        forget(_OURS)
        build.park()
        signal.signal(signal.SIGCHLD, ignore)
        return built | build.sizes()

    def _restore(self, place):
        """Children are born in the container's PID namespace, so that one fork is enough."""
        begun = time.perf_counter()
        try:
            if self._freshen is None:
                raise ValueError("there is no image yet")
            pid = self._fork(place.namespaces[0])
        except Exception as error:
            place.close()
            self._control.write({"id": place.id, "failed": f"{type(error).__name__}: {error}"})
            return None
        if pid == 0:
            self._control.leave()
            return become(place, self._rights, self._freshen, self._threads, begun)
        self._control.write({"id": place.id, "pid": pid})
        place.close()
        return None

    def _fork(self, processes):
        kernel.setns(processes, kernel.CLONE_NEWPID)
        pid = None
        try:
            pid = os.fork()
            return pid
        finally:
            if pid != 0:
                self._come_back()

    def _come_back(self):
        try:
            kernel.setns(self._own_processes, kernel.CLONE_NEWPID)
        except OSError:
            traceback.print_exc()
            os._exit(1)  # The next child would be born in this container.

    def _reap(self):
        """A container is gone only when its last process is reaped: at once, therefore."""
        try:
            os.read(self._woken, 4096)
        except BlockingIOError:
            pass
        for pid, status in ended_children():
            self._control.write({"ended": pid, "status": status})


def ended_children():
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        yield pid, status


def ignore(*_):
    """The signal only wakes the loop: to ignore it would leave nothing to reap."""
