"""A layout for any cell, in which no two wires ever share a stretch.

Gates stand in a row over the line that feeds them, operations above, each at a height of its own
and to the right of what it works on. What has a single use is used straight above itself;
everything else comes from the left, at the height of its operation or on a track below it.
"""

from __future__ import annotations

from collections import Counter

from rnnviz.engine.cell import INPUT, PREVIOUS, Cell
from rnnviz.engine.story.nodes import Node as Operation
from rnnviz.panels.cell.numbering import numbered
from rnnviz.panels.cell.places import Places, Ways
from rnnviz.panels.cell.routes import DROP, PAIR, Plan, ways_of
from rnnviz.panels.cell.shape import (
    GATE_Y,
    HALF,
    INPUT_X,
    LINE_Y,
    Kind,
    drawn,
    kind_of,
    sources,
)

LEFT, ROOMY, RIGHT = 30.0, 320.0, 336.0
"""Between which columns stand: more to the right only where there is no room."""
FOOT, TOP = 148.0, 24.0
"""The heights between which operations stand."""
TRACK, ROW, APART = 15.0, 17.0, 26.0
"""Px from a track to the next, from one operation to the next, and within one column."""
LOOSE = 1.4
"""How far heights are drawn apart at most where there is room."""
CLOSEST, WIDEST, WIRE = 1.0, 40.0, 4.0
"""Px between columns, at least and at most, and half a column with a mere wire."""
PAIR_ROW = 18.0
"""Px that an operation needs where two wires enter it side by side."""


STACKED: tuple[frozenset[Kind], ...] = (
    frozenset(("gate", "operation", "function")),
    frozenset(("gate",)),
    frozenset(),
)
"""Above what an operation may stand: the more, the fewer columns and the higher they are."""


def arranged(cell: Cell) -> tuple[Places, Ways, Places]:
    """Places, ways and pills of a cell that nobody has placed."""
    plan = max((_planned(cell, above) for above in STACKED), key=lambda plan: plan.ease)
    places = {operation.name: plan.at(operation.name) for operation in plan.operations}
    ways = ways_of(plan)
    fed = [plan.at(o.name)[0] for o in plan.operations if plan.feeds(o)]
    line = ((INPUT_X, LINE_Y), (max(fed, default=INPUT_X), LINE_Y))
    return places, ways, numbered(places, plan.kinds, {(plan.hidden, ""): line, **ways})


def _planned(cell: Cell, above: frozenset[Kind]) -> Plan:
    operations = drawn(cell)
    kinds = {operation.name: kind_of(operation) for operation in operations}
    inputs = {o.name: _entering(cell, o, kinds[o.name]) for o in operations}
    plan = Plan(cell, operations, kinds, inputs)
    _set_columns(plan, above)
    for tight, plan.pairs in ((1.0, False), (0.8, False), (1.0, True), (0.8, True)):
        plan.height.clear()
        ease = _set_heights(plan, tight)
        if ease >= 1:
            break
    plan.ease = min(ease, _spread(plan), 1.0)
    return plan


def _entering(cell: Cell, operation: Operation, kind: Kind) -> tuple[str, ...]:
    """What comes to a node by a way of its own: a gate reads the rest from the line below it."""
    found = sources(cell, operation)
    if kind != "gate":
        return found
    return tuple(name for name in found if name not in (INPUT, cell.states[0] + PREVIOUS))


def _set_columns(plan: Plan, above: frozenset[Kind]) -> None:
    """Each node takes a column to the right of its operands, or that of the last of them."""
    uses = Counter(name for found in plan.inputs.values() for name in found)
    uses.update(plan.cell.states)
    count = 0
    for name, kind in plan.kinds.items():
        inner = [one for one in plan.inputs[name] if one in plan.column]
        last = max(inner, key=lambda one: plan.column[one], default="")
        if kind != "gate" and last and uses[last] == 1 and plan.kinds[last] in above:
            plan.column[name], plan.below[name] = plan.column[last], last
        else:
            plan.column[name] = count
            count += 1


def _set_heights(plan: Plan, tight: float) -> float:
    """Heights of nodes and of the tracks on which wires come, from below to the top.

    Gives how much more room there is than they need.
    """
    skyline = _Skyline(max(plan.column.values()) + 1, tight)
    for name, kind in plan.kinds.items():
        (_set_gate if kind == "gate" else _set_operation)(plan, name, skyline)
    for state in plan.cell.states:
        height = plan.height[state, ""]
        if plan.kinds[state] == "gate":
            height = skyline.put(plan.column[state], skyline.count, TRACK)
        plan.height[state, "out"] = height
    share = (FOOT - TOP) / max(FOOT - min(skyline.tops), 1.0)
    for key, height in plan.height.items():
        if height != GATE_Y:
            plan.height[key] = FOOT - (FOOT - height) * min(share, LOOSE)
    return share


class _Skyline:
    """The highest thing over each column so far; the last two are the trunks and the way out."""

    def __init__(self, count: int, tight: float) -> None:
        self.count, self.tight = count, tight
        self.tops = [FOOT] * (count + 2)
        self.nodes: dict[int, float] = {}

    def put(self, first: int, last: int, high: float, node: int | None = None) -> float:
        """Put something over columns, above all that is there; -1 is the trunk of a state."""
        columns = range(first, last + 1)
        high = max(high, ROW) if node is not None else high * self.tight
        y = min(self.tops[column] for column in columns) - high
        if node is not None:
            y = self.nodes[node] = min(y, self.nodes.get(node, FOOT + APART) - APART)
        for column in columns:
            self.tops[column] = y
        return y


def _set_gate(plan: Plan, name: str, skyline: _Skyline) -> None:
    """The tracks of what comes to a gate from above."""
    plan.height[name, ""] = GATE_Y
    for source in plan.inputs[name]:
        if plan.kinds.get(source, "gate") != "gate":
            plan.height[source, name] = plan.height[source, ""]
        else:
            first, last = sorted((plan.column.get(source, -1), plan.column[name]))
            plan.height[source, name] = skyline.put(first, last, TRACK)


def _set_operation(plan: Plan, name: str, skyline: _Skyline) -> None:
    """The height of an operation, and of the tracks that come to it from below."""
    column = plan.column[name]
    aside = [source for source in plan.inputs[name] if source != plan.below.get(name)]
    level = aside if plan.pairs else aside[:1]
    for source in aside[len(level) :]:
        plan.height[source, name] = skyline.put(plan.column.get(source, -1), column, TRACK)
    first = min((plan.column.get(source, -1) for source in level), default=column)
    reach, pair = _reach(plan, name), len(level) > 1
    y = plan.height[name, ""] = skyline.put(first, reach, PAIR_ROW if pair else ROW, column)
    for number, source in enumerate(level):
        plan.height[source, name] = y + (number - 0.5) * PAIR if pair else y
    if pair:
        skyline.put(first, reach, PAIR / 2)


def _reach(plan: Plan, name: str) -> int:
    """The last column to which a way leads from an operation at its own height."""
    if name in plan.cell.states:
        return max(plan.column.values()) + 1
    gates = [
        plan.column[gate]
        for gate, found in plan.inputs.items()
        if plan.kinds[gate] == "gate" and name in found
    ]
    return max([plan.column[name], *gates])


def _spread(plan: Plan) -> float:
    """The middle of each column, clear of those before it and of what comes down beside gates.

    Gives how much more room there is than they need.
    """
    half = _halves(plan)
    x: list[float] = []
    for column, (gate, upper, drops) in enumerate(half):
        place = 0.0
        for before, (gate_before, upper_before, _) in zip(x, half, strict=False):
            low = gate_before + max(gate, drops) if gate and gate_before else 0.0
            high = upper_before + max(upper, drops)
            place = max(place, before + CLOSEST + max(low, high))
        x.append(place if column else 0.0)
    first, last = max(half[0][:2]), max(half[-1][:2])
    needed = x[-1] + first + last
    right = min(max(LEFT + needed, ROOMY), RIGHT)
    spare = right - LEFT - needed
    share = min(1 + spare / x[-1], 1.0) if x[-1] else 1.0
    gap = min(max(spare, 0.0) / max(len(x) - 1, 1), WIDEST)
    start = LEFT + max(spare - gap * (len(x) - 1), 0.0) / 2 + first
    plan.x = [start + place * share + gap * column for column, place in enumerate(x)]
    return (RIGHT - LEFT) / needed


def _halves(plan: Plan) -> list[tuple[float, float, float]]:
    """Of each column half its width in the row of gates, half that above, and what drops reach."""
    found = [(0.0, WIRE, 0.0)] * (max(plan.column.values()) + 1)
    for name, kind in plan.kinds.items():
        gate, upper, drops = found[plan.column[name]]
        if kind == "gate":
            gate, count = HALF[kind][0], len(plan.inputs[name])
            drops = gate + 3 + DROP * count if count else 0.0
        else:
            upper = max(upper, HALF[kind][0])
        found[plan.column[name]] = gate, upper, drops
    return found
