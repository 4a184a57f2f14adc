"""All weights of a network in one flat vector, read by path: `weights["layer0/forward/W_f"]`.

Weights that are multiplied by the same vector lie side by side (a *slab*), so that one product
serves them all; each weight is a view of its slab. A gradient has the same form.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from rnnviz.engine.arrays import AnyArray, Array, frozen
from rnnviz.engine.errors import EngineError, ShapeError, UnknownError, as_array
from rnnviz.engine.tape import Slabs

PRECISIONS = (np.dtype(np.float64), np.dtype(np.float32))
"""In which the engine computes."""


@dataclass(frozen=True)
class Slab:
    """A block of the flat vector.

    Attributes
    ----------
    part : str
        What it belongs to, such as `layer0/forward`.
    name : str
        Its name there, as in `Plan.slabs`.
    shape : tuple of int
        Its shape; matrices have their rows on the last axis but one.
    paths : tuple of str
        The weights in it, top to bottom, all with the same number of rows.
    rows : int
        The number of rows of each.
    """

    part: str
    name: str
    shape: tuple[int, ...]
    paths: tuple[str, ...]
    rows: int

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class Layout:
    """Where each weight stands in the flat vector."""

    slabs: tuple[Slab, ...]

    @cached_property
    def size(self) -> int:
        """How many numbers there are in all."""
        return sum(slab.size for slab in self.slabs)

    @cached_property
    def _places(self) -> dict[str, tuple[int, Slab, int]]:
        places: dict[str, tuple[int, Slab, int]] = {}
        offset = 0
        for slab in self.slabs:
            for position, path in enumerate(slab.paths):
                places[path] = (offset, slab, position)
            offset += slab.size
        return places

    @cached_property
    def _parts(self) -> dict[str, list[tuple[str, int, int, tuple[int, ...]]]]:
        parts: dict[str, list[tuple[str, int, int, tuple[int, ...]]]] = {}
        offset = 0
        for slab in self.slabs:
            entry = (slab.name, offset, offset + slab.size, slab.shape)
            parts.setdefault(slab.part, []).append(entry)
            offset += slab.size
        return parts

    @property
    def paths(self) -> tuple[str, ...]:
        """Every weight."""
        return tuple(self._places)

    def slabs_of(self, vector: Array, part: str) -> Slabs:
        """The slabs of one part as views of `vector`."""
        return {n: vector[a:b].reshape(shape) for n, a, b, shape in self._parts.get(part, [])}

    def view(self, vector: AnyArray, path: str) -> AnyArray:
        """The weight `path` as a view of `vector`."""
        if path not in self._places:
            raise UnknownError("path", path, self.paths)
        offset, slab, position = self._places[path]
        whole = vector[offset : offset + slab.size].reshape(slab.shape)
        rows = slice(position * slab.rows, (position + 1) * slab.rows)
        matrix = bool(len(slab.shape) >= 2 and not slab.name.startswith(("biases", "vectors")))
        return whole[..., rows, :] if matrix else whole[..., rows]

    def where(self, index: int) -> tuple[str, tuple[int, ...]]:
        """The path and the place in it of the `index`-th number of the flat vector."""
        marks = np.arange(self.size)
        for path in self.paths:
            found = np.argwhere(self.view(marks, path) == index)
            if len(found):
                return path, tuple(int(i) for i in found[0])
        raise EngineError(f"index: {index} came, the vector has {self.size} numbers")


class Weights(Mapping[str, Array]):
    """Read-only weights (or their gradient) by path.

    Parameters
    ----------
    layout : Layout
        Where each path stands.
    vector : array `[size]`
        All numbers; taken over and made read-only.
    """

    __slots__ = ("_layout", "_vector")

    def __init__(self, layout: Layout, vector: Array) -> None:
        if not isinstance(vector, np.ndarray) or vector.dtype not in PRECISIONS:
            came = getattr(vector, "dtype", type(vector).__name__)
            raise EngineError(f"vector: {came} came, expected an array of float64 or float32")
        if vector.shape != (layout.size,):
            raise ShapeError("vector", vector.shape, f"({layout.size},)")
        self._layout = layout
        self._vector = frozen(vector)

    @property
    def layout(self) -> Layout:
        """Where each path stands."""
        return self._layout

    @property
    def vector(self) -> Array:
        """All numbers, read-only."""
        return self._vector

    def __getitem__(self, path: str) -> Array:
        """The array of one weight, read-only."""
        return self._layout.view(self._vector, path)

    def __contains__(self, path: object) -> bool:
        """Whether there is such a weight."""
        return path in self._layout.paths

    def __iter__(self) -> Iterator[str]:
        """All paths."""
        return iter(self._layout.paths)

    def __len__(self) -> int:
        """How many paths there are."""
        return len(self._layout.paths)

    def slabs(self, part: str) -> Slabs:
        """The slabs of one part, such as `layer0/forward`."""
        return self._layout.slabs_of(self._vector, part)

    def replace(self, changes: Mapping[str, Any]) -> Weights:
        """The same weights with other arrays at some paths.

        Raises
        ------
        UnknownError
            A path that is not there.
        ShapeError
            An array of another shape.
        """
        vector = self._vector.copy()
        for path, value in changes.items():
            view = self._layout.view(vector, path)
            with np.errstate(all="ignore"):
                array = as_array(path, value, vector.dtype)
            if array.shape != view.shape:
                raise ShapeError(path, array.shape, str(view.shape))
            view[...] = array
        return Weights(self._layout, vector)

    def astype(self, dtype: Any) -> Weights:
        """The same weights in another precision; what is too large for it becomes inf."""
        if dtype not in PRECISIONS:
            raise EngineError(f"dtype: {dtype} came, expected float64 or float32")
        with np.errstate(all="ignore"):
            return Weights(self._layout, self._vector.astype(dtype))


def check_weights(layout: Layout, weights: Weights) -> None:
    """Raise an EngineError for weights of another network."""
    if not isinstance(weights, Weights):
        raise EngineError(f"weights: {type(weights).__name__} came, expected Weights")
    if weights.layout is not layout and weights.layout != layout:
        raise EngineError(
            f"weights: those of another network came ({weights.layout.size} numbers, "
            f"{len(weights)} paths); this one has {layout.size} in {len(layout.paths)}"
        )
