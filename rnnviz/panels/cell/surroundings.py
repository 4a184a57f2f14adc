"""What comes into a cell that fills the canvas, and what goes out: the states and the token."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from rnnviz.engine.arrays import Array
from rnnviz.engine.cell import INPUT, PREVIOUS
from rnnviz.engine.text import moment
from rnnviz.panels.canvas.colour import ink_on
from rnnviz.panels.canvas.diagram import draw_road, draw_wire
from rnnviz.panels.canvas.labels import CHIP_HEIGHT, chip_width, draw_chip
from rnnviz.panels.canvas.maps import magnitude_map, map_of
from rnnviz.panels.canvas.strokes import filled, framed, wire
from rnnviz.panels.canvas.text import draw_in, draw_line, draw_text, number, run, size, symbol
from rnnviz.panels.cell.drawing import Board
from rnnviz.panels.cell.ports import ports
from rnnviz.panels.cell.shape import Point
from rnnviz.panels.cell.told import Told
from rnnviz.panels.texts import translate

LEFT, RIGHT, ABOVE, BELOW = 84.0, 70.0, 26.0, 40.0
"""How far what is around a cell reaches, in px."""
CELL = 46.0
"""The width of a number of the input."""


def cell_box(canvas: QRectF) -> QRectF:
    """The cell's outline within a canvas that it fills: room for what comes in and goes out."""
    foot = 150.0 if canvas.height() >= 560 else 92.0
    return canvas.adjusted(92, 44, -74, -foot)


def draw_surroundings(board: Board, told: Told, token: str) -> float:
    """Draw what comes in and goes out: the states, and the token with its numbers.

    Gives the x where the numbers end.
    """
    states, box = told.step.cell.states, board.box
    joined = ports(told.step.cell, box, 3)
    _draw_state(board, told, states[0], joined.line_y)
    if joined.road_y is not None:
        _draw_state(board, told, states[1], joined.road_y)
    way = [(joined.output_x, box.top()), (joined.output_x, box.top() - ABOVE)]
    _draw_way(board, told, way, states[0], told.from_reader, states[0] in told.done)
    words = translate("CellPicture", "to the output")
    if told.goes_back:
        words = translate("CellPicture", "from the output")
    _say(board, words, joined.output_x - 10, box.top() - 14)
    return _draw_token(board, told, token, joined.input_x)


def _draw_state(board: Board, told: Told, state: str, y: float) -> None:
    """A state before the step at the left, and after it at the right where there is a next step."""
    box, number_of = board.box, told.step.cell.states.index(state)
    spans = [(box.left() - LEFT, box.left(), state + PREVIOUS)]
    if told.step.next_place is not None:
        spans.append((box.right(), box.right() + RIGHT, state))
        _say(board, _where_to(told), box.right() + RIGHT, y - 18)
    for x1, x2, name in spans:
        after, done = name == state, name in told.done
        values = told.sent_back(state) if after else told.gradient(name, "")
        if number_of:
            high = board.theme.lines.road_zoomed
            road = QRectF(x1, y - high / 2, x2 - x1, high)
            draw_road(board.painter, road, board.theme, future=not done)
        if not number_of or told.goes_back:
            _draw_way(board, told, [(x1, y), (x2, y)], state, values, done, head=after)


def _where_to(told: Told) -> str:
    step = (told.step.next_place or 0) + 1
    if told.goes_back:
        return translate("CellPicture", "from t = {step}").format(step=step)
    return translate("CellPicture", "to t = {step}").format(step=step)


def _say(board: Board, words: str, right: float, baseline: float) -> None:
    ink = run(words, board.theme.type.axis, board.theme.colours.tx3)
    draw_text(board.painter, right, baseline, ink, "end")


def _draw_way(
    board: Board,
    told: Told,
    way: list[Point],
    letter: str,
    values: Array | None,
    done: bool,
    head: bool = True,
) -> None:
    """A way in or out; on the way back with its gradient, in the other direction."""
    theme = board.theme
    if not told.goes_back:
        draw_wire(board.painter, way, theme, letter, not done, head)
    elif values is not None:
        board.flow(way[::-1], values)
    else:
        ground = theme.colours.bg0
        faint = theme.faded(theme.hue(letter).mark, theme.dim.behind, ground)
        wire(board.painter, way, faint, 1.4)


def _draw_token(board: Board, told: Told, token: str, x: float) -> float:
    theme, foot = board.theme, board.box.bottom()
    top = foot + BELOW
    gradient = told.gradient(INPUT, "")
    _draw_way(board, told, [(x, top), (x, foot)], "x", gradient, INPUT in told.done)
    wide = chip_width(token, theme, 140)
    chip = QRectF(x - wide / 2, top, wide, CHIP_HEIGHT)
    draw_chip(board.painter, chip, token, theme, "current")
    values = gradient if gradient is not None else told.step.values[INPUT]
    end = chip.right()
    if len(values):
        room = board.box.width() * 0.36 - wide
        count = min(len(values), max(int(room / CELL), 1))
        _draw_input(board, told, values[:count], chip.right() + 14, top + 4)
        line = symbol("x", moment(board.place).now, theme, 18)
        more = (run(" …", theme.type.control, theme.colours.tx3),) if count < len(values) else ()
        end = chip.right() + 14 + CELL * count + 14
        end = draw_line(board.painter, end, top + 22, (*line, *more))
    return end


def _draw_input(board: Board, told: Told, values: Array, left: float, top: float) -> None:
    """The numbers of the input; without them where their gradient is not known yet."""
    theme, back = board.theme, told.goes_back
    known = not back or told.has_gradient(INPUT)
    map_ = magnitude_map(theme, *theme.scales.edge) if back and known else map_of(theme, "x")
    if not known:
        map_ = map_.dimmed(theme.colours.bg1, theme.dim.behind)
    frame = QRectF(left, top, CELL * len(values) + 6, 24)
    framed(board.painter, frame, theme.hue("x").mark, 5, 1, theme.colours.bg1)
    for place, value in enumerate(values.tolist()):
        cell = QRectF(left + 3 + CELL * place, top + 3, CELL - 1, 18)
        ground = map_.colour(value)
        filled(board.painter, cell, ground, theme.radii.bar)
        if known:
            text = size(value) if back else number(value)
            draw_in(board.painter, cell, run(text, theme.type.control, ink_on(ground)))
