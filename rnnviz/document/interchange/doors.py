"""The doors by name: reads a model of whatever format, and the writers of all formats."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from rnnviz.document.errors import FileError
from rnnviz.document.interchange.apart import read_apart
from rnnviz.document.interchange.files import FilePath, faults_named, opened, read_bytes
from rnnviz.document.interchange.found import Found
from rnnviz.document.interchange.hdf5 import SIGNATURE
from rnnviz.document.interchange.keras_code import write_keras
from rnnviz.document.interchange.model import Model
from rnnviz.document.interchange.onnx_writing import write_onnx
from rnnviz.document.interchange.pickles import SUFFIXES, refuse_pickles
from rnnviz.document.interchange.safetensors_file import read_safetensors, write_safetensors
from rnnviz.document.interchange.tables import write_csv, write_npz
from rnnviz.document.interchange.torch_code import write_pytorch
from rnnviz.document.interchange.zips import is_zip, open_zip

Writer = Callable[[Model, FilePath], None]

WRITERS: dict[str, Writer] = {
    "pytorch": write_pytorch,
    "keras": write_keras,
    "onnx": write_onnx,
    "safetensors": write_safetensors,
    "npz": write_npz,
    "csv": write_csv,
}
"""Format -> its writer; "pytorch" and "keras" write code and a file of weights beside it."""

READABLE = "safetensors (PyTorch), ONNX, and .keras or .h5 (Keras)"


def read_model(path: FilePath) -> list[Found]:
    """The recurrent models in a file of PyTorch (safetensors), ONNX or Keras.

    The bytes decide, not the name. Where several models are found the caller chooses one; see
    `Found.summary` and `Found.model`. ONNX and HDF5, whose parsers are native code, are read in a
    process apart with a limit of time and memory.

    Raises
    ------
    FileError
        The file cannot be read, is damaged, or is of none of these formats; a `PickleError` with
        the way around for the files of `torch.save`.
    """
    with faults_named(path, "it cannot be read"), opened(path) as file:
        head = file.read(16)
    if head.startswith(SIGNATURE):
        return read_apart("keras", path)
    if head[8:9] == b"{":
        return read_safetensors(path)
    if is_zip(head) or head[:1] == b"\x80" or PurePath(path).suffix.lower() in SUFFIXES:
        return _unpacked(path)
    if head[:1] == b"\x08" or PurePath(path).suffix.lower() == ".onnx":
        return read_apart("onnx", path)
    refuse_pickles(path, read_bytes(path))
    raise FileError(path, f"it is of none of the formats that can be read: {READABLE}")


def _unpacked(path: FilePath) -> list[Found]:
    """An archive of Keras; the archives of PyTorch and other pickles are refused."""
    data = read_bytes(path)
    refuse_pickles(path, data)
    names = open_zip(path, data).namelist() if is_zip(data) else []
    if "config.json" in names:
        return read_apart("keras", path)
    if names and all(name.endswith(".npy") for name in names):
        raise FileError(path, f"it is an archive of NumPy; what can be read: {READABLE}")
    raise FileError(path, f"it is of none of the formats that can be read: {READABLE}")
