"""The head of the graph for a room: what happens, in one sentence, and which step this is."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtGui import QFont

from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.fonts import metrics, sans
from rnnviz.panels.canvas.text import Run, draw_line, draw_text, elided, width, wrapped
from rnnviz.panels.graph.foot import word_of
from rnnviz.panels.graph.present.rows import HEAD
from rnnviz.panels.graph.saying import Caption, Told, Word
from rnnviz.panels.graph.scene import Scene

LEFT = 36.0
SIZES = (30.0, 27.0, 24.0, 22.0)
"""Px of the sentence: the largest in which it fits into its line."""
LONGEST = 300.0
READING = ("nothing", "encode", "forward")


def draw_head(scene: Scene, told: Told, caption: Caption, wide: float, high: float) -> None:
    """Draw the sentence, and the number of the step at the right."""
    painter, middle = scene.painter, high / 2 + 3
    steps = told.numbers.sides[told.place[0]].steps
    count = Run(f"{told.step + 1} / {steps}", sans(24, 500), scene.theme.colours.tx2)
    end = wide - LEFT
    draw_text(painter, end, _base(count.font, middle), count, "end")
    lines = _lines(told, caption, end - count.width - 30 - LEFT, high < HEAD)
    leading = 36.0
    top = middle - leading * (len(lines) - 1) / 2
    for number, line in enumerate(lines):
        base = _base(line[-1].font, top + number * leading)
        draw_line(painter, LEFT, base, line)


def _base(font: QFont, y: float) -> float:
    return y + metrics(font).capHeight() / 2


def _lines(told: Told, caption: Caption, room: float, low: bool) -> list[tuple[Run, ...]]:
    """The sentence in one line, or where it is too long in two."""
    for px in SIZES:
        line = _runs(told, caption, px)
        if width(line) <= room:
            return [tuple(line)]
    found = wrapped(_runs(told, caption, SIZES[-1]), room)
    most = 1 if low else 2
    lines = list(found[:most])
    if len(found) > most:
        last = lines[-1]
        lines[-1] = (*last[:-1], replace(last[-1], text=last[-1].text.rstrip() + "\u2026"))
    return [_fitted(line, room) for line in lines]


def _fitted(line: tuple[Run, ...], room: float) -> tuple[Run, ...]:
    used = width(line[:-1])
    return (*line[:-1], elided(line[-1], max(room - used, 30.0)))


def _runs(told: Told, caption: Caption, px: float) -> list[Run]:
    """The word that is read, large, and the sentence."""
    ink = told.sight.theme.colours.tx1
    runs = []
    if told.timing.moment.phase in READING:
        name = Run(_name(told), sans(px + 4, 700), ink)
        runs += [elided(name, LONGEST), Run("  ", sans(px, 600), ink)]
    return [*runs, *(_run(word, px, ink, told) for word in caption.sentence)]


def _name(told: Told) -> str:
    """The word that is read, or of numbers which step this is."""
    side, step = told.place
    if side or isinstance(told.numbers.document.sequence, tuple):
        return f"\u201c{word_of(told.numbers, side, step)}\u201d"
    return f"t = {step + 1}"


def _run(word: Word, px: float, ink: Colour, told: Told) -> Run:
    theme = told.sight.theme
    colour = theme.hue(word.symbol).text if word.symbol else ink
    if word.symbol == "err":
        colour = theme.colours.err
    return Run(word.text, sans(px, 600), colour)
