"""A cell's diagram as pure geometry: nodes and wires in a box of 408 by 256 px."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, TypeAlias, final

from rnnviz.engine.cell import INPUT, PREVIOUS, Cell
from rnnviz.engine.expressions import Apply, Expression, MatMul, walk
from rnnviz.engine.story.nodes import Node as Operation
from rnnviz.engine.story.nodes import nodes, sum_names
from rnnviz.engine.text import hue, hue_of
from rnnviz.panels.canvas.diagram import GATE_HEIGHT, GATE_WIDTH, OPERATION

Point: TypeAlias = tuple[float, float]
Kind: TypeAlias = Literal["gate", "operation", "function"]

WIDTH, HEIGHT = 408.0, 256.0
ROAD_Y, LINE_Y = 44.8, 226.56
INPUT_X, OUTPUT_X = 28.56, 367.2
GATE_Y, MIDDLE_Y = 179.2, 120.32

HALF: dict[Kind, Point] = {
    "gate": (GATE_WIDTH / 2, GATE_HEIGHT / 2),
    "function": (19.0, 9.0),
    "operation": (OPERATION, OPERATION),
}
"""Half the width and height of a node in an open cell."""

LABELS = {
    "sigmoid": "σ",
    "multiply": "×",
    "add": "+",
    "subtract": "\N{MINUS SIGN}",
    "copy": "=",
}


@final
@dataclass(frozen=True)
class Node:
    """One operation of a cell.

    Attributes
    ----------
    name : str
        What it gives, as `engine.story.nodes` names it.
    kind : str
        "gate" (a function with weights), "operation" (round) or "function" (a pill).
    label : str
        What stands in it.
    symbol : str
        The quantity whose hue it takes.
    at : tuple of float
        Its middle.
    """

    name: str
    kind: Kind
    label: str
    symbol: str
    at: Point


@final
@dataclass(frozen=True)
class Wire:
    """The way of one value to one node, or out of the cell.

    Attributes
    ----------
    name : str
        The value that runs on it: `f`, `f * c_prev`, `h_prev`, `x`.
    symbol : str
        The quantity whose hue it takes.
    target : str
        The node that it reaches; of a value that leaves the cell the state; "" for a way that
        others branch off.
    points : tuple of Point
        Level and upright stretches.
    pill : Point or None
        Where its number stands; None where it is told on another wire of the same value.
    road : bool
        Whether it is the road, which is wider than a wire.
    """

    name: str
    symbol: str
    target: str
    points: tuple[Point, ...]
    pill: Point | None = None
    road: bool = False


@final
@dataclass(frozen=True)
class Diagram:
    """A whole cell."""

    cell: Cell
    nodes: tuple[Node, ...]
    wires: tuple[Wire, ...]
    dots: tuple[tuple[Point, str], ...] = ()

    @property
    def road(self) -> str | None:
        """The state that runs on the road, if there is one."""
        return self.cell.states[1] if len(self.cell.states) > 1 else None

    @cached_property
    def by_name(self) -> dict[str, Node]:
        """Name -> node."""
        return {node.name: node for node in self.nodes}


def drawn(cell: Cell) -> tuple[Operation, ...]:
    """The operations that are drawn: all but products with matrices and the sums around them."""
    sums = sum_names(cell)
    return tuple(
        node
        for node in nodes(cell)
        if not isinstance(node.expression, MatMul)
        and (node.name in cell.quantities or (node.name not in sums and not _weighs(node)))
    )


def _weighs(node: Operation) -> bool:
    """Whether a node is a sum around products with matrices, or one of its terms with weights."""
    return node.kind == "add" and any(isinstance(n, MatMul) for n in walk(node.expression))


def kind_of(node: Operation) -> Kind:
    """How a node is drawn."""
    if isinstance(node.expression, Apply):
        return "gate" if is_weighted(node.expression) else "function"
    if any(isinstance(part, MatMul) for part in walk(node.expression)) and node.kind == "add":
        return "gate"
    if node.kind == "subtract" and node.operands[0] == "1":
        return "function"
    return "function" if node.kind == "copy" else "operation"


def is_weighted(expression: Expression) -> bool:
    """Whether there is a product with a matrix in it."""
    return any(isinstance(part, MatMul) for part in walk(expression))


def label_of(node: Operation, kind: Kind) -> str:
    """What stands in a node."""
    if kind == "function" and node.kind == "subtract":
        return "1 \N{MINUS SIGN}"
    if kind == "gate" and node.kind == "add":
        return "Σ"
    return LABELS.get(node.kind, node.kind)


def symbol_of(cell: Cell, name: str, expression: Expression | None = None) -> str:
    """The quantity whose hue a value takes."""
    plain = name.removesuffix(PREVIOUS)
    if name == INPUT or plain in cell.quantities:
        return hue(plain)
    return hue_of(expression) if expression is not None else hue(name)


def sources(cell: Cell, node: Operation) -> tuple[str, ...]:
    """The drawn values that a node works on, left to right; of a gate all that enter its sum."""
    there = {one.name for one in drawn(cell)} | {INPUT} | {s + PREVIOUS for s in cell.states}
    known = {one.name: one for one in nodes(cell)}
    found: list[str] = []

    def visit(name: str) -> None:
        if name in there:
            found.append(name)
        elif name in known:
            for operand in known[name].operands:
                visit(operand)

    for operand in node.operands:
        visit(operand)
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=64)
def owners(cell: Cell) -> dict[str, str]:
    """Operation -> the node in which it is told: a product with a matrix in its gate."""
    known = {one.name: one for one in nodes(cell)}
    found = {one.name: one.name for one in drawn(cell)}
    for node in drawn(cell):
        waiting = list(node.operands)
        while waiting:
            name = waiting.pop()
            if name in known and name not in found:
                found[name] = node.name
                waiting += known[name].operands
    return found
