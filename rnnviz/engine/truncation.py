"""Truncated backpropagation: each loss's error travels back through at most k steps.

The gradient of a loss at step s is that of a network that had begun k steps earlier with the state
it happened to have: BPTT(h) of Williams & Peng 1990, looking back anew from every loss.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from rnnviz.engine.adjoint import Adjoint
from rnnviz.engine.arrays import Integers
from rnnviz.engine.order import Order


@dataclass(eq=False)
class Barrier:
    """Stops the error of each loss on its way back through a layer.

    Attributes
    ----------
    limit : int
        How many steps of a layer, in its reading order, the error of a loss may go back through.
    losses : integers `[loss]` or None
        The public step at which the error of each row enters; None for a single row that enters
        where each direction ends, with its last state.
    norms : dict
        Layer and direction -> for each loss the norm of the state gradient that was stopped.
    """

    limit: int
    losses: Integers | None
    norms: dict[str, tuple[float, ...]] = field(default_factory=dict)

    def run(self, adjoint: Adjoint, part: str, order: Order) -> None:
        """Go back through a layer whose adjoint rows are the losses."""
        places = np.maximum(self._seen(order) - self.limit + 1, 0)
        states = adjoint.kernel.plan.cell.states
        outside = {s: adjoint.state(s).copy() for s in states}
        squares = np.zeros(len(places))
        end = order.steps
        for place in sorted({int(p) for p in places if p > 0}, reverse=True):
            adjoint.run(place, end)
            rows = np.flatnonzero(places == place)
            for state in states:
                arrived = adjoint.state(state)[place]
                kept = outside[state][place, rows]
                squares[rows] += ((arrived[rows] - kept) ** 2).sum(axis=1)
                arrived[rows] = kept
            end = place
        adjoint.run(0, end)
        self.norms[part] = tuple(float(n) for n in np.sqrt(squares))

    def _seen(self, order: Order) -> Integers:
        """The process step at which the error of each row enters."""
        last = order.steps - 1
        if self.losses is None:
            return np.array([last])
        return last - self.losses if order.reverse else self.losses


@dataclass(frozen=True)
class Cut:
    """What a truncation took away.

    Attributes
    ----------
    limit : int
        How many steps each loss was allowed to travel back.
    norms : dict
        Layer and direction -> for each loss the norm of the state gradient that would have gone on.
    """

    limit: int
    norms: dict[str, tuple[float, ...]]
