"""Icons: small drawings of lines, painted in any colour and sharp at any scale."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from rnnviz.document.resources import resource
from rnnviz.engine.errors import UnknownError
from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.theme import Theme

STROKE = 1.75
"""In units of the drawing, which is 24 wide: 1.2 px at 16 px, as thin as the text beside it."""


@lru_cache(maxsize=1)
def icon_names() -> tuple[str, ...]:
    """The names of all icons, in order."""
    return tuple(sorted(file.stem for file in resource("icons").glob("*.svg")))


@lru_cache(maxsize=256)
def _renderer(name: str, colour: Colour) -> QSvgRenderer:
    if name not in icon_names():
        raise UnknownError("icon", name, icon_names())
    text = resource("icons", f"{name}.svg").read_text("utf-8")
    tinted = text.replace("currentColor", colour.hex)
    thin = tinted.replace('stroke-width="2"', f'stroke-width="{STROKE}"')
    return QSvgRenderer(QByteArray(thin.encode()))


def draw_icon(painter: QPainter, name: str, box: QRectF, colour: Colour) -> None:
    """Draw an icon into a square box.

    Raises
    ------
    UnknownError
        When there is no icon of that name.
    """
    _renderer(name, colour).render(painter, box)


@lru_cache(maxsize=512)
def icon_pixmap(name: str, colour: Colour, px: int = 16, ratio: float = 1.0) -> QPixmap:
    """An icon of `px` by `px`, with `ratio` device pixels each; shared, so never change it."""
    side = round(px * ratio)
    pixmap = QPixmap(side, side)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        draw_icon(painter, name, QRectF(0, 0, px, px), colour)
    return pixmap


def icon(name: str, theme: Theme, px: int = 16) -> QIcon:
    """An icon for a button, in the text's colour, greyed when the button is disabled.

    It holds the drawing at 1, 1.5, 2 and 3 device pixels, so that it stays sharp on every monitor.
    """
    made = QIcon()
    modes = {QIcon.Mode.Normal: theme.colours.tx1, QIcon.Mode.Disabled: theme.colours.line2}
    for mode, colour in modes.items():
        for ratio in (1.0, 1.5, 2.0, 3.0):
            made.addPixmap(icon_pixmap(name, colour, px, ratio), mode)
    return made
