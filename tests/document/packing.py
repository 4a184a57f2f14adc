"""Files taken apart and put together by hand, for the tests of storage."""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterable
from typing import Any


def members_of(data: bytes) -> dict[str, bytes]:
    """The parts of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """Parts as a zip, as any other program would make it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()


def tensor_file(tensors: Iterable[tuple[str, str, list[int], bytes]]) -> bytes:
    """A safetensors file of (name, dtype, shape, bytes), as the format's description says."""
    header: dict[str, Any] = {}
    body = bytearray()
    for name, dtype, shape, data in tensors:
        span = [len(body), len(body) + len(data)]
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": span}
        body += data
    return framed(json.dumps(header).encode(), bytes(body))


def framed(header: bytes, body: bytes = b"") -> bytes:
    """A safetensors file with this header."""
    header += b" " * (-len(header) % 8)
    return len(header).to_bytes(8, "little") + header + body


def raw_zip(entries: Iterable[dict[str, Any]], **end: Any) -> bytes:
    """A zip written field by field, so that each can lie.

    Parameters
    ----------
    entries
        `name` and `data`, and whatever else shall not be what they say: `flags`, `method`, `crc`,
        `packed`, `size`, `attributes`, `extra`, `offset`, `local` (the name in the local header).
    **end
        `count`, `length`, `offset`, `comment`, `before` of the end of the central directory.
    """
    body, directory, count = bytearray(), bytearray(), 0
    for entry in entries:
        name, data = entry["name"].encode(), entry["data"]
        crc = entry.get("crc", zlib.crc32(data))
        packed, size = entry.get("packed", len(data)), entry.get("size", len(data))
        method, flags = entry.get("method", 0), entry.get("flags", 0)
        extra = entry.get("extra", b"")
        local = entry.get("local", entry["name"]).encode()
        common = (20, flags, method, 0, 33, crc, packed, size)
        offset = entry.get("offset", len(body))
        body += struct.pack("<4s5H3I2H", b"PK\3\4", *common, len(local), 0) + local + data
        tail = (len(name), len(extra), 0, 0, 0, entry.get("attributes", 0), offset)
        directory += struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, *common, *tail) + name + extra
        count += 1
    comment = end.get("comment", b"")
    numbers = (end.get("count", count),) * 2
    place = (end.get("length", len(directory)), end.get("offset", len(body)), len(comment))
    finish = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, *numbers, *place)
    return bytes(body + directory) + bytes(end.get("before", b"")) + finish + bytes(comment)
