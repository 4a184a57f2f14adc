"""What stays as it is while the operations of a step are told: painted once, and kept."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import final

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QPainter

from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.layer import StaticLayer
from rnnviz.panels.gestures import Item
from rnnviz.panels.graph.face import draw_behind
from rnnviz.panels.graph.heads import Heading
from rnnviz.panels.graph.scene import Drawn, Marks, Scene


@final
class Behind:
    """Keeps the picture of all columns but the one that is looked at, and what is where in it."""

    def __init__(self) -> None:
        self._layer = StaticLayer()
        self._hits: HitMap[Item] = HitMap()
        self._drawn = Drawn()

    def draw(self, scene: Scene, head: Heading) -> Scene:
        """Draw it; gives the scene in which the rest is drawn."""
        hits: HitMap[Item] = HitMap(scale=scene.marks.hits.scale)
        drawn = Drawn()

        def paint(painter: QPainter) -> None:
            inner = replace(
                scene, painter=painter, marks=Marks(hits, scene.marks.scale), drawn=drawn
            )
            draw_behind(inner, head)

        if self._layer.draw(scene.painter, QSizeF(*scene.plan.size), key_of(scene), paint):
            self._hits, self._drawn = hits, drawn
        scene.marks.hits.places += self._hits.places
        scene.marks.hits.fields += self._hits.fields
        own = Drawn(dict(self._drawn.strips), dict(self._drawn.bars))
        return replace(scene, drawn=own)


def key_of(scene: Scene) -> Hashable:
    """All that this part of the picture depends on."""
    ask, sight, timing = scene.plan.ask, scene.sight, scene.timing
    side, step = ask.place
    known = tuple(timing.has_state(side, lane, step) for lane in scene.numbers.sides[side].lanes)
    return (
        scene.numbers,
        scene.ghost,
        scene.flow,
        sight.theme.name,
        (ask.size, ask.part, ask.place, ask.zoom, ask.scale, scene.marks.hits.scale),
        (sight.selection.unit, sight.selection.loss_step),
        (
            timing.moment.phase,
            timing.moment.step,
            timing.rests or (scene.flow is None and not scene.plan.is_stacked),
        ),
        (known, timing.has_answer(step) if step in scene.numbers.answers else None),
    )
