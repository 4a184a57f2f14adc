"""What every part of the drawing needs: the painter, the sight, its numbers, the time, the plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from rnnviz.engine.arrays import Array
from rnnviz.panels.canvas.cells import Strip, draw_strip
from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.heat import draw_heat, values_image
from rnnviz.panels.canvas.hit import Field, HitMap
from rnnviz.panels.canvas.maps import Map
from rnnviz.panels.canvas.strokes import filled, framed, hatched
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.gestures import Item
from rnnviz.panels.graph.axis import Column
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
        self.hits.add(self.px(box), item)

    def px(self, box: QRectF) -> QRectF:
        """A box of the plan in px."""
        s = self.scale
        if s == 1.0:
            return box
        return QRectF(box.x() * s, box.y() * s, box.width() * s, box.height() * s)

    def add_ground(self, box: QRectF, item: Item) -> None:
        """Note an area that lies below everything else."""
        area = self.px(box)
        self.hits.add_field(Field(area, lambda _: item, lambda i: area if i == item else None))

    def add_strip(self, box: QRectF, count: int, name: Callable[[int], Item]) -> None:
        """Note a row of equal cells, each a thing of its own."""
        area = self.px(box)
        wide = area.width() / max(count, 1)

        def at(point: QPointF) -> Item | None:
            return name(min(max(int((point.x() - area.left()) / wide), 0), count - 1))

        def box_of(item: Item) -> QRectF | None:
            unit = getattr(item, "unit", -1)
            if not 0 <= unit < count or name(unit) != item:
                return None
            return QRectF(area.left() + wide * unit, area.top(), wide, area.height())

        self.hits.add_field(Field(area, at, box_of))


@dataclass(frozen=True, eq=False)
class Drawn:
    """Where values are drawn, so that one of them can be lit: by path and step."""

    strips: dict[tuple[str, int], Strip] = field(default_factory=dict)
    bars: dict[tuple[str, int], QRectF] = field(default_factory=dict)


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
    drawn : Drawn
        Where values stand.
    """

    painter: QPainter
    marks: Marks
    sight: Sight
    numbers: Numbers
    timing: Timing
    plan: Plan
    flow: Flow | None = None
    ghost: Numbers | None = None
    drawn: Drawn = field(default_factory=Drawn)

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

    def is_apart(self, column: Column) -> bool:
        """Whether a column is drawn on its own, as it changes with each operation."""
        return self.flow is None and (column.side, column.step) == self.plan.ask.place

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
    note_strip(scene, strip, path, step, values)


def note_strip(scene: Scene, strip: Strip, path: str, step: int, values: Array) -> None:
    """Note the units of a strip."""
    sides = scene.numbers.sides
    side = next((n for n, one in enumerate(sides) if path == f"{one.first}/x"), None)

    def name(unit: int) -> Item:
        return StateCell(path, step, unit) if side is None else InputCell(side, step, unit)

    scene.marks.add_strip(strip.box, strip.count, name)
    scene.drawn.strips[path, step] = strip
    if strip.cell < POINTED and not abs(float(values.sum())) < float("inf"):
        hatched(scene.painter, strip.box, scene.theme.colours.err, 4)


def draw_lit(scene: Scene) -> None:
    """Frame the number over which the mouse is, in whichever panel."""
    hover = scene.sight.hover
    if hover is None:
        return
    ink = scene.theme.colours.tx2
    strip = scene.drawn.strips.get((hover.path, hover.step))
    if strip is not None and hover.unit < strip.count:
        box = strip.cell_box(hover.unit)
        wide = max(box.width(), 2.0)
        box = QRectF(box.left() - 2, box.top() - 2, wide + 4, box.height() + 4)
        framed(scene.painter, box, ink, 3, 1.2)
    bar = scene.drawn.bars.get((hover.path, hover.step))
    if bar is not None and hover.unit == scene.sight.selection.unit:
        framed(scene.painter, bar.adjusted(-2, -2, 2, 2), ink, 3, 1.2)
