"""The tip: a value beside what the mouse is over; it takes no clicks and covers no column."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from rnnviz.panels.canvas.labels import draw_tip
from rnnviz.panels.canvas.text import Line
from rnnviz.panels.canvas.theme import Theme

GAP = 8


@final
class Tip(QWidget):
    """The one tip of a window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._line: Line = ()
        self._theme: Theme | None = None
        self._grown = 1.0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(part.text for part in self._line)

    def show_beside(self, area: QRect, line: Line, theme: Theme, grown: float = 1.0) -> None:
        """Say something beside an area of the window: above it, or where there is room.

        `grown` is how much larger than in the Lab it is written.
        """
        self._line, self._theme, room = line, theme, self._window.rect()
        plain = round(sum(part.width for part in line)) + 24
        self._grown = max(min(grown, room.width() / plain), 1.0)
        wide = round(plain * self._grown)
        self.resize(QSize(wide, round(28 * self._grown)))
        x = area.right() + GAP
        if x + wide > room.right():
            x = max(area.left() - GAP - wide, room.left())
        y = area.top() - self.height() - 2
        if y < room.top():
            y = area.bottom() + GAP
        self.move(x, max(room.top(), min(y, room.bottom() - self.height())))
        self.raise_()
        self.show()
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the words."""
        if self._theme is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(self._grown, self._grown)
            draw_tip(painter, 0, 0, self._line, self._theme)


def tip_of(widget: QWidget) -> Tip:
    """The tip of the window that a widget is in; made when it is first needed."""
    window = widget.window()
    found = window.findChild(Tip, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return found if isinstance(found, Tip) else Tip(window)
