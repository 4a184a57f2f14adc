"""Writes a file so that at every moment the old one or the new one is there, whole."""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from rnnviz.document.errors import FileError
from rnnviz.document.storage.files import FILE_BYTES, FilePath, faults_named, megabytes


def write_atomically(path: FilePath, data: bytes) -> None:
    """Put `data` into the file at `path`.

    The bytes go to a new file in the same folder, down to the disk, and then take the place of the
    old one. A link is followed; the permissions of an old file are kept.

    Raises
    ------
    FileError
        Nothing was written: the old file, if there was one, is as it was.
    """
    with faults_named(path, "it cannot be written"):
        if len(data) > FILE_BYTES:
            raise FileError(
                path, f"it would have {megabytes(len(data))}, at most {megabytes(FILE_BYTES)} fit"
            )
        target = Path(os.path.realpath(path))
        mode = _mode_of(path, target)
        beside = target.with_name(f".rnnviz-{secrets.token_hex(8)}.tmp")
        try:
            _write(beside, data, mode)
            os.replace(beside, target)
        except BaseException:
            with suppress(OSError):
                os.unlink(beside)
            raise
        _settle(target.parent)


def _mode_of(path: FilePath, target: Path) -> int | None:
    """The permissions of the old file; None where there is none."""
    try:
        status = os.stat(target)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(status.st_mode):
        raise FileError(path, "it is a folder")
    if not stat.S_ISREG(status.st_mode):
        raise FileError(path, "it is not an ordinary file")
    if not os.access(target, os.W_OK):
        raise FileError(path, "it is protected against writing")
    return stat.S_IMODE(status.st_mode)


def _write(beside: Path, data: bytes, mode: int | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with open(os.open(beside, flags, 0o666), "wb") as file:
        if mode is not None and hasattr(os, "fchmod"):
            os.fchmod(file.fileno(), mode)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Bring the new name down to the disk, where the system can; the file is whole without it."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
