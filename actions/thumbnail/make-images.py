"""Makes the images of the cases, with Pillow: python3 make-images.py. They are committed, so that nobody need run it."""

from pathlib import Path

from PIL import Image, ImageDraw

HERE = Path(__file__).parent / "images"


def landscape():
    """Sky, hills and a sun: smooth enough for JPEG, with edges to get wrong."""
    image = Image.new("RGB", (320, 200))
    draw = ImageDraw.Draw(image)
    for y in range(200):
        draw.line([(0, y), (319, y)], fill=(90 + y // 3, 150 + y // 4, 230 - y // 5))
    draw.ellipse([240, 20, 285, 65], fill=(255, 220, 90))
    draw.polygon([(0, 200), (0, 140), (90, 90), (190, 160), (260, 110), (320, 150), (320, 200)], fill=(50, 110, 60))
    return image


def badge():
    """A disc on nothing: transparency must survive."""
    image = Image.new("RGBA", (128, 256), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse([8, 72, 120, 184], fill=(200, 40, 60, 255))
    return image


def sideways():
    """A landscape whose camera was held upright: its orientation (6) says to turn it."""
    exif = Image.Exif()
    exif[0x0112] = 6
    landscape().save(HERE / "sideways.jpg", quality=60, exif=exif)


HERE.mkdir(exist_ok=True)
landscape().save(HERE / "landscape.jpg", quality=60)
badge().save(HERE / "badge.png", optimize=True)
sideways()
