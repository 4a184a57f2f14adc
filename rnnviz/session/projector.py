"""The projector: makes the frames that follow from a document, at once or when they are ready."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, TypeAlias, final

from PySide6.QtCore import QObject, Signal, Slot

from rnnviz.document.document import Document
from rnnviz.document.evaluate import Evaluation
from rnnviz.session.evaluator import Evaluator, renewed
from rnnviz.session.frame import Frame
from rnnviz.session.runner import report_of

Ghost: TypeAlias = Literal["new", "kept", "none"]
"""Of the next frame: what is seen now, the ghost that there is, or none."""


@final
class Projector(QObject):
    """Holds the frame that is shown.

    Parameters
    ----------
    document : Document
        What is shown first; it is computed when `show` is called.
    evaluator : Evaluator
        Computes documents.
    parent : QObject, optional
        The owner.
    """

    frame_changed = Signal(object, object)
    """The frame changed: the frame, and the one before."""
    failed = Signal(object)
    """A document could not be computed: the `Report`. The frame stays stale."""

    def __init__(
        self, document: Document, evaluator: Evaluator, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._frame = Frame(document, stale=True)
        self._before_preview: Frame | None = None
        self._evaluator = evaluator
        evaluator.answered.connect(self._answer)
        evaluator.failed.connect(self.failed)

    @property
    def frame(self) -> Frame:
        """What is shown."""
        return self._frame

    def show(self, document: Document, ghost: Ghost = "none", preview: bool = False) -> None:
        """Show a document: with its own numbers if it is small, else first with the old ones.

        Parameters
        ----------
        ghost : "new", "kept" or "none"
            What is drawn behind; a new one is what was seen before a preview, if there was one.
        preview : bool
            Whether the weights are not those of the open document.
        """
        behind = self._ghost(ghost)
        if not preview:
            self._before_preview = None
        elif self._before_preview is None:
            self._before_preview = self._frame
        self._show(Frame(document, self._frame.evaluation, True, behind, preview))

    def restart(self, document: Document) -> None:
        """Show a document that has nothing to do with what is shown."""
        self._before_preview = None
        self._show(Frame(document, stale=True))

    def _show(self, frame: Frame) -> None:
        """Show a frame whose evaluation is an old one, or what follows from its document."""
        document = frame.document
        found = renewed(frame.evaluation, document)
        if found is None and document.steps and not self._evaluator.is_small(document):
            self._set(frame)
            self._evaluator.request(document)
            return
        self._evaluator.forget()
        try:
            evaluation = found or self._evaluator.compute(document)
        except Exception as error:  # the program goes on with the old numbers
            self._set(frame)
            self.failed.emit(report_of(error, self.tr("Computing the network")))
        else:
            self._set(replace(frame, evaluation=evaluation, stale=False))

    def clear_ghost(self) -> None:
        """Draw nothing behind any more."""
        if self._frame.ghost is not None:
            self._set(replace(self._frame, ghost=None))

    def _ghost(self, ghost: Ghost) -> Frame | None:
        if ghost == "new":
            return (self._before_preview or self._frame).as_seen()
        return self._frame.ghost if ghost == "kept" else None

    @Slot(object, object)
    def _answer(self, document: Document, evaluation: Evaluation | None) -> None:
        frame = self._frame
        stale = document is not frame.document
        self._set(replace(frame, evaluation=evaluation, stale=stale))

    def _set(self, frame: Frame) -> None:
        before, self._frame = self._frame, frame
        self.frame_changed.emit(frame, before)
