"""What stays as it is while the playhead moves: painted once, column by column, and kept."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from math import floor
from typing import final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from rnnviz.panels.canvas.hit import Field, HitMap
from rnnviz.panels.canvas.layer import StaticLayer
from rnnviz.panels.gestures import Item
from rnnviz.panels.graph.axis import Column
from rnnviz.panels.graph.chrome import draw_overview, draw_top
from rnnviz.panels.graph.face import draw_over, draw_under, draw_whole_column
from rnnviz.panels.graph.heads import Heading
from rnnviz.panels.graph.numbers import Numbers
from rnnviz.panels.graph.scene import Drawn, Marks, Scene

EDGE = 8.0
"""Px of a column's picture beside it."""
MOST = 40
"""Pictures of columns that are kept."""


@dataclass(eq=False)
class _Kept:
    """A part of the picture, where it was painted, and what is where in it."""

    layer: StaticLayer = field(default_factory=StaticLayer)
    base: float = 0.0
    hits: HitMap[Item] = field(default_factory=HitMap)
    drawn: Drawn = field(default_factory=Drawn)

    def draw(
        self, scene: Scene, box: QRectF, key: Hashable, paint: Callable[[Scene], None]
    ) -> None:
        """Draw the part into its box, and note what is where."""

        def anew(painter: QPainter) -> None:
            painter.translate(-box.left(), -box.top())
            self.hits, self.drawn = HitMap(scale=scene.marks.hits.scale), Drawn()
            self.base = box.left()
            marks = Marks(self.hits, scene.marks.scale)
            paint(replace(scene, painter=painter, marks=marks, drawn=self.drawn))

        scene.painter.save()
        scene.painter.translate(box.left(), box.top())
        self.layer.draw(scene.painter, box.size(), key, anew)
        scene.painter.restore()
        self._note(scene, box.left() - self.base)

    def _note(self, scene: Scene, shift: float) -> None:
        hits, drawn = scene.marks.hits, scene.drawn
        if not shift:
            hits.places += self.hits.places
            hits.fields += self.hits.fields
            drawn.strips.update(self.drawn.strips)
            drawn.bars.update(self.drawn.bars)
            return
        px = shift * scene.marks.scale * hits.scale
        hits.places += [(box.translated(px, 0), item) for box, item in self.hits.places]
        hits.fields += [_moved(one, px) for one in self.hits.fields]
        for place, strip in self.drawn.strips.items():
            drawn.strips[place] = replace(strip, left=strip.left + shift)
        for place, bar in self.drawn.bars.items():
            drawn.bars[place] = bar.translated(shift, 0)


def _moved(one: Field[Item], px: float) -> Field[Item]:
    """A field at another place."""

    def box_of(item: Item) -> QRectF | None:
        box = one.box_of(item)
        return None if box is None else box.translated(px, 0)

    return Field(one.box.translated(px, 0), lambda at: one.at(at - QPointF(px, 0)), box_of)


@final
class Behind:
    """Keeps all of the graph but the open cell and its column."""

    def __init__(self) -> None:
        self._under, self._over = _Kept(), _Kept()
        self._top, self._steps = _Kept(), _Kept()
        self._columns: dict[Hashable, _Kept] = {}
        self._shown: tuple[Numbers, Numbers | None] | None = None

    def draw(self, scene: Scene, head: Heading) -> None:
        """Draw it."""
        if self._shown != (scene.numbers, scene.ghost):
            # Pictures of other numbers would keep these alive, and they may be large.
            self._shown = scene.numbers, scene.ghost
            self._columns.clear()
        whole = QRectF(0, 0, *scene.plan.size)
        shape, now = shape_of(scene), moment_of(scene)
        place = scene.plan.ask.place
        self._under.draw(scene, whole, (shape, now, place), lambda s: draw_under(s, head))
        for column in scene.plan.axis.visible:
            if column.opened and not scene.is_apart(column):
                draw_whole_column(scene, column, head)
            elif not scene.is_apart(column):
                self._draw_column(scene, column, head, shape)
        if scene.flow is None:
            draw_over(scene)
        else:
            self._over.draw(scene, whole, (shape, now, place), draw_over)
        lane = scene.plan.lane.part
        top = QRectF(0, 0, whole.width(), scene.plan.bands["legend"].bottom)
        self._top.draw(scene, top, (shape, lane, scene.flow is None), draw_top)
        band = scene.plan.bands.get("overview")
        if band is not None:
            low = QRectF(0, floor(band.top) - 4, whole.width(), band.height + 8)
            self._steps.draw(scene, low, (shape, place, lane), draw_overview)

    def _draw_column(self, scene: Scene, column: Column, head: Heading, shape: Hashable) -> None:
        left = floor(column.left) - EDGE
        key = (shape, state_of(scene, column), column.width, column.left - floor(column.left))
        kept = self._columns.pop(key, None) or _Kept()
        self._columns[key] = kept
        if len(self._columns) > MOST:
            del self._columns[next(iter(self._columns))]
        box = QRectF(left, 0, column.width + 2 * EDGE + 1, scene.plan.size[1])
        kept.draw(scene, box, (), lambda s: draw_whole_column(s, column, head))


def shape_of(scene: Scene) -> Hashable:
    """All but the moment on which the picture depends."""
    ask, sight = scene.plan.ask, scene.sight
    return (
        scene.numbers,
        scene.ghost,
        sight.theme.name,
        (ask.size, ask.part, ask.zoom, ask.scale, scene.marks.hits.scale),
        (sight.selection.unit, sight.selection.loss_step),
    )


def moment_of(scene: Scene) -> Hashable:
    """What of the moment decides what is computed outside of the column that is looked at."""
    timing, (side, step) = scene.timing, scene.plan.ask.place
    known = tuple(timing.has_state(side, lane, step) for lane in scene.numbers.sides[side].lanes)
    rests = timing.rests or (scene.flow is None and not scene.plan.is_stacked)
    answer = timing.has_answer(step) if step in scene.numbers.answers else None
    return scene.flow, timing.moment.phase, timing.moment.step, rests, known, answer


def state_of(scene: Scene, column: Column) -> Hashable:
    """How far a column is computed."""
    timing, (side, step) = scene.timing, (column.side, column.step)
    lanes = scene.numbers.sides[side].lanes
    states = tuple(
        (timing.has_state(side, lane, step), timing.state(side, lane, step) == "future")
        for lane in lanes
    )
    answers = side == len(scene.numbers.sides) - 1 and step in scene.numbers.answers
    known = timing.has_answer(step) if answers else None
    looked = (side, step) == scene.plan.ask.place
    return side, step, states, known, timing.has_loss, looked, scene.flow is None
