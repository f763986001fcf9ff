"""A runtime for tests of container factories: answers POST /run on descriptor 3 by doing what the body asks for."""
import ctypes
import http.server
import json
import os
import socket
import subprocess
import sys
import urllib.request

SENTINEL = "XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX"
libc = ctypes.CDLL(None, use_errno=True)


def evaluate(source):
    """Runs Python source; what it leaves in `result` is the answer."""
    scope = {"os": os, "socket": socket, "subprocess": subprocess, "sys": sys, "libc": libc, "ctypes": ctypes, "urllib": urllib, "json": json, "result": None}
    try:
        exec(source, scope)
        return {"result": scope["result"]}
    except BaseException as error:
        return {"error": f"{type(error).__name__}: {error}", "errno": getattr(error, "errno", None)}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = json.dumps(evaluate(body["python"])).encode()
        for stream in (sys.stdout, sys.stderr):
            if body.get("sentinels", True) and not stream.closed:
                print(SENTINEL, file=stream, flush=True)
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass

    def address_string(self):
        return "unix"


class Server(http.server.ThreadingHTTPServer):
    def __init__(self):
        self.socket = socket.socket(fileno=int(os.environ["WARMWHISK_LISTEN_FD"]))
        self.server_address = self.socket.getsockname()
        http.server.socketserver.BaseServer.__init__(self, self.server_address, Handler)

    def get_request(self):
        connection, _ = self.socket.accept()
        return connection, "unix"


Server().serve_forever()
