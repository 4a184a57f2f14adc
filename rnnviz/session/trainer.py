"""The trainer: trains a network in the background, shows how it goes, and can be paused."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event
from typing import Any, TypeAlias, final

import numpy.typing as npt
from PySide6.QtCore import QObject, Signal, Slot

from rnnviz.document.document import Document
from rnnviz.document.history import History, Moment, history_of
from rnnviz.engine.batching import Samples
from rnnviz.engine.errors import EngineError
from rnnviz.engine.recipes import Recipe
from rnnviz.engine.snapshots import Progress, Snapshot
from rnnviz.engine.training import train
from rnnviz.session.album import Album, limit_for
from rnnviz.session.gate import Gate
from rnnviz.session.runner import Report, Runner

PER_SECOND = 15
"""How many snapshots are shown a second."""

SHORT = 0.25
"""Epochs of fewer seconds are shown at their ends only."""

Clock: TypeAlias = Callable[[], float]


@final
@dataclass(frozen=True, eq=False)
class Lesson:
    """What is to be learned.

    Attributes
    ----------
    document : Document
        Its network and weights.
    samples : Samples
        What is learned.
    recipe : Recipe
        How.
    validation : Samples or None
        What is asked after each epoch.
    """

    document: Document
    samples: Samples
    recipe: Recipe
    validation: Samples | None = None


@final
@dataclass(frozen=True, eq=False)
class Trained:
    """What came out.

    Attributes
    ----------
    lesson : Lesson
        What was to be learned.
    history : History
        Moments of the run, from before its first update to its end.
    vector : array
        The weights to keep: the best on validation, else the last.
    ended : str
        Why it ended, as `Snapshot.ended` says.
    """

    lesson: Lesson
    history: History
    vector: npt.NDArray[Any]
    ended: str


def own_samples(document: Document) -> Samples:
    """The document's sequence with its targets, as the one sample there is.

    Raises
    ------
    EngineError
        It has no steps or no targets.
    """
    targets = document.target_ids
    if not document.steps or targets is None:
        raise EngineError("samples: the document has no sequence with targets to learn from")
    inputs: Any = document.sequence if document.vocabulary is None else document.ids
    return Samples([inputs], [targets[0] if document.network.single else targets])


@final
class Trainer(QObject):
    """Runs one training at a time.

    Parameters
    ----------
    runner : Runner
        Its own.
    clock : callable, optional
        The time in seconds.
    parent : QObject, optional
        The owner.
    """

    progressed = Signal(object, object)
    """The run went on: its `Progress` and a `Snapshot`; at most `PER_SECOND` times a second."""
    running_changed = Signal(bool)
    """Whether a run is under way, paused or not."""
    paused_changed = Signal(bool)
    """Whether it rests."""
    ended = Signal(object)
    """A run ended by itself, or was stopped: `Trained`."""
    refused = Signal(object, str)
    """A run could not begin: the `Lesson`, and a sentence that says why."""
    failed = Signal(object)
    """A run ended with a fault of the program: the `Report`."""

    _live = Signal(object, object, object)

    def __init__(
        self, runner: Runner, clock: Clock = time.monotonic, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runner, self._clock = runner, clock
        self._gate: Gate | None = None
        self._live.connect(self._show)
        runner.finished.connect(self._finish)
        runner.failed.connect(self._fail)

    @property
    def is_running(self) -> bool:
        """Whether a run is under way, paused or not."""
        return self._gate is not None

    @property
    def is_paused(self) -> bool:
        """Whether it rests."""
        return self._gate is not None and self._gate.is_closed

    def start(self, lesson: Lesson, paused: bool = False) -> None:
        """Begin a run, if none is under way.

        Parameters
        ----------
        paused : bool
            Whether it rests before the first update.
        """
        if self._gate is not None:
            return
        gate = self._gate = Gate()
        if paused:
            gate.close()
        run = _Run(lesson, gate, self._clock, self._live.emit)
        self.running_changed.emit(True)
        if paused:
            self.paused_changed.emit(True)
        self._runner.request(run, run.work)

    def pause(self) -> None:
        """Rest after the update that is under way."""
        if self._gate is not None and not self._gate.is_closed:
            self._gate.close()
            self.paused_changed.emit(True)

    def resume(self) -> None:
        """Go on."""
        if self._gate is not None and self._gate.is_closed:
            self._gate.open()
            self.paused_changed.emit(False)

    def update_once(self) -> None:
        """Make one update and rest."""
        if self._gate is not None:
            was_closed = self._gate.is_closed
            self._gate.admit_one()
            if not was_closed:
                self.paused_changed.emit(True)

    def stop(self) -> None:
        """End the run and keep what it has learned."""
        if self._gate is not None:
            self._gate.end()

    def cancel(self) -> None:
        """End the run and throw away what it has learned."""
        if self._gate is not None:
            self._gate.end()
            self._runner.cancel()
            self._rest()

    def _rest(self) -> None:
        was_paused, self._gate = self.is_paused, None
        if was_paused:
            self.paused_changed.emit(False)
        self.running_changed.emit(False)

    @Slot(object, object, object)
    def _show(self, run: _Run, progress: Progress, snapshot: Snapshot) -> None:
        if run.gate is self._gate:
            self.progressed.emit(progress, snapshot)
        run.seen.set()

    @Slot(object, object)
    def _finish(self, run: _Run, answer: Trained | EngineError) -> None:
        if run.gate is not self._gate:
            return
        self._rest()
        if isinstance(answer, EngineError):
            self.refused.emit(run.lesson, str(answer))
        else:
            self.ended.emit(answer)

    @Slot(object, object)
    def _fail(self, run: _Run, report: Report) -> None:
        if run.gate is self._gate:
            self._rest()
            self.failed.emit(report)


@final
class _Run:
    """A run, in the other thread."""

    def __init__(
        self,
        lesson: Lesson,
        gate: Gate,
        clock: Clock,
        emit: Callable[[_Run, Progress, Snapshot], object],
    ) -> None:
        self.lesson, self.gate, self.seen = lesson, gate, Event()
        self.seen.set()
        self._clock, self._emit = clock, emit
        self._shown_at = -1.0
        self._epoch_began, self._epoch_took = clock(), float("inf")
        self._progress = Progress(0, lesson.recipe.epochs, 0.0, 0, 0.0)

    def work(self, _: Event) -> Trained | EngineError:
        """Train; a lesson that does not fit is an answer too."""
        try:
            return self._train()
        except EngineError as error:
            return error.with_traceback(None)

    def _train(self) -> Trained:
        lesson = self.lesson
        start = lesson.document.weights.astype(
            lesson.recipe.dtype or lesson.document.weights.vector.dtype
        )
        album = Album(Moment(0, 0, start.vector), limit_for(start.vector.nbytes))
        # Snapshots after every update are what a pause can stop at.
        snapshots = train(
            lesson.document.network,
            start,
            lesson.samples,
            replace(lesson.recipe, every=1),
            lesson.validation,
            self._note,
        )
        vector, ended = start.vector, "stopped"
        while self.gate.wait():
            snapshot = next(snapshots)
            album.add(history_of([snapshot]).moments[0], self._progress.fraction >= 1)
            best = lesson.validation is not None
            vector = (snapshot.best if best else snapshot.weights).vector
            self._show(snapshot)
            if snapshot.ended is not None:
                ended = snapshot.ended
                break
        return Trained(lesson, album.history(ended), vector, ended)

    def _note(self, progress: Progress) -> bool:
        self._progress = progress
        return False

    def _show(self, snapshot: Snapshot) -> None:
        """Send a snapshot home, unless one was sent just now or is not yet shown.

        Where epochs are short it waits for the end of one: the mean over a few batches jumps about.
        """
        now, whole = self._clock(), self._progress.fraction >= 1
        if whole:
            self._epoch_began, self._epoch_took = now, now - self._epoch_began
        rests = self.gate.is_closed or snapshot.ended is not None
        due = now - self._shown_at >= 1 / PER_SECOND and (whole or self._epoch_took > SHORT)
        if rests or self._shown_at < 0 or (due and self.seen.is_set()):
            self._shown_at = now
            self.seen.clear()
            self._emit(self, self._progress, snapshot)
