"""Files taken apart and put together by hand, for the tests of storage."""

import io
import json
import zipfile
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
    body = b""
    for name, dtype, shape, data in tensors:
        span = [len(body), len(body) + len(data)]
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": span}
        body += data
    return framed(json.dumps(header).encode(), body)


def framed(header: bytes, body: bytes = b"") -> bytes:
    """A safetensors file with this header."""
    header += b" " * (-len(header) % 8)
    return len(header).to_bytes(8, "little") + header + body
