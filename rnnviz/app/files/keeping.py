"""Keeping: saves the open document, and asks before anything that was not saved is lost."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import final

from PySide6.QtCore import QObject, Signal

from rnnviz.app.files.asking import CANCEL, Answer, ask, ask_save
from rnnviz.app.files.desk import Desk, Home, file_name, home_of, stamp_of
from rnnviz.document.document import Document
from rnnviz.document.errors import FileError
from rnnviz.document.storage import SUFFIX, load, save
from rnnviz.engine.errors import EngineError
from rnnviz.session.recovery import Recovery

BACKUP = ".bak"


@final
class Keeping(QObject):
    """Knows which file the document belongs to.

    Parameters
    ----------
    desk : Desk
        What it works on.
    """

    home_changed = Signal()
    """The document belongs to another file, or to none."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self._home = Home()

    @property
    def path(self) -> Path | None:
        """The file that the document belongs to."""
        return self._home.path

    def set_home(self, path: Path | None) -> None:
        """Say which file the document was just read from."""
        self._set(home_of(path))

    def replace(self, document: Document, path: Path | None, saved: bool = True) -> bool:
        """Open another document in the place of this one; False if the person would not.

        Parameters
        ----------
        path : Path or None
            The file that it belongs to.
        saved : bool
            Whether it is as that file.
        """
        if not self.may_leave():
            return False
        self._desk.session.open(document, path, saved)
        self._set(home_of(path))
        return True

    def may_leave(self) -> bool:
        """Whether the open document may go: saved, or given up on purpose."""
        session = self._desk.session
        if session.trainer.is_running and not self._stops_training():
            return False
        if session.store.is_clean:
            return True
        answers = (
            Answer("discard", self.tr("&Discard"), apart=True),
            Answer(CANCEL, self.tr("Cancel")),
            Answer("save", self.tr("&Save"), primary=True),
        )
        title = self.tr("Save the changes?")
        text = self.tr("“{name}” was changed. What is not saved is lost.")
        chosen = ask(title, text.format(name=self._name), answers, self._desk.window)
        return chosen == "discard" or (chosen == "save" and self.save())

    def _stops_training(self) -> bool:
        answers = (
            Answer(CANCEL, self.tr("Go on training")),
            Answer("stop", self.tr("Stop the training"), primary=True),
        )
        title = self.tr("Stop the training?")
        text = self.tr("The network is being trained. What it has learned so far is given up.")
        if ask(title, text, answers, self._desk.window) != "stop":
            return False
        self._desk.session.cancel_training()
        return True

    def save(self) -> bool:
        """Save to the document's own file; False if it was not saved."""
        home = self._home
        if home.path is None:
            return self.save_as()
        if not home.is_changed:
            return self._write(home.path)
        answers = (
            Answer("replace", self.tr("&Replace it"), apart=True),
            Answer(CANCEL, self.tr("Cancel")),
            Answer("other", self.tr("Save &as…"), primary=True),
        )
        title = self.tr("Replace the file?")
        text = self.tr(
            "Another program has changed {name} since it was opened here. If it is replaced, what "
            "it holds now is kept beside it as {backup}."
        )
        name = home.path.name
        words = text.format(name=name, backup=name + BACKUP)
        chosen = ask(title, words, answers, self._desk.window)
        if chosen == "replace":
            return self._back_up(home.path) and self._write(home.path)
        return chosen == "other" and self.save_as()

    def save_as(self) -> bool:
        """Ask for a file and save to it; False if it was not saved."""
        desk = self._desk
        proposed = self.path or desk.preferences.folder / file_name(
            desk.document.title, SUFFIX, self.tr("untitled")
        )
        kinds = self.tr("Documents of rnnviz (*.rnnviz)")
        path = ask_save(self.tr("Save as"), proposed, kinds, SUFFIX, desk.window)
        return path is not None and self._write(path)

    def revert(self) -> None:
        """Read the document's file again, without what was changed since."""
        path = self.path
        if path is None:
            self._desk.say(self.tr("This document was never saved."), True)
            return
        try:
            document = load(path)
        except EngineError as error:
            self._desk.say(str(error), True)
            return
        answers = (
            Answer(CANCEL, self.tr("Cancel")),
            Answer("revert", self.tr("&Revert"), primary=True),
        )
        title = self.tr("Go back to the saved file?")
        text = self.tr("What was changed since “{name}” was saved is lost.")
        words = text.format(name=path.name)
        clean = self._desk.session.store.is_clean
        if clean or ask(title, words, answers, self._desk.window) == "revert":
            self._desk.session.open(document, path)
            self._set(home_of(path))

    def _write(self, path: Path) -> bool:
        desk = self._desk
        try:
            save(desk.document, path)
        except EngineError as error:
            desk.say(self.tr("Not saved. {why}").format(why=error), True)
            return False
        desk.session.mark_saved(path)
        desk.preferences.add_recent(path)
        desk.preferences.folder = path.parent
        self._set(home_of(path))
        desk.say(self.tr("Saved: {name}").format(name=path.name), False)
        return True

    def _back_up(self, path: Path) -> bool:
        try:
            shutil.copy2(path, path.with_name(path.name + BACKUP))
        except OSError as error:
            fault = FileError(path, self.tr("no copy of it can be made beside it"), error)
            self._desk.say(self.tr("Not saved. {why}").format(why=fault), True)
            return False
        return True

    @property
    def _name(self) -> str:
        title = self._desk.document.title
        return title or (self.path.stem if self.path else self.tr("untitled"))

    def _set(self, home: Home) -> None:
        self._home = home
        self.home_changed.emit()

    def recover(self, recovery: Recovery) -> bool:
        """Open work that was not saved; its copy is deleted once there is another."""
        desk, original = self._desk, recovery.original
        if not self.replace(recovery.document, original, saved=False):
            return False
        stamp = None if original is None else stamp_of(original)
        newer = stamp is not None and stamp[0] > recovery.saved_at.timestamp() * 1e9
        # A file that is newer than the copy was changed by somebody: saving asks first.
        self._set(Home(original, None if newer else stamp))
        try:
            if desk.session.autosave is not None:
                desk.session.autosave.save_now()
                recovery.discard()
        except (OSError, EngineError) as error:
            desk.say(str(error), True)
        return True
