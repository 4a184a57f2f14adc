"""The graph of an empty sequence for a room."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.panels.canvas.fonts import sans
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.strokes import framed
from rnnviz.panels.canvas.text import Run, draw_in
from rnnviz.panels.gestures import Item
from rnnviz.panels.graph.items import AddChip
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import translate

CHIP, HIGH, GAP = 116.0, 50.0, 24.0


def draw_large_empty(painter: QPainter, hits: HitMap[Item], sight: Sight, area: QRectF) -> None:
    """Three dashed chips, and what to do."""
    paint, middle = sight.theme.colours, area.center()
    words = translate("GraphPanel", "Type a sentence")
    if not isinstance(sight.document.sequence, tuple):
        words = translate("GraphPanel", "Paste rows of numbers, or click to add a step")
    px = 30.0
    while px > 18 and Run(words, sans(px, 600), paint.tx2).width > area.width() - 24:
        px -= 2
    line = QRectF(area.left() + 12, middle.y() - 84, area.width() - 24, 44)
    draw_in(painter, line, Run(words, sans(px, 600), paint.tx2))
    hits.add(line, AddChip())
    left = middle.x() - (3 * CHIP + 2 * GAP) / 2
    for number in range(3):
        chip = QRectF(round(left + number * (CHIP + GAP)), round(middle.y()) - 8, CHIP, HIGH)
        framed(painter, chip, paint.line2, HIGH / 2, 1.5, None, (6.0, 5.0))
        hits.add(chip, AddChip())
