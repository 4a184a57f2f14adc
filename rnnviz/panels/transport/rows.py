"""Where the parts of the scrubber stand, one below the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final


@final
@dataclass(frozen=True)
class Rows:
    """Where the parts of the scrubber stand, in px from the panel's top.

    Attributes
    ----------
    height : int
        Of the whole panel.
    names : float
        The baseline of the phases' names.
    tracks : tuple of float
        The tops of the track, or of two for a layer that reads in both directions.
    high : float
        Of a track.
    labels : float
        The baseline of the steps' names.
    edges : tuple of float
        From where to where the lines between the phases run.
    grown : float
        How much larger than in the Lab.
    """

    height: int
    names: float
    tracks: tuple[float, ...]
    high: float
    labels: float
    edges: tuple[float, float]
    grown: float = 1.0

    @property
    def middle(self) -> float:
        """Where the one track of a phase stands that has no second."""
        if len(self.tracks) == 1:
            return self.tracks[0]
        return (self.tracks[0] + self.tracks[1]) / 2


ONE = Rows(60, 22, (34,), 7, 53, (12, 55))
TWO = Rows(74, 17, (26, 52), 7, 46.5, (6, 68))
ONE_LARGE = Rows(118, 54, (75,), 11.5, 107, (40, 109), 1.6)
TWO_LARGE = Rows(118, 22, (46, 91), 11.5, 79, (8, 112), 1.6)


def rows_of(two: bool, present: bool) -> Rows:
    """The rows for one track or two, in the Lab or for a room."""
    if present:
        return TWO_LARGE if two else ONE_LARGE
    return TWO if two else ONE
