"""Draws the matrices: their cells, labels, frames, and the marks of what the last edit changed."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from rnnviz.engine.arrays import Array
from rnnviz.engine.text import PREVIOUS, split_name
from rnnviz.panels.canvas.colour import Colour
from rnnviz.panels.canvas.fonts import role_font, sans
from rnnviz.panels.canvas.heat import draw_heat, values_image
from rnnviz.panels.canvas.maps import Map
from rnnviz.panels.canvas.strokes import brush, filled, framed, hatched, pen
from rnnviz.panels.canvas.text import (
    Line,
    Run,
    draw_in,
    draw_line,
    draw_text,
    elided,
    middle,
    run,
    symbol,
    width,
)
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.weights.grid import Grid, Piece
from rnnviz.panels.weights.model import Shown
from rnnviz.panels.weights.places import GRID_TOP, LABELS_TOP
from rnnviz.panels.weights.tabs import name_of

ROUND_FROM, MARK_FROM, LABEL_FROM = 12.0, 6.0, 11.0
ROUND_MOST, MARKS_MOST, HATCHED_MOST = 900, 600, 400


def weight_line(path: str, theme: Theme, px: float = 13.5) -> Line:
    """A weight's name as it is drawn."""
    letter, index, _ = split_name(name_of(path))
    return symbol(letter, index, theme, px, theme.colours.tx2)


def draw_matrices(
    painter: QPainter, grid: Grid, shown: Shown, map_: Map, numbers: dict[str, Array], theme: Theme
) -> None:
    """Draw the visible part of all matrices of a tab.

    Parameters
    ----------
    numbers : dict
        Path -> what is drawn, `[row, column]`; a weight that is not in it is left empty.
    """
    rows = grid.shown_rows
    for piece in grid.pieces:
        box = grid.piece_box(piece)
        _draw_title(painter, piece, box, shown, theme)
        values = numbers.get(piece.block.path)
        if values is None:
            framed(painter, box, theme.colours.line, 3)
            continue
        part = values[rows.start : rows.stop, piece.start : piece.stop]
        _draw_cells(painter, grid, box, part, map_, theme)
        if min(grid.across, grid.down) >= MARK_FROM:
            _draw_marks(painter, grid, piece, shown, theme)
    _draw_row_labels(painter, grid, shown, theme)
    _draw_frames(painter, grid, shown, theme)


def _draw_title(painter: QPainter, piece: Piece, box: QRectF, shown: Shown, theme: Theme) -> None:
    """`W_f` at the left, and at the right what the matrix is multiplied by, where there is room."""
    base = box.top() - (GRID_TOP - LABELS_TOP) + 11
    name = weight_line(piece.block.path, theme)
    if piece.block.columns > 1 and width(name) > box.width():
        return
    draw_line(painter, box.left(), base, name)
    source = _source(piece.block.path, shown)
    if source and box.width() > width(name) + 30:
        times = run("\N{MIDDLE DOT} ", theme.type.control, theme.colours.tx3)
        draw_line(painter, box.right() - 2, base, (times, *symbol(source, "", theme, 13)), "end")


def _source(path: str, shown: Shown) -> str:
    """The letter of the vector that a matrix is multiplied by."""
    if (not shown.tab.quantity and not shown.tab.recurrent) or shown.is_vector(path):
        return ""
    if path != shown.tab.recurrent:
        return "x"
    return _state(shown)


def _state(shown: Shown) -> str:
    for slab in shown.document.network.layout.slabs:
        if shown.tab.recurrent in slab.paths:
            words = slab.name.removeprefix("products with ")
            name = words.removesuffix(PREVIOUS)
            return name if name.isalpha() and len(name) == 1 else "h"
    return "h"


def _draw_cells(
    painter: QPainter, grid: Grid, box: QRectF, part: Array, map_: Map, theme: Theme
) -> None:
    wide = min(grid.across, grid.down) >= ROUND_FROM and part.size <= ROUND_MOST
    if not wide:
        apart = min(grid.across, grid.down) >= MARK_FROM
        ground = theme.colours.bg1 if apart else None
        draw_heat(painter, box, values_image(part, map_), ground)
    else:
        codes = map_.codes(part).tolist()
        painter.setPen(pen(theme.colours.bg1, 0.01))
        for row, line in enumerate(codes):
            y = box.top() + row * grid.down
            for column, code in enumerate(line):
                cell = QRectF(
                    box.left() + column * grid.across, y, grid.across - 1.5, grid.down - 1.5
                )
                painter.setBrush(brush(map_.colours[code]))
                painter.drawRoundedRect(cell, theme.radii.bar, theme.radii.bar)
    if not np.isfinite(part).all():
        _draw_overflow(painter, grid, box, part, theme)


def _draw_overflow(painter: QPainter, grid: Grid, box: QRectF, part: Array, theme: Theme) -> None:
    """What is no number is hatched."""
    bad = np.argwhere(~np.isfinite(part))
    boxes = [
        QRectF(box.left() + c * grid.across, box.top() + r * grid.down, grid.across, grid.down)
        for r, c in bad[:HATCHED_MOST].tolist()
    ]
    if len(bad) == part.size:
        boxes = [box]
    for one in boxes:
        inner = one.adjusted(0, 0, -1.5, -1.5) if grid.across >= MARK_FROM else one
        filled(painter, inner, theme.colours.bg1)
        hatched(painter, inner, theme.colours.err, 5)


def _draw_marks(painter: QPainter, grid: Grid, piece: Piece, shown: Shown, theme: Theme) -> None:
    """A corner on each cell that the last edit changed."""
    places = shown.changed(piece.block.path, grid.shown_rows, piece.start, piece.stop)
    side = min(6.0, grid.across / 2.5)
    painter.setPen(pen(theme.colours.bg1, 1))
    painter.setBrush(brush(theme.colours.tx1))
    for row, column in places[:MARKS_MOST]:
        x = piece.x + (column - piece.start + 1) * grid.across - 1
        y = grid.box.top() + (row - grid.shown_rows.start) * grid.down - 0.5
        corners = [QPointF(x - side, y), QPointF(x, y), QPointF(x, y + side)]
        painter.drawPolygon(QPolygonF(corners))


def _draw_row_labels(painter: QPainter, grid: Grid, shown: Shown, theme: Theme) -> None:
    """The rows' names: only as many as can be read, and that of the selected one."""
    paint, chosen = theme.colours, shown.unit_row
    chosen = shown.chosen.row if chosen is None else chosen
    plain, strong = role_font(theme.type.axis), role_font(theme.type.wire)
    every = max(1, int(np.ceil(LABEL_FROM / grid.down)))
    names = shown.row_names
    right = grid.box.left() - 6
    for row in grid.shown_rows:
        on = row == chosen
        if not on and (row % every or abs(row - chosen) < every):
            continue
        y = grid.box.top() + (row - grid.shown_rows.start + 0.5) * grid.down - 0.75
        text = names[row] if row < len(names) else str(row + 1)
        font = strong if on else plain
        label = elided(Run(text, font, paint.tx1 if on else paint.tx3), max(right - 14, 8))
        if names:
            draw_text(painter, right, middle(font, y), label, "end")
        else:
            draw_text(painter, (14 + right) / 2 + 1, middle(font, y), label, "middle")


def _draw_frames(painter: QPainter, grid: Grid, shown: Shown, theme: Theme) -> None:
    """The row of the selected unit, and the selected cell."""
    row = shown.unit_row
    hover, part = shown.sight.hover, f"{shown.tab.part}/"
    if hover is not None and hover.path.startswith(part) and hover.unit != row:
        _frame_row(painter, grid, hover.unit, theme.colours.line2)
    if row is not None:
        _frame_row(painter, grid, row, theme.colours.tx2)
    cell = grid.box_of(shown.chosen)
    if cell is not None:
        # On a ground of its own, so that it is seen on every colour.
        framed(painter, cell.adjusted(-4, -4, 2.5, 2.5), theme.colours.bg1, 5, 1.5)
        framed(painter, cell.adjusted(-3, -3, 1.5, 1.5), theme.colours.tx1, 4, 2)


def _frame_row(painter: QPainter, grid: Grid, row: int, colour: Colour) -> None:
    pieces = grid.pieces
    if row in grid.shown_rows and pieces:
        y = grid.box.top() + (row - grid.shown_rows.start) * grid.down
        left, right = pieces[0].x, grid.piece_box(pieces[-1]).right()
        frame = QRectF(left - 2, y - 2, right - left + 2.5, grid.down + 2.5)
        framed(painter, frame, colour, 4)


def draw_track(
    painter: QPainter, box: QRectF, share: tuple[float, float], down: bool, theme: Theme
) -> None:
    """A bar that shows which part of the matrices is seen, from `share[0]` to `share[1]`."""
    start, stop = share
    filled(painter, box, theme.colours.bg2, 2.5)
    if down:
        head = QRectF(box.left(), box.top() + box.height() * start, box.width(), 0)
        head.setHeight(max(box.height() * (stop - start), 8))
    else:
        head = QRectF(box.left() + box.width() * start, box.top(), 0, box.height())
        head.setWidth(max(box.width() * (stop - start), 8))
    filled(painter, head, theme.colours.line2, 2.5)


def title(text: str, theme: Theme) -> Run:
    """The name of the panel."""
    return Run(text, sans(14, 600), theme.colours.tx1)


def draw_button(painter: QPainter, box: QRectF, text: str, theme: Theme) -> None:
    """A small button with a sign on it."""
    framed(painter, box, theme.colours.line, 5, 1, theme.colours.bg2)
    draw_in(painter, box, run(text, theme.type.control_on, theme.colours.tx2))
