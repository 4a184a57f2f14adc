"""Files that somebody made to break us: each ends in one FileError, and nothing is changed."""

import io
import itertools
import os
import random
import stat
import struct
import threading
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from rnnviz.document import storage
from rnnviz.document.errors import FileError
from rnnviz.document.storage import archive, files
from rnnviz.document.storage.archive import DOCUMENT, HISTORY, SEQUENCE, WEIGHTS
from rnnviz.document.storage.members import write_members
from tests.document.documents import document
from tests.document.packing import framed, raw_zip, tensor_file, zipped

MEMORY = 100 << 20
GOOD = storage.to_bytes(document("trained32"))
PARTS = write_members(document("trained32"))
posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX system")


@contextmanager
def little_memory() -> Iterator[None]:
    """Whatever happens inside takes less than 100 MB."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()


def refused(data: bytes, match: str = ".") -> FileError:
    """The error with which the bytes are refused, as a file for people to read."""
    with little_memory(), pytest.raises(FileError, match=match) as caught:
        storage.from_bytes(data, "Folder/modèle\n.rnnviz")
    error = caught.value
    assert error.fault
    assert str(error).isprintable()
    assert len(str(error)) < 2500
    return error


# -------------------------------------------------------------------------------- A. wrong bytes


@pytest.mark.parametrize("length", range(17))
def test_hardly_any_bytes(length: int) -> None:
    for data in (b"\0" * length, GOOD[:length], b"PK\5\6" + b"\0" * length, b"PK\3\4" * length):
        refused(data)


def test_random_bytes() -> None:
    chance = random.Random(0)
    for _ in range(200):
        refused(chance.randbytes(chance.randrange(3000)))
        refused(b"PK\3\4" + chance.randbytes(chance.randrange(3000)))


def test_truncated_files() -> None:
    for length in range(0, len(GOOD), 64):
        refused(GOOD[:length])
        refused(GOOD[length + 1 :])


def test_bits_turned() -> None:
    """Every bit of the first and the last bytes, and one of every eighth byte between."""
    places = {*range(8 * 60), *range(8 * (len(GOOD) - 200), 8 * len(GOOD))}
    places |= set(range(3, 8 * len(GOOD), 61))
    loaded = 0
    for place in sorted(places):
        data = bytearray(GOOD)
        data[place // 8] ^= 1 << place % 8
        try:
            loaded += storage.from_bytes(bytes(data)) == document("trained32")
        except FileError:
            continue
    # What was turned in these was a date, a version or an attribute.
    assert 0 < loaded < len(places) / 4


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n", b"%PDF-1.7", b"\x89HDF\r\n\x1a\n", b"\x80\x04\x95", b"\x08\x07", b"{}"],
)
def test_files_of_another_kind(data: bytes) -> None:
    refused(data + b"\0" * 200, "not a document of rnnviz")


def test_a_pickle_in_a_zip_is_not_opened(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    pickle = b"cos\nsystem\n(S'touch %s'\ntR." % os.fsencode(canary)
    refused(zipped({"archive/data.pkl": pickle, "archive/version": b"3\n"}), "no part of a doc")
    refused(zipped({**PARTS, WEIGHTS: pickle}))
    refused(zipped({**PARTS, DOCUMENT: pickle}))
    refused(pickle)
    assert not canary.exists()


# ------------------------------------------------------------------------ A. what is not a file


def test_missing_files_and_folders(tmp_path: Path) -> None:
    for path, match in ((tmp_path / "missing", "no such file"), (tmp_path, "a folder")):
        with pytest.raises(FileError, match=match):
            storage.load(path)
        with pytest.raises(FileError, match=match):
            storage.peek(path)


@posix
def test_pipes_and_devices_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/zero")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path / "link", Path(os.devnull)):
        with little_memory(), pytest.raises(FileError, match="not an ordinary file"):
            storage.load(path)


def test_paths_that_are_none(tmp_path: Path) -> None:
    for path in (tmp_path / "a\0b", tmp_path / ("a" * 300), tmp_path / "\ud800", "", "\ud800"):
        with pytest.raises(FileError) as caught:
            storage.load(path)
        assert str(caught.value).isprintable()


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(FileError, match="you may not read"):
        storage.load(tmp_path / "a")


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.write(GOOD)
        file.truncate(files.FILE_BYTES + 1)
    with little_memory(), pytest.raises(FileError, match="at most 512 MB are read"):
        storage.load(path)
    with path.open("r+b") as file:
        file.truncate(files.FILE_BYTES)
    with little_memory(), pytest.raises(FileError, match="its end is missing"):
        storage.load(path)


def test_a_file_that_takes_too_long_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage.save(document("tagger"), tmp_path / "m.rnnviz")
    clock = itertools.count(0, 6)
    monkeypatch.setattr(time, "monotonic", lambda: float(next(clock)))
    with pytest.raises(FileError, match=r"^m\.rnnviz: reading it took longer than 10 seconds"):
        storage.load(tmp_path / "m.rnnviz")


def test_blocks_are_read_to_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "BLOCK_BYTES", 3)
    deadline = files.Deadline()
    for most in (0, 1, 3, 7, 8, 20):
        assert deadline.read(io.BytesIO(b"abcdefgh"), most) == b"abcdefgh"[:most]


def test_a_file_that_grows_and_goes_while_it_is_read(tmp_path: Path) -> None:
    path, stop = tmp_path / "a.rnnviz", threading.Event()

    def disturb() -> None:
        while not stop.is_set():
            path.write_bytes(GOOD)
            with path.open("ab") as file:
                for _ in range(20):
                    file.write(GOOD)
            path.unlink()

    disturbing = threading.Thread(target=disturb)
    disturbing.start()
    seen = set()
    try:
        for _ in range(300):
            try:
                seen.add(storage.load(path) == document("trained32"))
            except FileError:
                seen.add(False)
    finally:
        stop.set()
        disturbing.join()
    assert False in seen


# ------------------------------------------------------------------------------------ C. the zip

ENTRIES = [{"name": name, "data": data} for name, data in PARTS.items()]
BOMB = zlib.compress(b"\0" * 50_000_000, 9)[2:-4]


def with_entry(**lies: object) -> bytes:
    """The good parts, with the weights told otherwise."""
    entries = [{**entry, **lies} if entry["name"] == WEIGHTS else entry for entry in ENTRIES]
    return raw_zip(entries)


def zip64(size: int) -> dict[str, object]:
    extra = struct.pack("<HH2Q", 1, 16, size, size)
    return {"size": 0xFFFFFFFF, "packed": 0xFFFFFFFF, "extra": extra}


def named(name: str) -> bytes:
    return raw_zip([*ENTRIES, {"name": name, "data": b"x"}])


def test_the_raw_zip_without_lies_is_good() -> None:
    assert storage.from_bytes(raw_zip(ENTRIES)) == document("trained32")


ZIPS: dict[str, tuple[bytes, str]] = {
    "nothing in it": (raw_zip([]), "not a document"),
    "half of it": (raw_zip(ENTRIES[:1]), "the part weights.safetensors is missing"),
    "no description": (raw_zip(ENTRIES[1:]), "the part document.json is missing"),
    "a bomb": (
        with_entry(data=BOMB, method=8, size=50_000_000, crc=0),
        "compressed more than 100 times",
    ),
    "a bomb that lies": (with_entry(data=BOMB, method=8, size=5_000, crc=0), "is damaged"),
    "a bomb that lies twice": (
        with_entry(data=BOMB, method=8, size=5_000_000, packed=50_000, crc=0),
        ".",
    ),
    "a bomb that lies about its bytes": (
        with_entry(data=BOMB[:2000], method=8, size=300 << 20, packed=4 << 20),
        "declare more bytes than there are",
    ),
    "a size of 4 GB": (with_entry(size=0xFFFFFFFE), "declares two sizes|declares 4,096 MB"),
    "16 EB": (with_entry(**zip64(2**64 - 1)), "at most 512 MB are read"),
    "two sizes": (with_entry(size=3), "declares two sizes"),
    "another checksum": (with_entry(crc=1), "is damaged"),
    "another name inside": (with_entry(local="other"), "is damaged"),
    "another place": (with_entry(offset=7), "is damaged"),
    "a place behind the end": (with_entry(offset=0x7FFFFFFF), "is damaged"),
    "encrypted": (with_entry(flags=1), "is encrypted"),
    "strongly encrypted": (with_entry(flags=0x41), "is encrypted"),
    "masked": (with_entry(flags=0x2000), "is encrypted"),
    "bzip2": (with_entry(method=12), "compressed in a way"),
    "lzma": (with_entry(method=14), "compressed in a way"),
    "unknown compression": (with_entry(method=99), "compressed in a way"),
    "not really compressed": (with_entry(method=8), "is damaged"),
    "a link": (with_entry(attributes=(stat.S_IFLNK | 0o777) << 16), "not an ordinary file"),
    "a device": (with_entry(attributes=(stat.S_IFBLK | 0o777) << 16), "not an ordinary file"),
    "a folder": (with_entry(name=WEIGHTS + "/"), "no part of a document"),
    "the same name twice": (raw_zip([*ENTRIES[:3], ENTRIES[1]]), "there twice"),
    "the same part twice": (raw_zip([*ENTRIES[:3], {**ENTRIES[0], "offset": 0}]), "there twice"),
    "a zero byte in the name": (named(DOCUMENT + "\0x"), "there twice|no part of a document"),
    "a zip in it": (named("inner.zip"), "no part of a document"),
    "the parent folder": (named("../evil"), "no part of a document"),
    "an absolute path": (named("/etc/passwd"), "no part of a document"),
    "a drive": (named("C:\\evil"), "no part of a document"),
    "a backslash": (named("..\\" + DOCUMENT), "no part of a document"),
    "another case": (named("Document.JSON"), "no part of a document"),
    "a turned name": (named("\u202egnp.exe\n"), "no part of a document"),
    "a long name": (named("a" * 60_000), "more parts|no part of a document"),
    "thousands": (
        raw_zip([*ENTRIES, *({"name": str(i), "data": b""} for i in range(65_000))]),
        "more parts",
    ),
    "a count that lies": (raw_zip(ENTRIES, count=65_535), "more parts"),
    "a count of none": (raw_zip(ENTRIES, count=0), "."),
    "a directory that is too long": (raw_zip(ENTRIES, length=0xFFFFFFFE), "more parts"),
    "a directory of nothing": (raw_zip(ENTRIES, length=0), "zip is damaged|is missing"),
    "a directory elsewhere": (raw_zip(ENTRIES, offset=0xFFFFFFFE), "damaged"),
    "a directory at the start": (raw_zip(ENTRIES, offset=0), "."),
    "zip64": (raw_zip(ENTRIES, before=b"PK\6\7" + b"\xff" * 16), "more parts"),
    "a comment": (raw_zip(ENTRIES, comment=b"PK\5\6" + b"\0" * 18), "is missing"),
    "something before": (b"#!/bin/sh\n" + raw_zip(ENTRIES), "not a document"),
    "something behind": (raw_zip(ENTRIES) + b"\n", "its end is missing"),
}


@pytest.mark.parametrize("name", ZIPS)
def test_hostile_zips(name: str, tmp_path: Path) -> None:
    data, match = ZIPS[name]
    if name in ("a count of none", "a directory at the start"):
        # Here zipfile finds the parts all the same.
        try:
            assert storage.from_bytes(data) == document("trained32")
        except FileError:
            return
        return
    refused(data, match)
    path = tmp_path / "a.rnnviz"
    path.write_bytes(data)
    with little_memory(), pytest.raises(FileError, match=match):
        storage.load(path)
    assert [p.name for p in tmp_path.rglob("*")] == ["a.rnnviz"]


def test_overlapping_parts() -> None:
    """A thousand names for the same bytes would be a bomb without any compression."""
    entries = [{**ENTRIES[1], "offset": 0, "name": name} for name in (WEIGHTS, HISTORY, SEQUENCE)]
    body = raw_zip([ENTRIES[0], *entries])
    refused(body)


def test_the_largest_parts_together_are_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "TOTAL_BYTES", 1_000)
    refused(GOOD, "together larger")


# -------------------------------------------------------------------------------- B. the tensors

ONE = ("head/d", "F64", [2], b"\0" * 16)


def weights(**tensors: tuple[str, list[int], bytes]) -> bytes:
    """A good file of weights with some of its tensors replaced."""
    good = document("trained32").weights.items()
    found = {path: ("F32", list(array.shape), array.tobytes()) for path, array in good}
    return tensor_file((name, *entry) for name, entry in {**found, **tensors}.items())


def header(text: str, body: bytes = b"\0" * 16) -> bytes:
    return framed(text.encode("utf-8", "surrogatepass"), body)


TENSORS: dict[str, bytes] = {
    "nothing": b"",
    "a short file": b"\x08\0\0",
    "a header of 2^63": b"\0\0\0\0\0\0\0\x80" + b"{}",
    "a header of 2^64": b"\xff" * 8,
    "a header of 200 MB": (200 << 20).to_bytes(8, "little") + b"{",
    "a header over the end": b"\xff\0\0\0\0\0\0\0{}",
    "no JSON": header("hello"),
    "not UTF-8": framed(b'{"\xff\xfe": 1}'),
    "a deep header": header("[" * 100_000),
    "a deep tensor": header('{"a":' * 100_000),
    "a pickle": b"\x80\x04\x95\x0b\0\0\0",
    "no tensors": header("{}", b""),
    "a key twice": header(
        '{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},'
        '"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}'
    ),
    "overlapping": header(
        '{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},'
        '"b":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}'
    ),
    "a hole": header('{"a":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}}'),
    "bytes behind": weights() + b"\0" * 8,
    "another shape": header('{"a":{"dtype":"F64","shape":[3],"data_offsets":[0,16]}}'),
    "a shape that overflows": header(
        '{"a":{"dtype":"F64","shape":[4294967296,4294967296,2],"data_offsets":[0,16]}}'
    ),
    "a negative shape": header('{"a":{"dtype":"F64","shape":[-2],"data_offsets":[0,16]}}'),
    "nan in the shape": header('{"a":{"dtype":"F64","shape":[NaN],"data_offsets":[0,16]}}'),
    "a half in the shape": header('{"a":{"dtype":"F64","shape":[1.5],"data_offsets":[0,16]}}'),
    "a word in the shape": header('{"a":{"dtype":"F64","shape":["2"],"data_offsets":[0,16]}}'),
    "1e400 in the shape": header('{"a":{"dtype":"F64","shape":[1e400],"data_offsets":[0,16]}}'),
    "an unknown dtype": header('{"a":{"dtype":"X9","shape":[2],"data_offsets":[0,16]}}'),
    "offsets turned": header('{"a":{"dtype":"F64","shape":[2],"data_offsets":[16,0]}}'),
    "metadata of numbers": header('{"__metadata__":{"a":1}}', b""),
    "more fields": header('{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16],"x":1}}'),
    "nothing of nothing": weights(**{"head/d": ("F64", [0, 2**60], b"")}),
    "nothing of 65 axes": weights(**{"head/d": ("F64", [0] * 65, b"")}),
    "many axes": weights(**{"head/d": ("F64", [1, 1, 1, 1, 2], b"\0" * 16)}),
    "integers": weights(**{"head/d": ("I64", [2], b"\0" * 16)}),
    "small integers": weights(**{"head/d": ("U8", [2], b"\0" * 2)}),
    "truth values": weights(**{"head/d": ("BOOL", [2], b"\0" * 2)}),
    "eighths": weights(**{"head/d": ("F8_E4M3", [2], b"\0" * 2)}),
    "complex numbers": weights(**{"head/d": ("C64", [2], b"\0" * 16)}),
    "one too many": weights(**{"../../x": ("F64", [2], b"\0" * 16)}),
    "a turned name": weights(**{"\u202e\n\0": ("F64", [2], b"\0" * 16)}),
    "turned weights": weights(**{"layer0/forward/W_z": ("F32", [8, 3], b"\0" * 96)}),
    "a hundred thousand tensors": tensor_file((str(i), "F64", [0], b"") for i in range(100_000)),
    "nine thousand tensors": tensor_file((str(i), "F64", [0], b"") for i in range(9_000)),
    "one missing": tensor_file([ONE]),
    "a billion steps": tensor_file([("head/d", "F64", [1_000_000_000, 2], b"\0" * 16)]),
}


@pytest.mark.parametrize("part", [WEIGHTS, HISTORY, SEQUENCE])
@pytest.mark.parametrize("name", TENSORS)
def test_hostile_tensors(name: str, part: str) -> None:
    refused(zipped({**PARTS, part: TENSORS[name]}))


def test_the_weights_without_lies_are_good() -> None:
    assert storage.from_bytes(zipped({**PARTS, WEIGHTS: weights()})) == document("trained32")


def test_inf_and_nan_are_weights_like_any_other() -> None:
    values = np.array([np.inf, np.nan], np.float32)
    found = storage.from_bytes(
        zipped({**PARTS, WEIGHTS: weights(**{"head/d": ("F32", [2], values.tobytes())})})
    )
    assert found.weights["head/d"].tobytes() == values.tobytes()


SEQUENCES: dict[str, list[tuple[str, str, list[int], bytes]]] = {
    "no vectors": [],
    "a long one": [("vectors", "F64", [65_537, 2], b"\0" * 16 * 65_537)],
    "a wide one": [("vectors", "F64", [3, 3], b"\0" * 72)],
    "a flat one": [("vectors", "F64", [3], b"\0" * 24)],
    "a wide nothing": [("vectors", "F64", [0, 3], b"")],
    "more": [("vectors", "F64", [3, 2], b"\0" * 48), ("x", "F64", [1], b"\0" * 8)],
    "other targets": [("vectors", "F64", [3, 2], b"\0" * 48), ("targets", "F64", [1], b"\0" * 8)],
}


@pytest.mark.parametrize("name", SEQUENCES)
def test_hostile_sequences(name: str) -> None:
    parts = write_members(document("forecast"))
    refused(zipped({**parts, SEQUENCE: tensor_file(SEQUENCES[name])}))
    refused(zipped({name: data for name, data in parts.items() if name != SEQUENCE}))


HISTORIES: dict[str, list[tuple[str, str, list[int], bytes]]] = {
    "nothing": [],
    "no measures": [(str(i), "F32", [152], b"\0" * 608) for i in range(3)],
    "few moments": [("measures", "F64", [3, 6], b"\0" * 144), ("0", "F32", [152], b"\0" * 608)],
    "flat measures": [
        ("measures", "F64", [18], b"\0" * 144),
        *((str(i), "F32", [152], b"\0" * 608) for i in range(3)),
    ],
    "another network": [
        ("measures", "F64", [3, 6], b"\0" * 144),
        *((str(i), "F32", [3], b"\0" * 12) for i in range(3)),
    ],
    "different networks": [
        ("measures", "F64", [3, 6], b"\0" * 144),
        *((str(i), "F32", [i], b"\0" * 4 * i) for i in range(3)),
    ],
    "matrices": [
        ("measures", "F64", [3, 6], b"\0" * 144),
        *((str(i), "F32", [1, 152], b"\0" * 608) for i in range(3)),
    ],
}


@pytest.mark.parametrize("name", HISTORIES)
def test_hostile_histories(name: str) -> None:
    refused(zipped({**PARTS, HISTORY: tensor_file(HISTORIES[name])}))


def test_half_a_history() -> None:
    refused(zipped({name: data for name, data in PARTS.items() if name != HISTORY}), "one half")
    refused(zipped({**write_members(document("lstm")), HISTORY: PARTS[HISTORY]}), "one half")


def test_members_of_a_zip_are_read_by_name_only(tmp_path: Path) -> None:
    """Nothing is ever extracted."""
    path = tmp_path / "a.rnnviz"
    path.write_bytes(GOOD)
    before = set(Path.cwd().iterdir())
    storage.load(path)
    assert set(Path.cwd().iterdir()) == before
    assert zipfile.is_zipfile(path)
