"""Draws the sentence above the open cell."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont

from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.fonts import role_font, sans
from rnnviz.panels.canvas.strokes import framed
from rnnviz.panels.canvas.text import (
    Line,
    Run,
    draw_in,
    draw_line,
    elided,
    run,
    symbol,
    width,
    wrapped,
)
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.graph.items import UndoButton
from rnnviz.panels.graph.saying import Caption, Word
from rnnviz.panels.graph.scene import Scene
from rnnviz.panels.texts import translate

LEADING = 24.0
LEAST = 120.0


def draw_caption(scene: Scene, caption: Caption, box: QRectF, low: QRectF) -> None:
    """Draw it from the top of a box, as many lines as there is room for.

    `low` is the room beside the strip at its foot.
    """
    if box.width() < LEAST:
        return
    theme, painter = scene.theme, scene.painter
    y = box.top() + 14
    hint = Run(caption.hint, sans(13, 500), theme.colours.tx3)
    draw_line(painter, box.left(), y, (elided(hint, box.width()),))
    large = role_font(theme.type.caption)
    if box.height() < 70 or box.width() < 190:
        large = sans(14, 600)
    leading = LEADING if large.pixelSize() > 15 else 18.0
    words = [_run(word, large, theme, theme.colours.tx1) for word in caption.sentence]
    y += leading + 3
    for line in wrapped(words, box.width()):
        if y > box.bottom():
            return
        draw_line(painter, box.left(), y, _fitted(line, box.width()))
        y += leading
    y += 2
    room = low if y + 4 > low.top() else box
    _draw_after(scene, caption, QRectF(box.left(), box.top(), room.width(), box.height()), y)


def _draw_after(scene: Scene, caption: Caption, box: QRectF, y: float) -> None:
    """What stands below the sentence, in short where there is too little room."""
    if caption.is_failed:
        _draw_undo(scene, box, y)
        return
    fits = max(int((box.bottom() + 2 - y) / 17) + 1, 0)
    lines = wrapped(_small(scene, caption.after), box.width())
    if len(lines) > fits and caption.brief:
        lines = wrapped(_small(scene, caption.brief), box.width())
    for line in lines[:fits]:
        draw_line(scene.painter, box.left(), y, _fitted(line, box.width()))
        y += 17


def _small(scene: Scene, words: tuple[Word, ...]) -> list[Run]:
    """Words in the small font; a symbol that stands alone leans."""
    theme = scene.theme
    font = sans(13, 400)
    runs: list[Run] = []
    for word in words:
        if word.symbol and word.text == word.symbol:
            runs += symbol(word.symbol, "", theme, 13.5)
        else:
            runs.append(_run(word, font, theme, theme.colours.tx2))
    return runs


def _draw_undo(scene: Scene, box: QRectF, y: float) -> None:
    """The button that takes the last edit back."""
    part = run(
        translate("GraphPanel", "Undo the last edit"),
        scene.theme.type.control,
        scene.theme.colours.tx1,
    )
    button = QRectF(box.left(), y - 12, part.width + 24, 26)
    framed(scene.painter, button, scene.theme.colours.line2, 6, 1, scene.theme.colours.bg2)
    draw_in(scene.painter, button, part)
    scene.marks.add(button, UndoButton())


def _run(word: Word, font: QFont, theme: Theme, ink: Colour) -> Run:
    colour = theme.hue(word.symbol).text if word.symbol else ink
    if word.symbol == "err":
        colour = theme.colours.err
    return Run(word.text, font, colour)


def _fitted(line: Line, most: float) -> Line:
    """A line whose last run is shortened where a single word is too long."""
    line = (*line[:-1], replace(line[-1], text=line[-1].text.rstrip()))
    if width(line) <= most:
        return line
    used = sum(part.width for part in line[:-1])
    return (*line[:-1], elided(line[-1], max(most - used, 10)))
