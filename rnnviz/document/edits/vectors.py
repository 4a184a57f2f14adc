"""Edits of the sequence of vectors that the network looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, final

import numpy as np

from rnnviz.document.document import Document, read_only
from rnnviz.document.edits.base import Edit, EditError, check_step
from rnnviz.document.edits.fitting import rearranged
from rnnviz.document.edits.pasting import check_finite, numbers_from_text
from rnnviz.document.texts import tr
from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import ShapeError


def vectors_of(document: Document) -> Array:
    """The sequence, where it is one of vectors.

    Raises
    ------
    EditError
        The network reads tokens.
    """
    if isinstance(document.sequence, tuple):
        raise EditError("vector: the network reads tokens")
    return document.sequence


def _checked(values: tuple[float, ...], size: int) -> Array:
    array = np.array(values, np.float64)
    if array.shape != (size,):
        raise ShapeError("values", array.shape, f"({size},)")
    check_finite("values", array)
    return array


@final
@dataclass(frozen=True, eq=False)
class SetVector(Edit):
    """Put another vector in the place of the one at `step`."""

    places: ClassVar[tuple[str, ...]] = ("step",)

    step: int
    values: tuple[float, ...]

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return tr("Change the input of step {number}").format(number=self.step + 1)

    def _on(self, document: Document) -> Document:
        vectors = vectors_of(document).copy()
        check_step("step", self.step, len(vectors))
        vectors[self.step] = _checked(self.values, vectors.shape[1])
        return document.changed(sequence=read_only(vectors))


@final
@dataclass(frozen=True, eq=False)
class SetVectorValue(Edit):
    """Change one number of the input."""

    places: ClassVar[tuple[str, ...]] = ("step", "unit")

    step: int
    unit: int
    value: float

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        text = tr("Change input {unit} of step {number} to {value}")
        return text.format(unit=self.unit + 1, number=self.step + 1, value=f"{self.value:.4g}")

    def _on(self, document: Document) -> Document:
        vectors = vectors_of(document).copy()
        check_step("step", self.step, len(vectors))
        check_step("unit", self.unit, vectors.shape[1])
        check_finite("value", self.value)
        vectors[self.step, self.unit] = self.value
        return document.changed(sequence=read_only(vectors))


@final
@dataclass(frozen=True, eq=False)
class InsertVector(Edit):
    """Insert a vector before the one at `step`, or at the end."""

    step: int
    values: tuple[float, ...]

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return tr("Insert a step at {number}").format(number=self.step + 1)

    def _on(self, document: Document) -> Document:
        vectors, step = vectors_of(document), self.step
        check_step("step", step, len(vectors) + 1)
        old = list(range(len(vectors)))
        new = np.insert(vectors, step, _checked(self.values, vectors.shape[1]), axis=0)
        return rearranged(document, read_only(new), [*old[:step], None, *old[step:]])


@final
@dataclass(frozen=True, eq=False)
class PasteVectors(Edit):
    """Put the rows of a spreadsheet in the place of the whole sequence; a row is a step.

    What belongs to a step stays with its number.
    """

    text: str

    @property
    def label(self) -> str:
        """What the undo menu calls it."""
        return tr("Paste the input")

    def _on(self, document: Document) -> Document:
        old = vectors_of(document)
        new = numbers_from_text(self.text)
        if new.shape[1] != old.shape[1]:
            came, expected = new.shape[1], old.shape[1]
            raise EditError(f"text: rows of {came} numbers came, expected {expected} in each")
        order = [step if step < len(old) else None for step in range(len(new))]
        return rearranged(document, read_only(new), order)
