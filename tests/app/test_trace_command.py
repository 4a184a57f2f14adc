"""`rnnviz trace` shows the numbers of the engine, as text and as JSON."""

import io
import re
import sys

import numpy as np
import pytest

import rnnviz
from rnnviz.app.tables import width
from tests.app.support import SENTENCE, Capture, output, traced


def numbers(line: str) -> list[float]:
    found = re.findall(r"[−-]?\d+\.\d+(?:e[−-]\d+)?", line)
    return [float(number.replace("−", "-")) for number in found]


def test_the_table_holds_the_numbers_of_the_engine(capsys: Capture) -> None:
    lines = output(capsys, "trace", SENTENCE, "--hidden", "6", "--seed", "1").splitlines()

    network = rnnviz.network("lstm", rnnviz.Tokens(4), 6, rnnviz.Softmax(3))
    weights = rnnviz.initial_weights(network, seed=1)
    trace = rnnviz.forward(network, weights, [0, 1, 2, 3], [0, 0, 0, 0])
    gradients = rnnviz.backward(trace, "last")

    start = next(i for i, line in enumerate(lines) if line.startswith("step"))
    rows = lines[start + 1 : start + 1 + 4 * 6]
    paths = [f"layer0/forward/{name}" for name in "fiogch"]
    for position, row in enumerate(rows):
        step, path = position // 6, paths[position % 6]
        value, slope = trace[path][step, 0], gradients[path][step, 0]
        *shown, norm, gradient = numbers(row)
        np.testing.assert_allclose(shown, value, atol=5e-5)
        assert norm == pytest.approx(np.linalg.norm(value), abs=5e-5)
        assert gradient == pytest.approx(np.linalg.norm(slope), rel=5e-3)
    answers = [line for line in lines[start + 25 :] if re.match(r" +\d  ", line)]
    for step, line in enumerate(answers):
        probabilities = trace["head/predictions"][step, 0]
        np.testing.assert_allclose(numbers(line)[:3], probabilities, atol=5e-5)
        assert ("neg", "neu", "pos")[probabilities.argmax()] in line
    assert len(answers) == 4
    assert numbers(lines[-1]) == [pytest.approx(trace.loss("last"), abs=5e-5)]
    assert "untrained" in lines[2]
    assert "  cₜ = fₜ · cₜ₋₁ + iₜ · gₜ" in lines


@pytest.mark.parametrize("cell", rnnviz.CELLS, ids=lambda cell: cell.name)
def test_every_cell_is_shown_by_its_own_quantities(capsys: Capture, cell: rnnviz.Cell) -> None:
    text = output(capsys, "trace", "one two", "--cell", cell.name, "--hidden", "2")
    assert text.startswith(cell.title)
    for quantity in cell.quantities:
        assert len(re.findall(rf" {quantity} +[−\d]", text)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "我不高兴",
        "我 不 高兴",
        "a Donaudampfschifffahrtsgesellschaftskapitän 高兴",
        "e\u0301 x",
        "\x1b[2J a",
    ],
)
def test_the_tables_are_aligned(capsys: Capture, text: str) -> None:
    lines = output(capsys, "trace", text, "--cell", "rnn", "--hidden", "2").splitlines()
    tables = "\n".join(lines).split("\n\n")
    for block in (tables[2], tables[4]):
        assert len({width(line) for line in block.splitlines()}) == 1
    assert "\x1b" not in "".join(lines)


def test_chinese_is_split_by_character_unless_it_is_spaced(capsys: Capture) -> None:
    assert traced(capsys, "我不高兴")["tokens"] == ["我", "不", "高", "兴"]
    assert traced(capsys, "我 不 高兴")["tokens"] == ["我", "不", "高兴"]
    assert traced(capsys, "a b", "--split", "characters")["tokens"] == ["a", " ", "b"]


def test_json_holds_every_value_and_every_gradient(capsys: Capture) -> None:
    found = traced(
        capsys, SENTENCE, "--cell=gru", "--hidden=3", "--layers=2", "--bidirectional",
        "--embedding=2", "--loss=every", "--target=neg,pos,neu,neg", "--seed=5",
    )  # fmt: skip
    network = rnnviz.network(
        "gru", rnnviz.Tokens(4, 2), 3, rnnviz.Softmax(3), layers=2, direction="both"
    )
    weights = rnnviz.initial_weights(network, 5)
    trace = rnnviz.forward(network, weights, [0, 1, 2, 3], [0, 2, 1, 0])
    gradients = rnnviz.backward(trace)
    assert found["loss"] == trace.loss()
    assert [step["token"] for step in found["steps"]] == SENTENCE.split()
    for number, step in enumerate(found["steps"]):
        inner = {path for path in trace.paths() if not path.startswith("head/")}
        assert set(step["values"]) == set(step["gradients"]) == inner
        for path in inner:
            assert step["values"][path] == trace[path][number, 0].tolist()
            assert step["gradients"][path] == gradients[path][number, 0].tolist()
        assert list(step["output"].values()) == trace["head/predictions"][number, 0].tolist()
        assert step["loss"] == trace.losses()[number, 0]


def test_a_bidirectional_network_answers_once_from_both_ends(capsys: Capture) -> None:
    steps = traced(capsys, SENTENCE, "--bidirectional")["steps"]
    assert ["output" in step for step in steps] == [False, False, False, True]
    backward = [step["gradients"]["layer0/backward/h"] for step in steps]
    assert all(any(value != 0 for value in gradient) for gradient in backward)


def test_holds_precision_classes_and_target(capsys: Capture) -> None:
    found = traced(
        capsys, SENTENCE, "--hold", "layer0/forward/f:2=0", "--hold", "i:1,3=0.25",
        "--dtype", "float32", "--classes", "no,yes", "--target", "yes",
    )  # fmt: skip
    assert found["steps"][2]["values"]["layer0/forward/f"] == [0.0] * 6
    assert found["steps"][1]["values"]["layer0/forward/i"][3] == 0.25
    assert found["steps"][1]["values"]["layer0/forward/i"][2] != 0.25
    assert found["dtype"] == "float32"
    assert list(found["steps"][3]["output"]) == ["no", "yes"]
    assert found["steps"][3]["target"] == "yes"


def test_overflow_is_shown_and_is_text_in_json(capsys: Capture) -> None:
    arguments = ["a b c", "--cell", "rnn_relu", "--hidden", "2", "--dtype", "float32"]
    arguments += ["--hold", "h:1=3e38", "--seed", "4"]
    shown = output(capsys, "trace", *arguments, "--loss", "every")
    assert "inf or nan first appears in layer0/forward/a_h at step 2" in shown
    assert "∞" in shown
    values = traced(capsys, *arguments)["steps"][2]["values"]
    assert "inf" in values["layer0/forward/h"]


def test_many_units_are_cut_and_can_be_chosen(capsys: Capture) -> None:
    wide = output(capsys, "trace", "a", "--hidden", "20", "--cell", "rnn")
    assert "unit 7" in wide
    assert "unit 8" not in wide
    assert "8 of 20 units are shown" in wide
    chosen = output(capsys, "trace", "a", "--hidden", "20", "--cell", "rnn", "--unit", "19,0,2-3")
    assert re.findall(r"unit (\d+)", chosen) == ["19", "0", "2", "3"]


@pytest.mark.parametrize("count", [1, 1000])
def test_short_and_long_texts(capsys: Capture, count: int) -> None:
    text = " ".join(f"{'ab'[i % 2] * (i % 7 + 1)}" for i in range(count))
    lines = output(capsys, "trace", text, "--hidden", "2").splitlines()
    assert f"Input: {count} tokens" in lines[1]
    assert len([line for line in lines if re.search(r" h +[−\d]", line)]) == count


def test_the_text_may_come_from_the_input(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("not\nhappy\n"))
    assert traced(capsys, "-")["tokens"] == ["not", "happy"]
