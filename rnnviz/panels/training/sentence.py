"""One sentence on one line, elided where there is no room; the whole of it is in its tip."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from rnnviz.panels.canvas.text import draw_in, run
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.texts import tip_text

HIGH = 18


@final
class Sentence(QWidget):
    """Says something.

    Parameters
    ----------
    theme : Theme
        The colours at first.
    parent : QWidget, optional
        The owner.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._text, self._wrong = theme, "", False
        self.setMinimumWidth(40)
        self.setFixedHeight(HIGH)

    @property
    def text(self) -> str:
        """What it says."""
        return self._text

    def say(self, text: str, wrong: bool, theme: Theme) -> None:
        """Say something else."""
        self._theme, self._text, self._wrong = theme, text, wrong
        self.setToolTip(tip_text(text))
        self.setAccessibleName(text)
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(200, HIGH)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the words."""
        colours = self._theme.colours
        ink = colours.err if self._wrong else colours.tx2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            line = run(self._text, self._theme.type.hint, ink)
            draw_in(painter, QRectF(self.rect()), line, "start")
