"""Formulas as they are typed, printed, set in LaTeX, filled with numbers; cells as PyTorch code."""

import math
import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rnnviz.engine.cell import INPUT, PREVIOUS, Cell, define
from rnnviz.engine.cells import CELLS, find_cell
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
from rnnviz.engine.heads import Softmax
from rnnviz.engine.inputs import Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.parsing import parse_expression
from rnnviz.engine.pytorch_text import pytorch, pytorch_cell, safe_name
from rnnviz.engine.rendering import plain
from rnnviz.engine.text import (
    formula,
    hue,
    latex,
    moment,
    number,
    pieces,
    printed,
    substituted,
)
from tests.engine.support import Values, every_cell, run

LETTERS = st.sampled_from(["a", "f", "h_prev", "c", "W_f", "b_f", "gate", "x"])
CONSTANTS = st.floats(min_value=0.0, allow_infinity=False, allow_nan=False)


def trees(leaves: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Expressions of the whole language, with brackets wherever chance puts them."""

    def grow(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        pair = (inner, inner)
        return st.one_of(
            st.builds(Add, *pair),
            st.builds(Sub, *pair),
            st.builds(Mul, *pair),
            st.builds(Apply, st.sampled_from(FUNCTIONS), inner),
            st.builds(MatMul, st.builds(Symbol, LETTERS), inner),
        )

    return st.recursive(leaves, grow, max_leaves=12)


EXPRESSIONS = trees(st.one_of(st.builds(Symbol, LETTERS), st.builds(Number, CONSTANTS)))


def parameters(cell: Cell) -> frozenset[str]:
    return frozenset(parameter.name for parameter in cell.parameters)


# ------------------------------------------------------------------------------------ typed


@given(EXPRESSIONS)
def test_what_is_typed_is_read_back(node: Expression) -> None:
    assert parse_expression(formula(node)) == node


@pytest.mark.parametrize(
    "text",
    [
        "a + b + c",
        "a + (b + c)",
        "a - (b - c)",
        "a - b - c",
        "a * (b * c)",
        "(a + b) * c",
        "W @ x * c",
        "c * (W @ x)",
        "W @ (U @ x)",
        "W @ (a + b)",
        "sigmoid(a) * tanh(relu(b))",
        "1 - z",
        "0.1 * a",
        "1e-07 * a",
        "123456789.0 * a",
    ],
)
def test_only_the_brackets_that_it_needs(text: str) -> None:
    assert formula(parse_expression(text)) == text


# ---------------------------------------------------------------------------------- printed


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("sigmoid(W_f @ x + U_f @ h_prev + b_f)", "σ(W_f xₜ + U_f hₜ₋₁ + b_f)"),
        ("tanh(W_f @ x)", "tanh(W_f xₜ)"),
        ("f * c_prev + i * g", "fₜ · cₜ₋₁ + iₜ · gₜ"),
        ("(1 - z) * h_prev", "(1 − zₜ) · hₜ₋₁"),
        ("1 - (1 - z)", "1 − (1 − zₜ)"),
        ("U_f @ (r * h_prev)", "U_f (rₜ · hₜ₋₁)"),
        ("r * (U_f @ h_prev)", "rₜ · (U_f hₜ₋₁)"),
        ("(U_f @ h_prev) * r", "(U_f hₜ₋₁) · rₜ"),
        ("a * (b * c)", "aₜ · bₜ · cₜ"),
        ("a + (b + c)", "aₜ + bₜ + cₜ"),
        ("g * g", "gₜ²"),
        ("(a + b) * (a + b)", "(aₜ + bₜ)²"),
        ("a_f + c_new_prev", "a_f + c_newₜ₋₁"),
        ("0.5 * a", "0.5 · aₜ"),
    ],
)
def test_as_people_write_it(text: str, wanted: str) -> None:
    assert printed(parse_expression(text), frozenset(("W_f", "U_f", "b_f"))) == wanted


def test_the_steps_have_numbers() -> None:
    node = parse_expression("f * c_prev")
    assert printed(node, at=moment(2)) == "f₃ · c₂"
    assert printed(node, at=moment(2, reverse=True)) == "f₃ · c₄"
    assert printed(node, at=moment(0)) == "f₁ · c₀"
    assert printed(node, at=moment(119)) == "f₁₂₀ · c₁₁₉"


def test_gradients_and_transposed_matrices() -> None:
    weights = frozenset(("U_f",))
    back = MatMul(Symbol("U_f.T"), Symbol("∂a_f"))
    assert printed(back, weights) == "U_fᵀ ∂L/∂a_f"
    assert latex(back, weights) == r"U_{f}^{\top} \, \frac{\partial L}{\partial a_{f}}"
    assert printed(Symbol("∂f * c_prev")) == "∂L/∂(fₜ · cₜ₋₁)"
    outer = MatMul(Symbol("∂a_n"), Symbol("r * h_prev.T"))
    assert printed(outer) == "∂L/∂a_n (rₜ · hₜ₋₁)ᵀ"
    minus = Mul(Mul(Number(-1.0), Symbol("∂h")), Symbol("n"))
    assert printed(minus) == "−∂L/∂hₜ · nₜ"
    assert printed(Add(Symbol("a"), minus)) == "aₜ − ∂L/∂hₜ · nₜ"
    assert printed(Sub(Symbol("a"), minus)) == "aₜ − (−∂L/∂hₜ · nₜ)"


def test_every_piece_knows_its_colour() -> None:
    row = pieces(parse_expression("f * c_prev + a_o + b"), frozenset("b"))
    assert [piece.hue for piece in row if piece.kind == "symbol"] == ["f", "c", "o", ""]
    assert [str(piece) for piece in row] == ["fₜ", " · ", "cₜ₋₁", " + ", "a_o", " + ", "b"]
    assert (hue("h_prev"), hue("a_f"), hue("c"), hue("c_new")) == ("h", "f", "c", "c_new")


@every_cell
def test_pieces_and_line_agree(cell: Cell) -> None:
    for equation in cell.equations:
        row = pieces(equation.expression, parameters(cell), moment(3))
        assert plain(row) == printed(equation.expression, parameters(cell), moment(3))
        assert all(piece.text for piece in row)


# ------------------------------------------------------------------------------------ LaTeX


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "sigmoid(W_f @ x + U_f @ h_prev + b_f)",
            r"\sigma\left(W_{f} \, x_{t} + U_{f} \, h_{t-1} + b_{f}\right)",
        ),
        ("f * c_prev", r"f_{t} \odot c_{t-1}"),
        ("(1 - z) * n", r"\left(1 - z_{t}\right) \odot n_{t}"),
        ("relu(a_h)", r"\operatorname{relu}\left(a_{h}\right)"),
        ("alpha * gate", r"\alpha_{t} \odot \mathrm{gate}_{t}"),
        ("new_state_prev", r"\mathrm{new}_{\mathrm{state},t-1}"),
        ("1e-05 * a", r"10^{-5} \odot a_{t}"),
        ("2.5e-07 * a", r"2.5 \cdot 10^{-7} \odot a_{t}"),
        ("g * g", r"g_{t}^{2}"),
    ],
)
def test_latex(text: str, wanted: str) -> None:
    assert latex(parse_expression(text), frozenset(("W_f", "U_f", "b_f"))) == wanted


@given(EXPRESSIONS)
def test_latex_is_balanced(node: Expression) -> None:
    text = latex(node)
    assert text.count("{") == text.count("}")
    assert text.count(r"\left(") == text.count(r"\right)")
    assert "_prev" not in text


# ---------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (0.0, "0.00"),
        (-0.0, "0.00"),
        (0.114, "0.11"),
        (-2.706, "−2.71"),
        (0.0095, "0.01"),
        (0.0094, "9e−3"),
        (0.004, "4e−3"),
        (-0.004, "−4e−3"),
        (-1e-300, "−1e−300"),
        (12345.678, "12345.68"),
        (1e5, "1e5"),
        (-2e7, "−2e7"),
        (math.nan, "nan"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
    ],
)
def test_a_number(value: float, wanted: str) -> None:
    assert number(value) == wanted


def test_gradients_have_three_decimals() -> None:
    assert [number(v, 3) for v in (0.036, -0.0004, 0.00094, 0.0, 1.0)] == [
        "0.036",
        "−4e−4",
        "9e−4",
        "0.000",
        "1.000",
    ]


@given(st.floats(), st.integers(0, 6))
def test_a_number_never_says_minus_zero(value: float, digits: int) -> None:
    text = number(value, digits)
    assert "-" not in text
    assert "+" not in text
    if text.startswith("−") and "e" not in text and "∞" not in text:
        assert any(digit in text for digit in "123456789")


@given(st.floats(0.01, 9e4) | st.floats(-9e4, -0.01))
def test_a_number_is_near_its_value(value: float) -> None:
    assert float(number(value).replace("−", "-")) == pytest.approx(value, abs=0.0051)


def fill(text: str, digits: int = 2, **values: float) -> str:
    """The formula with numbers; a product is given by the name of its matrix."""

    def value(node: Expression) -> float:
        match node:
            case MatMul(matrix, _):
                return values[matrix.name]
            case Symbol(name):
                return values[name]
        raise AssertionError(node)

    return substituted(parse_expression(text), value, digits)


def test_a_formula_with_its_numbers() -> None:
    gate = "sigmoid(W @ x + U @ h_prev + b)"
    assert fill(gate, W=-0.34, U=-2.71, b=0.96) == "σ(−0.34 − 2.71 + 0.96)"
    state = "f * c_prev + i * g"
    assert fill(state, f=0.11, c_prev=0.79, i=0.99, g=-0.96) == "0.11 · 0.79 + 0.99 · (−0.96)"
    assert fill(state, f=0.11, c_prev=-1, i=-0.5, g=2) == "0.11 · (−1.00) − 0.50 · 2.00"
    assert fill("o * tanh(c)", o=0.98, c=-0.86) == "0.98 · tanh(−0.86)"
    assert fill("(1 - z) * h_prev", z=0.25, h_prev=-2) == "(1 − 0.25) · (−2.00)"
    assert fill("a - b", a=1, b=-2) == "1.00 − (−2.00)"
    assert fill("a - b * c", a=1, b=-2, c=3) == "1.00 − (−2.00 · 3.00)"
    assert fill("g * g", g=-0.5) == "(−0.50)²"
    assert fill("a + b", a=math.inf, b=math.nan) == "∞ + nan"
    assert fill("a + b", a=1, b=-math.inf) == "1.00 − ∞"
    assert fill("a", 3, a=0.0361) == "0.036"


@given(trees(st.builds(Symbol, st.sampled_from("abc"))))
def test_brackets_and_numbers(node: Expression) -> None:
    """No two operators stand side by side: a negative number behind one is in brackets."""
    text = substituted(node, lambda _: -0.5)
    assert not any(f"{sign} −" in text for sign in "·+−")


# ---------------------------------------------------------------------------------- PyTorch


def fake_torch() -> Any:
    return SimpleNamespace(
        sigmoid=lambda a: 1 / (1 + np.exp(-a)), tanh=np.tanh, relu=lambda a: np.maximum(a, 0)
    )


def function_of(cell: Cell, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The function that the code defines, with NumPy in place of PyTorch."""
    monkeypatch.setitem(sys.modules, "torch", fake_torch())
    space: dict[str, Any] = {}
    exec(pytorch_cell(cell), space)  # noqa: S102 - the code under test
    return space[safe_name(cell.name)]


AWKWARD = define(
    "1 of a kind",
    'A "cell"\\ with awkward names',
    "torch = tanh(W @ x + U @ h_prev)\nk = torch * (torch - b) - (b - torch) + 0.5\nh = k * k",
)


@pytest.mark.parametrize("cell", [*CELLS, AWKWARD], ids=lambda cell: cell.name)
def test_the_pytorch_code_computes_the_same(cell: Cell, monkeypatch: pytest.MonkeyPatch) -> None:
    step = function_of(cell, monkeypatch)
    trace = run(Network(Vectors(2), (Layer(cell, 3),), Softmax(3)), (4, 4))
    part = "layer0/forward"
    states = [np.zeros((2, 3)) for _ in cell.states]
    weights = {safe_name(p.name): trace.weights[f"{part}/{p.name}"] for p in cell.parameters}
    for t in range(4):
        previous = {
            safe_name(state + PREVIOUS): value
            for state, value in zip(cell.states, states, strict=True)
        }
        found = step(**{INPUT: trace["layer0/x"][t]}, **previous, **weights)
        states = [found] if len(cell.states) == 1 else list(found)
        for state, value in zip(cell.states, states, strict=True):
            np.testing.assert_allclose(value, trace[f"{part}/{state}"][t], rtol=1e-12)


def test_the_pytorch_code_of_the_gru() -> None:
    assert pytorch_cell(find_cell("gru")) == (
        "import torch\n\n\n"
        "def gru(x, h_prev, W_z, U_z, b_z, W_r, U_r, b_r, W_n, U_n, b_n):\n"
        '    """One step of the GRU (Cho et al. 2014; Chung et al. 2014)."""\n'
        "    z = torch.sigmoid(x @ W_z.T + h_prev @ U_z.T + b_z)\n"
        "    r = torch.sigmoid(x @ W_r.T + h_prev @ U_r.T + b_r)\n"
        "    n = torch.tanh(x @ W_n.T + (r * h_prev) @ U_n.T + b_n)\n"
        "    h = (1 - z) * h_prev + z * n\n"
        "    return h\n"
    )


@given(trees(st.builds(Symbol, st.sampled_from(["a", "b"]))), st.integers(0, 100))
def test_pytorch_code_has_the_brackets_that_it_needs(node: Expression, seed: int) -> None:
    rng = np.random.default_rng(seed)
    space: dict[str, Any] = {name: rng.normal(size=(2, 2)) for name in ("W_f", "a", "b")}
    space |= {name: rng.normal(size=(2, 2)) for name in ("f", "h_prev", "c", "b_f", "gate", "x")}
    code = pytorch(node)
    with np.errstate(all="ignore"):
        found = eval(code, {"torch": fake_torch()}, space)  # noqa: S307 - the code under test
        wanted = rows(node, space)
    assume(np.isfinite(wanted).all())
    np.testing.assert_allclose(found, wanted, rtol=1e-9)


def rows(node: Expression, space: dict[str, Values]) -> Values:
    """The value of a tree for a batch of rows, by definition."""
    match node:
        case Symbol(name):
            return space[name]
        case Number(value):
            return np.asarray(value)
        case MatMul(matrix, vector):
            return np.asarray(rows(vector, space) @ space[matrix.name].T)
        case Apply(function, argument):
            return np.asarray(getattr(fake_torch(), function)(rows(argument, space)))
        case Add(left, right):
            return np.asarray(rows(left, space) + rows(right, space))
        case Sub(left, right):
            return np.asarray(rows(left, space) - rows(right, space))
        case Mul(left, right):
            return np.asarray(rows(left, space) * rows(right, space))


def test_names_that_python_does_not_take() -> None:
    assert [safe_name(n) for n in ("h", "lambda", "torch", "gru-2", "2d", "")] == [
        "h",
        "lambda_",
        "torch_",
        "gru_2",
        "cell_2d",
        "cell_",
    ]
