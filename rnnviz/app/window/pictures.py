"""Pictures of panels and of the window: PNG at twice the size, SVG, PDF, and the steps as a GIF."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPoint, QSize, QSizeF
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter, QRegion
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from rnnviz.document.errors import FileError
from rnnviz.document.storage.writing import write_atomically

KINDS = {".png": "PNG", ".svg": "SVG", ".pdf": "PDF"}
SCALE = 2
"""Pixels a point in a PNG."""
FRAME_MS = 900
MOST_FRAMES = 400
"""Moments of a GIF; of a longer story the first are drawn."""
_ALL = QWidget.RenderFlag.DrawWindowBackground | QWidget.RenderFlag.DrawChildren


def save_picture(widget: QWidget, path: Path) -> None:
    """Draw a widget into a file, of the kind that its name ends in.

    Raises
    ------
    FileError
        The name has another ending, or the file cannot be written; an old file is then as it was.
    """
    draw = {".png": _png, ".svg": _svg, ".pdf": _pdf}.get(path.suffix.lower())
    if draw is None:
        expected = ", ".join(KINDS)
        raise FileError(path, f"its name should end in one of {expected}")
    write_atomically(path, draw(widget))


def save_steps(widget: QWidget, path: Path, moments: Iterable[Callable[[], None]]) -> int:
    """Draw a widget at one moment after the other into a GIF; gives the number of frames.

    Parameters
    ----------
    moments : iterable of callable
        Each brings the widget to the next moment.
    """
    from PIL import Image

    frames = []
    for show in moments:
        show()
        image = _image(widget, 1).convertToFormat(QImage.Format.Format_RGB888)
        wide, high = image.width(), image.height()
        data = bytes(image.constBits())
        frame = Image.frombytes("RGB", (wide, high), data, "raw", "RGB", image.bytesPerLine())
        frames.append(frame.quantize(256, dither=Image.Dither.NONE))
        if len(frames) == MOST_FRAMES:
            break
    if not frames:
        raise FileError(path, "there is no step to draw")
    buffer = BytesIO()
    frames[0].save(
        buffer, "GIF", save_all=True, append_images=frames[1:], duration=FRAME_MS, loop=0
    )
    write_atomically(path, buffer.getvalue())
    return len(frames)


def _image(widget: QWidget, scale: float) -> QImage:
    """The widget in so many pixels a point, whatever its monitor has."""
    size = widget.size() * scale
    image = QImage(size, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    with QPainter(image) as painter:
        widget.render(painter, QPoint(), QRegion(), _ALL)
    return image


def _png(widget: QWidget) -> bytes:
    # The stubs ask for bytes, which the method itself refuses.
    return _bytes_of(lambda device: _image(widget, SCALE).save(device, "PNG"))  # type: ignore[call-overload]


def _svg(widget: QWidget) -> bytes:
    def draw(device: QIODevice) -> None:
        generator = QSvgGenerator()
        generator.setOutputDevice(device)
        generator.setSize(widget.size())
        generator.setViewBox(widget.rect())
        with QPainter(generator) as painter:
            widget.render(painter, QPoint(), QRegion(), _ALL)

    return _bytes_of(draw)


def _pdf(widget: QWidget) -> bytes:
    def draw(device: QIODevice) -> None:
        writer = QPdfWriter(device)
        size: QSize = widget.size()
        points = QSizeF(size.width() * 0.75, size.height() * 0.75)
        writer.setPageSize(QPageSize(points, QPageSize.Unit.Point))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0))
        writer.setResolution(96)
        with QPainter(writer) as painter:
            widget.render(painter, QPoint(), QRegion(), _ALL)

    return _bytes_of(draw)


def _bytes_of(draw: Callable[[QIODevice], object]) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    draw(buffer)
    buffer.close()
    return bytes(buffer.data().data())
