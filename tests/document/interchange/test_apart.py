"""Files with native parsers are read in a process apart: what it tells, and how it may end."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from rnnviz.document.errors import FileError
from rnnviz.document.interchange import apart, child
from rnnviz.document.interchange.apart import read_apart
from rnnviz.document.interchange.found import Found, FoundLayer
from rnnviz.document.interchange.found_bytes import from_bytes, to_bytes
from rnnviz.document.interchange.keras_file import read_keras
from rnnviz.document.interchange.onnx_file import read_onnx
from rnnviz.document.interchange.onnx_writing import write_onnx
from rnnviz.document.interchange.pickles import PickleError
from rnnviz.document.interchange.safetensors_file import read_safetensors, write_safetensors
from rnnviz.engine.cells import find_cell
from rnnviz.engine.errors import EngineError
from rnnviz.engine.layers import Layer
from tests.document.interchange import samples
from tests.document.interchange.hostile import pickled

ROOT = Path(__file__).parents[3]
STORED = Path(__file__).parent / "keras_files"
SAMPLE = samples.classifier(samples.EVERY_CELL[2])


def assert_alike(one: Found, other: Found) -> None:
    """Both are the same in all that a model is made of."""
    assert (one.name, one.form, one.notes, one.summary) == (
        other.name,
        other.form,
        other.notes,
        other.summary,
    )
    for left, right in zip(one.layers, other.layers, strict=True):
        assert left.cell == right.cell
        for way, given in left.weights.items():
            for name, array in given.items():
                np.testing.assert_array_equal(array, right.weights[way][name])
    samples.assert_same(one.model(dtype=np.float32), other.model(dtype=np.float32))


@pytest.mark.parametrize(
    "file",
    [file for file in sorted(STORED.iterdir()) if file.suffix in (".keras", ".h5")],
    ids=lambda file: file.name,
)
def test_keras_is_read_the_same_apart(file: Path) -> None:
    pytest.importorskip("h5py")
    here, there = read_keras(file), read_apart("keras", file)
    for one, other in zip(here, there, strict=True):
        assert_alike(one, other)


def test_onnx_is_read_the_same_apart(tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    path = tmp_path / "模型 é.onnx"
    write_onnx(SAMPLE, path)
    (here,), (there,) = read_onnx(path), read_apart("onnx", path)
    assert_alike(here, there)
    assert there.model().vocabulary == SAMPLE.vocabulary


@pytest.mark.parametrize("name", samples.variants())
def test_models_of_our_own_survive_as_bytes(name: str, tmp_path: Path) -> None:
    model = samples.variants()[name]
    write_safetensors(model, tmp_path / "m")
    (found,) = from_bytes(to_bytes(read_safetensors(tmp_path / "m")))
    samples.assert_same(found.model(), model)


def test_faults_are_told(tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(b"\x08\x07" + b"\xff" * 40)
    with pytest.raises(FileError, match=r"^m\.onnx: it is no ONNX file"):
        read_apart("onnx", tmp_path / "m.onnx")
    with pytest.raises(FileError, match="there is no such file"):
        read_apart("onnx", tmp_path / "none.onnx")


def test_pickles_keep_their_snippet(tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(pickled(tmp_path / "canary", 4))
    with pytest.raises(PickleError, match="safetensors"):
        read_apart("onnx", tmp_path / "m.onnx")


def replaced(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Let the process run another program than the reader."""
    monkeypatch.setattr(apart, "_command", lambda *_: [sys.executable, "-I", "-c", program])


def test_a_crash_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    replaced(monkeypatch, "import os; os.abort()")
    with pytest.raises(FileError, match=r"^m\.h5: the program that reads such files crashed"):
        read_apart("keras", tmp_path / "m.h5")


def test_a_hang_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    replaced(monkeypatch, "import time; time.sleep(60)")
    began = time.monotonic()
    with pytest.raises(FileError, match=r"^m\.h5: reading it took longer than 0\.3 seconds"):
        read_apart("keras", tmp_path / "m.h5", 0.3)
    assert time.monotonic() - began < 5.0


@pytest.mark.parametrize(
    "answer", ["\\0", "\\1", "\\1{}", "\\0" * 9, "hello", "\\0\\2" + "\\0" * 7 + "[]x"]
)
def test_nonsense_is_not_believed(
    answer: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    replaced(monkeypatch, f"import sys; sys.stdout.buffer.write(b'{answer}')")
    if answer.endswith("[]x"):
        assert read_apart("keras", tmp_path / "m.h5") == []
        return
    with pytest.raises(FileError, match=r"^m\.h5: "):
        read_apart("keras", tmp_path / "m.h5")


def test_arrays_outside_of_the_numbers_are_refused() -> None:
    cell = find_cell("rnn")
    shapes = {p.name: p.shape(2, 3) for p in cell.parameters}
    weights = {"forward": {name: np.ones(shape) for name, shape in shapes.items()}}
    whole = to_bytes([Found("one", (FoundLayer(cell, 2, 3, weights),))])
    assert from_bytes(whole)[0].layers[0].hidden == Layer(cell, 3).hidden
    for damaged in (whole[:-1], whole[:20], b""):
        with pytest.raises(EngineError, match="found: "):
            from_bytes(damaged)
    with pytest.raises(EngineError):
        from_bytes(whole.replace(b'"shape":[', b'"shape":[-1,', 1))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such limit")
def test_memory_is_limited() -> None:
    program = (
        "import sys; sys.path[:] = sys.argv[1:]; from rnnviz.document.interchange import child\n"
        "child.limit_memory(1 << 30)\n"
        "try:\n    b = bytearray(2 << 30)\nexcept MemoryError:\n    print('refused')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *sys.path], capture_output=True, text=True, check=True
    )
    assert done.stdout == "refused\n"


def test_both_readers_are_known() -> None:
    assert set(child.READERS) == {"onnx", "keras"}


def test_a_packaged_program_is_its_own_reader(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pytest.importorskip("onnx")
    write_onnx(SAMPLE, tmp_path / "m.onnx")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    program, *rest = apart._command("onnx", tmp_path / "m.onnx")
    assert program == sys.executable
    started = [program, "-m", "rnnviz", *rest]
    answer = subprocess.run(started, capture_output=True, check=True, cwd=ROOT).stdout
    assert answer[:1] == apart.FOUND
    assert_alike(from_bytes(answer[1:])[0], read_onnx(tmp_path / "m.onnx")[0])
