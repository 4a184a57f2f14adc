"""The gallery: every sample is there, can be found, and is opened as a pattern."""

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QPushButton

from rnnviz.app.files.cards import CARD, draw_card
from rnnviz.app.files.gallery import Gallery
from rnnviz.app.files.patterns import EMPTY, look_of, patterns, subject_names
from rnnviz.document.evaluate import evaluate
from rnnviz.document.samples import SAMPLES
from rnnviz.panels.canvas.theme import Theme
from tests.app.documents.conftest import Start
from tests.app.documents.support import answer, person, press
from tests.panels.conftest import look
from tests.session.support import Rename

__all__ = ["look"]

CTRL = Qt.KeyboardModifier.ControlModifier


def cards(dialog: QDialog) -> QListWidget:
    found = dialog.findChild(QListWidget, "cards")
    assert found is not None
    return found


def shown(dialog: QDialog) -> list[str]:
    items = cards(dialog)
    return [items.item(r).text() for r in range(items.count()) if not items.isRowHidden(r)]


def search(dialog: QDialog, text: str) -> None:
    field = dialog.findChild(QLineEdit)
    assert field is not None
    field.clear()
    QTest.keyClicks(field, text)


def test_all_samples_are_offered_and_three_without_knowledge() -> None:
    found = patterns()
    assert [p.path.stem for p in found if p.path] == [sample.name for sample in SAMPLES]
    assert [p.cell for p in found if p.subject == EMPTY] == ["rnn", "lstm", "gru"]
    assert {p.subject for p in found} <= set(subject_names())
    assert "other" not in {p.subject for p in found}, "name the subject of the new sample"


def test_the_pictures_show_the_documents_own_numbers() -> None:
    pattern = patterns()[0]
    look = look_of(pattern)
    trace = evaluate(pattern.document())
    assert look is not None
    assert trace is not None
    np.testing.assert_array_equal(look.hidden[0], trace.trace["layer0/forward/h"][:, 0])


def test_every_pattern_is_drawn(look: Theme) -> None:
    for pattern in patterns():
        for seen in (None, look_of(pattern)):
            image = QImage(CARD, QImage.Format.Format_RGB32)
            image.fill(0)
            with QPainter(image) as painter:
                draw_card(painter, image.rect().toRectF(), pattern, seen, look)
            colours = {image.pixel(x, y) for x in range(0, 236, 3) for y in range(0, 190, 3)}
            assert len(colours) > 8, pattern.title
        if pattern.path is not None:
            assert look_of(pattern) is not None, pattern.title


def test_the_search_finds_by_words(start: Start) -> None:
    gallery = Gallery(start().window.stage.sight.theme, start().window)
    everything = len(shown(gallery))
    search(gallery, "gru sentim")
    assert shown(gallery) == ["Sentiment, GRU"]
    search(gallery, "xyz")
    assert shown(gallery) == []
    search(gallery, "")
    assert len(shown(gallery)) == everything


def test_a_subject_shows_its_own(start: Start) -> None:
    window = start().window
    gallery = Gallery(window.stage.sight.theme, window)
    subjects = gallery.findChild(QListWidget, "subjects")
    assert subjects is not None
    subjects.setCurrentRow(subjects.count() - 1)
    assert shown(gallery) == ["New RNN", "New LSTM", "New GRU"]


def test_enter_opens_what_was_found(start: Start) -> None:
    program = start()

    def take(dialog: QDialog) -> None:
        search(dialog, "subject verb gru")
        press(dialog, Qt.Key.Key_Return)

    with person(take):
        press(program.window, Qt.Key.Key_N, CTRL)
    assert program.session.store.document.title == "Subject and verb, GRU"
    assert program.files.path is None
    assert program.session.store.is_clean


def test_a_double_click_opens_a_card(start: Start) -> None:
    program = start()

    def take(dialog: QDialog) -> None:
        items = cards(dialog)
        box = items.visualItemRect(items.item(1))
        for click in (QTest.mouseClick, QTest.mouseDClick):
            click(
                items.viewport(),
                Qt.MouseButton.LeftButton,
                Qt.KeyboardModifier.NoModifier,
                box.center(),
            )

    with person(take):
        program.window.run("new")
    assert program.session.store.document.title == SAMPLES[1].title


def test_the_arrows_choose_a_card(start: Start) -> None:
    program = start()

    def take(dialog: QDialog) -> None:
        field = dialog.findChild(QLineEdit)
        assert field is not None
        QTest.keyClick(field, Qt.Key.Key_Down)
        assert dialog.focusWidget() is cards(dialog)
        QTest.keyClick(cards(dialog), Qt.Key.Key_Right)
        QTest.keyClick(cards(dialog), Qt.Key.Key_Return)

    with person(take):
        program.window.run("new")
    assert program.session.store.document.title == SAMPLES[1].title


def test_unsaved_work_is_asked_for_and_can_stay(start: Start) -> None:
    program = start()
    program.session.apply(Rename("B"))
    before = program.session.store.document

    def take(dialog: QDialog) -> None:
        search(dialog, "New GRU")
        press(dialog, Qt.Key.Key_Return)

    with person(take, answer("cancel")):
        program.window.run("new")
    assert program.session.store.document is before
    with person(take, answer("discard")):
        program.window.run("new")
    assert program.session.store.document.network.layers[0].cell.name == "gru"
    assert program.session.store.is_clean


def test_nothing_happens_where_nothing_is_found(start: Start) -> None:
    program = start()
    before = program.session.store.document

    def look_and_leave(dialog: QDialog) -> None:
        search(dialog, "xyz")
        press(dialog, Qt.Key.Key_Return)
        assert dialog.isVisible()
        press(dialog, Qt.Key.Key_Escape)

    with person(look_and_leave):
        program.window.run("new")
    assert program.session.store.document is before


@pytest.mark.parametrize("size", [QSize(700, 480), QSize(1400, 900)])
def test_texts_are_not_cut(start: Start, size: QSize) -> None:
    window = start().window
    gallery = Gallery(window.stage.sight.theme, window)
    gallery.resize(size)
    gallery.show()
    for button in gallery.findChildren(QPushButton):
        if button.isVisible():
            text = button.fontMetrics().horizontalAdvance(button.text().replace("&", ""))
            assert text < button.width()
    gallery.close()
