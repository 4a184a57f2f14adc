"""The panel of step-to-step factors: why a gradient vanishes or explodes, and how a road helps."""

from __future__ import annotations

from functools import partial
from typing import final

from PySide6.QtCore import QRectF, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from rnnviz.document.evaluate import Evaluation
from rnnviz.panels.background import Background
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.layer import StaticLayer
from rnnviz.panels.canvas.step_labels import draw_step_labels
from rnnviz.panels.canvas.strokes import cursor_frame, dashed_hairline
from rnnviz.panels.canvas.text import Line
from rnnviz.panels.cursor import cursor, way_back
from rnnviz.panels.factors.items import AtStep, Compute, OtherUnit, columns_field, describe
from rnnviz.panels.factors.layout import Geometry, geometry
from rnnviz.panels.factors.numbers import (
    AT_ONCE,
    UNASKED,
    Full,
    Subject,
    compute,
    subject,
    table,
)
from rnnviz.panels.factors.painting import (
    draw_before,
    draw_factors,
    draw_ground,
    draw_left,
    draw_legend,
    draw_spread,
)
from rnnviz.panels.factors.sentences import Told, draw_empty, draw_sentences
from rnnviz.panels.gestures import Gestures, Item, Table
from rnnviz.panels.panel import PanelInfo
from rnnviz.panels.picture import PicturePanel
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import noop
from rnnviz.session.selection import Spot


@final
class FactorsPanel(PicturePanel):
    """By how much each step back multiplies a gradient, and what is left of it."""

    info = PanelInfo(
        "factors",
        noop("PanelInfo", "Step-to-step factors"),
        "dock",
        noop(
            "PanelInfo",
            "By how much each step back multiplies a gradient: along the road, which is "
            "elementwise, and along all paths, as the norm of the Jacobian. Below, the products up "
            "to each step.",
        ),
        shown=False,
        width=320,
    )
    grows = True

    def __init__(self, sight: Sight, parent: QWidget | None = None) -> None:
        gestures = Gestures(
            click=self._click,
            wheel=self._wheel,
            key=self._key,
            wants=self._wants,
            spot=self._spot,
            table=self.table,
        )
        super().__init__(sight, gestures, parent)
        self._background = Background("factors", self)
        self._background.arrived.connect(self._arrive)
        self._abouts: dict[tuple[object, str], Subject | None] = {}
        self._fulls: dict[Subject, Full | None] = {}
        self._ground, self._curves = StaticLayer(), StaticLayer()
        self._turned = 0.0
        self.legend = self._draw_legend

    @property
    def about(self) -> Subject | None:
        """What the factors are of."""
        found = self._about_of(self.sight.evaluation)
        kept = (found, self.before)
        self._abouts = {key: one for key, one in self._abouts.items() if one in kept}
        self._fulls = {one: full for one, full in self._fulls.items() if one in kept}
        return found

    @property
    def before(self) -> Subject | None:
        """What they were of before the last edit."""
        ghost = self.sight.frame.ghost
        return None if ghost is None else self._about_of(ghost.evaluation)

    def _about_of(self, evaluation: Evaluation | None) -> Subject | None:
        if evaluation is None:
            return None
        key = (evaluation.trace, self.sight.selection.path.rpartition("/")[0])
        if key not in self._abouts:
            self._abouts[key] = subject(evaluation, self.sight.selection)
        return self._abouts[key]

    @property
    def full(self) -> Full | None:
        """The full factors; None where they are not computed yet."""
        about = self.about
        found = self._full_of(about)
        if about is not None and about not in self._fulls and about.seconds <= UNASKED:
            self._background.ask(about, partial(compute, about))
        return found

    def _full_of(self, about: Subject | None) -> Full | None:
        """What is known, or what is known at once."""
        if about is None:
            return None
        if about not in self._fulls and about.seconds <= AT_ONCE:
            self._fulls[about] = compute(about, lambda: False)
        return self._fulls.get(about)

    @property
    def unit(self) -> int:
        """The unit whose road is shown."""
        about = self.about
        units = 1 if about is None or about.road is None else about.road.factors.shape[1]
        return min(self.sight.selection.unit, units - 1)

    @Slot(object, object)
    def _arrive(self, about: Subject, answer: Full | None) -> None:
        self._fulls[about] = answer
        self.update()

    def _follow(self, now: Sight, before: Sight) -> None:
        if now.frame is not before.frame or now.selection.path != before.selection.path:
            self.caption_changed.emit()
        if not now.charts_as(before):
            self.update()

    def _draw(self, painter: QPainter, hits: HitMap[Item]) -> None:
        about, full, theme, size = self.about, self.full, self.sight.theme, self.room
        place = geometry(size, theme.scales.gradient_axis, 0 if about is None else about.steps)
        self._ground.draw(
            painter, size, (place, theme.name), lambda p: draw_ground(p, place, theme)
        )
        if about is None:
            draw_empty(painter, self.room.width(), theme)
            return
        unit, before = self.unit, self.before
        full_before = self._full_of(before)

        def paint(inner: QPainter) -> None:
            draw_spread(inner, place, about.road, theme)
            if before is not None and before is not about:
                draw_before(inner, place, before, full_before, unit, theme)
            draw_factors(inner, place, about, full, unit, theme)
            draw_left(inner, place, about, full, unit, theme)

        key = (about, full, before, full_before, unit, place, theme.name)
        self._curves.draw(painter, size, key, paint)
        hits.add_field(columns_field(place))
        self._draw_cursor(painter, place, about)
        works = self._background.asked is about
        told = Told(about, full, unit, works, self.room.width(), theme)
        draw_sentences(painter, hits, told)

    def _draw_cursor(self, painter: QPainter, place: Geometry, about: Subject) -> None:
        theme, hover = self.sight.theme, self.sight.hover
        at = cursor(self.sight, about.part, about.steps)
        draw_step_labels(painter, place.columns.xs(), about.words, place.baseline, theme, at)
        if hover is not None and hover.step < about.steps and hover.step != at:
            x = place.columns.x(hover.step)
            ends = (x, place.top), (x, place.axis.foot)
            dashed_hairline(painter, *ends, theme.colours.tx3, (2, 2))
        if at is not None:
            cursor_frame(painter, place.columns.box(at, place.top - 3, place.axis.foot + 3), theme)

    def _draw_legend(self, painter: QPainter, box: QRectF) -> None:
        about = self.about
        road, theme = None if about is None else about.road, self.sight.theme
        self.draw_grown(painter, box, lambda p, b: draw_legend(p, b, road, theme))

    def describe(self, item: Item) -> Line:
        """The factors of a column."""
        return describe(item, self.about, self.full, self.unit, self.sight.theme)

    def _click(self, item: Item, _: Qt.KeyboardModifier) -> None:
        about = self.about
        match item:
            case AtStep(step) if about is not None and step < about.steps:
                self.moment_requested.emit(way_back(self.sight, about.part, step, about.steps))
            case OtherUnit(by):
                self._choose(by)
            case Compute() if about is not None:
                self._background.ask(about, partial(compute, about), 0)
                self.update()

    def _choose(self, by: int) -> None:
        about = self.about
        if about is not None and about.road is not None:
            unit = max(0, min(self.unit + by, about.road.factors.shape[1] - 1))
            self.selection_requested.emit({"unit": unit})

    def _wheel(self, _item: Item | None, notches: float, _: Qt.KeyboardModifier) -> bool:
        """Another unit."""
        self._turned -= notches
        whole = int(self._turned)
        if whole:
            self._turned -= whole
            self._choose(whole)
        return True

    def _wants(self, event: QKeyEvent) -> bool:
        return event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.modifiers()

    def _key(self, event: QKeyEvent) -> bool:
        if self._wants(event):
            self._choose(1 if event.key() == Qt.Key.Key_Down else -1)
            return True
        return False

    def _spot(self, item: Item) -> Spot | None:
        about = self.about
        if not isinstance(item, AtStep) or about is None:
            return None
        layer = about.evaluation.trace.runs[about.part.rpartition("/")[0]].layer
        state = layer.cell.states[0] if about.road is None else about.road.state
        return Spot(f"{about.part}/{state}", self.sight.selection.unit, item.step)

    def table(self) -> Table:
        """One row a step."""
        about, full = self.about, self.full
        if about is None:
            return []
        return table(about, full, self.unit)
