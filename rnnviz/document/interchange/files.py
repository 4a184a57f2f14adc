"""Limits on what is read from strangers' files, and their bytes within those limits."""

from __future__ import annotations

import math

from rnnviz.document.errors import FileError, visible
from rnnviz.document.storage.files import FILE_BYTES, Deadline, FilePath, faults_named, opened
from rnnviz.document.storage.files import megabytes as size
from rnnviz.document.storage.writing import write_atomically
from rnnviz.engine.errors import EngineError

MEGABYTE = 1 << 20
DATA_LIMIT = 1024 * MEGABYTE
HEADER_LIMIT = 8 * MEGABYTE
RATIO_LIMIT = 100
COUNT_LIMIT = 4096
RANK_LIMIT = 4
LENGTH_LIMIT = 65_536
NAME_LIMIT = 256
DEPTH_LIMIT = 64


def read_bytes(path: FilePath) -> bytes:
    """The bytes of an ordinary file of at most `FILE_BYTES`.

    Raises
    ------
    FileError
        It is missing, a folder, a pipe or a device, too large, or may not be read; or that takes
        longer than `SECONDS`.
    """
    with faults_named(path, "it cannot be read"), opened(path) as file:
        data = Deadline().read(file, FILE_BYTES + 1)
        if len(data) > FILE_BYTES:
            raise FileError(path, f"it grew past {size(FILE_BYTES)} while it was read")
        return data


def check_shape(name: str, shape: tuple[int, ...]) -> None:
    """Raise an EngineError for a tensor of a rank or length that no recurrent model has."""
    if len(shape) > RANK_LIMIT or any(not 0 < length <= LENGTH_LIMIT for length in shape):
        raise EngineError(
            f"{visible(name)} has the shape {visible(shape)}; expected at most {RANK_LIMIT} axes "
            f"of 1 to {LENGTH_LIMIT}"
        )


def check_total(bytes_of_all: int) -> None:
    """Raise an EngineError for more data than a model may hold."""
    if bytes_of_all > DATA_LIMIT:
        raise EngineError(
            f"it declares {size(bytes_of_all)} of numbers, at most {size(DATA_LIMIT)} are read"
        )


def count_of(shape: tuple[int, ...]) -> int:
    """How many numbers an array of this shape holds, in whole numbers of any size."""
    return math.prod(int(length) for length in shape)


__all__ = [
    "COUNT_LIMIT",
    "DATA_LIMIT",
    "DEPTH_LIMIT",
    "HEADER_LIMIT",
    "LENGTH_LIMIT",
    "MEGABYTE",
    "NAME_LIMIT",
    "RANK_LIMIT",
    "RATIO_LIMIT",
    "FilePath",
    "check_shape",
    "check_total",
    "count_of",
    "faults_named",
    "opened",
    "read_bytes",
    "size",
    "write_atomically",
]
