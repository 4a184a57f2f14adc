"""Steps of undo: the documents that there were, one behind the other, and the place among them.

This is a plain list in place of Qt's `QUndoStack`. In PySide6 that one deletes its commands twice
when Python's collector of rings of references frees it, and the process ends.
"""

from __future__ import annotations

from typing import final

from rnnviz.document.document import Document
from rnnviz.document.edits.base import MergeKey


@final
class Steps:
    """The history of one open document.

    Parameters
    ----------
    document : Document
        The first, which counts as saved.
    limit : int
        How many steps back are kept, at least 1.

    Attributes
    ----------
    index : int
        How many of the steps are done.
    """

    def __init__(self, document: Document, limit: int) -> None:
        self._documents = [document]
        self._labels: list[str] = []
        self._keys: list[MergeKey | None] = []
        self._limit = limit
        self._saved: int | None = 0
        self.index = 0

    def __len__(self) -> int:
        return len(self._labels)

    def __getitem__(self, index: int) -> Document:
        """The document after `index` steps."""
        return self._documents[index]

    @property
    def document(self) -> Document:
        """The document at the place that is taken."""
        return self._documents[self.index]

    @property
    def labels(self) -> tuple[str, ...]:
        """What each step is called, the oldest first."""
        return tuple(self._labels)

    @property
    def is_saved(self) -> bool:
        """Whether the document is as it was saved."""
        return self._saved == self.index

    def mark_saved(self, saved: bool = True) -> None:
        """Remember that the document is saved as it is, or that none is."""
        self._saved = self.index if saved else None

    def push(self, document: Document, label: str, key: MergeKey | None = None) -> None:
        """Add a step after the ones that are done; those that were undone are forgotten.

        A step with the same key as the one before is merged with it, unless the document was saved
        between the two; if that leads back to where the step began, nothing is left of it.
        """
        self._cut(self.index)
        merged = key is not None and self._keys[-1:] == [key] and not self.is_saved
        if merged:
            self._cut(self.index - 1)
            self.index -= 1
        if merged and document == self.document:
            return
        self._documents.append(document)
        self._labels.append(label)
        self._keys.append(key)
        self.index += 1
        if len(self) > self._limit:
            self._forget_oldest()

    def _cut(self, index: int) -> None:
        """Forget all that comes after `index` steps."""
        del self._documents[index + 1 :], self._labels[index:], self._keys[index:]
        if self._saved is not None and self._saved > index:
            self._saved = None

    def _forget_oldest(self) -> None:
        del self._documents[0], self._labels[0], self._keys[0]
        self.index -= 1
        if self._saved is not None:
            self._saved = self._saved - 1 if self._saved else None
