"""HDF5 and zip files that reach outside, unfold to more than they are, or are damaged."""

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from rnnviz.document.errors import FileError
from rnnviz.document.interchange.keras_file import read_keras
from tests.document.interchange.hostile import MEMORY, mutations, peak, pickled, survives

h5py = pytest.importorskip("h5py")

from tests.document.interchange import keras_layouts as layouts  # noqa: E402

KERNEL = "model_weights/rec/rec/cell_1/kernel:0"
CELL = "model_weights/rec/rec/cell_1"


def one_layer() -> list[tuple[dict[str, Any], dict[str, layouts.Group]]]:
    layer = layouts.spec("LSTM", "rec", return_sequences=True)
    return [(layer, {"forward": layouts.weights("LSTM", 3, 2, 1)})]


def changed(file: Path, change: Callable[[Any], None]) -> Path:
    """A valid file in which the kernel is replaced."""
    layouts.keras_2(file, one_layer())
    assert read_keras(file)
    with h5py.File(file, "r+") as h5:
        del h5[KERNEL]
        change(h5)
    return file


def refused(file: Path, expected: str) -> None:
    def read() -> None:
        with pytest.raises(FileError, match=expected):
            read_keras(file)

    assert peak(read) < MEMORY


# ------------------------------------------------------------------------------ reaching outside


def test_an_external_link_is_not_followed(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "secret.h5", "w") as h5:
        h5["kernel"] = np.ones((3, 8))

    def link(h5: Any) -> None:
        h5[KERNEL] = h5py.ExternalLink(str(tmp_path / "secret.h5"), "/kernel")

    refused(changed(tmp_path / "m.h5", link), "is a link, which is not followed")


def test_a_soft_link_is_not_followed(tmp_path: Path) -> None:
    def link(h5: Any) -> None:
        h5[KERNEL] = h5py.SoftLink(f"/{CELL}/recurrent_kernel:0")

    refused(changed(tmp_path / "m.h5", link), "is a link, which is not followed")


@pytest.mark.parametrize("target", ["/nowhere", f"/{KERNEL}"])
def test_a_dangling_link_and_one_to_itself(target: str, tmp_path: Path) -> None:
    def link(h5: Any) -> None:
        h5[KERNEL] = h5py.SoftLink(target)

    refused(changed(tmp_path / "m.h5", link), "is a link")


def test_a_virtual_dataset_is_not_read(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "secret.h5", "w") as h5:
        h5["kernel"] = np.ones((3, 8), "f4")

    def virtual(h5: Any) -> None:
        layout = h5py.VirtualLayout((3, 8), "f4")
        layout[:] = h5py.VirtualSource(str(tmp_path / "secret.h5"), "kernel", (3, 8))
        h5.create_virtual_dataset(KERNEL, layout)

    refused(changed(tmp_path / "m.h5", virtual), "lie in another file")


def test_numbers_in_a_raw_file_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(np.ones((3, 8), "f4").tobytes())

    def external(h5: Any) -> None:
        h5.create_dataset(KERNEL, (3, 8), "f4", external=[(str(tmp_path / "secret"), 0, 96)])

    refused(changed(tmp_path / "m.h5", external), "lie in another file")


def test_a_group_inside_itself_is_stopped(tmp_path: Path) -> None:
    file = changed(tmp_path / "m.h5", lambda h5: h5.__setitem__(f"{CELL}/again", h5[CELL]))
    refused(file, "is there twice")


def test_references_are_no_numbers(tmp_path: Path) -> None:
    def reference(h5: Any) -> None:
        data = h5.create_dataset(KERNEL, (3, 8), h5py.ref_dtype)
        data[0, 0] = h5[CELL].ref

    refused(changed(tmp_path / "m.h5", reference), "expected numbers with a fraction")


def test_a_configuration_that_is_no_text(tmp_path: Path) -> None:
    layouts.keras_2(tmp_path / "m.h5", one_layer())
    for value in (np.array(["a", "b"], "S1"), 7):
        with h5py.File(tmp_path / "m.h5", "r+") as h5:
            h5.attrs["model_config"] = value
        refused(tmp_path / "m.h5", "model_config is no text")
    with h5py.File(tmp_path / "m.h5", "r+") as h5:
        h5.attrs["model_config"] = h5.ref
    refused(tmp_path / "m.h5", "model_config is no text")


# ------------------------------------------------------------------------------------- bombs


@pytest.mark.parametrize(
    "options",
    [
        {"shape": (60_000, 60_000), "dtype": "f4"},
        {"shape": (60_000, 60_000), "dtype": "f4", "chunks": (1000, 1000), "compression": "gzip"},
        {
            "shape": (3, 8),
            "dtype": "f4",
            "chunks": (2048, 2048),
            "maxshape": (None, None),
            "compression": "gzip",
        },
        {"shape": (2**40,), "dtype": "f4", "chunks": (64,)},
        {"shape": (3, 8), "dtype": "i4"},
        {"shape": (3, 8), "dtype": "S9"},
        {"shape": (3, 8), "dtype": [("a", "f4"), ("b", "f8")]},
        {"shape": (1, 1, 1, 1, 3, 8), "dtype": "f4"},
        {"shape": (0, 8), "dtype": "f4"},
        {"shape": (), "dtype": "f4"},
        {"shape": (3, 8), "dtype": "f4"},
        {"shape": None, "dtype": "f4", "data": h5py.Empty("f4")},
        {"shape": (3, 8), "dtype": h5py.vlen_dtype(np.dtype("f4"))},
    ],
    ids=str,
)
def test_a_dataset_that_is_not_what_it_seems(options: dict[str, Any], tmp_path: Path) -> None:
    def make(h5: Any) -> None:
        data = h5.create_dataset(KERNEL, **options)
        if options["shape"] == (3, 8) and options.get("chunks"):
            data[...] = 1.0

    refused(changed(tmp_path / "m.h5", make), "rec: |expected numbers|declares|pieces|shape")


def test_ten_thousand_to_one_is_a_bomb(tmp_path: Path) -> None:
    def make(h5: Any) -> None:
        h5.create_dataset(KERNEL, data=np.zeros((3000, 4000), "f4"), compression="gzip")

    refused(changed(tmp_path / "m.h5", make), "declares far more numbers than the file holds")


def test_honest_compression_is_read(tmp_path: Path) -> None:
    def make(h5: Any) -> None:
        data = layouts.weights("LSTM", 3, 2, 1)["kernel"]
        h5.create_dataset(KERNEL, data=data, compression="gzip", shuffle=True, fletcher32=True)

    assert read_keras(changed(tmp_path / "m.h5", make))[0].layers[0].inputs == 3


def test_a_filter_that_is_missing(tmp_path: Path) -> None:
    def make(h5: Any) -> None:
        properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        properties.set_chunk((3, 8))
        properties.set_filter(40_000, h5py.h5z.FLAG_OPTIONAL, ())
        space = h5py.h5s.create_simple((3, 8))
        kind = h5py.h5t.NATIVE_FLOAT
        made = h5py.h5d.create(h5[CELL].id, b"kernel:0", kind, space, properties)
        made.write(h5py.h5s.ALL, h5py.h5s.ALL, np.ones((3, 8), "f4"))

    refused(changed(tmp_path / "m.h5", make), "filter 40000")


def test_too_many_members_and_too_deep(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "m.h5", "w") as h5:
        for number in range(5000):
            h5.create_group(f"g{number}")
    refused(tmp_path / "m.h5", "more than 4096 members")
    with h5py.File(tmp_path / "m.h5", "w") as h5:
        h5.create_group("/".join("g" * 200))
    refused(tmp_path / "m.h5", "nested deeper")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"class_name": "Custom", "config": {}}',
        '{"class_name": "Sequential", "config": {"layers": 3}}',
        '{"class_name": "Sequential", "config": NaN}',
        '{"class_name": "Sequential", "config": {"layers": ' + "[" * 100_000 + "]" * 100_000 + "}}",
        '{"class_name": "Sequential", "config": {"layers": [1, null, {}, {"class_name": 5}]}}',
        '{"class_name": "Lambda", "config": {"function": "__import__(\'os\').system(\'x\')"}}',
    ],
    ids=lambda text: text[:40],
)
def test_a_bad_configuration(text: str, tmp_path: Path) -> None:
    layouts.keras_2(tmp_path / "m.h5", one_layer())
    with h5py.File(tmp_path / "m.h5", "r+") as h5:
        h5.attrs["model_config"] = text
    refused(tmp_path / "m.h5", "configuration|its layers are none")


# ------------------------------------------------------------------------------------ archives


def archive(file: Path, members: dict[str, bytes], **options: Any) -> Path:
    with zipfile.ZipFile(file, "w", **options) as made:
        for name, data in members.items():
            made.writestr(name, data)
    return file


def parts() -> dict[str, bytes]:
    """The members of a valid `.keras`."""
    stream = io.BytesIO()
    layouts.keras_3_weights(stream, one_layer())
    text = layouts.sequential([config for config, _ in one_layer()])
    return {"config.json": text.encode(), "model.weights.h5": stream.getvalue()}


def test_a_valid_archive(tmp_path: Path) -> None:
    assert read_keras(archive(tmp_path / "m", parts()))
    packed = archive(tmp_path / "p", parts(), compression=zipfile.ZIP_DEFLATED)
    assert read_keras(packed)


@pytest.mark.parametrize("missing", ["config.json", "model.weights.h5"])
def test_a_missing_member(missing: str, tmp_path: Path) -> None:
    members = parts()
    del members[missing]
    refused(archive(tmp_path / "m", members), f"has no member {missing}")


def test_a_zip_bomb(tmp_path: Path) -> None:
    bomb = parts() | {"model.weights.h5": b"\x89HDF\r\n\x1a\n" + b"\0" * (200 << 20)}
    file = archive(tmp_path / "m", bomb, compression=zipfile.ZIP_DEFLATED)
    refused(file, "packed like a zip bomb")


def test_a_long_configuration(tmp_path: Path) -> None:
    refused(archive(tmp_path / "m", parts() | {"config.json": b" " * (9 << 20)}), "at most 8 MB")


def test_a_hidden_pickle(tmp_path: Path) -> None:
    members = parts() | {"data.pkl": pickled(tmp_path / "canary", 4)}
    refused(archive(tmp_path / "m.keras", members), "it is a pickle")
    assert not (tmp_path / "canary").exists()


def test_two_members_of_one_name(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "m", "w") as made:
        made.writestr("config.json", b"{}")
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr("config.json", b"{}")
    refused(tmp_path / "m", "two members of one name")


def test_too_many_members(tmp_path: Path) -> None:
    file = archive(tmp_path / "m", {f"m{i}": b"" for i in range(5000)})
    refused(file, "more than 4096 members")


def test_a_directory_that_lies(tmp_path: Path) -> None:
    data = archive(tmp_path / "m", parts()).read_bytes()
    place = data.rfind(b"PK\x05\x06")
    for offset, form, value in ((10, "<H", 60_000), (12, "<I", 2**31), (16, "<I", 2**31)):
        lying = bytearray(data)
        struct.pack_into(form, lying, place + offset, value)
        assert not survives(read_keras, tmp_path / "lie", bytes(lying))
    first = data.index(b"PK\x01\x02")
    for offset, form, value in ((24, "<I", 2**31), (24, "<I", 9), (8, "<H", 1), (42, "<I", 9)):
        lying = bytearray(data)
        struct.pack_into(form, lying, first + offset, value)
        assert not survives(read_keras, tmp_path / "lie", bytes(lying))


def test_names_that_lead_away_are_only_names(tmp_path: Path) -> None:
    members = {"../../evil": b"x", "/etc/evil": b"x", "C:\\evil": b"x"} | parts()
    assert read_keras(archive(tmp_path / "m", members))
    assert [file.name for file in tmp_path.iterdir()] == ["m"]


# -------------------------------------------------------------------------------- wrong bytes


@pytest.mark.parametrize("data", [b"", b"\x89HDF", b"\x89HDF\r\n\x1a\n", b"PK\x03\x04", b"x" * 999])
def test_no_file_of_keras(data: bytes, tmp_path: Path) -> None:
    assert not survives(read_keras, tmp_path / "m.h5", data)


@pytest.mark.parametrize("suffix", ["h5", "keras"])
def test_damaged_files_end_well(suffix: str, tmp_path: Path) -> None:
    valid = tmp_path / f"valid.{suffix}"
    (layouts.keras_2 if suffix == "h5" else layouts.keras_3)(valid, one_layer())
    data = valid.read_bytes()
    whole = 0

    def work() -> None:
        nonlocal whole
        for bad in mutations(data, 500):
            whole += survives(read_keras, tmp_path / "m", bad)
        for length in range(0, len(data) - 64, 256):
            survives(read_keras, tmp_path / "m", data[:length])

    assert peak(work) < MEMORY
    assert whole > (20 if suffix == "h5" else 3)


def test_without_the_package_a_sentence_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rnnviz.document.interchange import extras

    monkeypatch.setattr(extras, "find_spec", lambda _: None)
    (tmp_path / "m.h5").write_bytes(b"\x89HDF")
    refused(tmp_path / "m.h5", r"rnnviz\[keras\]")
