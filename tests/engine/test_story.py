"""The story of a step: every number of it is that of the compiled kernels, forward and backward."""

from collections.abc import Iterator
from itertools import product

import numpy as np
import pytest

from rnnviz.engine.cell import Cell, define
from rnnviz.engine.cells import CELLS, find_cell
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError
from rnnviz.engine.gradients import Gradients, backward
from rnnviz.engine.heads import CRF, Regression, Softmax
from rnnviz.engine.holds import Hold
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.itemised import loss_gradients
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.story import (
    BackwardOperation,
    Operation,
    backward_story,
    forward_story,
)
from rnnviz.engine.story import (
    Contribution as Given,
)
from rnnviz.engine.trace import Trace
from tests.engine.support import Values, batch_of, every_cell, random_weights, run, tagger

MINIMAL = define(
    "minimal",
    "Minimal gated unit",
    """
    f = sigmoid(W_f @ x + U_f @ h_prev + b_f)
    n = tanh(W_n @ x + U_n @ (f * h_prev) + b_n)
    h = (1 - f) * h_prev + f * n
    """,
)
ODD = define(
    "odd",
    "Everything that the language has",
    """
    m = U_m @ (s_prev - 0.5) - W_m @ x
    k = tanh(m)
    s = 0.3 * s_prev + relu(W_s @ x + U_s @ h_prev + e * k + b_s) * k
    h = tanh(s) * sigmoid(q * m + tanh(s)) - tanh(s)
    """,
    states=("h", "s"),
)
LINEAR = define("linear", "Linear", "h = W @ x + U @ h_prev + b")
SHARED = define(
    "shared",
    "One sum below two functions",
    "h = sigmoid(W @ x + U @ h_prev + b) * tanh(W @ x + U @ h_prev + b)",
)
DEEP = define("deep", "Two products deep", "h = tanh(W @ x + U @ tanh(V @ h_prev + b) + d)")
OWN = (MINIMAL, ODD, LINEAR, SHARED, DEEP)
ALL = (*CELLS, *OWN)


def tokens(cell: Cell, direction: str = "forward", layers: int = 1) -> Network:
    made = tuple(Layer(cell, 3, direction) for _ in range(layers))  # type: ignore[arg-type]
    return Network(Tokens(5, 4), made, Softmax(3))


def close(actual: Values, wanted: Values, what: str) -> None:
    np.testing.assert_allclose(actual, wanted, rtol=1e-12, atol=1e-12, err_msg=what)


def parts_of(trace: Trace) -> Iterator[str]:
    for prefix, layer in trace.runs.items():
        yield from (f"{prefix}/{direction}" for direction in layer.tapes)


def lengths_of(trace: Trace, part: str) -> list[int]:
    batch = trace.batch
    if part.startswith("encoder"):
        assert batch.source is not None
        batch = batch.source
    return [int(n) for n in batch.all_lengths]


def places_of(trace: Trace, part: str) -> Iterator[tuple[int, int]]:
    for row, length in enumerate(lengths_of(trace, part)):
        yield from ((step, row) for step in range(length))


def value_at(values: Values, step: int, row: int) -> Values:
    """A network that answers once has outputs of one step."""
    found: Values = values[min(step, len(values) - 1), row]
    return found


def check_forward(trace: Trace) -> None:
    """Every operation has the value that the trace has, and the operands that it says."""
    for part in parts_of(trace):
        for step, row in places_of(trace, part):
            story = forward_story(trace, part, step, row)
            for operation in story:
                if operation.path:
                    wanted = value_at(trace[operation.path], step, row)
                    close(operation.value, wanted, f"{operation.path} at {step}, {row}")
            check_order(story)


def check_order(story: tuple[Operation, ...]) -> None:
    """No operand is used before it is computed, and it has the value that was computed."""
    later = {operation.name for operation in story}
    done: dict[str, Values] = {}
    for operation in story:
        for operand in operation.operands:
            assert operand.name not in later or operand.name in done, operand.name
            if operand.name in done:
                close(operand.value, done[operand.name], operand.name)
        later.discard(operation.name)
        done[operation.name] = operation.value


def check_backward(gradients: Gradients) -> None:
    """Every adjoint is that of the kernels, and is the sum of its parts."""
    trace = gradients.trace
    for part in parts_of(trace):
        for step, row in places_of(trace, part):
            story = backward_story(gradients, part, step, row)
            for one in story:
                what = f"{one.operation.path or one.name} at {step}, {row}"
                if one.operation.path and not one.name.startswith("p"):
                    check_adjoint(gradients, one, step, row, what)
                if one.split.parts:
                    total = sum(p.value for p in one.split.parts)
                    close(np.asarray(total), one.adjoint, what)
            check_order_back(story, forward_story(trace, part, step, row))


def check_adjoint(
    gradients: Gradients, one: BackwardOperation, step: int, row: int, what: str
) -> None:
    path = one.operation.path
    if path in gradients.trace.paths():
        close(one.adjoint, value_at(gradients[path], step, row), what)


def check_order_back(story: tuple[BackwardOperation, ...], forward: tuple[Operation, ...]) -> None:
    """The same operations in the opposite order; softmax and loss are one on the way back."""
    there = [operation.name for operation in forward]
    back = [one.name for one in story]
    assert back == [name for name in reversed(there) if name in back]
    after = {"p", "L"} if "y" in back else {"V @ h", "y", "p", "L"}
    assert set(there) - set(back) <= after


def contributions(trace: Trace, gradients: Gradients) -> Iterator[tuple[str, int, int, Given]]:
    """Part, step, row and what an operand receives, for every operation of every step."""
    for part in parts_of(trace):
        for step, row in places_of(trace, part):
            for one in backward_story(gradients, part, step, row):
                yield from ((part, step, row, given) for given in one.contributions)


def check_sums(gradients: Gradients) -> None:
    """Over all steps, rows and directions the contributions add up to the weights' gradient."""
    trace = gradients.trace
    found: dict[str, Values] = {}
    inputs: dict[tuple[str, int, int], Values] = {}
    for part, step, row, given in contributions(trace, gradients):
        prefix, _, direction = part.rpartition("/")
        path = weight_path(trace, part, given.name, given.operation)
        if given.name == "x":
            place = (prefix, step, row)
            inputs[place] = inputs.get(place, np.zeros(())) + given.value
        elif path.startswith(part) or direction == trace.runs[prefix].layer.directions[0]:
            add_to(found, path, given.value, given.name, trace, step)
    for path, total in found.items():
        close(total, gradients.weights[path], path)
    assert set(found) == {p for p in trace.weights if p.startswith(tuple(expected(trace)))}
    for (prefix, step, row), total in inputs.items():
        close(total, gradients[f"{prefix}/x"][step, row], f"{prefix}/x at {step}, {row}")


def expected(trace: Trace) -> list[str]:
    outside = ["head/V", "head/d"]
    outside += [p for p in trace.weights if p.endswith("/E")]
    return [*parts_of(trace), *outside]


def weight_path(trace: Trace, part: str, name: str, operation: str) -> str:
    """The path of a weight that an operand is, or ""."""
    if name.startswith("E["):
        return "embedding/E"
    if operation in ("y", "V @ h", "V @ output", "V @ read") and name in ("V", "d"):
        return f"head/{name}"
    path = f"{part}/{name}"
    return path if path in trace.weights else ""


def add_to(
    found: dict[str, Values], path: str, value: Values, name: str, trace: Trace, step: int
) -> None:
    if not path:
        return
    total = found.setdefault(path, np.zeros_like(trace.weights[path]))
    if path == "embedding/E":
        total[int(name[2:-1])] += value
    elif total.ndim > value.ndim:
        total[step] += value
    else:
        total += value


def check(trace: Trace) -> Gradients:
    check_forward(trace)
    gradients = backward(trace)
    check_backward(gradients)
    return gradients


# --------------------------------------------------------------------------- tree and kernel


@pytest.mark.parametrize("direction", ["forward", "backward", "both"])
@pytest.mark.parametrize("cell", ALL, ids=lambda cell: cell.name)
def test_the_tree_says_what_the_kernel_says(cell: Cell, direction: str) -> None:
    gradients = check(run(tokens(cell, direction), (4, 2)))
    check_sums(gradients)


@every_cell
def test_stacked_layers(cell: Cell) -> None:
    check_sums(check(run(tokens(cell, "both", layers=2), (3, 4, 1))))


@pytest.mark.parametrize("cell", ALL, ids=lambda cell: cell.name)
def test_every_quantity_is_in_the_story(cell: Cell) -> None:
    trace = run(tokens(cell), (3,))
    names = {operation.name for operation in forward_story(trace, "layer0/forward", 1)}
    stored = {p.rpartition("/")[2] for p in trace.paths() if p.startswith("layer0/forward/")}
    assert {name for name in stored if not name.endswith("_prev")} <= names


@pytest.mark.parametrize("name", ["lstm", "gru_pytorch"])
@pytest.mark.parametrize("head", [Softmax(3), Regression(2), CRF(3)], ids=lambda h: h.kind)
def test_heads(name: str, head: Softmax | Regression | CRF) -> None:
    network = tagger(find_cell(name), layers=2, head=head, direction="both")
    check_sums(check(run(network, (4, 2))))


def test_a_path_of_tags_with_a_gap_has_no_loss() -> None:
    """It is still told to its end, as every document with some targets is."""
    network = tagger(find_cell("lstm"), layers=1, head=CRF(3))
    inputs = [[[0.1, 0.2], [0.3, 0.4]]] if isinstance(network.input, Vectors) else [[0, 1]]
    trace = network.forward(random_weights(network), network.batch(inputs, [[2, -1]]))
    story = [operation.name for operation in forward_story(trace, "layer0/forward", 1)]
    assert story[-1] == "p"
    assert "L" not in story


@pytest.mark.parametrize("direction", ["forward", "backward", "both"])
@pytest.mark.parametrize("head", [Softmax(3), Regression(1)], ids=lambda h: h.kind)
def test_a_network_that_answers_once(direction: str, head: Softmax | Regression) -> None:
    layer = Layer(find_cell("lstm"), 3, direction)  # type: ignore[arg-type]
    trace = run(Network(Tokens(5), (layer,), head, "many-to-one"), (4, 2))
    gradients = check(trace)
    part = f"layer0/{layer.directions[0]}"
    read = {
        step: "y" in {operation.name for operation in forward_story(trace, part, step, 0)}
        for step in range(4)
    }
    last = 0 if direction == "backward" else 3
    assert read == {step: step == last for step in range(4)}
    check_sums(gradients)


def test_the_head_reads_the_ends_of_both_directions() -> None:
    layer = Layer(find_cell("gru"), 3, "both")
    trace = run(Network(Tokens(5), (layer,), Softmax(3), "many-to-one"), (4,))
    story = {o.name: o for o in forward_story(trace, "layer0/forward", 3)}
    assert [part.name for part in story["read"].operands] == ["h_forward", "h_backward"]
    close(story["read"].operands[1].value, trace["layer0/backward/h"][0, 0], "the first step")
    found = {one.name: one for one in backward_story(backward(trace), "layer0/forward", 3)}
    close(found["read"].contributions[0].value, found["h"].adjoint, "half of it")


def test_residual_connections_and_dropout() -> None:
    layers = (
        Layer(find_cell("lstm"), 4, residual=True, dropout=0.4),
        Layer(find_cell("gru"), 2, "both", residual=True),
        Layer(find_cell("rnn"), 2, "both", dropout=0.3),
    )
    network = Network(Tokens(5, 4), layers, Softmax(3))
    batch = batch_of(network, (4, 3))
    trace = network.forward(random_weights(network), batch, rng=np.random.default_rng(3))
    check_sums_of_parameters(check(trace))
    names = [operation.name for operation in forward_story(trace, "layer1/forward", 0)]
    assert names[-2:] == ["[h_forward; h_backward]", "output"]


def check_sums_of_parameters(gradients: Gradients) -> None:
    """With a residual connection the input receives more than what comes through the cells."""
    trace = gradients.trace
    for part in parts_of(trace):
        for name in trace.runs[part.rpartition("/")[0]].layer.cell.parameters:
            total = np.zeros_like(trace.weights[f"{part}/{name.name}"])
            for step, row in places_of(trace, part):
                for one in backward_story(gradients, part, step, row):
                    total += sum(c.value for c in one.contributions if c.name == name.name)
            close(total, gradients.weights[f"{part}/{name.name}"], f"{part}/{name.name}")


def test_weights_of_each_step() -> None:
    network = Network(
        Vectors(2), (Layer(find_cell("lstm_peephole"), 3, "both", unshared=4),), Softmax(3)
    )
    check_sums(check(run(network, (4, 4))))


@every_cell
def test_infinite_gradients_are_told_without_a_warning(cell: Cell) -> None:
    trace = run(tagger(cell), (4,))
    away = np.where(np.arange(trace.read.size).reshape(trace.read.shape) % 2, np.inf, -np.inf)
    gradients = backward(trace, d_read=away)
    for step in range(4):
        told = backward_story(gradients, "layer0/forward", step)
        assert not all(np.isfinite(one.adjoint).all() for one in told)


def test_single_precision() -> None:
    network = tokens(find_cell("gru"))
    weights = random_weights(network, dtype=np.float32)
    trace = network.forward(weights, batch_of(network, (3,)))
    for operation in forward_story(trace, "layer0/forward", 1):
        assert operation.value.dtype == np.float32, operation.name


@pytest.mark.parametrize("attention", [None, 3], ids=["plain", "attention"])
@pytest.mark.parametrize("bridge", ["linear", "copy"])
def test_encoder_and_decoder(attention: int | None, bridge: str) -> None:
    cell = find_cell("lstm")
    network = EncoderDecoder(
        source=Tokens(5, 3),
        encoder=(Layer(cell, 3),),
        target=Tokens(4, 2),
        decoder=(Layer(cell, 3),),
        attention=attention,
        bridge=bridge,  # type: ignore[arg-type]
    )
    batch = network.batch([[1, 2, 3], [4, 0]], [[2, 3], [3]])
    check(network.forward(random_weights(network), batch))


# ------------------------------------------------------------------------------------ holds


@pytest.mark.parametrize("direction", ["forward", "backward"])
@pytest.mark.parametrize("cell", ALL, ids=lambda cell: cell.name)
def test_what_is_held(cell: Cell, direction: str) -> None:
    """Each quantity in turn is held: one unit in one row, all units in the other."""
    network = tokens(cell, direction)
    part = f"layer0/{direction}"
    free = run(network, (4, 3))
    names = sorted({p.rpartition("/")[2] for p in free.paths() if p.startswith(part)})
    for name in names:
        if name.endswith("_prev"):
            continue
        holds = [Hold(f"{part}/{name}", 1, 0.25, 2, 0), Hold(f"{part}/{name}", 2, -0.5, None, 1)]
        trace = network.forward(random_weights(network), batch_of(network, (4, 3)), holds)
        check(trace)
        story = {o.name: o for o in forward_story(trace, part, 1, 0)}
        held = story[name].held
        assert held is not None, name
        assert held.tolist() == [False, False, True]
        assert story[name].value[2] == 0.25


def test_a_held_input_passes_nothing_to_the_embedding() -> None:
    network = tokens(find_cell("gru"))
    holds = [Hold("layer0/x", 1, 0.5)]
    trace = network.forward(random_weights(network), batch_of(network, (3,)), holds)
    gradients = check(trace)
    check_sums(gradients)
    last = backward_story(gradients, "layer0/forward", 1)[-1]
    assert last.name == "x"
    assert abs(last.adjoint).max() > 0
    assert not last.contributions[0].value.any()


def test_what_is_held_says_so() -> None:
    network = tokens(find_cell("lstm"))
    holds = [Hold("layer0/forward/f", 1, 0.0)]
    trace = network.forward(random_weights(network), batch_of(network, (3,)), holds)
    story = {o.name: o for o in forward_story(trace, "layer0/forward", 1)}
    assert story["f"].numbers(0).endswith("; held at 0.00")
    assert story["f * c_prev"].numbers(0).startswith("0.00 · ")
    free = {o.name: o for o in forward_story(trace, "layer0/forward", 0)}
    assert "held" not in free["f"].numbers(0)
    assert free["f"].held is None


def test_no_gradient_flows_through_what_is_held() -> None:
    network = tokens(find_cell("lstm"))
    holds = [Hold("layer0/forward/f", 1, 0.3, unit=1)]
    trace = network.forward(random_weights(network), batch_of(network, (3,)), holds)
    story = {o.name: o for o in backward_story(backward(trace), "layer0/forward", 1)}
    assert story["f"].adjoint.all()
    assert story["f"].flowing.astype(bool).tolist() == [True, False, True]
    assert story["a_f"].adjoint.astype(bool).tolist() == [True, False, True]


# ------------------------------------------------------------------- where a gradient comes from


def parts(gradients: Gradients, part: str, step: int, name: str) -> dict[str, Values]:
    story = {one.name: one for one in backward_story(gradients, part, step)}
    return {p.label: p.value for p in story[name].split.parts}


def test_the_two_roads_of_the_cell_state() -> None:
    gradients = backward(run(tokens(find_cell("lstm")), (4,)))
    trace, part = gradients.trace, "layer0/forward"
    found = parts(gradients, part, 1, "c")
    assert list(found) == ["through h", "along c"]
    close(found["along c"], gradients[f"{part}/c"][2, 0] * trace[f"{part}/f"][2, 0], "road")
    o, c = trace[f"{part}/o"][1, 0], trace[f"{part}/c"][1, 0]
    through = gradients[f"{part}/h"][1, 0] * o * (1 - np.tanh(c) ** 2)
    close(found["through h"], through, "through h")
    assert list(parts(gradients, part, 3, "c")) == ["through h"]


def test_the_loss_and_the_next_step() -> None:
    gradients = backward(run(tokens(find_cell("rnn"), "both", layers=2), (4,)))
    top = parts(gradients, "layer1/forward", 1, "h")
    assert list(top) == ["from the loss", "along h"]
    close(top["from the loss"], gradients["layer1/output"][1, 0, :3], "loss")
    below = parts(gradients, "layer0/backward", 2, "h")
    assert list(below) == ["from layer1", "along h"]
    back = gradients.trace.weights["layer0/backward/U"].T
    close(below["along h"], back @ gradients["layer0/backward/a_h"][1, 0], "the step before")
    assert list(parts(gradients, "layer0/backward", 0, "h")) == ["from layer1"]


def test_peepholes_are_a_road_too() -> None:
    gradients = backward(run(tokens(find_cell("lstm_peephole")), (3,)))
    assert set(parts(gradients, "layer0/forward", 1, "c")) == {
        "through o",
        "through h",
        "along c",
        "through f of the next step",
        "through i of the next step",
    }


def test_the_first_step_hands_on_what_reaches_the_initial_state() -> None:
    gradients = backward(run(tokens(find_cell("lstm"), "both"), (4, 2)))
    for direction, state, row in product(("forward", "backward"), "hc", (0, 1)):
        part = f"layer0/{direction}"
        first = 0 if direction == "forward" else (3, 1)[row]
        story = backward_story(gradients, part, first, row)
        given = [one.to(f"{state}_prev") for one in story]
        total = sum(value for value in given if value is not None)
        close(np.asarray(total), gradients.initial(f"{part}/{state}")[row], f"{part}/{state}")


def test_a_gradient_of_the_last_states() -> None:
    trace = run(tokens(find_cell("lstm"), "both"), (4, 2))
    rng = np.random.default_rng(4)
    final = {"layer0/forward/c": rng.normal(size=(2, 3)), "layer0/backward/h": np.ones((2, 3))}
    gradients = backward(trace, d_final=final)
    check_backward(gradients)
    found = parts(gradients, "layer0/forward", 3, "c")
    close(found["from the last state"], final["layer0/forward/c"][0], "final")


def test_a_truncation_takes_away() -> None:
    gradients = backward(run(tokens(find_cell("gru")), (5,)), truncate=2)
    check_backward(gradients)
    assert "cut by the truncation" in parts(gradients, "layer0/forward", 1, "h")


def test_a_gradient_that_starts_from_no_loss() -> None:
    trace = run(tokens(find_cell("rnn")), (3,))
    gradients = backward(trace, d_read=np.ones((3, 1, 3)))
    check_backward(gradients)
    story = backward_story(gradients, "layer0/forward", 2)
    assert story[0].name == "h"
    assert list(parts(gradients, "layer0/forward", 2, "h")) == ["from outside"]


def test_the_gradient_of_each_loss_alone() -> None:
    trace = run(tokens(find_cell("lstm")), (3,))
    for alone in loss_gradients(trace):
        for loss, step in product(range(3), range(3)):
            for one in backward_story(alone, "layer0/forward", step, loss):
                path = one.operation.path
                if path and path in trace.paths() and one.name != "p":
                    close(one.adjoint, alone[path][step, loss], f"{path} of loss {loss}")


def test_steps_without_a_loss() -> None:
    trace = run(tokens(find_cell("gru")), (4, 4))
    gradients = backward(trace, (1,))
    check_backward(gradients)
    story = backward_story(gradients, "layer0/forward", 2)
    assert story[0].name == "L"
    assert not story[0].contributions[0].value.any()
    assert float(story[0].adjoint) == 0.0
    assert float(backward_story(gradients, "layer0/forward", 1)[0].adjoint) == 0.5


# ----------------------------------------------------------------------------------- numbers


def test_the_outer_product_of_a_matrix() -> None:
    gradients = backward(run(tokens(find_cell("lstm")), (3,)))
    story = {one.name: one for one in backward_story(gradients, "layer0/forward", 2)}
    matrix, vector = story["U_f @ h_prev"].contributions
    previous = gradients.trace["layer0/forward/h_prev"][2, 0]
    close(matrix.value, np.outer(gradients["layer0/forward/a_f"][2, 0], previous), "outer")
    weight = gradients.trace.weights["layer0/forward/U_f"]
    close(vector.value, weight.T @ gradients["layer0/forward/a_f"][2, 0], "product")
    assert matrix.printed == "∂L/∂U_f += ∂L/∂a_f h₂ᵀ"
    assert vector.printed == "∂L/∂h₂ += U_fᵀ ∂L/∂a_f"
    assert matrix.numbers(1, 2).count("·") == 1
    assert vector.numbers(0).count("·") == 3


def test_overflow_is_data() -> None:
    network = tagger(find_cell("rnn_relu"))
    weights = random_weights(network, scale=1e200)
    trace = network.forward(weights, batch_of(network, (5,)))
    gradients = backward(trace)
    for step in range(5):
        for operation in forward_story(trace, "layer0/forward", step):
            if operation.path:
                wanted = value_at(trace[operation.path], step, 0)
                np.testing.assert_array_equal(np.isnan(operation.value), np.isnan(wanted))
            assert operation.numbers(0)
        for one in backward_story(gradients, "layer0/forward", step):
            assert all(given.numbers(0) for given in one.contributions)


@pytest.mark.parametrize(
    ("part", "step", "row", "what"),
    [
        ("layer0/backward", 0, 0, "layer0/forward"),
        ("layer9/forward", 0, 0, "layer0/forward"),
        ("layer0", 0, 0, "part"),
        ("layer0/forward", 4, 0, "step: 4"),
        ("layer0/forward", -1, 0, "step: -1"),
        ("layer0/forward", 2, 1, "0 to 1"),
        ("layer0/forward", 0, 2, "row: 2"),
    ],
)
def test_errors_name_what_came(part: str, step: int, row: int, what: str) -> None:
    trace = run(tokens(find_cell("gru")), (4, 2))
    with pytest.raises(EngineError, match=what):
        forward_story(trace, part, step, row)
    with pytest.raises(EngineError, match=what):
        backward_story(backward(trace), part, step, row)
