r"""How states depend on earlier ones: the factors whose product vanishes or explodes.

.. math:: \frac{\partial s_t}{\partial s_u}
    = \prod_{k=u+1}^{t} \frac{\partial s_k}{\partial s_{k-1}}

(Pascanu, Mikolov & Bengio 2013, equation 5.) Part of each factor is elementwise and passes through
no matrix: for the LSTM's cell state that *highway* is the forget gate, for the GRU's hidden state
`1 - z`. Hochreiter & Schmidhuber (1997) made it 1 and called it the constant error carousel.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rnnviz.engine.adjoint import Adjoint
from rnnviz.engine.arrays import Array, frozen
from rnnviz.engine.cell import PREVIOUS
from rnnviz.engine.errors import EngineError, UnknownError, whole
from rnnviz.engine.kernel import compile_cell
from rnnviz.engine.layers import LayerRun
from rnnviz.engine.tape import window
from rnnviz.engine.trace import Trace


@dataclass(frozen=True, eq=False)
class Jacobian:
    """The derivative of the states at one step by those at an earlier one.

    Attributes
    ----------
    states : tuple of str
        The states in the order of the blocks.
    hidden : int
        Units of each.
    matrix : array `[states * hidden, states * hidden]`
        Row: what depends; column: what it depends on.
    """

    states: tuple[str, ...]
    hidden: int
    matrix: Array

    def block(self, of: str, by: str) -> Array:
        """The block d(of)/d(by), `[hidden, hidden]`."""
        for state in (of, by):
            if state not in self.states:
                raise UnknownError("state", state, self.states)
        rows, columns = self.states.index(of), self.states.index(by)
        size = self.hidden
        return self.matrix[rows * size : (rows + 1) * size, columns * size : (columns + 1) * size]

    @cached_property
    def singular_values(self) -> Array:
        """From the largest down; nan where the matrix is not finite."""
        if not np.isfinite(self.matrix).all():
            return frozen(np.full(len(self.matrix), np.nan, self.matrix.dtype))
        return frozen(np.linalg.svd(self.matrix, compute_uv=False))

    @property
    def norm(self) -> float:
        """The largest factor by which a gradient can grow (the spectral norm)."""
        return float(self.singular_values[0])


def step_jacobian(trace: Trace, part: str, step: int, row: int = 0) -> Jacobian:
    """The states at `step` by those that it started from, in the reading order of `part`.

    Parameters
    ----------
    part : str
        Layer and direction, such as `layer0/forward`.
    step : int
        The public time step.
    row : int
        The row of the batch.
    """
    place = _place(trace, part, step, row)
    return _between(trace, part, (place, place + 1), row)


def path_jacobian(trace: Trace, part: str, first: int, last: int, row: int = 0) -> Jacobian:
    """The states after step `last` by those after step `first`: the product of the steps between.

    `last` comes after `first` in the reading order of `part`; the same step twice: the identity.
    """
    start, stop = (_place(trace, part, step, row) + 1 for step in (first, last))
    if stop < start:
        raise EngineError(f"steps: {part} reads step {last} before step {first}")
    return _between(trace, part, (start, stop), row)


def highway(trace: Trace, part: str, state: str, row: int = 0) -> Array:
    """The elementwise factor d(state_t)/d(state_t-1) at each public step, `[time, hidden]`.

    For the LSTM's `c` this is the forget gate; 0 where the state is only reached through matrices.
    """
    run, direction = _run(trace, part)
    whole("row", row, 0, trace.batch.rows)
    if state not in run.layer.cell.states:
        raise UnknownError("state", state, run.layer.cell.states)
    held = run.tapes[direction].kernel.held
    diagonal = trace.reader(part).jacobian_diagonal(state, state + PREVIOUS, held)
    shape = trace[f"{part}/{state}"].shape
    factor = 0.0 if diagonal is None else diagonal
    everywhere = np.broadcast_to(np.asarray(factor, trace.weights.vector.dtype), shape)
    return frozen(run.orders[direction].outward(everywhere)[:, row])


def _run(trace: Trace, part: str) -> tuple[LayerRun, str]:
    layer, _, direction = str(part).rpartition("/")
    run = trace.runs.get(layer)
    if run is None or direction not in run.tapes:
        known = tuple(f"{name}/{d}" for name, r in trace.runs.items() for d in r.tapes)
        raise UnknownError("part", part, known)
    return run, direction


def _place(trace: Trace, part: str, step: int, row: int) -> int:
    """The process step of a public step."""
    run, direction = _run(trace, part)
    order = run.orders[direction]
    whole("row", row, 0, trace.batch.rows)
    length = order.length(row)
    whole(f"step (row {row} has {length} steps)", step, 0, length)
    return order.mirrored(step, row)


def _between(trace: Trace, part: str, steps: tuple[int, int], row: int) -> Jacobian:
    run, direction = _run(trace, part)
    order, tape = run.orders[direction], run.tapes[direction]
    rows = order.rows_inward(np.arange(tape.rows))
    inner = int(np.flatnonzero(rows == row)[0])
    states, hidden = run.layer.cell.states, run.layer.hidden
    size = len(states) * hidden
    if steps[0] == steps[1]:
        return Jacobian(states, hidden, frozen(np.eye(size, dtype=tape.dtype)))
    seen = window(tape, *steps, inner)
    adjoint = Adjoint(seen, compile_cell(run.layer.cell, tape.kernel.held), size)
    for number, state in enumerate(states):
        units = np.arange(hidden)
        adjoint.state(state)[-1, number * hidden + units, units] = 1.0
    with np.errstate(all="ignore"):
        adjoint.run()
    blocks = [adjoint.state(state)[0] for state in states]
    return Jacobian(states, hidden, frozen(np.concatenate(blocks, axis=1)))
