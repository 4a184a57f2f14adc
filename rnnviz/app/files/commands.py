"""The commands on files: what the File menu, a drop and the start of the program do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from rnnviz.app.files.banner import Banner
from rnnviz.app.files.checking import CheckDialog
from rnnviz.app.files.describing import AboutDialog
from rnnviz.app.files.desk import Desk
from rnnviz.app.files.dropping import Drop
from rnnviz.app.files.exports import Exports
from rnnviz.app.files.keeping import Keeping
from rnnviz.app.files.opening import Opening
from rnnviz.app.files.recovering import RecoveryDialog
from rnnviz.app.preferences import Preferences
from rnnviz.app.window.menus import Command, Fill
from rnnviz.document.edits import PasteTokens, PasteVectors
from rnnviz.panels.canvas.theme import Theme, theme
from rnnviz.session.recovery import Recovery
from rnnviz.session.runner import Executor
from rnnviz.session.session import Session


@final
class FileCommands(QObject):
    """Opens, saves, imports and exports the document of a session.

    Parameters
    ----------
    session : Session
        What is open.
    window : QWidget
        Above which dialogs are shown.
    preferences : Preferences
        Recent files and folders.
    executor : Executor, optional
        Where files are read.

    Attributes
    ----------
    keeping : Keeping
        Knows which file the document belongs to.
    opening : Opening
        Reads files.
    """

    opened = Signal(object)
    """Another document is open: the path of its file, or None."""
    title_changed = Signal(str, bool)
    """What the window is called, and whether something is not saved."""
    said = Signal(str, bool)
    """A plain sentence, and whether something went wrong."""
    failed = Signal(object)
    """A fault of the program: the `Report`."""

    def __init__(
        self,
        session: Session,
        window: QWidget,
        preferences: Preferences,
        executor: Executor | None = None,
    ) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self._banner = Banner(window)
        self._desk = Desk(session, window, preferences, self._say)
        self.keeping = Keeping(self._desk)
        self.opening = Opening(self._desk, self.keeping, self._banner, executor)
        self._exports = Exports(self._desk)
        self._theme = theme("dark")
        self.opening.opened.connect(self.opened)
        self.opening.failed.connect(self.failed)
        for signal in (session.store.clean_changed, session.store.changed):
            signal.connect(self._tell_title)
        self.keeping.home_changed.connect(self._tell_title)
        application = QApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.stop)

    def table(self) -> dict[str, Command]:
        """Id -> what it does."""
        return {
            "new": lambda _: self._new(),
            "open": lambda _: self.opening.ask(),
            "save": lambda _: self.keeping.save(),
            "save_as": lambda _: self.keeping.save_as(),
            "revert": lambda _: self.keeping.revert(),
            "import": lambda _: self.opening.ask_model(),
            "rename": lambda _: self._describe(rename=True),
            "about_document": lambda _: self._describe(),
            "check_table": lambda _: self._check_table(),
            "quit": lambda _: self._window.close(),
            **self._exports.commands(),
        }

    def fills(self) -> dict[str, Fill]:
        """Id of an action -> what fills its menu."""
        return {"open_recent": self.opening.fill_recent, "export": self._exports.fill}

    @property
    def path(self) -> Path | None:
        """The file that the document belongs to."""
        return self.keeping.path

    @property
    def title(self) -> str:
        """What the window is called: the document's title and its file."""
        title, path = self._session.store.document.title, self.path
        if path is None:
            return title or self.tr("untitled")
        return f"{title} \N{EM DASH} {path.name}" if title else path.name

    def open_path(self, path: Path) -> None:
        """Open a file of any kind."""
        self.opening.open(path)

    def take(self, drop: Drop) -> None:
        """Open what was dropped on the window, or let the network read it."""
        if drop.path is not None:
            self.open_path(drop.path)
        elif drop.text:
            words = self._session.store.document.vocabulary is not None
            self._session.apply(PasteTokens(drop.text) if words else PasteVectors(drop.text))
        else:
            self._say(drop.says, True)

    def offer(self, found: Sequence[Recovery]) -> None:
        """Offer work that was not saved when a program ended badly."""
        if not found:
            return
        dialog = RecoveryDialog(found, self._window)
        done, chosen = dialog.exec(), dialog.chosen
        dialog.deleteLater()
        if done and chosen is not None and self.keeping.recover(chosen):
            self.opened.emit(chosen.original)

    def may_leave(self) -> bool:
        """Whether the open document may go: saved, or given up on purpose."""
        return self.keeping.may_leave()

    @Slot()
    def stop(self) -> None:
        """Read nothing more."""
        self.opening.stop()

    @Slot(object)
    def show_theme(self, theme: Theme) -> None:
        """Draw the pictures of the gallery in another theme from now on."""
        self._theme = theme

    def _new(self) -> None:
        from rnnviz.app.files.gallery import Gallery  # the first window does not need it

        gallery = Gallery(self._theme, self._window)
        done, chosen = gallery.exec(), gallery.chosen
        gallery.deleteLater()
        if not done or chosen is None:
            return
        if chosen.path is not None:
            self.opening.open_sample(chosen.path)
        elif self.keeping.replace(chosen.document(), None):
            self.opened.emit(None)

    def _describe(self, rename: bool = False) -> None:
        dialog = AboutDialog(self._session, self.path, self._window)
        if rename:
            dialog.edit_title()
        dialog.exec()
        dialog.deleteLater()

    def _check_table(self) -> None:
        CheckDialog(self._session, self._window).show()

    def say_wrong(self, sentence: str) -> None:
        """Say what was wrong, over the window and in its status bar."""
        self._say(sentence, True)

    @Slot()
    def _tell_title(self) -> None:
        self.title_changed.emit(self.title, not self._session.store.is_clean)

    def _say(self, sentence: str, wrong: bool) -> None:
        if wrong:
            self._banner.say(sentence)
        self.said.emit(sentence, wrong)
