"""Recovery files: what was not saved when the program ended, found again at the next start."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias, final
from uuid import uuid4

from PySide6.QtCore import QLockFile, QSaveFile

from rnnviz.document.document import Document
from rnnviz.engine.errors import EngineError

SUFFIX = ".rnnviz"
CORRUPT = ".corrupt"

Save: TypeAlias = Callable[[Document, Path], None]
Load: TypeAlias = Callable[[Path], Document]


@final
@dataclass(frozen=True, eq=False)
class Recovery:
    """A document that was not saved.

    Attributes
    ----------
    document : Document
        As it was saved by itself.
    path : Path
        The recovery file.
    original : Path or None
        The file that it belongs to; None if it was never saved.
    saved_at : datetime
        When it was saved by itself.
    """

    document: Document
    path: Path
    original: Path | None
    saved_at: datetime

    def discard(self) -> None:
        """Delete the recovery file."""
        _remove(self.path)


@final
class RecoveryFile:
    """The recovery file of one running program, locked as long as it runs.

    Parameters
    ----------
    folder : Path
        Where recovery files are; made if it is not there.
    save : callable
        Writes a document to a path, whole or not at all.
    """

    def __init__(self, folder: Path, save: Save) -> None:
        self._save = save
        self._path = folder / f"{uuid4().hex}{SUFFIX}"
        self._lock: QLockFile | None = None

    @property
    def path(self) -> Path:
        """Where it is, or would be."""
        return self._path

    def write(self, document: Document, original: Path | None) -> None:
        """Save a document.

        Raises
        ------
        OSError, EngineError
            It cannot be written; a file from before is still there.
        """
        if self._lock is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = QLockFile(str(_lock_of(self._path)))
            self._lock.setStaleLockTime(0)
            self._lock.tryLock(0)
        note = {"original": None if original is None else str(original)}
        _write(_note_of(self._path), json.dumps(note).encode())
        self._save(document, self._path)

    def remove(self) -> None:
        """Delete the file, as everything is saved."""
        _remove(self._path)
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None


def recoveries(folder: Path, load: Load) -> tuple[Recovery, ...]:
    """What programs that ended badly left behind, the newest first.

    Files of programs that still run are passed over. Files that cannot be read are kept, under a
    name that ends in `.corrupt` and the date.

    Parameters
    ----------
    load : callable
        Reads a document; raises an EngineError or OSError for one that cannot be read.
    """
    found: list[Recovery] = []
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        lock = QLockFile(str(_lock_of(path)))
        lock.setStaleLockTime(0)
        if not lock.tryLock(0):
            continue
        try:
            found.append(_read(path, load))
        except (EngineError, OSError, ValueError, MemoryError):
            _keep_aside(path)
        finally:
            lock.unlock()
    return tuple(sorted(found, key=lambda r: r.saved_at, reverse=True))


def _read(path: Path, load: Load) -> Recovery:
    saved_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Recovery(load(path), path, _original(path), saved_at)


def _original(path: Path) -> Path | None:
    try:
        note = json.loads(_note_of(path).read_text("utf-8"))
        name = note.get("original")
    except (OSError, ValueError, AttributeError, RecursionError):
        return None
    return Path(name) if isinstance(name, str) and name else None


def _keep_aside(path: Path) -> None:
    """Rename a file that cannot be read, so that it is not tried again."""
    date = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    with_date = path.with_name(f"{path.name}{CORRUPT}-{date}")
    try:
        os.replace(path, with_date)
        _note_of(path).unlink(missing_ok=True)
    except OSError:
        return


def _remove(path: Path) -> None:
    for file in (path, _note_of(path)):
        file.unlink(missing_ok=True)


def _note_of(path: Path) -> Path:
    return path.with_suffix(".json")


def _lock_of(path: Path) -> Path:
    return path.with_suffix(".lock")


def _write(path: Path, data: bytes) -> None:
    file = QSaveFile(str(path))
    whole = file.open(QSaveFile.OpenModeFlag.WriteOnly) and file.write(data) == len(data)
    if not whole or not file.commit():
        raise OSError(f"{path.name}: {file.errorString()}")
