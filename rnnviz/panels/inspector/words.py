"""A sentence in the inspector, wrapped at its width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

from PySide6.QtCore import QRectF

from rnnviz.panels.canvas.fonts import sans
from rnnviz.panels.canvas.strokes import filled
from rnnviz.panels.canvas.text import Line, Run, draw_in, draw_line, elided, run, wrapped
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.inspector.items import ButtonItem
from rnnviz.panels.inspector.sheet import Sheet


@final
@dataclass(frozen=True)
class Words:
    """A text.

    Attributes
    ----------
    text : str
        Plain text.
    large : bool
        Whether it is what is said, rather than a remark.
    """

    text: str
    large: bool = False

    def _lines(self, wide: float, theme: Theme) -> list[Line]:
        colours = theme.colours
        part = Run(self.text, sans(16, 500), colours.tx1)
        if not self.large:
            part = run(self.text, theme.type.hint, colours.tx2)
        lines = wrapped([part], wide)
        return [tuple(elided(one, wide) for one in line) for line in lines]

    def height(self, wide: float, theme: Theme) -> float:
        """As many lines as there is need of."""
        return len(self._lines(wide, theme)) * (24 if self.large else 17) + 2

    def draw(self, sheet: Sheet, box: QRectF) -> None:
        """Draw the lines."""
        y = box.top() + (17 if self.large else 12)
        for line in self._lines(box.width(), sheet.theme):
            draw_line(sheet.painter, box.left(), y, line)
            y += 24 if self.large else 17


@final
@dataclass(frozen=True)
class Title:
    """The name of a section, with a remark at its right."""

    text: str
    remark: str = ""

    def height(self, _: float, __: Theme) -> float:
        """One line."""
        return 26.0

    def draw(self, sheet: Sheet, box: QRectF) -> None:
        """Draw both."""
        colours, y = sheet.theme.colours, box.top() + 14
        remark = run(self.remark, sheet.theme.type.hint, colours.tx3)
        remark = elided(remark, box.width() / 2)
        draw_line(sheet.painter, box.right(), y, (remark,), "end")
        title = Run(self.text, sans(14, 600), colours.tx1)
        draw_line(sheet.painter, box.left(), y, (elided(title, box.width() - remark.width - 10),))


@final
@dataclass(frozen=True)
class Button:
    """A button over the whole width.

    Attributes
    ----------
    text : str
        What stands on it.
    item : ButtonItem
        Which it is.
    """

    text: str
    item: ButtonItem

    def height(self, _: float, __: Theme) -> float:
        """As a primary button."""
        return 32.0

    def draw(self, sheet: Sheet, box: QRectF) -> None:
        """Draw it filled with the text's colour."""
        theme = sheet.theme
        ground = theme.colours.tx2 if sheet.hovered == self.item else theme.colours.tx1
        filled(sheet.painter, box, ground, theme.radii.field)
        words = run(self.text, theme.type.panel, theme.colours.bg1)
        draw_in(sheet.painter, box.adjusted(8, 0, -8, 0), words)
        sheet.note(box, self.item, self.text)
