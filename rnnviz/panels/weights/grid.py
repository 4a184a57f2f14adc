"""Where the cells of matrices that stand side by side lie, and which of them there is room for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import floor
from typing import final

from PySide6.QtCore import QPointF, QRectF

CELL_WIDTH, CELL_HEIGHT = 22.0, 20.0
LEAST = 4.0
"""Px of a cell; matrices that would need smaller ones are scrolled."""
GAP = 10.0
"""Between two matrices."""


@final
@dataclass(frozen=True)
class Block:
    """One matrix; a vector is a matrix of one column.

    Attributes
    ----------
    path : str
        The weight.
    rows, columns : int
        Its shape.
    """

    path: str
    rows: int
    columns: int


@final
@dataclass(frozen=True)
class Cell:
    """One number: the weight, and its row and column as they are drawn."""

    path: str
    row: int
    column: int


@final
@dataclass(frozen=True)
class Piece:
    """What is seen of one block: its columns `start` to `stop`, from x on."""

    block: Block
    start: int
    stop: int
    x: float


@final
@dataclass(frozen=True)
class Grid:
    """The visible part of blocks in a box.

    Attributes
    ----------
    blocks : tuple of Block
        From left to right, with the same number of rows.
    box : QRectF
        Where they are drawn.
    top_row, left_column : int
        The first row, and the first column counted over all blocks.
    """

    blocks: tuple[Block, ...]
    box: QRectF
    top_row: int = 0
    left_column: int = 0

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.blocks[0].rows if self.blocks else 0

    @cached_property
    def columns(self) -> int:
        """How many columns there are in all."""
        return sum(block.columns for block in self.blocks)

    @cached_property
    def across(self) -> float:
        """From one cell to the next, in px."""
        room = self.box.width() - GAP * (len(self.blocks) - 1)
        return _pitch(room / max(self.columns, 1), CELL_WIDTH)

    @cached_property
    def down(self) -> float:
        """From one row to the next, in px."""
        return _pitch(self.box.height() / max(self.rows, 1), CELL_HEIGHT)

    @cached_property
    def shown_rows(self) -> range:
        """The rows that there is room for."""
        count = min(self.rows, max(floor(self.box.height() / self.down + 1e-6), 1))
        first = max(0, min(self.top_row, self.rows - count))
        return range(first, first + count)

    @cached_property
    def first_column(self) -> int:
        """The first column that is seen: no room is left empty at the right."""
        return max(0, min(self.left_column, self._last_first()))

    def _last_first(self) -> int:
        room, column = self.box.width(), self.columns
        for block in reversed(self.blocks):
            fit = min(block.columns, floor(room / self.across + 1e-6))
            column -= fit
            room -= fit * self.across + GAP
            if fit < block.columns:
                break
        return column

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """What is seen of each block."""
        found: list[Piece] = []
        x, before, first = self.box.left(), 0, self.first_column
        for block in self.blocks:
            start = max(first - before, 0)
            before += block.columns
            if start >= block.columns:
                continue
            fit = floor((self.box.right() - x) / self.across + 1e-6)
            stop = min(block.columns, start + fit)
            if stop > start:
                found.append(Piece(block, start, stop, x))
            x += (stop - start) * self.across + GAP
        return tuple(found)

    def piece_box(self, piece: Piece) -> QRectF:
        """Where the visible part of a block is drawn."""
        wide = (piece.stop - piece.start) * self.across
        return QRectF(piece.x, self.box.top(), wide, len(self.shown_rows) * self.down)

    def at(self, point: QPointF) -> Cell | None:
        """The cell under a point."""
        row = floor((point.y() - self.box.top()) / self.down) + self.shown_rows.start
        if row not in self.shown_rows:
            return None
        for piece in self.pieces:
            column = floor((point.x() - piece.x) / self.across) + piece.start
            if piece.start <= column < piece.stop and point.x() >= piece.x:
                return Cell(piece.block.path, row, column)
        return None

    def box_of(self, cell: object) -> QRectF | None:
        """The box of a cell, or None if it is not seen."""
        if not isinstance(cell, Cell) or cell.row not in self.shown_rows:
            return None
        for piece in self.pieces:
            if piece.block.path == cell.path and piece.start <= cell.column < piece.stop:
                x = piece.x + (cell.column - piece.start) * self.across
                y = self.box.top() + (cell.row - self.shown_rows.start) * self.down
                return QRectF(x, y, self.across, self.down)
        return None

    def column_of(self, cell: Cell) -> int:
        """The column of a cell, counted over all blocks."""
        before = 0
        for block in self.blocks:
            if block.path == cell.path:
                return before + cell.column
            before += block.columns
        return 0

    def moved(self, cell: Cell, across: int, down: int) -> Cell:
        """The cell so many columns and rows away, over the edges of the blocks; it stays inside."""
        row = max(0, min(cell.row + down, self.rows - 1))
        column = max(0, min(self.column_of(cell) + across, self.columns - 1))
        for block in self.blocks:
            if column < block.columns:
                return Cell(block.path, row, column)
            column -= block.columns
        return cell


def _pitch(wanted: float, most: float) -> float:
    """A size of cells: whole px from 8 on, so that all gaps are alike, else whatever fits."""
    size = max(min(wanted, most), LEAST)
    return float(floor(size)) if size >= 8 else size
