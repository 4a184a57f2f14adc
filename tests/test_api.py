"""`import rnnviz` offers a small documented surface whose example runs, and loads no Qt."""

import doctest
import inspect
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnviz

ROOT = Path(__file__).parent.parent


def test_the_example_of_the_package_runs() -> None:
    done = doctest.testmod(rnnviz, raise_on_error=False)
    assert done.failed == 0
    assert done.attempted >= 8


def test_all_that_is_offered_is_there_and_documented() -> None:
    assert len(set(rnnviz.__all__)) == len(rnnviz.__all__)
    public = {
        n for n, v in vars(rnnviz).items() if not n.startswith("_") and not inspect.ismodule(v)
    }
    assert public == set(rnnviz.__all__) - {"__version__"}
    for name in sorted(public - {"CELLS"}):
        assert inspect.getdoc(getattr(rnnviz, name)), name
    assert rnnviz.__version__.count(".") == 2


def test_importing_loads_numpy_alone() -> None:
    code = (
        "import sys, rnnviz\n"
        "known = {'numpy', 'rnnviz', *sys.stdlib_module_names}\n"
        "own = {n.partition('.')[0] for n, m in sys.modules.items() if getattr(m, '__file__', 0)}\n"
        "print(*sorted(n for n in own - known if not n.startswith('_')))"
    )
    command = [sys.executable, "-W", "error", "-S", "-c", code]
    paths = [str(ROOT), *(p for p in sys.path if p)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={"PYTHONPATH": ":".join(paths) if sys.platform != "win32" else ";".join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == ""


# --------------------------------------------------------------------------------- the shorthand


def test_a_network_from_a_few_words() -> None:
    network = rnnviz.network("gru", rnnviz.Tokens(7, 3), 4, rnnviz.Softmax(2), layers=2)
    gru = rnnviz.find_cell("gru")
    assert network == rnnviz.Network(
        rnnviz.Tokens(7, 3), (rnnviz.Layer(gru, 4), rnnviz.Layer(gru, 4)), rnnviz.Softmax(2)
    )
    deep = rnnviz.network(gru, rnnviz.Vectors(3), (5, 2), form="many-to-one", direction="both")
    assert [layer.hidden for layer in deep.layers] == [5, 2]
    assert deep.single
    assert deep.layers[0].outputs == 10
    assert deep.head is None


def test_a_cell_of_the_readers_own() -> None:
    cell = rnnviz.define("mine", "Mine", "h = tanh(W @ x + U @ h_prev)")
    network = rnnviz.network(cell, rnnviz.Vectors(2), 3, rnnviz.Regression(1))
    x, y = np.ones((4, 2)), np.zeros((4, 1))
    trace = rnnviz.forward(network, rnnviz.initial_weights(network), x, y)
    assert rnnviz.check(trace).passed
    assert trace["layer0/forward/h"].shape == (4, 1, 3)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"cell": "elman"}, "elman.*rnn"),
        ({"hidden": 0}, "hidden: 0"),
        ({"hidden": ()}, "layers"),
        ({"hidden": (2, 2), "layers": 3}, "hidden names 2"),
        ({"layers": 0}, "layers: 0"),
        ({"direction": "up"}, "direction: 'up'"),
        ({"form": "some-to-many"}, "some-to-many"),
    ],
)
def test_what_does_not_fit_is_named(arguments: dict[str, Any], words: str) -> None:
    whole = {"cell": "rnn", "input": rnnviz.Tokens(2), "hidden": 2, **arguments}
    with pytest.raises(rnnviz.EngineError, match=words):
        rnnviz.network(**whole)


def test_forward_takes_lists_and_batches_initial_states_and_holds() -> None:
    network = rnnviz.network("lstm", rnnviz.Tokens(3), 2, rnnviz.Softmax(2))
    weights = rnnviz.initial_weights(network)
    initial = {"layer0/forward/c": [1.0, -1.0]}
    hold = rnnviz.Hold("layer0/forward/f", 0, 1.0)
    trace = rnnviz.forward(network, weights, [0, 1], [1, 0], initial, [hold])
    assert trace["layer0/forward/c_prev"][0, 0].tolist() == [1.0, -1.0]
    assert trace["layer0/forward/f"][0, 0].tolist() == [1.0, 1.0]
    again = rnnviz.forward(network, weights, trace.batch, holds=[hold])
    np.testing.assert_array_equal(again["head/outputs"], trace["head/outputs"])
    assert rnnviz.forward(network, weights.astype("float32"), [0])["layer0/x"].dtype == "float32"
    with pytest.raises(rnnviz.EngineError, match="batch came"):
        rnnviz.forward(network, weights, trace.batch, [1, 0])


def test_forward_of_an_encoder_decoder() -> None:
    layers = (rnnviz.Layer(rnnviz.find_cell("gru"), 3),)
    network = rnnviz.EncoderDecoder(rnnviz.Tokens(4), layers, rnnviz.Tokens(5), layers, attention=2)
    weights = rnnviz.initial_weights(network)
    trace = rnnviz.forward(network, weights, [0, 1, 2], [3, 4])
    assert trace["attention/weights"].shape == (3, 1, 3)
    assert rnnviz.check(trace, coverage=rnnviz.Coverage(weights=50, values=2)).passed
    with pytest.raises(rnnviz.EngineError, match="initial"):
        rnnviz.forward(network, weights, [0], [3], {"encoder/layer0/forward/h": [0.0] * 3})
