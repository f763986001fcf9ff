"""Takes more memory than any limit."""

eaten = []
while True:
    eaten.append(bytearray(b"x") * (1 << 24))
