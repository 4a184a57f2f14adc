"""The numbers of ONNX tensors, also those in files beside the model, which may not lead away."""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import numpy as np
import numpy.typing as npt

from rnnviz.document.errors import visible
from rnnviz.document.interchange.files import (
    LENGTH_LIMIT,
    RANK_LIMIT,
    FilePath,
    check_total,
    count_of,
    size,
)
from rnnviz.engine.errors import EngineError

Values = npt.NDArray[Any]

_BYTES = {"FLOAT": 4, "DOUBLE": 8, "FLOAT16": 2, "BFLOAT16": 2, "INT32": 4, "INT64": 8}


class Tensors:
    """Reads the tensors of one model.

    Parameters
    ----------
    path : path
        The model; files with numbers must lie in its folder or below.

    Attributes
    ----------
    total : int
        How many bytes of numbers were read.
    """

    def __init__(self, path: FilePath) -> None:
        self.folder = os.path.realpath(Path(path).parent)
        self.total = 0

    def read(self, tensor: Any) -> Values:
        """The array of a `TensorProto`; half precision becomes single.

        Raises
        ------
        EngineError
            Another kind of number, a size out of range, numbers that are missing or lie elsewhere.
        """
        from onnx import TensorProto, numpy_helper

        name = visible(tensor.name) or "a constant"
        kind = _kind(tensor)
        if kind not in _BYTES:
            raise EngineError(f"{name} holds {visible(kind)}, expected numbers with a fraction")
        shape = tuple(tensor.dims)
        if len(shape) > RANK_LIMIT or any(not 0 <= length <= LENGTH_LIMIT for length in shape):
            raise EngineError(f"{name} has the shape {visible(shape)}, which is out of range")
        expected = count_of(shape) * _BYTES[kind]
        self.total += expected
        check_total(self.total)
        if tensor.data_location == TensorProto.EXTERNAL:
            copy = TensorProto(dims=tensor.dims, data_type=tensor.data_type)
            copy.raw_data = self._external(name, tensor, expected)
            tensor = copy
        elif tensor.HasField("raw_data") and len(tensor.raw_data) != expected:
            raise EngineError(f"{name} holds {len(tensor.raw_data)} bytes, expected {expected}")
        array = np.asarray(numpy_helper.to_array(tensor))
        return array.astype(np.float32) if "FLOAT16" in kind else array

    def _external(self, name: str, tensor: Any, expected: int) -> bytes:
        entries = {entry.key: entry.value for entry in tensor.external_data}
        place = self._inside(name, entries.get("location", ""))
        offset = _whole(name, "offset", entries.get("offset", "0"))
        length = _whole(name, "length", entries.get("length", str(expected)))
        if length != expected:
            raise EngineError(f"{name} declares {length} bytes, its shape needs {expected}")
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(place, flags | getattr(os, "O_NONBLOCK", 0))
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
                raise EngineError(f"{name}: its numbers lie in {_shown(place)}, which is a link")
            if offset + length > status.st_size:
                raise EngineError(f"{name}: {_shown(place)} is {size(status.st_size)}, too short")
            os.lseek(descriptor, offset, os.SEEK_SET)
            return _read(descriptor, length)
        finally:
            os.close(descriptor)

    def _inside(self, name: str, location: str) -> str:
        """The file of a location that stays in the folder, on any system that might read it."""
        parts = PurePosixPath(location).parts
        windows = PureWindowsPath(location)
        if (
            not parts
            or ".." in parts
            or ".." in windows.parts
            or windows.anchor
            or any(not c.isprintable() or c in "\\:" for c in location)
        ):
            raise EngineError(
                f"{name}: its numbers lie at {visible(location)!r}, only files in the model's own "
                "folder are read"
            )
        place = os.path.join(self.folder, *parts)
        if not os.path.lexists(place):
            raise EngineError(f"{name}: the file {_shown(place)} with its numbers is not there")
        if os.path.realpath(place) != place:
            raise EngineError(
                f"{name}: its numbers lie in {_shown(place)}, which is a link; put the file itself "
                "beside the model"
            )
        return place


def _kind(tensor: Any) -> str:
    from onnx import TensorProto

    try:
        return str(TensorProto.DataType.Name(tensor.data_type))
    except ValueError:
        return f"numbers of the unknown kind {tensor.data_type}"


def _whole(name: str, what: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise EngineError(f"{name}: the {what} of its numbers is {visible(text)!r}")
    return int(text)


def _read(descriptor: int, length: int) -> bytes:
    parts = []
    while length > 0 and (block := os.read(descriptor, min(length, 1 << 22))):
        parts.append(block)
        length -= len(block)
    if length:
        raise EngineError("a file of numbers became shorter while it was read")
    return b"".join(parts)


def _shown(place: str) -> str:
    return visible(os.path.basename(place))
