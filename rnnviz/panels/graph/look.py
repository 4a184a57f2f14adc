"""What the graph looks like at one sight: it keeps what does not change from one to the next."""

from __future__ import annotations

from dataclasses import replace
from typing import final

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter

from rnnviz.document.evaluate import Evaluation
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.cell import CellPicture
from rnnviz.panels.gestures import Item
from rnnviz.panels.graph.behind import Behind
from rnnviz.panels.graph.empty import draw_empty
from rnnviz.panels.graph.face import draw_before
from rnnviz.panels.graph.foot import draw_floating
from rnnviz.panels.graph.heads import Heading, heading
from rnnviz.panels.graph.numbers import Flow, Numbers
from rnnviz.panels.graph.opened import draw_filled
from rnnviz.panels.graph.plan import Ask, Plan, make_plan
from rnnviz.panels.graph.present import draw_large_empty, draw_present
from rnnviz.panels.graph.saying import Told, caption_of
from rnnviz.panels.graph.scene import Marks, Scene
from rnnviz.panels.graph.sides import Lane
from rnnviz.panels.graph.timing import Timing
from rnnviz.panels.losing import Losses
from rnnviz.panels.sight import Sight


@final
class Look:
    """Keeps the numbers of the evaluation that is shown and of the one before the last edit.

    Parameters
    ----------
    losses : Losses
        Finds the gradient of one loss alone.

    Attributes
    ----------
    cell : CellPicture
        Draws the inside of the open cell.
    scale : float or None
        What the reader chose; None fits the graph into its room.
    plan : Plan or None
        How it was laid out last.
    floating : tuple or None
        A word that is being dragged: its step, where it floats, and where it would fall.
    """

    def __init__(self, losses: Losses) -> None:
        self._losses = losses
        self.cell, self._behind = CellPicture(losses.find), Behind()
        self.scale: float | None = None
        self.plan: Plan | None = None
        self.floating: tuple[int, float, int] | None = None
        self._numbers: Numbers | None = None
        self._ghost: Numbers | None = None
        self._flow: Flow | None = None

    def numbers(self, evaluation: Evaluation) -> Numbers:
        """The numbers of an evaluation; those of the last one are kept."""
        if self._numbers is None or self._numbers.evaluation is not evaluation:
            self._numbers = Numbers(evaluation)
        return self._numbers

    def _before(self, sight: Sight, numbers: Numbers) -> Numbers | None:
        ghost = sight.frame.ghost
        if ghost is None or ghost.evaluation is None:
            self._ghost = None  # it would keep old numbers alive
            return None
        if self._ghost is None or self._ghost.evaluation is not ghost.evaluation:
            self._ghost = Numbers(ghost.evaluation)
        steps = [side.steps for side in self._ghost.sides]
        return self._ghost if steps == [side.steps for side in numbers.sides] else None

    def flow(self, sight: Sight, numbers: Numbers) -> Flow | None:
        """The gradients on the edges, on the way back."""
        gradients = None
        if numbers.evaluation.gradients is not None and sight.goes_back:
            gradients = self._losses.find(numbers.evaluation, sight.selection.loss_step)
        if gradients is None:
            self._flow = None  # what was shown before is of another loss, or of other numbers
            return None
        if self._flow is None or self._flow.gradients is not gradients:
            self._flow = Flow(gradients)
        return self._flow

    def head(self, sight: Sight, numbers: Numbers) -> Heading:
        """How the answers are drawn."""
        labels = numbers.document.answers if numbers.trace.logits is not None else ()
        return heading(labels, getattr(numbers.trace.network.head, "kind", ""), sight.theme)

    def told(self, sight: Sight) -> Told | None:
        """What the caption is about."""
        if sight.evaluation is None:
            self._numbers = self._flow = None
            return None
        numbers = self.numbers(sight.evaluation)
        timing = Timing(sight, numbers)
        side, step = place_of(sight, timing)
        lane = lane_at(numbers, timing, side)
        return Told(sight, numbers, timing, lane, (side, step), self.flow(sight, numbers))

    def ask(self, sight: Sight, told: Told, size: tuple[float, float]) -> Ask:
        """What the plan is made for."""
        numbers, head = told.numbers, self.head(sight, told.numbers)
        zoom = min(sight.zoom, 2)
        return Ask(
            numbers.sides,
            size,
            told.lane.part,
            told.place,
            zoom,
            head.height,
            bool(numbers.losses),
            self.scale,
        )

    def draw(
        self, painter: QPainter, hits: HitMap[Item], sight: Sight, size: tuple[float, float]
    ) -> str:
        """Draw the graph; gives the sentence of the moment."""
        told = self.told(sight)
        if told is None:
            self.plan = None
            draw_empty(painter, hits, sight, QRectF(0, 0, *size))
            return ""
        plan = make_plan(self.ask(sight, told, size))
        if sight.zoom == 3:
            plan = replace(plan, scale=1.0, size=size)
        self.plan = plan
        painter.save()
        painter.scale(plan.scale, plan.scale)
        scene = Scene(
            painter,
            Marks(hits, plan.scale),
            sight,
            told.numbers,
            told.timing,
            plan,
            told.flow,
            self._before(sight, told.numbers),
        )
        caption = caption_of(told)
        if sight.zoom == 3:
            draw_filled(scene, self.cell)
        else:
            head = self.head(sight, told.numbers)
            self._behind.draw(scene, head)
            draw_before(scene, head, caption, self.cell)
        if self.floating is not None:
            draw_floating(scene, self.floating)
        painter.restore()
        return caption.text

    def draw_for_room(
        self, painter: QPainter, hits: HitMap[Item], sight: Sight, area: QRectF, size: QSizeF
    ) -> str:
        """Draw the graph for a room: the columns in an area, the sentence over the whole width."""
        told, self.plan = self.told(sight), None
        if told is None:
            draw_large_empty(painter, hits, sight, area)
            return ""
        ask = self.ask(sight, told, (size.width(), size.height()))
        scene = Scene(
            painter,
            Marks(hits, 1.0),
            sight,
            told.numbers,
            told.timing,
            make_plan(replace(ask, zoom=1)),
            told.flow,
            self._before(sight, told.numbers),
        )
        draw_present(scene, told, self.cell, area)
        return caption_of(told).text


def place_of(sight: Sight, timing: Timing) -> tuple[int, int]:
    """The side and the step that are looked at: a chosen step, else the playhead's."""
    side, step = timing.side, timing.step
    chosen = sight.selection.step
    if chosen is not None:
        step = min(chosen, timing.steps(side) - 1)
    return side, step


def lane_at(numbers: Numbers, timing: Timing, side: int) -> Lane:
    """The lane that is looked at."""
    lanes = numbers.sides[side].lanes
    return next((lane for lane in lanes if lane.part == timing.part), lanes[0])
