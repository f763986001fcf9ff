"""How an image becomes what the network sees: the same when it learns as when it is asked."""

from torchvision.transforms import functional

SIDE = 96


def prepare(image):
    """The middle of an image as a tensor of 3 colours by SIDE by SIDE, around 0."""
    whole = functional.center_crop(functional.resize(image.convert("RGB"), SIDE), SIDE)
    return functional.normalize(functional.to_tensor(whole), [0.5] * 3, [0.25] * 3)
