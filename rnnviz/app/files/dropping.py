"""Dropping: what happens to files and texts dragged onto the window, said before it happens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, final

from PySide6.QtCore import QEvent, QMimeData, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from rnnviz.app.files.asking import plain_label
from rnnviz.app.files.reading import kind_of
from rnnviz.document.errors import visible
from rnnviz.panels.texts import translate

MOST_TEXT = 100_000
"""Characters of a text that is dropped; a sequence has far fewer."""


@final
@dataclass(frozen=True)
class Drop:
    """What a drop would do.

    Attributes
    ----------
    says : str
        A sentence, before it is dropped.
    path : Path or None
        The file that would be opened.
    text : str
        The text that would be read; "" for none.
    """

    says: str
    path: Path | None = None
    text: str = ""

    @property
    def is_taken(self) -> bool:
        """Whether it does anything."""
        return self.path is not None or bool(self.text)


def dropped(mime: QMimeData) -> Drop:
    """What would happen to what is dragged; nothing is opened yet.

    Of several files the first is meant.
    """
    if mime.hasUrls():
        urls = mime.urls()
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile() and url.toLocalFile()]
        if not paths:
            return Drop(translate("Dropping", "Only files on this computer can be opened."))
        return _of_file(paths[0], len(urls) - 1)
    if mime.hasText() and mime.text().strip():
        text = mime.text()
        if len(text) > MOST_TEXT:
            return Drop(translate("Dropping", "This text is too long for a sequence."))
        return Drop(translate("Dropping", "Let the network read this text"), text=text)
    return Drop(translate("Dropping", "There is nothing in it that can be opened."))


def _of_file(path: Path, others: int) -> Drop:
    name = visible(path.name, 80)
    if path.is_dir():
        words = translate("Dropping", "{name} is a folder; drop a file.")
        return Drop(words.format(name=name))
    words = {
        "document": translate("Dropping", "Open {name}"),
        "data": translate("Dropping", "Make a network for the data in {name}"),
        "model": translate("Dropping", "Import the model in {name}"),
    }[kind_of(path)].format(name=name)
    if others:
        rest = translate("Dropping", "{words}; only the first of {count:,} files is taken")
        words = rest.format(words=words, count=others + 1)
    return Drop(words, path)


Take: TypeAlias = Callable[[Drop], None]


@final
class Dropping(QObject):
    """Shows over a window what a drop will do, and hands on what was dropped.

    Parameters
    ----------
    window : QWidget
        What accepts drops.
    take : callable
        Opens what was dropped, or says why it is not.
    """

    def __init__(self, window: QWidget, take: Take) -> None:
        super().__init__(window)
        self._window, self._take = window, take
        self._veil = _Veil(window)
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    # ------------------------------------------------------------------------------ Qt's own

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what is dragged over the window."""
        if isinstance(event, QDropEvent) and watched is self._window:
            return self._follow(event)
        if event.type() == QEvent.Type.DragLeave:
            self._veil.hide()
        return super().eventFilter(watched, event)

    def _follow(self, event: QDropEvent) -> bool:
        drop = dropped(event.mimeData())
        if isinstance(event, (QDragEnterEvent, QDragMoveEvent)):
            if isinstance(event, QDragEnterEvent):
                self._veil.show_drop(drop)
            # Accepted in any case, so that the window hears of the drop and can say what is wrong.
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            return True
        self._veil.hide()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self._take(drop)
        return True


@final
class _Veil(QFrame):
    """A sentence in a frame over the whole window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("veil")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._words = plain_label("", self, "heading")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.addWidget(self._words)
        self.hide()

    def show_drop(self, drop: Drop) -> None:
        """Say what a drop will do."""
        self._words.setText(drop.says)
        self._words.setProperty("role", "heading" if drop.is_taken else "error-heading")
        self._words.style().unpolish(self._words)
        self._words.style().polish(self._words)
        self.setGeometry(self._window.rect().adjusted(12, 12, -12, -12))
        self.show()
        self.raise_()
