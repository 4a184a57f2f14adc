"""Edits of single weights, rows and matrices."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar, final

import numpy as np
import numpy.typing as npt

from rnnviz.document.document import Document, read_only
from rnnviz.document.edits.base import Edit, EditError, check_step
from rnnviz.document.edits.pasting import check_finite, numbers_from_text
from rnnviz.document.history import Score
from rnnviz.document.same import same
from rnnviz.document.texts import tr
from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import ShapeError
from rnnviz.engine.weights import Weights


def with_weights(document: Document, weights: Weights, score: Score | None = None) -> Document:
    """The document with other weights; its score was that of the old ones."""
    if same(weights, document.weights):
        return document
    return replace(document, weights=weights, score=score)


def with_arrays(document: Document, arrays: dict[str, Any]) -> Document:
    """The document with other arrays at some paths of the weights.

    Raises
    ------
    EditError
        A number that is not finite, also in the precision of the weights.
    """
    dtype = document.weights.vector.dtype
    for path, array in arrays.items():
        with np.errstate(over="ignore"):
            check_finite(f"{path} in {dtype}", np.asarray(array).astype(dtype))
    return with_weights(document, document.weights.replace(arrays))


def place(array: Array, index: tuple[int, ...]) -> tuple[int, ...]:
    """`index`, if it is one of a number of `array`, or of a row of it.

    Raises
    ------
    EditError
        It is not.
    """
    inside = all(0 <= i < n for i, n in zip(index, array.shape, strict=False))
    if not 0 < len(index) <= array.ndim or not inside:
        raise EditError(f"index: {index} came, the shape is {array.shape}")
    return index


def name_of(path: str) -> str:
    """A weight as the menu calls it: the part behind the last stroke."""
    return path.rpartition("/")[2]


@final
@dataclass(frozen=True, eq=False)
class SetWeight(Edit):
    """Change one number of a weight."""

    places: ClassVar[tuple[str, ...]] = ("path", "index")

    path: str
    index: tuple[int, ...]
    value: float

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        at = ", ".join(str(i + 1) for i in self.index)
        text = tr("Set {name}[{at}] to {value}")
        return text.format(name=name_of(self.path), at=at, value=f"{self.value:.4g}")

    def _on(self, document: Document) -> Document:
        array = document.weights[self.path].astype(np.float64)
        if len(self.index) != array.ndim:
            raise EditError(f"index: {self.index} came, {self.path} has the shape {array.shape}")
        check_finite("value", self.value)
        array[place(array, self.index)] = self.value
        return with_arrays(document, {self.path: array})


@final
@dataclass(frozen=True, eq=False)
class SetWeightRow(Edit):
    """Change a row of a weight.

    Attributes
    ----------
    row : tuple of int
        Its place: the row of a matrix, or the step and the row where each step has its own.
    """

    places: ClassVar[tuple[str, ...]] = ("path", "row")

    path: str
    row: tuple[int, ...]
    values: tuple[float, ...]

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        text = tr("Set row {row} of {name}")
        return text.format(row=self.row[-1] + 1 if self.row else 0, name=name_of(self.path))

    def _on(self, document: Document) -> Document:
        array = document.weights[self.path].astype(np.float64)
        if len(self.row) != array.ndim - 1:
            raise EditError(f"row: {self.row} came, {self.path} has the shape {array.shape}")
        values = np.array(self.values, np.float64)
        if values.shape != array[place(array, self.row)].shape:
            raise ShapeError("values", values.shape, f"({array.shape[-1]},)")
        array[self.row] = values
        return with_arrays(document, {self.path: array})


@final
@dataclass(frozen=True, eq=False)
class SetWeightMatrix(Edit):
    """Change a whole weight.

    Attributes
    ----------
    values : array
        All its numbers. For a vector also one row, or one column, of a table.
    step : int or None
        The step, where each step has weights of its own and not all are given.
    """

    places: ClassVar[tuple[str, ...]] = ("path", "step")

    path: str
    values: Array
    step: int | None = None

    def __post_init__(self) -> None:
        """Make the values read-only."""
        object.__setattr__(self, "values", read_only(self.values))

    @classmethod
    def pasted(cls, path: str, text: str, step: int | None = None) -> SetWeightMatrix:
        """The edit that pastes a spreadsheet into a weight; see `pasting.numbers_from_text`."""
        return cls(path, numbers_from_text(text), step)

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return tr("Set all of {name}").format(name=name_of(self.path))

    def _on(self, document: Document) -> Document:
        array = document.weights[self.path].astype(np.float64)
        part = array
        if self.step is not None:
            check_step("step", self.step, len(array))
            part = array[self.step]
        values = self.values
        if part.ndim == 1 and values.ndim == 2 and 1 in values.shape:
            values = values.reshape(-1)
        if values.shape != part.shape:
            raise ShapeError(self.path, values.shape, str(part.shape))
        part[...] = values
        return with_arrays(document, {self.path: array})


@final
@dataclass(frozen=True, eq=False)
class ReplaceWeights(Edit):
    """Put other numbers in the place of all weights, such as those of a moment of training.

    Attributes
    ----------
    vector : array `[numbers]`
        In the order of `Weights.vector`; taken in the document's own precision. May hold inf and
        nan: a training run that blew up can be looked at.
    score : Score or None
        How well they do.
    """

    vector: npt.NDArray[Any]
    score: Score | None = None

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return tr("Replace all weights")

    def _on(self, document: Document) -> Document:
        weights = document.weights
        with np.errstate(over="ignore"):
            vector = np.array(self.vector, weights.vector.dtype)
        return with_weights(document, Weights(weights.layout, vector), self.score)
