"""An album: so many moments of a training run that they fit into memory, spread over all of it."""

from __future__ import annotations

from typing import final

from rnnviz.document.history import History, Moment

ROOM = 1 << 26
"""About how many bytes the weights of all moments may take."""

FEWEST, MOST = 8, 400
"""How many moments are kept at least and at most."""


def limit_for(nbytes: int) -> int:
    """How many moments are kept of weights that take so many bytes."""
    return max(FEWEST, min(MOST, ROOM // max(1, nbytes)))


@final
class Album:
    """Keeps moments; when it is full, every second one within epochs goes, or every second epoch.

    Parameters
    ----------
    first : Moment
        Always kept.
    limit : int
        How many are kept beside the first and the last.
    """

    def __init__(self, first: Moment, limit: int) -> None:
        self._first, self._last = first, first
        self._limit = limit
        self._kept: list[tuple[bool, int, Moment]] = []
        self._counts = {True: 0, False: 0}
        self._strides = {True: 1, False: 1}

    def __len__(self) -> int:
        return len(self._kept)

    def add(self, moment: Moment, whole: bool) -> None:
        """Take a moment.

        Parameters
        ----------
        whole : bool
            Whether it is the end of an epoch; these are kept rather than others.
        """
        self._last = moment
        self._counts[whole] += 1
        number = self._counts[whole]
        if number % self._strides[whole] == 0:
            self._kept.append((whole, number, moment))
        while len(self._kept) > self._limit:
            self._thin()

    def history(self, ended: str) -> History:
        """All that is kept, in the order of time.

        Parameters
        ----------
        ended : str
            Why the run ended.
        """
        moments = [self._first, *(moment for _, _, moment in self._kept)]
        if moments[-1] is not self._last:
            moments.append(self._last)
        return History(tuple(moments), ended)

    def _thin(self) -> None:
        which = all(whole for whole, _, _ in self._kept)
        self._strides[which] *= 2
        stride = self._strides[which]
        self._kept = [k for k in self._kept if k[0] is not which or k[1] % stride == 0]
