"""What weights and training need to know of a network, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from rnnviz.engine.batch import Batch
from rnnviz.engine.errors import EngineError
from rnnviz.engine.heads import Head
from rnnviz.engine.holds import Hold
from rnnviz.engine.layers import Layer
from rnnviz.engine.trace import Trace
from rnnviz.engine.weights import Layout, Weights


class HasWeights(Protocol):
    """Something with weights; see `Network.layout`."""

    @property
    def layout(self) -> Layout:
        """Where each weight stands."""
        ...


class Trainable(HasWeights, Protocol):
    """A network that can be trained: `Network`, `EncoderDecoder`."""

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers."""
        ...

    @property
    def head(self) -> Head | None:
        """What gives the outputs."""
        ...

    @property
    def single(self) -> bool:
        """Whether there is one answer a row."""
        ...

    def batch(
        self,
        inputs: Sequence[Any],
        targets: Sequence[Any] | None = None,
        *,
        dtype: npt.DTypeLike = ...,
    ) -> Batch:
        """Lists of sequences and targets as a batch."""
        ...

    def forward(
        self,
        weights: Weights,
        batch: Batch,
        holds: Iterable[Hold] = (),
        rng: np.random.Generator | None = None,
    ) -> Trace:
        """Every value of every step; dropout is on if `rng` is given."""
        ...


def checked_dtype(dtype: npt.DTypeLike) -> np.dtype[np.floating[Any]]:
    """`dtype` as a precision of the engine.

    Raises
    ------
    EngineError
        It is neither float32 nor float64.
    """
    for precision in (np.dtype(np.float32), np.dtype(np.float64)):
        try:
            if dtype is not None and np.dtype(dtype) == precision:
                return precision
        except TypeError:
            break
    raise EngineError(f"dtype: {dtype!r} came, expected float32 or float64")
