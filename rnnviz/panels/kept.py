"""What a chart keeps of a sight: made anew only where the numbers or the part are others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar, final

from rnnviz.panels.parts import part_of
from rnnviz.panels.sight import Sight

Seen = TypeVar("Seen")


@final
class Kept(Generic[Seen]):
    """The numbers that a chart shows of one layer and direction.

    Parameters
    ----------
    make : callable
        A sight -> what is shown of its numbers.
    """

    def __init__(self, make: Callable[[Sight], Seen]) -> None:
        self._make = make
        self._part = ""
        self._sources: tuple[object, ...] = ()
        self._seen: Seen | None = None

    def of(self, sight: Sight) -> Seen:
        """What is shown of a sight; the same object as long as nothing differs."""
        frame, part = sight.frame, part_of(sight)
        ghost = None if frame.ghost is None else frame.ghost.evaluation
        sources = (frame.evaluation, ghost, sight.document)
        known = len(self._sources) == len(sources) and part == self._part
        if self._seen is None or not known or not all(map(_same, sources, self._sources)):
            self._part, self._sources, self._seen = part, sources, self._make(sight)
        return self._seen


def _same(one: object, other: object) -> bool:
    return one is other
