"""The gradient of each loss alone, for all losses in one pass."""

import numpy as np
import pytest

from rnnviz.engine import itemised
from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import find_cell
from rnnviz.engine.errors import EngineError
from rnnviz.engine.gradients import backward
from rnnviz.engine.heads import CRF, Regression, Softmax
from rnnviz.engine.holds import Hold
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.itemised import loss_gradients, loss_matrix
from rnnviz.engine.layers import Layer
from rnnviz.engine.losses import LossSteps
from rnnviz.engine.network import Network
from rnnviz.engine.trace import Trace
from tests.engine.support import (
    Values,
    batch_of,
    every_cell,
    quantities,
    random_weights,
    run,
    tagger,
)

LSTM, GRU = find_cell("lstm"), find_cell("gru")


def one_by_one(trace: Trace, path: str, steps: tuple[int, ...]) -> Values:
    found = np.zeros((trace.steps, len(trace[path])))
    for s in steps:
        found[s] = backward(trace, (s,)).norms(path)
    return found


@every_cell
def test_a_row_is_the_backward_pass_of_one_loss(cell: Cell) -> None:
    trace = run(tagger(cell, layers=2, direction="both"), (5,))
    for path in quantities(trace):
        np.testing.assert_allclose(
            loss_matrix(trace, path), one_by_one(trace, path, tuple(range(5))), atol=1e-14
        )


def test_the_rows_add_up_to_the_gradient() -> None:
    trace = run(tagger(LSTM, layers=2), (5,))
    whole = backward(trace)
    (parts,) = loss_gradients(trace)
    for path in quantities(trace):
        np.testing.assert_allclose(parts[path].sum(axis=1), whole[path][:, 0], atol=1e-14)


def test_a_loss_reaches_no_later_step() -> None:
    matrix = loss_matrix(run(tagger(LSTM), (5,)), "layer0/forward/h")
    assert matrix.shape == (5, 5)
    assert not np.triu(matrix, 1).any()
    assert (matrix[np.tril_indices(5)] > 0.0).all()
    assert not matrix.flags.writeable


@pytest.mark.parametrize("steps", [(1, 3), (-1,), "last", ()], ids=str)
def test_losses_left_out_have_rows_of_zeros(steps: LossSteps) -> None:
    trace = run(tagger(GRU), (5,))
    chosen = (4,) if steps in ("last", (-1,)) else steps
    assert not isinstance(chosen, str)
    path = "layer0/forward/h"
    np.testing.assert_allclose(
        loss_matrix(trace, path, steps), one_by_one(trace, path, chosen), atol=1e-14
    )


@pytest.mark.parametrize("reads", [Tokens(4, 2), Tokens(4), Vectors(2)])
@pytest.mark.parametrize("head", [Softmax(3), Regression(2)], ids=lambda h: h.kind)
def test_inputs_and_heads(reads: Tokens | Vectors, head: Softmax | Regression) -> None:
    trace = run(Network(reads, (Layer(LSTM, 3),), head), (4,))
    for path in ("layer0/x", "layer0/forward/a_o"):
        np.testing.assert_allclose(
            loss_matrix(trace, path), one_by_one(trace, path, (0, 1, 2, 3)), atol=1e-14
        )


@pytest.mark.parametrize("direction", ["forward", "backward", "both"])
def test_one_answer_is_one_row(direction: str) -> None:
    layer = Layer(LSTM, 3, direction)  # type: ignore[arg-type]
    trace = run(Network(Vectors(2), (layer,), Softmax(2), "many-to-one"), (4,))
    path = f"layer0/{layer.directions[-1]}/c"
    matrix = loss_matrix(trace, path)
    assert matrix.shape == (1, 4)
    np.testing.assert_allclose(matrix[0], backward(trace).norms(path), atol=1e-14)


def test_the_loss_of_a_path_is_one_row() -> None:
    trace = run(tagger(LSTM, head=CRF(3)), (4,))
    matrix = loss_matrix(trace, "layer0/forward/h")
    np.testing.assert_allclose(matrix, backward(trace).norms("layer0/forward/h")[None], atol=1e-14)


def test_residual_connections_dropout_and_holds() -> None:
    layers = (Layer(GRU, 3, dropout=0.3), Layer(GRU, 3, residual=True))
    network = Network(Vectors(3), layers, Softmax(2))
    holds = [Hold("layer0/forward/z", 1, 0.5), Hold("layer1/x", 2, 0.1, unit=0)]
    trace = network.forward(
        random_weights(network), batch_of(network, (4,)), holds, np.random.default_rng(1)
    )
    for path in quantities(trace):
        np.testing.assert_allclose(
            loss_matrix(trace, path), one_by_one(trace, path, (0, 1, 2, 3)), atol=1e-14
        )


def test_weights_of_their_own_at_each_step() -> None:
    trace = run(tagger(LSTM, direction="both", unshared=4), (4,))
    for path in quantities(trace):
        np.testing.assert_allclose(
            loss_matrix(trace, path), one_by_one(trace, path, (0, 1, 2, 3)), atol=1e-14
        )


def test_many_losses_are_done_in_several_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    trace = run(tagger(LSTM), (7,))
    at_once = loss_matrix(trace, "layer0/forward/c")
    monkeypatch.setattr(itemised, "BUDGET", 2 * 7 * 3 * 6)
    assert len(list(loss_gradients(trace))) == 4
    np.testing.assert_allclose(loss_matrix(trace, "layer0/forward/c"), at_once, rtol=1e-13)


def test_float32() -> None:
    network = tagger(LSTM)
    weights = random_weights(network).astype(np.float32)
    trace = network.forward(weights, batch_of(network, (4,)))
    assert loss_matrix(trace, "layer0/forward/c").dtype == np.float32


def test_errors() -> None:
    trace = run(tagger(LSTM), (4,))
    with pytest.raises(EngineError, match="layer0/forward/q"):
        loss_matrix(trace, "layer0/forward/q")
    with pytest.raises(EngineError, match="rows came"):
        loss_matrix(run(tagger(LSTM), (4, 3)), "layer0/x")
    network = tagger(LSTM)
    silent = network.forward(random_weights(network), network.batch([[[0.0, 1.0]]]))
    with pytest.raises(EngineError, match="targets"):
        loss_matrix(silent, "layer0/x")
    for path in ("head/outputs", "layer0/output"):
        assert loss_matrix(trace, path).shape == (4, 4)
