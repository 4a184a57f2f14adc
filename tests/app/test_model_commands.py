"""`rnnviz import` and `rnnviz export`: models in, models out, nothing overwritten."""

import io
import sys
from pathlib import Path

import numpy as np
import pytest

from rnnviz.app import cli
from rnnviz.document.interchange.doors import read_model
from rnnviz.document.interchange.safetensors_file import write_safetensors
from rnnviz.document.storage import load
from rnnviz.engine.cells import find_cell
from tests.app import files
from tests.app.support import Capture, output
from tests.document import documents
from tests.document.interchange import samples


def refused(capsys: Capture, *arguments: str) -> str:
    assert cli.main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err


def test_a_foreign_model_is_imported(capsys: Capture, tmp_path: Path) -> None:
    file = files.foreign(tmp_path / "m.safetensors")
    told = output(capsys, "import", str(file), "-o", str(tmp_path / "m.rnnviz"))
    assert "LSTM" in told
    assert "vectors of 3 numbers" in told
    document = load(tmp_path / "m.rnnviz")
    (found,) = read_model(file)
    np.testing.assert_array_equal(document.weights.vector, found.model().weights.vector)
    assert document.title == "lstm"
    assert document.source == "m.safetensors"


def test_words_and_labels_are_given(capsys: Capture, tmp_path: Path) -> None:
    model = samples.classifier(find_cell("gru_pytorch"), vocabulary=None, labels=None, title="")
    write_safetensors(model, tmp_path / "m.safetensors")
    (tmp_path / "words.txt").write_text("\n".join(samples.WORDS), "utf-8")
    words = ["--vocabulary", str(tmp_path / "words.txt"), "--labels", "bad,good"]
    given = [str(tmp_path / "m.safetensors"), "-o", str(tmp_path / "m.rnnviz"), "--title", "T"]
    output(capsys, "import", *given, *words)
    document = load(tmp_path / "m.rnnviz")
    assert document.vocabulary == samples.WORDS
    assert document.labels == ("bad", "good")
    assert document.title == "T"


@pytest.mark.parametrize("choice", ["two", "2"])
def test_one_of_several_is_chosen(capsys: Capture, tmp_path: Path, choice: str) -> None:
    file = files.foreign(tmp_path / "m.safetensors", ("one", "two"))
    given = ["import", str(file), "-o", str(tmp_path / "m.rnnviz")]
    told = refused(capsys, *given)
    assert "2 models are in it, choose one with --layer: 1 one (LSTM" in told
    assert "no model 'three'" in refused(capsys, *given, "--layer", "three")
    assert not (tmp_path / "m.rnnviz").exists()
    output(capsys, *given, "--layer", choice)
    assert load(tmp_path / "m.rnnviz").title == "two"


def test_at_a_terminal_it_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    file = files.foreign(tmp_path / "m.safetensors", ("one", "two"))
    screen = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal("2\n"))
    monkeypatch.setattr(sys, "stdout", screen)
    assert cli.main(["import", str(file), "-o", str(tmp_path / "m.rnnviz")]) == 0
    assert "Which one?" in screen.getvalue()
    assert load(tmp_path / "m.rnnviz").title == "two"


def test_a_pickle_is_refused_with_the_way_around(capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "m.pt").write_bytes(b"\x80\x02}q\x00.")
    told = refused(capsys, "import", str(tmp_path / "m.pt"), "-o", str(tmp_path / "m.rnnviz"))
    assert "save_file(" in told
    assert "weights_only=True" in told


def test_relu_is_for_the_vanilla_cell(capsys: Capture, tmp_path: Path) -> None:
    file = files.foreign(tmp_path / "m.safetensors")
    told = refused(capsys, "import", str(file), "-o", str(tmp_path / "m.rnnviz"), "--relu")
    assert "relu: the cell is a LSTM" in told


@pytest.mark.parametrize(
    ("target", "fault"),
    [
        ("old.rnnviz", "it is there already; --force replaces it"),
        ("none/m.rnnviz", "there is no folder"),
        ("m.txt", "must end in .rnnviz"),
        ("folder.rnnviz", "it is a folder"),
    ],
)
def test_where_a_document_cannot_be_written(
    capsys: Capture, tmp_path: Path, target: str, fault: str
) -> None:
    (tmp_path / "old.rnnviz").write_bytes(b"old")
    (tmp_path / "folder.rnnviz").mkdir()
    file = files.foreign(tmp_path / "m.safetensors")
    assert fault in refused(capsys, "import", str(file), "-o", str(tmp_path / target))
    assert (tmp_path / "old.rnnviz").read_bytes() == b"old"


def test_force_replaces(capsys: Capture, tmp_path: Path) -> None:
    (tmp_path / "old.rnnviz").write_bytes(b"old")
    file = files.foreign(tmp_path / "m.safetensors")
    output(capsys, "import", str(file), "-o", str(tmp_path / "old.rnnviz"), "--force")
    assert load(tmp_path / "old.rnnviz").network.layers[0].hidden == 4


# ------------------------------------------------------------------------------------- the way out

NAMES = {
    "pytorch": ("m.py", "m.safetensors"),
    "keras": ("m.py", "m.npz"),
    "onnx": ("m.onnx",),
    "safetensors": ("m.safetensors",),
    "npz": ("m.npz",),
    "csv": ("m.csv",),
}


@pytest.mark.parametrize("format_name", NAMES)
def test_every_format_is_written(capsys: Capture, tmp_path: Path, format_name: str) -> None:
    if format_name == "onnx":
        pytest.importorskip("onnx")
    file = files.written(documents.document("gru"), tmp_path / "d.rnnviz")
    names = NAMES[format_name]
    given = ["export", str(file), f"--{format_name}", "-o", str(tmp_path / names[0])]
    told = output(capsys, *given)
    assert all(name in told for name in names)
    assert {path.name for path in tmp_path.iterdir()} == {"d.rnnviz", *names}
    for name in names:
        others = {other: (tmp_path / other).read_bytes() for other in names}
        (tmp_path / names[0]).unlink() if name != names[0] else None
        assert f"{name}: it is there already" in refused(capsys, *given)
        (tmp_path / names[0]).write_bytes(others[names[0]])
    output(capsys, *given, "--force")


def test_a_document_comes_back_from_safetensors(capsys: Capture, tmp_path: Path) -> None:
    document = documents.document("chain of tags")
    file = files.written(document, tmp_path / "d.rnnviz")
    output(capsys, "export", str(file), "--safetensors", "-o", str(tmp_path / "m.safetensors"))
    output(capsys, "import", str(tmp_path / "m.safetensors"), "-o", str(tmp_path / "e.rnnviz"))
    again = load(tmp_path / "e.rnnviz")
    assert again.network == document.network
    assert (again.vocabulary, again.labels) == (document.vocabulary, document.labels)
    np.testing.assert_array_equal(again.weights.vector, document.weights.vector)


def test_a_foreign_model_is_turned_into_another_format(capsys: Capture, tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    file = files.foreign(tmp_path / "m.safetensors", ("one", "two"))
    onnx = str(tmp_path / "m.onnx")
    output(capsys, "export", str(file), "--layer", "two", "--onnx", "-o", onnx)
    (found,) = read_model(onnx)
    theirs = next(one for one in read_model(file) if one.name == "two").model(dtype=np.float32)
    again = found.model(dtype=np.float32).weights
    np.testing.assert_array_equal(again.vector, theirs.weights.vector)


def test_the_code_runs(capsys: Capture, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    import subprocess

    file = files.written(documents.document("lstm"), tmp_path / "d.rnnviz")
    output(capsys, "export", str(file), "--pytorch", "-o", str(tmp_path / "m.py"))
    done = subprocess.run([sys.executable, str(tmp_path / "m.py")], capture_output=True, check=True)
    assert b"tensor" in done.stdout


@pytest.mark.parametrize(
    ("kind", "arguments", "fault"),
    [
        ("gru", ["--pytorch", "-o", "m.txt"], "must end in .py"),
        ("gru", ["--npz", "-o", "m.csv"], "must end in .npz"),
        ("gru", ["--csv", "-o", "m.rnnviz"], "for another format"),
        ("gru", ["-o", "m.npz"], "one of the arguments --pytorch"),
        ("gru", ["--npz", "--csv", "-o", "m.npz"], "not allowed with"),
        ("gru", ["--npz"], "required: -o"),
        ("translator", ["--onnx", "-o", "m.onnx"], "ONNX cannot express an encoder-decoder"),
        ("lstm_1997", ["--keras", "-o", "m.py"], "Keras cannot express"),
    ],
)
def test_what_cannot_be_exported(
    capsys: Capture,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    arguments: list[str],
    fault: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    files.written(documents.document(kind), tmp_path / "d.rnnviz")
    assert fault in refused(capsys, "export", "d.rnnviz", *arguments)
    assert [path.name for path in tmp_path.iterdir()] == ["d.rnnviz"]
