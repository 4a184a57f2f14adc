"""The table of the gradient check: every path with its largest error, and a way to run it again."""

from __future__ import annotations

from typing import final

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from rnnviz.app.files.asking import plain_label
from rnnviz.engine.check import CheckResult, Comparison, PathCheck
from rnnviz.panels.canvas.text import number, size
from rnnviz.panels.texts import tip_text, translate
from rnnviz.session.checker import Check
from rnnviz.session.session import Session

WRONG, RIGHT = "\N{MULTIPLICATION SIGN}", "\N{CHECK MARK}"
NONE = "\N{EN DASH}"
_NUMBERS = (2, 3, 4)


@final
class CheckDialog(QDialog):
    """Follows the check that runs; it can stay open beside the window.

    Parameters
    ----------
    session : Session
        Whose gradients are checked.
    parent : QWidget
        The window.
    """

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._session = session
        self.setWindowTitle(self.tr("Gradient check"))
        self.resize(760, 520)
        self._words = plain_label("", self, "title")
        self._words.setAccessibleName(self.tr("Result"))
        self._table = self._empty_table()
        self._again = QPushButton(self.tr("&Run again"), self)
        self._again.clicked.connect(self._run)
        copy = QPushButton(self.tr("&Copy the table"), self)
        copy.clicked.connect(self._copy)
        close = QPushButton(self.tr("Close"), self)
        close.setProperty("primary", "true")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(copy)
        row.addStretch(1)
        row.addWidget(self._again)
        row.addWidget(close)
        for button in (copy, self._again, close):
            button.setMinimumHeight(32)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        column.addWidget(self._words)
        column.addWidget(self._explained())
        column.addWidget(self._table, 1)
        column.addLayout(row)
        session.checker.check_changed.connect(self._show)
        self._show(session.checker.check)
        close.setFocus()

    def _explained(self) -> QWidget:
        return plain_label(
            self.tr(
                "Each derivative of backpropagation beside a difference of losses: a number is "
                "moved a little to both sides and the whole network is computed again."
            ),
            self,
            "hint",
        )

    def _empty_table(self) -> QTableWidget:
        heads = (
            self.tr("Quantity"),
            self.tr("Place of the worst"),
            self.tr("Checked"),
            self.tr("Of"),
            self.tr("Worst error"),
            "",
        )
        table = QTableWidget(0, len(heads), self)
        table.setHorizontalHeaderLabels(heads)
        table.setAccessibleName(self.tr("Paths and their errors"))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(26)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, len(heads)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        return table

    @Slot()
    def _run(self) -> None:
        checker = self._session.checker
        checker.show(self._session.frame.evaluation)
        checker.run()

    @Slot(object)
    def _show(self, check: Check) -> None:
        self._words.setText(self._said(check))
        wrong = check.state == "done" and check.result is not None and not check.result.passed
        self._words.setStyleSheet("color: palette(bright-text);" if wrong else "")
        self._again.setEnabled(check.state in ("done", "impossible", "waiting"))
        if check.state == "done" and check.result is not None:
            self._fill(check.result)
        elif check.state in ("none", "impossible"):
            self._table.setRowCount(0)
        self._table.setEnabled(check.state == "done")

    def _said(self, check: Check) -> str:
        result, progress = check.result, check.progress
        if check.state == "done" and result is not None:
            words = (
                self.tr("Passed: the largest error of {count:,} derivatives is {error}")
                if result.passed
                else self.tr("Failed: of {count:,} derivatives the worst is off by {error}")
            )
            count = sum(path.checked for path in result.paths)
            return words.format(count=count, error=size(result.error))
        if check.state == "impossible":
            return self.tr("Not possible: {reason}").format(reason=check.reason)
        if check.state == "none":
            return self.tr("There are no gradients: set a target first.")
        if progress is not None:
            return self.tr("{done:,} of {total:,}…").format(
                done=progress.done, total=progress.total
            )
        if check.state == "waiting":
            return self.tr("Waiting; Run again begins at once.")
        return self.tr("Checking…")

    def _fill(self, result: CheckResult) -> None:
        paths = sorted(result.paths, key=_badness, reverse=True)
        self._table.setRowCount(len(paths))
        for row, path in enumerate(paths):
            worst = path.worst
            right = worst is None or worst.error < result.threshold
            texts = (
                path.path,
                NONE if worst is None else place_of(worst),
                f"{path.checked:,}",
                f"{path.total:,}",
                NONE if worst is None else size(worst.error),
                (RIGHT if right else WRONG) if worst is not None else NONE,
            )
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                if column in _NUMBERS:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                if not right:
                    item.setForeground(QColor(self.palette().brightText().color()))
                if worst is not None:
                    item.setToolTip(tip_text(_compared(worst)))
                self._table.setItem(row, column, item)

    @Slot()
    def _copy(self) -> None:
        """Put the table into the clipboard, with tabs, as spreadsheets take it."""
        table = self._table
        heads = [table.horizontalHeaderItem(c) for c in range(table.columnCount())]
        rows = [
            [table.item(r, c) for c in range(table.columnCount())] for r in range(table.rowCount())
        ]
        lines = ("\t".join("" if i is None else i.text() for i in row) for row in (heads, *rows))
        QApplication.clipboard().setText("\n".join(lines))


def place_of(worst: Comparison) -> str:
    """Where in a weight or in the trace, counted from 1 as everywhere on the screen."""
    places = ", ".join(str(part + 1) for part in worst.index)
    return f"[{places}]"


def _badness(path: PathCheck) -> float:
    return -1.0 if path.worst is None else path.worst.error


def _compared(worst: Comparison) -> str:
    words = translate("CheckDialog", "by backpropagation {analytic}, by differences {numeric}")
    return words.format(analytic=number(worst.analytic, 10), numeric=number(worst.numeric, 10))
