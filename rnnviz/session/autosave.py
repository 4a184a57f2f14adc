"""Autosave: keeps a copy of unsaved work where the next start finds it after a crash."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import final

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from rnnviz.document.document import Document
from rnnviz.engine.errors import EngineError
from rnnviz.session.recovery import RecoveryFile
from rnnviz.session.runner import Report, Runner
from rnnviz.session.store import DocumentStore

EVERY_MS = 5_000
"""How often unsaved work is copied."""


@final
class Autosave(QObject):
    """Copies the document every half minute and when the window loses the focus, if it is dirty.

    Parameters
    ----------
    store : DocumentStore
        Whose document is copied.
    file : RecoveryFile
        Where to.
    runner : Runner
        Its own.
    parent : QObject, optional
        The owner.
    """

    failed = Signal(str)
    """The copy could not be written: a sentence that says why. It is tried again later."""

    def __init__(
        self,
        store: DocumentStore,
        file: RecoveryFile,
        runner: Runner,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store, self._file, self._runner = store, file, runner
        self._copied: Document | None = None
        self._original: Path | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.save)
        self._timer.start()
        store.clean_changed.connect(self._follow)
        runner.finished.connect(self._finish)
        runner.failed.connect(self._fail)

    def set_original(self, path: Path | None) -> None:
        """Say which file the document belongs to."""
        self._original = path
        self._copied = None

    @Slot()
    def save(self) -> None:
        """Copy the document in the background, if it has changed since the last copy."""
        document = self._store.document
        if self._store.is_clean or document is self._copied or self._runner.is_busy:
            return
        file, original = self._file, self._original

        def work(_: Event) -> str:
            try:
                file.write(document, original)
            except (OSError, EngineError) as error:
                return str(error) or type(error).__name__
            return ""

        self._runner.request(document, work)

    @Slot(Qt.ApplicationState)
    def follow_focus(self, state: Qt.ApplicationState) -> None:
        """Copy the document when the program is left; for `applicationStateChanged`."""
        if state != Qt.ApplicationState.ApplicationActive:
            self.save()

    def save_now(self) -> None:
        """Copy the document before this returns, such as after an exception.

        Raises
        ------
        OSError, EngineError
            It cannot be written.
        """
        if not self._store.is_clean:
            self._file.write(self._store.document, self._original)

    def finish(self) -> None:
        """Stop, and delete the copy: the work is saved, or was given up on purpose."""
        self._timer.stop()
        self._runner.stop()
        self._file.remove()

    @Slot(object, object)
    def _finish(self, document: Document, fault: str) -> None:
        if fault:
            self.failed.emit(fault)
            return
        self._copied = document
        if self._store.is_clean:
            self._forget()

    @Slot(object, object)
    def _fail(self, _: Document, report: Report) -> None:
        self.failed.emit(report.sentence)

    @Slot(bool)
    def _follow(self, clean: bool) -> None:
        if clean and not self._runner.is_busy:
            self._forget()

    def _forget(self) -> None:
        self._copied = None
        self._file.remove()
