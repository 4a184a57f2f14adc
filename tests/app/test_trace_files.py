"""`rnnviz trace FILE`: the numbers of a network from a file, and what is wrong with a file."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnviz.app import cli
from rnnviz.app.commands import trace_report
from rnnviz.app.commands.npy import read_npy
from rnnviz.document import memory
from rnnviz.document.errors import FileError
from rnnviz.document.evaluate import evaluate
from rnnviz.document.interchange.doors import read_model
from rnnviz.engine.errors import EngineError
from rnnviz.engine.gradients import backward
from tests.app import files
from tests.app.support import Capture, output
from tests.document import documents

KINDS = [kind for kind in documents.KINDS if kind not in ("empty", "no vectors")]


def refused(capsys: Capture, *arguments: str) -> str:
    assert cli.main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err


def arrays(file: Path) -> dict[str, Any]:
    with np.load(file, allow_pickle=False) as found:
        return {name: found[name] for name in found.files}


@pytest.mark.parametrize("kind", KINDS)
def test_every_document_is_traced(capsys: Capture, tmp_path: Path, kind: str) -> None:
    document = documents.document(kind)
    files.written(document, tmp_path / "d.rnnviz")
    given = [str(tmp_path / "d.rnnviz"), "--npz", str(tmp_path / "o.npz")]
    told = output(capsys, "trace", *given)
    assert "Takes about" in told
    found, expected = arrays(tmp_path / "o.npz"), evaluate(document)
    assert expected is not None
    for path in expected.trace.paths():
        np.testing.assert_array_equal(found[f"values/{path}"], expected.trace[path])
    if expected.gradients is None:
        assert "Differentiated is the sum of " in told
        assert ("at the end: " in told) == document.network.single
        return
    assert "Differentiated is the loss" in told
    assert float(found["value"]) == pytest.approx(expected.loss, nan_ok=True)
    for path in expected.gradients.paths():
        np.testing.assert_array_equal(found[f"gradients/{path}"], expected.gradients[path])
    assert set(found) >= {f"weight_gradients/{path}" for path in document.weights}


def test_another_sentence(capsys: Capture, tmp_path: Path) -> None:
    document = documents.document("gru")
    files.written(document, tmp_path / "d.rnnviz")
    given = ["trace", str(tmp_path / "d.rnnviz"), "happy am what"]
    told = output(capsys, *given, "--npz", str(tmp_path / "o.npz"))
    assert "the sum of what the highest layer gives at the end" in told
    other = evaluate(document.changed(sequence=("happy", "am", "what"), targets=None))
    assert other is not None
    found = arrays(tmp_path / "o.npz")
    assert found["tokens"].tolist() == ["happy", "am", "what"]
    np.testing.assert_array_equal(found["values/layer0/forward/h"], other.trace["layer0/forward/h"])
    told = output(capsys, *given, "--target", "positive", "--hold", "z:1=0")
    assert "the loss" in told
    assert "1  am     z                0.0000   0.0000   0.0000" in told


def test_json_of_a_document(capsys: Capture, tmp_path: Path) -> None:
    document = documents.document("overflowed")
    files.written(document, tmp_path / "d.rnnviz")
    given = [str(tmp_path / "d.rnnviz"), "I unheard", "--target", "positive", "--json"]
    told = json.loads(output(capsys, "trace", *given))
    assert told["tokens"] == ["I", "unheard"]
    assert told["differentiated"] == "the loss"
    assert told["value"] == "nan"
    assert "nan" in str(told["values/layer0/forward/h"])


def test_a_foreign_model_and_an_array(capsys: Capture, tmp_path: Path) -> None:
    file = files.foreign(tmp_path / "m.safetensors", ("one", "two"))
    x = np.random.default_rng(1).normal(size=(7, 2, 3))
    np.save(tmp_path / "x.npy", x)
    given = ["trace", str(file), "--input", str(tmp_path / "x.npy"), "--layer", "two"]
    told = output(capsys, *given, "--npz", str(tmp_path / "o.npz"))
    assert "two biases" in told
    model = next(one for one in read_model(file) if one.name == "two").model()
    trace = model.network.forward(
        model.weights,
        model.network.batch(list(np.swapaxes(x, 0, 1))),
    )
    expected = backward(trace, d_read=np.ones_like(trace.read))
    found = arrays(tmp_path / "o.npz")
    assert float(found["value"]) == pytest.approx(trace.read.sum())
    np.testing.assert_array_equal(found["values/layer0/output"], trace["layer0/output"])
    np.testing.assert_array_equal(found["gradients/layer0/x"], expected["layer0/x"])
    for path, weight in expected.weights.items():
        np.testing.assert_array_equal(found[f"weight_gradients/{path}"], weight)
    told = output(capsys, *given, "--of", "squares", "--dtype", "float32")
    assert "half the sum of the squares" in told


def test_numbers_as_targets(capsys: Capture, tmp_path: Path) -> None:
    document = documents.document("forecast").changed(sequence=np.ones((3, 2)))
    files.written(document, tmp_path / "d.rnnviz")
    np.save(tmp_path / "x.npy", np.ones((3, 2)))
    np.save(tmp_path / "y.npy", np.array([[0.5], [np.nan], [1.5]]))
    given = [str(tmp_path / "d.rnnviz"), "--input", str(tmp_path / "x.npy"), "--json"]
    told = json.loads(output(capsys, "trace", *given, "--target", str(tmp_path / "y.npy")))
    expected = evaluate(document)
    assert expected is not None
    assert told["differentiated"] == "the loss"
    assert told["value"] == pytest.approx(expected.loss)


@pytest.mark.parametrize("single", [True, False])
def test_classes_as_targets(capsys: Capture, tmp_path: Path, single: bool) -> None:
    document = documents.document("lstm" if single else "tagger")
    document = document.changed(holds=(), truncate=None, loss_steps="last" if single else "every")
    labels = document.labels
    document = document.changed(targets=labels[1:2] * (1 if single else document.steps))
    files.written(document, tmp_path / "d.rnnviz")
    np.save(tmp_path / "x.npy", np.array(document.ids))
    np.save(tmp_path / "y.npy", np.ones(1 if single else document.steps, int))
    expected = evaluate(document)
    assert expected is not None
    for target in (labels[1], str(tmp_path / "y.npy")):
        given = [str(tmp_path / "d.rnnviz"), "--input", str(tmp_path / "x.npy"), "--json"]
        told = json.loads(output(capsys, "trace", *given, "--target", target))
        assert told["value"] == pytest.approx(expected.loss)


def test_a_long_sequence_is_shown_by_its_sizes(capsys: Capture, tmp_path: Path) -> None:
    file = files.foreign(tmp_path / "m.safetensors")
    np.save(tmp_path / "x.npy", np.zeros((trace_report.STEPS + 1, 3), np.float32))
    told = output(capsys, "trace", str(file), "--input", str(tmp_path / "x.npy"))
    assert "41 x 1 x 4" in told
    assert "unit 0" not in told


def test_too_little_memory_is_said_before(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = files.foreign(tmp_path / "m.safetensors", hidden=64)
    np.save(tmp_path / "x.npy", np.zeros((10_000, 3)))
    monkeypatch.setattr(memory, "of_machine", lambda: 100 << 20)
    told = refused(capsys, "trace", str(file), "--input", str(tmp_path / "x.npy"))
    assert "trace: it takes about 16" in told
    assert "this machine has 100 MB" in told


def test_too_much_json_is_refused(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trace_report, "NUMBERS", 100)
    files.written(documents.document("gru"), tmp_path / "d.rnnviz")
    assert "--npz takes all" in refused(capsys, "trace", str(tmp_path / "d.rnnviz"), "--json")


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ("v.rnnviz|hello", "reads vectors: --input"),
        ("v.rnnviz", "no sequence"),
        ("m.safetensors", "--input x.npy is missing"),
        ("m.safetensors|hello", "a sentence came"),
        ("m.safetensors|--input|bad.npy", "it is no .npy file"),
        ("m.safetensors|--input|flat.npy", r"input: the shape is (5,)"),
        ("m.safetensors|--input|wide.npy", "(time, 3)"),
        ("m.safetensors|--input|flat.npy|--target|0", "input: the shape"),
        ("m.safetensors|--input|good.npy|--target|0", "no head to answer"),
        ("m.safetensors|--input|good.npy|--layer|x", "no model 'x'"),
        ("d.rnnviz|--target|nobody", "'nobody'"),
        ("d.rnnviz|--cell|gru", "--cell came, but the file has its own network"),
        ("d.rnnviz|--seed|3", "--seed came, but"),
        ("f.rnnviz|--target|a", "answers with numbers"),
        ("t.rnnviz|--input|flat.npy", "an encoder-decoder reads sentences"),
        ("missing.rnnviz", "there is no such file"),
        ("missing.onnx|--input|good.npy", "there is no such file"),
        ("just text|more", "sentence came, but it is for a document"),
        ("just text|--input|good.npy", "--input came, but"),
        ("d.rnnviz|--npz|old.npz", "it is there already"),
    ],
)
def test_a_mistake_is_one_sentence(
    capsys: Capture,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: str,
    fault: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    files.foreign(tmp_path / "m.safetensors")
    files.written(files.vectors_document(), tmp_path / "v.rnnviz")
    for name, kind in (("d", "gru"), ("f", "forecast"), ("t", "translator")):
        files.written(documents.document(kind), tmp_path / f"{name}.rnnviz")
    for name, array in (("flat", np.zeros(5)), ("wide", np.zeros((5, 4)))):
        np.save(tmp_path / f"{name}.npy", array)
    np.save(tmp_path / "good.npy", np.zeros((5, 3)))
    (tmp_path / "bad.npy").write_bytes(b"\x93NUMPY\x01\x00")
    (tmp_path / "old.npz").write_bytes(b"old")
    assert cli.main(["trace", *arguments.split("|")]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert fault in err
    assert (tmp_path / "old.npz").read_bytes() == b"old"


# -------------------------------------------------------------------------------------- .npy files


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["<f8", ">f4", "<i8", "|u1", "<f2"])
def test_arrays_are_read(tmp_path: Path, order: Any, dtype: str) -> None:
    array = np.asarray(np.arange(24).reshape(2, 3, 4), dtype, order=order)
    np.save(tmp_path / "x.npy", array)
    found = read_npy(tmp_path / "x.npy")
    np.testing.assert_array_equal(found, array)
    assert found.dtype == array.dtype


def header(shape: str, descr: str = "'<f8'") -> bytes:
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text.encode()


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "no .npy file"),
        (b"\x93NUMPY", "no .npy file"),
        (b"\x93NUMPY\x09\x00" + b" " * 90, "its version is"),
        (header("(1000000000000,)") + b"\0" * 8, "declares 8,000,000,000,000 bytes"),
        (header("(-1, -8)") + b"\0" * 64, "header is damaged"),
        (header("(2,)") + b"\0" * 15, "declares 16 bytes of numbers and holds 15"),
        (header("(1,)", "'|O'") + b"\x80\x04N.", "it holds object"),
        (header("(1,)", "'<U2'") + b"\0" * 8, "expected numbers"),
        (header("(1,)", "[('a', '<f8')]") + b"\0" * 8, "expected numbers"),
        (header("__import__('os')") + b"\0" * 8, "no .npy file"),
    ],
)
def test_hostile_arrays_are_refused(tmp_path: Path, data: bytes, fault: str) -> None:
    (tmp_path / "x.npy").write_bytes(data)
    with pytest.raises(FileError, match=fault.replace(".", r"\.")):
        read_npy(tmp_path / "x.npy")


def test_no_file_is_an_error_too(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no such file"):
        read_npy(tmp_path / "x.npy")
