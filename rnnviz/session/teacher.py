"""The teacher: reads what is to be learned, lets the trainer run, and tells how it goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Event
from typing import TYPE_CHECKING, Any, final

from PySide6.QtCore import QObject, Signal, Slot

from rnnviz.document.data_choice import OWN, Data
from rnnviz.document.document import Document
from rnnviz.engine.errors import EngineError
from rnnviz.engine.snapshots import Progress, Snapshot
from rnnviz.session.runner import Report, Runner
from rnnviz.session.store import DocumentStore
from rnnviz.session.trainer import Lesson, Trained, Trainer, own_samples
from rnnviz.session.training import IDLE, Training, point_of, with_point

if TYPE_CHECKING:
    from rnnviz.document.learning.fitting import Learned


@final
@dataclass(frozen=True, eq=False)
class _Wish:
    """A run that waits for its data."""

    document: Document
    data: Data
    paused: bool


@final
class Teacher(QObject):
    """Holds what is seen of training.

    Parameters
    ----------
    store : DocumentStore
        Whose document is trained.
    trainer : Trainer
        Runs the training.
    runner : Runner
        Reads data in the background.
    parent : QObject, optional
        The owner.
    """

    training_changed = Signal(object)
    """Something else is to be seen: the `Training`."""
    failed = Signal(object)
    """A fault of the program while data were read: the `Report`."""

    def __init__(
        self, store: DocumentStore, trainer: Trainer, runner: Runner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store, self._trainer, self._runner = store, trainer, runner
        self._training = IDLE
        self._known: tuple[_Wish, Learned] | None = None
        runner.finished.connect(self._begin)
        runner.failed.connect(self._fail)
        trainer.progressed.connect(self._note)
        trainer.running_changed.connect(self._follow_run)
        trainer.paused_changed.connect(self._follow_pause)
        trainer.ended.connect(self._tell_end)
        trainer.refused.connect(self._refuse)
        store.changed.connect(self._follow_document)

    @property
    def training(self) -> Training:
        """What is seen."""
        return self._training

    def choose(self, data: Data) -> None:
        """Learn from other data from the next run on."""
        if not self._training.running:
            self._change(data=data, message="", refused=False)

    def start(self, paused: bool = False) -> None:
        """Begin a run, or go on with the one that rests.

        Parameters
        ----------
        paused : bool
            Whether a new run rests after its first update.
        """
        if self._trainer.is_running:
            self._trainer.resume()
            return
        wish = _Wish(self._store.document, self._training.data, paused)
        if wish.data == OWN:
            self._begin_own(wish)
        elif self._known is not None and _same(self._known[0], wish):
            self._begin(wish, self._known[1])
        else:
            self._change(loading=True, message=self.tr("Reading the data…"), refused=False)
            self._runner.request(wish, lambda _: _learned(wish))

    def step(self) -> None:
        """Make one update."""
        if self._trainer.is_running:
            self._trainer.update_once()
        else:
            self.start(paused=True)

    def cancel(self) -> None:
        """Wait for no data any more."""
        self._runner.cancel()
        if self._training.loading:
            self._change(loading=False, message="")

    def reset(self) -> None:
        """Forget all, as another document is open."""
        self.cancel()
        self._known = None
        self._set(IDLE)

    def view(self, moment: int | None) -> None:
        """Say whose weights are shown: those of a moment of the document's history, or its own."""
        if moment != self._training.viewed:
            self._change(viewed=moment)

    def _begin_own(self, wish: _Wish) -> None:
        document = wish.document
        if document.network.head is None or not document.steps or document.targets is None:
            words = self.tr("There are no targets to learn from: set some in Outputs and loss.")
            self._change(message=words, refused=True)
            return
        try:
            samples = own_samples(document)
        except EngineError as error:
            self._change(message=str(error), refused=True)
            return
        loss_steps = document.recipe.loss_steps or document.loss_steps
        recipe = replace(document.recipe, patience=None, probe=0, loss_steps=loss_steps)
        self._run(Lesson(document, samples, recipe), wish.paused)

    @Slot(object, object)
    def _begin(self, wish: _Wish, answer: Learned | EngineError) -> None:
        if isinstance(answer, EngineError):
            self._change(loading=False, message=str(answer), refused=True)
            return
        self._known = (wish, answer)
        self._change(loading=False, message="")
        document = self._store.document
        if not _same(wish, _Wish(document, wish.data, wish.paused)):
            self._change(message=self.tr("The document has changed: train once more."))
            return
        recipe = document.recipe
        if answer.validation is None:
            recipe = replace(recipe, patience=None)
        recipe = replace(recipe, probe=min(recipe.probe, len(answer.samples) - 1))
        self._run(Lesson(document, answer.samples, recipe, answer.validation), wish.paused)

    def _run(self, lesson: Lesson, paused: bool) -> None:
        self._trainer.start(lesson, paused)
        if paused:
            self._trainer.update_once()

    @Slot(object, object)
    def _fail(self, _: object, report: Report) -> None:
        self._change(loading=False, message=report.sentence, refused=True)
        self.failed.emit(report)

    @Slot(object, object)
    def _note(self, progress: Progress, snapshot: Snapshot) -> None:
        self._change(
            points=with_point(self._training.points, point_of(snapshot)),
            gradient=snapshot.h_norms,
            epoch=snapshot.epoch,
            epochs=progress.epochs,
            update=snapshot.update,
        )

    @Slot(bool)
    def _follow_run(self, running: bool) -> None:
        if running:
            self._change(
                running=True, points=(), gradient={}, message="", refused=False, viewed=None
            )
        else:
            self._change(running=False, points=(), update=0, epoch=0)

    @Slot(bool)
    def _follow_pause(self, paused: bool) -> None:
        self._change(paused=paused)

    @Slot(object)
    def _tell_end(self, trained: Trained) -> None:
        updates = trained.history.moments[-1].update
        words = {
            "done": self.tr("Done after {updates} updates."),
            "early stopping": self.tr("Ended after {updates} updates: it no longer improved."),
            "stopped": self.tr("Stopped after {updates} updates."),
        }.get(trained.ended)
        if not updates:
            words = self.tr("Stopped before the first update.")
        bad = words is None
        text = words or self.tr("Ended after {updates} updates: {reason}.")
        told = text.format(updates=f"{updates:,}", reason=trained.ended)
        self._change(message=told, refused=bad)

    @Slot(object, str)
    def _refuse(self, _: object, reason: str) -> None:
        self._change(message=reason, refused=True)

    @Slot(object, object)
    def _follow_document(self, before: Document, after: Document) -> None:
        if after.weights is not before.weights or after.history is not before.history:
            self.view(None)

    def _change(self, **parts: Any) -> None:
        self._set(replace(self._training, **parts))

    def _set(self, training: Training) -> None:
        self._training = training
        self.training_changed.emit(training)


def _learned(wish: _Wish, _: Event | None = None) -> Learned | EngineError:
    # All data sets and samples hang on this, which no window needs to open.
    from rnnviz.document.learning.fitting import learned_from

    try:
        return learned_from(wish.document, wish.data)
    except EngineError as error:
        return error.with_traceback(None)
    except OSError as error:
        return EngineError(f"{wish.data.path}: {error.strerror or error}")


def _same(one: _Wish, other: _Wish) -> bool:
    """Whether two runs learn the same: the data, and how they are encoded."""
    a, b = one.document, other.document
    same_words = a.vocabulary is b.vocabulary and a.target_vocabulary is b.target_vocabulary
    same_answers = a.labels == b.labels and a.network.form == b.network.form
    return one.data == other.data and same_words and same_answers and a.title == b.title
