"""What the quantities of a cell do, read from its equations: gates, candidates, kept and written.

No cell is known by its name here: a cell that is typed in has gates and a highway too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import inf, isnan
from typing import Literal

from rnnviz.engine.cell import PREVIOUS, Cell
from rnnviz.engine.definitions import Elementwise, WeightedSum, definitions
from rnnviz.engine.expressions import (
    Add,
    Apply,
    Expression,
    Mul,
    Number,
    Sub,
    Symbol,
    operands,
    symbols,
)
from rnnviz.engine.text import formula

Interval = tuple[float, float]
ANYTHING: Interval = (-inf, inf)
_FUNCTIONS: dict[str, Interval] = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}


@dataclass(frozen=True)
class Role:
    """A quantity that tells what a cell does at a step.

    Attributes
    ----------
    name : str
        As it is stored, such as `f`.
    kind : str
        "gate" lies within 0 and 1 and multiplies something; "candidate" is another squashed
        quantity; a cell without them has a "state" and the "sum" that is squashed to it.
    low, high : float
        Between which values it lies whatever the weights are; infinite where it has no bound.
    """

    name: str
    kind: Literal["gate", "candidate", "state", "sum"]
    low: float
    high: float


@dataclass(frozen=True)
class Term:
    """A term of a sum.

    Attributes
    ----------
    expression : Expression
        Without its sign.
    sign : int
        1 or -1.
    kept : bool
        Whether it is the state of the step before, times something, element by element.
    """

    expression: Expression
    sign: int
    kept: bool


@dataclass(frozen=True)
class Balance:
    """The sum by which a state comes about.

    Attributes
    ----------
    state : str
        Such as `c`.
    terms : tuple of Term
        Left to right.
    total : str
        What they add up to: the state itself, or what is squashed to it, such as `a_h`.
    """

    state: str
    terms: tuple[Term, ...]
    total: str

    @property
    def is_state(self) -> bool:
        """Whether the sum is the state itself."""
        return self.total == self.state

    @property
    def keeps(self) -> bool:
        """Whether a part of the state before is handed on, unit by unit."""
        return any(term.kept for term in self.terms)


@lru_cache(maxsize=256)
def roles(cell: Cell) -> tuple[Role, ...]:
    """Gates and candidates, in the order in which the states use them.

    A cell that has none has its state and what is squashed to it.
    """
    found: dict[str, Role] = {}
    for state in reversed(cell.states):
        _collect(cell, state, found, set())
    if found:
        return tuple(found.values())
    state = cell.states[0]
    low, high = bounds(cell, state)
    made = [Role(state, "state", low, high)]
    total = balance(cell).total
    if isinstance(definitions(cell).get(total), WeightedSum):
        made.append(Role(total, "sum", *ANYTHING))
    return tuple(made)


def _collect(cell: Cell, name: str, found: dict[str, Role], seen: set[str]) -> None:
    """Add what a quantity is computed from, then the quantity itself."""
    if name in seen or name not in cell.quantities:
        return
    seen.add(name)
    expression = cell.equation(name).expression
    for symbol in symbols(expression):
        _collect(cell, symbol, found, seen)
    if name in cell.states or name in found:
        return
    low, high = bounds(cell, name)
    if low >= 0.0 and high <= 1.0:
        found[name] = Role(name, "gate", low, high)
    elif isinstance(expression, Apply):
        found[name] = Role(name, "candidate", low, high)


@lru_cache(maxsize=1024)
def bounds(cell: Cell, name: str) -> Interval:
    """Between which values a quantity lies, whatever weights and inputs are."""
    return _bounds(cell, cell.equation(name).expression)


def _bounds(cell: Cell, node: Expression) -> Interval:
    match node:
        case Number(value):
            return value, value
        case Symbol(name):
            return bounds(cell, name) if name in cell.quantities else ANYTHING
        case Apply(function, argument):
            low, high = _bounds(cell, argument)
            return _FUNCTIONS.get(function, (max(low, 0.0), max(high, 0.0)))
        case Add(left, right):
            (a, b), (c, d) = _bounds(cell, left), _bounds(cell, right)
            return a + c, b + d
        case Sub(left, right):
            (a, b), (c, d) = _bounds(cell, left), _bounds(cell, right)
            return a - d, b - c
        case Mul(left, right):
            return _product(_bounds(cell, left), _bounds(cell, right))
    return ANYTHING


def _product(one: Interval, other: Interval) -> Interval:
    corners = [a * b for a in one for b in other]
    known = [0.0 if isnan(corner) else corner for corner in corners]
    return min(known), max(known)


@lru_cache(maxsize=256)
def balance(cell: Cell) -> Balance:
    """The sum that says what is kept and what is new.

    It is the first of these that the cell has, the states that are not its output first: a state
    that is a sum with the state before in it; a sum of that kind that is squashed or multiplied to
    a state; any other sum; the whole equation of the output.
    """
    states = (*cell.states[1:], cell.states[0])
    for inner, keeps in ((False, True), (True, True), (True, False)):
        for state in states:
            root = cell.equation(state).expression
            total = _sum_in(root) if inner else root
            if isinstance(total, Add | Sub):
                found = tuple(_terms(cell, state, total, 1))
                if not keeps or any(term.kept for term in found):
                    return Balance(state, found, _name(cell, state, total))
    state = cell.states[0]
    return Balance(state, (Term(cell.equation(state).expression, 1, kept=False),), state)


def _sum_in(node: Expression) -> Expression | None:
    """The outermost sum within a node."""
    if isinstance(node, Add | Sub):
        return node
    inner = (_sum_in(part) for part in operands(node))
    return next((found for found in inner if found is not None), None)


def _terms(cell: Cell, state: str, node: Expression, sign: int) -> list[Term]:
    match node:
        case Add(left, right):
            return _terms(cell, state, left, sign) + _terms(cell, state, right, sign)
        case Sub(left, right):
            return _terms(cell, state, left, sign) + _terms(cell, state, right, -sign)
    return [Term(node, sign, Symbol(state + PREVIOUS) in _factors(node))]


def _factors(node: Expression) -> list[Expression]:
    if isinstance(node, Mul):
        return _factors(node.left) + _factors(node.right)
    return [node]


def _name(cell: Cell, state: str, total: Expression) -> str:
    """What the sum is stored as; its formula where it is not stored."""
    root = cell.equation(state).expression
    if root == total:
        return state
    definition = definitions(cell)[state]
    if isinstance(root, Apply) and root.argument == total and isinstance(definition, Elementwise):
        inner = definition.expression
        if isinstance(inner, Apply) and isinstance(inner.argument, Symbol):
            return inner.argument.name
    return formula(total)
