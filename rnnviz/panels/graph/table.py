"""The numbers of the lane that is looked at, as rows for a spreadsheet."""

from __future__ import annotations

from rnnviz.panels.gestures import Table
from rnnviz.panels.graph.foot import word_of
from rnnviz.panels.graph.saying import Told
from rnnviz.panels.texts import translate


def table_of(told: Told | None) -> Table:
    """A row for each step: what it reads, and every gate and state of every unit."""
    if told is None:
        return []
    lane, numbers, side = told.lane, told.numbers, told.place[0]
    symbols = list(dict.fromkeys([*(s for s, _ in lane.gates), *lane.cell.states]))
    head = [translate("GraphPanel", "step"), translate("GraphPanel", "word")]
    head += [f"{symbol} {unit + 1}" for symbol in symbols for unit in range(lane.units)]
    values = [numbers.values(f"{lane.part}/{symbol}").tolist() for symbol in symbols]
    rows: list[list[object]] = [list(head)]
    for step in range(numbers.sides[side].steps):
        row: list[object] = [step + 1, word_of(numbers, side, step)]
        rows.append(row + [number for of_symbol in values for number in of_symbol[step]])
    return rows
