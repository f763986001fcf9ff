"""Turns a short video gray, or into its edges, with OpenCV (Debian's python3-opencv): base64 AVI in, base64 AVI out."""

import base64
import binascii
import os
import tempfile

import cv2

MOTION_JPEG = cv2.VideoWriter_fourcc(*"MJPG")
EFFECTS = {
    "gray": lambda frame: cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY),
    "edges": lambda frame: cv2.Canny(frame, 80, 160),
}


def main(args):
    effect = args.get("effect", "gray")
    if effect not in EFFECTS:
        return {"error": f"effect is one of {', '.join(EFFECTS)}, not {effect!r}"}
    try:
        video = base64.b64decode(args.get("video", ""), validate=True)
    except (binascii.Error, TypeError):
        return {"error": "video must be in base64"}
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "in.avi"), os.path.join(folder, "out.avi")
        with open(source, "wb") as file:
            file.write(video)
        facts = convert(source, target, EFFECTS[effect])
        if facts is None:
            return {"error": "video cannot be read"}
        with open(target, "rb") as file:
            return {**facts, "video": base64.b64encode(file.read()).decode()}


def convert(source, target, effect):
    """Writes each frame of source, changed by effect, to target; None when it has no frame."""
    reader = cv2.VideoCapture(source)
    writer = None
    brightness = []
    while True:
        is_there, frame = reader.read()
        if not is_there:
            break
        changed = effect(frame)
        if writer is None:
            height, width = changed.shape
            rate = reader.get(cv2.CAP_PROP_FPS)
            writer = cv2.VideoWriter(target, MOTION_JPEG, rate, (width, height), isColor=False)
        writer.write(changed)
        brightness.append(float(changed.mean()))
    reader.release()
    if writer is None:
        return None
    writer.release()
    mean = sum(brightness) / len(brightness)
    return {"frames": len(brightness), "width": width, "height": height, "rate": rate, "brightness": mean}
