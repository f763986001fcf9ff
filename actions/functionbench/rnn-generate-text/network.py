"""The network that writes: the same when it learns as when it is asked."""

import torch


class Writer(torch.nn.Module):
    """Guesses of each character of a text which one follows."""

    def __init__(self, characters, width=96):
        super().__init__()
        self.see = torch.nn.Embedding(characters, 24)
        self.remember = torch.nn.GRU(24, width, batch_first=True)
        self.guess = torch.nn.Linear(width, characters)

    def forward(self, codes, memory=None):
        seen, memory = self.remember(self.see(codes), memory)
        return self.guess(seen), memory
