"""Writes an expression in any notation, as a row of pieces with only the brackets that it needs.

A piece is what is drawn in one go, in the colour of one quantity; `text` holds the notations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from rnnviz.engine.expressions import (
    Add,
    Apply,
    Expression,
    MatMul,
    Mul,
    Number,
    Sub,
    Symbol,
)
from rnnviz.engine.parsing import EquationError, parse_expression

MINUS = "\N{MINUS SIGN}"
GRADIENT = "\N{PARTIAL DIFFERENTIAL}"
"""Before the name of a quantity: the gradient of the loss by it."""
TRANSPOSED = ".T"
"""Behind the name of a matrix."""
_SUM, _PRODUCT, _ATOM = 1, 2, 3
_NEGATIVE = Number(-1.0)
_LOWERED = str.maketrans("0123456789t+" + MINUS, "₀₁₂₃₄₅₆₇₈₉ₜ₊₋")


@dataclass(frozen=True)
class Piece:
    """A piece of a formula that is drawn in one go.

    Attributes
    ----------
    text : str
        A symbol, a number, or what stands between.
    index : str
        A lower index that belongs to the name: the `f` of W_f.
    time : str
        The time step, lowered too: the `t−1` of h_t−1.
    hue : str
        The quantity whose colour it takes, `∂` for a gradient; "" for none.
    kind : str
        "symbol", "number" or "operator".
    """

    text: str
    index: str = ""
    time: str = ""
    hue: str = ""
    kind: str = "operator"

    @property
    def lower(self) -> str:
        """All that is lowered, such as `f` or `t−1`."""
        return ",".join(part for part in (self.index, self.time) if part)

    def __str__(self) -> str:
        index = f"_{self.index}" if self.index else ""
        return f"{self.text}{index}{self.time.translate(_LOWERED)}"


Pieces = tuple[Piece, ...]
Leaf = Callable[[Expression], Piece | None]


def nothing(node: Expression) -> None:
    """No node has a piece of its own."""


def plain(pieces: Iterable[Piece]) -> str:
    """The pieces as one line of text, the time steps in the lowered characters of Unicode."""
    return "".join(map(str, pieces))


@dataclass(frozen=True)
class Notation:
    """How one notation writes names, functions and operators.

    Attributes
    ----------
    name : callable
        How a symbol is written.
    gradient : tuple of str
        What stands before and behind a quantity for the gradient by it.
    sign : str
        The minus sign of -1 times something.
    leaf : callable
        A piece that takes the place of a whole node, or None.
    human : bool
        Whether it is written for people: sums of sums need no brackets, a product with a matrix
        inside a product does, and x · x is a square.
    """

    name: Callable[[str], Piece]
    function: Callable[[str], str] = str
    constant: Callable[[float], str] = str
    product: str = " * "
    times: str = " @ "
    minus: str = " - "
    brackets: tuple[str, str] = ("(", ")")
    square: str = "²"
    transposed: str = "ᵀ"
    gradient: tuple[str, str] = ("∂L/∂", "")
    sign: str = MINUS
    leaf: Leaf = nothing
    human: bool = False
    vector_first: bool = False


Row = tuple[list[Piece], int]


def render(node: Expression, notation: Notation) -> Pieces:
    """The expression in a notation, with only the brackets that it needs."""
    return tuple(_render(node, notation)[0])


def _render(node: Expression, notation: Notation) -> Row:
    leaf = notation.leaf(node)
    if leaf is not None:
        return [leaf], _ATOM
    match node:
        case Symbol(name):
            return _symbol(name, notation)
        case Number(value):
            return [Piece(notation.constant(value), kind="number")], _ATOM
        case Apply(function, argument):
            opening, closing = notation.brackets
            inner = _render(argument, notation)[0]
            head = Piece(notation.function(function) + opening)
            return [head, *inner, Piece(closing)], _ATOM
        case MatMul():
            return _matmul(node, notation)
        case Mul():
            return _mul(node, notation)
        case _:
            return _sum(node, notation)


def _symbol(name: str, notation: Notation) -> Row:
    if name.isidentifier() or not notation.human:
        return [notation.name(name)], _ATOM
    return _compound(name, notation)


def _compound(name: str, notation: Notation) -> Row:
    """A name that says more than a symbol: a gradient, a transposed matrix, an expression."""
    if name.startswith(GRADIENT):
        before, behind = notation.gradient
        inner = _within(Symbol(name.removeprefix(GRADIENT)), notation, _ATOM)
        return [Piece(before, hue=GRADIENT, kind="symbol"), *inner, Piece(behind)], _ATOM
    if name.endswith(TRANSPOSED):
        base = _within(Symbol(name.removesuffix(TRANSPOSED)), notation, _ATOM)
        return [*base, Piece(notation.transposed)], _ATOM
    try:
        return _render(parse_expression(name), notation)
    except EquationError:
        base_name, bracket, place = name.partition("[")
        if bracket and base_name.isidentifier():
            return [notation.name(base_name), Piece(bracket + place)], _ATOM
        return [Piece(name, kind="symbol")], _ATOM


def _matmul(node: MatMul, notation: Notation) -> Row:
    left = _within(node.matrix, notation, _ATOM)
    right = _within(node.vector, notation, _ATOM)
    if notation.vector_first:
        left, right = right, [*left, Piece(".T")]
    return [*left, Piece(notation.times), *right], _PRODUCT


def _mul(node: Mul, notation: Notation) -> Row:
    left, right, human = node.left, node.right, notation.human
    if human and left == _NEGATIVE:
        factor = _guarded(_within(right, notation, _PRODUCT), notation)
        return [Piece(notation.sign), *factor], _PRODUCT
    if human and left == right:
        base = _guarded(_within(left, notation, _ATOM), notation)
        return [*base, Piece(notation.square)], _ATOM
    first = _within(left, notation, _ATOM if human and isinstance(left, MatMul) else _PRODUCT)
    least = _PRODUCT if human and isinstance(right, Mul) and right.left != right.right else _ATOM
    last = _guarded(_within(right, notation, least), notation)
    return [*first, Piece(notation.product), *last], _PRODUCT


def _sum(node: Add | Sub, notation: Notation) -> Row:
    first = _within(node.left, notation, _SUM)
    if isinstance(node, Sub):
        last = _guarded(_within(node.right, notation, _PRODUCT), notation)
        return [*first, Piece(notation.minus), *last], _SUM
    last = _within(node.right, notation, _SUM if notation.human else _PRODUCT)
    if not _is_negative(last, notation):
        return [*first, Piece(" + "), *last], _SUM
    positive = replace(last[0], text=last[0].text.removeprefix(notation.sign))
    rest = [positive, *last[1:]] if positive.text else last[1:]
    return [*first, Piece(notation.minus), *rest], _SUM


def _within(node: Expression, notation: Notation, least: int) -> list[Piece]:
    pieces, level = _render(node, notation)
    return pieces if level >= least else _bracketed(pieces, notation)


def _is_negative(pieces: list[Piece], notation: Notation) -> bool:
    return notation.human and pieces[0].text.startswith(notation.sign)


def _guarded(pieces: list[Piece], notation: Notation) -> list[Piece]:
    """Brackets around what begins with a minus sign, as after an operator: `a · (−0.3)`."""
    return _bracketed(pieces, notation) if _is_negative(pieces, notation) else pieces


def _bracketed(pieces: list[Piece], notation: Notation) -> list[Piece]:
    opening, closing = notation.brackets
    return [Piece(opening), *pieces, Piece(closing)]
