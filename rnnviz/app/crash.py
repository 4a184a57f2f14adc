"""Faults of the program: unsaved work is copied, one dialog says what happened, and it goes on."""

from __future__ import annotations

import faulthandler
import platform
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO, TypeAlias, final
from uuid import uuid4

from PySide6 import __version__ as qt_version
from PySide6.QtCore import QLockFile, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from rnnviz._version import __version__
from rnnviz.session.runner import Report, report_of

MOST = 20
"""So many different faults are told; what comes after them is only written down."""
LOG_BYTES = 200_000
TAIL = 20_000
"""How much of an old log is shown."""

Show: TypeAlias = Callable[[str, bool, QWidget | None], QWidget]
Rescue: TypeAlias = Callable[[], bool]


@final
class Crash(QObject):
    """Hears of every exception that nobody caught, in whatever thread.

    Parameters
    ----------
    folder : Path
        Where faults are written down.
    rescue : callable
        Copies unsaved work; says whether there was some, and it is safe.
    show : callable
        Opens the dialog: what can be copied, whether work was rescued, and the window.
    window : QWidget, optional
        Above which window.
    """

    heard = Signal(object)
    """An exception: the `Report`. It may come from another thread."""

    def __init__(
        self, folder: Path, rescue: Rescue, show: Show, window: QWidget | None = None
    ) -> None:
        super().__init__(window)
        self._folder, self._rescue, self._show, self._window = folder, rescue, show, window
        self._told: set[str] = set()
        self._dialog: QWidget | None = None
        self._hooks: tuple[Any, ...] | None = None
        # Queued: an exception in a paintEvent must not open a dialog from within it.
        self.heard.connect(self.tell, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Hear of exceptions from now on."""
        if self._hooks is not None:
            return
        self._hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
        sys.excepthook = self._hear
        threading.excepthook = self._hear_thread
        sys.unraisablehook = self._hear_unraisable

    def remove(self) -> None:
        """Hear of nothing any more."""
        if self._hooks is not None:
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks
            self._hooks = None

    def _hear(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return  # see `endings`
        self._note(error.with_traceback(trace))

    def _hear_thread(self, given: threading.ExceptHookArgs) -> None:
        if given.exc_value is not None:
            self._note(given.exc_value)

    def _hear_unraisable(self, given: Any) -> None:
        if isinstance(given.exc_value, Exception):
            self._note(given.exc_value)

    def _note(self, error: BaseException) -> None:
        """Write an exception down, and let the GUI's thread tell of it."""
        report = report_of(error, self.tr("Working"))
        if sys.stderr is not None:
            with suppress(OSError, ValueError):
                sys.stderr.write(report.details)
        self.heard.emit(report)

    @Slot(object)
    def tell(self, report: Report) -> None:
        """Copy unsaved work and open the dialog, once for each fault and one at a time."""
        if report.details in self._told:
            return
        self._told.add(report.details)
        write_down(self._folder / "faults.log", report.details)
        safe = False
        with suppress(Exception):
            safe = self._rescue()
        if self._dialog is not None or len(self._told) > MOST:
            return
        self._dialog = self._show(copyable(report, safe), safe, self._window)
        self._dialog.destroyed.connect(self._forget)

    @Slot()
    def _forget(self) -> None:
        self._dialog = None


def copyable(report: Report, safe: bool = False) -> str:
    """A report with what a developer asks first; nothing of any file."""
    head = (
        f"rnnviz {__version__}, Python {platform.python_version()}, Qt {qt_version}, "
        f"{platform.platform()}"
    )
    kept = "unsaved work was copied\n" if safe else ""
    return (
        f"{head}\n{datetime.now(UTC):%Y-%m-%d %H:%M} UTC\n{report.doing}\n{kept}\n{report.details}"
    )


def write_down(file: Path, text: str) -> None:
    """Add a text to a log, which begins anew when it is long; without an answer."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        mode = "w" if file.exists() and file.stat().st_size > LOG_BYTES else "a"
        with file.open(mode, encoding="utf-8", errors="replace") as log:
            log.write(f"{datetime.now(UTC).isoformat()} rnnviz {__version__}\n{text}\n")


@final
class FaultLog:
    """Where Python writes its last words if the process itself dies; read at the next start.

    Parameters
    ----------
    folder : Path
        Where the logs of all running programs are.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / f"fault-{uuid4().hex}.log"
        self._stream: TextIO | None = None
        self._lock: QLockFile | None = None

    def open(self) -> None:
        """Begin; without an answer where nothing can be written."""
        with suppress(OSError, RuntimeError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._lock = _lock_of(self._file)
            self._lock.tryLock(0)
            self._stream = self._file.open("w", encoding="utf-8")
            faulthandler.enable(self._stream)

    def close(self) -> None:
        """End well: there is nothing to be read."""
        if self._stream is None:
            return
        faulthandler.disable()
        self._stream.close()
        self._stream = None
        self._file.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.unlock()


def last_words(folder: Path) -> str:
    """What programs wrote that died; their logs are removed. "" if none did."""
    texts = []
    for file in sorted(folder.glob("fault-*.log")):
        lock = _lock_of(file)
        if not lock.tryLock(0):
            continue
        with suppress(OSError):
            texts.append(file.read_bytes()[:TAIL].decode("utf-8", "replace"))
            file.unlink()
        lock.unlock()
    return "\n\n".join(text for text in texts if text.strip())


def _lock_of(file: Path) -> QLockFile:
    lock = QLockFile(str(file.with_suffix(".lock")))
    lock.setStaleLockTime(0)
    return lock
