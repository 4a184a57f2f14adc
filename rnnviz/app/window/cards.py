"""Cards: the docks in which panels stand, with a title that can be dragged and folded away."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QDockWidget, QVBoxLayout, QWidget

from rnnviz.panels.canvas.colour import qcolor
from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.hit import hit_area
from rnnviz.panels.canvas.icons import draw_icon
from rnnviz.panels.canvas.strokes import brush, dot, pen
from rnnviz.panels.canvas.text import draw_text, elided, middle, run
from rnnviz.panels.panel import Panel

TITLE = 32
INSET = 4
"""Px between a card and the edge of its dock."""
FOLD = 14
GRIP = 8
PRESENT_TITLE = 58


@final
class Card(QDockWidget):
    """A dock that holds one panel; its own title takes the place of Qt's.

    Parameters
    ----------
    panel : Panel
        What it holds.
    parent : QWidget
        The window.
    """

    def __init__(self, panel: Panel, parent: QWidget) -> None:
        super().__init__(panel.caption, parent)
        self.panel = panel
        self.setObjectName(f"card-{panel.info.id}")
        self.setAllowedAreas(Qt.DockWidgetArea.AllDockWidgetAreas)
        self.setTitleBarWidget(CardTitle(self))
        self.setWidget(_Frame(panel, self))


@final
class PresentCard(QWidget):
    """A card with large letters for one panel; it cannot be moved.

    Parameters
    ----------
    panel : Panel
        What it holds.
    parent : QWidget
        The window.
    """

    def __init__(self, panel: Panel, parent: QWidget) -> None:
        super().__init__(parent)
        self.panel = panel
        panel.caption_changed.connect(self.update)
        self._layout = QVBoxLayout(self)
        self._layout.addWidget(panel)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the card, its title and its legend."""
        sight = self.panel.sight
        theme, role, scale = sight.theme, sight.theme.type.panel, sight.scale
        box = QRectF(self.rect())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(box, qcolor(theme.colours.bg0))
            _half(painter, box, self.panel)
            painter.save()
            painter.scale(scale, scale)
            base = middle(role_font(role, present=True), PRESENT_TITLE / 2 + 2)
            title = run(self.panel.caption, role, theme.colours.tx1, present=True)
            end = scale * draw_text(painter, 22, base, elided(title, box.width() / scale - 44))
            painter.restore()
            if self.panel.legend is not None:
                left, right = end + 16 * scale, box.width() - 22 * scale
                room = QRectF(left, 4, right - left, PRESENT_TITLE * scale - 4)
                self.panel.legend(painter, room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the panel the room below the title."""
        super().resizeEvent(event)
        scale = self.panel.sight.scale
        side = round(8 * scale)
        self._layout.setContentsMargins(side, round(PRESENT_TITLE * scale), side, side)


@final
class SideCard(QDockWidget):
    """A dock at the side: the panel draws its own head, so there is only a grip above it.

    Parameters
    ----------
    panel : Panel
        What it holds.
    parent : QWidget
        The window.
    """

    def __init__(self, panel: Panel, parent: QWidget) -> None:
        super().__init__(panel.info.caption, parent)
        self.setObjectName(f"card-{panel.info.id}")
        self.setTitleBarWidget(_Grip(panel, self))
        self.setWidget(panel)


@final
class _Grip(QWidget):
    """A thin bar by which a side panel is moved; its dots appear under the mouse."""

    def __init__(self, panel: Panel, parent: QWidget) -> None:
        super().__init__(parent)
        self._panel = panel
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.SizeAllCursor)

    def sizeHint(self) -> QSize:
        """A thin bar."""
        return QSize(80, GRIP)

    def minimumSizeHint(self) -> QSize:
        """As the hint of its size."""
        return self.sizeHint()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the ground, and under the mouse three dots."""
        colours = self._panel.sight.theme.colours
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), qcolor(colours.bg1))
            if self.underMouse():
                for x in (-8, 0, 8):
                    dot(painter, (self.width() / 2 + x, GRIP / 2), 1.5, colours.tx3)


@final
class CardTitle(QWidget):
    """The upper part of a card: name, legend, and a button that folds it."""

    def __init__(self, card: Card) -> None:
        super().__init__(card)
        self._card = card
        self._over = False
        self.setMouseTracking(True)
        self.setAccessibleName(card.panel.caption)
        card.panel.caption_changed.connect(self._show_caption)

    @property
    def _fold(self) -> QRectF:
        return QRectF(self.width() - INSET - 12 - FOLD, (TITLE - FOLD) / 2 + 1, FOLD, FOLD)

    def sizeHint(self) -> QSize:
        """As high as a title, and as narrow as its dock wishes."""
        return QSize(80, TITLE)

    def minimumSizeHint(self) -> QSize:
        """As the hint of its size."""
        return self.sizeHint()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the upper part of the card."""
        panel = self._card.panel
        theme = panel.sight.theme
        box = QRectF(self.rect())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(box, qcolor(theme.colours.bg0))
            _half(painter, box.adjusted(INSET, 0, -INSET, 12), panel)
            title = run(panel.caption, theme.type.panel, theme.colours.tx1)
            base = middle(role_font(theme.type.panel), TITLE / 2 + 2)
            right = self.width() - INSET - 12 - (FOLD + 4 if self._over else 0)
            name = elided(title, right - INSET - 14)
            end = draw_text(painter, INSET + 14, base, name)
            if panel.legend is not None:
                panel.legend(painter, QRectF(end + 12, 2, right - end - 12, TITLE - 2))
            if self._over:
                draw_icon(painter, "chevron-down", self._fold, theme.colours.tx2)

    def _show_caption(self) -> None:
        self.setAccessibleName(self._card.panel.caption)
        self._card.setWindowTitle(self._card.panel.caption)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the button; a drag is the dock's."""
        self._set_over(True)
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Fold the card when its button is clicked."""
        if hit_area(self._fold).contains(event.position()):
            self._card.close()
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Let the dock begin its drag, except on the button."""
        if not hit_area(self._fold).contains(event.position()):
            event.ignore()

    def leaveEvent(self, _: object) -> None:
        """Hide the button."""
        self._set_over(False)

    def _set_over(self, over: bool) -> None:
        if over != self._over:
            self._over = over
            self.update()


@final
class _Frame(QWidget):
    """The lower part of a card, around the panel."""

    def __init__(self, panel: Panel, parent: QWidget) -> None:
        super().__init__(parent)
        self._panel = panel
        layout = QVBoxLayout(self)
        layout.setContentsMargins(INSET + 2, 0, INSET + 2, INSET + 6)
        layout.addWidget(panel)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the lower part of the card."""
        box = QRectF(self.rect())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(box, qcolor(self._panel.sight.theme.colours.bg0))
            _half(painter, box.adjusted(INSET, -12, -INSET, -INSET), self._panel)


def _half(painter: QPainter, box: QRectF, panel: Panel) -> None:
    """A card of which a part lies outside the widget."""
    theme = panel.sight.theme
    path = QPainterPath()
    radius = theme.radii.panel
    path.addRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.setPen(pen(theme.colours.line))
    painter.setBrush(brush(theme.colours.bg1))
    painter.drawPath(path)
