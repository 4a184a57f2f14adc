"""Expressions as text: the formula as it is typed, as it is printed, in LaTeX, with its numbers.

Text and number come from the same tree: `formula` writes the names, `substituted` the numbers in
their places.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from rnnviz.engine.expressions import Expression, MatMul, Number, Symbol, symbols
from rnnviz.engine.rendering import (
    GRADIENT,
    MINUS,
    Leaf,
    Notation,
    Piece,
    Pieces,
    nothing,
    plain,
    render,
)

PREVIOUS = "_prev"
NO_NAMES: frozenset[str] = frozenset()
PRINTED_FUNCTIONS = {"sigmoid": "\N{GREEK SMALL LETTER SIGMA}"}
LATEX_FUNCTIONS = {"sigmoid": r"\sigma", "tanh": r"\tanh", "log": r"\log"}
ALPHABET = """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau
    upsilon phi chi psi omega
"""


def exact(value: float) -> str:
    """A constant with every digit that it needs: `1`, `0.5`, `1e-07`."""
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


_TYPED = Notation(Piece, constant=exact)


def formula(node: Expression) -> str:
    """The expression as it is typed, such as `f * c_prev + i * g`; `parsing` reads it back."""
    return plain(render(node, _TYPED))


@dataclass(frozen=True)
class Moment:
    """How the present step and the one before it are called in a formula."""

    now: str = "t"
    before: str = f"t{MINUS}1"


GENERAL = Moment()


def moment(step: int, reverse: bool = False) -> Moment:
    """The names of a step (from 0) and of the one read before it: steps are shown from 1.

    A layer that reads from the end has read step t + 1 before step t.
    """
    return Moment(str(step + 1), str(step + 2 if reverse else step))


def split_name(name: str) -> tuple[str, str, bool]:
    """Letter, index, and whether it is of the step before: `h_prev` -> (h, "", True)."""
    present = name.removesuffix(PREVIOUS)
    letter, _, index = present.partition("_")
    return (letter, index, present != name) if letter else (name, "", False)


def hue(name: str) -> str:
    """The quantity whose colour a symbol takes: h_prev that of h, the sum a_f that of f."""
    first = re.match(r"\w*", name)
    word = first[0] if first else ""
    letter, index, _ = split_name(word)
    return index if letter == "a" and index else word.removesuffix(PREVIOUS)


def _named(name: str, parameters: frozenset[str], at: Moment) -> Piece:
    """A symbol as it is drawn: h_prev is h at t−1, W_f is W with the index f and no time.

    A quantity with an index of its own, such as a_f, is written without its time.
    """
    letter, index, before = split_name(name)
    if name in parameters:
        return Piece(letter, index, kind="symbol")
    time = at.before if before else "" if index else at.now
    return Piece(letter, index, time, hue(name), "symbol")


def _short(value: float) -> str:
    return f"{value:g}".replace("-", MINUS)


def pieces(
    node: Expression,
    parameters: frozenset[str] = NO_NAMES,
    at: Moment = GENERAL,
    leaf: Leaf = nothing,
) -> Pieces:
    """The expression in the pieces that are drawn.

    Parameters
    ----------
    node : Expression
        What is written.
    parameters : frozenset of str
        The symbols that are the same at every step.
    at : Moment
        The names of the steps.
    leaf : callable
        Gives the piece that takes the place of a node, such as its number, or None.
    """
    style = Notation(
        lambda name: _named(name, parameters, at),
        lambda function: PRINTED_FUNCTIONS.get(function, function),
        constant=_short,
        product=" \N{MIDDLE DOT} ",
        times=" ",
        minus=f" {MINUS} ",
        leaf=leaf,
        human=True,
    )
    return render(node, style)


@lru_cache(maxsize=2048)
def printed(node: Expression, parameters: frozenset[str] = NO_NAMES, at: Moment = GENERAL) -> str:
    """The expression as people write it on one line: `σ(W_f xₜ + U_f hₜ₋₁ + b_f)`."""
    return plain(pieces(node, parameters, at))


def latex(node: Expression, parameters: frozenset[str] = NO_NAMES, at: Moment = GENERAL) -> str:
    r"""The expression in LaTeX: `\sigma\left(W_{f} \, x_{t} + U_{f} \, h_{t-1} + b_{f}\right)`."""
    style = Notation(
        lambda name: Piece(_latex_name(_named(name, parameters, at))),
        lambda function: LATEX_FUNCTIONS.get(function, rf"\operatorname{{{function}}}"),
        constant=_latex_number,
        product=r" \odot ",
        times=r" \, ",
        brackets=(r"\left(", r"\right)"),
        square="^{2}",
        transposed=r"^{\top}",
        gradient=(r"\frac{\partial L}{\partial ", "}"),
        sign="-",
        human=True,
    )
    return plain(render(node, style))


def _latex_name(piece: Piece) -> str:
    lower = ",".join(part for part in (_latex_word(piece.index), piece.time) if part)
    word = _latex_word(piece.text)
    return f"{word}_{{{lower.replace(MINUS, '-')}}}" if lower else word


def _latex_word(word: str) -> str:
    if word in ALPHABET.split():
        return f"\\{word}"
    return word if len(word) < 2 else rf"\mathrm{{{word}}}".replace("_", r"\_")


def _latex_number(value: float) -> str:
    mantissa, e, exponent = exact(value).partition("e")
    if not e:
        return mantissa
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa} \cdot {power}"


def number(value: float, digits: int = 2) -> str:
    """A value as it is shown: two decimals, `4e−3` below 0.0095, and words for nan and overflow.

    Parameters
    ----------
    value : float
        Any number.
    digits : int
        Decimals, at least 0; gradients on wires have three.
    """
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "\N{INFINITY}" if value > 0 else f"{MINUS}\N{INFINITY}"
    size = abs(value)
    if size == 0.0:
        return f"{0.0:.{digits}f}"
    if size < 0.95 * 10.0**-digits or size >= 1e5:
        mantissa, _, exponent = f"{value:.0e}".partition("e")
        return f"{mantissa}e{int(exponent)}".replace("-", MINUS)
    return f"{value:.{digits}f}".replace("-", MINUS)


Value = Callable[[Expression], float | None]


def numbers(
    node: Expression, value: Value, digits: int = 2, parameters: frozenset[str] = NO_NAMES
) -> Pieces:
    """The formula of one unit with the numbers in it, each in the colour of what it is.

    Parameters
    ----------
    node : Expression
        The right side of an equation.
    value : callable
        The number of a node for the unit that is shown, or None where the parts of the node are
        to be shown. It has to know every symbol and every whole product `W @ x`.
    digits : int
        Decimals.
    parameters : frozenset of str
        The weights: their numbers have no colour.
    """

    def leaf(part: Expression) -> Piece | None:
        known = None if isinstance(part, Number) else value(part)
        if known is None:
            return None
        of_weight = isinstance(part, Symbol) and part.name in parameters
        colour = "" if of_weight else hue_of(part)
        return Piece(number(known, digits), hue=colour, kind="number")

    return pieces(node, leaf=leaf)


def hue_of(node: Expression) -> str:
    """A product W @ x has the colour of x; a gradient that of all gradients; a weight has none."""
    match node:
        case MatMul(_, vector):
            return hue_of(vector)
        case Symbol(name):
            return GRADIENT if name.startswith(GRADIENT) else hue(name)
        case _:
            return next((hue(name) for name in symbols(node)), "")


def substituted(node: Expression, value: Callable[[Expression], float], digits: int = 2) -> str:
    """The formula of one unit with the numbers in it: `σ(−0.34 − 2.71 + 0.96)`.

    Parameters
    ----------
    node : Expression
        The right side of an equation.
    value : callable
        The number of a symbol or of a whole product `W @ x` for the unit that is shown.
    digits : int
        Decimals.
    """

    def known(part: Expression) -> float | None:
        return value(part) if isinstance(part, Symbol | MatMul) else None

    return plain(numbers(node, known, digits))
