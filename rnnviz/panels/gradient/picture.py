"""Puts the gradient's chart together, and notes what is where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter

from rnnviz.document.document import Clip
from rnnviz.document.evaluate import Evaluation
from rnnviz.panels.canvas.hit import Field, HitMap
from rnnviz.panels.canvas.labels import draw_choice
from rnnviz.panels.canvas.step_labels import draw_step_labels
from rnnviz.panels.canvas.strokes import cursor_frame, filled
from rnnviz.panels.canvas.text import draw_in, draw_text, elided, run
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.gestures import Item
from rnnviz.panels.gradient.bracket import draw_bracket
from rnnviz.panels.gradient.curves import Shown
from rnnviz.panels.gradient.items import (
    AtStep,
    ClipHandle,
    TruncationEnd,
    WeightsMark,
)
from rnnviz.panels.gradient.labels import draw_labels
from rnnviz.panels.gradient.layout import Geometry
from rnnviz.panels.gradient.painting import StillPart, draw_cut, draw_hover, draw_number
from rnnviz.panels.gradient.weights import (
    Cutting,
    draw_clip,
    draw_weights,
    draw_weights_name,
)
from rnnviz.panels.overflow import OverflowWord, overflow_text
from rnnviz.panels.texts import translate


@dataclass(frozen=True, eq=False)
class Chart:
    """All that one picture depends on.

    Attributes
    ----------
    place, seen, theme
        Where, what and in which colours.
    at, hover : int or None
        The columns of the cursor and of the mouse.
    clip, clip_before : Clip
        Now, and before the last edit.
    cut, cut_before : Cutting or None
        What clipping does to the weights' gradient.
    truncate : int or None
        Through how many steps an error travels.
    start : int
        The step of the loss whose truncated way is shown.
    evaluation : Evaluation or None
        What was computed.
    """

    place: Geometry
    seen: Shown
    theme: Theme
    at: int | None
    hover: int | None
    clip: Clip
    clip_before: Clip | None
    cut: Cutting | None
    cut_before: Cutting | None
    truncate: int | None
    start: int
    evaluation: Evaluation | None


def draw_chart(
    painter: QPainter, hits: HitMap[Item], chart: Chart, still: StillPart, box: QSizeF
) -> None:
    """Draw everything."""
    place, seen, theme = chart.place, chart.seen, chart.theme
    still.draw(painter, box, place, seen, theme)
    if not seen.curves:
        _draw_nothing(painter, chart)
        return
    hits.add_field(columns_field(place))
    xs = place.columns.xs()
    draw_step_labels(painter, xs, seen.words, place.baseline, theme, chart.at)
    _draw_weights(painter, hits, chart, box.width())
    if chart.hover is not None and chart.hover != chart.at:
        draw_hover(painter, place, chart.hover, theme)
    _draw_truncation(painter, hits, chart)
    draw_labels(painter, hits, place, seen, chart.at, theme)
    if chart.at is not None:
        frame = place.columns.box(chart.at, place.axis.top - 3, place.axis.foot + 3)
        cursor_frame(painter, frame, theme)
        draw_number(painter, place, seen, chart.at, theme)
    _draw_overflow(painter, hits, chart)


def columns_field(place: Geometry) -> Field[Item]:
    """The columns, found by arithmetic."""
    top, foot = place.axis.top, place.axis.foot

    def at(point: QPointF) -> Item | None:
        step = place.columns.at(point.x())
        return None if step is None else AtStep(step)

    def box_of(item: Item) -> QRectF | None:
        inside = isinstance(item, AtStep) and item.step < place.columns.count
        return place.columns.box(item.step, top, foot) if inside else None  # type: ignore[attr-defined]

    return Field(place.plot.adjusted(0, 0, 0, 20), at, box_of)


def _draw_nothing(painter: QPainter, chart: Chart) -> None:
    """Why there is no curve."""
    theme = chart.theme
    text = run(_why_nothing(chart), theme.type.hint, theme.colours.tx2)
    words = elided(text, chart.place.plot.width() - 8)
    centre = chart.place.plot.center()
    draw_text(painter, centre.x(), centre.y(), words, "middle")


def _why_nothing(chart: Chart) -> str:
    if chart.evaluation is None:
        return translate("GradientPanel", "the sequence is empty")
    if chart.seen.waits:
        return translate("GradientPanel", "the gradient of this loss is being computed …")
    head = chart.evaluation.trace.network.head
    if head is None:
        return translate("GradientPanel", "no answers: choose a task at the top")
    if head.kind == "regression":
        return translate("GradientPanel", "no targets, so there is no loss")
    return translate("GradientPanel", "no loss yet: click an answer to set a target")


def _draw_weights(painter: QPainter, hits: HitMap[Item], chart: Chart, wide: float) -> None:
    place, theme = chart.place, chart.theme
    handle = draw_clip(painter, place, chart.clip, chart.clip_before, theme, wide)
    # What is clipped, and shown here, is the gradient of the whole loss.
    if chart.cut is not None and chart.seen.loss is None:
        before = None if chart.cut_before is None else chart.cut_before.before
        box = draw_weights(painter, place, chart.cut, before, theme)
        draw_weights_name(painter, place, theme)
        hits.add(box, WeightsMark())
    hits.add(handle, ClipHandle())


def _draw_truncation(painter: QPainter, hits: HitMap[Item], chart: Chart) -> None:
    limit, seen = chart.truncate, chart.seen
    if limit is None:
        return
    end = draw_bracket(painter, chart.place, seen, chart.start, limit, chart.theme)
    hits.add(end, TruncationEnd())
    # The score of a CRF's path comes from every step, so that its curve ends nowhere.
    single = chart.evaluation is not None and chart.evaluation.document.network.single
    if seen.loss is not None or single:
        draw_cut(painter, chart.place, seen, limit, chart.theme)


def _draw_overflow(painter: QPainter, hits: HitMap[Item], chart: Chart) -> None:
    """The word "overflow" and the step where it began."""
    evaluation = chart.evaluation
    if evaluation is None or evaluation.gradients is None:
        return
    if np.isfinite(chart.seen.curves[0].norms).all():
        return
    found = evaluation.trace.overflow or evaluation.gradients.overflow
    text = overflow_text(None if found is None else found.step)
    place, theme = chart.place, chart.theme
    wide = min(128.0, place.plot.width() - 16)
    box = QRectF(place.left + 8, place.axis.y_of_power(0) - 8, wide, 42)
    box.moveBottom(min(box.bottom(), place.axis.foot - 4))
    filled(painter, box, theme.colours.bg1, 4)
    words = run(text, theme.type.control_on, theme.colours.err)
    if words.width > wide:
        words = run(text, theme.type.small, theme.colours.err)
    draw_in(painter, QRectF(box.left(), box.top(), wide, 18), words, "start")
    button = QRectF(box.left(), box.bottom() - 22, wide, 22)
    draw_choice(painter, button, translate("GradientPanel", "Undo the last edit"), theme, False)
    hits.add(button, OverflowWord(None if found is None else found.step))
