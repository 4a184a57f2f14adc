"""The bar at the foot: a hint at the left, folded panels, and what is true of the numbers."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from rnnviz.app.window.elided import ElidedLabel
from rnnviz.document.document import Document
from rnnviz.panels.canvas.text import size
from rnnviz.panels.texts import menu_text, tip_text
from rnnviz.session.checker import Check

HEIGHT = 26
GAP = 8
LEAST_HINT = 200
"""Px that are left to the sentence."""
UP = "\N{MODIFIER LETTER UP ARROWHEAD}"
PASSED = "\N{CHECK MARK}"


@final
class StatusBar(QWidget):
    """Says one sentence, and how the gradient check stands."""

    check_requested = Signal()
    """The table of the gradient check was asked for."""
    unfold_requested = Signal(str)
    """A folded panel is to be shown: its id."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("foot")
        self.setAccessibleName(self.tr("Status"))
        self.setFixedHeight(HEIGHT)
        self._hint = ElidedLabel(0, self)
        self._hint.setAccessibleName(self.tr("Hint"))
        self._folded = QHBoxLayout()
        self._buttons: dict[str, QToolButton] = {}
        self._all = QToolButton(self)
        self._all.setText(self.tr("Panels") + f" {UP}")
        self._all.setAccessibleName(self.tr("Show a panel"))
        self._all.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._titles: dict[str, str] = {}
        menu = QMenu(self._all)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        self._all.setMenu(menu)
        self._about = QLabel(self)
        self._check = QToolButton(self)
        self._check.clicked.connect(self.check_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 0, 10, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self._hint, 1)
        layout.addLayout(self._folded)
        layout.addWidget(self._all)
        layout.addSpacing(12)
        layout.addWidget(self._about)
        layout.addWidget(self._check)

    @property
    def hint(self) -> str:
        """The sentence at the left."""
        return self._hint.text()

    def show_hint(self, sentence: str, wrong: bool = False) -> None:
        """Say a sentence; in the colour of errors if something was refused."""
        self._hint.setText(sentence)
        self._hint.setProperty("role", "error" if wrong else "hint")
        self._hint.style().unpolish(self._hint)
        self._hint.style().polish(self._hint)

    @Slot()
    def forget_fault(self) -> None:
        """Say no more what was refused: something else was done since."""
        if self._hint.property("role") == "error":
            self.show_hint("")

    def show_document(self, document: Document) -> None:
        """Say what the numbers come from."""
        dtype = document.weights.vector.dtype
        text = self.tr("seed {seed}   ·   {dtype}").format(seed=document.seed, dtype=dtype)
        self._about.setText(text)

    def show_folded(self, panels: dict[str, str]) -> None:
        """Offer the panels that are folded: id -> title."""
        self._titles = dict(panels)
        for name in (name for name in panels if name not in self._buttons):
            self._buttons[name] = self._button(name)
        for name, button in self._buttons.items():
            title = panels.get(name, "")
            button.setText(f"{title} {UP}" if title else "")
            button.setAccessibleName(self.tr("Show {panel}").format(panel=title))
        self._fit()

    def _fill(self, menu: QMenu) -> None:
        """Fill the menu when it is opened, so that none of its actions goes while it is chosen."""
        menu.clear()
        for name, title in self._titles.items():
            action = menu.addAction(title)
            action.triggered.connect(lambda _=False, n=name: self.unfold_requested.emit(n))

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.clicked.connect(lambda: self.unfold_requested.emit(name))
        self._folded.addWidget(button)
        return button

    def _fit(self) -> None:
        """Show a button for each folded panel if there is room, else one with a menu."""
        buttons = [button for button in self._buttons.values() if button.text()]
        others = (self._about, self._check)
        wanted = sum(widget.sizeHint().width() + GAP for widget in (*buttons, *others))
        roomy = wanted <= self.width() - LEAST_HINT
        for button in self._buttons.values():
            button.setVisible(roomy and button in buttons)
        self._all.setVisible(bool(buttons) and not roomy)

    def show_check(self, check: Check) -> None:
        """Say how the gradient check stands."""
        self._check.setText(menu_text(self._words(check)))
        wrong = check.state == "done" and check.result is not None and not check.result.passed
        colour = "color: palette(bright-text);" if wrong else ""
        if colour != self._check.styleSheet():  # as each setting lays the whole bar out anew
            self._check.setStyleSheet(colour)
        self._check.setVisible(check.state != "none")
        self._check.setToolTip(tip_text(check.reason))

    def _words(self, check: Check) -> str:
        result, progress = check.result, check.progress
        if check.state == "done" and result is not None:
            error = size(result.error)
            if result.passed:
                return self.tr("gradient check {error} {mark}").format(error=error, mark=PASSED)
            return self.tr("gradient check failed: {error} at {worst}").format(
                error=error, worst=result.worst
            )
        if check.state == "running" and progress is not None:
            return self.tr("gradient check {done} of {total}").format(
                done=progress.done, total=progress.total
            )
        words = {
            "waiting": self.tr("gradient check…"),
            "running": self.tr("gradient check…"),
            "impossible": self.tr("gradient check not possible"),
        }
        return words.get(check.state, "")

    # ------------------------------------------------------------------------------ Qt's own

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room."""
        super().resizeEvent(event)
        self._fit()
