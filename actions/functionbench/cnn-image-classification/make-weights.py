"""Teaches a ShuffleNet to tell painted scenes apart: /usr/bin/python3 make-weights.py. The same weights each time.

It takes a few seconds. With --images it also paints the images of the cases, which are committed.
"""

import random
import sys
from pathlib import Path

import torch
import torchvision
from PIL import Image, ImageDraw

from scenes import SIDE, prepare

HERE = Path(__file__).parent
ARCHITECTURE = "shufflenet_v2_x0_5"
ROUNDS = 4
# Colours above and below the horizon, and of what stands there.
SCENES = {
    "sea": ((140, 190, 235), (20, 80, 160), (230, 235, 240)),
    "forest": ((150, 190, 220), (40, 90, 40), (20, 60, 25)),
    "desert": ((180, 205, 235), (220, 180, 110), (190, 140, 80)),
    "night": ((15, 15, 45), (25, 30, 35), (240, 230, 160)),
}


def paint(scene, chance):
    """A scene with a horizon, some things on it, and colours that are never quite the same."""
    above, below, things = (
        tuple(max(0, min(255, part + chance.randint(-25, 25))) for part in colour) for colour in SCENES[scene]
    )
    image = Image.new("RGB", (SIDE, SIDE), above)
    brush = ImageDraw.Draw(image)
    horizon = chance.randint(SIDE * 3 // 8, SIDE * 5 // 8)
    brush.rectangle([0, horizon, SIDE, SIDE], fill=below)
    for _thing in range(chance.randint(4, 9)):
        x, size = chance.randrange(SIDE), chance.randint(3, 10)
        y = chance.randrange(horizon) if scene == "night" else chance.randint(horizon, SIDE)
        brush.polygon([(x - size, y), (x + size, y), (x, y - 2 * size)], fill=things)
    return image


def examples(number, chance):
    classes = list(SCENES)
    painted = [prepare(paint(classes[index % len(classes)], chance)) for index in range(number)]
    return torch.stack(painted), torch.arange(number) % len(classes)


def teach(model, pixels, answers):
    learner = torch.optim.Adam(model.parameters(), lr=2e-3)
    model.train()
    for _round in range(ROUNDS):
        for some in torch.randperm(len(pixels)).split(32):
            learner.zero_grad()
            torch.nn.functional.cross_entropy(model(pixels[some]), answers[some]).backward()
            learner.step()
    settle(model, pixels)


def settle(model, pixels):
    """Lets the normalising layers measure anew what is usual, now that the filters before them change no more."""
    for layer in model.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.momentum = None
            layer.reset_running_stats()
    with torch.no_grad():
        for some in pixels.split(32):
            model(some)
    model.eval()


torch.manual_seed(1)
torch.set_num_threads(1)
model = getattr(torchvision.models, ARCHITECTURE)(num_classes=len(SCENES))
teach(model, *examples(320, random.Random(1)))
pixels, answers = examples(80, random.Random(2))
with torch.no_grad():
    right = (model(pixels).argmax(dim=1) == answers).float().mean().item()
if right < 0.9:
    sys.exit(f"Cannot teach {ARCHITECTURE}: it names {right:.0%} of scenes that it has never seen, at least 90% are wanted")
saved = {"architecture": ARCHITECTURE, "classes": list(SCENES), "weights": model.state_dict()}
torch.save(saved, HERE / "weights.pt")
if "--images" in sys.argv:
    for name in SCENES:
        paint(name, random.Random(f"case {name}")).save(HERE / "images" / f"{name}.jpg", quality=85)
