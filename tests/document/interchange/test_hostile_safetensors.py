"""Pickles under any name are never opened; damaged and hostile safetensors end in one error."""

import ast
import json
import os
import pickle
import re
import struct
import time
from pathlib import Path
from typing import Any

import pytest

from rnnviz.document.errors import FileError
from rnnviz.document.interchange import files
from rnnviz.document.interchange.pickles import PickleError
from rnnviz.document.interchange.safetensors_file import read_safetensors, write_safetensors
from tests.document.interchange import samples
from tests.document.interchange.hostile import (
    MEMORY,
    modules,
    mutations,
    peak,
    pickled,
    survives,
    torch_archive,
)

NAMES = ("m.pt", "m.pth", "m.bin", "m.ckpt", "m.safetensors", "m.onnx", "m")


def valid(folder: Path) -> bytes:
    write_safetensors(samples.classifier(samples.EVERY_CELL[2]), folder / "valid.safetensors")
    return (folder / "valid.safetensors").read_bytes()


def made(header: Any, payload: bytes = b"", length: int | None = None) -> bytes:
    """A safetensors file with this header."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + payload


def entry(shape: list[Any], end: int, dtype: str = "F32", start: int = 0) -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


# -------------------------------------------------------------------------------------- pickles


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize("wrapped", [False, True])
def test_a_pickle_is_never_loaded(name: str, protocol: int, wrapped: bool, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    payload = pickled(canary, protocol)
    file = tmp_path / name
    file.write_bytes(torch_archive(payload) if wrapped else payload)
    before = modules()
    with pytest.raises(FileError) as caught:
        read_safetensors(file)
    assert not canary.exists()
    assert modules() == before
    if wrapped or protocol != 1:
        assert isinstance(caught.value, PickleError)
    pickle.loads(payload)  # noqa: S301 - the canary is alive
    assert canary.is_dir()


def test_a_second_pickle_behind_a_valid_file_is_not_loaded(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    with pytest.raises(FileError):
        read_bytes(tmp_path, valid(tmp_path) + pickled(canary, 4))
    assert not canary.exists()


def read_bytes(folder: Path, data: bytes) -> Any:
    file = folder / "m.safetensors"
    file.write_bytes(data)
    return read_safetensors(file)


@pytest.mark.parametrize(
    "name", ["model.pt", 'a"); import os; ("', "l'été 爱.pth", "new\nline.pt", "back\\slash.bin"]
)
def test_the_way_around_is_two_lines_of_python(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(pickled(tmp_path / "canary", 2))
    with pytest.raises(PickleError) as caught:
        read_safetensors(file)
    snippet = caught.value.snippet
    assert str(caught.value).endswith(snippet)
    assert len(snippet.splitlines()) == 2
    tree = ast.parse(snippet)
    texts = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    assert texts == {name, "cpu", True, Path(name).stem + ".safetensors"}


def test_the_two_lines_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch")
    monkeypatch.chdir(tmp_path)
    torch.save(torch.nn.LSTM(3, 4, bidirectional=True).state_dict(), "m.pt")
    with pytest.raises(PickleError) as caught:
        read_safetensors("m.pt")
    exec(caught.value.snippet, {})  # noqa: S102 - what a person would paste
    assert "LSTM" in read_safetensors("m.safetensors")[0].summary


def test_a_safetensors_file_may_have_any_name(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(valid(tmp_path))
    assert read_safetensors(tmp_path / "pytorch_model.bin")


# ------------------------------------------------------------------------------- wrong bytes


HEADERS = {
    "empty": b"",
    "eight bytes": b"\x00" * 8,
    "length of 2^63": made({}, length=2**63),
    "length over the file": made({}, length=3),
    "length over the limit": made(b"{" + b" " * (9 << 20) + b"}"),
    "no JSON": made(b"{nonsense"),
    "bad UTF-8": made(b'{"\xff\xfe": 1}'),
    "deep JSON": made(b'{"a":' * 60_000 + b"1" + b"}" * 60_000),
    "a list": made([1, 2]),
    "number for entry": made({"a": 1}),
    "hole": made({"a": entry([1], 8, start=4)}, b"\0" * 8),
    "overlap": made({"a": entry([2], 8), "b": entry([1], 8, start=4)}, b"\0" * 8),
    "trailing bytes": made({"a": entry([1], 4)}, b"\0" * 9),
    "missing bytes": made({"a": entry([4], 16)}, b"\0" * 8),
    "shape mismatch": made({"a": entry([3], 16)}, b"\0" * 16),
    "shape overflow": made({"a": entry([2**62, 8], 16)}, b"\0" * 16),
    "negative length": made({"a": entry([-1], 4)}, b"\0" * 4),
    "nan in a shape": made(b'{"a":{"dtype":"F32","shape":[NaN],"data_offsets":[0,4]}}', b"\0" * 4),
    "fraction in a shape": made({"a": entry([1.5], 4)}, b"\0" * 4),
    "huge empty shape": made({"weight_ih_l0": entry([0, 2**40], 0)}),
    "unknown dtype": made({"a": entry([1], 4, "F33")}, b"\0" * 4),
    "F8": made({"weight_hh_l0": entry([4], 4, "F8_E4M3")}, b"\0" * 4),
    "text for metadata": made({"__metadata__": "x"}),
    "number in metadata": made({"__metadata__": {"rnnviz": 1}}),
    "duplicate key": made(
        b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},'
        b'"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
        b"\0" * 4,
    ),
    "100,000 tensors": made({f"t{i}": entry([0], 0) for i in range(100_000)}),
    "a long name": made({"n" * 5000: entry([1], 4)}, b"\0" * 4),
    "path in a name": made({"../../etc/passwd": entry([1], 4)}, b"\0" * 4),
    "gate without units": made(
        {"weight_ih_l0": entry([0, 3], 0), "weight_hh_l0": entry([0, 0], 0)}
    ),
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_bad_header_is_a_file_error(name: str, tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        read_bytes(tmp_path, HEADERS[name])
    assert caught.value.path.name == "m.safetensors"
    assert caught.value.fault


def test_names_are_shown_without_tricks(tmp_path: Path) -> None:
    data = made({"\u202egnp.exe\n\x1b[31m": entry([1], 4)}, b"\0" * 4)
    with pytest.raises(FileError) as caught:
        read_bytes(tmp_path, data)
    assert "\\u202egnp.exe\\n\\x1b[31m" in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_folder_a_pipe_a_device_and_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place, expected in (
        (tmp_path, "it is a folder"),
        (tmp_path / "pipe", "not an ordinary file"),
        (Path("/dev/zero"), "not an ordinary file"),
        (tmp_path / "missing", "no such file"),
        (tmp_path / "missing" / "file", "no such file"),
        (tmp_path / ("x" * 300), "name is too long"),
    ):
        with pytest.raises(FileError, match=expected):
            read_safetensors(place)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(b"x")
    (tmp_path / "m").chmod(0)
    with pytest.raises(FileError, match="may not"):
        read_safetensors(tmp_path / "m")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    with open(tmp_path / "m.safetensors", "wb") as file:
        file.truncate(1 << 40)

    def read() -> None:
        with pytest.raises(FileError, match=r"at most 512 MB"):
            read_safetensors(tmp_path / "m.safetensors")

    assert peak(read) < MEMORY


def test_a_file_that_grows_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "m").write_bytes(valid(tmp_path))
    monkeypatch.setattr(files, "FILE_BYTES", 1000)
    with pytest.raises(FileError, match="it grew past 1,000 bytes"):
        read_safetensors(tmp_path / "m")


def test_a_file_that_takes_too_long_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "m").write_bytes(valid(tmp_path))
    clock = iter((0.0, 10.5))
    monkeypatch.setattr(time, "monotonic", lambda: next(clock))
    with pytest.raises(FileError, match=r"^m: reading it took longer than 10 seconds"):
        read_safetensors(tmp_path / "m")


def test_cut_off_anywhere_it_is_a_file_error(tmp_path: Path) -> None:
    data = valid(tmp_path)
    for length in range(0, len(data), 64):
        assert not survives(read_safetensors, tmp_path / "m", data[:length])


def test_mutated_files_end_well(tmp_path: Path) -> None:
    data = valid(tmp_path)
    file = tmp_path / "m"
    whole = 0

    def work() -> None:
        nonlocal whole
        for changed in mutations(data, 1500):
            whole += survives(read_safetensors, file, changed)

    assert peak(work) < MEMORY
    assert whole > 100


def test_random_bytes_end_well(tmp_path: Path) -> None:
    for changed in mutations(bytes(range(256)) * 2, 500):
        assert not survives(read_safetensors, tmp_path / "m", changed)


def test_the_message_names_the_file_not_the_folder(tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(b"x")
    with pytest.raises(FileError) as caught:
        read_safetensors(tmp_path / "m")
    assert re.match(r"m: it is 1 byte", str(caught.value))


# ------------------------------------------------------------------------------------- writing


def test_writing_into_nowhere_is_a_file_error(tmp_path: Path) -> None:
    model = samples.classifier(samples.EVERY_CELL[2])
    with pytest.raises(FileError, match="no such file"):
        write_safetensors(model, tmp_path / "missing" / "m.safetensors")


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "m.safetensors"
    file.write_bytes(b"old")
    model = samples.classifier(samples.EVERY_CELL[2])

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match="full"):
        write_safetensors(model, file)
    assert file.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["m.safetensors"]
