"""The session: ties together all that changes, and tells the panels in one order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias, final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication

from rnnviz.document.document import Document
from rnnviz.document.edits import SetTraining
from rnnviz.document.edits.base import Edit
from rnnviz.document.evaluate import evaluate
from rnnviz.engine.snapshots import Progress, Snapshot
from rnnviz.engine.weights import Weights
from rnnviz.session.autosave import Autosave
from rnnviz.session.checker import Checker
from rnnviz.session.editor import Editor
from rnnviz.session.evaluator import Evaluate, Evaluator
from rnnviz.session.frame import Frame
from rnnviz.session.recovery import RecoveryFile
from rnnviz.session.runner import Executor, Runner
from rnnviz.session.store import DocumentStore
from rnnviz.session.teacher import Teacher
from rnnviz.session.trainer import Trained, Trainer
from rnnviz.session.view import View

Executors: TypeAlias = Callable[[str], Executor | None]
"""Name of a runner -> where its jobs run; None for a thread of its own."""


@final
class Session(QObject):
    """One open document with all that is seen of it.

    Panels listen to its signals rather than to those of its parts: `frame_changed` comes first, and
    the selection and the moment that follow from a frame after it.

    Parameters
    ----------
    document : Document
        What is open at first.
    recovery : RecoveryFile, optional
        Where unsaved work is copied to; without it, nowhere.
    executors : callable, optional
        Where jobs run.
    compute : callable, optional
        Evaluates a document.
    parent : QObject, optional
        The owner.

    Attributes
    ----------
    store : DocumentStore
        The document and its history; edits go through the session.
    view : View
        The frame, with the playhead and the selector.
    trainer : Trainer
        Training; what it learns is kept by itself when it ends.
    teacher : Teacher
        What is learned, and how it goes.
    checker : Checker
        The gradient check.
    autosave : Autosave or None
        None without a recovery file.
    """

    frame_changed = Signal(object, object)
    """What is shown changed: the `Frame`, and the one before."""
    moment_changed = Signal(object, object)
    """The playhead moved: the `Moment`, and the one before."""
    selection_changed = Signal(object, object)
    """Something else is selected: the `Selection`, and the one before."""
    refused = Signal(object, str)
    """An edit, a step of undo (None) or a `Lesson` was refused: this, and why, in a sentence."""
    failed = Signal(object)
    """A fault of the program in the background: the `Report`."""

    def __init__(
        self,
        document: Document,
        recovery: RecoveryFile | None = None,
        executors: Executors = lambda _: None,
        compute: Evaluate = evaluate,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)

        def runner(name: str) -> Runner:
            made = Runner(name, executors(name), self)
            self._runners.append(made)
            return made

        self._runners: list[Runner] = []
        self.store = DocumentStore(document, self)
        self.view = View(document, Evaluator(runner("computing"), compute, self), self)
        self._editor = Editor(self.store, self.view, self)
        self.trainer = Trainer(runner("training"), parent=self)
        self.teacher = Teacher(self.store, self.trainer, runner("reading data"), self)
        self.checker = Checker(runner("checking"), parent=self)
        self.checker.show(self.frame.evaluation)
        self.autosave: Autosave | None = None
        if recovery is not None:
            self.autosave = Autosave(self.store, recovery, runner("saving"), self)
        self._connect()

    @property
    def frame(self) -> Frame:
        """What is shown."""
        return self.view.frame

    def apply(self, edit: Edit) -> bool:
        """Make an edit; one that cannot be made is `refused` and changes nothing."""
        return self._editor.apply(edit)

    def apply_all(self, edits: Iterable[Edit], label: str) -> bool:
        """Make several edits as one step of undo, or none of them."""
        return self._editor.apply_all(edits, label)

    def undo(self) -> bool:
        """Take the last step back."""
        return self.go_to(self.store.index - 1)

    def redo(self) -> bool:
        """Do again what was undone last."""
        return self.go_to(self.store.index + 1)

    def go_to(self, index: int) -> bool:
        """Undo or redo until `index` of the store's steps are done."""
        return self._editor.go_to(index)

    def open(self, document: Document, path: Path | None = None, saved: bool = True) -> None:
        """Put another document in the place of this one; training ends, nothing can be undone.

        Parameters
        ----------
        path : Path, optional
            The file that it belongs to.
        saved : bool
            Whether it is as that file.
        """
        self.trainer.cancel()
        self._editor.open(document, saved)
        self.teacher.reset()
        if self.autosave is not None:
            self.autosave.set_original(path)

    def mark_saved(self, path: Path) -> None:
        """Say that the document was saved as it is now."""
        if self.autosave is not None:
            self.autosave.set_original(path)
        self._editor.mark_saved()

    def clear_ghost(self) -> None:
        """Draw nothing of what was before the last edit any more."""
        self.view.projector.clear_ghost()

    def preview(self, weights: Weights | None) -> None:
        """Show other weights of the same network, such as those of a moment of training.

        Parameters
        ----------
        weights : Weights or None
            None for the document's own.
        """
        self._editor.preview(weights)

    @Slot()
    def cancel_training(self) -> None:
        """End training and forget what was learned."""
        self.trainer.cancel()
        self._editor.keep(None)

    @Slot()
    def stop(self) -> None:
        """End all work, such as before the program ends; the copy of unsaved work stays."""
        self.view.playhead.pause()
        self.trainer.cancel()
        self.checker.cancel()
        for runner in self._runners:
            runner.stop()

    def close(self) -> None:
        """End all work, and delete the copy of unsaved work; whoever closes has asked before."""
        self.stop()
        if self.autosave is not None:
            self.autosave.finish()

    def _connect(self) -> None:
        self.store.guard = self._guard
        self.store.refused.connect(self.refused)
        self.view.frame_changed.connect(self._check)
        self.view.frame_changed.connect(self.frame_changed)
        self.view.moment_changed.connect(self.moment_changed)
        self.view.selection_changed.connect(self.selection_changed)
        self.trainer.progressed.connect(self._show_snapshot)
        self.trainer.ended.connect(self._keep)
        self.trainer.refused.connect(self.refused)
        self.trainer.failed.connect(self.cancel_training)
        for part in (self.view.projector, self.trainer, self.teacher, self.checker):
            part.failed.connect(self.failed)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            # A run that is paused would keep the process from ending.
            application.aboutToQuit.connect(self.stop)
            if self.autosave is not None:
                application.applicationStateChanged.connect(self.autosave.follow_focus)

    def _guard(self, before: Document, after: Document) -> str:
        """While a network is trained, nothing else may change its weights."""
        same = after.weights is before.weights and after.network is before.network
        if same or not self.trainer.is_running:
            return ""
        return self.tr("The network is being trained: stop the training first.")

    @Slot(object, object)
    def _check(self, frame: Frame, before: Frame) -> None:
        """Let the gradients that are shown be checked, but not while they change all the time."""
        if frame.stale or frame.preview:
            self.checker.cancel()
        elif frame.gradients is not before.gradients or before.stale or before.preview:
            self.checker.show(frame.evaluation)

    @Slot(object, object)
    def _show_snapshot(self, _: Progress, snapshot: Snapshot) -> None:
        self.preview(snapshot.weights)

    @Slot(object)
    def _keep(self, trained: Trained) -> None:
        """Keep what was learned, if anything was, as one step of undo."""
        edit = SetTraining(trained.lesson.recipe, trained.history, trained.vector)
        self._editor.keep(edit if trained.history.moments[-1].update else None)
