"""The gradients of the weights of one layer in one direction, from a finished adjoint."""

from __future__ import annotations

import numpy as np

from rnnviz.engine.adjoint import Adjoint
from rnnviz.engine.array_names import D_SUMS
from rnnviz.engine.arrays import Array
from rnnviz.engine.definitions import WeightedSum, definitions
from rnnviz.engine.evaluate import Reader
from rnnviz.engine.tape import Slabs


def write_gradients(adjoint: Adjoint, out: Slabs) -> None:
    """Write the gradient of every weight into `out`, slabs as in `Plan.slabs`."""
    layout, hidden = adjoint.kernel.plan, adjoint.tape.hidden
    for name in layout.sources:
        _write_matrices(adjoint, name, out[f"products with {name}"])
    for position, columns in enumerate(layout.bias_columns):
        target = out[f"biases {position}"]
        total = adjoint.arrays[D_SUMS].sum(axis=(1,) if target.ndim == 2 else (0, 1))
        if len(columns) == len(layout.sums):
            target[...] = total
            continue
        for place, column in enumerate(columns):
            part = total[..., column * hidden : (column + 1) * hidden]
            target[..., place * hidden : (place + 1) * hidden] = part
    for place, name in enumerate(layout.vectors):
        target = out["vectors"][..., place * hidden : (place + 1) * hidden]
        target[...] = factors(adjoint, name)[0].sum(axis=1 if target.ndim == 2 else (0, 1))


def factors(adjoint: Adjoint, name: str) -> tuple[Array, Array | None]:
    """What a weight's gradient is made of at each step, in process order.

    For a matrix the two vectors of the outer product, `[time, batch, rows]` and
    `[time, batch, columns]`; for a vector its gradient and None.
    """
    for owner, definition in definitions(adjoint.kernel.plan.cell).items():
        if not isinstance(definition, WeightedSum):
            continue
        if name in definition.biases:
            return adjoint.anchor(owner), None
        for matrix, source in definition.products:
            if matrix == name:
                return adjoint.anchor(owner), _source(adjoint, source)
    reader = Reader(adjoint.tape, adjoint.tape.parameter)
    total = reader.adjoint(name, adjoint.anchor, adjoint.kernel.held)
    if total is None:
        total = np.zeros_like(adjoint.anchor(adjoint.kernel.plan.cell.states[0]))
    return total, None


def _source(adjoint: Adjoint, name: str) -> Array:
    """What a product multiplied, `[time, batch, columns]`, in process order."""
    value = adjoint.tape.value(name)
    assert value is not None
    return value


def _write_matrices(adjoint: Adjoint, source: str, out: Array) -> None:
    hidden, row = adjoint.tape.hidden, 0
    values = _source(adjoint, source)
    for run in adjoint.kernel.plan.sources[source]:
        rows = slice(row, row + (run.stop - run.start) * hidden)
        part = adjoint.arrays[D_SUMS][:, :, run.start * hidden : run.stop * hidden]
        if out.ndim == 3:
            np.matmul(np.swapaxes(part, 1, 2), values, out=out[:, rows])
        elif adjoint.rows == 1:
            np.matmul(part[:, 0].T, values[:, 0], out=out[rows])
        else:
            flat = part.reshape(-1, part.shape[2])
            np.matmul(flat.T, values.reshape(-1, values.shape[2]), out=out[rows])
        row = rows.stop
