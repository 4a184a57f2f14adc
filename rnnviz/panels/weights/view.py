"""How the reader looks at the weights: the open tab, the way of looking, what is scrolled where."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import QSize

from rnnviz.panels.canvas.text import run, width
from rnnviz.panels.sight import Sight
from rnnviz.panels.weights.drawing import weight_line
from rnnviz.panels.weights.face import Face, mode_names
from rnnviz.panels.weights.grid import Cell
from rnnviz.panels.weights.knobs import Radii, knobs_of
from rnnviz.panels.weights.looking import shares_of
from rnnviz.panels.weights.model import Shown, newest
from rnnviz.panels.weights.places import Mode, Wish, label_width, places
from rnnviz.panels.weights.tabs import Tab, tabs_of
from rnnviz.session.selection import Selection


@final
class View:
    """What is remembered between two paintings; none of it is in the document.

    Attributes
    ----------
    mode : str
        The way of looking.
    signed : bool
        Whether gradients are shown with their signs.
    label : str
        The tab that the reader opened; "" for that of the selected quantity.
    path : str
        A weight that was selected since, also elsewhere; its tab is open then.
    follows : bool
        Whether the selected number is to be brought into view.
    corner : tuple of int
        The first row and column that are seen.
    offset : float
        How many px of the panel are scrolled away.
    """

    def __init__(self) -> None:
        self.mode: Mode = "value"
        self.signed, self.label, self.path = False, "", ""
        self.follows = False
        self.corner, self.offset = (0, 0), 0.0
        self.radii = Radii()

    def tabs(self, sight: Sight) -> tuple[tuple[Tab, ...], int]:
        """All tabs, and the number of the open one."""
        tabs = tabs_of(newest(sight), sight.selection.part)
        open_ = next((place for place, tab in enumerate(tabs) if self.path in tab.paths), None)
        if open_ is None:
            labels, wanted = [tab.label for tab in tabs], self.label
            wanted = wanted or _selected(tabs, sight.selection)
            open_ = labels.index(wanted) if wanted in labels else 0
        return tabs, open_

    def face(self, sight: Sight, size: QSize) -> Face | None:
        """What is drawn at a size; None for a network without weights."""
        tabs, place = self.tabs(sight)
        if not tabs:
            return None
        shown, theme = Shown(newest(sight), tabs[place], sight), sight.theme
        knobs = knobs_of(shown, self.radii) if self.mode != "share" else ()
        blocks, cell = shown.blocks, shown.chosen
        name = run(f" {shown.place(cell)} ", theme.type.control, theme.colours.tx2)
        wish = Wish(
            blocks=blocks,
            labels=label_width(shown.row_names, blocks[0].rows, theme),
            name=width((*weight_line(cell.path, theme), name)),
            tabs=tuple(tab.label for tab in tabs),
            modes=mode_names(),
            knobs=len(knobs),
            is_share=self.mode == "share",
            corner=self.corner,
        )
        wide, high = size.width(), size.height()
        at = places(wish, wide, high, 0.0, theme)
        self.offset = max(0.0, min(self.offset, at.height - high))
        if self.offset:
            at = places(wish, wide, high, -self.offset, theme)
        shares = shares_of(shown, cell) if self.mode == "share" else None
        face = Face(shown, at, wish.tabs, place, self.mode, self.signed, knobs, shares, theme, size)
        if self.follows:
            self.follows, corner = False, self.corner
            self.reveal(face, cell)
            if self.corner != corner:
                return self.face(sight, size)
        return face

    def follow(self, now: Selection, before: Selection) -> None:
        """Open the tab of what was selected."""
        if now.path != before.path:
            self.label = self.path = ""
        if now.weight is not None and now.weight != before.weight:
            self.path, self.follows = now.weight[0], True

    def reveal(self, face: Face, cell: Cell) -> None:
        """Scroll the matrices so that a cell is seen."""
        grid = face.places.grid
        if grid.box_of(cell) is not None:
            return
        rows, count = grid.shown_rows, sum(p.stop - p.start for p in grid.pieces)
        column = grid.column_of(cell)
        top = min(max(rows.start, cell.row - len(rows) + 1), cell.row)
        left = min(max(grid.first_column, column - count + 1), column)
        self.corner = (top, left)

    def scroll(self, face: Face, px: float, high: int) -> bool:
        """Scroll the whole panel; False where there is nothing to scroll."""
        before = self.offset
        self.offset = max(0.0, min(before + px, max(face.places.height - high, 0.0)))
        return self.offset != before

    def scroll_matrices(self, face: Face, notches: float, across: bool) -> None:
        """Scroll the matrices by the wheel: three rows or columns a notch."""
        grid = face.places.grid
        by = round(-notches * 3) or (-1 if notches > 0 else 1)
        row, column = grid.shown_rows.start, grid.first_column
        if across or len(grid.shown_rows) == grid.rows:
            self.corner = (row, max(column + by, 0))
        else:
            self.corner = (max(row + by, 0), column)


def _selected(tabs: tuple[Tab, ...], selection: Selection) -> str:
    """The label of the tab of what is selected: a gate, an output, an input, else a weight."""
    for tab in tabs:
        is_gate = tab.quantity and tab.quantity == selection.symbol
        makes_output = selection.part == "head" and tab.paths[0] == "head/V"
        reads = selection.path in ("layer0/x", "encoder/layer0/x") and tab.label == "E"
        if is_gate or makes_output or reads:
            return tab.label
    weight = selection.weight
    return next((tab.label for tab in tabs if weight is not None and weight[0] in tab.paths), "")
