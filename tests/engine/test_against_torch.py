"""Values and all gradients beside those that PyTorch gave (see `tests/references`), to 1e-10."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from rnnviz.engine.cell import INPUT
from rnnviz.engine.cells import find_cell
from rnnviz.engine.gradients import backward
from rnnviz.engine.heads import Regression, Softmax
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.trace import Trace
from rnnviz.engine.weights import Weights
from tests.engine.support import Values
from tests.references import cases, load

Arrays = dict[str, Values]
GATES = {"rnn": "h", "lstm": "ifgo", "gru": "rzn"}
"""The order in which torch stacks the gates."""


def close(ours: Values, torchs: Values, what: str) -> None:
    np.testing.assert_allclose(ours, torchs, rtol=1e-10, atol=1e-10, err_msg=what)


def cell_name(meta: dict[str, Any]) -> str:
    if meta["cell"] == "rnn":
        return "rnn_relu" if meta["variant"] == "relu" else "rnn"
    return {"lstm": "lstm", "gru": "gru_pytorch"}[meta["cell"]]


def ours(cell: str, letter: str, gate: str) -> str:
    return letter if cell == "rnn" else f"{letter}_{gate}"


def parts(cell: str, arrays: Arrays, suffix: str, prefix: str = "") -> Iterator[tuple[str, Values]]:
    """Our weight names and what torch has there; `prefix` may be `d_`, for the derivatives.

    torch has two biases, of which we keep the sum: the derivative of either is that of the sum. The
    exception is the candidate of the GRU, whose second bias stands inside the reset gate.
    """
    wide = [arrays[f"{prefix}{name}_{suffix}"] for name in ("weight_ih", "weight_hh")]
    biases = [arrays[f"{prefix}{name}_{suffix}"] for name in ("bias_ih", "bias_hh")]
    count = len(GATES[cell])
    for number, gate in enumerate(GATES[cell]):
        W, U = (np.split(a, count)[number] for a in wide)
        first, second = (np.split(a, count)[number] for a in biases)
        yield ours(cell, "W", gate), W
        yield ours(cell, "U", gate), U
        if (cell, gate) == ("gru", "n"):
            yield "b_n", first
            yield "d_n", second
            continue
        if prefix:
            close(first, second, f"torch's own two biases of {gate}")
        yield ours(cell, "b", gate), first if prefix else first + second


def directions(meta: dict[str, Any]) -> list[tuple[str, str]]:
    """Our part and torch's suffix, in torch's order of states."""
    ways = [("forward", ""), ("backward", "_reverse")][: meta["directions"]]
    return [
        (f"layer{number}/{way}", f"l{number}{suffix}")
        for number in range(meta["layers"])
        for way, suffix in ways
    ]


def rows(padded: Values, lengths: list[int] | None) -> list[Values]:
    count = padded.shape[1]
    return [padded[:n, row] for row, n in enumerate(lengths or [len(padded)] * count)]


def weights_of(network: Network, found: dict[str, Values]) -> Weights:
    zero = Weights(network.layout, np.full(network.layout.size, np.nan))
    filled = zero.replace(found)
    assert np.isfinite(filled.vector).all(), "a weight was left out"
    return filled


@pytest.mark.parametrize("case", cases("nn_"))
def test_layers(case: str) -> None:
    meta, arrays = load(case)
    kind, sizes = meta["cell"], meta["sizes"]
    direction = "both" if meta["directions"] == 2 else "forward"
    layer = Layer(find_cell(cell_name(meta)), sizes["H"], direction)  # type: ignore[arg-type]
    network = Network(Vectors(sizes["I"]), (layer,) * meta["layers"])
    given = {
        f"{part}/{name}": value
        for part, suffix in directions(meta)
        for name, value in parts(kind, arrays, suffix)
    }
    states = {
        f"{part}/{state}": arrays[f"{state}_0"][place]
        for place, (part, _) in enumerate(directions(meta))
        for state in layer.cell.states
        if meta["states_given"]
    }
    batch = network.batch(rows(arrays["input"], meta["lengths"]), initial=states)
    trace = network.forward(weights_of(network, given), batch)

    close(trace[f"layer{meta['layers'] - 1}/output"], arrays["output"], "output")
    finals: dict[str, Values] = {}
    for place, (part, _) in enumerate(directions(meta)):
        for state, functional in zip(layer.cell.states, "BC", strict=False):
            close(trace.final(f"{part}/{state}"), arrays[f"{state}_n"][place], f"last {state}")
            finals[f"{part}/{state}"] = arrays[functional][place]

    gradients = backward(trace, d_read=arrays["A"], d_final=finals)

    close(gradients["layer0/x"], arrays["d_input"], "input")
    for place, (part, suffix) in enumerate(directions(meta)):
        for name, value in parts(kind, arrays, suffix, "d_"):
            close(gradients.weights[f"{part}/{name}"], value, f"{part}/{name}")
            close(gradients.share(f"{part}/{name}").sum(axis=0), value, f"shares of {part}/{name}")
        for state in layer.cell.states if meta["states_given"] else ():
            close(gradients.initial(f"{part}/{state}"), arrays[f"d_{state}_0"][place], state)


CELL_NAMES = {
    "cell_rnn_tanh": "rnn",
    "cell_rnn_relu": "rnn_relu",
    "cell_lstm": "lstm",
    "cell_lstm_peephole": "lstm_peephole",
    "cell_lstm_1997": "lstm_1997",
    "cell_lstm_coupled": "lstm_coupled",
    "cell_gru_before": "gru",
    "cell_gru_after": "gru_reset_after",
}


def test_every_written_cell_is_compared() -> None:
    assert set(cases("cell_")) == set(CELL_NAMES)


@pytest.mark.parametrize("case", cases("cell_"))
def test_every_quantity_of_a_cell(case: str) -> None:
    meta, arrays = load(case)
    sizes, cell = meta["sizes"], find_cell(CELL_NAMES[case])
    network = Network(Vectors(sizes["I"]), (Layer(cell, sizes["H"]),))
    part = "layer0/forward"
    named = {
        f"{letter}_{gate}": f"{part}/{ours(meta['cell'], letter, gate)}"
        for letter in "WUb"
        for gate in meta["gates"]
    }
    named |= {f"p_{gate}": f"{part}/p_{gate}" for gate in meta["peepholes"]}
    given = {path: arrays[name] for name, path in named.items()}
    if case == "cell_gru_after":
        given[f"{part}/d_n"] = np.zeros(sizes["H"])
    states = {f"{part}/{state}": arrays[f"{state}_0"] for state in cell.states}
    batch = network.batch(rows(arrays["input"], None), initial=states)
    trace = network.forward(weights_of(network, given), batch)
    gradients = backward(trace, d_read=arrays["A"])

    for name in meta["quantities"]:
        close(trace[f"{part}/{name}"], arrays[name], name)
        close(gradients[f"{part}/{name}"], arrays[f"d_{name}"], f"d_{name}")
    close(gradients[f"layer0/{INPUT}"], arrays["d_input"], "d_input")
    for name, path in named.items():
        close(gradients.weights[path], arrays[f"d_{name}"], f"d_{name}")
        close(gradients.share(path).sum(axis=0), arrays[f"d_{name}"], f"shares of {name}")
    for state in cell.states:
        close(gradients.initial(f"{part}/{state}"), arrays[f"d_{state}_0"], f"d_{state}_0")


def inside(trace: Trace, array: Values) -> Values:
    """The data without the padding, where torch goes on computing."""
    return array[np.arange(trace.steps)[:, None] < trace.batch.all_lengths]


@pytest.mark.parametrize("case", cases("network_classify"))
def test_a_network_of_tokens(case: str) -> None:
    meta, arrays = load(case)
    sizes, last = meta["sizes"], meta["targets"] == "last"
    network = Network(
        Tokens(sizes["vocabulary"], sizes["I"]),
        (Layer(find_cell("lstm"), sizes["H"]),),
        Softmax(meta["outputs"]),
        "many-to-one" if last else "many-to-many",
    )
    lstm = {key.removeprefix("lstm."): a for key, a in arrays.items() if key.startswith("lstm.")}
    given = {f"layer0/forward/{name}": a for name, a in parts("lstm", lstm, "l0")}
    given |= {"embedding/E": arrays["embedding.weight"]}
    given |= {"head/V": arrays["linear.weight"], "head/d": arrays["linear.bias"]}
    tokens = [row.tolist() for row in rows(arrays["tokens"], meta["lengths"])]
    answers = arrays["targets"].tolist() if last else rows(arrays["targets"], meta["lengths"])
    trace = network.forward(weights_of(network, given), network.batch(tokens, answers))
    gradients = backward(trace)

    assert trace.loss() == pytest.approx(float(arrays["L"]), rel=1e-12)
    logits = trace["head/outputs"][0] if last else inside(trace, trace["head/outputs"])
    close(logits, arrays["logits"] if last else inside(trace, arrays["logits"]), "logits")
    shown = trace.predictions[0] if last else inside(trace, trace.predictions)
    expected = arrays["probabilities"]
    close(shown, expected if last else inside(trace, expected), "probabilities")
    for ours_, torchs in (("layer0/x", "embedded"), ("layer0/output", "output")):
        close(inside(trace, trace[ours_]), inside(trace, arrays[torchs]), torchs)
        close(gradients[ours_], arrays[f"d_{torchs}"], f"d_{torchs}")
    d_logits = gradients["head/outputs"]
    close(d_logits[0] if last else d_logits, arrays["d_logits"], "d_logits")
    d_lstm = {k.replace("d_lstm.", "d_"): a for k, a in arrays.items() if k.startswith("d_lstm.")}
    expected_gradients = {
        f"layer0/forward/{name}": a for name, a in parts("lstm", d_lstm, "l0", "d_")
    }
    expected_gradients |= {
        "embedding/E": arrays["d_embedding.weight"],
        "head/V": arrays["d_linear.weight"],
        "head/d": arrays["d_linear.bias"],
    }
    assert set(expected_gradients) == set(trace.weights)
    for path, value in expected_gradients.items():
        close(gradients.weights[path], value, path)
        close(gradients.share(path).sum(axis=0), value, f"shares of {path}")


def test_a_network_of_numbers() -> None:
    meta, arrays = load("network_regress")
    sizes = meta["sizes"]
    network = Network(
        Vectors(sizes["I"]),
        (Layer(find_cell("gru_pytorch"), sizes["H"]),),
        Regression(meta["outputs"]),
    )
    gru = {key.removeprefix("gru."): a for key, a in arrays.items() if key.startswith("gru.")}
    given = {f"layer0/forward/{name}": a for name, a in parts("gru", gru, "l0")}
    given |= {"head/V": arrays["linear.weight"], "head/d": arrays["linear.bias"]}
    batch = network.batch(rows(arrays["input"], None), rows(arrays["targets"], None))
    trace = network.forward(weights_of(network, given), batch)
    gradients = backward(trace)

    count = batch.rows  # torch's loss is the sum over the rows, ours the mean
    assert trace.loss() * count == pytest.approx(float(arrays["L"]), rel=1e-12)
    close(trace["layer0/output"], arrays["output"], "output")
    close(trace.predictions, arrays["predicted"], "predicted")
    close(gradients["layer0/x"] * count, arrays["d_input"], "d_input")
    close(gradients["layer0/output"] * count, arrays["d_output"], "d_output")
    close(gradients["head/outputs"] * count, arrays["d_predicted"], "d_predicted")
    d_gru = {k.replace("d_gru.", "d_"): a for k, a in arrays.items() if k.startswith("d_gru.")}
    for name, value in parts("gru", d_gru, "l0", "d_"):
        close(gradients.weights[f"layer0/forward/{name}"] * count, value, name)
    close(gradients.weights["head/V"] * count, arrays["d_linear.weight"], "V")
    close(gradients.weights["head/d"] * count, arrays["d_linear.bias"], "d")
