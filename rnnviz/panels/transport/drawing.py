"""Draws the scrubber: the phases with their names, the steps, and how far the story is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.controls import draw_head, draw_track
from rnnviz.panels.canvas.fonts import role_font, sans
from rnnviz.panels.canvas.strokes import filled, hairlines
from rnnviz.panels.canvas.text import (
    Line,
    Run,
    advance,
    draw_line,
    draw_text,
    elided,
    run,
    symbol,
    width,
)
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.sight import Sight
from rnnviz.panels.transport.rows import Rows
from rnnviz.panels.transport.track import STEPS, Span, Track
from rnnviz.session.moments import RETURNING, Moment, Phase

LARGE = 24.5
"""Px of a symbol for a room: what is lowered is then 18 px."""
MARKS = 6
"""How many parts a step is marked in."""
NICE = (1, 2, 5)


@final
@dataclass(frozen=True)
class Scene:
    """All that is drawn.

    Attributes
    ----------
    sight : Sight
        What is shown.
    track, rows
        Where it stands.
    twice : frozenset of str
        The phases with a second track, that of a layer that reads backward.
    mirrored : frozenset of str
        The phases of a layer that only reads backward.
    name : callable
        Phase -> what it is called.
    words : callable
        Phase -> the words that are read at its steps.
    """

    sight: Sight
    track: Track
    rows: Rows
    twice: frozenset[Phase]
    mirrored: frozenset[Phase]
    name: Callable[[Phase], str]
    words: Callable[[Phase], Sequence[str]]

    @property
    def theme(self) -> Theme:
        """The colours."""
        return self.sight.theme

    def ahead(self, span: Span) -> float:
        """How many stages of a phase are told, the last of them perhaps in part."""
        moment, track = self.sight.moment, self.track
        here = track.span_of(moment.phase)
        if here is None or span.first > here.first:
            return 0.0
        if span is not here:
            return float(span.count)
        return track.story.stage(moment) - span.first + track.part(moment)

    def hue(self, phase: Phase) -> Colour:
        """The colour of what is told."""
        if phase not in STEPS:
            return self.theme.colours.tx2
        return self.theme.hue("∂" if phase in RETURNING else "h").mark

    def tops(self, phase: Phase) -> tuple[float, ...]:
        """Where the tracks of a phase stand; beside two, one of steps leaves room for its names."""
        if phase in self.twice:
            return self.rows.tracks
        return (self.rows.tracks[0] if phase in STEPS else self.rows.middle,)

    def step_of(self, span: Span, number: int) -> int:
        """The public step of a stage."""
        turned = (span.phase in RETURNING) != (span.phase in self.mirrored)
        return span.count - 1 - number if turned else number


def draw_scrubber(painter: QPainter, scene: Scene) -> None:
    """Everything but the heads."""
    spans = scene.track.spans
    if not spans:
        _draw_empty(painter, scene)
    for index, span in enumerate(spans):
        _draw_name(painter, scene, span)
        if index:
            top, foot = scene.rows.edges
            x = span.left - 1
            hairlines(painter, [(x, top, x, foot)], scene.theme.colours.line2)
        _draw_phase(painter, scene, span)
        if span.phase in STEPS:
            _draw_labels(painter, scene, span)


def _draw_empty(painter: QPainter, scene: Scene) -> None:
    track, rows = scene.track, scene.rows
    box = QRectF(track.left, rows.middle, track.right - track.left, rows.high)
    filled(painter, box, scene.theme.colours.bg3, 2)


def _draw_name(painter: QPainter, scene: Scene, span: Span) -> None:
    theme, rows = scene.theme, scene.rows
    on = scene.sight.moment.phase == span.phase
    role = theme.type.control_on if on else theme.type.hint
    name = run(
        scene.name(span.phase),
        role,
        theme.colours.tx1 if on else theme.colours.tx3,
        scene.sight.present,
    )
    middle = (span.left + span.right - 2) / 2
    draw_text(painter, middle, rows.names, elided(name, span.right - span.left - 8), "middle")


def _draw_phase(painter: QPainter, scene: Scene, span: Span) -> None:
    told = scene.ahead(span)
    for number, top in enumerate(scene.tops(span.phase)):
        _draw_row(painter, scene, span, top, told, turned=number == 1)


def _draw_row(
    painter: QPainter, scene: Scene, span: Span, top: float, told: float, turned: bool = False
) -> None:
    theme, hue, high = scene.theme, scene.hue(span.phase), scene.rows.high
    if span.is_dense:
        last = span.box(span.count - 1, top, high)
        whole = QRectF(span.left, top, last.right() - span.left - 2, high)
        done = whole.width() * told / span.count
        filled(painter, whole, theme.colours.bg3, 2)
        if done > 0:
            left = whole.right() - done if turned else whole.left()
            filled(painter, QRectF(left, top, done, high), hue, min(2, done / 2))
        return
    marks = MARKS if span.phase in STEPS else 0
    for number in range(span.count):
        box = span.box(span.count - 1 - number if turned else number, top, high)
        done = min(max(told - number, 0.0), 1.0)
        if turned and 0 < done < 1:
            draw_track(painter, box, 0, hue, marks, theme)
            wide = box.width() * done
            rest = QRectF(box.right() - wide, top, wide, high)
            filled(painter, rest, hue, min(2, wide / 2))
        else:
            draw_track(painter, box, done, hue, marks, theme)


def _label(scene: Scene, span: Span, step: int, word: str, on: bool) -> Line:
    theme, grown = scene.theme, scene.rows.grown
    colour = theme.colours.tx1 if on else theme.colours.tx3
    if word and span.phase in scene.twice:
        role = theme.type.wire if on else theme.type.axis
        return (run(word, role, colour, scene.sight.present),)
    if span.phase in RETURNING:
        return (Run(f"∂{step + 1}", sans(12 * grown, 600 if on else 500), colour),)
    px = 12.0 if grown == 1 else LARGE
    line = symbol("x", str(step + 1), theme, px, colour)
    if not word:
        return line
    role = theme.type.wire if on else theme.type.axis
    return (*line, run(" " + word, role, colour, scene.sight.present))


def _draw_labels(painter: QPainter, scene: Scene, span: Span) -> None:
    """Words where all of them fit, else symbols, and of these as many as there is room for."""
    words = _fitting(scene, span)
    moment = scene.sight.moment
    current = scene.track.story.stage(moment) - span.first if moment.phase == span.phase else None
    every = _stride(scene, span)
    taken: list[tuple[float, float]] = []
    numbers = [n for n in range(span.count) if (scene.step_of(span, n) + 1) % every == 0]
    firsts = [n for n in (0, span.count - 1) if scene.step_of(span, n) == 0]
    for number in dict.fromkeys((*([] if current is None else [current]), *firsts, *numbers)):
        _draw_label(painter, scene, span, number, words, taken)


def _fitting(scene: Scene, span: Span) -> Sequence[str]:
    words = scene.words(span.phase)
    if span.phase in RETURNING and span.phase not in scene.twice:
        return ()
    if span.step * len(words) > span.right - span.left + 1 or span.step < 24:
        return ()
    font = role_font(scene.theme.type.axis, scene.sight.present)
    before = 2 if span.phase in scene.twice else 26 * scene.rows.grown
    room = span.step - before
    return words if all(advance(word, font) <= room for word in words) else ()


def _stride(scene: Scene, span: Span) -> int:
    """Every how many steps one is labelled: 1, 2, 5, 10 and so on."""
    digits = len(str(span.count))
    room = (10 + 6.5 * digits) * scene.rows.grown + 5
    stride, power = 1, 1
    while stride * span.step < room:
        nice = [n * power for n in NICE if n * power > stride]
        if not nice:
            power *= 10
        stride = nice[0] if nice else power
    return stride


def _draw_label(
    painter: QPainter,
    scene: Scene,
    span: Span,
    number: int,
    words: Sequence[str],
    taken: list[tuple[float, float]],
) -> None:
    """One label, unless another stands there; the first that is drawn is the current one."""
    step = scene.step_of(span, number)
    moment = scene.sight.moment
    on = (moment.phase, moment.step) == (span.phase, step)
    word = words[step] if step < len(words) else ""
    line = _label(scene, span, step, word, on)
    half = width(line) / 2
    middle = span.box(number, 0, 1).center().x()
    middle = min(max(middle, span.left + half), span.right - 2 - half)
    start, end = middle - half - 3, middle + half + 3
    if not any(left < end and start < right for left, right in taken):
        draw_line(painter, middle, scene.rows.labels, line, "middle")
        taken.append((start, end))


def draw_heads(painter: QPainter, scene: Scene, hovered: Moment | None) -> None:
    """The playhead on its track, or one on each; and where the mouse is."""
    rows, track, moment = scene.rows, scene.track, scene.sight.moment
    if not track.spans:
        return
    if hovered is not None and hovered != moment:
        x = track.x(hovered)
        for top in scene.tops(hovered.phase):
            line = (x, top - 3, x, top + rows.high + 3)
            hairlines(painter, [line], scene.theme.colours.tx2)
            x = track.mirrored(x)
    x = track.x(moment)
    for index, top in enumerate(scene.tops(moment.phase)):
        box = QRectF(track.left, top, track.right - track.left, rows.high)
        draw_head(painter, x, box, scene.theme, below=index == 1, grown=rows.grown)
        x = track.mirrored(x - 1e-6)
