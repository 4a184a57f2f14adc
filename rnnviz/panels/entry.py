"""A field over a drawn number in which it is typed; what is no number leaves the old one."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import final

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit

from rnnviz.engine.rendering import MINUS
from rnnviz.panels.canvas.fonts import sans
from rnnviz.panels.panel import Panel

LONGEST = 40
"""Signs that may be typed."""


def number_of(text: str) -> float | None:
    """The finite number that was typed, with a decimal point or comma; None if it is none."""
    plain = text.strip().replace(MINUS, "-").replace(",", ".").replace("_", "x")
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def written(value: float) -> str:
    """A number as it is typed: six digits, as more do not fit; untouched it stays as it is."""
    return f"{value:.6g}"


@final
class Entry(QLineEdit):
    """The field; a panel has one and shows it where a number is to be typed.

    Parameters
    ----------
    panel : Panel
        The owner.
    """

    def __init__(self, panel: Panel) -> None:
        super().__init__(panel)
        self._panel = panel
        self._keep: Callable[[float], None] | None = None
        self.setMaxLength(LONGEST)
        self.setFrame(False)
        self.textEdited.connect(lambda _: self._show_wrong(False))
        self._leaving = QTimer(self)
        self._leaving.setSingleShot(True)
        self._leaving.setInterval(0)
        self._leaving.timeout.connect(self._leave)
        self.hide()

    @property
    def is_wrong(self) -> bool:
        """Whether it says that what was typed is no number."""
        return bool(self.property("wrong"))

    def ask(self, box: QRectF, value: float, name: str, keep: Callable[[float], None]) -> None:
        """Let a number be typed.

        Parameters
        ----------
        box : QRectF
            Where.
        value : float
            What stands there at first, all of it marked.
        name : str
            What is typed, for screen readers.
        keep : callable
            Takes the number when Enter is pressed or the field is left.
        """
        self._keep = keep
        self.setAccessibleName(name)
        self.setFont(sans(self._px, 600))
        self.setGeometry(box.toAlignedRect())
        self.setText(written(value) if math.isfinite(value) else "")
        self._show_wrong(False)
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()

    def begin(self, text: str) -> None:
        """Type the first signs in the place of what stands there; none leaves that."""
        if text:
            self.insert(text)

    @property
    def _px(self) -> float:
        """The size of what is typed, larger when presenting."""
        sight, body = self._panel.sight, self._panel.sight.theme.type.body
        return body.present * sight.scale if sight.present else body.px

    def _take(self) -> bool:
        """Hand on what was typed; False if it is no number."""
        keep, value = self._keep, number_of(self.text())
        if keep is None:
            return True
        if value is None:
            self._show_wrong(True)
            words = self.tr("“{text}” is no number; the old value stays.")
            self._panel.refused.emit(words.format(text=self.text().strip()))
            return False
        changed = self.isModified()
        self._close()
        if changed:
            keep(value)
        return True

    def _close(self) -> None:
        self._keep = None
        had_keyboard = self.hasFocus()
        self.hide()
        if had_keyboard:
            self._panel.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _leave(self) -> None:
        """Another field has the keyboard."""
        if self._keep is not None and not self.hasFocus() and not self._take():
            self._keep = None
            self.hide()

    def _show_wrong(self, wrong: bool) -> None:
        colours = self._panel.sight.theme.colours
        edge = colours.err if wrong else colours.tx1
        self.setProperty("wrong", wrong)
        self.setStyleSheet(
            f"QLineEdit {{ background: {colours.bg0.hex}; color: {colours.tx1.hex}; padding: 0 8px;"
            f" font-size: {round(self._px)}px;"
            f" border: 1.5px solid {edge.hex}; border-radius: 6px;"
            f" selection-background-color: {colours.tx1.hex};"
            f" selection-color: {colours.bg1.hex}; }}"
        )

    # ------------------------------------------------------------------------------ Qt's own

    def event(self, event: QEvent) -> bool:
        """Keep every key from the program's shortcuts while something is typed."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep with Enter, leave with Esc."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take()
        elif event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keep what was typed when another field takes the keyboard; a bad number is dropped.

        Not at once: the field also loses the keyboard while its window is being destroyed.
        """
        super().focusOutEvent(event)
        if self._keep is not None and event.reason() != Qt.FocusReason.PopupFocusReason:
            self._leaving.start()
