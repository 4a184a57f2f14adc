r"""Step-to-step factors and their products, as logarithms, so that nothing is lost on a long way.

A gradient that travels back from step T to step t is multiplied by
:math:`\prod_{k=t+1}^{T} \partial s_k / \partial s_{k-1}` (Pascanu, Mikolov & Bengio 2013, eq. 5).
The *road* is the elementwise part of each factor; see `engine.jacobians`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from rnnviz.engine.arrays import Array, frozen
from rnnviz.engine.jacobians import highway, step_jacobian
from rnnviz.engine.trace import Trace

SMALL = 64
"""Up to this many states the spectral radius is computed too."""


@dataclass(frozen=True, eq=False)
class Roads:
    """The elementwise factors of one state.

    Attributes
    ----------
    state : str
        Such as `c`.
    factors : array `[time, hidden]`
        d(state_t)/d(state before it in the order of reading); of the first that is read, by its
        initial state.
    powers : array `[time, hidden]`
        log10 |d(last state)/d(state_t)| along the road alone: 0 at the last, -inf where it is cut.
    """

    state: str
    factors: Array
    powers: Array


@dataclass(frozen=True)
class Factor:
    """One step back with all that passes through it.

    Attributes
    ----------
    step : int
        The step that is left on the way back.
    norm : float
        The spectral norm of d(states)/d(states before): by how much a gradient can grow. Nan at the
        step that is read first, which has none before it.
    radius : float
        Its spectral radius; nan where it was not computed.
    power : float
        log10 of the norm of d(last states)/d(states at this step): 0 at the last.
    """

    step: int
    norm: float
    radius: float
    power: float


def roads(trace: Trace, part: str, row: int = 0) -> Roads | None:
    """The elementwise factors of the state that has any; None where all goes through matrices.

    Of several states it is the last that is named, as an LSTM's `c`.
    """
    run = trace.runs[part.rpartition("/")[0]]
    turned = part.endswith("/backward")
    for state in reversed(run.layer.cell.states):
        factors = highway(trace, part, state, row)
        if factors.any():
            return Roads(state, factors, frozen(_powers(factors, turned)))
    return None


def _powers(factors: Array, turned: bool) -> Array:
    """Sums of logarithms from the last step in the order of reading back to each."""
    order = factors if turned else factors[::-1]
    # One row a unit: adding up along rows is many times faster than along columns.
    rows = np.ascontiguousarray(order.T, np.float64)
    with np.errstate(all="ignore"):
        logs = np.log10(np.abs(rows))
        behind = np.zeros_like(logs)
        np.cumsum(logs[:, :-1], axis=1, out=behind[:, 1:])
    return behind.T if turned else behind.T[::-1]


def factors(trace: Trace, part: str, row: int = 0) -> Iterator[Factor]:
    """The full factors, from the last step in the order of reading back to the first."""
    steps = trace.runs[part.rpartition("/")[0]].orders[part.rpartition("/")[2]].length(row)
    turned = part.endswith("/backward")
    order = range(steps) if turned else range(steps - 1, -1, -1)
    product: Array | None = None
    power, scale = 0.0, 0.0
    for number, step in enumerate(order):
        if number == steps - 1:
            yield Factor(step, float("nan"), float("nan"), power)
            return
        jacobian = step_jacobian(trace, part, step, row)
        matrix = jacobian.matrix.astype(np.float64)
        radius = _radius(matrix)
        yield Factor(step, jacobian.norm, radius, power)
        with np.errstate(all="ignore"):
            product = matrix if product is None else product @ matrix
        power, scale, product = _scaled(product, scale)


def _radius(matrix: Array) -> float:
    if len(matrix) > SMALL or not np.isfinite(matrix).all():
        return float("nan")
    return float(np.abs(np.linalg.eigvals(matrix)).max(initial=0.0))


def _scaled(product: Array, scale: float) -> tuple[float, float, Array]:
    """The logarithm of the product's norm, and the product with its size taken out."""
    if not np.isfinite(product).all():
        return float("nan"), scale, product
    norm = float(np.linalg.norm(product, 2))
    if norm == 0:
        return -float("inf"), scale, product
    power = scale + float(np.log10(norm))
    return power, power, product / norm
