"""Reads a file whose parser is native code in a process apart, with a limit of time and memory.

A parser that crashes, hangs or eats memory takes only that process with it. The process answers in
a text and plain arrays (`found_bytes`), so that nothing it says could run here, and it is started
the same way on every system.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Final

import msgspec

from rnnviz.document.errors import FileError
from rnnviz.document.interchange.files import DATA_LIMIT, MEGABYTE, FilePath, faults_named, size
from rnnviz.document.interchange.found import Found
from rnnviz.document.interchange.found_bytes import from_bytes
from rnnviz.document.interchange.pickles import PickleError
from rnnviz.document.storage.files import SECONDS

MEMORY: Final = 4096 * MEGABYTE
"""How much memory the process may take, where the system knows such a limit (Linux)."""

ANSWER_LIMIT: Final = DATA_LIMIT + 64 * MEGABYTE
FOUND, FAULT, PICKLE = b"\x00", b"\x01", b"\x02"
"""What the first byte of an answer says that the rest is."""

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from rnnviz.document.interchange.child import main; main(*sys.argv[2:])"
)


class Fault(msgspec.Struct):
    """A `FileError` as the process tells it."""

    fault: str
    detail: str


def read_apart(reader: str, path: FilePath, seconds: float = SECONDS) -> list[Found]:
    """What a reader finds in a file, read in a process of its own.

    Parameters
    ----------
    reader : "onnx" or "keras"
        Which of the readers in `child.READERS`.
    path : path
        The file.
    seconds : float
        How long it may take.

    Raises
    ------
    FileError
        What the reader says of the file; or it took too long, or the process crashed.
    """
    with faults_named(path, "the process that reads it could not be started"):
        answer = _answer(reader, path, seconds)
    if answer[:1] == PICKLE:
        raise PickleError(path)
    with faults_named(path, "the process that read it answered nonsense"):
        if answer[:1] == FAULT:
            told = msgspec.json.decode(answer[1:], type=Fault)
            raise FileError(path, told.fault, told.detail)
        return from_bytes(answer[1:])


def _answer(reader: str, path: FilePath, seconds: float) -> bytes:
    late = threading.Event()

    def stop() -> None:
        late.set()
        process.kill()

    with subprocess.Popen(
        _command(reader, path),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    ) as process:
        timer = threading.Timer(seconds, stop)
        timer.start()
        try:
            assert process.stdout is not None
            answer = process.stdout.read(ANSWER_LIMIT + 1)
        finally:
            timer.cancel()
            process.kill()
    if late.is_set():
        raise FileError(path, f"reading it took longer than {seconds:g} seconds and was given up")
    if not answer:
        raise FileError(
            path,
            "the program that reads such files crashed on it; it is damaged, or made to do harm",
            f"exit code {process.returncode}",
        )
    if len(answer) > ANSWER_LIMIT:
        raise FileError(path, f"it holds more than {size(DATA_LIMIT)} of numbers")
    return answer


def _command(reader: str, path: FilePath) -> list[str]:
    """A packaged program is its own interpreter: it understands the word `READ_APART`."""
    where = [reader, str(Path(path).absolute())]
    if getattr(sys, "frozen", False):
        return [sys.executable, READ_APART, *where]
    return [sys.executable, "-I", "-c", _START, json.dumps(sys.path), *where]


READ_APART = "--read-apart"
"""The word after which a packaged program is not the program but such a process."""
