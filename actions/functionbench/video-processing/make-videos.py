"""Makes the video of the cases, with OpenCV: /usr/bin/python3 make-videos.py. It is committed, so that nobody need run it."""

from pathlib import Path

import cv2
import numpy

HERE = Path(__file__).parent / "videos"
WIDTH, HEIGHT, FRAMES = 96, 64, 12


def frame(number):
    """A yellow ball that rolls over green, below a sky."""
    picture = numpy.zeros((HEIGHT, WIDTH, 3), numpy.uint8)
    picture[:44] = (230, 170, 110)
    picture[44:] = (60, 130, 50)
    cv2.circle(picture, (8 + number * 7, 36), 8, (60, 220, 250), -1)
    return picture


HERE.mkdir(exist_ok=True)
writer = cv2.VideoWriter(str(HERE / "ball.avi"), cv2.VideoWriter_fourcc(*"MJPG"), 12.0, (WIDTH, HEIGHT))
for number in range(FRAMES):
    writer.write(frame(number))
writer.release()
