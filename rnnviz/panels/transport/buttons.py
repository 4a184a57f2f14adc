"""The buttons of the transport: painted, with a name for screen readers and a ring for the keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias, final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QWidget

from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.icons import draw_icon
from rnnviz.panels.canvas.strokes import brush, filled, focus_ring, framed
from rnnviz.panels.canvas.text import draw_in, run
from rnnviz.panels.canvas.theme import Theme

Sign: TypeAlias = Literal["start", "back", "play", "pause", "on", "end"]
Look: TypeAlias = Callable[[], Theme]

_BY_KEYS = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_Box: TypeAlias = tuple[float, float, float, float]
_BARS: dict[Sign, tuple[_Box, ...]] = {
    "start": ((-6, -6, 2, 12),),
    "end": ((4, -6, 2, 12),),
    "pause": ((-5.4, -6.9, 3.8, 13.8), (1.6, -6.9, 3.8, 13.8)),
}
_TRIANGLES: dict[Sign, tuple[float, float, float]] = {
    "start": (6, -3, 6),
    "back": (4, -5, 6),
    "on": (-4, 5, 6),
    "end": (-6, 3, 6),
    "play": (-3.6, 6.75, 6.9),
}
"""Where the base and the tip of the triangle stand, and half its height, from the middle."""


def _draw_sign(
    painter: QPainter, sign: Sign, middle: QPointF, grown: float, colour: Colour
) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush(colour))
    for x, y, wide, high in _BARS.get(sign, ()):
        corner = middle + QPointF(x, y) * grown
        painter.drawRect(QRectF(corner.x(), corner.y(), wide * grown, high * grown))
    if sign in _TRIANGLES:
        base, tip, half = _TRIANGLES[sign]
        corners = [QPointF(base, -half), QPointF(tip, 0), QPointF(base, half)]
        painter.drawPolygon(QPolygonF([middle + corner * grown for corner in corners]))


class _Painted(QAbstractButton):
    """What the buttons have in common: reached with Tab, and then Space presses them."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.look = look
        self.by_keys = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def call(self, name: str) -> None:
        """Say what the button does."""
        self.setAccessibleName(name)
        self.setToolTip(name)

    def event(self, event: QEvent) -> bool:
        """Keep Space for the button that has the keyboard; elsewhere it plays."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                event.accept()
                return True
        elif isinstance(event, QFocusEvent):
            self.by_keys = event.gotFocus() and event.reason() in _BY_KEYS
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


@final
class SignButton(_Painted):
    """A button with a sign: a small square, or a large disc for play.

    Parameters
    ----------
    sign : str
        What is on it.
    look : callable
        The theme.
    parent : QWidget
        The owner.
    """

    def __init__(self, sign: Sign, look: Look, parent: QWidget) -> None:
        super().__init__(look, parent)
        self.sign: Sign = sign

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the button."""
        theme = self.look()
        paint = theme.colours
        box = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        large = self.sign in ("play", "pause")
        grown = box.height() / (38 if large else 30)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ink = paint.tx1 if self.isEnabled() else paint.line2
            if large:
                ground = paint.tx2 if self.underMouse() and self.isEnabled() else ink
                filled(painter, box, ground, box.height() / 2)
                ink = paint.bg1
            else:
                over = self.isEnabled() and self.underMouse()
                fill = paint.bg3 if over or self.isDown() else paint.bg2
                framed(painter, box, paint.line, 6 * grown, 1, fill)
            _draw_sign(painter, self.sign, box.center(), grown, ink)
            if self.by_keys:
                ring = box.adjusted(1, 1, -1, -1)
                focus_ring(painter, ring, theme, box.height() / 2 if large else 6 * grown)


@final
class SpeedButton(_Painted):
    """One of the speeds, or with the icon of a menu the choice of all.

    Parameters
    ----------
    look : callable
        The theme.
    parent : QWidget
        The owner.
    more : bool
        Whether it opens the menu.
    """

    def __init__(self, look: Look, parent: QWidget, more: bool = False) -> None:
        super().__init__(look, parent)
        self._more = more
        self.setCheckable(True)

    def nextCheckState(self) -> None:
        """Stay as it is: the sight says which speed is chosen."""

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the button."""
        theme = self.look()
        paint, on = theme.colours, self.isChecked()
        box = QRectF(self.rect()).adjusted(1, 2, -1, -2)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if on:
                filled(painter, box, paint.tx1, 4)
            elif self.underMouse():
                filled(painter, box, paint.bg3, 4)
            ink = paint.bg1 if on else paint.tx2
            role = theme.type.control_on if on else theme.type.control
            if self._more:
                room = QRectF(box.right() - 18, box.center().y() - 7, 14, 14)
                if not self.text():
                    room.moveCenter(box.center())
                draw_icon(painter, "chevron-down", room, ink)
                box.setRight(room.left())
            draw_in(painter, box, run(self.text(), role, ink))
            if self.by_keys:
                focus_ring(painter, QRectF(self.rect()).adjusted(4, 4, -4, -4), theme, 4)


def ground(theme: Theme, painter: QPainter, box: QRectF) -> None:
    """The field in which the speeds stand."""
    framed(painter, box, theme.colours.line, theme.radii.field, 1, theme.colours.bg2)
