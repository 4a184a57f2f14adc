"""The banner: one sentence over the window that waits for nobody, or a line while work goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from rnnviz.app.files.asking import plain_label
from rnnviz.panels.canvas.text import ELLIPSIS

TOP = 52
WIDEST = 640
SHOWN_MS = 8_000
BUSY_MS, CANCEL_MS = 120, 1_000
"""After how long work is shown, and can be cancelled."""


@final
class Banner(QFrame):
    """Lies near the top of a window, over its panels.

    Parameters
    ----------
    window : QWidget
        Over which window.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("banner")
        self._cancel: Callable[[], None] | None = None
        self._window, self._words = window, ""
        self._sentence: QLabel = plain_label("", self)
        self._sentence.setAccessibleName(self.tr("Message"))
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._line = QProgressBar(self)
        self._line.setRange(0, 0)
        self._line.setTextVisible(False)
        self._line.setFixedSize(88, 6)
        self._button = QPushButton(self)
        self._button.clicked.connect(self._press)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(12)
        row.addWidget(self._line)
        row.addWidget(self._sentence, 1)
        row.addWidget(self._button)
        self._later = _timer(self, self._show_busy)
        self._even_later = _timer(self, self._button.show)
        self._gone = _timer(self, self.hide)
        window.installEventFilter(self)
        self.hide()

    @property
    def sentence(self) -> str:
        """What it says; "" while it is hidden."""
        return self._sentence.text() if not self.isHidden() else ""

    def say(self, sentence: str) -> None:
        """Show what was refused, until it was read or closed."""
        self.end_work()
        self._line.hide()
        self._show(sentence, "error")
        self._button.setText(self.tr("Close"))
        self._button.show()
        # What is to be copied stays until it is closed.
        if "\n" in sentence:
            self._gone.stop()
        else:
            self._gone.start(SHOWN_MS)

    def begin_work(self, sentence: str, cancel: Callable[[], None]) -> None:
        """Show soon that something is being done, and later a button that cancels it."""
        self.hide()
        self._gone.stop()
        self._words, self._cancel = sentence, cancel
        self._later.start(BUSY_MS)

    def end_work(self) -> None:
        """Show nothing of the work any more."""
        self._later.stop()
        self._even_later.stop()
        if self._cancel is not None:
            self._cancel = None
            self.hide()

    def _show_busy(self) -> None:
        self._line.show()
        self._button.setText(self.tr("Cancel"))
        self._button.hide()
        self._show(self._words, "body")
        self._even_later.start(CANCEL_MS - BUSY_MS)

    def _show(self, sentence: str, role: str) -> None:
        self._sentence.setProperty("role", role)
        self._sentence.style().unpolish(self._sentence)
        self._sentence.style().polish(self._sentence)
        self._sentence.setText(sentence)
        self.show()
        self.raise_()
        self._place()

    @Slot()
    def _press(self) -> None:
        cancel = self._cancel
        self.end_work()
        self.hide()
        if cancel is not None:
            cancel()

    def _place(self) -> None:
        """In the middle of the window, as wide as its sentence needs."""
        room = self._window.width()
        spare = 200 if not self._line.isHidden() else 110
        wide = min(self._sentence.fontMetrics().horizontalAdvance(self._sentence.text()), WIDEST)
        width = max(240, min(wide + spare, room - 32))
        self._sentence.setMinimumHeight(0)
        text = max(60, width - spare)
        self._sentence.setMinimumHeight(self._sentence.heightForWidth(text))
        self.resize(width, max(44, self._sentence.minimumHeight() + 16))
        self.move((room - width) // 2, TOP)

    # ------------------------------------------------------------------------------ Qt's own

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the middle of the window."""
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)


def working(name: str) -> str:
    """What is said while a file is being read."""
    return name + ELLIPSIS


def _timer(parent: QObject, call: Callable[[], object]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.timeout.connect(call)
    return timer
