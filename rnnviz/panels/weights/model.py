"""What the panel of weights shows of a sight: the arrays of a tab, the chosen cell, a ghost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import final

import numpy as np

from rnnviz.document.document import Document
from rnnviz.engine.arrays import Array
from rnnviz.engine.gradients import Gradients
from rnnviz.panels.cursor import cursor
from rnnviz.panels.sight import Sight
from rnnviz.panels.weights.grid import Block, Cell
from rnnviz.panels.weights.tabs import Tab, name_of
from rnnviz.session.selection import parts


def newest(sight: Sight) -> Document:
    """The document as it is now, also while its numbers are still computed; weights need none."""
    seen, now = sight.document, sight.frame.document
    return now if now.network is seen.network else seen


@final
@dataclass(frozen=True, eq=False)
class Shown:
    """The weights of one tab.

    Attributes
    ----------
    document : Document
        Whose.
    tab : Tab
        Which.
    sight : Sight
        Where the reader is.
    """

    document: Document
    tab: Tab
    sight: Sight

    @cached_property
    def is_unshared(self) -> bool:
        """Whether each step has weights of its own: then those of the current step are shown."""
        layer = parts(self.document).get(self.tab.part)
        return layer is not None and layer.unshared is not None

    @property
    def step(self) -> int:
        """The step whose weights are shown, where each has its own."""
        return self.at(len(self.document.weights[self.tab.paths[0]])) or 0

    def at(self, steps: int) -> int | None:
        """Which of so many steps of the tab's part is looked at; None if the story is elsewhere."""
        part = "encoder/" if self.tab.part == "source" else self.tab.part
        return cursor(self.sight, part, steps)

    def _slice(self, array: Array) -> Array:
        found = array[self.step] if self.is_unshared else array
        return found[:, None] if found.ndim == 1 else found

    def array(self, path: str) -> Array:
        """The numbers of a weight, `[row, column]`."""
        return self._slice(self.document.weights[path])

    def before(self, path: str) -> Array | None:
        """The numbers before the last edit, where the edit changed weights of this shape."""
        ghost = self.sight.frame.ghost
        if ghost is None or ghost.document.weights is self.document.weights:
            return None
        weights = ghost.document.weights
        same = path in weights and weights[path].shape == self.document.weights[path].shape
        return self._slice(weights[path]) if same else None

    @cached_property
    def gradients(self) -> Gradients | None:
        """The gradients, where they are there and belong to this network."""
        found = self.sight.frame.gradients
        return found if found is not None and self.tab.paths[0] in found.weights else None

    def gradient(self, path: str) -> Array | None:
        """dL/d(a weight), `[row, column]`; None without targets."""
        found = self.gradients
        return None if found is None else self._slice(found.weights[path])

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The shapes of all weights of the tab."""
        return tuple(Block(path, *self.array(path).shape[:2]) for path in self.tab.paths)

    def index(self, cell: Cell) -> tuple[int, ...]:
        """The place of a cell in its weight."""
        weight = self.document.weights[cell.path]
        front = (self.step,) if self.is_unshared else ()
        vector = weight.ndim - len(front) == 1
        return (*front, cell.row) if vector else (*front, cell.row, cell.column)

    def row(self, cell: Cell) -> tuple[int, ...]:
        """The place of a cell's row in its weight."""
        return (*((self.step,) if self.is_unshared else ()), cell.row)

    def is_vector(self, path: str) -> bool:
        """Whether a weight is one column of numbers."""
        return self.document.weights[path].ndim - self.is_unshared == 1

    def value(self, cell: Cell) -> float:
        """The number of a cell."""
        return float(self.array(cell.path)[cell.row, cell.column])

    @cached_property
    def unit_row(self) -> int | None:
        """The row of what is selected elsewhere: the unit, the token, the output."""
        selection, tab = self.sight.selection, self.tab
        if tab.part in parts(self.document):
            return selection.unit if selection.unit < self.blocks[0].rows else None
        if name_of(tab.paths[0]) == "E":
            return self._token()
        if tab.paths[0] == "head/V" and selection.part == "head":
            return selection.unit
        return None

    def _token(self) -> int | None:
        ids = () if self.tab.part == "target" else self.document.ids
        step = self.at(len(ids))
        return None if step is None or not ids else ids[step]

    @cached_property
    def chosen(self) -> Cell:
        """The selected cell, or the first of the unit in the matrix that reads the past."""
        weight = self.sight.selection.weight
        if weight is not None and weight[0] in self.tab.paths:
            place = weight[1][1:] if self.is_unshared else weight[1]
            return Cell(weight[0], place[0], place[1] if len(place) > 1 else 0)
        return Cell(self.tab.recurrent or self.tab.paths[0], self.unit_row or 0, 0)

    def row_label(self, row: int) -> str:
        """How a row is called: a word, an answer, or its number from 1."""
        names = self.row_names
        return names[row] if row < len(names) else str(row + 1)

    @cached_property
    def row_names(self) -> tuple[str, ...]:
        """The names of the rows; empty where they have numbers."""
        first, document = self.tab.paths[0], self.document
        if name_of(first) == "E":
            words = document.target_vocabulary if self.tab.part == "target" else document.vocabulary
            return words or ()
        named = self.tab.part == "head" and len(document.answers) == self.blocks[0].rows
        return document.answers if named else ()

    def place(self, cell: Cell) -> str:
        """How the place of a cell is written: row and column from 1, or the row of a vector."""
        row = self.row_label(cell.row)
        if row != str(cell.row + 1):
            row = f"\N{LEFT DOUBLE QUOTATION MARK}{row}\N{RIGHT DOUBLE QUOTATION MARK}"
        return row if self.is_vector(cell.path) else f"{row},{cell.column + 1}"

    def changed(self, path: str, rows: range, start: int, stop: int) -> list[tuple[int, int]]:
        """The visible cells that the last edit changed, row and column."""
        before = self.before(path)
        if before is None:
            return []
        now = self.array(path)[rows.start : rows.stop, start:stop]
        old = before[rows.start : rows.stop, start:stop]
        differ = (now != old) & ~(np.isnan(now) & np.isnan(old))
        return [(int(r) + rows.start, int(c) + start) for r, c in np.argwhere(differ)]
