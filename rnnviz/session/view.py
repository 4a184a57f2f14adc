"""The view: the frame, the playhead and the selection, kept in step and told in one order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import final

from PySide6.QtCore import QObject, Signal, Slot

from rnnviz.document.document import Document
from rnnviz.session.evaluator import Evaluator
from rnnviz.session.frame import Frame
from rnnviz.session.moments import EMPTY, Moment
from rnnviz.session.playhead import Playhead
from rnnviz.session.projector import Projector
from rnnviz.session.selection import Selection, Selector, parts
from rnnviz.session.telling import Teller


@final
class View(QObject):
    """What is seen of a document.

    When `frame_changed` is emitted, selection and moment fit the new frame already; their own
    signals come after it. They fit the document that was evaluated: while the frame is stale, that
    is the one whose numbers are still shown.

    Parameters
    ----------
    document : Document
        What is shown first.
    evaluator : Evaluator
        Computes documents.
    parent : QObject, optional
        The owner.

    Attributes
    ----------
    projector : Projector
        Makes the frames.
    playhead : Playhead
        Where in the story the reader is.
    selector : Selector
        What the reader looks at.
    """

    frame_changed = Signal(object, object)
    """What is shown changed: the `Frame`, and the one before."""
    moment_changed = Signal(object, object)
    """The playhead moved: the `Moment`, and the one before."""
    selection_changed = Signal(object, object)
    """Something else is selected: the `Selection`, and the one before."""

    def __init__(
        self, document: Document, evaluator: Evaluator, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._teller, self._part = Teller(), ""
        self._later: list[Callable[[], None]] | None = None
        self.projector = Projector(document, evaluator, self)
        self.playhead, self.selector = Playhead(self), Selector(document, self)
        self.projector.frame_changed.connect(self._show_frame)
        self.playhead.moment_changed.connect(self._tell_moment)
        self.selector.selection_changed.connect(self._tell_selection)
        self.projector.show(document)

    @property
    def frame(self) -> Frame:
        """What is shown."""
        return self.projector.frame

    def restart(self, document: Document) -> None:
        """Show a document that has nothing to do with what is shown."""
        outer, self._later = self._later, []
        self.playhead.pause()
        self.playhead.show(EMPTY)
        self.selector.restart(document)
        later, self._later = self._later, outer
        self.projector.restart(document)
        for tell in later:
            tell()

    @Slot(object, object)
    def _show_frame(self, frame: Frame, before: Frame) -> None:
        """Let the parts follow the frame, and then tell everybody."""
        outer, self._later = self._later, []
        evaluation = frame.evaluation
        self.selector.show(frame.document if evaluation is None else evaluation.document)
        self._show_story()
        self.frame_changed.emit(frame, before)
        later, self._later = self._later, outer
        for tell in later:
            tell()

    def _show_story(self) -> None:
        frame, part = self.frame, self.selector.selection.part
        if part in parts(frame.document):
            self._part = part
        self.playhead.show(self._teller.tell(frame.evaluation, self._part))

    @Slot(object, object)
    def _tell_moment(self, moment: Moment, before: Moment) -> None:
        self.selector.select(step=None)  # the reader looks where the playhead goes
        self._tell(partial(self.moment_changed.emit, moment, before))

    @Slot(object, object)
    def _tell_selection(self, selection: Selection, before: Selection) -> None:
        if selection.part != before.part and self._later is None:
            self._show_story()
        self._tell(partial(self.selection_changed.emit, selection, before))

    def _tell(self, emit: Callable[[], None]) -> None:
        if self._later is None:
            emit()
        else:
            self._later.append(emit)
