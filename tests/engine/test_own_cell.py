"""A cell is its equations: one written here gets everything else with nothing else written."""

import warnings

import numpy as np
import pytest

from rnnviz.engine.cell import Cell, CellError, define
from rnnviz.engine.definitions import definitions
from rnnviz.engine.errors import EngineError
from rnnviz.engine.expressions import Add, Apply, Expression, MatMul, Mul, Number, Sub, Symbol
from rnnviz.engine.gradients import backward
from rnnviz.engine.heads import CRF, Softmax
from rnnviz.engine.holds import Hold
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.jacobians import step_jacobian
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.parsing import EquationError, parse_expression
from rnnviz.engine.text import formula
from tests.engine.support import (
    Values,
    assert_initial_states_agree,
    assert_values_agree,
    assert_weights_agree,
    batch_of,
    quantities,
    random_weights,
    run,
)

MINIMAL = define(
    "mgu",
    "Minimal gated unit",
    """
    f = sigmoid(W_f @ x + U_f @ h_prev + b_f)
    n = tanh(W_n @ x + U_n @ (f * h_prev) + b_n)
    h = (1 - f) * h_prev + f * n
    """,
    reference="Zhou et al. 2016",
)


def test_values_are_those_of_the_equations() -> None:
    trace = run(Network(Vectors(2), (Layer(MINIMAL, 3),), Softmax(3)), (5,))
    part = "layer0/forward"
    w = {path.rpartition("/")[2]: array for path, array in trace.weights.items()}
    h = np.zeros(3)
    for t in range(5):
        x = trace.batch.inputs[t, 0]
        f = 1 / (1 + np.exp(-(w["W_f"] @ x + w["U_f"] @ h + w["b_f"])))
        n = np.tanh(w["W_n"] @ x + w["U_n"] @ (f * h) + w["b_n"])
        h = (1 - f) * h + f * n
        for name, value in (("f", f), ("n", n), ("h", h)):
            np.testing.assert_allclose(trace[f"{part}/{name}"][t, 0], value, rtol=1e-12)
    np.testing.assert_allclose(
        trace[f"{part}/(1 - f) * h_prev"],
        (1 - trace[f"{part}/f"]) * trace[f"{part}/h_prev"],
        rtol=1e-14,
    )


def test_text() -> None:
    lines = [f"{e.name} = {formula(e.expression)}" for e in MINIMAL.equations]
    assert lines == [
        "f = sigmoid(W_f @ x + U_f @ h_prev + b_f)",
        "n = tanh(W_n @ x + U_n @ (f * h_prev) + b_n)",
        "h = (1 - f) * h_prev + f * n",
    ]
    assert [parse_expression(formula(e.expression)) for e in MINIMAL.equations] == [
        e.expression for e in MINIMAL.equations
    ]


def test_training_goes_down() -> None:
    network = Network(Tokens(4, 3), (Layer(MINIMAL, 4),), Softmax(2), "many-to-one")
    weights, batch = random_weights(network), batch_of(network, (5, 5, 3, 4))
    losses = []
    for _ in range(60):
        trace = network.forward(weights, batch)
        losses.append(trace.loss())
        gradients = backward(trace)
        step = weights.vector - 0.5 * gradients.weights.vector
        weights = type(weights)(network.layout, step)
    assert losses[-1] < 0.2 * losses[0]


ODD: dict[str, tuple[str, tuple[str, ...]]] = {
    "two states, the second first": (
        """
        s = sigmoid(W_s @ x + U_s @ h_prev + b_s) * s_prev + relu(V_s @ h_prev + 0.3)
        h = tanh(W_h @ x + U_h @ s + b_h)
        """,
        ("h", "s"),
    ),
    "three states": (
        """
        a = tanh(W_a @ x + U_a @ c_prev + b_a)
        b = tanh(W_b @ x + U_b @ a_prev + b_b) * c_prev
        c = 0.5 * c_prev + a * b_prev + b
        """,
        ("c", "a", "b"),
    ),
    "the product of a current state": (
        """
        c = tanh(W_c @ x + U_c @ h_prev + b_c) + c_prev
        h = sigmoid(W_h @ x + U_h @ c + b_h) * tanh(c)
        """,
        ("h", "c"),
    ),
    "a gate that enters a product": (
        """
        g = sigmoid(W_g @ x + U_g @ h_prev + b_g)
        h = tanh(U @ g + b) + g * h_prev
        """,
        ("h",),
    ),
    "a sum that enters a product": (
        """
        m = W @ x + U @ h_prev
        h = tanh(V @ m + b) + 0.5 * m
        """,
        ("h",),
    ),
    "a product of a product": ("h = tanh(W @ x + A @ (B @ h_prev) + b)", ("h",)),
    "a matrix used twice": (
        """
        f = sigmoid(W @ x + U @ h_prev + b_f)
        g = tanh(W @ x + U @ h_prev + b_g)
        h = f * h_prev + (1 - f) * g
        """,
        ("h",),
    ),
    "a whole sum used twice": (
        """
        m = W @ x + b
        f = sigmoid(W @ x + b)
        h = f * h_prev + (1 - f) * tanh(m + U @ h_prev)
        """,
        ("h",),
    ),
    "no recurrence in one gate": (
        """
        f = sigmoid(W_f @ x + b_f)
        g = tanh(W_g @ x + U_g @ h_prev + b_g)
        h = f * g
        """,
        ("h",),
    ),
    "no recurrence at all": ("h = tanh(W @ x + b)", ("h",)),
    "no input": ("h = tanh(U @ h_prev + b)", ("h",)),
    "no matrix": ("h = tanh(w * h_prev + b) + 0.1", ("h",)),
    "no parameter": ("h = 0.5 * h_prev + 1", ("h",)),
    "a vector used twice": (
        """
        f = sigmoid(W_f @ x + U_f @ h_prev + p)
        g = tanh(W_g @ x + U_g @ h_prev + p * h_prev)
        h = f * h_prev + (p - f) * g
        """,
        ("h",),
    ),
    "one bias for two gates": (
        """
        f = sigmoid(W_f @ x + b)
        g = tanh(W_g @ x + U_g @ h_prev + b)
        h = f * h_prev + g
        """,
        ("h",),
    ),
    "two biases in one sum": ("h = tanh(W @ x + b + U @ h_prev + d)", ("h",)),
    "no squashing": ("h = 0.3 * h_prev + W @ x + w * h_prev + b", ("h",)),
    "a square": ("h = 0.1 * h_prev * h_prev + tanh(W @ x + b)", ("h",)),
    "a linear state": ("h = W @ x + U @ h_prev + b", ("h",)),
    "a product alone as a state": ("h = U @ h_prev + W @ x", ("h",)),
    "two sums as states": (
        """
        s = W_s @ x + U_s @ h_prev
        h = tanh(W_h @ x + U_h @ s + p * s_prev) + s
        """,
        ("s", "h"),
    ),
    "a squashed vector enters a product": (
        """
        c = c_prev + W @ x + b
        h = sigmoid(V @ tanh(c) + U @ tanh(c_prev)) * tanh(c)
        """,
        ("h", "c"),
    ),
    "a vector of two matrices": ("h = tanh(W @ x + V @ x + A @ h_prev + B @ h_prev)", ("h",)),
    "differences": ("h = tanh(W @ x - U @ h_prev - b) - (h_prev - b) * 0.5", ("h",)),
    "minus signs": ("h = -tanh(-(W @ x) - U @ h_prev) - -b * h_prev - -(U @ h_prev)", ("h",)),
    "squashed again": ("h = tanh(sigmoid(W @ x + U @ h_prev) + relu(w * h_prev + 0.2))", ("h",)),
    "a sum squashed twice": (
        """
        a = W @ x + U @ h_prev + b
        h = sigmoid(a) * tanh(a) + 0.1 * a
        """,
        ("h",),
    ),
    "numbers that print alike": (
        """
        h = tanh(W @ x) + tanh(0.123456781 * h_prev) + tanh(0.123456789 * h_prev) * h_prev
        """,
        ("h",),
    ),
    "a product with a number": ("h = tanh(W @ x + U @ 1 + V @ (h_prev - 0.5))", ("h",)),
    "constants": ("k = 1\nh = tanh(W @ x + U @ h_prev + k) + k", ("h",)),
    "seven sums": (
        "\n".join(f"g{k} = sigmoid(W{k} @ x + U{k} @ h_prev + b{k})" for k in range(7))
        + "\nh = g0 * g1 + g2 * g3 * h_prev + g4 * tanh(g5) - g6",
        ("h",),
    ),
    "names of the pre-activations": (
        """
        g = tanh(W @ x + U @ h_prev + b)
        a_g = 0.5 * g
        h = a_g * a_h + g
        """,
        ("h",),
    ),
    "names that the code uses itself": (
        """
        sums = W @ x + U @ h_prev + b
        gates = sigmoid(sums)
        slopes = tanh(V @ h_prev)
        product = 0.5 * slopes
        value = tanh(Z @ product)
        number = value * where
        coefficients = number + gates
        scratch = tanh(coefficients)
        matrix = scratch * h_prev
        transposed = matrix + x_0
        free = transposed * 0.5
        steps = free + v0
        h = steps * multiply + tanh(vectors)
        """,
        ("h",),
    ),
    "other alphabets": (
        "\N{MICRO SIGN} = sigmoid(W @ x + U @ \N{GREEK SMALL LETTER ETA}_prev)\n"
        "\N{GREEK SMALL LETTER ETA} = \N{GREEK SMALL LETTER MU} * \N{GREEK SMALL LETTER ETA}_prev"
        " + (1 - \N{MICRO SIGN}) * b",
        ("\N{GREEK SMALL LETTER ETA}",),
    ),
}


def odd(name: str) -> Cell:
    text, states = ODD[name]
    return define(name.replace(" ", "_"), name, text, states)


def by_hand(node: Expression, known: dict[str, Values]) -> Values:
    match node:
        case Symbol(name):
            return known[name]
        case Number(value):
            return np.array(value)
        case MatMul(matrix, vector):
            operand = by_hand(vector, known)
            weight = known[matrix.name]
            return np.asarray(weight @ np.broadcast_to(operand, weight.shape[1:]))
        case Add(left, right):
            return by_hand(left, known) + by_hand(right, known)
        case Sub(left, right):
            return by_hand(left, known) - by_hand(right, known)
        case Mul(left, right):
            return by_hand(left, known) * by_hand(right, known)
        case Apply(function, argument):
            a = by_hand(argument, known)
            found = {"sigmoid": 1 / (1 + np.exp(-a)), "tanh": np.tanh(a), "relu": a * (a > 0)}
            return np.asarray(found[function])


@pytest.mark.parametrize("name", ODD)
def test_every_value_is_that_of_the_equations(name: str) -> None:
    cell = odd(name)
    network = Network(Vectors(2), (Layer(cell, 2, "both"),), None)
    weights, batch = random_weights(network), batch_of(network, (4, 3))
    for _ in range(2):
        trace = network.forward(weights, batch)  # the second time in the memory of the first
        for direction, row in (("forward", 0), ("backward", 1)):
            part, length = f"layer0/{direction}", (4, 3)[row]
            known = {p.name: weights[f"{part}/{p.name}"] for p in cell.parameters}
            known |= {state: np.zeros(2) for state in cell.states}
            for step in sorted(range(length), reverse=direction == "backward"):
                known |= {f"{state}_prev": known[state] for state in cell.states}
                known["x"] = batch.inputs[step, row]
                for equation in cell.equations:
                    known[equation.name] = by_hand(equation.expression, known)
                    np.testing.assert_allclose(
                        trace[f"{part}/{equation.name}"][step, row],
                        known[equation.name] * np.ones(2),
                        rtol=1e-11,
                        atol=1e-14,
                    )
                for state in cell.states:
                    previous = trace[f"{part}/{state}_prev"][step, row]
                    np.testing.assert_allclose(previous, known[f"{state}_prev"], rtol=1e-11)
        out = trace["layer0/output"]
        np.testing.assert_array_equal(out[..., :2], trace[f"layer0/forward/{cell.states[0]}"])
        del trace


@pytest.mark.parametrize("name", ODD)
def test_gradients_of_odd_cells(name: str) -> None:
    cell = odd(name)
    layers = (Layer(cell, 2), Layer(cell, 2, "both"))
    trace = run(Network(Vectors(2), layers, Softmax(2)), (3, 4))
    gradients = backward(trace)
    assert_weights_agree(trace, gradients)
    assert_initial_states_agree(trace, gradients)
    assert_values_agree(trace, gradients, quantities(trace))
    for path in trace.weights:
        total = gradients.share(path).sum(axis=0)
        np.testing.assert_allclose(total, gradients.weights[path], rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize("name", ODD)
def test_odd_cells_with_everything_held_somewhere(name: str) -> None:
    cell = odd(name)
    network = Network(Vectors(2), (Layer(cell, 2), Layer(cell, 2)), Softmax(2))
    holds = [
        Hold(f"layer0/forward/{quantity}", number % 3, 0.4, unit=number % 2 if number % 3 else None)
        for number, quantity in enumerate(definitions(cell))
    ]
    trace = network.forward(random_weights(network), batch_of(network, (3, 4)), holds)
    gradients = backward(trace)
    assert_weights_agree(trace, gradients)
    assert_values_agree(trace, gradients, [p for p in quantities(trace) if p.startswith("layer0")])


@pytest.mark.parametrize("name", ODD)
def test_odd_cells_without_shared_weights(name: str) -> None:
    layer = Layer(odd(name), 2, "both", unshared=3)
    network = Network(Vectors(2), (layer,), CRF(2))
    trace = run(network, (3, 3))
    assert_weights_agree(trace, backward(trace))
    for part in ("layer0/forward", "layer0/backward"):
        assert np.isfinite(step_jacobian(trace, part, 1, row=1).matrix).all()


@pytest.mark.parametrize("name", ODD)
def test_the_count_of_parameters_is_that_of_the_weights(name: str) -> None:
    cell = odd(name)
    network = Network(Vectors(5), (Layer(cell, 3),), None)
    weights = random_weights(network)
    assert sum(array.size for array in weights.values()) == network.parameter_count
    assert cell.parameter_count(5, 3) == network.parameter_count
    assert {path.rpartition("/")[2] for path in weights} == {p.name for p in cell.parameters}


@pytest.mark.parametrize("name", ODD)
def test_kernel_and_tree_agree(name: str) -> None:
    """Each equation, computed from the stored values of its symbols, gives the stored value."""
    cell = odd(name)
    trace = run(Network(Vectors(2), (Layer(cell, 2, "both"),), Softmax(2)), (3, 3))
    for direction in ("forward", "backward"):
        for equation in cell.equations:
            part = f"layer0/{direction}"
            tree = trace[f"{part}/{formula(equation.expression)}"]
            np.testing.assert_allclose(
                tree, trace[f"{part}/{equation.name}"], rtol=1e-12, atol=1e-14
            )


def test_the_numbers_of_a_formula_are_exact() -> None:
    for text in ("0.1234567890123 * h", "1e-17 + h", "123456789 * h", "h - 0.5", "1 - h"):
        node = parse_expression(text)
        assert parse_expression(formula(node)) == node
    assert formula(parse_expression("1.0 - h")) == "1 - h"


@pytest.mark.parametrize(
    ("text", "states", "words"),
    [
        ("h = tanh(W @ x", ("h",), "not an expression"),
        ("h = W / x", ("h",), "operators"),
        ("h = exp(W @ x)", ("h",), "exp"),
        ("h = x", ("h",), "right of @"),
        ("h = x @ W", ("h",), "left of @"),
        ("h = (W + U) @ x", ("h",), "one matrix"),
        ("h = W @ x + W @ h_prev", ("h",), "two different products"),
        ("h = W * h_prev + W @ x", ("h",), "outside a product"),
        ("h = tanh(W @ h)", ("h",), "before it is computed"),
        ("c = h\nh = tanh(W @ x)", ("h",), "before it is computed"),
        ("h = tanh(W @ x)\nh = h_prev", ("h",), "twice"),
        ("h = tanh(W @ x) + c_prev", ("h",), "c_prev"),
        ("h = tanh(W @ x)", ("c",), "'c' has no equation"),
        ("h = tanh(W @ x)", (), "state"),
        ("x = tanh(h_prev)\nh = b", ("h",), "given"),
        ("h_prev = tanh(W @ x)\nh = b", ("h",), "given"),
        ("", ("h",), "no line"),
        ("h", ("h",), "not an equation"),
        ("1h = b", ("h",), "not an equation"),
        ("lambda = b\nh = b", ("h",), "lambda"),
        ("h = b if b else b", ("h",), "not part of the language"),
        ("h = 'b'", ("h",), "language"),
        ("h = b['\\d']", ("h",), "language"),
        ("h = 1if b else 2", ("h",), "language"),
        ("h = 0x1for b", ("h",), "language"),
        ("h = 1.or b", ("h",), "language"),
        ("h = b.__class__", ("h",), "language"),
        ("h = 1e999 * b", ("h",), "too large"),
        ("h = 1j * b", ("h",), "language"),
        ("h = True * b", ("h",), "language"),
        ("h = sigmoid * b", ("h",), "language"),
        ("h = tanh(b, b)", ("h",), "language"),
        ("tanh = W @ x\nh = b", ("h",), "not an equation"),
        ("h = a\\b", ("h",), "language"),
        ("h = \N{SUPERSCRIPT TWO}", ("h",), "not an expression"),
        ("h = b\x00", ("h",), "language"),
        ("h = " + "(" * 300 + "b" + ")" * 300, ("h",), "not an expression"),
        ("h = " + "tanh(" * 80 + "b" + ")" * 80, ("h",), "nested"),
        ("h = " + "b + " * 2000 + "b", ("h",), "characters"),
        ("h = " + "b + " * 900 + "b", ("h",), "nested"),
    ],
)
def test_what_is_no_cell(text: str, states: tuple[str, ...], words: str) -> None:
    with warnings.catch_warnings(record=True) as printed:
        warnings.simplefilter("always")
        with pytest.raises((CellError, EquationError)) as raised:
            define("wrong", "Wrong", text, states)
    assert words in str(raised.value)
    assert not printed


def test_two_ways_to_write_a_letter_are_one() -> None:
    micro, mu = "\N{MICRO SIGN}", "\N{GREEK SMALL LETTER MU}"
    cell = define("mu", "mu", f"{micro} = tanh(W @ x + U @ {mu}_prev) * {micro}_prev", (micro,))
    assert cell.quantities == cell.states == (mu,)
    assert [p.name for p in cell.parameters] == ["W", "U"]


def test_a_sum_has_a_name_that_nothing_else_has() -> None:
    cell = define("a", "a", "g = tanh(W @ x)\na_g = g * a_h\nh = tanh(U @ h_prev) * a_g")
    assert list(definitions(cell)) == ["a_g2", "g", "a_g", "a_h2", "tanh(U @ h_prev)", "h"]


def test_text_that_is_no_text() -> None:
    for wrong in (None, 3, b"h = b", ["h = b"]):
        with pytest.raises(EngineError, match="equations"):
            define("wrong", "Wrong", wrong)  # type: ignore[arg-type]
