"""The gallery: what a new document can begin with, as small pictures in groups, to be searched."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from rnnviz.app.commands.described import said_score
from rnnviz.app.files.asking import plain_label
from rnnviz.app.files.cards import CARD, PATTERN, CardDelegate
from rnnviz.app.files.forms import buttons
from rnnviz.app.files.patterns import Look, Pattern, look_of, patterns, subject_names
from rnnviz.panels.canvas.theme import Theme

GAP = 12
SIDE = 168
_ARROWS = (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)


@final
class Gallery(QDialog):
    """Opens with one choice made; Enter or a double click takes it.

    Parameters
    ----------
    theme : Theme
        The colours of the pictures.
    parent : QWidget
        The window.

    Attributes
    ----------
    chosen : Pattern or None
        What was taken.
    """

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.chosen: Pattern | None = None
        self._seen: dict[Pattern, Look | None] = {}
        self._patterns = patterns()
        self.setWindowTitle(self.tr("New"))
        self.resize(SIDE + 3 * (CARD.width() + GAP) + 64, 680)
        self._search = QLineEdit(self)
        self._search.setPlaceholderText(self.tr("Search"))
        self._search.setAccessibleName(self.tr("Search"))
        self._search.setClearButtonEnabled(True)
        self._search.setFixedWidth(240)
        self._subjects = self._listed_subjects()
        self._cards = self._listed_cards(theme)
        self._about = plain_label("", self, "hint")
        self._about.setMinimumHeight(52)
        self._about.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._none = plain_label(self.tr("Nothing is called that."), self, "hint")
        self._none.hide()
        self._compose()
        self._search.textChanged.connect(self._filter)
        self._search.installEventFilter(self)
        self._subjects.currentRowChanged.connect(self._filter)
        self._cards.currentItemChanged.connect(self._tell)
        self._cards.itemActivated.connect(self._take)
        self._filter()
        self._idle = QTimer(self)
        self._idle.timeout.connect(self._look_at_next)
        self._idle.start(0)

    def _listed_subjects(self) -> QListWidget:
        found = QListWidget(self)
        found.setObjectName("subjects")
        found.setAccessibleName(self.tr("Subjects"))
        found.setFixedWidth(SIDE)
        everything = QListWidgetItem(self.tr("Everything"), found)
        everything.setData(PATTERN, "")
        there = {pattern.subject for pattern in self._patterns}
        for name, title in subject_names().items():
            if name in there:
                QListWidgetItem(title, found).setData(PATTERN, name)
        for row in range(found.count()):
            found.item(row).setSizeHint(QSize(SIDE - 12, 32))
        found.setCurrentRow(0)
        return found

    def _listed_cards(self, theme: Theme) -> QListWidget:
        cards = QListWidget(self)
        cards.setObjectName("cards")
        cards.setAccessibleName(self.tr("What to begin with"))
        cards.setViewMode(QListView.ViewMode.IconMode)
        cards.setMovement(QListView.Movement.Static)
        cards.setResizeMode(QListView.ResizeMode.Adjust)
        cards.setUniformItemSizes(True)
        cards.setSpacing(GAP // 2)
        cards.setMouseTracking(True)
        cards.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        cards.setItemDelegate(CardDelegate(theme, self._seen.get, cards))
        for pattern in self._patterns:
            item = QListWidgetItem(pattern.title, cards)
            item.setData(PATTERN, pattern)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{pattern.title}, {pattern.kind}")
            item.setSizeHint(CARD)
        return cards

    def _compose(self) -> None:
        head = QHBoxLayout()
        title = QLabel(self.tr("What would you like to begin with?"), self)
        title.setProperty("role", "heading")
        head.addWidget(title, 1)
        head.addWidget(self._search)
        body = QHBoxLayout()
        body.setSpacing(16)
        body.addWidget(self._subjects)
        right = QVBoxLayout()
        right.addWidget(self._cards, 1)
        right.addWidget(self._none)
        body.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(14)
        column.addLayout(head)
        column.addLayout(body, 1)
        column.addWidget(self._about)
        column.addLayout(buttons(self, self.tr("&Open"), self._take))

    @Slot()
    def _filter(self) -> None:
        """Show what fits the subject and every word of the search."""
        item = self._subjects.currentItem()
        subject = item.data(PATTERN) if item is not None else ""
        words = self._search.text().casefold().split()
        shown = []
        for row, pattern in enumerate(self._patterns):
            fits = subject in ("", pattern.subject)
            fits = fits and all(word in pattern.searched for word in words)
            self._cards.setRowHidden(row, not fits)
            if fits:
                shown.append(row)
        self._none.setVisible(not shown)
        if self._cards.currentRow() not in shown:
            self._cards.setCurrentRow(shown[0] if shown else -1)
        self._tell()

    @Slot()
    def _tell(self) -> None:
        """Say what is to be seen in the chosen one."""
        pattern = self._current()
        if pattern is None:
            self._about.setText("")
            return
        score = None if pattern.preview is None else pattern.preview.score
        lines = (pattern.shows or pattern.task, said_score(score) if score else "")
        self._about.setText("\n".join(line for line in lines if line))

    def _current(self) -> Pattern | None:
        item = self._cards.currentItem()
        if item is None or item.isHidden():
            return None
        pattern: Pattern = item.data(PATTERN)
        return pattern

    @Slot()
    def _take(self) -> None:
        self.chosen = self._current()
        if self.chosen is not None:
            self.accept()

    @Slot()
    def _look_at_next(self) -> None:
        """Compute one more picture while nobody does anything, what is in view first."""
        waiting = [p for p in self._patterns if p not in self._seen]
        if not waiting:
            self._idle.stop()
            return
        view = self._cards.viewport().rect()
        rows = {p: r for r, p in enumerate(self._patterns)}

        def far(pattern: Pattern) -> bool:
            index = self._cards.model().index(rows[pattern], 0)
            return not view.intersects(self._cards.visualRect(index))

        pattern = min(waiting, key=far)
        self._seen[pattern] = look_of(pattern)
        self._cards.update(self._cards.model().index(rows[pattern], 0))

    # ------------------------------------------------------------------------------ Qt's own

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrows of the search choose a card."""
        pressed = event.type() == QEvent.Type.KeyPress and watched is self._search
        if pressed and isinstance(event, QKeyEvent) and event.key() in _ARROWS:
            self._cards.setFocus()
            return True
        return super().eventFilter(watched, event)
