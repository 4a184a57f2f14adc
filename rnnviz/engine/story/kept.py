"""Keeps the stories that were told last, as several readers ask for the same one at a time."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar, final
from weakref import WeakKeyDictionary

Source = TypeVar("Source")
Told = TypeVar("Told")

MOST = 8
"""Stories that are kept of one computation: those of a few steps."""


@final
class Kept(Generic[Source, Told]):
    """What was told of computations, as long as these themselves are kept."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[Source, dict[Hashable, Told]] = WeakKeyDictionary()

    def find(self, source: Source, key: Hashable, tell: Callable[[], Told]) -> Told:
        """What was told of `source` by this key; else `tell` tells it."""
        known = self._known.setdefault(source, {})
        found = known.get(key)
        if found is None:
            found = known[key] = tell()
            for old in list(known)[:-MOST]:
                known.pop(old, None)
        return found
