"""A folded cell: its road, the bars of the selected unit's gates, or in a low one its state."""

from __future__ import annotations

from math import isfinite

from PySide6.QtCore import QRectF

from rnnviz.panels.canvas.cells import Strip, draw_bar, draw_signed_bar
from rnnviz.panels.canvas.diagram import CellState, draw_cell, draw_cell_name, draw_road, draw_wire
from rnnviz.panels.canvas.fonts import italic, sans
from rnnviz.panels.canvas.strokes import dashed_hairline, dot, framed
from rnnviz.panels.canvas.text import Run, draw_in, draw_text, elided
from rnnviz.panels.graph.axis import Column
from rnnviz.panels.graph.items import CellBox, GateBar
from rnnviz.panels.graph.plan import ROAD_FROM
from rnnviz.panels.graph.scene import Scene, paint_bare, paint_strip, strip_at
from rnnviz.panels.graph.sides import Lane
from rnnviz.panels.texts import translate

BAR, BAR_PITCH, BAR_HEIGHT = 14.0, 19.0, 66.6
NAMED = 0.78
"""The share of its height from which on a folded cell bears its name."""


def road_box(scene: Scene, lane: Lane, left: float, right: float) -> QRectF:
    """A stretch of the road of a lane."""
    high = scene.theme.lines.road if scene.plan.is_big(lane) else 12.0
    return QRectF(left, scene.plan.road_y(lane) - high / 2, right - left, high)


def cell_state(scene: Scene, lane: Lane, column: Column) -> CellState:
    """How the outline of a cell is drawn."""
    if not scene.timing.has_state(column.side, lane, column.step):
        return "future"
    if any(scene.numbers.has_failed(lane.part, s, column.step) for s in lane.cell.states):
        return "failed"
    current = (column.side, column.step) == scene.plan.ask.place and not scene.plan.is_open
    return "current" if current else "past"


def draw_folded(scene: Scene, lane: Lane, column: Column) -> None:
    """A cell that is not open: its road, the bars of the selected unit and the line of its state.

    A low one shows its state in place of the bars.
    """
    plan, box, painter = scene.plan, scene.plan.cell(column, lane), scene.painter
    state = cell_state(scene, lane, column)
    draw_cell(painter, box, scene.theme, state)
    scene.marks.add_ground(box, CellBox(lane.part, column.step))
    big = plan.is_big(lane)
    if lane.roads and plan.band(lane).height >= ROAD_FROM:
        faded = state == "future" or scene.flow is not None
        inner = road_box(scene, lane, box.left() + 1, box.right() - 1)
        draw_road(painter, inner, scene.theme, faded)
    if big:
        y = plan.line_y(lane)
        faded = state == "future" or scene.flow is not None
        draw_wire(painter, [(box.left(), y), (box.right(), y)], scene.theme, lane.state, faded)
    if state == "failed":
        _draw_overflow(scene, box)
    elif big:
        _draw_road_strip(scene, lane, column, state == "future")
        _draw_bars(scene, lane, column, state == "future")
    else:
        _draw_compact(scene, lane, column, state == "future")


def _draw_overflow(scene: Scene, box: QRectF) -> None:
    font = sans(scene.theme.type.control_on.px, 600)
    word = Run(translate("GraphPanel", "overflow"), font, scene.theme.colours.err)
    draw_in(scene.painter, QRectF(box.left() + 2, box.center().y() - 10, box.width() - 4, 20), word)


def _draw_road_strip(scene: Scene, lane: Lane, column: Column, future: bool) -> None:
    """The first state beside the one that is handed up, on its road."""
    if not lane.roads:
        return
    box, path = scene.plan.cell(column, lane), f"{lane.part}/{lane.roads[0]}"
    y = scene.plan.road_y(lane)
    cell = min(11.0, (box.width() - 14) / lane.units)
    strip = strip_at(box.center().x(), y - 5.5, lane.units, box.width() - 6, cell, 11)
    strip = Strip(strip.left + strip.pad, strip.top, strip.count, strip.cell, 11, 0)
    paint_bare(scene, strip, path, column.step, 0.25 if future else 1.0)


def _draw_compact(scene: Scene, lane: Lane, column: Column, future: bool) -> None:
    box, path = scene.plan.cell(column, lane), f"{lane.part}/{lane.state}"
    tall = 14.0
    top = scene.plan.line_y(lane) - tall / 2 - 3
    strip = strip_at(box.center().x(), top, lane.units, box.width() - 10, 14.0, tall)
    share = scene.theme.dim.future_cell if future else 1.0
    framed_unit = scene.unit_of(lane.part)
    paint_strip(scene, strip, path, column.step, scene.theme.colours.bg0, share, framed_unit)


def bar_boxes(scene: Scene, lane: Lane, column: Column) -> list[QRectF]:
    """Where the bars of a folded cell stand."""
    plan, box = scene.plan, scene.plan.cell(column, lane)
    part = box.height() / 256
    foot = plan.line_y(lane) - (67.8 * part if part >= NAMED else 30)
    top = max(foot - BAR_HEIGHT * part, plan.road_y(lane) + 16)
    count, high = len(lane.gates), max(foot - top, 8.0)
    pitch = min(BAR_PITCH, (box.width() - 10) / count)
    bar = min(BAR, pitch * 0.76)
    left = box.center().x() - (pitch * (count - 1) + bar) / 2
    return [QRectF(left + number * pitch, top, bar, high) for number in range(count)]


def share_of(function: str, value: float) -> float:
    """How far a bar reaches: of a gate from 0 to 1, of the others from -1 to 1."""
    if not isfinite(value):
        return 0.0
    if function == "relu":
        return value / (1.0 + abs(value))
    return value


def value_at(function: str, share: float) -> float:
    """The number whose bar reaches so far: what `share_of` makes of it, undone."""
    if function == "relu":
        share = min(max(share, 0.0), 0.99)
        return share / (1.0 - share)
    return share


def _draw_bars(scene: Scene, lane: Lane, column: Column, future: bool) -> None:
    box, theme = scene.plan.cell(column, lane), scene.theme
    unit = min(scene.sight.selection.unit, lane.units - 1)
    for (symbol, function), bar in zip(lane.gates, bar_boxes(scene, lane, column), strict=True):
        value = scene.numbers.number(f"{lane.part}/{symbol}", column.step, unit)
        share = 0.0 if future else share_of(function, value)
        if function == "sigmoid" or future:
            draw_bar(scene.painter, bar, share, theme.hue(symbol).mark, theme)
        else:
            draw_signed_bar(scene.painter, bar, share, theme.hue(symbol).mark, theme)
        draw_bar_before(scene, lane, column, (symbol, function), bar, unit)
        draw_bar_state(scene, lane, column.step, symbol, bar, unit)
        if bar.width() >= 7:
            ink = theme.colours.tx3 if future else theme.hue(symbol).text
            letter = Run(symbol[:2], italic(13), ink)
            draw_text(scene.painter, bar.center().x(), bar.bottom() + 14, letter, "middle")
        scene.marks.add(bar, GateBar(lane.part, column.step, symbol))
    if box.height() / 256 >= NAMED and box.width() >= 44:
        name = elided(
            Run(lane.short, sans(theme.type.control_on.px, 600), theme.colours.tx2), box.width() - 8
        )
        place = QRectF(
            box.left(), box.top(), box.width(), scene.plan.line_y(lane) + 29.4 - box.top()
        )
        draw_cell_name(scene.painter, place, name.text, theme, future)


def draw_bar_before(
    scene: Scene, lane: Lane, column: Column, gate: tuple[str, str], bar: QRectF, unit: int
) -> None:
    """A dotted line where the bar ended before the last edit."""
    ghost, path = scene.ghost, f"{lane.part}/{gate[0]}"
    if ghost is None or not scene.timing.has_state(column.side, lane, column.step):
        return
    if path not in ghost.paths or ghost.values(path).shape != scene.numbers.values(path).shape:
        return
    share = share_of(gate[1], ghost.number(path, column.step, unit))
    now = share_of(gate[1], scene.numbers.number(path, column.step, unit))
    if abs(share - now) < 0.01:
        return
    y = bar.bottom() - bar.height() * share
    if gate[1] != "sigmoid":
        y = bar.center().y() - bar.height() / 2 * share
    ends = (bar.left() - 2, y), (bar.right() + 2, y)
    dashed_hairline(scene.painter, *ends, scene.theme.colours.tx1, (2, 2))


def draw_bar_state(
    scene: Scene, lane: Lane, step: int, symbol: str, bar: QRectF, unit: int
) -> None:
    """The pin of a gate that is held."""
    path, theme = f"{lane.part}/{symbol}", scene.theme
    scene.drawn.bars[path, step] = bar
    if is_held(scene, path, step, unit):
        framed(scene.painter, bar.adjusted(-2, -2, 2, 2), theme.colours.tx1, 3, 1.5)
        dot(
            scene.painter,
            (bar.right() + 1, bar.top() - 1),
            3.4,
            theme.colours.tx1,
            theme.colours.bg1,
        )


def is_held(scene: Scene, path: str, step: int, unit: int) -> bool:
    """Whether a quantity is held at a step."""
    return any(
        hold.path == path and hold.step == step and hold.unit in (None, unit)
        for hold in scene.numbers.document.holds
    )
