"""The buttons at both ends of the transport: where they stand, and what they are in a sight."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, final

from PySide6.QtCore import QObject, QPoint, QRectF, Qt
from PySide6.QtWidgets import QMenu, QWidget

from rnnviz.panels.sight import Sight
from rnnviz.panels.transport.buttons import Look, Sign, SignButton, SpeedButton
from rnnviz.session.playhead import SPEEDS

OFFERED = (0.5, 1.0, 2.0)
SPEED_FROM = 600
"""Narrower panels leave out the speeds, and then the buttons at the ends."""
ENDS_FROM = 430
SEGMENT = 38
Run: TypeAlias = Callable[[str, object], None]


@final
class Bar(QObject):
    """Makes the buttons as children of a panel and keeps them up to date.

    Parameters
    ----------
    panel : QWidget
        In which they stand.
    look : callable
        The theme.
    run : callable
        `(command, argument)`: what a button wishes.
    """

    def __init__(self, panel: QWidget, look: Look, run: Run) -> None:
        super().__init__(panel)
        self._panel, self._run = panel, run
        self._present, self._speed, self._scale = False, 1.0, 1.0
        self._buttons = self._made_buttons(look)
        self._speeds = self._made_speeds(look)

    def _made_buttons(self, look: Look) -> dict[str, SignButton]:
        made: dict[str, SignButton] = {}
        signs: tuple[tuple[str, Sign, str], ...] = (
            ("go_to_start", "start", self.tr("To the start")),
            ("previous_operation", "back", self.tr("Previous operation")),
            ("play", "play", self.tr("Play")),
            ("next_operation", "on", self.tr("Next operation")),
            ("go_to_end", "end", self.tr("To the end")),
        )
        for command, sign, name in signs:
            button = made[command] = SignButton(sign, look, self._panel)
            button.setObjectName(command)
            button.call(name)
            button.clicked.connect(lambda _=False, c=command: self._run(c, None))
            button.setAutoRepeat(sign in ("back", "on"))
        return made

    def _made_speeds(self, look: Look) -> tuple[SpeedButton, ...]:
        made = []
        for speed in OFFERED:
            button = SpeedButton(look, self._panel)
            button.setText(f"{speed:g}×")
            button.call(self.tr("Speed {speed}").format(speed=button.text()))
            button.clicked.connect(lambda _=False, s=speed: self._run("set_speed", s))
            made.append(button)
        more = SpeedButton(look, self._panel, more=True)
        more.call(self.tr("More speeds"))
        more.clicked.connect(self._offer_speeds)
        return (*made, more)

    def _offer_speeds(self) -> None:
        menu = QMenu(self._panel)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for speed in SPEEDS:
            action = menu.addAction(f"{speed:g}×")
            action.setCheckable(True)
            action.setChecked(speed == self._speed)
            action.triggered.connect(lambda _=False, s=speed: self._run("set_speed", s))
        more, size = self._speeds[-1], menu.sizeHint()
        corner = more.mapToGlobal(more.rect().topRight())
        menu.popup(corner - QPoint(size.width(), size.height()))

    def show_sight(self, sight: Sight) -> None:
        """Show whether the clock runs, and how fast."""
        self._present, self._speed = sight.present, sight.speed
        self._scale = sight.scale if sight.present else 1.0
        play = self._buttons["play"]
        play.sign = "pause" if sight.playing else "play"
        play.call(self.tr("Pause") if sight.playing else self.tr("Play"))
        for button in self._buttons.values():
            button.setEnabled(sight.story.steps > 0)
            button.update()
        for speed_button, speed in zip(self._speeds, OFFERED, strict=False):
            speed_button.setChecked(speed == sight.speed)
        more, other = self._speeds[-1], sight.speed not in OFFERED
        more.setChecked(other)
        more.setText(f"{sight.speed:g}×" if other else "")
        self.place()

    def place(self) -> None:
        """Put every button where it belongs at the panel's size."""
        grown = (1.65 if self._present else 1.0) * self._scale
        wide, middle = self._panel.width(), self._panel.height() / 2
        left = round((23 if self._present else 14) * self._scale)
        for name, button in self._buttons.items():
            shown = wide >= ENDS_FROM or name not in ("go_to_start", "go_to_end")
            button.setVisible(shown)
            if shown:
                side = round((38 if name == "play" else 30) * grown)
                # Around the drawing there is room for the ring of the keyboard.
                button.setGeometry(left - 4, round(middle - side / 2) - 4, side + 8, side + 8)
                left += side + round(6 * grown)
        field = self.field
        for number, segment in enumerate(self._speeds):
            segment.setVisible(not field.isEmpty())
            x = round(field.left()) + number * SEGMENT + 1
            last = number == len(self._speeds) - 1
            room = round(field.right()) - x if last else SEGMENT
            segment.setGeometry(x, round(field.top()), room, 26)

    @property
    def field(self) -> QRectF:
        """Where the speeds stand; empty where there is no room, and when presenting."""
        if self._present or self._panel.width() < SPEED_FROM:
            return QRectF()
        wide = 3 * SEGMENT + (26 if self._speed in OFFERED else 54)
        return QRectF(self._panel.width() - 14 - wide, self._panel.height() / 2 - 13, wide, 26)

    @property
    def edges(self) -> tuple[float, float]:
        """The room for the scrubber between the buttons, in the units of the drawing."""
        last = [b for b in self._buttons.values() if not b.isHidden()][-1]
        left = last.geometry().right() / self._scale + (36 if self._present else 16)
        field = self.field
        right = self._panel.width() / self._scale - (40 if self._present else 20)
        return left, right if field.isEmpty() else field.left() - 22
