"""What all contenders compute: random sequences and weights, a random adjoint of each output."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from rnnviz.engine.arrays import Array

Run: TypeAlias = Callable[[], None]
"""One evaluation, forward and backward."""

Contender: TypeAlias = Callable[["Problem"], Run]
"""Prepares an evaluation; an ImportError or a LookupError says that it has nothing to show."""


@dataclass(frozen=True)
class Problem:
    """One size of one cell (`rnn`, `lstm` or `gru`) in one precision."""

    cell: str
    steps: int
    batch: int
    inputs: int
    hidden: int
    dtype: str

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Steps, batch, inputs, hidden."""
        return self.steps, self.batch, self.inputs, self.hidden

    def normal(self, *shape: int, scale: float = 1.0) -> Array:
        """Random numbers, the same on every call."""
        return np.random.default_rng(0).normal(0.0, scale, shape).astype(self.dtype)

    def x(self) -> Array:
        """The inputs `[time, batch, inputs]`."""
        return self.normal(self.steps, self.batch, self.inputs)

    def dh(self) -> Array:
        """The adjoint of the outputs `[time, batch, hidden]`."""
        return self.normal(self.steps, self.batch, self.hidden)

    def weights(self, gates: int) -> tuple[Array, Array, Array]:
        """W `[gates * hidden, inputs]`, U `[gates * hidden, hidden]`, b `[gates * hidden]`."""
        rows, scale = gates * self.hidden, self.hidden**-0.5
        W = self.normal(rows, self.inputs, scale=scale)
        return W, self.normal(rows, self.hidden, scale=scale), self.normal(rows, scale=scale)
