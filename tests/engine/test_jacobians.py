"""How states depend on earlier ones: step by step, along a path, and on the highway."""

import numpy as np
import pytest

from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import find_cell
from rnnviz.engine.errors import EngineError
from rnnviz.engine.gradients import backward
from rnnviz.engine.holds import Hold
from rnnviz.engine.inputs import Vectors
from rnnviz.engine.jacobians import Jacobian, highway, path_jacobian, step_jacobian
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.trace import Trace
from tests.engine.support import (
    EPSILON,
    Values,
    assert_agree,
    batch_of,
    every_cell,
    random_weights,
    run,
    tagger,
)

LSTM, GRU = find_cell("lstm"), find_cell("gru")


def states_at(trace: Trace, part: str, step: int, row: int) -> Values:
    names = trace.runs[part.rpartition("/")[0]].layer.cell.states
    return np.concatenate([trace[f"{part}/{name}"][step, row] for name in names])


def by_differences(
    trace: Trace, part: str, steps: tuple[int, int], row: int, holds: tuple[Hold, ...] = ()
) -> Values:
    """The states at `steps[1]`, while each state at `steps[0]` is held a little off."""
    first, last = steps
    names = trace.runs[part.rpartition("/")[0]].layer.cell.states
    columns = []
    for name in names:
        path = f"{part}/{name}"
        for unit in range(trace[path].shape[2]):
            value = float(trace[path][first, row, unit])
            ends = []
            for by in (EPSILON, -EPSILON):
                # all states are held, so that one does not move the other within the step
                others = [
                    Hold(f"{part}/{n}", first, float(v), u, row)
                    for n in names
                    for u, v in enumerate(trace[f"{part}/{n}"][first, row])
                ]
                moved = Hold(path, first, value + by, unit, row)
                found = trace.network.forward(trace.weights, trace.batch, [*holds, *others, moved])
                ends.append(states_at(found, part, last, row))
            columns.append((ends[0] - ends[1]) / (2 * EPSILON))
    return np.stack(columns, axis=1)


@every_cell
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_a_step(cell: Cell, direction: str) -> None:
    trace = run(tagger(cell, 2, direction="both"), (4, 5, 3))
    part = f"layer0/{direction}"
    for row, length in enumerate((4, 5, 3)):
        for step in range(1, length):
            first, last = (step - 1, step) if direction == "forward" else (step, step - 1)
            numeric = by_differences(trace, part, (first, last), row)
            assert_agree(step_jacobian(trace, part, last, row).matrix, numeric, f"{row} {step}")


@every_cell
def test_the_product_of_the_steps_is_the_path(cell: Cell) -> None:
    trace = run(tagger(cell, 3, direction="both"), (5,))
    for part, order in (("layer0/forward", range(5)), ("layer0/backward", range(4, -1, -1))):
        steps = list(order)
        product = np.eye(3 * len(cell.states))
        for step in steps[1:]:
            product = step_jacobian(trace, part, step).matrix @ product
            path = path_jacobian(trace, part, steps[0], step)
            np.testing.assert_allclose(path.matrix, product, rtol=1e-10, atol=1e-14)
    numeric = by_differences(trace, "layer0/backward", (4, 1), 0)
    assert_agree(path_jacobian(trace, "layer0/backward", 4, 1).matrix, numeric, "path")


def test_the_first_step_depends_on_the_initial_state() -> None:
    """With dL/d(states at step 0) it gives dL/d(initial states)."""
    trace = run(tagger(LSTM, 3), (4,))
    gradients = backward(trace)
    matrix = step_jacobian(trace, "layer0/forward", 0).matrix
    d_h, d_c = (gradients[f"layer0/forward/{s}"][0, 0] for s in "hc")
    o, c = trace["layer0/forward/o"][0, 0], trace["layer0/forward/c"][0, 0]
    direct = d_c - d_h * o * (1 - np.tanh(c) ** 2)  # what reaches c other than through h
    found = np.r_[d_h, direct] @ matrix
    expected = np.r_[
        gradients.initial("layer0/forward/h")[0], gradients.initial("layer0/forward/c")[0]
    ]
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-14)


def test_the_same_step_twice_is_the_identity() -> None:
    trace = run(tagger(LSTM, 3), (4,))
    path = path_jacobian(trace, "layer0/forward", 2, 2)
    np.testing.assert_array_equal(path.matrix, np.eye(6))
    assert path.norm == 1.0


def test_holds_cut_the_path() -> None:
    network = tagger(LSTM, 2)
    holds = (
        Hold("layer0/forward/f", 2, 0.9, unit=0),
        Hold("layer0/forward/a_o", 2, 0.4, unit=1),
        Hold("layer0/forward/c", 3, 0.2, unit=1),
        Hold("layer0/x", 2, 0.3),
    )
    trace = network.forward(random_weights(network), batch_of(network, (5,)), holds)
    for last in (2, 3, 4):
        numeric = by_differences(trace, "layer0/forward", (1, last), 0, holds)
        assert_agree(path_jacobian(trace, "layer0/forward", 1, last).matrix, numeric, str(last))
    cut = step_jacobian(trace, "layer0/forward", 3)
    assert not cut.matrix[3].any(), "a held unit depends on nothing"


def test_weights_of_their_own_at_each_step() -> None:
    network = Network(Vectors(2), (Layer(GRU, 2, "both", unshared=4),), None)
    trace = run(network, (4, 4))
    for part, steps in (("layer0/forward", (1, 3)), ("layer0/backward", (3, 1))):
        numeric = by_differences(trace, part, steps, 1)
        assert_agree(path_jacobian(trace, part, *steps, row=1).matrix, numeric, part)


def test_the_blocks() -> None:
    trace = run(tagger(LSTM, 3), (4,))
    jacobian = step_jacobian(trace, "layer0/forward", 2)
    assert jacobian.states == ("h", "c")
    matrix = jacobian.matrix
    np.testing.assert_array_equal(jacobian.block("h", "h"), matrix[:3, :3])
    np.testing.assert_array_equal(jacobian.block("h", "c"), matrix[:3, 3:])
    np.testing.assert_array_equal(jacobian.block("c", "h"), matrix[3:, :3])
    np.testing.assert_array_equal(jacobian.block("c", "c"), matrix[3:, 3:])
    assert not matrix.flags.writeable
    assert not jacobian.block("h", "c").flags.writeable


def test_the_cell_state_of_the_lstm_passes_through_the_forget_gate_alone() -> None:
    trace = run(tagger(LSTM, 3), (5, 3))
    f = trace["layer0/forward/f"]
    for step in range(1, 5):
        block = step_jacobian(trace, "layer0/forward", step).block("c", "c")
        np.testing.assert_allclose(block, np.diag(f[step, 0]), rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(highway(trace, "layer0/forward", "c"), f[:, 0])
    np.testing.assert_array_equal(highway(trace, "layer0/forward", "c", row=1), f[:, 1])
    assert not highway(trace, "layer0/forward", "h").any()


@pytest.mark.parametrize(
    ("name", "state", "expression"),
    [
        ("gru", "h", "1 - z"),
        ("gru_pytorch", "h", "z"),
        ("lstm_1997", "c", "1"),
        ("lstm_coupled", "c", "f"),
        ("lstm_peephole", "c", "f"),
    ],
)
def test_highways(name: str, state: str, expression: str) -> None:
    trace = run(tagger(find_cell(name), 3, direction="backward"), (4, 2))
    found = highway(trace, "layer0/backward", state, row=1)
    np.testing.assert_allclose(found, trace[f"layer0/backward/{expression}"][:, 1], rtol=1e-14)
    assert found.shape == (4, 3)
    assert not found.flags.writeable


def test_a_held_state_has_no_highway() -> None:
    network = tagger(LSTM, 3)
    holds = [Hold("layer0/forward/c", 2, 0.3, unit=1)]
    trace = network.forward(random_weights(network), batch_of(network, (4,)), holds)
    found = highway(trace, "layer0/forward", "c")
    expected = np.array(trace["layer0/forward/f"][:, 0])
    expected[2, 1] = 0.0
    np.testing.assert_array_equal(found, expected)


def test_singular_values() -> None:
    jacobian = Jacobian(("h",), 3, np.diag([0.5, -3.0, 1.0]))
    np.testing.assert_allclose(jacobian.singular_values, [3.0, 1.0, 0.5])
    assert jacobian.norm == pytest.approx(3.0)
    trace = run(tagger(GRU, 3), (4,))
    found = step_jacobian(trace, "layer0/forward", 2)
    np.testing.assert_allclose(
        found.singular_values, np.linalg.svd(np.array(found.matrix), compute_uv=False)
    )
    stretched = max(
        np.linalg.norm(found.matrix @ v) / np.linalg.norm(v)
        for v in np.random.default_rng(0).standard_normal((2000, 3))
    )
    assert 0.97 * found.norm < stretched <= found.norm * (1 + 1e-12)


def test_an_orthogonal_linear_net_neither_grows_nor_shrinks_a_gradient() -> None:
    """relu(U h) with U orthogonal and positive states: every singular value is 1."""
    network = Network(Vectors(2), (Layer(find_cell("rnn_relu"), 2),), None)
    part = "layer0/forward"
    swap = {f"{part}/U": [[0.0, 1.0], [1.0, 0.0]], f"{part}/W": np.zeros((2, 2))}
    weights = random_weights(network).replace({**swap, f"{part}/b": [1.0, 2.0]})
    trace = network.forward(weights, batch_of(network, (9,)))
    np.testing.assert_allclose(path_jacobian(trace, part, 0, 8).singular_values, 1.0)


def test_overflow_is_nan_and_no_warning() -> None:
    network = Network(Vectors(2), (Layer(find_cell("rnn_relu"), 2),), None)
    part = "layer0/forward"
    weights = random_weights(network).replace({f"{part}/U": np.full((2, 2), 1e200)})
    weights = weights.replace({f"{part}/b": np.ones(2)})
    trace = network.forward(weights, batch_of(network, (9,)))
    jacobian = path_jacobian(trace, part, 0, 8)
    assert np.isnan(jacobian.norm)
    assert np.isnan(jacobian.singular_values).all()
    assert np.isfinite(path_jacobian(trace, part, 0, 1).norm)


@every_cell
def test_float32(cell: Cell) -> None:
    network = tagger(cell, 3)
    trace = network.forward(random_weights(network).astype(np.float32), batch_of(network, (4,)))
    assert step_jacobian(trace, "layer0/forward", 2).matrix.dtype == np.float32
    assert path_jacobian(trace, "layer0/forward", 2, 2).matrix.dtype == np.float32
    assert step_jacobian(trace, "layer0/forward", 2).singular_values.dtype == np.float32
    for state in cell.states:
        assert highway(trace, "layer0/forward", state).dtype == np.float32


def test_errors() -> None:
    trace = run(tagger(LSTM, 3, direction="both"), (4, 2))
    for step in (-1, 4, 1.5, "1"):
        with pytest.raises(EngineError, match="step"):
            step_jacobian(trace, "layer0/forward", step)  # type: ignore[arg-type]
    for step in (2, 3):
        with pytest.raises(EngineError, match="row 1 has 2 steps"):
            step_jacobian(trace, "layer0/forward", step, row=1)
    for row in (-1, 2, 0.0):
        with pytest.raises(EngineError, match="row"):
            step_jacobian(trace, "layer0/forward", 0, row=row)  # type: ignore[arg-type]
        with pytest.raises(EngineError, match="row"):
            highway(trace, "layer0/forward", "c", row=row)  # type: ignore[arg-type]
    for part in ("layer0", "layer0/sideways", "layer1/forward", "", "layer0/forward/c", 3):
        with pytest.raises(EngineError, match="part"):
            step_jacobian(trace, part, 0)  # type: ignore[arg-type]
    with pytest.raises(EngineError, match="before"):
        path_jacobian(trace, "layer0/forward", 2, 1)
    with pytest.raises(EngineError, match="before"):
        path_jacobian(trace, "layer0/backward", 1, 2)
    with pytest.raises(EngineError, match="state"):
        highway(trace, "layer0/forward", "f")
    with pytest.raises(EngineError, match="state"):
        step_jacobian(trace, "layer0/forward", 0).block("h", "f")
