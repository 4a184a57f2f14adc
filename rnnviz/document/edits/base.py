"""What an edit is: a frozen value that makes one document out of another."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

from rnnviz.document.document import Document
from rnnviz.document.same import same
from rnnviz.engine.errors import EngineError

MergeKey: TypeAlias = tuple[str, tuple[Hashable, ...], int]


class EditError(EngineError):
    """An edit that cannot be made on this document."""


@dataclass(frozen=True, eq=False)
class Edit(ABC):
    """A wish to change the document.

    Attributes
    ----------
    gesture : int or None
        The number of the drag or of the typing that this edit is a part of: edits of one kind,
        place and gesture are one step of undo. None for an edit that stands alone.
    """

    places: ClassVar[tuple[str, ...]] = ()
    """The fields that say where the edit is made."""

    gesture: int | None = field(default=None, kw_only=True)

    @property
    @abstractmethod
    def label(self) -> str:
        """What the undo menu calls it."""

    @property
    def merge_key(self) -> MergeKey | None:
        """Kind, place and gesture; edits that follow each other with the same key are merged."""
        if self.gesture is None:
            return None
        place = tuple(getattr(self, name) for name in self.places)
        return type(self).__name__, place, self.gesture

    def apply(self, document: Document) -> Document:
        """The document after the edit; `document` itself if it changes nothing.

        Raises
        ------
        EditError
            The edit cannot be made on this document.
        """
        try:
            return self._on(document)
        except EditError:
            raise
        except EngineError as error:
            raise EditError(str(error)) from error

    @abstractmethod
    def _on(self, document: Document) -> Document:
        """The document after the edit."""

    def __eq__(self, other: object) -> bool:
        """Whether the other is the same edit."""
        return same(self, other)

    __hash__ = None  # type: ignore[assignment] # arrays have no hash


def check_step(argument: str, step: int, count: int) -> None:
    """Raise an EditError for a step, row or layer that is not there."""
    if not 0 <= step < count:
        expected = f"0 to {count - 1}" if count else "none, as there are none"
        raise EditError(f"{argument}: {step} came, expected {expected}")


def shortened(text: str, limit: int = 30) -> str:
    """`text` cut for a menu."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
