"""Static layers: what does not change from frame to frame is painted once, at the device ratio."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from math import ceil

from PySide6.QtCore import QPointF, QSizeF, Qt
from PySide6.QtGui import QPaintEngine, QPainter, QPixmap

_RASTER = QPaintEngine.Type.Raster
Paint = Callable[[QPainter], None]


class StaticLayer:
    """A picture that is painted again only when its key, its size or the monitor changes."""

    def __init__(self) -> None:
        self._seen: Hashable = None
        self._pixmap = QPixmap()

    def draw(self, painter: QPainter, size: QSizeF, key: Hashable, paint: Paint) -> bool:
        """Draw the layer at the painter's origin; give whether it had to be painted.

        Parameters
        ----------
        painter : QPainter
            On a widget, an image or a printer.
        size : QSizeF
            The size of the layer in px.
        key : hashable
            All that the picture depends on.
        paint : callable
            Paints it, with antialiasing on, at the origin.
        """
        if painter.paintEngine().type() is not _RASTER:
            paint(painter)  # an SVG or a PDF takes the lines themselves
            return True
        ratio = painter.device().devicePixelRatio() * painter.worldTransform().m11()
        wanted = (size.width(), size.height(), ratio, key)
        fresh = wanted != self._seen
        if fresh:
            self._pixmap = _painted(size, ratio, paint)
            self._seen = wanted
        painter.drawPixmap(QPointF(0, 0), self._pixmap)
        return fresh

    def forget(self) -> None:
        """Paint anew at the next draw."""
        self._seen = None
        self._pixmap = QPixmap()


def _painted(size: QSizeF, ratio: float, paint: Paint) -> QPixmap:
    pixmap = QPixmap(max(ceil(size.width() * ratio), 1), max(ceil(size.height() * ratio), 1))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as inner:
        inner.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(inner)
    return pixmap
