"""Presenting: the graph, one panel and the transport, large enough for the last row of a room."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, final

from PySide6.QtCore import QRect, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent, QShortcut
from PySide6.QtWidgets import QWidget

from rnnviz.app.window.cards import PresentCard
from rnnviz.app.window.menus import Command
from rnnviz.app.window.stage import Stage
from rnnviz.panels import PANELS
from rnnviz.panels.canvas.colour import qcolor
from rnnviz.panels.canvas.theme import theme
from rnnviz.panels.panel import Panel
from rnnviz.session.session import Session

FIRST_LOOK = "light"
"""Rooms are lit, and a projector shows dark pictures badly."""

CARDS = ("highway", "gates", "gradient", "losses")
HEIGHT = 720
"""Px of height for which all sizes are made; on a larger screen everything is larger."""
LEAST_WIDTH = 960
"""Of such a screen, that has the shape of the oldest projectors."""
TRANSPORT, HEAD = 118, 88
CARD, CARD_SHARE = 420, 0.36
"""Px of a card, and how much of a narrow screen it may take."""
MARGIN = 28
Run: TypeAlias = Callable[[str, object], object]
_OTHER = {"dark": "light", "light": "dark"}


@final
class PresentWindow(QWidget):
    """Shows the session of a Lab to a room; it has its own theme and its own choice of a panel.

    Parameters
    ----------
    session : Session
        What is shown; both windows follow it.
    run_ : callable
        `(command, argument)`: does what its panels and keys wish for.
    motion : bool
        Whether things may move by themselves.
    """

    left = Signal()
    """The reader goes back to the Lab."""

    def __init__(self, session: Session, run_: Run, motion: bool = True) -> None:
        super().__init__()
        self._do = run_
        self.stage = Stage(session, theme(FIRST_LOOK), self)
        self.stage.change(present=True, motion=motion)
        self.setWindowTitle(self.tr("rnnviz, presenting"))
        self.setObjectName("present")
        self._blank = False
        made = {kind.info.id: kind for kind in PANELS}
        self.panels: dict[str, Panel] = {}
        self.cards: list[PresentCard] = []
        for name in ("graph", "transport", *CARDS):
            if name in made:
                self.panels[name] = made[name](self.stage.sight, self)
                self.stage.add(self.panels[name])
        for name in CARDS:
            if name in self.panels:
                self.cards.append(PresentCard(self.panels[name], self))
        self._shown: int | None = None
        self._connect()
        self.show_card(0)

    def _connect(self) -> None:
        self.stage.sight_changed.connect(lambda *_: self.update())
        self.stage.command_requested.connect(self._run)
        keys: dict[str, Command] = {
            "Esc": lambda _: self.leave(),
            "T": lambda _: self.show_look(_OTHER[self.stage.sight.theme.name]),
            "B": lambda _: self.show_blank(not self._blank),
            ".": lambda _: self.show_blank(not self._blank),  # what some remote controls send
            "Z": lambda _: self._zoom(3 if self.stage.sight.zoom != 3 else 2),
            "0": lambda _: self.show_card(None),
        }
        for number in range(len(self.cards)):
            keys[str(number + 1)] = lambda _, n=number: self.show_card(n)  # type: ignore[misc]
        commands = {
            "Space": "play",
            "Right": "next_step",
            "Left": "previous_step",
            "Shift+Right": "next_operation",
            "Shift+Left": "previous_operation",
            "PgDown": "next_step",
            "PgUp": "previous_step",
            "Home": "go_to_start",
            "End": "go_to_end",
            "Ctrl+Z": "undo",
        }
        for text, name in commands.items():
            keys[text] = lambda _, n=name: self._run(n, None)  # type: ignore[misc]
        for text, command in keys.items():
            shortcut = QShortcut(QKeySequence(text), self)
            shortcut.activated.connect(lambda c=command: c(None))

    def _run(self, name: str, argument: object) -> None:
        if name == "zoom" and isinstance(argument, int):
            self._zoom(argument)
        elif name == "show_panel":
            shown = [n for n, card in enumerate(self.cards) if card.panel.info.id == argument]
            if shown and shown[0] != self._shown:
                self.show_card(shown[0])
        else:
            self._do(name, argument)

    def _zoom(self, level: int) -> None:
        """Show all cells folded, or one over the whole canvas; there is nothing between."""
        self.stage.change(zoom=3 if level >= 3 else 2)
        self._place()

    def show_card(self, number: int | None) -> None:
        """Show one of the panels beside the graph; the same again, or None, shows none."""
        self._shown = None if number == self._shown else number
        self._place()

    def show_look(self, name: str) -> None:
        """Show other colours."""
        self.stage.change(theme=theme(name))

    def show_blank(self, blank: bool) -> None:
        """Show nothing, so that the room looks at the teacher."""
        self._blank = blank
        self._place()

    def leave(self) -> None:
        """Go back to the Lab."""
        self.close()

    def _place(self) -> None:
        """Give everything its place; the larger the screen, the larger are all things."""
        wide, high = self.width(), self.height()
        scale = max(min(high / HEIGHT, wide / LEAST_WIDTH), 1.0)
        if scale != self.stage.sight.scale:
            self.stage.change(scale=scale)
        foot, margin = high - round(TRANSPORT * scale), round(MARGIN * scale)
        side = 0
        for number, card in enumerate(self.cards):
            shown = number == self._shown and self.stage.sight.zoom != 3 and not self._blank
            card.setVisible(shown)
            if shown:
                side = min(round(CARD * scale), round(wide * CARD_SHARE))
                top = round(HEAD * scale)
                low = foot - round(20 * scale)
                card.setGeometry(wide - margin - side, top, side, low - top)
                side += margin
        boxes = {"graph": (0, 0, wide, foot), "transport": (0, foot, wide, high - foot)}
        for name, box in boxes.items():
            if name in self.panels:
                self.panels[name].setGeometry(*box)
                self.panels[name].setVisible(not self._blank)
        if "graph" in self.panels:
            self.panels["graph"].setContentsMargins(0, 0, side, 0)
            self.panels["graph"].update()

    # ------------------------------------------------------------------------------ Qt's own

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the ground."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), qcolor(self.stage.sight.theme.colours.bg0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give everything its place."""
        super().resizeEvent(event)
        self._place()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell the Lab."""
        self.left.emit()
        super().closeEvent(event)


def on_screen_of(window: QWidget) -> QRect:
    """The screen that a window is to fill: a projector if there is one, else its own."""
    others = [screen for screen in window.screen().virtualSiblings() if screen != window.screen()]
    return (others[0] if others else window.screen()).geometry()
