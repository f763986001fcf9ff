"""HTTP/1.1 on the control socket: as much of it as an invoker speaks, by hand, since every warm run pays for it."""

import os
import re
import select

MAX_HEAD_BYTES = 16 * 1024
# 48 MB of code in base64, and its envelope.
MAX_BODY_BYTES = 80 * 1024 * 1024

_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n", re.IGNORECASE)
_REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 411: "Length Required"}


class Refused(Exception):
    """A request that cannot be read; its connection is of no more use."""

    def __init__(self, status, reason):
        super().__init__(reason)
        self.status = status


class Connection:
    """One client: its socket, and what came of a request that follows the current one."""

    def __init__(self, sock):
        self.sock = sock
        self.rest = b""

    def read_request(self):
        """Gives (path, body) of the next request, or None when the client has gone."""
        head, end = self.rest, self.rest.find(b"\r\n\r\n")
        while end < 0:
            if len(head) > MAX_HEAD_BYTES:
                raise Refused(400, "The head of the request is too long.")
            more = self.sock.recv(65536)
            if not more:
                return None
            head += more
            end = head.find(b"\r\n\r\n")
        words = head[: head.find(b"\r\n")].split(b" ")
        if len(words) != 3 or words[0] != b"POST" or not words[2].startswith(b"HTTP/1."):
            raise Refused(400, "Bad request.")
        found = _CONTENT_LENGTH.search(head, 0, end + 4)
        if found is None:
            raise Refused(411, "The request has no Content-Length.")
        length = int(found.group(1))
        if length > MAX_BODY_BYTES:
            raise Refused(400, f"The request is longer than allowed: {length} > {MAX_BODY_BYTES} bytes.")
        start = end + 4
        self.rest = head[start + length :]
        body = head[start : start + length]
        return words[1], body if len(body) == length else self._read_body(body, length)

    def _read_body(self, begun, length):
        body = bytearray(length)
        body[: len(begun)] = begun
        view, filled = memoryview(body), len(begun)
        while filled < length:
            count = self.sock.recv_into(view[filled:])
            if count == 0:
                raise ConnectionError("The client left in the middle of a request.")
            filled += count
        view.release()
        return body

    def respond(self, status, body):
        head = (
            f"HTTP/1.1 {status} {_REASONS.get(status, 'Error')}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self.sock.sendall(head.encode() + body)


class Server:
    """Answers requests one after the other, on any number of connections. `answer(path, body)` gives (status, bytes)."""

    def __init__(self, listener, answer):
        self._listener = listener
        self._answer = answer
        self._connections = {}

    def serve(self):
        """Never returns; ends with what user code raises to exit, or when the process dies."""
        self._poll = select.poll()
        self._poll.register(self._listener, select.POLLIN)
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor in self._connections:
                    self._serve_connection(descriptor)
                else:
                    self._accept()

    def close(self):
        """Closes the control socket and every connection; after it the process answers nobody."""
        self._answer = None
        for connection in self._connections.values():
            connection.sock.close()
        self._listener.close()

    def _accept(self):
        sock, _ = self._listener.accept()
        self._connections[sock.fileno()] = Connection(sock)
        self._poll.register(sock, select.POLLIN)

    def _serve_connection(self, descriptor):
        connection = self._connections[descriptor]
        try:
            request = connection.read_request()
            while request is not None:
                status, answer = self._answer(*request)
                if self._answer is None:
                    os._exit(0)  # User code forked and the child came back here: it is not the runtime.
                connection.respond(status, answer)
                if not connection.rest:
                    return
                request = connection.read_request()
        except Refused as refused:
            connection.respond(refused.status, b'{"error": "%s"}' % str(refused).encode())
        except OSError:
            pass  # The client left; what it asked for has been done or can no longer be.
        del self._connections[descriptor]
        self._poll.unregister(descriptor)
        connection.sock.close()
