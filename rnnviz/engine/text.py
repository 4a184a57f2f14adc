"""Expressions as text: the formula as it is typed, as it is printed, in LaTeX and in PyTorch.

Text and number come from the same tree: `formula` writes the names, `substituted` writes the numbers
in their places.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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

MINUS = "\N{MINUS SIGN}"
GREEK = {"sigmoid": "\N{GREEK SMALL LETTER SIGMA}"}
_SUM, _PRODUCT, _ATOM = 1, 2, 3


@dataclass(frozen=True)
class Style:
    """How one notation writes names, functions and operators."""

    name: Callable[[str], str]
    function: Callable[[str], str] = str
    product: str = " * "
    times: str = " @ "
    minus: str = " - "
    brackets: tuple[str, str] = ("(", ")")
    vector_first: bool = False


def render(node: Expression, style: Style) -> str:
    """The expression in the notation `style`, with only the brackets that it needs."""
    return _render(node, style)[0]


def _render(node: Expression, style: Style) -> tuple[str, int]:
    match node:
        case Symbol(name):
            return style.name(name), _ATOM
        case Number(value):
            return f"{value:g}", _ATOM
        case Apply(function, argument):
            opening, closing = style.brackets
            inner = render(argument, style)
            return f"{style.function(function)}{opening}{inner}{closing}", _ATOM
        case MatMul(matrix, vector):
            left, right = render(matrix, style), _within(vector, style, _ATOM)
            if style.vector_first:
                left, right = right, f"{left}.T"
            return f"{left}{style.times}{right}", _PRODUCT
        case Mul(left_node, right_node):
            left = _within(left_node, style, _PRODUCT)
            return f"{left}{style.product}{_within(right_node, style, _ATOM)}", _PRODUCT
        case Add(left_node, right_node):
            left = _within(left_node, style, _SUM)
            return f"{left} + {_within(right_node, style, _SUM)}", _SUM
        case Sub(left_node, right_node):
            left = _within(left_node, style, _SUM)
            return f"{left}{style.minus}{_within(right_node, style, _PRODUCT)}", _SUM


def _within(node: Expression, style: Style, least: int) -> str:
    text, level = _render(node, style)
    opening, closing = style.brackets
    return text if level >= least else f"{opening}{text}{closing}"


_TYPED = Style(str)


def formula(node: Expression) -> str:
    """The expression as it is typed, such as `f * c_prev + i * g`; `parsing` reads it back."""
    return render(node, _TYPED)


def _subscript(name: str, given: str = "t", before: str = "t-1") -> tuple[str, str]:
    """The letter and the subscript of a symbol: `h_prev` -> (h, t-1), `W_f` -> (W, f)."""
    if name.endswith("_prev"):
        return name.removesuffix("_prev"), before
    letter, _, index = name.partition("_")
    return letter, index if index else given


def _printed_name(parameters: frozenset[str]) -> Callable[[str], str]:
    def name(symbol: str) -> str:
        letter, index = _subscript(symbol)
        if symbol in parameters:
            return symbol if "_" in symbol else letter
        if symbol.startswith("a_"):
            return f"{symbol},t"
        return f"{letter}_{index.replace('-', MINUS)}"

    return name


def printed(node: Expression, parameters: frozenset[str] = frozenset()) -> str:
    """The expression as people write it on one line: `σ(W_f x_t + U_f h_t−1 + b_f)`."""
    style = Style(
        _printed_name(parameters),
        lambda f: GREEK.get(f, f),
        product=" \N{MIDDLE DOT} ",
        times=" ",
        minus=f" {MINUS} ",
    )
    return render(node, style)


def latex(node: Expression, parameters: frozenset[str] = frozenset()) -> str:
    r"""The expression in LaTeX: `\sigma\left(W_{f} x_{t} + U_{f} h_{t-1} + b_{f}\right)`."""

    def name(symbol: str) -> str:
        letter, index = _subscript(symbol)
        if symbol in parameters:
            return f"{letter}_{{{index}}}" if "_" in symbol else letter
        if symbol.startswith("a_"):
            return f"a_{{{symbol[2:]},t}}"
        return f"{letter}_{{{index}}}"

    functions = {"sigmoid": r"\sigma", "tanh": r"\tanh", "relu": r"\operatorname{relu}"}
    style = Style(
        name,
        lambda f: functions.get(f, f),
        product=r" \odot ",
        times=r" \, ",
        brackets=(r"\left(", r"\right)"),
    )
    return render(node, style)


def pytorch(node: Expression, prefix: str = "") -> str:
    """The expression as PyTorch code for batches of rows: `torch.sigmoid(x @ W_f.T + b_f)`."""
    style = Style(lambda s: prefix + s, lambda f: f"torch.{f}", vector_first=True)
    return render(node, style)


def number(value: float, digits: int = 2) -> str:
    """A value as it is shown: two decimals, `4e−3` below 0.0095, and words for nan and overflow."""
    if value != value:  # noqa: PLR0124 - the definition of nan
        return "nan"
    if value in (float("inf"), float("-inf")):
        return "\N{INFINITY}" if value > 0 else f"{MINUS}\N{INFINITY}"
    size = abs(value)
    if size and (size < 0.95 * 10.0**-digits or size >= 1e5):
        mantissa, _, exponent = f"{value:.0e}".partition("e")
        return f"{mantissa}e{int(exponent)}".replace("-", MINUS)
    return f"{value:.{digits}f}".replace("-", MINUS)


def substituted(
    node: Expression, value: Callable[[Expression], float], digits: int = 2
) -> str:
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
    match node:
        case Apply(function, argument):
            return f"{GREEK.get(function, function)}({substituted(argument, value, digits)})"
        case Add(left, right):
            return _joined(substituted(left, value, digits), substituted(right, value, digits))
        case Sub(left, right):
            last = _bracketed(right, substituted(right, value, digits))
            return f"{substituted(left, value, digits)} {MINUS} {last}"
        case Mul(left, right):
            first = _bracketed(left, substituted(left, value, digits), first=True)
            return f"{first} \N{MIDDLE DOT} {_bracketed(right, substituted(right, value, digits))}"
        case Number(constant):
            return f"{constant:g}"
        case _:
            return number(value(node), digits)


def _joined(left: str, right: str) -> str:
    if right.startswith(MINUS):
        return f"{left} {MINUS} {right.removeprefix(MINUS)}"
    return f"{left} + {right}"


def _bracketed(node: Expression, text: str, first: bool = False) -> str:
    needs = isinstance(node, (Add, Sub)) or (text.startswith(MINUS) and not first)
    return f"({text})" if needs else text
