"""`rnnviz info` tells what is inside, in plain words."""

from pathlib import Path

import pytest

from rnnviz.app import cli
from rnnviz.document import memory
from rnnviz.document.resources import resource
from rnnviz.document.samples import SAMPLES
from rnnviz.document.storage import save
from tests.app import files
from tests.app.support import Capture, output
from tests.document import documents


def rows(text: str) -> dict[str, str]:
    return {name: rest.strip() for name, _, rest in (x.partition("  ") for x in text.splitlines())}


@pytest.mark.parametrize("kind", documents.KINDS)
def test_every_document_is_told(capsys: Capture, tmp_path: Path, kind: str) -> None:
    document = documents.document(kind)
    save(document, tmp_path / "d.rnnviz")
    told = " ".join(output(capsys, "info", str(tmp_path / "d.rnnviz")).split())
    assert f"{document.network.parameter_count:,}" in told
    assert all(layer.cell.title in told for layer in document.network.layers)
    assert "\x00" not in told
    assert "\u202e" not in told


def test_a_sample_is_told(capsys: Capture) -> None:
    told = rows(output(capsys, "info", str(resource("samples", "pos_bilstm.rnnviz"))))
    assert told["title"] == next(s.title for s in SAMPLES if s.name == "pos_bilstm")
    assert told["layers"] == "LSTM of 10 units, in both directions"
    assert told["answers"] == "one of 15 classes, at every step"
    assert "held out; something simple reaches 0." in told["score"]
    assert told["licence"] == "CC0 1.0"
    assert told["looks at"].startswith("He went")
    assert "8 steps" in told["memory"]


def test_memory_for_a_length(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = files.foreign(tmp_path / "m.safetensors", hidden=64)
    told = rows(output(capsys, "info", str(file), "--length", "10000"))
    assert told["memory"].startswith("about 16")
    assert told["memory"].endswith("MB for 10,000 steps, with all gradients")
    monkeypatch.setattr(memory, "of_machine", lambda: 1 << 20)
    assert "this machine has 1.0 MB" in output(capsys, "info", str(file), "--length", "10000")


def test_several_models_are_listed(capsys: Capture, tmp_path: Path) -> None:
    file = files.foreign(tmp_path / "m.safetensors", ("encoder", "decoder"))
    told = output(capsys, "info", str(file))
    assert told.startswith("2 models are in m.safetensors:")
    assert "1  " in told
    assert "encoder" in told
    assert "decoder" in told
    assert "--layer" in told


def test_data_are_told(capsys: Capture, tmp_path: Path) -> None:
    told = rows(output(capsys, "info", str(files.labelled(tmp_path / "mine.tsv", 1))))
    assert told["sequences"] == "10"
    assert told["to learn"] == "a label for each: pos 5, neg 5"
    assert told["the first"] == "I am happy"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("seattle_weather", "a tag for each step: rain 641"),
        ("japanese_vowels", "test 370"),
        ("english_french", "another sequence for each"),
        ("moby_dick", "how each goes on"),
        ("sensors", "licence"),
    ],
)
def test_shipped_data_are_told(capsys: Capture, name: str, words: str) -> None:
    assert words in output(capsys, "info", f"data:{name}")


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("missing.rnnviz", None, "missing.rnnviz: there is no such file"),
        ("missing.onnx", None, "missing.onnx: there is no such file"),
        ("bad.rnnviz", b"PK\x03\x04", "bad.rnnviz: "),
        ("bad.tsv", b"a\tb\nno tab\n", "line 2"),
        ("what.xyz", b"hello", "it is of none of the formats"),
        ("m.pt", b"\x80\x02}q\x00.", "weights_only=True"),
        ("data:nothing", None, "'nothing' is not known"),
    ],
)
def test_what_cannot_be_told_is_one_sentence(
    capsys: Capture, tmp_path: Path, name: str, content: bytes | None, fault: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    given = name if name.startswith("data:") else str(tmp_path / name)
    assert cli.main(["info", given]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert fault in printed.err
