"""Where the columns stand: one of them may be open, and long sequences scroll around it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

WIDEST, NARROWEST = 168.0, 44.0
"""Px of a folded column."""
OPEN, OPEN_LEAST, OPEN_MOST = 408.0, 300.0, 500.0
"""Px of an open cell in the picture, at least, and at most."""
OPEN_SHARE = 0.45
"""Of the room that an open cell may take where there is more than in the picture."""
APART = 28.0
"""Px beside an open cell that belong to its column."""
CELL_MOST, CELL_SHARE = 112.0, 0.72
INLET, OUTLET = 28.56, 40.8
"""Where the input enters an open cell, from its left, and the output leaves it, from its right."""
FOOT, HEAD = 46.0, 55.0
"""Where the word and the answer of an open column stand, from the same sides."""


@dataclass(frozen=True)
class Column:
    """One step.

    Attributes
    ----------
    side, step : int
        Which.
    left, width : float
        In px.
    opened : bool
        Whether its cell is open.
    """

    side: int
    step: int
    left: float
    width: float
    opened: bool = False

    @cached_property
    def centre(self) -> float:
        """The middle."""
        return self.left + self.width / 2

    @cached_property
    def cell_width(self) -> float:
        """Of the cell."""
        if self.opened:
            return self.width - APART
        return min(CELL_MOST, self.width * CELL_SHARE)

    @cached_property
    def cell_left(self) -> float:
        """The left edge of the cell."""
        return self.centre - self.cell_width / 2

    @cached_property
    def cell_right(self) -> float:
        """The right edge of the cell."""
        return self.centre + self.cell_width / 2

    @cached_property
    def foot(self) -> float:
        """The middle of the word and of what is read."""
        return self.cell_left + FOOT if self.opened else self.centre

    @cached_property
    def inlet(self) -> float:
        """Where what is read enters the cell."""
        return self.cell_left + INLET * self.cell_width / OPEN if self.opened else self.centre

    @cached_property
    def outlet(self) -> float:
        """Where the state leaves the cell upward."""
        return self.cell_right - OUTLET * self.cell_width / OPEN if self.opened else self.centre

    @cached_property
    def head(self) -> float:
        """The middle of the answer."""
        return self.cell_right - HEAD if self.opened else self.centre


@dataclass(frozen=True)
class Axis:
    """All columns between two edges.

    Attributes
    ----------
    left, right : float
        The edges in px.
    counts : tuple of int
        How many steps each side has.
    current : int
        The column that is kept in view, counted over all sides.
    is_open : bool
        Whether its cell is open.
    bridge : float
        Px between two sides.
    """

    left: float
    right: float
    counts: tuple[int, ...]
    current: int
    is_open: bool = True
    bridge: float = 0.0

    @property
    def count(self) -> int:
        """How many columns there are."""
        return sum(self.counts)

    @property
    def room(self) -> float:
        """Between the edges."""
        return self.right - self.left

    @cached_property
    def opened(self) -> float:
        """The width of the open column; that of the others where none is open."""
        if not self.is_open:
            return self.pitch
        others = min(self.count - 1, 2) * NARROWEST + (self.bridge if len(self.counts) > 1 else 0)
        wanted = min(max(OPEN, self.room * OPEN_SHARE), OPEN_MOST)
        return min(wanted, max(OPEN_LEAST, self.room - others - APART)) + APART

    @cached_property
    def pitch(self) -> float:
        """The width of a folded column."""
        room = self.room - self.bridge * (len(self.counts) - 1)
        if self.is_open:
            rest = (room - self.opened) / max(self.count - 1, 1)
        else:
            rest = room / max(self.count, 1)
        return min(max(rest, NARROWEST), WIDEST)

    @cached_property
    def length(self) -> float:
        """Of all columns together."""
        folded = (self.count - 1) * self.pitch + self.bridge * (len(self.counts) - 1)
        return folded + (self.opened if self.is_open else self.pitch)

    @property
    def scrolls(self) -> bool:
        """Whether there are more columns than there is room for."""
        return self.length > self.room + 1

    @cached_property
    def start(self) -> float:
        """Where the first column begins; left of the left edge where it is scrolled."""
        spare = self.room - self.length
        if not self.scrolls:
            return self.left + max(spare, 0.0) / 2
        middle = self._offset(self.current) + self.width_of(self.current) / 2
        return self.left + min(max(self.room / 2 - middle, spare), 0.0)

    def width_of(self, index: int) -> float:
        """The width of a column."""
        return self.opened if self.is_open and index == self.current else self.pitch

    def _offset(self, index: int) -> float:
        wider = self.opened - self.pitch if self.is_open and index > self.current else 0.0
        behind = len(self.counts) > 1 and index >= self.counts[0]
        return index * self.pitch + wider + (self.bridge if behind else 0.0)

    def place(self, index: int) -> tuple[int, int]:
        """The side and the step of a column."""
        first = self.counts[0]
        return (0, index) if index < first else (1, index - first)

    def index(self, side: int, step: int) -> int:
        """The column of a step."""
        return step + (self.counts[0] if side else 0)

    def column(self, index: int) -> Column:
        """A column by its number."""
        side, step = self.place(index)
        opened = self.is_open and index == self.current
        return Column(side, step, self.start + self._offset(index), self.width_of(index), opened)

    @cached_property
    def visible(self) -> tuple[Column, ...]:
        """The columns that lie wholly in view, from left to right."""
        if not self.scrolls:
            return tuple(self.column(index) for index in range(self.count))
        most = int(self.room / self.pitch) + 2
        low, high = max(0, self.current - most), min(self.count, self.current + most + 1)
        columns = (self.column(index) for index in range(low, high))
        return tuple(
            c for c in columns if c.left >= self.left - 1 and c.left + c.width <= self.right + 1
        )

    @cached_property
    def between(self) -> tuple[float, float]:
        """The left and the right edge of the bridge between two sides."""
        left = self.start + self._offset(self.counts[0]) - self.bridge
        return left, left + self.bridge
