"""The names of the rows for a room, where there are several."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from rnnviz.panels.canvas.fonts import sans
from rnnviz.panels.canvas.text import Run, draw_in, draw_text
from rnnviz.panels.graph.items import CellBox
from rnnviz.panels.graph.labels import lane_name
from rnnviz.panels.graph.present.columns import SMALLEST, fitted
from rnnviz.panels.graph.present.hall import LABELS, Hall
from rnnviz.panels.graph.scene import Scene
from rnnviz.panels.texts import translate

APART = 12.0


def draw_names(scene: Scene, hall: Hall) -> None:
    """The names of the lanes at the left, and of the sides above their first columns."""
    _draw_sides(scene, hall)
    if hall.left < LABELS:
        return
    side = max(scene.numbers.sides, key=lambda one: len(one.lanes))
    paint, room = scene.theme.colours, LABELS - APART - 2
    for lane in hall.shown(side):
        name = lane_name(lane, len(side.layers), len(side.layers[lane.layer]) > 1)[0]
        band, looked = hall.bands[hall.key(lane)], hall.is_tall(lane)
        ink = paint.tx1 if looked else paint.tx2
        box = QRectF(hall.left - LABELS, band.middle - 16, room, 32)
        text = fitted(name, (20, 19, SMALLEST), 600 if looked else 500, ink, room)
        draw_in(scene.painter, box, text, "end")
        number, step = scene.plan.ask.place
        steps = scene.numbers.sides[number].steps
        scene.marks.add(box, CellBox(lane.part, min(step, steps - 1)))


def _draw_sides(scene: Scene, hall: Hall) -> None:
    """Encoder and decoder."""
    band = hall.bands.get("strip") or hall.bands.get("answer")
    if len(scene.numbers.sides) < 2 or band is None:
        return
    title = translate("GraphPanel", "encoder")
    first = hall.columns[0]
    answer = hall.bands.get("answer")
    if first.side == 0 and answer is not None and scene.numbers.attention is None:
        part = Run(title, sans(22, 600), scene.theme.colours.tx2)
        draw_text(scene.painter, first.centre - hall.wide / 2, answer.bottom - 4, part)
