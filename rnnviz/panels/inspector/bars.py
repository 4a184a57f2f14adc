"""The terms of a sum as bars from one zero line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
from PySide6.QtCore import QRectF

from rnnviz.engine.rendering import Pieces, plain
from rnnviz.engine.text import number as written
from rnnviz.panels.canvas.cells import draw_term
from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.strokes import filled, framed, hatched
from rnnviz.panels.canvas.text import Run, draw_text, elided, middle, run
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.gestures import Item
from rnnviz.panels.inspector.sheet import Sheet
from rnnviz.panels.texts import translate

ROW = 18.0


@final
@dataclass(frozen=True)
class Bar:
    """One bar.

    Attributes
    ----------
    item : Item
        What it is.
    label : str
        In words.
    value : float
        How long it is.
    hue : str
        The quantity whose colour it takes; "" for a neutral one.
    symbols : tuple of Piece
        What it is in symbols; may be empty.
    before : float or None
        Its value before the last edit.
    digits : int
        Decimals.
    """

    item: Item
    label: str
    value: float
    hue: str = ""
    symbols: Pieces = ()
    before: float | None = None
    digits: int = 2

    @property
    def text(self) -> str:
        """The number as it is written."""
        return written(self.value, self.digits)


@final
@dataclass(frozen=True)
class Bars:
    """Bars one below the other.

    Attributes
    ----------
    bars : tuple of Bar
        From the top down.
    """

    bars: tuple[Bar, ...]

    def height(self, _: float, __: Theme) -> float:
        """A row each."""
        return ROW * len(self.bars)

    def draw(self, sheet: Sheet, box: QRectF) -> None:
        """Draw all bars on one scale."""
        theme = sheet.theme
        label = min(118.0, box.width() * 0.42)
        font = role_font(theme.type.control)
        longest = max(run(b.text, theme.type.control, theme.colours.tx1).width for b in self.bars)
        area = QRectF(
            box.left() + label, box.top(), box.width() - label - longest - 8, box.height()
        )
        values = [v for bar in self.bars for v in (bar.value, bar.before) if v is not None]
        finite = [value for value in values if np.isfinite(value)]
        low, high = min(0.0, *finite, 0.0), max(0.0, *finite, 0.0)
        scale = area.width() / ((high - low) or 1.0)
        zero = area.left() - low * scale
        for place, bar in enumerate(self.bars):
            row = QRectF(box.left(), box.top() + place * ROW, box.width(), ROW)
            self._draw_bar(sheet, bar, row, (zero, scale, label))
            text = Run(bar.text, font, theme.colours.tx1)
            ends = [value for value in (bar.value, bar.before) if value is not None]
            end = zero + max(0.0, *(value * scale for value in ends if np.isfinite(value)), 0.0)
            end += 0 if np.isfinite(bar.value) else 16
            draw_text(sheet.painter, end + 6, middle(font, row.center().y()), text)

    @staticmethod
    def _draw_bar(sheet: Sheet, bar: Bar, row: QRectF, at: tuple[float, float, float]) -> None:
        theme, (zero, scale, label) = sheet.theme, at
        if sheet.hovered == bar.item:
            framed(sheet.painter, row.adjusted(-5, 0, 5, 0), theme.colours.line2, 4)
        name = run(bar.label, theme.type.hint, theme.colours.tx2)
        base = middle(name.font, row.center().y())
        draw_text(sheet.painter, row.left(), base, elided(name, label - 8))
        ink = theme.hue(bar.hue).mark if bar.hue else theme.colours.tx2
        if np.isfinite(bar.value):
            draw_term(sheet.painter, row, zero, bar.value * scale, ink, theme)
        else:
            box = QRectF(zero, row.top() + 3, 12, 12)
            hatched(sheet.painter, box, theme.colours.err, 4)
        if bar.before is not None and np.isfinite(bar.before):
            old = QRectF(zero + bar.before * scale - 1, row.top() + 2, 2, ROW - 4)
            filled(sheet.painter, old, theme.colours.tx3)
        symbols = f"{plain(bar.symbols)} " if bar.symbols else ""
        text = f"{bar.label}: {symbols}= {bar.text}".replace(": =", " =")
        if bar.before is not None:
            was = translate("Inspector", "{text} (was {value})")
            text = was.format(text=text, value=written(bar.before, bar.digits))
        sheet.note(row, bar.item, text)
