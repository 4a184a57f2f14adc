"""What every part of the drawing needs: the painter, the sight, its numbers, the time, the plan."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from rnnviz.engine.arrays import Array
from rnnviz.panels.canvas.cells import Strip, draw_strip
from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.heat import draw_heat, values_image
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.maps import Map
from rnnviz.panels.canvas.strokes import filled, framed, hatched
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.gestures import Item
from rnnviz.panels.graph.items import InputCell, StateCell
from rnnviz.panels.graph.numbers import Flow, Numbers
from rnnviz.panels.graph.plan import Plan
from rnnviz.panels.graph.timing import Timing
from rnnviz.panels.sight import Sight

POINTED = 5.0
"""Px of a cell in a strip from which on single units can be pointed at."""


@dataclass(frozen=True, eq=False)
class Marks:
    """Notes what is where, in px of the plan."""

    hits: HitMap[Item]
    scale: float

    def add(self, box: QRectF, item: Item) -> None:
        """Note where `item` is drawn."""
        s = self.scale
        self.hits.add(QRectF(box.x() * s, box.y() * s, box.width() * s, box.height() * s), item)


@dataclass(frozen=True, eq=False)
class Scene:
    """One painting of the graph.

    Attributes
    ----------
    painter : QPainter
        Scaled by the plan's scale.
    flow : Flow or None
        The gradients on the edges, where the way back is shown.
    ghost : Numbers or None
        What was before the last edit, where it has the same steps.
    """

    painter: QPainter
    marks: Marks
    sight: Sight
    numbers: Numbers
    timing: Timing
    plan: Plan
    flow: Flow | None = None
    ghost: Numbers | None = None

    @property
    def theme(self) -> Theme:
        """The colours."""
        return self.sight.theme

    @property
    def unit(self) -> int:
        """The unit that is looked at, within the lane that is looked at."""
        return min(self.sight.selection.unit, self.plan.lane.units - 1)

    def unit_of(self, part: str) -> int | None:
        """The unit that is framed in a layer and direction."""
        return self.unit if part == self.plan.lane.part else None

    def is_lit(self, path: str, step: int) -> int | None:
        """The unit of a quantity over which the mouse is, in whichever panel."""
        hover = self.sight.hover
        found = hover is not None and hover.path == path and hover.step == step
        return hover.unit if found and hover is not None else None

    def ink(self, colour: Colour, share: float) -> Colour:
        """A colour of which only a share is left over the canvas."""
        return self.theme.faded(colour, share, self.theme.colours.bg0)


def strip_at(
    centre: float, top: float, count: int, most: float, cell: float, tall: float = 16
) -> Strip:
    """A strip around `centre`, with cells of at most `cell` px and a frame of at most `most`."""
    pad = 3.0 if most >= 24 else 1.5
    wide = min(cell, (most - 2 * pad + 1) / max(count, 1))
    strip = Strip(0.0, top, count, wide, tall, pad)
    left = centre - strip.box.width() / 2
    if wide >= POINTED:
        left = round(left * 2) / 2
    return Strip(left, top, count, wide, tall, pad)


def paint_strip(
    scene: Scene,
    strip: Strip,
    path: str,
    step: int,
    outline: Colour,
    share: float = 1.0,
    framed_unit: int | None = None,
) -> None:
    """Draw the values of a path at a step, and note what can be pointed at."""
    theme, values = scene.theme, scene.numbers.values(path)[step]
    colours: Map = scene.numbers.map(path, theme)
    if share < 1:
        colours = colours.dimmed(theme.colours.bg1, share)
        outline = theme.colours.line
    draw_strip(scene.painter, strip, values, colours, theme, outline, framed_unit)
    lit = scene.is_lit(path, step)
    if lit is not None and lit < strip.count and lit != framed_unit:
        box = strip.cell_box(lit).adjusted(-2, -2, 2, 2)
        framed(scene.painter, box, theme.colours.tx2, 3, 1.2)
    note_strip(scene, strip, path, step, values)


def paint_bare(scene: Scene, strip: Strip, path: str, step: int, share: float = 1.0) -> None:
    """Draw values without a frame, on a road; the selected unit is framed."""
    theme, values = scene.theme, scene.numbers.values(path)[step]
    colours = scene.numbers.map(path, theme)
    colours = colours.dimmed(theme.colours.bg1, share) if share < 1 else colours
    inner = QRectF(strip.left, strip.top, strip.count * strip.cell - 1, strip.height)
    if strip.cell < POINTED:
        draw_heat(scene.painter, inner, values_image(values[None, :], colours))
    else:
        for unit, code in enumerate(colours.codes(values).tolist()):
            filled(scene.painter, strip.cell_box(unit), colours.colours[code], theme.radii.value)
    chosen = scene.unit_of(path.rpartition("/")[0])
    if chosen is not None and share == 1 and strip.cell >= POINTED:
        framed(
            scene.painter, strip.cell_box(chosen).adjusted(-2, -2, 2, 2), theme.colours.tx1, 3, 1.5
        )
    lit = scene.is_lit(path, step)
    if lit is not None and lit != chosen and lit < strip.count:
        framed(scene.painter, strip.cell_box(lit).adjusted(-2, -2, 2, 2), theme.colours.tx2, 3, 1.2)
    note_strip(scene, strip, path, step, values)


def note_strip(scene: Scene, strip: Strip, path: str, step: int, values: Array) -> None:
    """Note the units of a strip, each on its own where there is room."""
    whole = min(scene.sight.selection.unit, strip.count - 1)
    units = range(strip.count) if strip.cell >= POINTED else (whole,)
    for unit in units:
        box = strip.cell_box(unit) if len(units) > 1 else strip.box
        scene.marks.add(box, item_of(scene, path, step, unit))
    if strip.cell < POINTED and len(values) and not abs(float(values.sum())) < float("inf"):
        hatched(scene.painter, strip.box, scene.theme.colours.err, 4)


def item_of(scene: Scene, path: str, step: int, unit: int) -> StateCell | InputCell:
    """What a cell of a strip is: a number that is read, or one that was computed."""
    for number, side in enumerate(scene.numbers.sides):
        if path == f"{side.first}/x":
            return InputCell(number, step, unit)
    return StateCell(path, step, unit)
