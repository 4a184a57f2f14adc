"""The whole graph, painted in its order."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from rnnviz.panels.canvas.strokes import framed
from rnnviz.panels.cell import CellPicture
from rnnviz.panels.graph.axis import Column
from rnnviz.panels.graph.back import draw_back
from rnnviz.panels.graph.bridge import draw_bridge
from rnnviz.panels.graph.caption import draw_caption
from rnnviz.panels.graph.chrome import draw_foot_of_open
from rnnviz.panels.graph.folded import draw_folded
from rnnviz.panels.graph.foot import draw_add, draw_foot
from rnnviz.panels.graph.heads import Heading, draw_answer, draw_path
from rnnviz.panels.graph.labels import draw_labels
from rnnviz.panels.graph.lanes import draw_lane
from rnnviz.panels.graph.opened import draw_opened
from rnnviz.panels.graph.saying import Caption
from rnnviz.panels.graph.scene import Scene, draw_lit
from rnnviz.panels.graph.wires import draw_column, strip_left


def draw_under(scene: Scene, head: Heading) -> None:
    """Draw what lies below the columns: what runs between them, and the names of the rows."""
    if scene.plan.is_stacked and not scene.plan.is_open:
        _draw_cursor(scene)
    for number, side in enumerate(scene.numbers.sides):
        for lane in side.lanes:
            draw_lane(scene, number, lane)
    draw_labels(scene, head.kind)
    draw_bridge(scene)


def draw_whole_column(scene: Scene, column: Column, head: Heading) -> None:
    """Draw a column, from what it reads to its answer."""
    for lane in scene.numbers.sides[column.side].lanes:
        if not scene.plan.is_opened(column, lane):
            draw_folded(scene, lane, column)
    draw_column(scene, column)
    draw_foot(scene, column)
    if column.side == len(scene.numbers.sides) - 1:
        draw_answer(scene, column, head)


def draw_over(scene: Scene) -> None:
    """Draw what lies above the columns: the way back, the best path, the plus."""
    draw_back(scene)
    draw_path(scene)
    draw_add(scene)


def draw_before(scene: Scene, head: Heading, caption: Caption | None, picture: CellPicture) -> None:
    """Draw the column that is looked at, its open cell, and the sentence above it."""
    plan = scene.plan
    current = plan.opened
    if scene.is_apart(current) and current in plan.axis.visible:
        draw_whole_column(scene, current, head)
    if plan.is_open:
        draw_opened(scene, picture)
        draw_foot_of_open(scene)
        if caption is not None:
            box = caption_box(scene, head)
            draw_caption(scene, caption, box, _beside_strip(scene, box))
    draw_lit(scene)


def caption_box(scene: Scene, head: Heading) -> QRectF:
    """The room above the open cell, left of its answer."""
    plan, column = scene.plan, scene.plan.opened
    top = plan.bands["gap top"].bottom
    strip = plan.strip(max(len(side.layers) for side in plan.sides) - 1)
    foot = top + 90 if strip is None else strip.bottom
    answers = column.side == len(plan.sides) - 1 and column.step in scene.numbers.answers
    right = column.cell_right
    if answers:
        right = min(column.head - 26 - head.label, column.left + column.width - head.width) - 12
        right = column.head - 70 if head.kind == "numbers" else right
    left = column.cell_left + 6
    return QRectF(left, top, right - left, foot - top)


def _beside_strip(scene: Scene, box: QRectF) -> QRectF:
    """The part of the caption's room that lies beside the strip, left of its name."""
    plan, column = scene.plan, scene.plan.opened
    layers = scene.numbers.sides[column.side].layers
    strip = plan.strip(len(layers) - 1)
    if strip is None:
        return box
    left = strip_left(scene, column, layers[-1]) - 34
    return QRectF(box.left(), strip.top, min(box.right(), left) - box.left(), strip.height)


def _draw_cursor(scene: Scene) -> None:
    """The frame of the column that is looked at, where no cell is open."""
    column, bands = scene.plan.opened, scene.plan.bands
    top = bands["gap top"].bottom - 6
    foot = bands["word"].bottom + 4
    box = QRectF(column.left + 2, top, column.width - 4, foot - top)
    paint = scene.theme.colours
    framed(scene.painter, box, paint.tx1, 10, 1.4, paint.bg1)
