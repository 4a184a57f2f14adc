"""The chain rule on a list of operations, the last one first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from rnnviz.engine.arrays import Array, Mask
from rnnviz.engine.evaluate import slope
from rnnviz.engine.expressions import Number
from rnnviz.engine.story.nodes import Node


@dataclass(frozen=True, eq=False)
class Share:
    """What one operand of one operation receives.

    Attributes
    ----------
    node : Node
        The operation.
    position : int
        Which of its operands.
    value : array
        Of the operand's shape.
    """

    node: Node
    position: int
    value: Array

    @property
    def name(self) -> str:
        """The operand."""
        return self.node.operands[self.position]


@dataclass(frozen=True, eq=False)
class Reverse:
    """The gradients of one step.

    Attributes
    ----------
    arrived : dict
        Name -> dL/d(the result of the operation).
    flowing : dict
        The same where what is held is cut off: what goes on to the operands.
    shares : list of Share
        What each operand receives, in the order in which it is computed.
    """

    arrived: dict[str, Array] = field(default_factory=dict)
    flowing: dict[str, Array] = field(default_factory=dict)
    shares: list[Share] = field(default_factory=list)

    def to(self, name: str) -> list[Share]:
        """The shares that one operand receives."""
        return [share for share in self.shares if share.name == name]

    def sum_to(self, name: str, like: Array) -> Array:
        """All that one operand receives; zeros of the shape of `like` where it is nothing."""
        total = np.zeros_like(like)
        for share in self.to(name):
            total = total + share.value
        return total


def reverse(
    nodes: tuple[Node, ...],
    computed: Mapping[str, Array],
    values: Mapping[str, Array],
    held: Mapping[str, Mask],
    seeds: Mapping[str, Array],
    given: frozenset[str] = frozenset(),
) -> Reverse:
    """Go back through operations.

    Parameters
    ----------
    nodes : tuple of Node
        In the order of computation.
    computed, values : mapping
        Name -> the result without and with what is held; `values` also has the symbols.
    held : mapping
        Name -> the units through which no gradient flows.
    seeds : mapping
        Name -> the gradient that arrives from outside.
    given : frozenset of str
        The names whose seed is already all that arrives.
    """
    found = Reverse()
    with np.errstate(all="ignore"):
        for node in reversed(nodes):
            arrived = seeds.get(node.name, np.zeros_like(values[node.name]))
            if node.name not in given:
                arrived = arrived + found.sum_to(node.name, arrived)
            where = held.get(node.name)
            flowing = arrived if where is None else np.where(where, 0.0, arrived)
            found.arrived[node.name], found.flowing[node.name] = arrived, flowing
            for position, part in enumerate(node.parts):
                if not isinstance(part, Number):
                    value = local(node, position, flowing, computed, values)
                    found.shares.append(Share(node, position, value))
    return found


def local(
    node: Node,
    position: int,
    adjoint: Array,
    computed: Mapping[str, Array],
    values: Mapping[str, Array],
) -> Array:
    """What an operand receives from an operation whose result has the gradient `adjoint`."""
    other = values[node.operands[1 - position]] if len(node.operands) == 2 else adjoint
    match node.kind, position:
        case "matmul", 0:
            return np.outer(adjoint, other)
        case "matmul", _:
            return np.asarray(other.T @ adjoint)
        case "add" | "copy", _:
            return adjoint
        case "subtract", _:
            return np.asarray(-adjoint if position else adjoint)
        case "multiply", _:
            return np.asarray(adjoint * other)
        case _:
            argument = values[node.operands[0]]
            return np.asarray(adjoint * slope(node.kind, argument, computed[node.name]))
