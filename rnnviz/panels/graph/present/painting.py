"""The whole graph for a room, painted in its order."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from rnnviz.panels.cell import CellPicture
from rnnviz.panels.graph.present.cells import Cell, draw_cell, draw_outline
from rnnviz.panels.graph.present.columns import draw_answer, draw_strips, draw_word
from rnnviz.panels.graph.present.filled import draw_filled
from rnnviz.panels.graph.present.hall import Hall, make_hall
from rnnviz.panels.graph.present.head import draw_head
from rnnviz.panels.graph.present.names import draw_names
from rnnviz.panels.graph.present.returning import draw_returning
from rnnviz.panels.graph.present.rows import HEAD
from rnnviz.panels.graph.present.ways import draw_between, draw_upward, lanes_in
from rnnviz.panels.graph.saying import Told, caption_of
from rnnviz.panels.graph.scene import Scene


def draw_present(scene: Scene, told: Told, picture: CellPicture, area: QRectF) -> None:
    """Draw the graph, or at the largest zoom one cell.

    Parameters
    ----------
    scene : Scene
        The painting; its plan says what is looked at.
    told : Told
        What the sentence is about.
    picture : CellPicture
        Draws the inside of a cell.
    area : QRectF
        The room for the columns: beside it a card may cover the picture.
    """
    wide, high = scene.plan.ask.size
    answers = told.numbers.trace.logits is not None
    hall = make_hall(told, area, (wide, high), answers)
    if scene.sight.zoom == 3:
        draw_filled(scene, picture, area.adjusted(0, HEAD, 0, 0))
        draw_head(scene, told, caption_of(told), wide, HEAD)
        return
    _draw_columns(scene, hall)
    draw_head(scene, told, caption_of(told), wide, hall.bands["head"].height)


def _draw_columns(scene: Scene, hall: Hall) -> None:
    for number, lane in lanes_in(scene, hall):
        draw_between(scene, hall, number, lane)
    cells = [
        Cell(scene, hall, lane, column)
        for column in hall.columns
        for lane in hall.shown(scene.numbers.sides[column.side])
    ]
    for column in hall.columns:
        draw_upward(scene, hall, column)
    for cell in cells:
        draw_cell(cell)
    for column in hall.columns:
        draw_strips(scene, hall, column)
        draw_word(scene, hall, column)
        draw_answer(scene, hall, column)
    draw_names(scene, hall)
    draw_returning(scene, hall)
    for cell in cells:
        if cell.is_current:
            draw_outline(cell)
