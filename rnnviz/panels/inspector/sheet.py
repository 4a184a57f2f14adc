"""The sheet on which the inspector is written: a painter, what is where, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.engine.rendering import MINUS
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.strokes import hairlines
from rnnviz.panels.canvas.text import ELLIPSIS, Line, Run, width
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.gestures import Item


@final
@dataclass(frozen=True, eq=False)
class Sheet:
    """What a block draws on.

    Attributes
    ----------
    painter : QPainter
        Of the panel.
    hits : HitMap
        What is where.
    texts : dict
        What each item says.
    theme : Theme
        The colours.
    hovered : Item or None
        What the mouse is over.
    """

    painter: QPainter
    hits: HitMap[Item]
    texts: dict[Item, str]
    theme: Theme
    hovered: Item | None = None

    def note(self, box: QRectF, item: Item, text: str) -> None:
        """Say what is drawn in a box."""
        self.hits.add(box, item)
        self.texts[item] = text


class Block(Protocol):
    """A part of the inspector; blocks stand one below the other."""

    def height(self, wide: float, theme: Theme) -> float:
        """How high it is at a width."""

    def draw(self, sheet: Sheet, box: QRectF) -> None:
        """Draw it into a box of that height."""


@final
@dataclass(frozen=True)
class Space:
    """Nothing, or a line across the panel in its middle."""

    high: float
    ruled: bool = False

    def height(self, _: float, __: Theme) -> float:
        """As high as it is."""
        return self.high

    def draw(self, sheet: Sheet, box: QRectF) -> None:
        """Draw the line."""
        if self.ruled:
            y = box.center().y()
            lines = [(box.left() - 16, y, box.right() + 16, y)]
            hairlines(sheet.painter, lines, sheet.theme.colours.line)


def broken(line: Line, most: float, rows: int = 3) -> list[Line]:
    """A formula broken into lines before its operators; what is left after `rows` is elided."""
    lines: list[list[Run]] = [[]]
    used = 0.0
    for term in _cut(line, _SUMS, within=False):
        for part in [term] if used + width(term) <= most else _parts(term, most):
            wide = width(part)
            if lines[-1] and used + wide > most:
                lines.append([])
                used = 0.0
            lines[-1] += part
            used += wide
    if len(lines) > rows:
        lines = [*lines[: rows - 1], [run_ for rest in lines[rows - 1 :] for run_ in rest]]
    return [shortened(tuple(row), most) for row in lines]


_SUMS = ("+", MINUS, "=")


def _parts(term: Sequence[Run], most: float) -> list[list[Run]]:
    """A term that does not fit: its factors, and of a factor that is too long what it adds up."""
    factors = _cut(term, ("\N{MIDDLE DOT}",), within=False)
    parts = (_cut(f, _SUMS, within=True) if width(f) > most else [f] for f in factors)
    return [part for found in parts for part in found]


def _cut(line: Sequence[Run], signs: tuple[str, ...], within: bool) -> list[list[Run]]:
    """The line cut before its operators, also those within brackets or only the others."""
    chunks: list[list[Run]] = [[]]
    depth = 0
    for part in line:
        sign = part.text.startswith(" ") and part.text.strip() in signs
        if sign and chunks[-1] and (within or depth == 0):
            chunks.append([])
        chunks[-1].append(part)
        depth += part.text.count("(") - part.text.count(")")
    return chunks


def shortened(line: Line, most: float) -> Line:
    """A line of runs with its end left out where it is longer than `most` px."""
    if width(line) <= most or not line:
        return line
    dots = replace(line[0], text=ELLIPSIS, drop=0.0)
    room = most - dots.width
    kept: list[Run] = []
    for part in line:
        if part.width > room:
            break
        kept.append(part)
        room -= part.width
    return (*kept, dots)
