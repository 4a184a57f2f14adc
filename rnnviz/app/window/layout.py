"""Where the panels stand: the canvas and the side above, the transport below it, cards at the foot.

Two of Qt's main windows, one within the other, so that every panel can be moved, resized and
folded, and the transport keeps its place between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import final

from PySide6.QtCore import QByteArray, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QDockWidget, QMainWindow, QVBoxLayout, QWidget

from rnnviz.app.window.cards import GRIP, Card, SideCard
from rnnviz.panels.panel import Panel

DOCK_HEIGHT = 212
"""At 900 px; a lower window takes one half of what it lacks from the cards, one from the graph."""
OTHERS = 140
"""Px of the bars and of the transport."""
COVERED = 400
"""Milliseconds after which the window itself is shown."""
SETTLED = 50
"""Milliseconds after which Qt has given the cards that stay the room of those that went."""
STATE = 1
"""The version of the saved layout."""


@final
class Layout(QObject):
    """Arranges the panels of a window.

    Parameters
    ----------
    window : QMainWindow
        The outer window.
    panels : sequence of Panel
        All of them, in the order in which they stand.
    """

    folded_changed = Signal(dict)
    """The panels that are folded: id -> title."""

    def __init__(self, window: QMainWindow, panels: Sequence[Panel]) -> None:
        super().__init__(window)
        self._outer, self._inner = window, QMainWindow()
        self._cards: dict[str, QDockWidget] = {}
        self._panels = {panel.info.id: panel for panel in panels}
        self._hidden_by_zoom: list[str] = []
        self._build()
        self._first = self.save()
        self._silent = False

    def _build(self) -> None:
        self._silent = True
        self._inner.setWindowFlags(Qt.WindowType.Widget)
        self._inner.setObjectName("inner")
        middle = QWidget(self._outer)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._inner, 1)
        self._outer.setCentralWidget(middle)
        for panel in self._of("canvas"):
            self._inner.setCentralWidget(panel)
        options = QMainWindow.DockOption.AllowNestedDocks | QMainWindow.DockOption.AllowTabbedDocks
        for window in (self._outer, self._inner):
            window.setDockOptions(options)
        self._add(self._inner, Qt.DockWidgetArea.RightDockWidgetArea, "side")
        for panel in self._of("transport"):
            column.addWidget(panel)
        self._add(self._outer, Qt.DockWidgetArea.BottomDockWidgetArea, "dock")

    def _add(self, window: QMainWindow, area: Qt.DockWidgetArea, name: str) -> None:
        for panel in self._of(name):
            kind = SideCard if name == "side" else Card
            card: QDockWidget = kind(panel, window)
            way = Qt.Orientation.Vertical if name == "side" else Qt.Orientation.Horizontal
            window.addDockWidget(area, card, way)
            card.setVisible(panel.info.shown)
            card.visibilityChanged.connect(self._tell)
            self._cards[panel.info.id] = card

    def _of(self, area: str) -> list[Panel]:
        return [panel for panel in self._panels.values() if panel.info.area == area]

    def spread(self, anew: bool = False) -> None:
        """Give every card its share of the room; the window has its size already.

        `anew` also shares out the height of the side, which a person may have divided since.
        """
        cards = [self._cards[p.info.id] for p in self._of("dock") if self._is_open(p.info.id)]
        widths = [p.info.width for p in self._of("dock") if self._is_open(p.info.id)]
        lack = max(900 - self._outer.height(), 0) // 2
        high = max(DOCK_HEIGHT - lack, 160)
        if cards:
            self._outer.resizeDocks(cards, widths, Qt.Orientation.Horizontal)
            self._outer.resizeDocks(cards, [high] * len(cards), Qt.Orientation.Vertical)
        side = [self._cards[p.info.id] for p in self._of("side") if self._is_open(p.info.id)]
        if side:
            self._inner.resizeDocks(side, [side_width(self._outer)] * len(side), _ACROSS)
        if anew and len(side) > 1:
            # The inspector's result is to be read; the weights below it can be scrolled.
            room = max(self._outer.height() - high - OTHERS, 100)
            first = min(self._of("side")[0].sizeHint().height() + GRIP, room // 2)
            shares = [first, *[(room - first) // (len(side) - 1)] * (len(side) - 1)]
            self._inner.resizeDocks(side, shares, Qt.Orientation.Vertical)

    def _is_open(self, name: str) -> bool:
        return not self._cards[name].isHidden()

    @property
    def cards(self) -> tuple[QDockWidget, ...]:
        """The docks of all panels that can be folded."""
        return tuple(self._cards.values())

    @property
    def folded(self) -> dict[str, str]:
        """The panels that are folded: id -> title."""
        return {n: c.windowTitle() for n, c in self._cards.items() if c.isHidden()}

    @property
    def names(self) -> dict[str, str]:
        """All panels that can be folded: id -> title."""
        return {name: card.windowTitle() for name, card in self._cards.items()}

    def show_panel(self, name: str, on: bool = True) -> None:
        """Unfold or fold a panel."""
        card = self._cards.get(name)
        if card is None:
            return
        was_hidden = card.isHidden()
        card.setVisible(on)
        if on:
            card.raise_()
            if was_hidden and self._panels[name].info.area == "dock":
                self.spread()

    def show_zoom(self, filled: bool) -> None:
        """Fold the cards at the foot while a cell fills the canvas, and unfold them behind it."""
        if filled and not self._hidden_by_zoom:
            self._hidden_by_zoom = [p.info.id for p in self._of("dock") if self._is_open(p.info.id)]
            for name in self._hidden_by_zoom:
                self._cards[name].hide()
            QTimer.singleShot(SETTLED, self, self._fit_side)
        elif not filled and self._hidden_by_zoom:
            names, self._hidden_by_zoom = self._hidden_by_zoom, []
            for name in names:
                self._cards[name].show()
            self.spread()
            QTimer.singleShot(SETTLED, self, self._fit_side)

    @Slot()
    def _fit_side(self) -> None:
        """Give each card at the side the height that its panel wishes, the last what is left."""
        names = [panel.info.id for panel in self._of("side") if self._is_open(panel.info.id)]
        cards = [self._cards[name] for name in names]
        wishes = [self._panels[name].sizeHint().height() + GRIP for name in names]
        if cards and not any(card.isFloating() for card in cards):
            wishes[-1] = max(self._inner.height() - sum(wishes[:-1]), 1)
            self._inner.resizeDocks(cards, wishes, Qt.Orientation.Vertical)

    def save(self) -> tuple[QByteArray, QByteArray]:
        """The places of all cards, for `restore`."""
        return self._outer.saveState(STATE), self._inner.saveState(STATE)

    def restore(self, outer: QByteArray, inner: QByteArray) -> bool:
        """Put the cards where they were; False if the layout is of another version."""
        done = self._outer.restoreState(outer, STATE) and self._inner.restoreState(inner, STATE)
        # Cards that float are shown before their window, which would cover them.
        QTimer.singleShot(COVERED, self, self._raise_floating)
        return done

    @Slot()
    def _raise_floating(self) -> None:
        for card in self._cards.values():
            if card.isFloating() and card.isVisible():
                card.raise_()

    def reset(self) -> None:
        """Put the cards where they stood at first."""
        self._hidden_by_zoom = []
        self.restore(*self._first)
        for name, card in self._cards.items():
            card.setFloating(False)
            card.setVisible(self._panels[name].info.shown)
        self.spread(anew=True)

    def _tell(self) -> None:
        if not self._silent:
            self.folded_changed.emit(self.folded)


_ACROSS = Qt.Orientation.Horizontal


def side_width(window: QMainWindow) -> int:
    """The width of the side at first."""
    return 328 if window.width() >= 1400 else 292
