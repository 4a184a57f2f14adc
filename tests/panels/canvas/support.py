"""A sheet of paper to draw on and to look at: which pixels of it were touched."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from rnnviz.panels.canvas.colour import Colour

PAPER = Colour(255, 0, 255)
"""A colour that no theme holds."""
Pixels = npt.NDArray[np.uint8]
Draw = Callable[[QPainter], object]


def drawn(draw: Draw, width: int = 240, height: int = 120, ratio: int = 1) -> Pixels:
    """What `draw` painted, shape [row, column, 3], on paper of the colour `PAPER`."""
    image = QImage(width * ratio, height * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(PAPER.word)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw(painter)
    shape = (height * ratio, width * ratio, 4)
    return np.frombuffer(image.constBits(), np.uint8).reshape(shape)[..., 2::-1].copy()


def touched(pixels: Pixels) -> npt.NDArray[np.bool_]:
    """Which pixels are no longer paper."""
    return np.asarray((pixels != np.array(PAPER, np.uint8)).any(axis=-1))


def extent(pixels: Pixels, ratio: int = 1) -> QRectF:
    """The box of all touched pixels, in px; empty when there are none."""
    rows, columns = np.nonzero(touched(pixels))
    if not len(rows):
        return QRectF()
    left, top = columns.min() / ratio, rows.min() / ratio
    return QRectF(left, top, (columns.max() + 1) / ratio - left, (rows.max() + 1) / ratio - top)


def holds(pixels: Pixels, colour: Colour) -> bool:
    """Whether any pixel has exactly this colour."""
    return bool((pixels == np.array(colour, np.uint8)).all(axis=-1).any())


def at(pixels: Pixels, x: float, y: float, ratio: int = 1) -> Colour:
    """The colour of the pixel at a place in px."""
    return Colour(*pixels[int(y * ratio), int(x * ratio)].tolist())
