"""The transport: one scrubber over the whole story, the buttons before it, the speed behind it."""

from __future__ import annotations

from typing import ClassVar, final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QWidget

from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.panels.canvas.hit import Field, HitMap
from rnnviz.panels.canvas.strokes import hairlines
from rnnviz.panels.canvas.text import Line
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.gestures import Drag, Gestures, Item
from rnnviz.panels.panel import PanelInfo
from rnnviz.panels.picture import PicturePanel
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import noop
from rnnviz.panels.transport.bar import Bar
from rnnviz.panels.transport.buttons import ground
from rnnviz.panels.transport.drawing import Scene, draw_heads, draw_scrubber
from rnnviz.panels.transport.rows import rows_of
from rnnviz.panels.transport.track import STEPS, Track
from rnnviz.panels.transport.words import Operations, describe_moment, phase_name, words_of
from rnnviz.session.moments import Moment, Phase
from rnnviz.session.telling import told_part


@final
class Scrub:
    """A drag of the playhead, operation by operation."""

    def __init__(self, panel: TransportPanel, at: QPointF) -> None:
        self._panel = panel
        self._start = panel.sight.moment
        self._y = at.y()

    def move(self, at: QPointF, _: Qt.KeyboardModifier) -> None:
        """Follow the pointer, also beyond the ends."""
        moment = self._panel.moment_at(QPointF(at.x(), self._y))
        if moment is not None and moment != self._panel.sight.moment:
            self._panel.moment_requested.emit(moment)

    def drop(self) -> None:
        """Stay."""

    def cancel(self) -> None:
        """Go back to where it began."""
        self._panel.moment_requested.emit(self._start)


@final
class TransportPanel(PicturePanel):
    """Tells where in the story the reader is, and goes elsewhere.

    Parameters
    ----------
    sight : Sight
        What is shown first.
    parent : QWidget, optional
        The owner.
    """

    info: ClassVar[PanelInfo] = PanelInfo(
        id="transport",
        title=noop("PanelInfo", "Transport"),
        area="transport",
        help=noop(
            "PanelInfo",
            "The whole story on one track: forward step by step, the loss, backward, the update. "
            "Click to jump, drag to scrub operation by operation, turn the wheel to step.",
        ),
    )

    def __init__(self, sight: Sight, parent: QWidget | None = None) -> None:
        gestures = Gestures(click=self._click, drag=self._scrub, wheel=self._wheel)
        super().__init__(sight, gestures, parent)
        self._operations = Operations()
        self._turned = 0.0
        self._scene: Scene | None = None
        self._bar = Bar(self, self._look, self._run)
        self._show_state()

    def _look(self) -> Theme:
        return self.sight.theme

    def _run(self, name: str, argument: object) -> None:
        self.command_requested.emit(name, argument)

    # -------------------------------------------------------------------------------- gestures

    def moment_at(self, at: QPointF) -> Moment | None:
        """The moment at a place of the scrubber, or at the end that is nearest."""
        scene = self._scene
        if scene is None:
            return None
        x = at.x()
        if len(scene.rows.tracks) == 2 and at.y() > scene.rows.height / 2:
            mirrored = scene.track.mirrored(x)
            found = scene.track.at(mirrored)
            if found is not None and found.phase in scene.twice:
                return found
        return scene.track.at(x)

    def _click(self, item: Item, _: Qt.KeyboardModifier) -> None:
        self.moment_requested.emit(item)

    def _scrub(self, _: Item, at: QPointF) -> Drag:
        if self.sight.playing:
            self._run("play", None)
        return Scrub(self, at)

    def _wheel(self, _: Item | None, notches: float, __: Qt.KeyboardModifier) -> bool:
        self._turned += notches
        whole = int(self._turned)
        self._turned -= whole
        for _number in range(min(abs(whole), 20)):
            self._run("next_step" if whole > 0 else "previous_step", None)
        return True

    # ------------------------------------------------------------------------------- the picture

    def describe(self, item: Item) -> Line:
        """The step, its word and the operation."""
        evaluation = self.sight.evaluation
        if not isinstance(item, Moment) or evaluation is None:
            return ()
        part = self.sight.selection.part
        return describe_moment(evaluation, part, item, self._operations, self.sight.theme)

    def _follow(self, now: Sight, before: Sight) -> None:
        same = _told(now) == _told(before)
        if not same:
            self._show_state()
        if now.evaluation is not before.evaluation:
            self._operations = Operations()
        if now.moment != before.moment and QAccessible.isActive() and self.isVisible():
            said = self.text_of(now.moment)
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, said))
        if not same or (now.moment, now.waiting) != (before.moment, before.waiting):
            self.update()

    def _show_state(self) -> None:
        sight = self.sight
        two = any(len(self._ways(phase)) > 1 for phase in STEPS if sight.story.length(phase))
        self.setFixedHeight(round(rows_of(two, sight.present).height * self.grown))
        self._bar.show_sight(sight)

    def _ways(self, phase: Phase) -> tuple[str, ...]:
        """The directions of the layer that a phase tells of."""
        evaluation = self.sight.evaluation
        if evaluation is None:
            return ()
        part = told_part(evaluation, self.sight.selection.part, phase)
        prefix = part.rpartition("/")[0]
        return tuple(evaluation.trace.runs[prefix].tapes) if part else ()

    def _draw(self, painter: QPainter, hits: HitMap[Item]) -> None:
        sight = self.sight
        paint = sight.theme.colours
        wide, high = self.room.width(), self.room.height()
        hairlines(painter, [(0, 0, wide, 0), (0, high - 1, wide, high - 1)], paint.line)
        if not self._bar.field.isEmpty():
            ground(sight.theme, painter, self._bar.field)
        scene = self._scene = self._laid_out()
        draw_scrubber(painter, scene)
        hovered = self.hovered
        draw_heads(painter, scene, hovered if isinstance(hovered, Moment) else None)
        track = scene.track
        if track.spans:
            area = QRectF(track.left - 8, 2, track.right - track.left + 16, high - 4)
            hits.add_field(Field(area, self.moment_at, self._box_of))

    def _box_of(self, item: Item) -> QRectF | None:
        if self._scene is None or not isinstance(item, Moment):
            return None
        return self._scene.track.box(item, self._scene.rows.tracks[0], self._scene.rows.high)

    def _laid_out(self) -> Scene:
        sight = self.sight
        ways = {phase: self._ways(phase) for phase in STEPS if sight.story.length(phase)}
        twice = frozenset(phase for phase, found in ways.items() if len(found) > 1)
        evaluation, encoded = sight.evaluation, sight.story.encoded > 0
        rows = rows_of(bool(twice), sight.present)
        return Scene(
            sight,
            Track(sight.story, *self._bar.edges, rows.grown),
            rows,
            twice,
            frozenset(phase for phase, found in ways.items() if found == ("backward",)),
            lambda phase: phase_name(phase, encoded),
            lambda phase: words_of(evaluation, phase),
        )

    # ------------------------------------------------------------------------------ Qt's own

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the buttons in their places."""
        super().resizeEvent(event)
        self._bar.place()


def _state(sight: Sight) -> tuple[object, ...]:
    """What decides how the buttons look and where they stand."""
    look = (sight.theme, sight.present, sight.scale)
    return (sight.playing, sight.speed, sight.story, *look)


def _told(sight: Sight) -> tuple[object, ...]:
    """All of a sight that is drawn beside the moment: no numbers, but what decides the story.

    A decoder reads its own answers, so that its words follow the numbers.
    """
    evaluation, document = sight.evaluation, sight.document
    parts = (document.network, document.sequence, document.holds, document.targets)
    decodes = evaluation is not None and isinstance(document.network, EncoderDecoder)
    return (
        (sight.theme, sight.present, sight.scale, sight.playing, sight.speed, sight.selection.part),
        (evaluation is None, document.loss_steps, document.truncate),
        tuple(map(id, parts)),
        words_of(evaluation, "forward") if decodes else None,
    )
