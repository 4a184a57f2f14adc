"""The store: the open document, and the undo stack of all that was done to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from rnnviz.document.document import Document
from rnnviz.document.edits.base import Edit, EditError, MergeKey

MERGEABLE = 1
"""The id of commands that Qt may offer to merge; the merge key then decides."""

HISTORY_BYTES = 1 << 28
"""About how much memory the weights of old documents may take."""

FEWEST, MOST = 50, 2000
"""How many steps back are kept at least and at most."""

Guard = Callable[[Document, Document], str]
"""Says why a document may not become another one now; "" where it may."""


@final
class _Place:
    """What a change puts its document into.

    It is not the store: a command that held the store would close a ring of references through Qt,
    and Python's collector of such rings ends the process when it frees one.
    """

    def __init__(self, document: Document) -> None:
        self.document = document


@final
class _Change(QUndoCommand):
    """The one undo command: it swaps two references."""

    def __init__(
        self, place: _Place, before: Document, after: Document, label: str, key: MergeKey | None
    ) -> None:
        super().__init__(label)
        self._place, self.before, self.after, self._key = place, before, after, key

    # Qt's own names from here on.

    def id(self) -> int:
        return -1 if self._key is None else MERGEABLE

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over the result of the next change, if both belong to one gesture."""
        if not isinstance(other, _Change) or self._key != other._key:
            return False
        self.after = other.after
        self.setText(other.text())
        if self.after == self.before:
            # The gesture is back where it began: nothing is left to undo.
            self._place.document = self.before
            self.setObsolete(True)
        return True

    def redo(self) -> None:
        self._place.document = self.after

    def undo(self) -> None:
        self._place.document = self.before


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
        self._place = _Place(document)
        self._stack = QUndoStack(self)
        self._stack.setUndoLimit(_limit(document))

    @property
    def document(self) -> Document:
        """The open document."""
        return self._place.document

    @property
    def is_clean(self) -> bool:
        """Whether the document is as it was saved."""
        return self._stack.isClean()

    @property
    def labels(self) -> tuple[str, ...]:
        """What was done, the oldest first; also what was undone and can be done again."""
        return tuple(self._stack.text(i) for i in range(self._stack.count()))

    @property
    def index(self) -> int:
        """How many of the `labels` are done."""
        return self._stack.index()

    @property
    def undo_text(self) -> str:
        """What `undo` would undo; "" where there is nothing."""
        return self._stack.undoText()

    @property
    def redo_text(self) -> str:
        """What `redo` would do again; "" where there is nothing."""
        return self._stack.redoText()

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
        before = after = self._place.document
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
            self._move(lambda: self._stack.push(_Change(self._place, before, after, label, key)))
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
        if not 0 <= index <= self._stack.count():
            return False
        if reason := self.guard(self._place.document, self._document_at(index)):
            self.refused.emit(None, reason)
            return False
        self._move(lambda: self._stack.setIndex(index))
        return True

    def _document_at(self, index: int) -> Document:
        if index == self._stack.index():
            return self._place.document
        change = self._stack.command(max(0, index - 1))
        assert isinstance(change, _Change)
        return change.after if index else change.before

    def open(self, document: Document, saved: bool = True) -> None:
        """Put another document in the place of this one, without a way back.

        Parameters
        ----------
        saved : bool
            False for one that is nowhere saved, such as a recovered one.
        """

        def replace() -> None:
            self._stack.clear()
            self._stack.setUndoLimit(_limit(document))
            self._place.document = document
            if not saved:
                self._stack.resetClean()

        self._move(replace)

    def mark_saved(self) -> None:
        """Say that the document is saved as it is now."""
        self._move(self._stack.setClean)

    def _move(self, action: Callable[[], None]) -> None:
        """Let the stack change, and only then tell everybody."""
        before, state, clean = self._place.document, self._state(), self._stack.isClean()
        action()
        after, is_clean, moved = self._place.document, self._stack.isClean(), self._state() != state
        if after is not before:
            self.changed.emit(before, after)
        if moved:
            self.history_changed.emit()
        if is_clean is not clean:
            self.clean_changed.emit(is_clean)

    def _state(self) -> tuple[int, int, str, str]:
        stack = self._stack
        return stack.index(), stack.count(), stack.undoText(), stack.redoText()


def _limit(document: Document) -> int:
    """How many steps of undo are kept of a document like this one."""
    return max(FEWEST, min(MOST, HISTORY_BYTES // max(1, document.weights.vector.nbytes)))
