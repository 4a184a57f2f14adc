"""What is drawn of a cell that fills the canvas: whole vectors on the wires, names, equations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF

from rnnviz.engine.arrays import Array
from rnnviz.engine.cell import PREVIOUS
from rnnviz.engine.definitions import definitions
from rnnviz.engine.rendering import Pieces
from rnnviz.engine.text import moment
from rnnviz.panels.canvas.cells import draw_numbers
from rnnviz.panels.canvas.fonts import sans
from rnnviz.panels.canvas.hit import HitMap
from rnnviz.panels.canvas.maps import Map, magnitude_map, map_of
from rnnviz.panels.canvas.strokes import dot, filled, framed
from rnnviz.panels.canvas.text import (
    Line,
    Run,
    draw_line,
    draw_text,
    formula,
    middle,
    run,
    symbol,
    width,
)
from rnnviz.panels.cell.drawing import Board, draw_number
from rnnviz.panels.cell.items import CellWire
from rnnviz.panels.cell.ports import READ_AT
from rnnviz.panels.cell.shape import ROAD_Y, Diagram, Wire
from rnnviz.panels.cell.told import Told
from rnnviz.panels.cell.vectors import PAD, ROW, Frame, columns_of, node_box
from rnnviz.panels.gestures import Item
from rnnviz.panels.texts import translate


def draw_filled(board: Board, diagram: Diagram, told: Told, hits: HitMap[Item]) -> None:
    """Draw the vector of every wire of a quantity, and the number of the unit on the others."""
    wires = {one.name: one for one in diagram.wires if one.pill is not None}
    values = told.step.values
    whole = [name for name, one in wires.items() if _is_stored(told, name) or one.road]
    counts = tuple((name, len(values[name])) for name in whole)
    box = board.box
    frame = Frame(box.left(), box.top(), box.width(), box.height())
    columns = columns_of(diagram, frame, counts)
    taken = [*columns.values(), *(node_box(diagram, box, name) for name in diagram.by_name)]
    for name, one in wires.items():
        assert one.pill is not None
        pill = _around(*board.at(one.pill))
        if name not in columns and not any(pill.intersects(c) for c in columns.values()):
            draw_number(board, one, told, hits)
            _draw_written(board, diagram, one, told)
            taken.append(pill)
    if told.from_reader is not None:
        taken.append(_around(*board.at(READ_AT)))
    for name, column in columns.items():
        _draw_column(board, wires[name], told, hits, column)
        if told.shows(name):
            _draw_name(board, wires[name], column, taken)


def _around(x: float, y: float) -> QRectF:
    """The place of a single number."""
    return QRectF(x - 20, y - 9, 40, 18)


def _word(name: str) -> str:
    """What a gate is called; "" for what has no common name."""
    return {
        "f": translate("CellPicture", "forget"),
        "i": translate("CellPicture", "input"),
        "g": translate("CellPicture", "candidate"),
        "n": translate("CellPicture", "candidate"),
        "o": translate("CellPicture", "output"),
        "z": translate("CellPicture", "update"),
        "r": translate("CellPicture", "reset"),
    }.get(name, "")


def _is_stored(told: Told, name: str) -> bool:
    return name in definitions(told.step.cell) or name.endswith(PREVIOUS)


def _draw_written(board: Board, diagram: Diagram, one: Wire, told: Told) -> None:
    """Say of what is added on the road that it is written."""
    node = diagram.by_name.get(one.target)
    adds = diagram.road is not None and node is not None and node.at[1] == ROAD_Y
    if not adds or one.pill is None or told.goes_back or one.name not in told.done:
        return
    x, y = board.at(one.pill)
    ink = board.theme.hue(one.symbol).text
    word = run(translate("CellPicture", "written"), board.theme.type.hint, ink)
    draw_text(board.painter, x + 30, middle(word.font, y), word)


def _draw_column(board: Board, one: Wire, told: Told, hits: HitMap[Item], box: QRectF) -> None:
    known = told.step.adjoints if told.goes_back else told.step.values
    values = known.get(one.name)
    if values is None or not told.shows(one.name):
        return
    rows = min(round((box.height() - PAD) / ROW), len(values))
    first = min(max(board.unit - rows // 2, 0), len(values) - rows)
    seen = np.asarray(values[first : first + rows])
    map_ = _map(board, one, told, values)
    edge = board.theme.hue("∂" if told.goes_back else one.symbol).mark
    draw_numbers(board.painter, box, seen, map_, board.theme, edge, board.unit - first)
    for row in range(rows):
        cell = QRectF(box.left() + 3, box.top() + 3 + row * ROW, box.width() - 6, ROW - 1)
        hits.add(cell, CellWire(board.part, one.name, board.place, first + row))
        if board.is_lit(one.name, first + row):
            framed(board.painter, cell.adjusted(-2, -2, 2, 2), board.theme.colours.tx1, 3, 1.5)
        if board.is_held(one.name, first + row):
            corner = cell.right(), cell.top() + 1
            dot(board.painter, corner, 3, board.theme.colours.tx1, board.theme.colours.bg1)
    _draw_more(board, box, first, len(values) - first - rows)


def _map(board: Board, one: Wire, told: Told, values: Array) -> Map:
    theme = board.theme
    if told.goes_back:
        return magnitude_map(theme, *theme.scales.edge)
    letter = one.symbol[:1]
    if letter in theme.scales.ranges or _word(letter):
        most = theme.scales.ranges.get(letter)
        largest = float(np.max(np.abs(values), initial=0.0)) if np.isfinite(values).all() else 0.0
        return map_of(theme, letter, max(most, largest) if most is not None else None)
    largest = float(np.max(np.abs(values[np.isfinite(values)]), initial=1.0))
    return map_of(theme, "h", max(1.0, largest))


def _draw_more(board: Board, box: QRectF, above: int, below: int) -> None:
    """A short bar over or under a column that goes on."""
    colour = board.theme.colours.tx3
    for count, y in ((above, box.top() - 4), (below, box.bottom() + 2)):
        if count > 0:
            filled(board.painter, QRectF(box.center().x() - 8, y, 16, 2), colour, 1)


def _draw_name(board: Board, one: Wire, box: QRectF, taken: list[QRectF]) -> None:
    """The quantity with its step at the right of its column, and what it is."""
    theme = board.theme
    at = moment(board.place, board.part.endswith("/backward"))
    if one.road and not one.name.isidentifier():
        kept = run(translate("CellPicture", "kept"), theme.type.hint, theme.hue(one.symbol).text)
        draw_text(board.painter, box.center().x(), box.bottom() + 18, kept, "middle")
    elif one.name.isidentifier() and one.name.endswith(PREVIOUS):
        line = symbol(one.name.removesuffix(PREVIOUS), at.before, theme, 18)
        draw_line(board.painter, box.center().x(), box.top() - 8, line, "middle")
    elif one.name.isidentifier():
        line = symbol(one.name, at.now, theme, 18)
        word = run(_word(one.name), theme.type.hint, theme.hue(one.name).text)
        x, top, wide = box.right() + 6, box.top(), width(line)
        for left in (x, box.left() - 6 - wide):
            place = QRectF(left, top + 2, wide, 24)
            if _is_clear(place, box, taken):
                draw_line(board.painter, left, top + 18, line)
                taken.append(place)
                break
        room = QRectF(x, top + 24, word.width, 14)
        if word.text and not one.road and _is_clear(room, box, taken):
            draw_text(board.painter, x, top + 36, word)


def _is_clear(text: QRectF, own: QRectF, taken: list[QRectF]) -> bool:
    return not any(text.intersects(other) for other in taken if other != own)


def draw_equations(board: Board, told: Told, left: float) -> None:
    """Below the cell at the right, as large as a result where there is room from `left` on."""
    if told.goes_back:
        return
    right, y = board.box.right() + 36, board.box.bottom() + 46
    largest = board.theme.type.result.px - 2
    for state in reversed(told.step.cell.states):
        if state not in told.done:
            continue
        chain = told.step.chain(state, board.unit)
        both = (chain[0], chain[-1]) if len(chain) > 1 else chain
        lines = (
            *(_equation(board, state, both, px) for px in (largest, 16, 14)),
            _equation(board, state, chain[-1:], largest),
        )
        line = next((one for one in lines if width(one) <= right - left), lines[-1])
        draw_line(board.painter, right, y, line, "end")
        y += 38


def _equation(board: Board, state: str, stages: Sequence[Pieces], px: float) -> Line:
    theme = board.theme
    line = symbol(state, moment(board.place).now, theme, px)
    equals = Run(" = ", sans(px, 500), theme.colours.tx1)
    for pieces in stages:
        line = (*line, equals, *formula(pieces, theme, px))
    return line
