"""What the inspector shows: three lines, the bars of the terms, and the roads of a gradient."""

import ast
import operator
from collections.abc import Callable

import numpy as np
import pytest

from rnnviz.engine.cell import Cell, define
from rnnviz.engine.cells import find_cell
from rnnviz.engine.errors import EngineError
from rnnviz.engine.gradients import Gradients, backward
from rnnviz.engine.heads import Regression, Softmax
from rnnviz.engine.holds import Hold
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.rendering import plain
from rnnviz.engine.story import (
    backward_story,
    equation_lines,
    forward_story,
    gradient_lines,
)
from rnnviz.engine.story.gradient_lines import back_lines
from rnnviz.engine.text import number
from rnnviz.engine.trace import Trace
from rnnviz.engine.weights import Weights
from tests.engine.support import batch_of, every_cell, random_weights, run, tagger

PART = "layer0/forward"


def known_lstm(holds: tuple[Hold, ...] = ()) -> Trace:
    """One unit whose numbers can be worked out on paper."""
    network = Network(Vectors(1), (Layer(find_cell("lstm"), 1),), Regression(1))
    numbers = {
        "f": (0.5, -2.0, 0.25),
        "i": (1.0, 0.5, 0.0),
        "o": (-0.5, 1.0, 1.5),
        "g": (2.0, -1.0, -0.5),
    }
    weights = Weights(network.layout, np.zeros(network.layout.size))
    changes = {
        f"{PART}/{letter}_{gate}": [[value]] if letter != "b" else [value]
        for gate, row in numbers.items()
        for letter, value in zip("WUb", row, strict=True)
    }
    weights = weights.replace({**changes, "head/V": [[2.0]], "head/d": [-1.0]})
    batch = network.batch([[1.0], [-0.5], [0.25]], [[0.5], [0.0], [1.0]])
    return network.forward(weights, batch, holds)


def sigmoid(a: float) -> float:
    return float(1 / (1 + np.exp(-a)))


def by_hand(steps: int) -> dict[str, float]:
    """The LSTM written out once more, for numbers that the tests compare with."""
    h = c = 0.0
    found: dict[str, float] = {}
    for x in (1.0, -0.5, 0.25)[:steps]:
        found = {"h_prev": h, "c_prev": c}
        f, i = sigmoid(0.5 * x - 2 * h + 0.25), sigmoid(x + 0.5 * h)
        o, g = sigmoid(-0.5 * x + h + 1.5), float(np.tanh(2 * x - h - 0.5))
        c = f * c + i * g
        h = o * float(np.tanh(c))
        found |= {"f": f, "i": i, "o": o, "g": g, "c": c, "h": h}
    return found


def signed(value: float) -> str:
    """A number behind another one: `+ 0.25` or `− 0.25`."""
    return f"{'−' if value < 0 else '+'} {number(abs(value))}"


def factor(value: float) -> str:
    """A number behind a dot: a negative one is in brackets."""
    return f"({number(value)})" if value < 0 else number(value)


# ---------------------------------------------------------------------------------- forward


def test_the_lines_of_a_gate() -> None:
    lines = equation_lines(known_lstm(), PART, 2, "f", 0)
    h = by_hand(2)["h"]
    past, total = -2 * h, 0.125 - 2 * h + 0.25
    assert lines.texts == (
        "f₃ = σ(W_f x₃ + U_f h₂ + b_f)",
        f"= σ(0.12 {signed(past)} + 0.25)",
        f"= σ({number(total)}) = {number(sigmoid(total))}",
    )
    assert [(term.label, term.kind) for term in lines.terms] == [
        ("from the input", "input"),
        ("from the past", "past"),
        ("bias", "bias"),
    ]
    assert [term.value for term in lines.terms] == pytest.approx([0.125, past, 0.25])
    assert [plain(term.symbols) for term in lines.terms] == ["W_f x₃", "U_f h₂", "b_f"]
    assert lines.function == "sigmoid"
    assert lines.argument == pytest.approx(total)
    assert lines.value == pytest.approx(sigmoid(total))
    assert not lines.held


def test_the_lines_of_a_state() -> None:
    v = by_hand(3)
    lines = equation_lines(known_lstm(), PART, 2, "c", 0)
    f, c, i, g = (factor(v[name]) for name in ("f", "c_prev", "i", "g"))
    kept, wrote = v["f"] * v["c_prev"], v["i"] * v["g"]
    assert lines.texts == (
        "c₃ = f₃ · c₂ + i₃ · g₃",
        f"= {f} · {c} + {i} · {g}",
        f"= {number(kept)} {signed(wrote)} = {number(v['c'])}",
    )
    assert [term.label for term in lines.terms] == ["kept", "written"]
    assert [term.value for term in lines.terms] == pytest.approx([kept, wrote])
    assert lines.function == ""
    assert lines.argument is None
    h = equation_lines(known_lstm(), PART, 2, "h", 0)
    assert h.texts == (
        "h₃ = o₃ · tanh(c₃)",
        f"= {number(v['o'])} · tanh({number(v['c'])})",
        f"= {number(v['o'])} · {factor(np.tanh(v['c']))} = {number(v['h'])}",
    )
    assert h.terms == ()


def test_the_colours_of_the_pieces() -> None:
    lines = equation_lines(known_lstm(), PART, 2, "f", 0)
    symbols = {str(piece): piece.hue for piece in lines.symbols if piece.kind == "symbol"}
    assert symbols == {"f₃": "f", "W_f": "", "x₃": "x", "U_f": "", "h₂": "h", "b_f": ""}
    numbers = [(piece.hue, piece.kind) for piece in lines.numbers if piece.kind == "number"]
    assert numbers == [("x", "number"), ("h", "number"), ("", "number")]
    assert lines.result[-1].hue == "f"
    h = next(piece for piece in lines.symbols if piece.text == "h")
    assert (h.time, h.index, h.lower) == ("2", "", "2")


def test_the_steps_of_a_layer_that_reads_backward() -> None:
    trace = run(tagger(find_cell("gru"), direction="both"), (4,))
    lines = equation_lines(trace, "layer0/backward", 1, "z", 0)
    assert lines.texts[0] == "z₂ = σ(W_z x₂ + U_z h₃ + b_z)"


def test_words_for_what_is_read() -> None:
    network = Network(Tokens(5, 2), (Layer(find_cell("gru_pytorch"), 3),) * 2, Softmax(3))
    trace = run(network, (3,))
    labels = [t.label for t in equation_lines(trace, PART, 1, "n", 0).terms]
    assert labels == ["from the token", "from the past", "bias"]
    above = equation_lines(trace, "layer1/forward", 1, "z", 0).terms
    assert above[0].label == "from the layer below"
    head = equation_lines(trace, "layer1/forward", 1, "y", 0).terms
    assert [term.label for term in head] == ["from h", "bias"]
    peephole = run(tagger(find_cell("lstm_peephole")), (3,))
    labels = [t.label for t in equation_lines(peephole, PART, 1, "f", 0).terms]
    assert labels == ["from the input", "from the past", "from c", "bias"]


@every_cell
def test_the_terms_add_up(cell: Cell) -> None:
    trace = run(tagger(cell), (3,))
    for operation in forward_story(trace, PART, 1):
        lines = equation_lines(trace, PART, 1, operation.name, 0)
        total = sum(term.value for term in lines.terms)
        if lines.terms:
            whole = lines.value if lines.argument is None else lines.argument
            assert total == pytest.approx(whole, abs=1e-12), operation.name
        assert lines.result[-1].text == number(lines.value), operation.name


def test_a_held_gate() -> None:
    trace = known_lstm((Hold(f"{PART}/f", 2, 1.0),))
    lines = equation_lines(trace, PART, 2, "f", 0)
    assert lines.held
    assert lines.value == 1.0
    assert lines.texts[2].endswith(number(by_hand(3)["f"]))
    state = equation_lines(trace, PART, 2, "c", 0)
    assert state.texts[1].startswith("= 1.00 · ")


def test_the_head_and_the_loss() -> None:
    trace = known_lstm()
    y = 2 * by_hand(1)["h"] - 1
    assert equation_lines(trace, PART, 0, "y", 0).texts[0] == "y₁ = V h₁ + d"
    loss = equation_lines(trace, PART, 0, "L", 0)
    assert loss.value == pytest.approx((y - 0.5) ** 2 / 2)
    assert loss.texts[0] == "L₁ = 0.5 · sum((y₁ − t₁)²)"
    tags = run(Network(Tokens(4), (Layer(find_cell("rnn"), 3),), Softmax(3)), (3,))
    target = int(tags.batch.targets[1, 0])
    p = tags.predictions[1, 0, target]
    lines = equation_lines(tags, PART, 1, "L", 0)
    assert lines.texts == (
        f"L₂ = −log(p₂[{target}])",
        f"= −log({number(p)})",
        f"= {number(-np.log(p))}",
    )
    softmax = equation_lines(tags, PART, 1, "p", target)
    outputs = tags["head/outputs"][1, 0]
    total = number(np.exp(outputs).sum())
    assert softmax.texts[1] == f"= exp({number(outputs[target])}) / {total}"
    assert sum(equation_lines(tags, PART, 1, "p", k).value for k in range(3)) == pytest.approx(1)


def test_a_long_row_is_cut_short() -> None:
    trace = run(Network(Vectors(9), (Layer(find_cell("rnn"), 2),), Softmax(2)), (2,))
    text = equation_lines(trace, PART, 0, "W @ x", 0).texts[1]
    assert text.count("·") == 6
    assert text.endswith(" + …")
    one_hot = run(Network(Tokens(9), (Layer(find_cell("rnn"), 2),), Softmax(2)), (2,))
    assert equation_lines(one_hot, PART, 0, "W @ x", 0).texts[1].count("·") == 1


def test_names_that_the_head_has_too() -> None:
    cell = define("named", "Named", "y = tanh(W @ x + U @ h_prev)\np = 0.5 * y\nh = y * p")
    trace = run(tagger(cell), (3,))
    gradients = backward(trace)
    for unit in range(3):
        lines = equation_lines(trace, PART, 1, "y", unit)
        assert lines.value == pytest.approx(trace[f"{PART}/y"][1, 0, unit])
        head = equation_lines(trace, PART, 1, "head/outputs", unit)
        assert head.value == pytest.approx(trace["head/outputs"][1, 0, unit])
        back = gradient_lines(gradients, PART, 1, "y", unit).lines
        assert back.value == pytest.approx(gradients[f"{PART}/y"][1, 0, unit])
        end = gradient_lines(gradients, PART, 1, "head/outputs", unit).lines
        assert end.value == pytest.approx(gradients["head/outputs"][1, 0, unit])


@pytest.mark.parametrize(
    ("quantity", "unit", "what"), [("q", 0, "quantity.*'q'"), ("f", 1, "unit: 1"), ("f", -1, "-1")]
)
def test_errors_name_what_came(quantity: str, unit: int, what: str) -> None:
    trace = known_lstm()
    with pytest.raises(EngineError, match=what):
        equation_lines(trace, PART, 1, quantity, unit)
    with pytest.raises(EngineError, match=what):
        gradient_lines(backward(trace), PART, 1, quantity, unit)


# --------------------------------------------------------------------------------- backward


def test_the_lines_of_a_gradient() -> None:
    gradients = backward(known_lstm())
    found = gradient_lines(gradients, PART, 1, "f", 0)
    d_c = float(gradients[f"{PART}/c"][1, 0, 0])
    d_f, c = float(gradients[f"{PART}/f"][1, 0, 0]), by_hand(2)["c_prev"]
    assert found.lines.texts == (
        "∂L/∂f₂ = ∂L/∂c₂ · c₁",
        f"= {number(d_c, 3)} · {number(c, 3)}",
        f"= {number(d_f, 3)}",
    )
    assert d_f == pytest.approx(d_c * c)
    assert found.source == "c"
    assert [term.label for term in found.source_terms] == ["through h", "along c"]
    assert sum(term.value for term in found.source_terms) == pytest.approx(d_c)
    d_a = float(gradients[f"{PART}/a_f"][1, 0, 0])
    assert plain(found.onward) == f"∂L/∂a_f = ∂L/∂f₂ · f₂ · (1 − f₂) = {number(d_a, 3)}"


def test_the_two_roads_of_the_cell_state() -> None:
    gradients = backward(known_lstm())
    lines = gradient_lines(gradients, PART, 1, "c", 0).lines
    assert lines.texts[0] == "∂L/∂c₂ = ∂L/∂h₂ · o₂ · (1 − tanh(c₂)²) + ∂L/∂c₃ · f₃"
    assert [term.label for term in lines.terms] == ["through h", "along c"]
    road = float(gradients[f"{PART}/c"][2, 0, 0]) * by_hand(3)["f"]
    assert lines.terms[1].value == pytest.approx(road)
    assert plain(lines.terms[1].symbols) == "∂L/∂c₃ · f₃"


def test_the_loss_and_all_of_the_next_step() -> None:
    gradients = backward(known_lstm())
    lines = gradient_lines(gradients, PART, 1, "h", 0).lines
    assert lines.texts[0] == "∂L/∂h₂ = [from the loss] + [from the next step]"
    assert [term.label for term in lines.terms] == ["from the loss", "from the next step"]
    assert sum(term.value for term in lines.terms) == pytest.approx(lines.value)
    y = 2 * by_hand(2)["h"] - 1
    assert lines.terms[0].value == pytest.approx(2 * y)


def test_minus_signs_in_rules() -> None:
    gradients = backward(run(tagger(find_cell("gru")), (3,)))
    lines = gradient_lines(gradients, PART, 1, "z", 0).lines
    assert lines.texts[0] == "∂L/∂z₂ = ∂L/∂h₂ · n₂ − ∂L/∂h₂ · h₁"
    inner = gradient_lines(gradients, PART, 1, "r", 0).lines
    assert inner.texts[0] == "∂L/∂r₂ = (U_nᵀ ∂L/∂a_n) · h₁"
    relu = backward(run(tagger(find_cell("rnn_relu")), (3,)))
    line = gradient_lines(relu, PART, 1, "a_h", 0).lines.texts[0]
    assert line == "∂L/∂a_h = ∂L/∂h₂ · step(a_h)"


def evaluate(text: str) -> float:
    """What a line of numbers gives; the numbers are rounded, so it is near the result."""
    typed = text.replace("−", "-").replace("·", "*").replace("²", "**2")
    return arithmetic(ast.parse(typed, mode="eval").body)


def arithmetic(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=float() | int() as value):
            return float(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -arithmetic(operand)
        case ast.Call(func=ast.Name(id="tanh"), args=[argument]):
            return float(np.tanh(arithmetic(argument)))
        case ast.BinOp(left=left, op=op, right=right):
            return OPERATORS[type(op)](arithmetic(left), arithmetic(right))
    raise AssertionError(ast.dump(node))


OPERATORS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Pow: operator.pow,
}


@every_cell
def test_the_numbers_of_every_rule_give_its_result(cell: Cell) -> None:
    """With many digits each line of numbers, read as arithmetic, is the contribution itself."""
    gradients = backward(run(tagger(cell), (3,)))
    checked = 0
    for one in backward_story(gradients, PART, 1):
        for given in one.contributions:
            first = plain(given.chain(1, 0, digits=12)[0])
            if "…" in first or "step" in first or not given.value.ndim:
                continue
            value = given.value[(1, 0) if given.value.ndim == 2 else 1]
            assert evaluate(first) == pytest.approx(value, abs=1e-7), (given.printed, first)
            checked += 1
    assert checked > 10


@every_cell
def test_the_numbers_of_every_equation_give_its_result(cell: Cell) -> None:
    trace = run(tagger(cell), (3,))
    for operation in forward_story(trace, PART, 1):
        if operation.kind in ("matmul", "add", "subtract", "multiply", "tanh"):
            first = plain(operation.chain(1, digits=12)[0])
            assert evaluate(first) == pytest.approx(operation.value[1], abs=1e-7), first


def test_the_terms_of_every_gradient_add_up() -> None:
    for name in ("lstm_peephole", "gru_pytorch"):
        gradients: Gradients = backward(run(tagger(find_cell(name), direction="both"), (3,)))
        for one in backward_story(gradients, "layer0/backward", 1):
            if one.adjoint.ndim and one.split.parts:
                lines = gradient_lines(gradients, "layer0/backward", 1, one.name, 0).lines
                total = sum(term.value for term in lines.terms)
                assert total == pytest.approx(float(one.adjoint[0]), abs=1e-12), one.name


def test_what_is_held_passes_nothing_on() -> None:
    gradients = backward(known_lstm((Hold(f"{PART}/f", 1, 0.5),)))
    found = gradient_lines(gradients, PART, 1, "f", 0)
    assert found.lines.held
    assert found.lines.value != 0.0
    assert plain(found.onward).endswith(" = 0.000")
    assert gradient_lines(gradients, PART, 1, "a_f", 0).lines.value == 0.0


def test_latex() -> None:
    gradients = backward(known_lstm())
    story = {one.name: one for one in backward_story(gradients, PART, 1)}
    f = next(c for c in story["f * c_prev"].contributions if c.name == "f")
    assert f.latex == (
        r"\frac{\partial L}{\partial f_{2}} = "
        r"\frac{\partial L}{\partial c_{2}} \odot c_{1}"
    )
    weight = next(c for c in story["U_f @ h_prev"].contributions if c.name == "U_f")
    assert weight.latex == (
        r"\frac{\partial L}{\partial U_{f}} \mathrel{+}= "
        r"\frac{\partial L}{\partial a_{f}} \, h_{1}^{\top}"
    )
    assert story["f"].operation.latex == (
        r"f_{2} = \sigma\left(W_{f} \, x_{2} + U_{f} \, h_{1} + b_{f}\right)"
    )
    assert story["f"].operation.typed == "f = sigmoid(W_f @ x + U_f @ h_prev + b_f)"
    assert story["tanh(c)"].operation.typed == "tanh(c)"


def test_random_numbers_of_a_batch() -> None:
    network = Network(Tokens(6), (Layer(find_cell("lstm"), 4),), Softmax(3))
    trace = network.forward(random_weights(network), batch_of(network, (4, 3, 2)))
    gradients = backward(trace)
    for row, step in ((0, 3), (1, 2), (2, 1)):
        for unit in range(4):
            lines = equation_lines(trace, PART, step, "c", unit, row)
            assert lines.value == pytest.approx(trace[f"{PART}/c"][step, row, unit])
            back = gradient_lines(gradients, PART, step, "c", unit, row).lines
            assert back.value == pytest.approx(gradients[f"{PART}/c"][step, row, unit])


def test_through_a_matrix_no_unit_comes_from_one_unit() -> None:
    """A single output, or a layer of one unit, has no unit for each unit of what it reads."""
    layer = Layer(find_cell("lstm"), 3, "both")
    network = Network(Vectors(4), (layer,), Regression(1), "many-to-one")
    trace = run(network, (4,))
    records = backward_story(backward(trace), "layer0/forward", 3)
    for record in records:
        for unit in range(record.adjoint.size if record.adjoint.ndim else 1):
            lines = back_lines(records, record.name, unit)
            assert lines.source or not lines.source_terms
    named = {record.name: back_lines(records, record.name, 0).source for record in records}
    assert (named["f"], named["o"], named["read"]) == ("c", "h", "")
