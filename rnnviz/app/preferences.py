"""Preferences: what the program remembers from one start to the next, in one readable file."""

from __future__ import annotations

import json
import os
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeAlias, final, get_args

from PySide6.QtCore import QSettings, QStandardPaths

LAYOUT = 1
"""The version of the saved layout: that of another version is forgotten."""
RECENT = 12
"""How many files are remembered."""
CORRUPT = ".corrupt"
MOST_BYTES = 1 << 20
"""A settings file larger than this is none of ours."""

Appearance: TypeAlias = Literal["system", "dark", "light"]


@final
class Preferences:
    """Everything is kept as plain text; what cannot be understood counts as not said.

    Parameters
    ----------
    file : Path
        An INI file; a damaged one is kept under a name that ends in `.corrupt` and the date.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        if _is_damaged(file):
            _keep_aside(file)
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)
        self._settings.setFallbacksEnabled(False)

    @property
    def file(self) -> Path:
        """Where they are kept."""
        return self._file

    @property
    def recent(self) -> tuple[Path, ...]:
        """The files that were open, the last one first."""
        try:
            names = json.loads(self._text("files/recent") or "[]")
        except (ValueError, RecursionError):
            return ()
        if not isinstance(names, list):
            return ()
        texts = (name for name in names if isinstance(name, str) and name and "\0" not in name)
        return tuple(Path(name) for name in texts)[:RECENT]

    def add_recent(self, path: Path) -> None:
        """Put a file first among those that were open."""
        whole = Path(os.path.abspath(path))
        self._set_recent((whole, *(p for p in self.recent if p != whole)))

    def forget_recent(self, path: Path | None = None) -> None:
        """Forget one file, or all."""
        self._set_recent(() if path is None else tuple(p for p in self.recent if p != path))

    def _set_recent(self, paths: tuple[Path, ...]) -> None:
        self._set("files/recent", json.dumps([str(path) for path in paths[:RECENT]]))

    @property
    def folder(self) -> Path:
        """Where files were opened or saved last; the home folder at first."""
        text = self._text("files/folder")
        folder = Path(text) if text and "\0" not in text else Path.home()
        return folder if folder.is_dir() else Path.home()

    @folder.setter
    def folder(self, folder: Path) -> None:
        self._set("files/folder", str(folder))

    @property
    def appearance(self) -> Appearance:
        """Dark, light, or as the system."""
        text = self._text("look/theme")
        return next((one for one in get_args(Appearance) if one == text), "system")

    @appearance.setter
    def appearance(self, appearance: Appearance) -> None:
        self._set("look/theme", appearance)

    @property
    def motion(self) -> bool:
        """Whether things may move; False for reduced motion."""
        return self._text("look/motion") != "false"

    @motion.setter
    def motion(self, motion: bool) -> None:
        self._set("look/motion", "true" if motion else "false")

    def layout(self, part: str) -> bytes | None:
        """What Qt saved of the window's geometry or its docks; None if nothing fits."""
        version, _, data = self._text(f"layout/{part}").partition(":")
        if version != str(LAYOUT):
            return None
        try:
            return b64decode(data, validate=True) or None
        except ValueError:
            return None

    def set_layout(self, part: str, data: bytes) -> None:
        """Keep what Qt saved."""
        self._set(f"layout/{part}", f"{LAYOUT}:{b64encode(data).decode()}")

    def sync(self) -> None:
        """Write the file now; without an answer where that cannot be done."""
        self._settings.sync()

    def _text(self, key: str) -> str:
        value = self._settings.value(key)
        return value if isinstance(value, str) else ""

    def _set(self, key: str, text: str) -> None:
        self._settings.setValue(key, text)


def preferences() -> Preferences:
    """Those of the person who started the program."""
    place = QStandardPaths.StandardLocation.AppConfigLocation
    folder = QStandardPaths.writableLocation(place) or str(Path.home())
    return Preferences(Path(folder) / "rnnviz.ini")


def local_folder(*parts: str) -> Path:
    """A folder for what the program keeps on this computer, such as unsaved work."""
    place = QStandardPaths.StandardLocation.AppLocalDataLocation
    folder = QStandardPaths.writableLocation(place) or str(Path.home() / ".rnnviz")
    return Path(folder).joinpath(*parts)


def _is_damaged(file: Path) -> bool:
    """Whether the file is there and cannot be settings."""
    try:
        if not file.exists():
            return False
        if file.stat().st_size > MOST_BYTES:
            return True
        data = file.read_bytes()
        data.decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return True
    read = QSettings(str(file), QSettings.Format.IniFormat)
    # Qt takes almost anything for an INI file; ours begins with a section.
    lines = [line for line in data.splitlines() if line.strip()]
    bad = b"\0" in data or bool(lines and not lines[0].startswith((b"[", b";")))
    return bad or read.status() != QSettings.Status.NoError


def _keep_aside(file: Path) -> None:
    date = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    try:
        os.replace(file, file.with_name(f"{file.name}{CORRUPT}-{date}"))
    except OSError:
        return
