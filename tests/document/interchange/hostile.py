"""What hostile files are made of: canaries that a loaded pickle leaves behind, and mutations."""

import io
import os
import pickle
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from rnnviz.document.errors import FileError

MEMORY = 100 << 20


class Canary:
    """Pickled, it makes a folder when it is loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.folder),)


def pickled(folder: Path, protocol: int) -> bytes:
    """A pickle that makes `folder` when it is loaded."""
    return pickle.dumps({"weight_ih_l0": Canary(folder)}, protocol)


def torch_archive(payload: bytes, name: str = "archive/data.pkl") -> bytes:
    """What `torch.save` writes: a zip with a pickle inside."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(name, payload)
        archive.writestr("archive/data/0", b"\0" * 64)
    return stream.getvalue()


def mutations(data: bytes, count: int, seed: int = 0) -> Iterator[bytes]:
    """The bytes with some flipped, cut out, doubled, cut off or overwritten, in many ways."""
    rng = np.random.default_rng(seed)
    extremes = (b"\x00" * 4, b"\xff" * 4, b"\xff\xff\xff\x7f", b"\x80\x80\x80\x80\x10")
    for number in range(count):
        changed = bytearray(data)
        for _ in range(rng.integers(1, 4)):
            at = int(rng.integers(0, len(changed)))
            match number % 5:
                case 0:
                    changed[at] ^= 1 << int(rng.integers(0, 8))
                case 1:
                    del changed[at : at + int(rng.integers(1, 9))]
                case 2:
                    changed[at:at] = changed[at : at + int(rng.integers(1, 9))]
                case 3:
                    del changed[max(at, 1) :]
                case 4:
                    changed[at : at + 4] = extremes[int(rng.integers(0, len(extremes)))]
        yield bytes(changed)


def survives(read: Callable[[Path], Any], file: Path, data: bytes) -> bool:
    """Whether reading `data` gives a result or a FileError; anything else is raised."""
    file.write_bytes(data)
    message = ""
    try:
        read(file)
    except FileError as error:
        message = str(error)
    assert not message or message.startswith(f"{file.name}: ")
    assert len(message) < 5000
    return not message


def peak(work: Callable[[], Any]) -> int:
    """The most memory that Python and NumPy held at once while `work` ran."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def modules() -> set[str]:
    """What is imported now."""
    return set(sys.modules)
