"""The playhead: where in the story the reader is, and the clock that moves it."""

from __future__ import annotations

from typing import Literal, TypeAlias, final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from rnnviz.session.moments import EMPTY, Moment, Story, next_beat

OPERATION_MS = 240
"""How long an operation, or a few that belong together, are shown at speed 1."""

STEP_MS = 960
"""How long a step is shown at speed 1."""

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""The speeds that are offered; any between the first and the last can be set."""

Stride: TypeAlias = Literal["operation", "step"]


@final
class Playhead(QObject):
    """Holds the moment; moving it computes nothing, so that stepping back is exact.

    Parameters
    ----------
    parent : QObject, optional
        The owner.
    """

    moment_changed = Signal(object, object)
    """The moment changed: the moment, and the one before."""
    story_changed = Signal(object)
    """Another story is told: the `Story`. The moment of it is in place already."""
    playing_changed = Signal(bool)
    """Whether the clock runs."""
    speed_changed = Signal(float)
    """How fast it runs."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._story, self._moment = EMPTY, EMPTY.first
        self._speed = 1.0
        self._stride: Stride = "operation"
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._set_interval()

    @property
    def story(self) -> Story:
        """What is told."""
        return self._story

    @property
    def moment(self) -> Moment:
        """Where the reader is."""
        return self._moment

    @property
    def is_playing(self) -> bool:
        """Whether the clock runs."""
        return self._timer.isActive()

    @property
    def speed(self) -> float:
        """How fast it runs."""
        return self._speed

    @property
    def stride(self) -> Stride:
        """How far a tick of the clock goes."""
        return self._stride

    def show(self, story: Story) -> None:
        """Tell another story, from the moment that comes closest to where the reader was."""
        if story.is_like(self._story):
            self._story = story
            return
        rests = self._story.rests(self._moment) and self._moment.phase != "nothing"
        moment = story.nearest(self._moment, rests)
        self._story = story
        self._set(moment)
        self.story_changed.emit(story)

    def go_to(self, moment: Moment) -> None:
        """Jump to a moment, or to the closest that there is."""
        self._set(self._story.nearest(moment))

    def next_operation(self) -> None:
        """One operation on."""
        self._set(self._story.next(self._moment))

    def previous_operation(self) -> None:
        """One operation back."""
        self._set(self._story.previous(self._moment))

    def next_step(self) -> None:
        """On to the end of a step."""
        self._set(self._story.next_step(self._moment))

    def previous_step(self) -> None:
        """Back to the end of a step."""
        self._set(self._story.previous_step(self._moment))

    def go_to_start(self) -> None:
        """Back to the first operation."""
        self._set(self._story.first)

    def go_to_end(self) -> None:
        """On to the update."""
        self._set(self._story.last)

    def play(self, stride: Stride = "operation") -> None:
        """Let the clock run; from the end it begins again."""
        self._stride = stride
        self._set_interval()
        if self._moment == self._story.last:
            self.go_to_start()
        if not self.is_playing and self._moment != self._story.last:
            self._timer.start()
            self.playing_changed.emit(True)

    def pause(self) -> None:
        """Stop the clock."""
        if self.is_playing:
            self._timer.stop()
            self.playing_changed.emit(False)

    def set_speed(self, speed: float) -> None:
        """Run faster or slower, within the `SPEEDS`."""
        speed = max(SPEEDS[0], min(speed, SPEEDS[-1]))
        if speed != self._speed:
            self._speed = speed
            self._set_interval()
            self.speed_changed.emit(speed)

    def _set_interval(self) -> None:
        whole = OPERATION_MS if self._stride == "operation" else STEP_MS
        self._timer.setInterval(round(whole / self._speed))

    def _set(self, moment: Moment) -> None:
        before, self._moment = self._moment, moment
        if moment != before:
            self.moment_changed.emit(moment, before)

    @Slot()
    def _tick(self) -> None:
        story, moment = self._story, self._moment
        whole = self._stride == "step"
        self._set(story.next_step(moment) if whole else next_beat(story, moment))
        if self._moment == self._story.last:
            self.pause()
