"""Encrypts a message with the AES of this archive, and decrypts it again."""

from aes import counter_mode

KEYS = (16, 24, 32)


def main(args):
    try:
        key, counter = bytes.fromhex(args.get("key", "")), bytes.fromhex(args.get("counter", ""))
        message = bytes.fromhex(args["hex"]) if "hex" in args else args.get("text", "").encode()
    except (ValueError, TypeError, AttributeError):
        return {"error": "key, counter and hex must be hexadecimal digits, text must be a string"}
    if len(key) not in KEYS or len(counter) != 16:
        return {"error": f"a key has 16, 24 or 32 bytes and a counter 16, not {len(key)} and {len(counter)}"}
    secret = counter_mode(key, counter, message)
    return {"encrypted": secret.hex(), "isReadable": counter_mode(key, counter, secret) == message}
