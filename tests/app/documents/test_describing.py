"""Title, notes and facts of a document, and the table of the gradient check."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
)

from rnnviz.app.files.checking import CheckDialog, place_of
from rnnviz.document.edits import SetToken
from rnnviz.engine.check import Comparison
from tests.app.documents.conftest import Start
from tests.app.documents.support import click, person, press, said
from tests.panels.looking import sample
from tests.session.support import small


def field(dialog: QDialog) -> QLineEdit:
    found = dialog.findChild(QLineEdit)
    assert found is not None
    return found


def notes(dialog: QDialog) -> QPlainTextEdit:
    found = dialog.findChild(QPlainTextEdit)
    assert found is not None
    return found


def test_rename_is_one_step_of_undo(start: Start) -> None:
    program = start()

    def rename(dialog: QDialog) -> None:
        assert field(dialog).selectedText() == "A"
        QTest.keyClicks(field(dialog), "Better")
        press(field(dialog), Qt.Key.Key_Return)

    with person(rename):
        program.window.run("rename")
    assert program.session.store.document.title == "Better"
    assert len(program.session.store.labels) == 1
    assert program.session.undo()
    assert program.session.store.document.title == "A"


def test_title_and_notes_change_together(start: Start) -> None:
    program = start()

    def change(dialog: QDialog) -> None:
        field(dialog).setText("Better")
        notes(dialog).setPlainText("<b>not bold</b>\nsecond line")
        click("primary")(dialog)

    with person(change):
        press(program.window, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    document = program.session.store.document
    assert (document.title, document.notes) == ("Better", "<b>not bold</b>\nsecond line")
    assert len(program.session.store.labels) == 1


def test_what_is_not_changed_is_no_step(start: Start) -> None:
    program = start(sample("not_happy"))
    before = program.session.store.document
    with person(click("primary")):
        program.window.run("about_document")
    assert program.session.store.document is before


def test_a_title_that_is_too_long_is_said_in_the_dialog(start: Start) -> None:
    program = start()

    def change(dialog: QDialog) -> None:
        field(dialog).setText("x" * 100_000)
        click("primary")(dialog)
        assert dialog.isVisible()
        assert field(dialog).property("wrong") == "true"
        assert any(label.property("role") == "error" and label.text() for label in _labels(dialog))
        press(dialog, Qt.Key.Key_Escape)

    with person(change):
        program.window.run("rename")
    assert program.session.store.document.title == "A"


def _labels(dialog: QDialog) -> list[QLabel]:
    return [label for label in dialog.findChildren(QLabel) if label.isVisibleTo(dialog)]


def test_the_facts_are_those_of_the_document(start: Start) -> None:
    program = start(sample("not_happy"))

    def read(dialog: QDialog) -> None:
        words = said(dialog)
        assert "LSTM of 6 units" in words
        assert "0.946" in words
        assert "CC0" in words
        assert "not saved yet" in words
        assert all(label.textFormat() == Qt.TextFormat.PlainText for label in _labels(dialog))
        press(dialog, Qt.Key.Key_Escape)

    with person(read):
        program.window.run("about_document")


def test_hostile_texts_are_shown_as_they_are(start: Start) -> None:
    program = start(small(title="<img src=x>", source="\u202e<a href='https://x.y'>z</a>"))

    def read(dialog: QDialog) -> None:
        assert "\u202e" not in said(dialog)
        assert "<a href" in said(dialog)
        press(dialog, Qt.Key.Key_Escape)

    with person(read):
        program.window.run("about_document")


def table_of(dialog: QDialog) -> QTableWidget:
    found = dialog.findChild(QTableWidget)
    assert found is not None
    return found


def text_at(table: QTableWidget, row: int, column: int) -> str:
    item = table.item(row, column)
    return "" if item is None else item.text()


def open_table(start: Start) -> tuple[object, CheckDialog]:
    program = start(sample("not_happy"))
    program.session.checker.run()
    program.window.run("check_table")
    dialog = program.window.findChild(CheckDialog)
    assert dialog is not None
    return program, dialog


def test_the_table_holds_every_path_the_worst_first(start: Start) -> None:
    program, dialog = open_table(start)
    result = program.session.checker.check.result  # type: ignore[attr-defined]
    table = table_of(dialog)
    rows = [text_at(table, row, 0) for row in range(table.rowCount())]
    assert sorted(rows) == sorted(path.path for path in result.paths)
    worst = max((p for p in result.paths if p.worst), key=lambda p: p.worst.error)
    assert rows[0] == worst.path
    assert text_at(table, 0, 1) == place_of(worst.worst)
    assert "Passed" in said(dialog)
    dialog.close()


def test_the_check_runs_again_after_an_edit(start: Start) -> None:
    program, dialog = open_table(start)
    session = program.session  # type: ignore[attr-defined]
    session.apply(SetToken(2, "very"))
    assert not table_of(dialog).isEnabled()
    again = next(b for b in dialog.findChildren(QPushButton) if "again" in b.text())
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    assert session.checker.check.state == "done"
    assert table_of(dialog).isEnabled()
    dialog.close()


def test_the_table_is_copied_with_tabs(start: Start) -> None:
    _, dialog = open_table(start)
    copy = next(b for b in dialog.findChildren(QPushButton) if "Copy" in b.text())
    QTest.mouseClick(copy, Qt.MouseButton.LeftButton)
    lines = QApplication.clipboard().text().split("\n")
    assert len(lines) == table_of(dialog).rowCount() + 1
    assert {line.count("\t") for line in lines} == {5}
    dialog.close()


def test_places_are_counted_from_one() -> None:
    assert place_of(Comparison("weight", "W", (0, 2), 1.0, 1.0, 0.0)) == "[1, 3]"
