"""Names the scene in a PNG or JPEG image with a convolutional network, whose weights lie in this archive (make-weights.py makes them).

Needs torch, torchvision and Pillow (Debian's python3-torch, python3-torchvision and python3-pil).
"""

import base64
import binascii
import io
import os

import torch
import torchvision
from PIL import Image, UnidentifiedImageError

from scenes import prepare

FORMATS = ("PNG", "JPEG")
WEIGHTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "weights.pt")


def load():
    """The network, as its file describes it, and the names of its classes."""
    saved = torch.load(WEIGHTS, map_location="cpu")
    model = getattr(torchvision.models, saved["architecture"])(num_classes=len(saved["classes"]))
    model.load_state_dict(saved["weights"])
    return model.eval(), saved["classes"]


MODEL, CLASSES = load()


def main(args):
    try:
        image = Image.open(io.BytesIO(base64.b64decode(args.get("image", ""), validate=True)), formats=FORMATS)
        pixels = prepare(image)
    except (binascii.Error, TypeError):
        return {"error": "image must be a PNG or JPEG in base64"}
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        return {"error": f"image cannot be read: {type(error).__name__}"}
    with torch.inference_mode():
        shares = MODEL(pixels.unsqueeze(0)).softmax(dim=1)[0]
    best = int(shares.argmax())
    return {"scene": CLASSES[best], "certainty": float(shares[best])}
