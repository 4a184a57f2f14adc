"""Exports: writes the open network for other programs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import final

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from rnnviz.app.commands.exporting import BESIDE
from rnnviz.app.files.asking import CANCEL, Answer, ask, ask_save
from rnnviz.app.files.desk import Desk, file_name
from rnnviz.app.window.menus import Command
from rnnviz.document.conversion import model_of
from rnnviz.document.errors import FileError
from rnnviz.document.storage import SUFFIX
from rnnviz.engine.errors import EngineError

ENDINGS = {
    "pytorch": ".py",
    "keras": ".py",
    "onnx": ".onnx",
    "safetensors": ".safetensors",
    "npz": ".npz",
    "csv": ".csv",
}
"""Format -> the ending of its file."""


@final
class Exports(QObject):
    """The six formats.

    Parameters
    ----------
    desk : Desk
        What it works on.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk

    def commands(self) -> dict[str, Command]:
        """Id -> what it does."""
        return {f"export_{name}": partial(self._export, name) for name in ENDINGS}

    def _names(self) -> dict[str, str]:
        return {
            "pytorch": self.tr("PyTorch code"),
            "keras": self.tr("Keras code"),
            "onnx": self.tr("ONNX graph"),
            "safetensors": self.tr("Weights for PyTorch (safetensors)"),
            "npz": self.tr("Weights for NumPy"),
            "csv": self.tr("Weights for a spreadsheet"),
        }

    def fill(self, menu: QMenu) -> None:
        """Put the formats into a menu."""
        for name, title in self._names().items():
            action = menu.addAction(f"{title}…")
            action.triggered.connect(partial(self._export, name, None))

    def _export(self, name: str, _: object, __: bool = False) -> None:
        desk, ending = self._desk, ENDINGS[name]
        proposed = desk.preferences.folder / file_name(desk.document.title, ending, "rnnviz")
        kinds = f"{self._names()[name].partition(' (')[0]} (*{ending})"
        path = ask_save(self.tr("Export the network"), proposed, kinds, ending, desk.window)
        if path is None or not self._may_write(path, name):
            return
        try:
            self._write(path, name)
        except EngineError as error:
            desk.say(self.tr("Not exported. {why}").format(why=error), True)
            return
        desk.preferences.folder = path.parent
        written = [path.name, *(p.name for p in [_beside(path, name)] if p is not None)]
        desk.say(self.tr("Written: {files}").format(files=", ".join(written)), False)

    def _write(self, path: Path, name: str) -> None:
        from rnnviz.document.interchange.doors import WRITERS

        if path.suffix.lower() == SUFFIX:
            raise FileError(path, self.tr("this ending is for documents of rnnviz"))
        if path.suffix.lower() != ENDINGS[name]:
            words = self.tr("its name must end in {ending}")
            raise FileError(path, words.format(ending=ENDINGS[name]))
        WRITERS[name](model_of(self._desk.document), path)

    def _may_write(self, path: Path, name: str) -> bool:
        """Whether the file beside it, of which the dialog knew nothing, may be replaced."""
        beside = _beside(path, name)
        if beside is None or not beside.exists():
            return True
        answers = (
            Answer(CANCEL, self.tr("Cancel")),
            Answer("replace", self.tr("&Replace it"), primary=True),
        )
        title = self.tr("Replace the weights too?")
        text = self.tr("The weights are written to {name}, which is there already.")
        words = text.format(name=beside.name)
        return ask(title, words, answers, self._desk.window) == "replace"


def _beside(path: Path, name: str) -> Path | None:
    """The file of weights beside code."""
    return path.with_suffix(BESIDE[name]) if name in BESIDE else None
