"""The little language in which a cell is written: symbols, products, sums, squashing functions.

An expression is a frozen tree. The same tree gives the compiled kernels, the derivatives, the
operation-by-operation story and the text, so that none of them can disagree with another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

FUNCTIONS = ("sigmoid", "tanh", "relu")


@dataclass(frozen=True)
class Symbol:
    """A named quantity or parameter."""

    name: str


@dataclass(frozen=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True)
class MatMul:
    """A matrix parameter times a vector: `W @ x`."""

    matrix: Symbol
    vector: Expression


@dataclass(frozen=True)
class Add:
    """The sum of two vectors."""

    left: Expression
    right: Expression


@dataclass(frozen=True)
class Sub:
    """The difference of two vectors; `1 - z` is the usual one."""

    left: Expression
    right: Expression


@dataclass(frozen=True)
class Mul:
    """The product element by element."""

    left: Expression
    right: Expression


@dataclass(frozen=True)
class Apply:
    """A function of `FUNCTIONS`, or `step` (the derivative of relu), element by element."""

    function: str
    argument: Expression


Expression: TypeAlias = Symbol | Number | MatMul | Add | Sub | Mul | Apply

ZERO = Number(0.0)
ONE = Number(1.0)


def operands(node: Expression) -> tuple[Expression, ...]:
    """What a node is computed from, left to right; a matrix counts as an operand."""
    match node:
        case MatMul(matrix, vector):
            return (matrix, vector)
        case Add(left, right) | Sub(left, right) | Mul(left, right):
            return (left, right)
        case Apply(_, argument):
            return (argument,)
        case _:
            return ()


def walk(node: Expression) -> Iterator[Expression]:
    """Every node of the tree, operands before what uses them."""
    for operand in operands(node):
        yield from walk(operand)
    yield node


def symbols(node: Expression) -> tuple[str, ...]:
    """The names in the tree, each once, in the order of appearance."""
    return tuple(dict.fromkeys(n.name for n in walk(node) if isinstance(n, Symbol)))


def terms(node: Expression) -> tuple[Expression, ...]:
    """The addends of a sum, left to right; any other node is its own only term."""
    if isinstance(node, Add):
        return terms(node.left) + terms(node.right)
    return (node,)


def add(left: Expression, right: Expression) -> Expression:
    """`left + right` without needless zeros and minus signs."""
    match left, right:
        case Number(0.0), other:
            return other
        case other, Number(0.0):
            return other
        case Mul(Number(-1.0), minus), other:
            return Sub(other, minus)
        case other, Mul(Number(-1.0), minus):
            return Sub(other, minus)
    return Add(left, right)


def sub(left: Expression, right: Expression) -> Expression:
    """`left - right` without needless zeros."""
    if left == ZERO:
        return mul(Number(-1.0), right)
    return left if right == ZERO else Sub(left, right)


def mul(left: Expression, right: Expression) -> Expression:
    """`left * right` without needless ones and zeros."""
    if ZERO in (left, right):
        return ZERO
    if left == ONE:
        return right
    return left if right == ONE else Mul(left, right)
