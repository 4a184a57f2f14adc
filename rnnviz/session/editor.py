"""The editor: makes edits on the store, and lets the view show what came of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, final

from PySide6.QtCore import QObject, Slot

from rnnviz.document.document import Document
from rnnviz.document.edits.base import Edit, MergeKey
from rnnviz.engine.weights import Weights
from rnnviz.session.projector import Ghost
from rnnviz.session.store import DocumentStore
from rnnviz.session.view import View


@final
class Editor(QObject):
    """Stands between the store and the view: it knows which ghost a change leaves behind.

    An edit leaves what was seen before it; the edits of one gesture leave what was seen before the
    first of them; a step of undo leaves nothing.

    Parameters
    ----------
    store : DocumentStore
        Where edits are made.
    view : View
        Where they are shown.
    parent : QObject, optional
        The owner.
    """

    def __init__(self, store: DocumentStore, view: View, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store, self._view = store, view
        self._how: Ghost | Literal["restart"] = "none"
        self._gesture: MergeKey | None = None
        self._preview: Weights | None = None
        store.changed.connect(self._change)

    def apply(self, edit: Edit) -> bool:
        """Make an edit; False if it was refused."""
        key = edit.merge_key
        self._how = "kept" if key is not None and key == self._gesture else "new"
        before = self._store.document
        accepted = self._store.apply(edit)
        if self._store.document is not before:
            self._gesture = key
        return accepted

    def apply_all(self, edits: Iterable[Edit], label: str) -> bool:
        """Make several edits as one step of undo, or none of them; False if one was refused."""
        self._how, self._gesture = "new", None
        return self._store.apply_all(edits, label)

    def go_to(self, index: int) -> bool:
        """Undo or redo until `index` of the store's steps are done."""
        self._how, self._gesture = "none", None
        return self._store.go_to(index)

    def open(self, document: Document, saved: bool) -> None:
        """Put another document in the place of this one, without a way back."""
        self._how, self._gesture, self._preview = "restart", None, None
        self._store.open(document, saved)

    def mark_saved(self) -> None:
        """Say that the document is saved as it is; the next edit begins a new gesture."""
        self._gesture = None
        self._store.mark_saved()

    def preview(self, weights: Weights | None) -> None:
        """Show other weights in place of the document's own; None for these."""
        if weights is not self._preview:
            self._preview = weights
            self._show("kept")

    def keep(self, edit: Edit | None) -> None:
        """End a preview, with an edit that keeps what was seen or without."""
        self._preview = None
        if edit is not None:
            self.apply(edit)
        if self._view.frame.preview:
            self._show("kept")

    @Slot(object, object)
    def _change(self, before: Document, after: Document) -> None:
        how, self._how = self._how, "none"
        if after.weights is not before.weights:
            self._preview = None
        if how == "restart":
            self._view.restart(after)
        else:
            self._show(how)

    def _show(self, ghost: Ghost) -> None:
        document, weights = self._store.document, self._preview
        if weights is not None:
            document = document.changed(weights=weights.astype(document.weights.vector.dtype))
        self._view.projector.show(document, ghost, preview=weights is not None)
