"""The commands that write pictures, animations and tables of what is seen."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from functools import partial
from io import StringIO
from pathlib import Path
from typing import final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from rnnviz.app.window.menus import Command
from rnnviz.app.window.pictures import MOST_FRAMES, save_picture, save_steps
from rnnviz.document.errors import FileError
from rnnviz.document.storage.writing import write_atomically
from rnnviz.panels.gestures import Table
from rnnviz.panels.picture import PicturePanel
from rnnviz.session.session import Session

Choose = Callable[[str, str, str], Path | None]
"""(title, proposed name, kinds of files) -> the path that a person chose, or None."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so would be run by a spreadsheet."""


@final
class Exporting(QObject):
    """Writes what is seen into files.

    Parameters
    ----------
    window : QWidget
        The whole window.
    session : Session
        What is open.
    choose : callable, optional
        Asks for a path.
    """

    said = Signal(str, bool)
    """A sentence, and whether something went wrong."""

    def __init__(self, window: QWidget, session: Session, choose: Choose | None = None) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self._choose = choose or self._ask
        self._folder = Path.home()

    def commands(self) -> dict[str, Command]:
        """Id -> what it does; the argument is the panel, or None for the window."""
        return {
            "export_picture": lambda panel: self._picture(self._widget(panel)),
            "copy_picture": lambda panel: self._copy(self._widget(panel)),
            "export_steps": lambda panel: self._steps(self._widget(panel)),
            "export_table": self._table,
        }

    def _widget(self, panel: object) -> QWidget:
        return panel if isinstance(panel, QWidget) else self._window

    def _picture(self, widget: QWidget) -> None:
        kinds = self.tr("Pictures (*.png);;Drawings (*.svg);;Documents (*.pdf)")
        path = self._choose(self.tr("Export picture"), self._name(widget, ".png"), kinds)
        if path is not None:
            self._write(path, partial(save_picture, widget))

    def _copy(self, widget: QWidget) -> None:
        QApplication.clipboard().setPixmap(widget.grab())
        self.said.emit(self.tr("The picture is in the clipboard."), False)

    def _steps(self, widget: QWidget) -> None:
        kinds = self.tr("Animations (*.gif)")
        path = self._choose(self.tr("Export the steps"), self._name(widget, ".gif"), kinds)
        if path is None:
            return
        stages = self._session.view.playhead.story.stages
        done = self._write(path, lambda target: save_steps(widget, target, self._moments()))
        if done and stages > MOST_FRAMES:
            words = self.tr("Written: {name}, the first {count} of {stages} moments")
            text = words.format(name=path.name, count=MOST_FRAMES, stages=stages)
            self.said.emit(text, False)

    def _moments(self) -> Iterator[Callable[[], None]]:
        """Every stage of the story, complete; the playhead stands afterwards where it was."""
        playhead = self._session.view.playhead
        playhead.pause()
        here, story = playhead.moment, playhead.story
        try:
            for stage in range(story.stages):
                yield partial(playhead.go_to, story.rest(stage))
        finally:
            playhead.go_to(here)

    def _table(self, panel: object) -> None:
        table = panel.gestures.table if isinstance(panel, PicturePanel) else None
        if table is None or not isinstance(panel, QWidget):
            self.said.emit(self.tr("This panel has no table."), True)
            return
        kinds = self.tr("Tables (*.csv)")
        path = self._choose(self.tr("Export as CSV"), self._name(panel, ".csv"), kinds)
        if path is not None:
            data = csv_of(table()).encode("utf-8-sig")
            self._write(path, partial(write_atomically, data=data))

    def _write(self, path: Path, write: Callable[[Path], object]) -> bool:
        """Write a file and say so, or why it could not be."""
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            write(path)
        except FileError as error:
            self.said.emit(str(error), True)
            return False
        finally:
            QApplication.restoreOverrideCursor()
        self._folder = path.parent
        self.said.emit(self.tr("Written: {name}").format(name=path.name), False)
        return True

    def _name(self, widget: QWidget, ending: str) -> str:
        title = self._session.store.document.title or self.tr("untitled")
        part = "" if widget is self._window else f" {widget.objectName()}"
        plain = re.sub(r"[^\w\- ]+", "", f"{title}{part}").strip() or "rnnviz"
        return plain + ending

    def _ask(self, title: str, name: str, kinds: str) -> Path | None:
        start = str(self._folder / name)
        chosen, kind = QFileDialog.getSaveFileName(self._window, title, start, kinds)
        if not chosen:
            return None
        path = Path(chosen)
        ending = re.search(r"\*(\.\w+)", kind)
        return path if path.suffix or ending is None else path.with_suffix(ending[1])


def csv_of(table: Table) -> str:
    """A table as comma-separated values; texts that a spreadsheet would run are quoted."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in table:
        writer.writerow([_harmless(cell) for cell in row])
    return text.getvalue()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
