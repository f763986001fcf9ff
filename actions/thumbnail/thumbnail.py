"""Makes a small copy of a PNG or JPEG image: base64 in, base64 out. Needs Pillow (Debian's python3-pil)."""

import base64
import binascii
import io

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG")


def main(args):
    side = args.get("side", 64)
    if isinstance(side, bool) or not isinstance(side, int) or not 1 <= side <= 1024:
        return {"error": f"side must be a whole number from 1 to 1024, not {side!r}"}
    try:
        source = Image.open(io.BytesIO(base64.b64decode(args.get("image", ""), validate=True)), formats=FORMATS)
        thumbnail = shrink(source, side)
    except (binascii.Error, TypeError):
        return {"error": "image must be a PNG or JPEG in base64"}
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        return {"error": f"image cannot be read: {type(error).__name__}"}
    out = io.BytesIO()
    thumbnail.save(out, format=source.format)
    return {
        "format": source.format,
        "width": thumbnail.width,
        "height": thumbnail.height,
        "image": base64.b64encode(out.getvalue()).decode(),
    }


def shrink(source, side):
    """A copy that fits into a square of the given side, upright as a camera meant it."""
    upright = ImageOps.exif_transpose(source)
    upright.thumbnail((side, side))
    return upright
