"""Answers each connection with the address that it comes from, on every address of its network namespace."""
import socket

server = socket.create_server(("", 7000), reuse_port=True)
print("listening", flush=True)
while True:
    connection, (address, _) = server.accept()
    connection.sendall(address.encode())
    connection.close()
