"""The program: one window with its files, what it remembers, and what saves work when it fails."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import final

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication

from rnnviz.app.crash import Crash, FaultLog, last_words
from rnnviz.app.endings import Endings
from rnnviz.app.files.commands import FileCommands
from rnnviz.app.files.dropping import Dropping
from rnnviz.app.files.reading import is_sample, kind_of
from rnnviz.app.files.telling import show_fault, show_last_words
from rnnviz.app.identity import FileEvents, identify
from rnnviz.app.preferences import Preferences, local_folder, preferences
from rnnviz.app.remembering import Remembering
from rnnviz.app.single import Doorbell, hand_over, server_name
from rnnviz.app.window.lab import application, first_document, read_to_the_end
from rnnviz.app.window.look import dress
from rnnviz.app.window.window import LabWindow
from rnnviz.document.document import Document
from rnnviz.document.storage import load, save
from rnnviz.engine.errors import EngineError
from rnnviz.session.recovery import RecoveryFile, recoveries
from rnnviz.session.session import Executors, Session

UNSEEN = ("offscreen", "minimal")
"""Platforms without a screen: nobody sees a window there that took a file."""


@final
class Program(QObject):
    """Puts the parts together; there is one of it.

    Parameters
    ----------
    document : Document
        What is open at first.
    path : Path, optional
        The file that it belongs to.
    kept : Preferences
        What was remembered.
    folder : Path
        Where unsaved work and faults are kept.
    executors : callable, optional
        Where jobs run.

    Attributes
    ----------
    session, window, files, crash
        The parts.
    folder : Path
        Where unsaved work and faults are kept.
    """

    def __init__(
        self,
        document: Document,
        path: Path | None,
        kept: Preferences,
        folder: Path,
        executors: Executors = lambda _: None,
    ) -> None:
        super().__init__()
        self._kept, self.folder = kept, folder
        self.session = Session(document, RecoveryFile(folder / "autosave", save), executors)
        read_to_the_end(self.session.view.playhead)
        self._remembering = Remembering(kept)
        look = self._remembering.theme
        dress(application(), look)
        self.window = LabWindow(self.session, look)
        self.files = FileCommands(self.session, self.window, kept, executors("opening"))
        self.files.show_theme(look)
        self.crash = Crash(folder, self._rescue, show_fault, self.window)
        if path is not None:
            self.session.mark_saved(path)
            self.files.keeping.set_home(path)
            kept.add_recent(path)
        self._connect()
        self._remembering.follow(self.window)
        self._events = FileEvents(self.files.open_path, self)
        self._dropping = Dropping(self.window, self.files.take)

    def _connect(self) -> None:
        window, session, files = self.window, self.session, self.files
        window.add_commands(files.table(), files.fills())
        window.closing.connect(self._close)
        window.stage.sight_changed.connect(lambda sight, _: files.show_theme(sight.theme))
        files.said.connect(window.say)
        files.title_changed.connect(self._show_title)
        files.opened.connect(self._show_whole)
        for source in (session, files):
            source.failed.connect(self.crash.tell)
        if session.autosave is not None:
            session.autosave.failed.connect(self._tell_unsafe)
        self._show_title(files.title, not session.store.is_clean)

    @Slot(str, bool)
    def _show_title(self, title: str, dirty: bool) -> None:
        self.window.setWindowFilePath(str(self.files.path or ""))
        self.window.setWindowTitle(f"{title}[*] \N{EN DASH} rnnviz")
        self.window.setWindowModified(dirty)

    @Slot(object)
    def _show_whole(self, _: Path | None) -> None:
        read_to_the_end(self.session.view.playhead)

    @Slot(str)
    def _tell_unsafe(self, why: str) -> None:
        words = self.tr("Unsaved work could not be copied to a safe place: {why}")
        self.window.say(words.format(why=why), True)

    @Slot(object)
    def _close(self, event: QCloseEvent) -> None:
        """Let the window go if nothing is lost by it."""
        if not self.files.may_leave():
            event.ignore()
            return
        self._remembering.keep(self.window)
        self.session.close()
        event.accept()

    def _rescue(self) -> bool:
        """Copy unsaved work; whether there was some."""
        if self.session.autosave is None or self.session.store.is_clean:
            return False
        self.session.autosave.save_now()
        return True

    def offer_what_was_left(self) -> None:
        """Offer unsaved work, and tell of a program that died the last time."""
        words = last_words(self.folder)
        if words:
            show_last_words(words, self.window)
        self.files.offer(recoveries(self.folder / "autosave", load))

    def show(self) -> None:
        """Show the window where it was the last time."""
        self._remembering.restore(self.window)
        self.window.show()

    def answer_the_door(self) -> None:
        """Open here the files that later starts of the program are given."""
        Doorbell(server_name(), self._take_over, self).listen()

    def _take_over(self, path: Path) -> None:
        window = self.window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()
        self.files.open_path(path)

    def end_at_once(self) -> None:
        """Copy unsaved work and leave; nobody is there to be asked."""
        with suppress(OSError, EngineError):
            self._rescue()
        application().exit(0)

    def end(self) -> None:
        """Stop all work and take the window down while Python is whole."""
        self.crash.remove()
        self._remembering.end()
        self.files.stop()
        self.session.stop()
        shiboken6.delete(self.window)


def run(path: Path | None = None, alone: bool = False) -> int:
    """Open the window and stay until it is closed; the exit code.

    Parameters
    ----------
    path : Path, optional
        A file to begin with; a window that is open already takes it.
    alone : bool
        Whether to open another window in any case.

    Raises
    ------
    EngineError
        The file cannot be read, and there is a terminal where that can be said.
    """
    app = application()
    identify(app)
    shared = not alone and app.platformName() not in UNSEEN
    if shared and path is not None and hand_over(path, server_name()):
        return 0
    document, home, fault = _begin(path)
    program = Program(document, home, preferences(), local_folder())
    if shared:
        program.answer_the_door()
    program.show()
    QTimer.singleShot(0, program, program.offer_what_was_left)
    if fault:
        program.files.say_wrong(fault)
    elif path is not None and kind_of(path) != "document":
        QTimer.singleShot(0, program, lambda: program.files.open_path(path))
    return _live(app, program)


def _live(app: QApplication, program: Program) -> int:
    """Stay until the window is closed, with everything that saves work when something fails."""
    endings, log = Endings(program.end_at_once, program), FaultLog(program.folder)
    endings.install()
    program.crash.install()
    log.open()
    try:
        return app.exec()
    finally:
        endings.remove()
        program.end()
        log.close()


def _begin(path: Path | None) -> tuple[Document, Path | None, str]:
    """The first document, its file, and why another could not be read."""
    if path is None or kind_of(path) != "document":
        return first_document(), None, ""
    try:
        return load(path), None if is_sample(path) else path, ""
    except EngineError as error:
        if sys.stderr is not None and sys.stderr.isatty():
            raise
        return first_document(), None, str(error)
