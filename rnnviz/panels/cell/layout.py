"""The diagram of a cell: nodes and wires that follow from its equations, in their places."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from rnnviz.engine.cell import INPUT, PREVIOUS, Cell
from rnnviz.engine.story.nodes import Node as Operation
from rnnviz.panels.cell.automatic import arranged
from rnnviz.panels.cell.places import GATE_FOOT, Places, R, Ways, built_in
from rnnviz.panels.cell.shape import (
    GATE_Y,
    HALF,
    HEIGHT,
    INPUT_X,
    LINE_Y,
    OUTPUT_X,
    ROAD_Y,
    Diagram,
    Node,
    Point,
    Wire,
    drawn,
    kind_of,
    label_of,
    sources,
    symbol_of,
)

X_Y = LINE_Y + 14.0
"""Where the input runs alone, below the line of what it is joined with."""
BESIDE, PEEP_Y, BUS_Y, TAP_X = 26.0, 88.0, 66.0, 55.6
"""How far beside a gate another value comes down to it."""


@lru_cache(maxsize=64)
def diagram_of(cell: Cell) -> Diagram:
    """The diagram of a cell: tuned by hand for a built-in one, arranged for any other."""
    found = built_in(cell)
    operations = drawn(cell)
    if found is None or not _fits(operations, found[0]):
        places, ways, pills = arranged(cell)
    else:
        places, ways, pills = found
        places, ways = dict(places), dict(ways)
        _add_peepholes(cell, operations, places, ways)
    nodes = tuple(_node(cell, operation, places) for operation in operations)
    wires = tuple(_wires(cell, operations, places, ways, pills))
    return Diagram(cell, nodes, wires, tuple(dict.fromkeys(_dots(cell, wires))))


def _fits(operations: tuple[Operation, ...], places: Places) -> bool:
    """Whether the hand has placed all nodes but products with a weight of each unit."""
    return all(operation.name in places or _peeps(operation) for operation in operations)


def _peeps(operation: Operation) -> bool:
    return operation.kind == "multiply" and operation.operands[0].startswith("p_")


def _add_peepholes(
    cell: Cell, operations: tuple[Operation, ...], places: Places, ways: Ways
) -> None:
    """Let the cell state come down beside each gate that sees it, the old one from the left."""
    for operation in operations:
        if operation.name in places:
            continue
        gate, state = operation.quantity, operation.operands[1]
        x = places[gate][0] - BESIDE
        places[operation.name] = (x, PEEP_Y)
        start = x if state in cell.states else min(x, TAP_X)
        down = ((start, ROAD_Y + 8), (start, BUS_Y), (x, BUS_Y), (x, PEEP_Y - R))
        straight = ((x, ROAD_Y + 8), (x, PEEP_Y - R))
        ways[state, operation.name] = straight if start == x else down
        ways[operation.name, gate] = (
            (x, PEEP_Y + R),
            (x, GATE_Y),
            (places[gate][0] - HALF["gate"][0], GATE_Y),
        )


def _node(cell: Cell, operation: Operation, places: Places) -> Node:
    kind = kind_of(operation)
    symbol = symbol_of(cell, operation.name, operation.expression)
    at = places[operation.name]
    if at[1] == ROAD_Y and kind == "operation":
        symbol = _state_on_top(cell)
    return Node(operation.name, kind, label_of(operation, kind), symbol, at)


def _state_on_top(cell: Cell) -> str:
    return cell.states[-1]


def _symbols(cell: Cell, operations: tuple[Operation, ...], places: Places) -> dict[str, str]:
    """Value -> the quantity whose hue its wires take: on top that of the state which runs there."""
    found = {INPUT: "x"} | {state + PREVIOUS: state for state in cell.states}
    for operation in operations:
        on_top = places[operation.name][1] == ROAD_Y and operation.kind != "copy"
        hue = _state_on_top(cell) if on_top else ""
        found[operation.name] = hue or symbol_of(cell, operation.name, operation.expression)
    return found


def _wires(
    cell: Cell,
    operations: tuple[Operation, ...],
    places: Places,
    ways: Ways,
    pills: Places,
) -> Iterator[Wire]:
    symbols = _symbols(cell, operations, places)
    told: set[str] = set()
    hidden = f"{cell.states[0]}{PREVIOUS}"
    gates = [o for o in operations if kind_of(o) == "gate"]
    feeds = [(o, sources(cell, o)) for o in gates]
    fed = [places[o.name][0] for o, found in feeds if hidden in found]
    yield Wire(INPUT, "x", "", ((INPUT_X, HEIGHT), (INPUT_X, LINE_Y)))
    if fed:
        line = ((0.0, LINE_Y), (max(fed), LINE_Y))
        yield Wire(hidden, cell.states[0], "", line, pills.get(hidden))
        told.add(hidden)
    for gate, found in feeds:
        yield from _feed(gate.name, places[gate.name][0], found, hidden)
    roads = set(cell.states[1:])
    for (value, target), points in ways.items():
        pill = None if value in told else pills.get(value)
        told.add(value)
        level = all(y == ROAD_Y for _, y in points)
        is_road = bool(roads) and level and symbols[value] in roads
        yield Wire(value, symbols[value], target or value, points, pill, is_road)


def _feed(gate: str, x: float, found: tuple[str, ...], hidden: str) -> Iterator[Wire]:
    """What comes to a gate from below: from the line, or the input alone."""
    if hidden in found:
        yield Wire(hidden, hidden.removesuffix(PREVIOUS), gate, ((x, LINE_Y), (x, GATE_FOOT)))
    elif INPUT in found:
        way = ((INPUT_X, X_Y), (x, X_Y), (x, GATE_FOOT))
        yield Wire(INPUT, "x", gate, way)


def _dots(cell: Cell, wires: tuple[Wire, ...]) -> Iterator[tuple[Point, str]]:
    """Where wires part, and in which hue."""
    yield (INPUT_X, LINE_Y), INPUT
    yield (OUTPUT_X, LINE_Y), cell.states[0]
    for one in wires:
        others = [other for other in wires if other.name == one.name and other is not one]
        for number, point in enumerate(one.points[:-1]):
            leaves = number == 0 and any(point == other.points[-1] for other in others)
            if leaves or any(_within(point, other.points) for other in others):
                yield point, one.symbol


def _within(point: Point, way: tuple[Point, ...]) -> bool:
    """Whether a point lies within a stretch of a way, its ends apart."""
    for (x1, y1), (x2, y2) in pairwise(way):
        level = y1 == y2 == point[1] and min(x1, x2) < point[0] < max(x1, x2)
        upright = x1 == x2 == point[0] and min(y1, y2) < point[1] < max(y1, y2)
        if level or upright:
            return True
    return False
