"""The words under the columns of a chart over the steps, as many as there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from PySide6.QtGui import QPainter

from rnnviz.panels.canvas.text import Run, draw_text, elided, run
from rnnviz.panels.canvas.theme import Theme

WORDS_FROM = 24.0
"""Narrower columns have numbers."""

CURRENT = 60.0
"""What the current word may take at least."""
EDGE = 8.0
"""How far a word may reach beyond the first and the last column."""


def draw_step_labels(
    painter: QPainter,
    xs: Sequence[float],
    labels: Sequence[str],
    baseline: float,
    theme: Theme,
    current: int | None,
    present: bool = False,
) -> None:
    """The words under the columns, the current one bold; those without room are left out.

    A word may be as wide as its neighbours leave. Where columns are too narrow for words, the
    numbers of some steps are written, and the current word.
    """
    room = xs[1] - xs[0] if len(xs) > 1 else inf
    if room >= WORDS_FROM:
        _draw_words(painter, xs, labels, baseline, theme, current, present)
        return
    here = -inf if current is None else xs[current]
    if current is not None:
        word = elided(_word(labels[current], theme, True, present), CURRENT)
        here = _inside(xs, here, word.width / 2, room)
        _draw_word(painter, here, baseline, word)
    grown = theme.type.axis.present / theme.type.axis.px if present else 1.0
    every = _every(len(xs), room / grown)
    for index in (0, *range(every - 1, len(xs), every)):
        if abs(xs[index] - here) > 44 * grown and (index == 0 or xs[index] - xs[0] > 20 * grown):
            word = _word(str(index + 1), theme, False, present)
            _draw_word(painter, min(xs[index], xs[-1] - 8), baseline, word)


def _draw_words(
    painter: QPainter,
    xs: Sequence[float],
    labels: Sequence[str],
    baseline: float,
    theme: Theme,
    current: int | None,
    present: bool,
) -> None:
    marked = enumerate(labels)
    words = [_word(label, theme, index == current, present) for index, label in marked]
    rooms = word_rooms([word.width for word in words], xs[1] - xs[0] if len(xs) > 1 else inf)
    shown = [elided(word, room) for word, room in zip(words, rooms, strict=True)]
    left = right = inf
    if current is not None:
        shown[current] = elided(words[current], max(rooms[current], CURRENT))
        half, xs = shown[current].width / 2, [*xs]
        if len(xs) > 1:
            xs[current] = _inside(xs, xs[current], half, xs[1] - xs[0])
        left, right = xs[current] - half - 3, xs[current] + half + 3
    for index, (x, word) in enumerate(zip(xs, shown, strict=True)):
        half = word.width / 2
        if index == current or x + half <= left or x - half >= right or current is None:
            _draw_word(painter, x, baseline, word, word.text == labels[index])


def _inside(xs: Sequence[float], x: float, half: float, room: float) -> float:
    """The middle of a word that stays within the columns as far as it can."""
    first, last = xs[0] - room / 2 - EDGE + half, xs[-1] + room / 2 + EDGE - half
    return max(min(x, last), first) if first <= last else x


def _word(label: str, theme: Theme, on: bool, present: bool) -> Run:
    role = theme.type.wire if on else theme.type.axis
    return run(label, role, theme.colours.tx1 if on else theme.colours.tx3, present)


def _draw_word(painter: QPainter, x: float, baseline: float, word: Run, whole: bool = True) -> None:
    if whole or len(word.text) > 3:
        draw_text(painter, x, baseline, word, "middle")


def word_rooms(widths: Sequence[float], room: float) -> list[float]:
    """How wide each word may be: as far as its neighbours, which stand `room` px away, leave."""
    beside = [min(width, room) / 2 for width in widths]
    after, before = [*beside[1:], 0.0], [0.0, *beside[:-1]]
    return [2 * (room - max(a, b) - 2) for a, b in zip(before, after, strict=True)]


def _every(count: int, room: float) -> int:
    """A round number of steps that leaves 36 px from one label to the next."""
    for scale in (1, 10, 100, 1000, 10000):
        for digit in (1, 2, 5):
            if digit * scale * room >= 36:
                return digit * scale
    return max(count, 1)
