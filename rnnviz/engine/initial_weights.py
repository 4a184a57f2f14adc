"""The first weights of a whole network, from a seed and one scheme for each kind of weight.

Each weight has a generator of its own, made from the seed and its path: it starts with the same
numbers whatever else the network holds, so that two networks differ only in what one added.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from rnnviz.engine.arrays import Array
from rnnviz.engine.cell import INPUT
from rnnviz.engine.errors import EngineError, UnknownError
from rnnviz.engine.initialise import SCHEMES, Shape, with_spectral_radius
from rnnviz.engine.trainable import HasWeights, checked_dtype
from rnnviz.engine.weights import Slab, Weights

Fill: TypeAlias = str | tuple[str, float]
"""The name of a scheme, or that name and its one number, such as ("normal", 0.1)."""

_NUMBERS = {"orthogonal": "gain", "uniform": "bound", "normal": "deviation", "identity": "scale"}
_FOR_VECTORS = ("uniform", "normal", "zeros")


def _check_fill(setting: str, fill: Fill) -> None:
    name, number = (fill, None) if isinstance(fill, str) else fill
    known = _FOR_VECTORS if setting == "vector" else tuple(SCHEMES)
    if name not in known:
        raise UnknownError(setting, name, known)
    if number is None:
        return
    if name not in _NUMBERS:
        raise EngineError(f"{setting}: {fill} came, but {name} takes no number")
    if not (math.isfinite(number) and (number > 0 or name == "identity")):
        raise EngineError(
            f"{setting}: the {_NUMBERS[name]} {number} came, expected a finite number above 0"
        )


@dataclass(frozen=True)
class Initialisation:
    """How each kind of weight begins.

    A scheme is a name of `initialise.SCHEMES`, or a name with its number: ("orthogonal", gain),
    ("uniform", bound), ("normal", standard deviation), ("identity", scale).

    Attributes
    ----------
    input : scheme
        Matrices that read from below: the input of a layer, the query and the keys of an attention,
        the bridge from an encoder to a decoder.
    recurrent : scheme
        Matrices that read the layer's own past, such as `U_f`.
    embedding : scheme
        Vectors of tokens; with a deviation of 1 (PyTorch's choice) they are as large as the Xavier
        schemes suppose.
    head : scheme
        The matrix from hidden units to outputs.
    transitions : scheme
        Scores from tag to tag of a CRF.
    vector : "uniform", "normal" or "zeros", or with a number
        What acts unit by unit: peepholes, the vector that scores an attention.
    bias : float
        All biases.
    forget_bias : float or None
        The bias `b_f` of layers with a forget gate `f` instead: above 0 a cell begins by
        remembering (Gers et al. 2000; Jozefowicz et al. 2015). None treats it as any other.
    spectral_radius : float or None
        Each recurrent matrix is scaled to this one, above 0 (Jaeger 2001).

    Raises
    ------
    EngineError
        An unknown scheme, a number for a scheme that takes none, a number out of range.
    """

    input: Fill = "xavier_uniform"
    recurrent: Fill = "orthogonal"
    embedding: Fill = ("normal", 1.0)
    head: Fill = "xavier_uniform"
    transitions: Fill = "zeros"
    vector: Fill = "uniform"
    bias: float = 0.0
    forget_bias: float | None = 1.0
    spectral_radius: float | None = None

    def __post_init__(self) -> None:
        """Check the names and the numbers."""
        numbers = ("bias", "forget_bias", "spectral_radius")
        for setting in (field.name for field in fields(self) if field.name not in numbers):
            _check_fill(setting, getattr(self, setting))
        for setting in numbers:
            value = getattr(self, setting)
            if value is not None and not math.isfinite(value):
                raise EngineError(f"{setting}: {value} came, expected a finite number")
        if self.spectral_radius is not None and self.spectral_radius <= 0:
            raise EngineError(
                f"spectral_radius: {self.spectral_radius} came, expected a number above 0"
            )


STANDARD = Initialisation()


def initial_weights(
    network: HasWeights,
    seed: int = 0,
    scheme: Initialisation = STANDARD,
    dtype: npt.DTypeLike = np.float64,
) -> Weights:
    """The weights with which training begins.

    Parameters
    ----------
    network : Network or EncoderDecoder
        Whose weights.
    seed : int
        0 or more; the same seed gives the same bits (see `initialise`).
    scheme : Initialisation
        How each kind of weight begins.
    dtype : dtype
        float64 or float32; the latter is the former, rounded.

    Raises
    ------
    EngineError
        A negative seed, another precision, a spectral radius for a matrix that has none.
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise EngineError(f"seed: {seed!r} came, expected a whole number, 0 or more")
    layout = network.layout
    vector = np.empty(layout.size, checked_dtype(dtype))
    for slab, path in _all(layout.slabs):
        rng = np.random.default_rng([int(seed), *path.encode()])
        view = layout.view(vector, path)
        view[...] = _start(scheme, slab, path, view.shape, rng)
    return Weights(layout, vector)


def is_recurrent(slab: Slab) -> bool:
    """Whether a slab holds matrices that read the layer's own past."""
    return slab.name.startswith("products with ") and slab.name != f"products with {INPUT}"


def _all(slabs: tuple[Slab, ...]) -> Iterator[tuple[Slab, str]]:
    return ((slab, path) for slab in slabs for path in slab.paths)


def _start(
    scheme: Initialisation, slab: Slab, path: str, shape: Shape, rng: np.random.Generator
) -> Array | float:
    if slab.name.startswith("biases"):
        forgets = path.endswith("/b_f") and scheme.forget_bias is not None
        return scheme.forget_bias if forgets and scheme.forget_bias is not None else scheme.bias
    if slab.name == "vectors":
        # Step by step: the leading axis of weights that are not shared is no row of a matrix.
        steps = [_filled(scheme.vector, shape[-1:], rng) for _ in range(math.prod(shape[:-1]))]
        return np.reshape(steps, shape)
    kinds = {"E": scheme.embedding, "V": scheme.head, "transitions": scheme.transitions}
    if not is_recurrent(slab):
        return _filled(kinds.get(slab.name, scheme.input), shape, rng)
    matrix = _filled(scheme.recurrent, shape, rng)
    return matrix if scheme.spectral_radius is None else _scaled(path, matrix, scheme)


def _filled(fill: Fill, shape: Shape, rng: np.random.Generator) -> Array:
    if isinstance(fill, str):
        return SCHEMES[fill](shape, rng)
    name, number = fill
    return SCHEMES[name](shape, rng, **{_NUMBERS[name]: number})


def _scaled(path: str, matrix: Array, scheme: Initialisation) -> Array:
    """`matrix`, or each of several along the leading axis, with the spectral radius asked for."""
    assert scheme.spectral_radius is not None
    flat = matrix.reshape(-1, *matrix.shape[-2:])
    try:
        scaled = [with_spectral_radius(one, scheme.spectral_radius) for one in flat]
    except EngineError as error:
        start = f"{path} begins as {scheme.recurrent}"
        raise EngineError(f"spectral_radius: {start}; {error}") from None
    return np.reshape(scaled, matrix.shape)
