"""Whose gradient is it? The gradient of each step's loss alone, for all losses in one pass."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rnnviz.engine.arrays import Array, frozen
from rnnviz.engine.gradients import Gradients, loss_rows
from rnnviz.engine.lengths import lengths
from rnnviz.engine.losses import LossSteps
from rnnviz.engine.trace import Trace

BUDGET = 1 << 23
"""How many numbers the adjoints of one pass may hold; more losses are done in several passes."""


def loss_matrix(trace: Trace, path: str, steps: LossSteps | None = None) -> Array:
    """The norms of dL_s/d(value at step t) `[loss s, step t]`, for a batch of one row.

    Every loss is a row of one backward pass: the values of the forward pass are shared, only the
    adjoints differ. A loss that `steps` leaves out has a row of zeros; a network that answers once,
    and a CRF, whose loss is that of the whole path, have a single row.

    Parameters
    ----------
    trace : Trace
        Of a single row.
    path : str
        What receives the gradient: a state, gate, sum or input of a layer.
    steps : "last", "every" or tuple of int, optional
        The losses that count; by default all.

    Raises
    ------
    EngineError
        Several rows, no targets, an unknown path.
    """
    found = [lengths(part[path]).T for part in loss_gradients(trace, steps)]
    with np.errstate(over="ignore"):
        return frozen(np.concatenate(found).astype(trace.weights.vector.dtype))


def loss_gradients(trace: Trace, steps: LossSteps | None = None) -> Iterator[Gradients]:
    """The gradients of each loss alone, `[time, loss, unit]`, as many losses at once as fit.

    Only `gradients[path]` is meaningful in them: the weights' gradient is not computed.
    """
    d_outputs = loss_rows(trace, steps)
    units = sum(run.layer.outputs * 6 for run in trace.runs.values())
    size = max(1, BUDGET // (trace.steps * units))
    for start in range(0, d_outputs.shape[1], size):
        part = d_outputs[:, start : start + size]
        with np.errstate(all="ignore"):
            d_read = part @ trace.weights["head/V"]
            flow = trace.network.backpropagate(trace, d_read, {}, None)
        yield Gradients(trace, flow, part, trace.weights)
