"""The head of the inspector: the badge and name of what is inspected, its step and unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from PySide6.QtCore import QRectF

from rnnviz.panels.canvas.fonts import sans
from rnnviz.panels.canvas.labels import draw_badge
from rnnviz.panels.canvas.text import Run, draw_text, elided, middle
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.inspector.sheet import Sheet

HIGH = 36.0


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
    """

    letter: str
    name: str
    place: str

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
        short = elided(name, max(box.right() - x - wide - 10, 10))
        draw_text(painter, x, middle(name.font, y), short)
