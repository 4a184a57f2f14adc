"""A layout for any cell: each operation has a column of its own, and wires run square.

Gates stand in one row over the line that feeds them; what follows from them stands higher, row by
row, and to the right of all that it works on.
"""

from __future__ import annotations

from itertools import pairwise

from rnnviz.engine.cell import INPUT, PREVIOUS, Cell
from rnnviz.panels.cell.places import Places, R, Ways
from rnnviz.panels.cell.shape import (
    GATE_Y,
    LINE_Y,
    ROAD_Y,
    WIDTH,
    Kind,
    Point,
    drawn,
    kind_of,
    sources,
)

LEFT, RIGHT = 62.0, 318.0
ROWS = (132.0, 106.0, 80.0)
"""Where operations stand, by how far they are from the gates; then from below again."""
HALF: dict[Kind, Point] = {"gate": (20.25, 15.0), "operation": (R, R), "function": (19.0, 9.0)}
PILL: Point = (21.0, 9.0)
APART = 6.0
"""Px between the wires that enter a node."""


def arranged(cell: Cell) -> tuple[Places, Ways, Places]:
    """Places, ways and pills of a cell that nobody has placed."""
    operations = drawn(cell)
    kinds = {operation.name: kind_of(operation) for operation in operations}
    places = _places(cell, kinds)
    ways: Ways = {}
    pills: Places = {}
    for operation in operations:
        found = [
            name
            for name in sources(cell, operation)
            if _is_drawn(cell, kinds, operation.name, name)
        ]
        for number, name in enumerate(found):
            aside = (number - (len(found) - 1) / 2) * APART
            way = _way(cell, kinds, places, name, operation.name, aside)
            ways[name, operation.name] = way
    for number, state in enumerate(cell.states):
        ways[state, ""] = _out(places[state], kinds[state], number)
    taken = [(at, HALF[kinds[name]]) for name, at in places.items()]
    for (name, _), way in ways.items():
        at = None if name in pills or name == INPUT else _pill(way, taken)
        if at is not None:
            pills[name] = at
    pills[cell.states[0] + PREVIOUS] = (24.0, LINE_Y)
    return places, ways, pills


def _is_drawn(cell: Cell, kinds: dict[str, Kind], node: str, source: str) -> bool:
    """What a gate reads from the line below it needs no way of its own."""
    return kinds[node] != "gate" or source not in (INPUT, cell.states[0] + PREVIOUS)


def _places(cell: Cell, kinds: dict[str, Kind]) -> Places:
    levels: dict[str, int] = {}
    for operation in drawn(cell):
        found = [levels[name] for name in sources(cell, operation) if name in levels]
        levels[operation.name] = 1 + max(found, default=0)
    step = (RIGHT - LEFT) / max(len(kinds) - 1, 1)
    found_places: Places = {}
    rows = 0
    for number, (name, kind) in enumerate(kinds.items()):
        y = GATE_Y
        if kind != "gate":
            y = ROWS[rows % len(ROWS)]
            rows += 1
        found_places[name] = (LEFT + step * number, y)
    return found_places


def _way(
    cell: Cell,
    kinds: dict[str, Kind],
    places: Places,
    source: str,
    target: str,
    aside: float,
) -> tuple[Point, ...]:
    """From a source up or down to the height of its target, and then level to it."""
    x2, y2 = places[target]
    half = HALF[kinds[target]][0]
    y = y2 + aside
    if source not in places:
        number = cell.states.index(source.removesuffix(PREVIOUS)) if source != INPUT else 0
        x = 14.0 + 8.0 * number
        start = LINE_Y if number == 0 else ROAD_Y
        return ((x, start), (x, y), (x2 - half, y))
    x1, y1 = places[source]
    high = HALF[kinds[source]][1]
    if abs(y1 - y) <= high:
        return ((x1 + HALF[kinds[source]][0], y), (x2 - half, y))
    return ((x1, y1 - high if y < y1 else y1 + high), (x1, y), (x2 - half, y))


def _out(at: Point, kind: Kind, number: int) -> tuple[Point, ...]:
    """The way of a state to the next step: the first on the line, others on top."""
    start = at[0] + HALF[kind][0]
    x = 338.0 + 8.0 * number
    y = LINE_Y if number == 0 else ROAD_Y
    return ((start, at[1]), (x, at[1]), (x, y), (WIDTH, y))


def _pill(way: tuple[Point, ...], taken: list[tuple[Point, Point]]) -> Point | None:
    """A place on a way where a number covers nothing, on its longest stretch if there is room."""
    stretches = sorted(
        pairwise(way), key=lambda s: -abs(s[0][0] - s[1][0]) - abs(s[0][1] - s[1][1])
    )
    for (x1, y1), (x2, y2) in stretches:
        for share in (0.5, 0.35, 0.65, 0.2, 0.8):
            at = (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share)
            if not any(_overlap(at, PILL, other, half) for other, half in taken):
                taken.append((at, PILL))
                return at
    return None


def _overlap(one: Point, half: Point, other: Point, its: Point) -> bool:
    near_x = abs(one[0] - other[0]) < half[0] + its[0] + 1
    return near_x and abs(one[1] - other[1]) < half[1] + its[1] + 1


def _length(stretch: tuple[Point, Point]) -> float:
    (x1, y1), (x2, y2) = stretch
    return abs(x1 - x2) + abs(y1 - y2)
