"""The store: the open document, and the steps of undo that led to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import final

from PySide6.QtCore import QObject, Signal

from rnnviz.document.document import Document
from rnnviz.document.edits.base import Edit, EditError, MergeKey
from rnnviz.session.steps import Steps

HISTORY_BYTES = 1 << 23
"""About how much memory the weights of old documents may take."""

FEWEST, MOST = 50, 1000
"""How many steps back are kept at least and at most."""

Guard = Callable[[Document, Document], str]
"""Says why a document may not become another one now; "" where it may."""


@final
class DocumentStore(QObject):
    """Holds the document; every change of it goes through here and can be undone.

    All signals come after the store is at rest again, so a slot may call it.

    Parameters
    ----------
    document : Document
        What is open at first, as if saved.
    parent : QObject, optional
        The owner.

    Attributes
    ----------
    guard : callable
        Asked before each edit; what it says is the message of `refused`.
    """

    changed = Signal(object, object)
    """The document changed: before, after."""
    refused = Signal(object, str)
    """An edit (None: a step of undo) could not be made: the edit, and a sentence that says why."""
    clean_changed = Signal(bool)
    """Whether the document is as it was saved."""
    history_changed = Signal()
    """The list of steps, or the place in it."""

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.guard: Guard = lambda _before, _after: ""
        self._steps = _steps_of(document)

    @property
    def document(self) -> Document:
        """The open document."""
        return self._steps.document

    @property
    def is_clean(self) -> bool:
        """Whether the document is as it was saved."""
        return self._steps.is_saved

    @property
    def labels(self) -> tuple[str, ...]:
        """What was done, the oldest first; also what was undone and can be done again."""
        return self._steps.labels

    @property
    def index(self) -> int:
        """How many of the `labels` are done."""
        return self._steps.index

    @property
    def undo_text(self) -> str:
        """What `undo` would undo; "" where there is nothing."""
        return self.labels[self.index - 1] if self.index else ""

    @property
    def redo_text(self) -> str:
        """What `redo` would do again; "" where there is nothing."""
        return self.labels[self.index] if self.index < len(self._steps) else ""

    def apply(self, edit: Edit) -> bool:
        """Make an edit; a refused one leaves everything as it was.

        Returns
        -------
        bool
            Whether it was accepted, also if it changes nothing.
        """
        return self._make((edit,), edit.label, edit.merge_key)

    def apply_all(self, edits: Iterable[Edit], label: str) -> bool:
        """Make several edits as one step of undo: all of them, or none if one is refused."""
        return self._make(tuple(edits), label, None)

    def _make(self, edits: tuple[Edit, ...], label: str, key: MergeKey | None) -> bool:
        before = after = self.document
        for edit in edits:
            try:
                after = edit.apply(after)
                reason = self.guard(before, after)
            except EditError as error:
                reason = str(error)
            except MemoryError:
                reason = self.tr("There is not enough memory for this.")
            if reason:
                self.refused.emit(edit, reason)
                return False
        if after is not before:
            self._move(lambda: self._steps.push(after, label, key))
        return True

    def undo(self) -> bool:
        """Take the last step back; see `go_to`."""
        return self.go_to(self.index - 1)

    def redo(self) -> bool:
        """Do again what was undone last; see `go_to`."""
        return self.go_to(self.index + 1)

    def go_to(self, index: int) -> bool:
        """Undo or redo until `index` of the `labels` are done.

        Returns
        -------
        bool
            False where there is no such place, or where the guard refuses it.
        """
        if not 0 <= index <= len(self._steps):
            return False
        if reason := self.guard(self.document, self._steps[index]):
            self.refused.emit(None, reason)
            return False

        def move() -> None:
            self._steps.index = index

        self._move(move)
        return True

    def open(self, document: Document, saved: bool = True) -> None:
        """Put another document in the place of this one, without a way back.

        Parameters
        ----------
        saved : bool
            False for one that is nowhere saved, such as a recovered one.
        """

        def replace() -> None:
            self._steps = _steps_of(document)
            self._steps.mark_saved(saved)

        self._move(replace)

    def mark_saved(self) -> None:
        """Say that the document is saved as it is now."""
        self._move(self._steps.mark_saved)

    def _move(self, action: Callable[[], None]) -> None:
        """Let the steps change, and only then tell everybody."""
        before, state, clean = self.document, (self.labels, self.index), self.is_clean
        action()
        after, is_clean = self.document, self.is_clean
        moved = (self.labels, self.index) != state
        if after is not before:
            self.changed.emit(before, after)
        if moved:
            self.history_changed.emit()
        if is_clean is not clean:
            self.clean_changed.emit(is_clean)


def _steps_of(document: Document) -> Steps:
    """The history of a document just opened; of a large one fewer steps are kept."""
    room = HISTORY_BYTES // max(1, document.weights.vector.nbytes)
    return Steps(document, max(FEWEST, min(MOST, room)))
