"""Opening: reads files beside the window's own work, and puts what they hold in its place."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event
from typing import final

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMenu

from rnnviz.app.files.asking import ask_open
from rnnviz.app.files.banner import Banner, working
from rnnviz.app.files.desk import Desk, sentence
from rnnviz.app.files.importing import ImportDialog
from rnnviz.app.files.keeping import Keeping
from rnnviz.app.files.reading import DATA, MODELS, Answer, Models, Opened, read_file, read_sample
from rnnviz.engine.errors import EngineError
from rnnviz.panels.texts import menu_text
from rnnviz.session.runner import Executor, Report, Runner


@final
class Opening(QObject):
    """Reads one file at a time; a later wish takes the place of one that waits.

    Parameters
    ----------
    desk : Desk
        What it works on.
    keeping : Keeping
        Asks before the open document goes.
    banner : Banner
        Shows that a file is being read.
    executor : Executor, optional
        Where files are read.
    """

    opened = Signal(object)
    """Another document is open: the path of its file, or None."""
    failed = Signal(object)
    """A fault of the program: the `Report`."""

    def __init__(
        self, desk: Desk, keeping: Keeping, banner: Banner, executor: Executor | None = None
    ) -> None:
        super().__init__(desk.window)
        self._desk, self._keeping, self._banner = desk, keeping, banner
        self._runner = Runner("opening a file", executor, self)
        self._runner.finished.connect(self._arrive)
        self._runner.failed.connect(self._fail)

    def ask(self) -> None:
        """Ask for a document and open it."""
        kinds = ";;".join(
            (
                self.tr("Documents of rnnviz (*.rnnviz)"),
                _kinds(self.tr("Everything that can be opened"), (".rnnviz", *MODELS, *DATA)),
                self.tr("All files (*)"),
            )
        )
        self._ask(self.tr("Open"), kinds)

    def ask_model(self) -> None:
        """Ask for somebody's model, or data, and make a document of it."""
        kinds = ";;".join(
            (
                _kinds(self.tr("Models and data"), (*MODELS, *DATA)),
                _kinds(self.tr("Models of PyTorch, ONNX and Keras"), MODELS),
                _kinds(self.tr("Data"), DATA),
                self.tr("All files (*)"),
            )
        )
        self._ask(self.tr("Import"), kinds)

    def _ask(self, title: str, kinds: str) -> None:
        path = ask_open(title, self._desk.preferences.folder, kinds, self._desk.window)
        if path is not None:
            self.open(path)

    def open(self, path: Path) -> None:
        """Read a file of whatever kind; the open document stays until it was read."""
        self._read(path, read_file)

    def open_sample(self, path: Path) -> None:
        """Read a document as a pattern, which belongs to no file."""
        self._read(path, read_sample)

    def _read(self, path: Path, read: Callable[[Path], Answer]) -> None:
        def work(_: Event) -> Answer:
            return read(path)

        self._banner.begin_work(working(path.name), self._runner.cancel)
        self._runner.request(path, work)

    def fill_recent(self, menu: QMenu) -> None:
        """Put the files that were open lately into a menu."""
        for path in self._desk.preferences.recent:
            action = menu.addAction(_menu_text(path))
            action.triggered.connect(partial(self._open_recent, path))
        if menu.isEmpty():
            menu.addAction(self.tr("No file was open yet")).setEnabled(False)
            return
        menu.addSeparator()
        menu.addAction(self.tr("Clear the list")).triggered.connect(self.clear_recent)

    @Slot()
    def clear_recent(self) -> None:
        """Forget all files that were open."""
        self._desk.preferences.forget_recent()

    def stop(self) -> None:
        """Read nothing more."""
        self._banner.end_work()
        self._runner.stop()

    def _open_recent(self, path: Path, _: bool = False) -> None:
        if not path.exists():
            self._desk.preferences.forget_recent(path)
        self.open(path)

    @Slot(object, object)
    def _arrive(self, path: Path, answer: Answer) -> None:
        self._banner.end_work()
        match answer:
            case Opened():
                self._open(answer)
            case Models():
                self._choose(answer)
            case EngineError():
                self._desk.say(sentence(answer, path), True)

    def _open(self, opened: Opened, saved: bool = True) -> None:
        desk, home = self._desk, opened.home
        if not self._keeping.replace(opened.document, home, saved):
            return
        if home is not None:
            desk.preferences.add_recent(home)
            desk.preferences.folder = home.parent
        self.opened.emit(home)

    def _choose(self, models: Models) -> None:
        """Ask which model is meant and what its file does not tell."""
        dialog = ImportDialog(models, self._desk.window)
        done, document = dialog.exec(), dialog.document
        dialog.deleteLater()
        if done and document is not None:
            self._desk.preferences.folder = models.path.parent
            self._open(Opened(document, None), saved=False)

    @Slot(object, object)
    def _fail(self, path: Path, report: Report) -> None:
        self._banner.end_work()
        words = self.tr("{name}: it cannot be opened; the program has a fault.")
        self._desk.say(words.format(name=path.name), True)
        self.failed.emit(report)


def _kinds(name: str, endings: tuple[str, ...]) -> str:
    return f"{name} ({' '.join(f'*{ending}' for ending in endings)})"


def _menu_text(path: Path) -> str:
    """A file's name and its folder; an ampersand would mark a key."""
    folder = path.parent
    home = Path.home()
    short = Path("~") / folder.relative_to(home) if folder.is_relative_to(home) else folder
    return menu_text(f"{path.name}    {short}")
