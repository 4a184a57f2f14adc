"""Opens the files of strangers without waiting and within bounds, and says what is wrong."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, BinaryIO, final

from rnnviz.document.errors import FileError
from rnnviz.engine.errors import EngineError

FilePath = str | os.PathLike[str]

FILE_BYTES = 512 << 20
"""How large a file may be."""

BLOCK_BYTES = 4 << 20
"""How much is read between two looks at the clock."""

SECONDS = 10.0
"""How long the reading of a file may take."""

_REASONS = {
    errno.ENOENT: "there is no such file",
    errno.ENOTDIR: "there is no such folder",
    errno.EACCES: "you may not read or write it",
    errno.EPERM: "you may not read or write it",
    errno.EISDIR: "it is a folder",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is full",
    errno.EFBIG: "it would be larger than this disk allows",
    errno.EROFS: "the disk can only be read",
    errno.ELOOP: "it is a link that leads in circles",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ENXIO: "it is not an ordinary file",
}


@final
class Deadline:
    """When the reading of a file is given up, on a slow drive or in a file that is slow to unpack.

    Parameters
    ----------
    seconds : float
        From now on.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    def check(self) -> None:
        """Raise an EngineError if it is past."""
        if time.monotonic() > self._end:
            raise EngineError(
                f"reading it took longer than {self._seconds:g} seconds and was given up"
            )

    def read(self, file: IO[bytes], most: int) -> bytes:
        """Up to `most` bytes of a file, in blocks, with a look at the clock after each."""
        data = bytearray()
        while len(data) < most and (block := file.read(min(BLOCK_BYTES, most - len(data)))):
            data += block
            self.check()
        return bytes(data)


@contextmanager
def faults_named(path: FilePath, fallback: str) -> Iterator[None]:
    """Turn whatever goes wrong inside into a FileError.

    Parameters
    ----------
    path : path
        The file.
    fallback : str
        What is said of an error that does not say itself what is wrong.
    """
    try:
        yield
    except FileError:
        raise
    except EngineError as error:
        raise FileError(path, str(error)) from error
    except OSError as error:
        raise FileError(path, _REASONS.get(error.errno or 0, fallback), error) from error
    except MemoryError as error:
        raise FileError(path, "it needs more memory than there is", error) from error
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        # Also the panic of an extension module, which is no Exception.
        raise FileError(path, fallback, f"{type(error).__name__}: {error}") from error


@contextmanager
def opened(path: FilePath) -> Iterator[BinaryIO]:
    """An ordinary file of at most `FILE_BYTES`, open for reading.

    Raises
    ------
    FileError
        It is missing, a folder, a pipe or a device, larger, or may not be read.
    """
    # Without waiting: the opening of a pipe would wait for somebody to write to it.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            raise FileError(path, "it is a folder")
        if not stat.S_ISREG(status.st_mode):
            raise FileError(path, "it is not an ordinary file")
        if status.st_size > FILE_BYTES:
            raise FileError(path, f"it has {megabytes(status.st_size)}, {_MOST}")
        yield file


def megabytes(count: int) -> str:
    """A number of bytes as people say it."""
    return f"{count / (1 << 20):,.0f} MB" if count >= 1 << 20 else f"{count:,} bytes"


_MOST = f"at most {megabytes(FILE_BYTES)} are read"
