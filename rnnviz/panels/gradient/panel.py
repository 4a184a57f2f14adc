"""The panel of the gradient's size at each step, on a logarithmic axis that is never normalised."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from rnnviz.document.document import NO_CLIP, Clip
from rnnviz.document.edits import SetClip
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.text import Line
from rnnviz.panels.changing import Streak
from rnnviz.panels.cursor import cursor, way_back
from rnnviz.panels.gestures import Drag, Gestures, Item
from rnnviz.panels.gradient import words
from rnnviz.panels.gradient.bracket import source
from rnnviz.panels.gradient.curves import Shown, chosen_loss, shown
from rnnviz.panels.gradient.drags import ClipDrag, TruncationDrag, rounded
from rnnviz.panels.gradient.items import (
    AtStep,
    ClipHandle,
    PartLabel,
    TruncationEnd,
)
from rnnviz.panels.gradient.layout import Geometry, geometry
from rnnviz.panels.gradient.menu import menu
from rnnviz.panels.gradient.painting import StillPart
from rnnviz.panels.gradient.picture import Chart, draw_chart
from rnnviz.panels.gradient.scale import Scale
from rnnviz.panels.gradient.weights import Cuts, Cutting
from rnnviz.panels.losing import Losses
from rnnviz.panels.overflow import OverflowWord
from rnnviz.panels.panel import PanelInfo
from rnnviz.panels.picture import PicturePanel
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import noop
from rnnviz.session.selection import Spot

WIDE = 420
"""From this width on, the title names the word of a chosen loss."""


@final
class GradientPanel(PicturePanel):
    """How large the gradient is at each step of the selected layer and direction."""

    info = PanelInfo(
        "gradient",
        noop("PanelInfo", "Gradient"),
        "dock",
        noop(
            "PanelInfo",
            "The size of the loss's gradient by each state at each step, on a fixed logarithmic "
            "scale. Drag the handle at the right to clip the gradient of the weights; right-click "
            "for more.",
        ),
        width=336,
    )
    grows = True

    def __init__(self, sight: Sight, parent: QWidget | None = None) -> None:
        gestures = Gestures(
            click=self._click,
            double_click=self._double_click,
            drag=self._drag_of,
            wheel=self._wheel,
            key=self._key,
            wants=self._wants,
            spot=self._spot,
            menu=lambda item: menu(self, item),
            table=lambda: words.table(self.seen),
        )
        super().__init__(sight, gestures, parent)
        self.scale = Scale()
        self._losses = Losses(self._forget, self)
        self._still, self._streak = StillPart(), Streak()
        self._known: tuple[tuple[object, ...], Shown] | None = None
        self._cuts = Cuts()
        self.legend = self._draw_legend
        self.set_caption(words.caption(sight, wide=True))

    @property
    def seen(self) -> Shown:
        """What the chart shows."""
        sight, now = self.sight, self.sight.evaluation
        ghost = sight.frame.ghost
        before = None if ghost is None else ghost.evaluation
        key = (
            None if now is None else now.gradients,
            None if now is None else now.trace,
            None if before is None else before.gradients,
            sight.selection.path.rpartition("/")[0],
            chosen_loss(sight),
        )
        if self._known is None or self._known[0] != key or self._known[1].waits:
            self._known = (key, shown(sight, self._losses.find))
        return self._known[1]

    @property
    def cut(self) -> Cutting | None:
        """What clipping does to the gradient of the weights."""
        return self._cuts.of(self.sight.evaluation)

    @property
    def clip(self) -> Clip:
        """How the document clips."""
        return self.sight.document.clip

    @property
    def place(self) -> Geometry:
        """Where the parts of the chart lie."""
        truncated = self.sight.document.truncate is not None and bool(self.seen.curves)
        ends = self.scale.ends(self.sight.theme)
        return geometry(self.room, ends, self.seen.steps, truncated)

    @property
    def at(self) -> int | None:
        """The column of the cursor."""
        return cursor(self.sight, self.seen.part, self.seen.steps)

    @property
    def start(self) -> int:
        """The step of the loss whose truncated way is shown."""
        return source(self.seen, self.sight.document.network.single, self.at)

    def _forget(self) -> None:
        self._known = None
        self.update()

    def _follow(self, now: Sight, before: Sight) -> None:
        if now.frame is not before.frame or now.selection != before.selection:
            self.set_caption(words.caption(now, self.width() >= WIDE))
            self.caption_changed.emit()
        if not now.charts_as(before):
            self.update()

    def _draw(self, painter: QPainter, hits: HitMap[Item]) -> None:
        sight, seen = self.sight, self.seen
        ghost = sight.frame.ghost
        self._cuts.keep(sight.evaluation, None if ghost is None else ghost.evaluation)
        hover = sight.hover.step if sight.hover is not None else None
        chart = Chart(
            self.place,
            seen,
            sight.theme,
            self.at,
            hover if hover is not None and hover < seen.steps else None,
            self.clip,
            None if ghost is None else ghost.document.clip,
            self.cut,
            None if ghost is None or not seen.before else self._cuts.of(ghost.evaluation),
            sight.document.truncate,
            self.start,
            sight.evaluation,
        )
        draw_chart(painter, hits, chart, self._still, self.room)

    def _draw_legend(self, painter: QPainter, box: QRectF) -> None:
        seen, theme = self.seen, self.sight.theme
        self.draw_grown(painter, box, lambda p, b: words.draw_legend(p, b, seen, theme))

    def describe(self, item: Item) -> Line:
        """The numbers of an item."""
        return words.describe(item, self.seen, self.cut, self.sight.document, self.sight.theme)

    def _spot(self, item: Item) -> Spot | None:
        if isinstance(item, AtStep) and self.seen.curves:
            return Spot(self.seen.curves[0].path, self.sight.selection.unit, item.step)
        return None

    def _click(self, item: Item, _: Qt.KeyboardModifier) -> None:
        match item:
            case AtStep(step) if step < self.seen.steps:
                self.selection_requested.emit({"step": None})
                seen = self.seen
                self.moment_requested.emit(way_back(self.sight, seen.part, step, seen.steps))
            case PartLabel(part):
                for curve in self.seen.curves:
                    if curve.part == part:
                        self.selection_requested.emit({"path": curve.path})
            case OverflowWord():
                self.command_requested.emit("undo", None)

    def _double_click(self, item: Item, _: Qt.KeyboardModifier) -> None:
        if isinstance(item, ClipHandle):
            kind = "norm" if self.clip.kind == "none" else "none"
            self.edit_requested.emit(SetClip(kind, self.clip.limit))  # type: ignore[arg-type]
        else:
            self.reset_scale()

    def reset_scale(self) -> None:
        """Show the fixed scale again."""
        self.scale.reset()
        self.update()

    def _drag_of(self, item: Item, _: QPointF) -> Drag | None:
        place, document = self.place, self.sight.document
        if isinstance(item, ClipHandle):
            return ClipDrag(document.clip, place, self.edit_requested.emit)
        if isinstance(item, TruncationEnd) and document.truncate is not None:
            turned, start = self.seen.reads_backward, self.start
            return TruncationDrag(document.truncate, start, turned, place, self.edit_requested.emit)
        return None

    def _wheel(self, item: Item | None, notches: float, _: Qt.KeyboardModifier) -> bool:
        seen, at = self.seen, self.at
        step = item.step if isinstance(item, AtStep) and item.step < seen.steps else at
        value = seen.curves[0].values[step] if seen.curves and step is not None else None
        if self.scale.turn(notches, value):
            self.update()
        return True

    def _wants(self, event: QKeyEvent) -> bool:
        return event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.modifiers()

    def _key(self, event: QKeyEvent) -> bool:
        """Up and down move the clip line by a quarter of a power of ten."""
        if not self._wants(event) or self.cut is None:
            return False
        clip, up = self.clip, event.key() == Qt.Key.Key_Up
        if clip == NO_CLIP or clip.kind == "none":
            self.edit_requested.emit(SetClip("norm", clip.limit))
            return True
        limit = rounded(clip.limit * 10 ** (0.25 if up else -0.25))
        if 0 < limit < 1e300:
            self.edit_requested.emit(SetClip(clip.kind, limit, gesture=self._streak.number(self)))
        return True
