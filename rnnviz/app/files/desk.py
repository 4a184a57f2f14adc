"""The desk: what all commands on files share, and the file that the open document belongs to."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, final

from PySide6.QtWidgets import QWidget

from rnnviz.app.preferences import Preferences
from rnnviz.document.document import Document
from rnnviz.session.session import Session

Say: TypeAlias = Callable[[str, bool], None]
Stamp: TypeAlias = tuple[int, int, int]

_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
"""What Windows takes for a device, whatever its ending."""
_LONGEST = 80


@final
@dataclass(frozen=True, eq=False)
class Desk:
    """What the commands work on.

    Attributes
    ----------
    session : Session
        What is open.
    window : QWidget
        Above which questions are asked.
    preferences : Preferences
        Recent files and folders.
    say : callable
        Shows a plain sentence; the flag says whether something went wrong.
    """

    session: Session
    window: QWidget
    preferences: Preferences
    say: Say

    @property
    def document(self) -> Document:
        """What is open."""
        return self.session.store.document


@final
@dataclass(frozen=True)
class Home:
    """The file that a document belongs to, as it was when it was last read or written.

    Attributes
    ----------
    path : Path or None
        None for a document that was never saved.
    stamp : tuple or None
        What tells whether another program has changed the file since.
    """

    path: Path | None = None
    stamp: Stamp | None = None

    @property
    def is_changed(self) -> bool:
        """Whether the file is there and is not what was read or written."""
        if self.path is None:
            return False
        now = stamp_of(self.path)
        return now is not None and now != self.stamp


def stamp_of(path: Path) -> Stamp | None:
    """What tells one state of a file from another; None where there is no file."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def sentence(error: Exception, path: Path) -> str:
    """What an error says of a file, with the file's name alone; lines of code stay lines."""
    words = str(error)
    if path.name:
        words = words.replace(f"{path}", path.name)
    return "\n".join(" ".join(line.split()) for line in words.splitlines())


def home_of(path: Path | None) -> Home:
    """A file as it is now."""
    return Home() if path is None else Home(path, stamp_of(path))


def file_name(title: str, ending: str, otherwise: str) -> str:
    """A name for a file that every system takes, made of a title."""
    plain = re.sub(r"[^\w\- ]+", "", title).strip()[:_LONGEST].strip() or otherwise
    return f"{plain}_{ending}" if _RESERVED.fullmatch(plain) else plain + ending
