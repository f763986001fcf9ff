"""Teaches the network a piece of a book by heart: /usr/bin/python3 make-weights.py. The same weights each time."""

import sys
from pathlib import Path

import torch

from network import Writer

HERE = Path(__file__).parent
ROUNDS = 220
PIECE = 60

torch.manual_seed(1)
torch.set_num_threads(1)
text = " ".join((HERE.parent.parent / "word-count" / "alice.txt").read_text(encoding="utf-8").split())
characters = "".join(sorted(set(text)))
codes = torch.tensor([characters.index(character) for character in text])
pieces = codes.unfold(0, PIECE + 1, 10)
model = Writer(len(characters))
learner = torch.optim.Adam(model.parameters(), lr=5e-3)
for _round in range(ROUNDS):
    learner.zero_grad()
    guesses, _memory = model(pieces[:, :-1])
    loss = torch.nn.functional.cross_entropy(guesses.flatten(0, 1), pieces[:, 1:].flatten())
    loss.backward()
    learner.step()
if loss.item() > 0.2:
    sys.exit(f"Cannot teach the text: a loss of {loss.item():.2f} is left, at most 0.2 is wanted")
torch.save({"characters": characters, "weights": model.state_dict()}, HERE / "weights.pt")
