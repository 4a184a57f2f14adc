"""The head of the inspector: the badge and name of what is inspected, its step and unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from PySide6.QtCore import QRectF

from rnnviz.panels.canvas.fonts import sans
from rnnviz.panels.canvas.icons import draw_icon
from rnnviz.panels.canvas.labels import draw_badge
from rnnviz.panels.canvas.text import Run, draw_text, elided, middle
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.inspector.items import ButtonItem
from rnnviz.panels.inspector.sheet import Sheet
from rnnviz.panels.texts import translate

HIGH = 34.0


@final
@dataclass(frozen=True)
class Head:
    """The first line.

    Attributes
    ----------
    letter : str
        The quantity on the badge; "" for none.
    name : str
        In words.
    place : str
        Such as `t = 3 · unit 6`.
    pinned : bool or None
        Whether it stays when something else is selected; None where nothing can be pinned.
    """

    letter: str
    name: str
    place: str
    pinned: bool | None = None

    def height(self, _: float, __: Theme) -> float:
        """As in the design."""
        return HIGH

    def draw(self, sheet: Sheet, box: QRectF) -> None:
        """Draw badge, name and place."""
        theme, painter = sheet.theme, sheet.painter
        y, x = box.top() + 14, box.left()
        if self.letter:
            draw_badge(painter, QRectF(x - 0.5, y - 9.5, 19, 19), self.letter, theme)
            x += 26
        place = Run(self.place, sans(12.5, 500), theme.colours.tx2)
        wide = min(place.width, (box.right() - x) * 0.6)
        place = elided(place, wide)
        draw_text(painter, box.right(), middle(place.font, y), place, "end")
        name = Run(self.name, sans(14, 600), theme.colours.tx1)
        short = elided(name, max(box.right() - x - wide - 10 - 22, 10))
        end = draw_text(painter, x, middle(name.font, y), short)
        if self.pinned is not None:
            self._draw_pin(sheet, QRectF(end + 7, y - 7, 14, 14), self.pinned)

    @staticmethod
    def _draw_pin(sheet: Sheet, box: QRectF, pinned: bool) -> None:
        """The pin is seen while it is in, or while the mouse is over something."""
        item, colours = ButtonItem("pin"), sheet.theme.colours
        if pinned or sheet.hovered is not None:
            over = sheet.hovered == item
            ink = colours.tx1 if pinned or over else colours.tx3
            draw_icon(sheet.painter, "pin-off" if pinned and over else "pin", box, ink)
        text = (
            translate("Inspector", "Pinned: click to follow the selection again")
            if pinned
            else translate("Inspector", "Pin: stay here when something else is selected")
        )
        sheet.note(box, item, text)
