"""AES (FIPS 197) in counter mode (SP 800-38A) in plain Python: to give an interpreter work, not to keep secrets, since its time tells of the key."""


def _double(byte):
    """Times x in the field of 256 elements."""
    return (byte << 1) ^ (0x11B if byte & 0x80 else 0)


def _boxes():
    """The substitution box, from powers of the generator 3 and their inverses."""
    box = [0] * 256
    power, inverse = 1, 1
    while True:
        power ^= _double(power)
        for shift in (1, 2, 4):
            inverse ^= inverse << shift
        inverse &= 0xFF
        if inverse & 0x80:
            inverse ^= 0x09
        spread = inverse | inverse << 8
        box[power] = (spread ^ spread >> 4 ^ spread >> 5 ^ spread >> 6 ^ spread >> 7) & 0xFF ^ 0x63
        if power == 1:
            break
    box[0] = 0x63
    return box


BOX = _boxes()
DOUBLE = [_double(byte) for byte in range(256)]
# Where each byte of the state comes from when its rows are shifted.
SHIFTED = [(column + row) % 4 * 4 + row for column in range(4) for row in range(4)]


def expand(key):
    """The round keys of a key of 16, 24 or 32 bytes, each a list of 16 bytes."""
    words = [list(key[at : at + 4]) for at in range(0, len(key), 4)]
    length = len(words)
    constant = 1
    for index in range(length, 4 * (length + 7)):
        word = words[-1]
        if index % length == 0:
            word = [BOX[byte] for byte in word[1:] + word[:1]]
            word[0] ^= constant
            constant = _double(constant)
        elif length > 6 and index % length == 4:
            word = [BOX[byte] for byte in word]
        words.append([left ^ right for left, right in zip(words[-length], word)])
    return [sum(words[at : at + 4], []) for at in range(0, len(words), 4)]


def encrypt_block(block, keys):
    """One block of 16 bytes under expanded keys."""
    state = [byte ^ key for byte, key in zip(block, keys[0])]
    for number, round_key in enumerate(keys[1:], 1):
        state = [BOX[state[at]] for at in SHIFTED]
        if number < len(keys) - 1:
            state = _mix(state)
        state = [byte ^ key for byte, key in zip(state, round_key)]
    return bytes(state)


def _mix(state):
    mixed = []
    for at in range(0, 16, 4):
        column = state[at : at + 4]
        all_four = column[0] ^ column[1] ^ column[2] ^ column[3]
        mixed += [column[row] ^ all_four ^ DOUBLE[column[row] ^ column[(row + 1) % 4]] for row in range(4)]
    return mixed


def counter_mode(key, counter, data):
    """Encrypts or decrypts, which is the same; counter is the first block's, 16 bytes."""
    keys = expand(key)
    number = int.from_bytes(counter, "big")
    out = bytearray()
    for at in range(0, len(data), 16):
        pad = encrypt_block((number % 2**128).to_bytes(16, "big"), keys)
        out += bytes(byte ^ mask for byte, mask in zip(data[at : at + 16], pad))
        number += 1
    return bytes(out)
