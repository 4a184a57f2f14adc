"""The first weights: the schemes that have a name, and the spectral radius of a recurrent matrix.

All schemes have one signature, `(shape, rng) -> float64 array`; what more they take has a default.
A weight matrix is `[outputs, inputs]`, as in `W @ x`. Weights that are not shared in time have the
step in front, `[time, outputs, inputs]`; each step is then filled as a matrix of its own, the first
with the very numbers that a single matrix would get. A vector (a bias) has no fan-in: only
`uniform`, `normal` and `zeros` fill one.

One seed of `np.random.default_rng` gives the same bits each time; `orthogonal` rests on LAPACK and
may differ in the last digits between machines.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import EngineError, ShapeError

Shape: TypeAlias = tuple[int, ...]
Scheme: TypeAlias = Callable[[Shape, np.random.Generator], Array]

_MATRIX = 2  # axes
_EPSILON = float(np.finfo(np.float64).eps)


def xavier_uniform(shape: Shape, rng: np.random.Generator) -> Array:
    r"""Within :math:`\pm\sqrt{6 / (\mathrm{in} + \mathrm{out})}`: Glorot & Bengio 2010, eq. 16.

    The variance of signals stays the same forward and backward, as nearly as one number allows,
    where the activation is about linear (tanh near 0).
    """
    bound = math.sqrt(6 / sum(_fans(shape)))
    return rng.uniform(-bound, bound, shape)


def xavier_normal(shape: Shape, rng: np.random.Generator) -> Array:
    r"""Normal with the variance :math:`2 / (\mathrm{in} + \mathrm{out})`: Glorot & Bengio 2010."""
    return rng.normal(0, math.sqrt(2 / sum(_fans(shape))), shape)


def he_uniform(shape: Shape, rng: np.random.Generator) -> Array:
    r"""Within :math:`\pm\sqrt{6 / \mathrm{in}}`: the variance of `he_normal`, for relu."""
    _, inputs = _fans(shape)
    bound = math.sqrt(6 / inputs)
    return rng.uniform(-bound, bound, shape)


def he_normal(shape: Shape, rng: np.random.Generator) -> Array:
    r"""Normal with the variance :math:`2 / \mathrm{in}`: He et al. 2015, eq. 10.

    Twice what a linear unit needs, as relu lets half of the signal through.
    """
    _, inputs = _fans(shape)
    return rng.normal(0, math.sqrt(2 / inputs), shape)


def orthogonal(shape: Shape, rng: np.random.Generator, gain: float = 1.0) -> Array:
    """A random rotation (or reflection) times `gain`: Saxe et al. 2014.

    All singular values are `gain`, so a product of many such matrices neither grows nor shrinks.
    Of a rectangular matrix the shorter side is orthonormal: the rows of a wide one, the columns of
    a tall one.
    """
    outputs, inputs = _fans(shape)
    long, short = max(outputs, inputs), min(outputs, inputs)
    square = rng.normal(size=(*shape[:-2], long, short))
    q, r = np.linalg.qr(square)
    # QR leaves the signs open; with a positive diagonal of R all rotations are equally likely.
    q = q * np.where(np.diagonal(r, axis1=-2, axis2=-1) < 0, -1.0, 1.0)[..., None, :]
    return gain * np.ascontiguousarray(q if outputs >= inputs else np.swapaxes(q, -1, -2))


def uniform(shape: Shape, rng: np.random.Generator, bound: float | None = None) -> Array:
    r"""Within `bound`; left out, :math:`\pm 1/\sqrt{\mathrm{hidden}}`, as PyTorch's nn.RNN has it.

    `hidden` is the number of outputs: the rows of a matrix, the size of a vector.
    """
    _check_sizes(shape)
    limit = 1 / math.sqrt(shape[-_MATRIX:][0]) if bound is None else _positive("bound", bound)
    return rng.uniform(-limit, limit, shape)


def normal(shape: Shape, rng: np.random.Generator, deviation: float = 0.01) -> Array:
    """Normal with mean 0 and the given standard deviation."""
    _check_sizes(shape)
    return rng.normal(0, _positive("deviation", deviation), shape)


def zeros(shape: Shape, rng: np.random.Generator) -> Array:  # noqa: ARG001
    """Nothing but 0: right for a bias; units of a weight matrix would never come to differ."""
    _check_sizes(shape)
    return np.zeros(shape)


def identity(shape: Shape, rng: np.random.Generator, scale: float = 1.0) -> Array:  # noqa: ARG001
    """`scale` on the main diagonal, 0 elsewhere: Le, Jaitly & Hinton 2015.

    With relu and scale 1 a recurrent layer begins by keeping its state; with a smaller scale it
    forgets at that rate.
    """
    outputs, inputs = _fans(shape)
    return np.broadcast_to(scale * np.eye(outputs, inputs), shape).copy()


SCHEMES: dict[str, Scheme] = {
    "xavier_uniform": xavier_uniform,
    "xavier_normal": xavier_normal,
    "he_uniform": he_uniform,
    "he_normal": he_normal,
    "orthogonal": orthogonal,
    "uniform": uniform,
    "normal": normal,
    "zeros": zeros,
    "identity": identity,
}


def spectral_radius(matrix: Array) -> float:
    r"""The largest :math:`|\lambda|` of a square matrix; nan if the matrix holds nan or inf.

    A linear recurrence grows without bound above 1 and fades below (Pascanu et al. 2013).
    """
    _check_square(matrix)
    try:
        return float(np.abs(np.linalg.eigvals(matrix)).max())
    except np.linalg.LinAlgError:
        return math.nan


@np.errstate(all="ignore")
def with_spectral_radius(matrix: Array, radius: float) -> Array:
    """`matrix` scaled so that its spectral radius is `radius` (Jaeger 2001).

    Raises
    ------
    EngineError
        The radius is negative or not finite, the matrix is not, or all its eigenvalues are 0 (a
        power of it is zero to rounding): no factor changes its radius then.
    """
    if not (math.isfinite(radius) and radius >= 0):
        raise EngineError(f"radius: {radius} came, expected a finite number, 0 or more")
    now = spectral_radius(matrix)
    if not math.isfinite(now):
        raise EngineError("matrix: it holds inf or nan, expected finite numbers")
    if now == 0 or _is_nilpotent(matrix):
        raise EngineError(
            "matrix: all its eigenvalues are 0 (it is zero or nilpotent), so scaling cannot change "
            "its spectral radius; expected a matrix with another eigenvalue"
        )
    return matrix * (radius / now)


def _is_nilpotent(matrix: Array) -> bool:
    """Whether a power of `matrix` up to the 64th is zero to rounding.

    The eigenvalues do not tell: of a nilpotent matrix of size n they come out as large as
    eps^(1/n). So the matrix is squared again and again, beside a bound of each entry's rounding
    error. (Past the 64th power that bound would swallow any large matrix.)
    """
    n = len(matrix)
    power = matrix.astype(np.float64) / np.abs(matrix).max()
    error = _EPSILON * np.abs(power)
    for _ in range(min(6, math.ceil(math.log2(n)))):
        size = np.abs(power)
        error = size @ error + error @ size + n * _EPSILON * (size @ size)
        power = power @ power
        if (np.abs(power) <= error).all():
            return True
        largest = np.abs(power).max()
        power, error = power / largest, error / largest
    return False


def _check_sizes(shape: Shape) -> None:
    if not shape or min(shape) < 1:
        raise ShapeError("shape", shape, "one or more sizes, each at least 1")


def _check_square(matrix: Array) -> None:
    if matrix.ndim != _MATRIX or len(set(matrix.shape)) != 1 or not matrix.size:
        raise ShapeError("matrix", matrix.shape, "square, [n, n] with n at least 1")


def _fans(shape: Shape) -> tuple[int, int]:
    """The numbers of outputs and inputs, (fan-out, fan-in)."""
    if len(shape) < _MATRIX or min(shape) < 1:
        raise ShapeError("shape", shape, "[outputs, inputs] or [time, outputs, inputs]")
    return shape[-2], shape[-1]


def _positive(argument: str, value: float) -> float:
    if not (math.isfinite(value) and value > 0):
        raise EngineError(f"{argument}: {value} came, expected a finite number above 0")
    return value
