"""Bytes from strangers' files within limits, and files written whole or not at all."""

from __future__ import annotations

import errno
import math
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from rnnviz.document.errors import FileError, visible
from rnnviz.engine.errors import EngineError

FilePath = str | os.PathLike[str]

MEGABYTE = 1 << 20
FILE_LIMIT = 512 * MEGABYTE
DATA_LIMIT = 1024 * MEGABYTE
HEADER_LIMIT = 8 * MEGABYTE
RATIO_LIMIT = 100
COUNT_LIMIT = 4096
RANK_LIMIT = 4
LENGTH_LIMIT = 65_536
NAME_LIMIT = 256
DEPTH_LIMIT = 64

_BLOCK = 4 * MEGABYTE


@contextmanager
def guard(path: FilePath, fault: str) -> Iterator[None]:
    """Turn everything that goes wrong inside into a FileError.

    Parameters
    ----------
    path : path
        The file that is read or written.
    fault : str
        What to say of an error that says nothing of its own.
    """
    try:
        yield
    except FileError:
        raise
    except MemoryError as error:
        raise FileError(path, "it needs more memory than there is", error) from error
    except EngineError as error:
        raise FileError(path, str(error)) from error
    except Exception as error:
        raise FileError(path, fault, f"{type(error).__name__}: {error}") from error


def read_bytes(path: FilePath, limit: int = FILE_LIMIT) -> bytes:
    """The bytes of a regular file of at most `limit` bytes.

    Raises
    ------
    FileError
        It is missing, no regular file (a folder, a pipe, a device), not readable, or too large.
    """
    with guard(path, "it cannot be read"):
        try:
            # Without waiting: a pipe that nobody writes to would hold us here.
            flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
            descriptor = os.open(path, flags)
        except OSError as error:
            raise FileError(path, _reason(path, error), error) from error
        try:
            return read_open(path, descriptor, limit)
        finally:
            os.close(descriptor)


def read_open(path: FilePath, descriptor: int, limit: int) -> bytes:
    """The bytes of an open file, checked as in `read_bytes`; `path` is for the messages."""
    status = os.fstat(descriptor)
    if stat.S_ISDIR(status.st_mode):
        raise FileError(path, "it is a folder")
    if not stat.S_ISREG(status.st_mode):
        raise FileError(path, "it is no ordinary file")
    if status.st_size > limit:
        raise FileError(path, f"it is {size(status.st_size)}, at most {size(limit)} are read")
    parts: list[bytes] = []
    total = 0
    while block := os.read(descriptor, min(_BLOCK, limit + 1 - total)):
        parts.append(block)
        total += len(block)
        if total > limit:
            raise FileError(path, f"it grew past {size(limit)} while it was read")
    return b"".join(parts)


def write_bytes(path: FilePath, data: bytes) -> None:
    """Write a file so that at every moment the old one or the new one is there, whole.

    Raises
    ------
    FileError
        The folder is missing or may not be written, the disk is full.
    """
    target = Path(path)
    beside = target.with_name(f".rnnviz-{secrets.token_hex(8)}")
    with guard(path, "it cannot be written"):
        try:
            with open(beside, "xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileNotFoundError):
                os.chmod(beside, stat.S_IMODE(target.stat().st_mode))
            os.replace(beside, target)
        except OSError as error:
            raise FileError(path, _reason(path, error), error) from error
        finally:
            with suppress(OSError):
                beside.unlink()


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


def size(count: int) -> str:
    """A number of bytes for people: `3.2 MB`."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1024 or unit == "GB":
            break
        count /= 1024  # type: ignore[assignment]
    return f"{count} bytes" if unit == "bytes" else f"{count:.1f} {unit}"


def count_of(shape: tuple[int, ...]) -> int:
    """How many numbers an array of this shape holds, in whole numbers of any size."""
    return math.prod(int(length) for length in shape)


def _reason(path: FilePath, error: OSError) -> str:
    reasons = {
        errno.ENOENT: "it is not there",
        errno.EACCES: "it may not be read or written with your rights",
        errno.EPERM: "it may not be read or written with your rights",
        errno.EISDIR: "it is a folder",
        errno.ENOSPC: "the disk is full",
        errno.EROFS: "the disk is read-only",
        errno.ELOOP: "it is a link that leads in circles",
        errno.ENAMETOOLONG: "its name is too long",
        errno.ENOTDIR: "its folder is a file",
        errno.ENXIO: "it is no ordinary file",
    }
    if os.path.isdir(path):
        return "it is a folder"
    return reasons.get(error.errno or 0, "the system does not hand it over")
