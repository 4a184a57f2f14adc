"""Reads equations written as text, such as `f = sigmoid(W_f @ x + U_f @ h_prev + b_f)`.

Python's own parser makes the tree; only the few node kinds of the language are let through, and
nothing is ever evaluated.
"""

from __future__ import annotations

import ast
import keyword
import math
import re
import unicodedata
from dataclasses import dataclass

from rnnviz.engine.errors import EngineError
from rnnviz.engine.expressions import (
    FUNCTIONS,
    Add,
    Apply,
    Expression,
    MatMul,
    Mul,
    Number,
    Sub,
    Symbol,
)

MAX_DEPTH = 64
MAX_LENGTH = 4096
LANGUAGE = "symbols, numbers, @, +, -, *, " + ", ".join(FUNCTIONS)

_NUMBER = r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?!\w)"
_TOKEN = re.compile(rf"{_NUMBER}|[^\W\d]\w*|[-+*@/%()\[\]{{}},:;=<>!&|^~\s]")
"""What is let through to Python's parser, which would warn of some of the rest."""


class EquationError(EngineError):
    """Text that is not an equation of the language."""


@dataclass(frozen=True)
class Equation:
    """One line of a cell: the quantity on the left is the expression on the right."""

    name: str
    expression: Expression


def parse(text: str) -> tuple[Equation, ...]:
    """The equations in `text`, one a line; empty lines and `#` comments are passed over.

    Raises
    ------
    EquationError
        Names the line and what in it does not belong to the language.
    """
    if not isinstance(text, str):
        raise EquationError(f"equations: {type(text).__name__} came, expected text")
    if len(text) > MAX_LENGTH:
        raise EquationError(f"equations: {len(text)} characters came, at most {MAX_LENGTH} fit")
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    found = tuple(_equation(line) for line in lines if line)
    if not found:
        raise EquationError("equations: no line came, expected at least one such as 'h = tanh(x)'")
    return found


def parse_expression(text: str) -> Expression:
    """The expression that `text` writes."""
    _check_tokens(text)
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise EquationError(f"{text!r} is not an expression: {error}") from None
    return _convert(tree.body, text)


def _equation(line: str) -> Equation:
    left, sign, right = line.partition("=")
    name = symbol_name(left)
    if not sign or not name.isidentifier() or keyword.iskeyword(name) or name in FUNCTIONS:
        raise EquationError(f"{line!r} is not an equation; expected: name = expression")
    return Equation(name, parse_expression(right))


def symbol_name(text: str) -> str:
    """A name as Python's parser gives it back: the micro sign, for instance, becomes a Greek mu."""
    return unicodedata.normalize("NFKC", text.strip())


def _check_tokens(text: str) -> None:
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise _foreign(text[position : position + 20], text)
        position = token.end()


def _foreign(part: str, text: str) -> EquationError:
    return EquationError(f"{part!r} in {text!r} is not part of the language: {LANGUAGE}")


_SIGNS: dict[type[ast.operator], type[Add | Sub | Mul]] = {
    ast.Add: Add,
    ast.Sub: Sub,
    ast.Mult: Mul,
}


def _convert(node: ast.expr, text: str, depth: int = 0) -> Expression:
    if depth > MAX_DEPTH:
        raise EquationError(f"{text[:40]!r}... is nested deeper than {MAX_DEPTH} levels")
    match node:
        case ast.Name(id=name) if name not in FUNCTIONS:
            return Symbol(name)
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return _number(value, text)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _convert(operand, text, depth + 1)
            return Number(-inner.value) if isinstance(inner, Number) else Mul(Number(-1.0), inner)
        case ast.BinOp():
            return _binary(node, text, depth)
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]):
            if name not in FUNCTIONS:
                raise EquationError(f"{name!r} in {text!r}: the functions are {FUNCTIONS}")
            return Apply(name, _convert(argument, text, depth + 1))
        case _:
            raise _foreign(ast.unparse(node), text)


def _number(value: float, text: str) -> Number:
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise EquationError(f"a number in {text[:40]!r} is too large")
    return Number(number)


def _binary(node: ast.BinOp, text: str, depth: int) -> Expression:
    left = _convert(node.left, text, depth + 1)
    right = _convert(node.right, text, depth + 1)
    if isinstance(node.op, ast.MatMult):
        if not isinstance(left, Symbol):
            raise EquationError(f"{ast.unparse(node)!r}: the left side of @ must be one matrix")
        return MatMul(left, right)
    kind = _SIGNS.get(type(node.op))
    if kind is None:
        raise EquationError(f"{ast.unparse(node)!r} in {text!r}: the operators are @, +, - and *")
    return kind(left, right)
