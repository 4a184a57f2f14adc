"""Reads an array of NumPy from a stranger's file: no pickle, nothing larger than the file."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from rnnviz.app.texts import tr
from rnnviz.document.errors import FileError
from rnnviz.document.storage.files import faults_named, opened

HEADER = 10_000
"""Characters of a header at most."""


def read_npy(path: Path) -> npt.NDArray[Any]:
    """The numbers in an .npy file, with what it declares checked against what it holds.

    Raises
    ------
    FileError
        It is no such file, is damaged, or holds something else than numbers.
    """
    with faults_named(path, tr("it is no .npy file, or it is damaged")), opened(path) as file:
        shape, fortran, dtype = _header(path, file)
        if dtype.hasobject or dtype.kind not in "fiu" or dtype.itemsize > 8:
            raise FileError(path, tr("it holds {kind}, expected numbers").format(kind=dtype))
        data = file.read()
        declared = math.prod(shape) * dtype.itemsize
        if declared != len(data):
            raise FileError(
                path,
                tr("it declares {declared:,} bytes of numbers and holds {held:,}").format(
                    declared=declared, held=len(data)
                ),
            )
        flat = np.frombuffer(data, dtype)
        return flat.reshape(shape[::-1]).T if fortran else flat.reshape(shape)


def _header(path: Path, file: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = np.lib.format.read_magic(file)
    readers = {
        (1, 0): np.lib.format.read_array_header_1_0,
        (2, 0): np.lib.format.read_array_header_2_0,
    }
    if version not in readers:
        raise FileError(path, tr("its version is {version}").format(version=version))
    shape, fortran, dtype = readers[version](file, max_header_size=HEADER)
    if any(length < 0 for length in shape) or not isinstance(dtype, np.dtype):
        raise FileError(path, tr("its header is damaged"))
    return shape, fortran, dtype
