"""The chain rule in symbols: what an operand receives, written with the nearest named gradients.

Inside an equation the gradients have no names: that of `f * c_prev` in `c = f * c_prev + i * g` is
that of `c`. So `∂L/∂f = ∂L/∂c · c_prev`, which is what people write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rnnviz.engine.expressions import (
    ONE,
    Apply,
    Expression,
    MatMul,
    Mul,
    Number,
    Sub,
    Symbol,
    add,
)
from rnnviz.engine.rendering import GRADIENT, TRANSPOSED
from rnnviz.engine.story.nodes import Node

NEGATIVE = Number(-1.0)


def gradient(name: str) -> Symbol:
    """The symbol of dL/d(name)."""
    return Symbol(GRADIENT + name)


@dataclass(frozen=True, eq=False)
class Rules:
    """The rules of a list of operations.

    Attributes
    ----------
    nodes : mapping
        Name -> operation.
    named : frozenset of str
        The quantities and weighted sums: their gradients are symbols, the others are written out.
    opaque : frozenset of str
        The results that are treated so too, because they are held.
    """

    nodes: Mapping[str, Node]
    named: frozenset[str]
    opaque: frozenset[str]

    def of(self, name: str) -> Expression:
        """The gradient of one result."""
        if name in self.named or name in self.opaque:
            return gradient(name)
        total: Expression = Number(0.0)
        for node in self.nodes.values():
            for position, operand in enumerate(node.operands):
                if operand == name:
                    total = add(total, self.local(node, position))
        return gradient(name) if total == Number(0.0) else total

    def local(self, node: Node, position: int) -> Expression:
        """What one operand of an operation receives."""
        arrived = self.of(node.name)
        match node.kind, position:
            case "matmul", _:
                return self._product(node, position, arrived)
            case "subtract", 1:
                return Mul(NEGATIVE, arrived)
            case "add" | "subtract" | "copy", _:
                return arrived
            case "multiply", _:
                return Mul(arrived, self._operand(node, 1 - position))
            case _:
                return Mul(arrived, self._slope(node))

    def _product(self, node: Node, position: int, arrived: Expression) -> Expression:
        """`W.T @ gradient` for the vector, the outer product for the matrix."""
        if position == 1:
            return MatMul(Symbol(node.operands[0] + TRANSPOSED), arrived)
        left = arrived if isinstance(arrived, Symbol) else gradient(node.name)
        return MatMul(left, Symbol(node.operands[1] + TRANSPOSED))

    def _operand(self, node: Node, position: int) -> Expression:
        name = node.operands[position]
        has_name = name in self.named or name in self.opaque
        return Symbol(name) if has_name else node.parts[position]

    def _slope(self, node: Node) -> Expression:
        """The derivative of a squashing function, by its own value where that is enough."""
        value = Symbol(node.name)
        match node.kind:
            case "sigmoid":
                return Mul(value, Sub(ONE, value))
            case "tanh":
                return Sub(ONE, Mul(value, value))
            case _:
                return Apply("step", self._operand(node, 0))
