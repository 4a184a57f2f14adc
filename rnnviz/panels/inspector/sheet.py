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
    for chunk in _chunks(line, most):
        wide = width(chunk)
        if lines[-1] and used + wide > most:
            lines.append([])
            used = 0.0
        lines[-1] += chunk
        used += wide
    if len(lines) > rows:
        lines = [*lines[: rows - 1], [run_ for rest in lines[rows - 1 :] for run_ in rest]]
    return [shortened(tuple(row), most) for row in lines]


def _chunks(line: Line, most: float) -> list[list[Run]]:
    """What stays together: the terms of sums, and of one that is too long its factors."""
    chunks = _cut(line, ("+", MINUS, "="))
    return [
        part
        for chunk in chunks
        for part in (_cut(chunk, ("\N{MIDDLE DOT}",)) if width(chunk) > most else [chunk])
    ]


def _cut(line: Sequence[Run], signs: tuple[str, ...]) -> list[list[Run]]:
    """The line cut before its operators."""
    chunks: list[list[Run]] = [[]]
    for part in line:
        if part.text.startswith(" ") and part.text.strip() in signs and chunks[-1]:
            chunks.append([])
        chunks[-1].append(part)
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
