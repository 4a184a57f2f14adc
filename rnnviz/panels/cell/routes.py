"""The ways of the wires of a cell whose nodes have their places, level and upright."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from rnnviz.engine.cell import INPUT, PREVIOUS, Cell
from rnnviz.engine.story.nodes import Node as Operation
from rnnviz.panels.cell.places import Ways
from rnnviz.panels.cell.shape import (
    GATE_Y,
    HALF,
    INPUT_X,
    LINE_Y,
    ROAD_Y,
    WIDTH,
    Kind,
    Point,
    sources,
)

DROP = 6.0
"""Px between the wires that come down beside a gate."""
PAIR = 9.0
"""Px between two wires that enter an operation side by side."""
TRUNK, OUT, BESIDE = 12.0, 340.0, 8.0
"""Where the hidden state goes up, where it comes down again, and how far others are from it."""


@dataclass
class Plan:
    """Where things stand, as far as it is decided.

    Attributes
    ----------
    inputs : dict
        Node -> the values that come to it by a way of their own.
    column : dict
        Node -> its column, from the left.
    below : dict
        Node -> that of its operands above which it stands.
    height : dict
        (node, "") -> its y; (value, node) -> the y on which the value comes; (state, "out").
    x : list of float
        Of each column.
    pairs : bool
        Whether two values enter a node side by side.
    ease : float
        1 where there is room enough, less where things had to be drawn together.
    """

    cell: Cell
    operations: tuple[Operation, ...]
    kinds: dict[str, Kind]
    inputs: dict[str, tuple[str, ...]]
    column: dict[str, int] = field(default_factory=dict)
    below: dict[str, str] = field(default_factory=dict)
    height: dict[tuple[str, str], float] = field(default_factory=dict)
    x: list[float] = field(default_factory=list)
    pairs: bool = False
    ease: float = 0.0

    @property
    def hidden(self) -> str:
        """The state that comes in on the line."""
        return self.cell.states[0] + PREVIOUS

    def feeds(self, operation: Operation) -> bool:
        """Whether a gate reads the line below it."""
        is_gate = self.kinds[operation.name] == "gate"
        return is_gate and self.hidden in sources(self.cell, operation)

    def at(self, name: str) -> Point:
        """The middle of a node."""
        return self.x[self.column[name]], self.height[name, ""]


def ways_of(plan: Plan) -> Ways:
    """(value, node that it reaches) -> its way."""
    found: Ways = {}
    for name, kind in plan.kinds.items():
        for place, source in enumerate(plan.inputs[name]):
            way = _to_gate(plan, source, name, place) if kind == "gate" else None
            found[source, name] = _clean(way or _to_operation(plan, source, name))
    for number, state in enumerate(plan.cell.states):
        found[state, ""] = _clean(_out(plan, state, number))
    return found


def _start(plan: Plan, source: str, y: float) -> list[Point]:
    """From a source to the height of a track: up from a node, or along the trunk of a state."""
    if source in plan.kinds:
        x, own = plan.at(source)
        half_x, half_y = HALF[plan.kinds[source]]
        return [(x + half_x, own)] if y == own else [(x, own - half_y), (x, y)]
    if source == INPUT:
        return [(INPUT_X, LINE_Y), (INPUT_X, y)]
    number = plan.cell.states.index(source.removesuffix(PREVIOUS))
    if number == 0:
        return [(0.0, LINE_Y), (TRUNK, LINE_Y), (TRUNK, y)]
    x, top = 20.0 - 4.0 * number, ROAD_Y + 12.0 * (number - 1)
    return [(0.0, top), (x, top), (x, y)]


def _to_operation(plan: Plan, source: str, name: str) -> list[Point]:
    x, own = plan.at(name)
    half_x, half_y = HALF[plan.kinds[name]]
    if plan.below.get(name) == source:
        bottom = plan.at(source)[1] - HALF[plan.kinds[source]][1]
        return [(x, bottom), (x, own + half_y)]
    y = plan.height[source, name]
    if abs(y - own) <= PAIR / 2:
        return [*_start(plan, source, y), (x - half_x, y)]
    return [*_start(plan, source, y), (x, y), (x, own + half_y)]


def _to_gate(plan: Plan, source: str, name: str, place: int) -> list[Point]:
    """Down beside the gate, and into its side."""
    x, _ = plan.at(name)
    half_x, _ = HALF["gate"]
    y, entry = plan.height[source, name], GATE_Y - 6 + 6 * place
    drop = x - half_x - 3 - DROP * (place + 1)
    return [*_start(plan, source, y), (drop, y), (drop, entry), (x - half_x, entry)]


def _out(plan: Plan, state: str, number: int) -> list[Point]:
    """The way of a state to the next step: the first on the line, the others on top."""
    y = plan.height[state, "out"]
    x = OUT + BESIDE * number
    end = LINE_Y if number == 0 else ROAD_Y + 12.0 * (number - 1)
    return [*_start(plan, state, y), (x, y), (x, end), (WIDTH, end)]


def _clean(way: list[Point]) -> tuple[Point, ...]:
    """Without stretches of no length."""
    return (way[0], *(after for before, after in pairwise(way) if after != before))
