"""The open cell, and the cell that fills the canvas: drawn by the picture of a cell."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from rnnviz.panels.canvas.fonts import sans
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.icons import draw_icon
from rnnviz.panels.canvas.text import Run, draw_text, elided
from rnnviz.panels.cell import CellPicture
from rnnviz.panels.gestures import Item
from rnnviz.panels.graph.chrome import draw_units
from rnnviz.panels.graph.foot import word_of
from rnnviz.panels.graph.items import CellBox, Crumb
from rnnviz.panels.graph.scene import Scene
from rnnviz.panels.sight import Zoom
from rnnviz.panels.texts import translate

TOP = 44.0
"""Px above a cell that fills the canvas."""


def draw_opened(scene: Scene, picture: CellPicture) -> None:
    """Draw the cell that is looked at, with its inside."""
    plan, column, lane = scene.plan, scene.plan.opened, scene.plan.lane
    box = plan.cell(column, lane)
    scene.marks.add_ground(box, CellBox(lane.part, column.step))
    _draw_inside(scene, picture, box)


def _draw_inside(scene: Scene, picture: CellPicture, box: QRectF) -> None:
    inside: HitMap[Item] = HitMap()
    part, step = scene.plan.lane.part, scene.plan.ask.place[1]
    picture.draw(scene.painter, box, scene.sight, part, step, inside)
    for place, item in inside.places:
        scene.marks.add(place, item)


def draw_filled(scene: Scene, picture: CellPicture) -> None:
    """Draw the cell over the whole canvas, below the line that leads back."""
    wide, high = scene.plan.size
    _draw_inside(scene, picture, QRectF(0, TOP, wide, high - TOP))
    left = _draw_crumbs(scene)
    lane = scene.plan.lane
    room = min(wide - left - 30, 34.0 + 24 * min(lane.units, 9) + 40)
    if room > 90:
        draw_units(scene, lane, wide - room - 16, wide - 16, 28)


def _draw_crumbs(scene: Scene) -> float:
    """Sequence, step, cell; the first two lead back. Gives where the line ends."""
    theme, (side, step) = scene.theme, scene.plan.ask.place
    word = word_of(scene.numbers, side, step)
    at = translate("GraphPanel", "t = {step}  “{word}”").format(step=step + 1, word=word)
    if not isinstance(scene.numbers.document.sequence, tuple):
        at = translate("GraphPanel", "t = {step}").format(step=step + 1)
    cell = translate("GraphPanel", "{cell} cell").format(cell=scene.plan.lane.short)
    x, most = 20.0, max(scene.plan.size[0] * 0.28, 60.0)
    crumbs: tuple[tuple[str, Zoom], ...] = (
        (translate("GraphPanel", "Sequence"), 1),
        (at, 2),
        (cell, 3),
    )
    for text, zoom in crumbs:
        last = zoom == 3
        ink = theme.colours.tx1 if last else theme.colours.tx2
        part = elided(Run(text, sans(13, 600 if last else 500), ink), most)
        end = draw_text(scene.painter, x, 32.5, part)
        if not last:
            scene.marks.add(QRectF(x - 4, 16, end - x + 8, 24), Crumb(zoom))
            draw_icon(
                scene.painter, "chevron-right", QRectF(end + 5, 21, 14, 14), theme.colours.tx3
            )
            end += 24
        x = end
    return x
