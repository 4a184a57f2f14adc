"""The graph of an empty sequence: three dashed chips, and what to do."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.panels.canvas.fonts import role_font
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.labels import draw_chip
from rnnviz.panels.canvas.text import Run, draw_in
from rnnviz.panels.gestures import Item
from rnnviz.panels.graph.items import AddChip
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import translate

CHIP, GAP = 77.0, 14.0


def draw_empty(painter: QPainter, hits: HitMap[Item], sight: Sight, box: QRectF) -> None:
    """Draw what stands in place of the graph."""
    theme = sight.theme
    middle = box.center()
    left = middle.x() - (3 * CHIP + 2 * GAP) / 2
    for number in range(3):
        chip = QRectF(round(left + number * (CHIP + GAP)), round(middle.y()) - 8, CHIP, 32)
        draw_chip(painter, chip, "", theme, "empty")
        hits.add(chip, AddChip())
    words = translate("GraphPanel", "Type a sentence")
    if not isinstance(sight.document.sequence, tuple):
        words = translate("GraphPanel", "Paste rows of numbers, or click to add a step")
    font = role_font(theme.type.caption)
    line = QRectF(box.left() + 12, middle.y() - 60, box.width() - 24, 30)
    draw_in(painter, line, Run(words, font, theme.colours.tx2))
    hits.add(line, AddChip())
