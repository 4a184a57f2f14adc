"""A cell's equations as a list of single operations, in the order in which they are computed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rnnviz.engine.cell import Cell
from rnnviz.engine.definitions import Definition, Elementwise, WeightedSum, definitions
from rnnviz.engine.expressions import (
    Add,
    Apply,
    Expression,
    MatMul,
    Mul,
    Number,
    Sub,
    Symbol,
    operands,
    terms,
)
from rnnviz.engine.text import formula

KINDS: dict[type[Expression], str] = {
    MatMul: "matmul",
    Add: "add",
    Sub: "subtract",
    Mul: "multiply",
    Symbol: "copy",
    Number: "copy",
}


@dataclass(frozen=True)
class Node:
    """One operation of a cell.

    Attributes
    ----------
    name : str
        Of the result: a quantity (`f`), a weighted sum (`a_f`) or else the typed formula
        (`U_f @ h_prev`).
    kind : str
        "matmul", "add", "subtract", "multiply", "copy", or the squashing function.
    quantity : str
        The quantity whose equation it belongs to.
    expression : Expression
        The tree below it.
    operands : tuple of str
        The names of what it works on, left to right.
    parts : tuple of Expression
        The trees of what it works on.
    """

    name: str
    kind: str
    quantity: str
    expression: Expression
    operands: tuple[str, ...]
    parts: tuple[Expression, ...]


@lru_cache(maxsize=256)
def nodes(cell: Cell) -> tuple[Node, ...]:
    """The operations of a cell: operands before what uses them, a tree used twice only once.

    The root of an equation is always an operation of its own, even where the same tree stands
    elsewhere too: a quantity can be held, and then the two differ.
    """
    walk = _Walk(definitions(cell), cell.quantities)
    for equation in cell.equations:
        walk.equation(equation.name, equation.expression)
    return tuple(walk.found.values())


def nodes_of(name: str, expression: Expression) -> tuple[Node, ...]:
    """The operations of a single equation outside a cell."""
    walk = _Walk({}, ())
    walk.equation(name, expression)
    return tuple(walk.found.values())


@lru_cache(maxsize=256)
def sum_names(cell: Cell) -> frozenset[str]:
    """The names of all weighted sums."""
    found = definitions(cell).items()
    return frozenset(name for name, definition in found if isinstance(definition, WeightedSum))


class _Walk:
    def __init__(self, definitions: dict[str, Definition], quantities: tuple[str, ...]) -> None:
        self.definitions = definitions
        self.found: dict[str, Node] = {}
        self.waiting: dict[frozenset[str], list[str]] = {}
        for name, definition in definitions.items():
            if isinstance(definition, WeightedSum) and name not in quantities:
                self.waiting.setdefault(self._matrices_of(definition), []).append(name)

    def equation(self, quantity: str, root: Expression) -> None:
        """Add the operations of one equation."""
        if not self._is_other(quantity, root):
            self.visit(root, quantity, quantity)
            return
        inner = self.visit(root, quantity)
        self.found[quantity] = Node(quantity, "copy", quantity, root, (inner,), (Symbol(inner),))

    def visit(self, node: Expression, quantity: str, root: str = "", is_part: bool = False) -> str:
        """The name of the node, which is then in `found`, unless it is a mere symbol or number.

        `is_part` says that the node is a part of a weighted sum, not the whole of one.
        """
        if isinstance(node, Symbol | Number) and not root:
            return formula(node)
        is_sum = bool(_matrices(node))
        name = root or (self._sum_name(node) if is_sum and not is_part else formula(node))
        if name not in self.found:
            parts = operands(node) or (node,)
            inner = tuple(
                self.visit(part, quantity, is_part=is_sum and isinstance(part, Add | MatMul))
                for part in parts
            )
            kind = node.function if isinstance(node, Apply) else KINDS[type(node)]
            self.found[name] = Node(name, kind, quantity, node, inner, parts)
        return name

    def _sum_name(self, node: Expression) -> str:
        """The name of a whole weighted sum, such as `a_f`.

        A sum is known by its matrices. The same sum below two functions is stored twice, and so it
        has two names; they are given away in the order of the walk.
        """
        if formula(node) in self.definitions:
            return formula(node)
        names = self.waiting.get(_matrices(node), [])
        if not names:
            return formula(node)
        return names.pop(0) if len(names) > 1 else names[0]

    def _is_other(self, quantity: str, root: Expression) -> bool:
        """Whether the quantity is a sum or product that is stored under another name as well."""
        definition = self.definitions.get(quantity)
        if isinstance(definition, Elementwise):
            return isinstance(definition.expression, Symbol) and not isinstance(root, Symbol)
        repeated = definition is not None and not definition.products
        return repeated and isinstance(root, MatMul)

    def _matrices_of(self, definition: WeightedSum) -> frozenset[str]:
        """The matrices of a sum; a product that other sums use too is a sum of its own in it."""
        found = {matrix for matrix, _ in definition.products}
        for term in terms(definition.rest) if definition.rest is not None else ():
            inner = self.definitions.get(term.name) if isinstance(term, Symbol) else None
            if isinstance(inner, WeightedSum) and "@" in inner.name and len(inner.products) == 1:
                found.add(inner.products[0][0])
        return frozenset(found)


def _matrices(node: Expression) -> frozenset[str]:
    return frozenset(term.matrix.name for term in terms(node) if isinstance(term, MatMul))
