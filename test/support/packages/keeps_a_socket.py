import socket

pair = socket.socketpair()
