"""ONNX files that want too much: files elsewhere, memory, circles; and damaged ones."""

import itertools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnviz.document.errors import FileError
from rnnviz.document.interchange.onnx_file import read_onnx
from rnnviz.document.interchange.onnx_writing import write_onnx
from tests.document.interchange import samples
from tests.document.interchange.hostile import MEMORY, mutations, peak, pickled, survives
from tests.document.interchange.test_onnx import graph, node

onnx = pytest.importorskip("onnx")


def outside(location: str, folder: Path, **more: str) -> Path:
    """A model in a folder of its own whose R lies at `location`; secrets lie around it."""
    made, weights = node("lstm", "forward")
    recurrent = weights.pop("R")
    home = folder / "model"
    home.mkdir(exist_ok=True)
    (home / "below").mkdir(exist_ok=True)
    for place in (folder / "secret", home / "good", home / "below" / "good"):
        place.write_bytes(recurrent.tobytes())
    model = graph([made], weights)
    tensor = onnx.TensorProto(
        name="R", data_type=onnx.TensorProto.FLOAT, dims=recurrent.shape, data_location=1
    )
    for key, value in ({"location": location} | more).items():
        tensor.external_data.add(key=key, value=value)
    model.graph.initializer.append(tensor)
    (home / "m.onnx").write_bytes(model.SerializeToString())
    return home / "m.onnx"


@pytest.mark.parametrize("location", ["good", "below/good", "./good"])
def test_numbers_in_the_models_folder_are_read(location: str, tmp_path: Path) -> None:
    model = read_onnx(outside(location, tmp_path))[0].model()
    expected = node("lstm", "forward")[1]["R"][0, :3]
    assert np.array_equal(model.weights["layer0/forward/U_i"], expected)


@pytest.mark.parametrize(
    "location",
    [
        "../secret",
        "below/../../secret",
        "..\\secret",
        "below\\..\\..\\secret",
        "{folder}/secret",
        "//host/share/secret",
        "\\\\host\\share\\secret",
        "C:\\secret",
        "C:secret",
        "c:/secret",
        "file:///secret",
        "",
        ".",
        "missing",
        "good/",
        "good/x",
        "bad\x00name",
        "bad\nname",
        "\u202etxt.good",
        "x" * 400,
        "/dev/zero",
        "below",
    ],
)
def test_numbers_elsewhere_are_not(location: str, tmp_path: Path) -> None:
    file = outside(location.format(folder=tmp_path), tmp_path)
    if location == "good/":
        pytest.skip("names the file itself") if os.name == "nt" else None
        assert read_onnx(file)
        return
    with pytest.raises(FileError):
        read_onnx(file)


def link(make: Callable[[Path, Path], None]) -> Callable[[Path], str]:
    def made(folder: Path) -> str:
        make(folder / "secret", folder / "model" / "linked")
        return "linked"

    return made


def linked_folder(folder: Path) -> str:
    (folder / "model" / "way").symlink_to(folder)
    return "way/secret"


@pytest.mark.parametrize(
    "make",
    [
        link(lambda target, place: place.symlink_to(target)),
        link(lambda _, place: place.symlink_to("good")),
        link(lambda target, place: place.hardlink_to(target)),
        link(lambda _, place: os.mkfifo(place)),
        linked_folder,
    ],
    ids=["symbolic", "within", "hard", "pipe", "folder"],
)
def test_links_are_not_followed(make: Callable[[Path], str], tmp_path: Path) -> None:
    outside("good", tmp_path)
    file = outside(make(tmp_path), tmp_path)
    with pytest.raises(FileError, match="link"):
        read_onnx(file)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"offset": "4"}, "too short"),
        ({"offset": "-4"}, "offset"),
        ({"offset": "9" * 30}, "offset"),
        ({"length": "8"}, "declares 8 bytes"),
        ({"length": "1e3"}, "length"),
        ({"length": "\u0663"}, "length"),
    ],
)
def test_offsets_and_lengths_are_checked(
    more: dict[str, str], expected: str, tmp_path: Path
) -> None:
    with pytest.raises(FileError, match=expected):
        read_onnx(outside("good", tmp_path, **more))


# ------------------------------------------------------------------------------------- memory


def claimed(dims: list[int], kind: int = 1) -> Any:
    made, weights = node("lstm", "forward")
    weights.pop("R")
    model = graph([made], weights)
    model.graph.initializer.append(onnx.TensorProto(name="R", data_type=kind, dims=dims))
    return model


@pytest.mark.parametrize(
    "dims",
    [[1, 12, 3], [1, 2**29, 1], [65_536, 65_536], [2**62, 2**62], [-1, 3], [0, 2**40], [1] * 9],
)
def test_a_tensor_that_claims_more_than_it_has(dims: list[int], tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(claimed(dims).SerializeToString())

    def read() -> None:
        with pytest.raises(FileError):
            read_onnx(tmp_path / "m.onnx")

    assert peak(read) < MEMORY


@pytest.mark.parametrize("kind", [2, 3, 8, 9, 14, 99])
def test_numbers_of_other_kinds_are_named(kind: int, tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(claimed([1, 12, 3], kind).SerializeToString())
    with pytest.raises(FileError, match="expected numbers with a fraction"):
        read_onnx(tmp_path / "m.onnx")


def test_a_chain_that_doubles_is_stopped(tmp_path: Path) -> None:
    made, weights = node("lstm", "forward")
    weights["c0"] = weights.pop("R")
    doubling = [
        onnx.helper.make_node("Concat", [f"c{i}", f"c{i}"], [f"c{i + 1}"], axis=1)
        for i in range(40)
    ]
    last = onnx.helper.make_node("Identity", ["c40"], ["R"])
    (tmp_path / "m.onnx").write_bytes(graph([*doubling, last, made], weights).SerializeToString())
    with pytest.raises(FileError, match="too many times"):
        read_onnx(tmp_path / "m.onnx")


@pytest.mark.parametrize("length", [1, 2, 100])
def test_circles_and_long_chains_are_stopped(length: int, tmp_path: Path) -> None:
    made, weights = node("lstm", "forward")
    weights.pop("R")
    names = ["R", *(f"c{i}" for i in range(1, length)), "R"]
    circle = [onnx.helper.make_node("Identity", [b], [a]) for a, b in itertools.pairwise(names)]
    (tmp_path / "m.onnx").write_bytes(graph([*circle, made], weights).SerializeToString())
    with pytest.raises(FileError, match="depends on itself"):
        read_onnx(tmp_path / "m.onnx")


def test_recurrent_nodes_in_a_circle_end_well(tmp_path: Path) -> None:
    made, weights = node("rnn", "forward")
    weights["W"] = np.ones((1, 3, 3), np.float32)
    weights["axis"] = np.array([1])
    back = onnx.helper.make_node("Squeeze", ["Y", "axis"], ["X2"])
    made.input[0] = "X2"
    (tmp_path / "m.onnx").write_bytes(graph([made, back], weights).SerializeToString())
    with pytest.raises(FileError, match="circle"):
        read_onnx(tmp_path / "m.onnx")


def test_graphs_in_graphs_in_graphs_are_stopped(tmp_path: Path) -> None:
    inner = onnx.helper.make_graph([], "g", [], [])
    for _ in range(24):
        step = onnx.helper.make_node("If", ["f"], ["y"], then_branch=inner)
        inner = onnx.helper.make_graph([step], "g", [], [])
    model = onnx.helper.make_model(inner)
    (tmp_path / "m.onnx").write_bytes(model.SerializeToString())
    with pytest.raises(FileError, match="nested deeper"):
        read_onnx(tmp_path / "m.onnx")


def field(number: int, payload: bytes) -> bytes:
    length, size = len(payload), b""
    while length > 127:
        size += bytes([length & 127 | 128])
        length >>= 7
    return bytes([number << 3 | 2]) + size + bytes([length]) + payload


def test_a_bomb_of_empty_messages_is_stopped_before_it_is_built(tmp_path: Path) -> None:
    bombs = {
        "nodes": field(7, field(1, b"") * 300_000),
        "attributes": field(7, field(1, field(5, b"") * 300_000)),
        "strings": field(7, field(1, field(5, field(9, b"") * 300_000))),
        "long names": field(7, field(10, b"x" * (17 << 20))),
        "deep": b"",
    }
    deep = b""
    for _ in range(3000):
        deep = field(1, field(5, field(6, deep)))
    bombs["deep"] = field(7, deep)
    for name, data in bombs.items():
        (tmp_path / name).write_bytes(data)

        def read(place: Path = tmp_path / name) -> None:
            with pytest.raises(FileError):
                read_onnx(place)

        assert peak(read) < MEMORY


# -------------------------------------------------------------------------------- wrong bytes


@pytest.mark.parametrize("data", [b"", b"\x08", b"\xff" * 64, b"\x00" * 64, b"hello world" * 9])
def test_no_onnx_at_all(data: bytes, tmp_path: Path) -> None:
    assert not survives(read_onnx, tmp_path / "m.onnx", data)


def test_a_pickle_under_its_name_is_refused(tmp_path: Path) -> None:
    assert not survives(read_onnx, tmp_path / "m.onnx", pickled(tmp_path / "canary", 4))
    assert not (tmp_path / "canary").exists()


def plain(folder: Path) -> bytes:
    """A small file of ours without its description, so that the graph itself is read."""
    write_onnx(samples.classifier(samples.EVERY_CELL[2], "both"), folder / "valid.onnx")
    model = onnx.load(folder / "valid.onnx")
    del model.metadata_props[:]
    return bytes(model.SerializeToString())


def test_cut_off_anywhere_it_is_a_file_error_or_a_smaller_model(tmp_path: Path) -> None:
    data = plain(tmp_path)
    for length in range(0, len(data) - 64, 64):
        assert not survives(read_onnx, tmp_path / "m", data[:length])


@pytest.mark.parametrize("described", [False, True])
def test_mutated_files_end_well(described: bool, tmp_path: Path) -> None:
    data = plain(tmp_path)
    if described:
        data = (tmp_path / "valid.onnx").read_bytes()
    whole = 0

    def work() -> None:
        nonlocal whole
        for changed in mutations(data, 1000):
            whole += survives(read_onnx, tmp_path / "m", changed)

    assert peak(work) < MEMORY
    assert whole > 50


def test_without_the_package_a_sentence_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rnnviz.document.interchange import extras

    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    (tmp_path / "m.onnx").write_bytes(b"\x08\x07")
    with pytest.raises(FileError, match=r"rnnviz\[onnx\]"):
        read_onnx(tmp_path / "m.onnx")
    with pytest.raises(FileError, match=r"rnnviz\[onnx\]"):
        write_onnx(samples.classifier(samples.EVERY_CELL[2]), tmp_path / "m.onnx")
