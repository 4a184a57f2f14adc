"""What holds for any cell, any lengths and any weights."""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import CELLS
from rnnviz.engine.definitions import Elementwise, definitions
from rnnviz.engine.expressions import Apply
from rnnviz.engine.gradients import backward
from rnnviz.engine.heads import CRF, Head, Regression, Softmax
from rnnviz.engine.holds import Hold
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.jacobians import highway, step_jacobian
from rnnviz.engine.layers import Direction, Layer
from rnnviz.engine.network import Network
from rnnviz.engine.optimisers import clip_norm, clip_value
from rnnviz.engine.trace import Trace
from tests.engine.support import Values, batch_of, quantities, random_weights

cells = st.sampled_from(CELLS)
directions: st.SearchStrategy[Direction] = st.sampled_from(["forward", "backward", "both"])
seeds = st.integers(0, 2**31)
scales = st.sampled_from([0.01, 0.3, 1.0, 3.0])
lengths = st.lists(st.integers(1, 6), min_size=1, max_size=4).map(tuple)
RANGES = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0), "relu": (0.0, np.inf)}


@st.composite
def networks(draw: Callable[[Any], Any]) -> Network:
    """One or two layers of any cells, read in any direction, with any head."""
    reads = draw(st.sampled_from([Tokens(4), Tokens(4, 3), Vectors(2)]))
    heads: list[Head] = [Softmax(3), Regression(2), CRF(2)]
    layers = tuple(
        Layer(draw(cells), draw(st.integers(1, 3)), draw(directions))
        for _ in range(draw(st.integers(1, 2)))
    )
    return Network(reads, layers, draw(st.sampled_from(heads)))


def run(network: Network, rows: tuple[int, ...], seed: int, scale: float = 0.6) -> Trace:
    weights = random_weights(network, seed, scale)
    return network.forward(weights, batch_of(network, rows, seed % 1000))


@given(cells, directions, lengths, seeds, scales)
def test_what_is_squashed_stays_in_its_range(
    cell: Cell, direction: Direction, rows: tuple[int, ...], seed: int, scale: float
) -> None:
    trace = run(Network(Vectors(2), (Layer(cell, 3, direction),), None), rows, seed, scale)
    for way in trace.runs["layer0"].tapes:
        for name, definition in definitions(cell).items():
            match definition:
                case Elementwise(_, Apply(function, _)):
                    value = trace[f"layer0/{way}/{name}"]
                    low, high = RANGES[function]
                    assert ((value >= low) & (value <= high)).all(), name
        if cell.name.startswith(("gru", "lstm")):
            assert (abs(trace[f"layer0/{way}/h"]) <= 1.0).all()


@given(networks(), lengths, seeds)
def test_a_batch_is_its_rows(network: Network, rows: tuple[int, ...], seed: int) -> None:
    together = run(network, rows, seed)
    gradients = backward(together)
    total = np.zeros(network.layout.size)
    for row, length in enumerate(rows):
        own = together.batch
        batch = network.batch(
            [own.inputs[:length, row]], [own.targets[:length, row]], dtype=np.float64
        )
        alone = network.forward(together.weights, batch)
        back = backward(alone)
        total += back.weights.vector
        for path in [*quantities(together), "head/outputs"]:
            np.testing.assert_allclose(together[path][:length, row], alone[path][:, 0], atol=1e-12)
            mine = len(rows) * gradients[path][:length, row]
            np.testing.assert_allclose(mine, back[path][:, 0], atol=1e-11)
    np.testing.assert_allclose(len(rows) * gradients.weights.vector, total, atol=1e-11)


@given(networks(), lengths, seeds, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(
    network: Network, rows: tuple[int, ...], seed: int, random: Any
) -> None:
    trace = run(network, rows, seed)
    order = list(range(len(rows)))
    random.shuffle(order)
    own = trace.batch
    batch = network.batch(
        [own.inputs[: rows[b], b] for b in order], [own.targets[: rows[b], b] for b in order]
    )
    other = network.forward(trace.weights, batch)
    np.testing.assert_allclose(other.loss(), trace.loss(), rtol=1e-11)
    np.testing.assert_allclose(
        backward(other).weights.vector, backward(trace).weights.vector, atol=1e-11
    )
    for place, b in enumerate(order):
        np.testing.assert_allclose(
            other["head/outputs"][: rows[b], place], trace["head/outputs"][: rows[b], b], atol=1e-12
        )


@given(networks(), st.integers(1, 6), st.integers(0, 3), seeds)
def test_truncation_after_all_steps_is_none(
    network: Network, steps: int, more: int, seed: int
) -> None:
    trace = run(network, (steps,), seed)
    short, whole = backward(trace, truncate=steps + more), backward(trace)
    np.testing.assert_allclose(short.weights.vector, whole.weights.vector, atol=1e-12)
    for path in whole.paths():
        np.testing.assert_allclose(short[path], whole[path], atol=1e-12)
    assert short.cut is not None
    assert not np.any(list(short.cut.norms.values()))


@given(networks(), st.integers(1, 6), st.integers(1, 5), seeds)
def test_truncation_leaves_the_last_steps_of_each_loss(
    network: Network, steps: int, k: int, seed: int
) -> None:
    """What it cuts from the gradient of the outputs' own step is nothing."""
    trace = run(network, (steps,), seed)
    short, whole = backward(trace, truncate=k), backward(trace)
    for path in ("head/V", "head/d"):
        np.testing.assert_array_equal(short.weights[path], whole.weights[path])
    assert short.cut is not None
    top = f"layer{len(network.layers) - 1}"
    for part, norms in short.cut.norms.items():
        assert len(norms) == steps
        reached = norms[:k] if part.endswith("forward") else norms[steps - k if k < steps else 0 :]
        if part.startswith(top):
            assert not np.any(reached)


vectors = st.lists(st.floats(-1e300, 1e300, allow_nan=False), min_size=1, max_size=8).map(
    lambda values: np.array(values, np.float64)
)
limits = st.floats(0.0, 1e6, allow_nan=False)


@given(vectors, limits)
def test_clipping_never_raises_the_norm(vector: Values, limit: float) -> None:
    for clip in (clip_norm, clip_value):
        found = clip(vector, limit)
        assert found.norm_after <= found.norm_before * (1 + 1e-12)
        assert (abs(found.vector) <= abs(vector) * (1 + 1e-12)).all()
        assert (np.sign(found.vector) * np.sign(vector) >= 0.0).all()
    assert clip_norm(vector, limit).norm_after <= limit * (1 + 1e-9)
    assert (abs(clip_value(vector, limit).vector) <= limit).all()


@given(networks(), lengths, seeds, st.floats(1e-3, 10.0))
def test_clipped_gradients_are_shorter(
    network: Network, rows: tuple[int, ...], seed: int, limit: float
) -> None:
    gradients = backward(run(network, rows, seed))
    before = float(np.linalg.norm(gradients.weights.vector))
    clipped, report = gradients.clip_norm(limit)
    after = float(np.linalg.norm(clipped.vector))
    assert after <= min(before, limit) * (1 + 1e-12)
    np.testing.assert_allclose([report.norm_before, report.norm_after], [before, after], rtol=1e-12)
    if before > 0.0:
        turned = clipped.vector / after - gradients.weights.vector / before
        np.testing.assert_allclose(turned, 0.0, atol=1e-12)


@given(networks(), lengths, seeds, st.data())
def test_holding_a_quantity_at_its_own_value_changes_nothing(
    network: Network, rows: tuple[int, ...], seed: int, data: st.DataObject
) -> None:
    trace = run(network, rows, seed)
    path = data.draw(st.sampled_from(quantities(trace)))
    step, row, unit = (data.draw(st.integers(0, size - 1)) for size in trace[path].shape)
    hold = Hold(path, step, float(trace[path][step, row, unit]), unit, row)
    held = network.forward(trace.weights, trace.batch, [hold])
    for other in trace.paths():
        np.testing.assert_array_equal(held[other], trace[other], err_msg=other)
    assert held.loss() == trace.loss()


@given(networks(), st.integers(2, 5), seeds)
def test_the_future_does_not_reach_the_past(network: Network, steps: int, seed: int) -> None:
    """A forward layer's value depends on no later input, a backward layer's on no earlier one."""
    trace = run(network, (steps,), seed)
    own = trace.batch
    inputs = own.inputs.copy()
    inputs[-1] = (inputs[-1] + 1) % 4 if inputs.dtype.kind == "i" else inputs[-1] + 1.0
    other = network.forward(trace.weights, network.batch([inputs[:, 0]], [own.targets[:, 0]]))
    for way in trace.runs["layer0"].tapes:
        one, two = trace[f"layer0/{way}/h"], other[f"layer0/{way}/h"]
        if way == "forward":
            np.testing.assert_array_equal(one[:-1], two[:-1])


@given(cells, st.integers(2, 5), seeds)
def test_a_jacobian_is_highway_and_matrices(cell: Cell, steps: int, seed: int) -> None:
    """Without recurrent matrices the step Jacobian of a state by itself is the highway."""
    network = Network(Vectors(2), (Layer(cell, 3),), None)
    weights = random_weights(network, seed)
    cut = {p: np.zeros(a.shape) for p, a in weights.items() if "/U" in p or "/p_" in p}
    trace = network.forward(weights.replace(cut), batch_of(network, (steps,), seed % 1000))
    state = cell.states[-1]
    jacobian = step_jacobian(trace, "layer0/forward", steps - 1).block(state, state)
    expected = np.diag(highway(trace, "layer0/forward", state)[-1])
    np.testing.assert_allclose(jacobian, expected, atol=1e-13)


@given(networks(), lengths, seeds)
def test_float32_is_float64_rounded(network: Network, rows: tuple[int, ...], seed: int) -> None:
    exact = run(network, rows, seed, 0.3)
    rough = network.forward(exact.weights.astype(np.float32), exact.batch)
    for path in exact.paths():
        np.testing.assert_allclose(rough[path], exact[path], rtol=1e-3, atol=1e-4, err_msg=path)
    np.testing.assert_allclose(
        backward(rough).weights.vector, backward(exact).weights.vector, rtol=1e-2, atol=1e-3
    )
