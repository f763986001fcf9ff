"""Edits a PNG or JPEG image step by step with Pillow (Debian's python3-pil): base64 in, base64 out."""

import base64
import binascii
import io

from PIL import Image, ImageFilter, ImageOps, ImageStat, UnidentifiedImageError

FORMATS = ("PNG", "JPEG")
STEPS = {
    "flip": ImageOps.flip,
    "mirror": ImageOps.mirror,
    "turn": lambda image: image.transpose(Image.Transpose.ROTATE_90),
    "blur": lambda image: image.filter(ImageFilter.BLUR),
    "contour": lambda image: image.filter(ImageFilter.CONTOUR),
    "sharpen": lambda image: image.filter(ImageFilter.SHARPEN),
    "gray": ImageOps.grayscale,
    "half": lambda image: image.resize((max(1, image.width // 2), max(1, image.height // 2))),
}


def main(args):
    steps = args.get("steps", ["gray"])
    unknown = [step for step in steps if step not in STEPS]
    if unknown:
        return {"error": f"steps are {', '.join(STEPS)}, not {unknown[0]!r}"}
    try:
        image = Image.open(io.BytesIO(base64.b64decode(args.get("image", ""), validate=True)), formats=FORMATS)
        image_format = image.format
        for step in steps:
            image = STEPS[step](image)
    except (binascii.Error, TypeError):
        return {"error": "image must be a PNG or JPEG in base64"}
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        return {"error": f"image cannot be read: {type(error).__name__}"}
    out = io.BytesIO()
    image.save(out, format=image_format)
    return {
        "format": image_format,
        "mode": image.mode,
        "width": image.width,
        "height": image.height,
        "brightness": ImageStat.Stat(image.convert("L")).mean[0],
        "image": base64.b64encode(out.getvalue()).decode(),
    }
