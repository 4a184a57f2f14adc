"""The process apart that reads one file and answers on its output; see `apart`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import msgspec

from rnnviz.document.errors import FileError
from rnnviz.document.interchange.apart import FAULT, FOUND, MEMORY, PICKLE, Fault
from rnnviz.document.interchange.files import FilePath, faults_named
from rnnviz.document.interchange.found import Found
from rnnviz.document.interchange.found_bytes import to_bytes
from rnnviz.document.interchange.keras_file import read_keras
from rnnviz.document.interchange.onnx_file import read_onnx
from rnnviz.document.interchange.pickles import PickleError

READERS: dict[str, Callable[[FilePath], list[Found]]] = {"onnx": read_onnx, "keras": read_keras}


def main(reader: str, path: str) -> None:
    """Read `path` and write what was found, or what is wrong, as one answer."""
    limit_memory(MEMORY)
    # What a library prints must not stand in the answer.
    output = os.dup(1)
    os.dup2(2, 1)
    with open(output, "wb") as answer:
        answer.write(_read(reader, path))


def _read(reader: str, path: str) -> bytes:
    try:
        with faults_named(path, "it cannot be read"):
            return FOUND + to_bytes(READERS[reader](path))
    except PickleError:
        return PICKLE
    except FileError as error:
        return FAULT + msgspec.json.encode(Fault(error.fault, error.detail))


def limit_memory(limit: int) -> None:
    """Refuse this process more memory than `limit` bytes, where the system can (not on Windows)."""
    if sys.platform != "win32":
        import resource

        try:
            resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        except (OSError, ValueError):
            return
