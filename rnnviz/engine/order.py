"""The order in which a layer reads a batch: its direction, and rows of unequal length.

A layer always computes from process step 0 upwards, the longest row first, so that at each step the
rows still running are the first ones. What comes from outside is put into this order, what is shown
is taken out of it. Padding is never computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rnnviz.engine.arrays import AnyArray, Integers


@dataclass(frozen=True, eq=False)
class Order:
    """How public positions `[time, batch]` are processed.

    Attributes
    ----------
    steps : int
        The number of time steps.
    reverse : bool
        Whether each row is read from its end.
    lengths : array of int or None
        Row lengths `[batch]`; None where every row has all the steps.
    """

    steps: int
    reverse: bool = False
    lengths: Integers | None = None

    @cached_property
    def counts(self) -> list[int] | None:
        """How many rows are still running at each process step; None for all of them."""
        if self.lengths is None:
            return None
        return [int(np.sum(self.lengths > step)) for step in range(self.steps)]

    @cached_property
    def _rows(self) -> Integers:
        assert self.lengths is not None
        return np.argsort(-self.lengths, kind="stable")

    @cached_property
    def _times(self) -> Integers:
        """`[time, batch]`: the partner of each position; going there and back changes nothing."""
        assert self.lengths is not None
        time = np.arange(self.steps)[:, None]
        if not self.reverse:
            return np.broadcast_to(time, (self.steps, len(self.lengths)))
        return np.where(time < self.lengths, self.lengths - 1 - time, time)

    def inward(self, array: AnyArray) -> AnyArray:
        """A public array `[time, batch, ...]` in process order."""
        if self.lengths is None:
            return array[::-1] if self.reverse else array
        return np.asarray(array[self._times[:, self._rows], self._rows])

    def outward(self, array: AnyArray) -> AnyArray:
        """An array in process order `[time, batch, ...]` as the public sees it."""
        if self.lengths is None:
            return array[::-1] if self.reverse else array
        back = np.argsort(self._rows)
        return np.asarray(array[self._times, back])

    def rows_inward(self, array: AnyArray) -> AnyArray:
        """`[batch, ...]` with the rows in process order."""
        return array if self.lengths is None else np.asarray(array[self._rows])

    def rows_outward(self, array: AnyArray) -> AnyArray:
        """`[batch, ...]` with the rows in public order."""
        return array if self.lengths is None else np.asarray(array[np.argsort(self._rows)])

    def length(self, row: int) -> int:
        """The number of steps of a public row."""
        return self.steps if self.lengths is None else int(self.lengths[row])

    def mirrored(self, step: int, row: int) -> int:
        """The process step of a step of a public row, or the other way round."""
        return self.length(row) - 1 - step if self.reverse else step

    def last(self, array: AnyArray) -> AnyArray:
        """`[batch, ...]`: of `[time + 1, batch, ...]` in process order, each row's last place."""
        if self.lengths is None:
            return np.asarray(array[-1])
        rows = np.arange(len(self.lengths))
        return self.rows_outward(np.asarray(array[self.lengths[self._rows], rows]))
