"""A label whose text is left out in its middle where there is no room for all of it."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from rnnviz.panels.texts import tip_text


@final
class ElidedLabel(QLabel):
    """Shows plain text on one line in whatever width it gets; the tip says what is left out.

    Parameters
    ----------
    least : int
        The smallest width in px.
    parent : QWidget, optional
        The owner.
    """

    def __init__(self, least: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least = least
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    @property
    def shown(self) -> str:
        """What can be read."""
        way = Qt.TextElideMode.ElideMiddle
        line = self.text().replace("\n", " ")
        return self.fontMetrics().elidedText(line, way, self.width())

    # ------------------------------------------------------------------------------ Qt's own

    def minimumSizeHint(self) -> QSize:
        """As high as the text, and no wider than it has to be."""
        return QSize(self._least, super().minimumSizeHint().height())

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw what there is room for."""
        shown = self.shown
        left_out = tip_text(self.text()) if shown != self.text() else ""
        if self.toolTip() != left_out:
            self.setToolTip(left_out)
        with QPainter(self) as painter:
            way = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            self.style().drawItemText(
                painter,
                self.rect(),
                way.value,
                self.palette(),
                self.isEnabled(),
                shown,
                self.foregroundRole(),
            )
