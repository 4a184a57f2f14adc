"""Equations as text become trees, and whatever is not an equation is turned away by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.engine.cell import CellError, define
from rnnviz.engine.expressions import Add, Apply, MatMul, Mul, Number, Sub, Symbol
from rnnviz.engine.parsing import (
    MAX_DEPTH,
    MAX_LENGTH,
    Equation,
    EquationError,
    parse,
    parse_expression,
)
from rnnviz.engine.text import formula

A, B, C = (Symbol(name) for name in "abc")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a", A),
        ("a + b + c", Add(Add(A, B), C)),
        ("a + (b + c)", Add(A, Add(B, C))),
        ("a - b - c", Sub(Sub(A, B), C)),
        ("a + b * c", Add(A, Mul(B, C))),
        ("1 - a", Sub(Number(1.0), A)),
        ("W @ a * b", Mul(MatMul(Symbol("W"), A), B)),
        ("W @ (a * b)", MatMul(Symbol("W"), Mul(A, B))),
        ("sigmoid(tanh(a))", Apply("sigmoid", Apply("tanh", A))),
        ("  relu( a )  ", Apply("relu", A)),
        ("0.5 * a", Mul(Number(0.5), A)),
    ],
)
def test_an_expression(text: str, tree: object) -> None:
    assert parse_expression(text) == tree


def test_equations_one_a_line() -> None:
    text = """
        # the gate
        f = sigmoid(a)   # squashed

        h = f * b
    """
    assert parse(text) == (Equation("f", Apply("sigmoid", A)), Equation("h", Mul(Symbol("f"), B)))


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a / b", r"operators are @, \+, - and \*"),
        ("a ** b", "operators are"),
        ("a % b", "operators are"),
        ("softmax(a)", "'softmax'.*functions are"),
        ("sigmoid(a, b)", "not part of the language"),
        ("sigmoid(a=b)", "not part of the language"),
        ("sigmoid()", "not part of the language"),
        ("sigmoid(*a)", "not part of the language"),
        ("(a + b) @ c", "left side of @"),
        ("W @ U @ a", "left side of @"),
        ("a if b else c", "not part of the language"),
        ("a[0]", "not part of the language"),
        ("a.b", "not part of the language"),
        ("__import__('os')", "__import__"),
        ("(lambda: a)()", "not part of the language"),
        ("[a for a in b]", "not part of the language"),
        ("'text'", "not part of the language"),
        ("True", "not part of the language"),
        ("1j", "not part of the language"),
        ("a < b", "not part of the language"),
        ("a and b", "not part of the language"),
        ("(a := b)", "not part of the language"),
        ("a +", "not an expression"),
        ("", "not an expression"),
        ("a b", "not an expression"),
        ("a; b", "not an expression"),
        ("a\0b", "not (an expression|part of the language)"),
        ("tanh * a", "'tanh'"),
        ("1e999", "too large"),
        ("9" * 400, "too large"),
    ],
)
def test_what_is_not_part_of_the_language(text: str, what: str) -> None:
    with pytest.raises(EquationError, match=what):
        parse_expression(text)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "no line"),
        ("# nothing\n\n", "no line"),
        ("tanh(x)", "expected: name = expression"),
        ("2h = tanh(x)", "expected: name = expression"),
        ("h + 1 = tanh(x)", "expected: name = expression"),
        ("h == tanh(x)", "not an expression"),
        ("h = k = tanh(x)", "not an expression"),
        ("h = " + "x" * MAX_LENGTH, str(MAX_LENGTH)),
    ],
)
def test_what_is_not_an_equation(text: str, what: str) -> None:
    with pytest.raises(EquationError, match=what):
        parse(text)


@pytest.mark.parametrize("deep", ["tanh(" * 100 + "a" + ")" * 100, "a + " * 300 + "a"])
def test_depth_is_bounded(deep: str) -> None:
    with pytest.raises(EquationError, match=f"deeper than {MAX_DEPTH}"):
        parse_expression(deep)


@pytest.mark.parametrize("brackets", [80, 150, 1000])
def test_brackets_do_not_overflow_the_reader(brackets: int) -> None:
    """Python's own reader gives up at some depth: that is an error of ours too."""
    try:
        found = parse_expression("(" * brackets + "a" + ")" * brackets)
    except EquationError:
        return
    assert found == A


@given(st.text(alphabet="ab+-*@() .=#[]'\"1eW\n", max_size=40))
def test_any_text_is_read_or_turned_away(text: str) -> None:
    """No other error comes out, whatever is typed."""
    try:
        found = parse(text)
    except EquationError as error:
        assert str(error)  # noqa: PT017 - either way is right
    else:
        assert all(isinstance(equation, Equation) for equation in found)


@given(st.text(max_size=30))
def test_any_sign_is_read_or_turned_away(text: str) -> None:
    try:
        define("any", "Any", f"h = tanh(W @ x)\n{text}")
    except (EquationError, CellError) as error:
        assert str(error)  # noqa: PT017 - either way is right


@pytest.mark.parametrize(
    ("text", "read"),
    [("-0.5 * a", "-0.5 * a"), ("b - -0.5", "b - -0.5"), ("-(a + b) * c", "-1 * (a + b) * c")],
)
def test_a_minus_sign_in_front(text: str, read: str) -> None:
    assert formula(parse_expression(text)) == read
    assert parse_expression(read) == parse_expression(text)
