"""Goes on with a text, character by character, with a recurrent network whose weights lie in this archive.

make-weights.py makes them. Needs torch (Debian's python3-torch).
"""

import os

import torch

from network import Writer

MOST = 2000
WEIGHTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "weights.pt")


def load():
    saved = torch.load(WEIGHTS, map_location="cpu")
    model = Writer(len(saved["characters"]))
    model.load_state_dict(saved["weights"])
    return model.eval(), saved["characters"]


MODEL, CHARACTERS = load()
CODES = {character: code for code, character in enumerate(CHARACTERS)}


def main(args):
    start, length, freedom = args.get("start", ""), args.get("length", 40), args.get("freedom", 0)
    unknown = [character for character in start if character not in CODES]
    if not start or unknown:
        return {"error": f"start must be a text of the characters {CHARACTERS.strip()}, not {start!r}"}
    if isinstance(length, bool) or not isinstance(length, int) or not 1 <= length <= MOST:
        return {"error": f"length must be a whole number from 1 to {MOST}, not {length!r}"}
    chance = torch.Generator().manual_seed(args.get("seed", 1))
    return {"text": start + write(start, length, choose=lambda guesses: pick(guesses, freedom, chance))}


def write(start, length, choose):
    """What follows start."""
    written = ""
    with torch.inference_mode():
        codes, memory = torch.tensor([[CODES[character] for character in start]]), None
        for _character in range(length):
            guesses, memory = MODEL(codes, memory)
            code = choose(guesses[0, -1])
            written += CHARACTERS[code]
            codes = torch.tensor([[code]])
    return written


def pick(guesses, freedom, chance):
    """The likeliest code, or with some freedom any, likelier ones more often."""
    if freedom <= 0:
        return int(guesses.argmax())
    return int(torch.multinomial((guesses / freedom).softmax(dim=0), 1, generator=chance))
