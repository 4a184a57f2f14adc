"""Interventions: what is held stands, the rest follows from it, no gradient flows through it."""

import numpy as np
import pytest

from rnnviz.engine.cell import Cell, define
from rnnviz.engine.cells import find_cell
from rnnviz.engine.definitions import definitions
from rnnviz.engine.errors import EngineError
from rnnviz.engine.gradients import backward
from rnnviz.engine.heads import Softmax
from rnnviz.engine.holds import Hold
from rnnviz.engine.inputs import Vectors
from rnnviz.engine.layers import Direction, Layer
from rnnviz.engine.network import Network
from tests.engine.support import (
    assert_initial_states_agree,
    assert_values_agree,
    assert_weights_agree,
    batch_of,
    every_cell,
    quantities,
    random_weights,
    run,
    tagger,
)

LSTM, GRU = find_cell("lstm"), find_cell("gru")
F, C = "layer0/forward/f", "layer0/forward/c"

SUM_IN_A_PRODUCT = define(
    "sum_in_a_product",
    "A weighted sum that enters a product and is used as it is",
    """
    m = W_m @ x + U_m @ h_prev + b_m
    g = sigmoid(W_g @ x + U_g @ m + b_g)
    h = tanh(m) * g + (1 - g) * h_prev
    """,
)


def everything_held(cell: Cell, part: str) -> list[Hold]:
    """Each quantity at one step, one unit or one row of its own; the values are far from theirs."""
    steps = (0, 1, 2)
    return [
        Hold(
            f"{part}/{name}",
            steps[number % 3],
            0.3 - 0.05 * number,
            unit=number % 2 if number % 3 else None,
            row=number % 2 if number % 4 == 1 else None,
        )
        for number, name in enumerate(definitions(cell))
    ]


def test_what_is_held_stands_and_the_rest_follows() -> None:
    network = tagger(LSTM)
    weights, batch = random_weights(network), batch_of(network, (5, 4))
    plain = network.forward(weights, batch)
    held = network.forward(weights, batch, [Hold(F, 2, 0.25)])
    assert (held[F][2] == 0.25).all()
    np.testing.assert_array_equal(held[F][[0, 1]], plain[F][[0, 1]])
    np.testing.assert_array_equal(held["layer0/forward/a_f"][2], plain["layer0/forward/a_f"][2])
    i, g = held["layer0/forward/i"], held["layer0/forward/g"]
    np.testing.assert_allclose(held[C][2], 0.25 * held[C][1] + i[2] * g[2], rtol=1e-14)
    assert not np.allclose(held["layer0/output"][3], plain["layer0/output"][3])


def test_one_unit_of_one_row() -> None:
    network = tagger(LSTM)
    weights, batch = random_weights(network), batch_of(network, (5, 4))
    plain = network.forward(weights, batch)
    held = network.forward(weights, batch, [Hold(C, 1, -0.5, unit=2, row=1)])
    changed = held[C][1] != plain[C][1]
    assert changed.tolist() == [[False] * 3, [False, False, True]]
    np.testing.assert_array_equal(held["head/outputs"][:, 0], plain["head/outputs"][:, 0])


def test_the_later_of_two_holds_wins() -> None:
    network = tagger(LSTM)
    holds = [Hold(C, 1, 0.5), Hold(C, 1, -0.5, unit=0), Hold(C, 1, 0.1, unit=0, row=1)]
    trace = network.forward(random_weights(network), batch_of(network, (3, 3)), holds)
    assert trace[C][1].tolist() == [[-0.5, 0.5, 0.5], [0.1, 0.5, 0.5]]


def test_steps_are_those_that_people_count_whatever_the_direction() -> None:
    network = tagger(LSTM, direction="backward")
    path = "layer0/backward/c"
    weights, batch = random_weights(network), batch_of(network, (5, 3))
    trace = network.forward(weights, batch, [Hold(path, 1, 0.5)])
    assert (trace[path][1] == 0.5).all()
    np.testing.assert_array_equal(trace[f"{path}_prev"][0], trace[path][1])


@every_cell
@pytest.mark.parametrize("direction", ["forward", "backward"])
def test_gradients_with_every_quantity_held_somewhere(cell: Cell, direction: Direction) -> None:
    network = Network(Vectors(2), (Layer(cell, 2, direction), Layer(cell, 2)), Softmax(2))
    part = f"layer0/{direction}"
    holds = [*everything_held(cell, part), Hold("layer1/x", 1, 0.4, unit=0)]
    weights, batch = random_weights(network), batch_of(network, (3, 4))
    trace = network.forward(weights, batch, holds)
    gradients = backward(trace)
    assert_weights_agree(trace, gradients)
    assert_initial_states_agree(trace, gradients)
    assert_values_agree(trace, gradients, [path for path in quantities(trace) if "0" in path])


@every_cell
def test_each_quantity_held_alone(cell: Cell) -> None:
    network = Network(Vectors(2), (Layer(cell, 2),), Softmax(2))
    weights, batch = random_weights(network), batch_of(network, (3,))
    for name in definitions(cell):
        trace = network.forward(weights, batch, [Hold(f"layer0/forward/{name}", 1, 0.4)])
        assert_weights_agree(trace, backward(trace))


def test_a_sum_that_enters_a_product_can_be_held() -> None:
    network = Network(Vectors(2), (Layer(SUM_IN_A_PRODUCT, 2, "both"),), Softmax(2))
    weights, batch = random_weights(network), batch_of(network, (3, 2))
    for holds in ([], [Hold("layer0/forward/m", 1, 0.4), Hold("layer0/backward/m", 0, 0.1, 1)]):
        trace = network.forward(weights, batch, holds)
        gradients = backward(trace)
        assert_weights_agree(trace, gradients)
        assert_values_agree(trace, gradients, quantities(trace))


def test_no_gradient_flows_through_what_is_held() -> None:
    network = tagger(LSTM)
    weights, batch = random_weights(network), batch_of(network, (5, 5))
    every_state = [Hold(f"layer0/forward/{state}", 2, 0.2) for state in "hc"]
    gradients = backward(network.forward(weights, batch, every_state), (4,))
    assert gradients["layer0/forward/h"][2].any(), "the held state itself has a gradient"
    assert not gradients["layer0/forward/h"][:2].any()
    assert not gradients["layer0/forward/a_f"][:3].any()
    assert not gradients["layer0/x"][:3].any()


def test_holds_on_the_input_cut_what_is_below() -> None:
    network = tagger(GRU, layers=2)
    weights, batch = random_weights(network), batch_of(network, (4,))
    trace = network.forward(weights, batch, [Hold("layer1/x", 1, 0.3)])
    gradients = backward(trace)
    assert gradients["layer1/x"][1].any()
    assert not gradients["layer0/output"][1].any()
    assert_weights_agree(trace, gradients)


@pytest.mark.parametrize("residual", [False, True])
def test_a_residual_connection_carries_what_is_held(residual: bool) -> None:
    network = Network(Vectors(3), (Layer(GRU, 3), Layer(GRU, 3, residual=residual)), Softmax(2))
    weights, batch = random_weights(network), batch_of(network, (4, 2))
    trace = network.forward(weights, batch, [Hold("layer1/x", 1, 0.3, unit=1)])
    assert_weights_agree(trace, backward(trace))


@every_cell
def test_holds_in_float32(cell: Cell) -> None:
    network = Network(Vectors(2), (Layer(cell, 2),), Softmax(2))
    weights = random_weights(network).astype(np.float32)
    holds = everything_held(cell, "layer0/forward")
    gradients = backward(network.forward(weights, batch_of(network, (3, 4)), holds))
    assert gradients.weights.vector.dtype == np.float32
    for path in gradients.paths():
        assert gradients[path].dtype == np.float32


@pytest.mark.parametrize(
    ("hold", "word"),
    [
        (Hold(F, 3, 0.5), "step: 3 came"),
        (Hold(F, -1, 0.5), "step: -1 came"),
        (Hold(F, 0, 0.5, unit=3), "unit: 3 came"),
        (Hold(F, 0, 0.5, unit=-1), "unit: -1 came"),
        (Hold(F, 0, 0.5, row=2), "row: 2 came"),
        (Hold(F, 0, np.inf), "inf"),
        (Hold(F, 0, np.nan), "nan"),
        (Hold("layer0/forward/q", 0, 0.5), "layer0/forward/q"),
        (Hold("layer0/forward/h_prev", 0, 0.5), "h_prev"),
        (Hold("layer0/output", 0, 0.5), "layer0/output"),
        (Hold("layer0/forward", 0, 0.5), "layer0/forward"),
        (Hold("layer7/x", 0, 0.5), "layer7/x"),
        (Hold("f", 0, 0.5), "'f'"),
        (Hold(F, 1.5, 0.5), "step: 1.5 came"),  # type: ignore[arg-type]
        (Hold(F, "1", 0.5), "step: '1' came"),  # type: ignore[arg-type]
        (Hold(F, 0, 0.5, unit=0.0), "unit: 0.0 came"),  # type: ignore[arg-type]
        (Hold(F, 0, "much"), "much"),  # type: ignore[arg-type]
        (Hold(3, 0, 0.5), "3"),  # type: ignore[arg-type]
    ],
    ids=str,
)
def test_a_hold_of_nothing_is_an_error(hold: Hold, word: str) -> None:
    trace = run(tagger(LSTM), (3, 2))
    with pytest.raises(EngineError, match="hold") as raised:
        trace.network.forward(trace.weights, trace.batch, [hold])
    assert word in str(raised.value)


def test_something_else_than_a_hold_is_an_error() -> None:
    trace = run(tagger(LSTM), (3, 2))
    for wrong in (["f"], "f", 3, Hold(F, 0, 0.5)):
        with pytest.raises(EngineError, match="hold"):
            trace.network.forward(trace.weights, trace.batch, wrong)  # type: ignore[arg-type]
