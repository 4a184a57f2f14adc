"""Opening: documents, models and data; what cannot be read leaves everything as it was."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QLineEdit,
    QListWidget,
    QMenu,
    QPushButton,
)
from pytestqt.qtbot import QtBot
from safetensors.numpy import save_file

from rnnviz.app.files.banner import Banner
from rnnviz.app.files.dropping import dropped
from rnnviz.app.files.importing import ImportDialog
from rnnviz.app.files.telling import FaultDialog
from rnnviz.app.preferences import Preferences
from rnnviz.app.program import Program
from rnnviz.document.conversion import model_of
from rnnviz.document.interchange.doors import read_model
from rnnviz.document.resources import resource
from rnnviz.document.storage import load, save
from rnnviz.session.runner import Executor
from tests.app.documents.conftest import Start, banner
from tests.app.documents.support import answer, choose, click, part, person, press, said
from tests.session.support import Inline, Manual, Rename, small

CTRL = Qt.KeyboardModifier.ControlModifier


def two_models(path: Path) -> Path:
    """A file as PyTorch writes it, with a vanilla cell and an LSTM in it."""
    rng = np.random.default_rng(0)

    def values(*shape: int) -> np.ndarray:
        return rng.normal(size=shape).astype(np.float32)

    tensors = {
        "reader.weight_ih_l0": values(32, 3),
        "reader.weight_hh_l0": values(32, 8),
        "writer.weight_ih_l0": values(12, 3),
        "writer.weight_hh_l0": values(12, 12),
        "out.weight": values(2, 8),
        "out.bias": values(2),
    }
    save_file(tensors, str(path))
    return path


def test_a_document_is_opened(start: Start, tmp_path: Path, kept: Preferences) -> None:
    path = tmp_path / "b.rnnviz"
    save(small(title="Another"), path)
    program = start()
    with person(choose(path)):
        press(program.window, Qt.Key.Key_O, CTRL)
    assert program.session.store.document == load(path)
    assert program.files.path == path
    assert kept.recent == (path,)
    assert program.session.store.is_clean
    assert "Another" in program.window.windowTitle()


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.rnnviz", b"", "it is not a document of rnnviz"),
        ("a.rnnviz", b"PK\x03\x04 nothing", "it is not a document of rnnviz"),
        ("a.onnx", b"\x00" * 40, ""),
        ("a.bin", b"\x80\x04.", ""),
        ("a.csv", b"\xff\xfe\x00", ""),
        ("a.txt", b"", ""),
    ],
)
def test_what_cannot_be_read_changes_nothing(
    name: str, data: bytes, why: str, start: Start, tmp_path: Path, kept: Preferences
) -> None:
    program = start()
    program.session.apply(Rename("B"))
    before = program.session.store.document
    path = tmp_path / name
    path.write_bytes(data)
    with person():
        program.files.open_path(path)
    assert program.session.store.document is before
    assert not program.session.store.is_clean
    assert program.session.store.undo_text
    assert banner(program).startswith(name)
    assert why in banner(program)
    assert ("\n" in banner(program)) == (name == "a.bin")  # its two lines of Python
    assert kept.recent == ()


def test_a_missing_file_is_said_and_forgotten(
    start: Start, tmp_path: Path, kept: Preferences
) -> None:
    program = start()
    there, gone = tmp_path / "there.rnnviz", tmp_path / "gone & away.rnnviz"
    save(small(title="There"), there)
    kept.add_recent(there)
    kept.add_recent(gone)
    menu = QMenu(program.window)
    program.files.fills()["open_recent"](menu)
    texts = [action.text() for action in menu.actions()]
    assert texts[0].startswith("gone && away.rnnviz")
    menu.actions()[0].trigger()
    assert banner(program) == "gone & away.rnnviz: there is no such file"
    assert list(kept.recent) == [there]
    menu.actions()[1].trigger()
    assert program.session.store.document.title == "There"
    menu.actions()[-1].trigger()
    assert list(kept.recent) == []


def test_opening_asks_for_unsaved_work(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "b.rnnviz"
    save(small(title="Another"), path)
    program = start()
    program.session.apply(Rename("B"))
    before = program.session.store.document
    with person(answer("cancel")):
        program.files.open_path(path)
    assert program.session.store.document is before
    with person(answer("discard")):
        program.files.open_path(path)
    assert program.session.store.document.title == "Another"


def test_a_model_of_several_is_chosen(start: Start, tmp_path: Path) -> None:
    program = start()
    path = two_models(tmp_path / "two.safetensors")
    names = [found.name for found in read_model(path)]

    def take(dialog: QDialog) -> None:
        assert isinstance(dialog, ImportDialog)
        assert "two.safetensors holds 2 models" in said(dialog)
        (items,) = dialog.findChildren(QListWidget)
        items.setCurrentRow(names.index("reader"))
        assert not part(dialog, QCheckBox).isVisible()
        items.setCurrentRow(names.index("writer"))
        assert part(dialog, QCheckBox).isVisible()
        part(dialog, QCheckBox).setChecked(True)
        click("primary")(dialog)

    with person(take):
        program.files.open_path(path)
    document = program.session.store.document
    assert [layer.cell.name for layer in document.network.layers] == ["rnn_relu"]
    assert document.source == "two.safetensors"
    assert program.files.path is None
    assert not program.session.store.is_clean, "an imported model is nowhere saved"


def test_a_wrong_choice_is_said_in_the_dialog(start: Start, tmp_path: Path) -> None:
    program = start()
    before = program.session.store.document
    path = two_models(tmp_path / "two.safetensors")

    def take(dialog: QDialog) -> None:
        fields = {field.accessibleName(): field for field in dialog.findChildren(QLineEdit)}
        fields["Outputs"].setText("a, b, c, d, e")
        click("primary")(dialog)
        assert dialog.isVisible()
        assert "labels: 5 came" in said(dialog)
        assert fields["Outputs"].property("wrong") == "true"
        fields["Outputs"].clear()
        fields["Vocabulary"].setText(str(tmp_path / "none.txt"))
        click("primary")(dialog)
        assert "none.txt: no such file" in said(dialog)
        press(dialog, Qt.Key.Key_Escape)

    with person(take):
        program.files.open_path(path)
    assert program.session.store.document is before


def test_data_become_a_network_that_has_learned_nothing(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "moods.tsv"
    rows = ["text\tlabel", *(f"I am {w}\t{'good' if w < 'm' else 'bad'}" for w in "abcdefnopqrst")]
    path.write_text("\n".join(rows), "utf-8")
    program = start()
    program.files.open_path(path)
    document = program.session.store.document
    assert banner(program) == ""
    assert document.history is None
    assert document.score is None
    assert document.source == "moods.tsv"
    assert "learned nothing" in document.notes


@pytest.mark.parametrize("name", ["pytorch", "keras", "onnx", "safetensors", "npz", "csv"])
def test_the_network_is_exported(name: str, start: Start, tmp_path: Path) -> None:
    program = start()
    with person(choose(tmp_path / "out")):
        program.window.run(f"export_{name}")
    written = sorted(p.name for p in tmp_path.glob("out*"))
    assert written
    assert banner(program) == ""
    for file in tmp_path.glob("out.safetensors"):
        assert read_model(file)[0].exact is not None or read_model(file)[0].layers
    assert model_of(program.session.store.document).title == "A"


def test_weights_beside_code_are_not_replaced_unasked(start: Start, tmp_path: Path) -> None:
    program = start()
    beside = tmp_path / "out.safetensors"
    beside.write_bytes(b"precious")
    with person(choose(tmp_path / "out.py"), answer("cancel", "out.safetensors")):
        program.window.run("export_pytorch")
    assert beside.read_bytes() == b"precious"
    assert not (tmp_path / "out.py").exists()


def mime(*urls: str, text: str = "") -> QMimeData:
    data = QMimeData()
    if urls:
        data.setUrls([QUrl(url) for url in urls])
    if text:
        data.setText(text)
    return data


def drag(program: Program, data: QMimeData, drop: bool = True) -> str:
    """Drag something over the window; what is said before it is dropped."""
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    event = QDragEnterEvent(QPoint(300, 300), copy, data, left, none)
    QApplication.sendEvent(program.window, event)
    assert event.isAccepted()
    words = said(program.window)
    if drop:
        there = QPointF(300, 300)
        QApplication.sendEvent(program.window, QDropEvent(there, copy, data, left, none))
    return words


def test_a_dropped_document_is_opened(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "dropped.rnnviz"
    save(small(title="Dropped"), path)
    program = start()
    words = drag(program, mime(QUrl.fromLocalFile(str(path)).toString()))
    assert "Open dropped.rnnviz" in words
    assert program.session.store.document.title == "Dropped"
    assert "Open dropped.rnnviz" not in said(program.window)


def test_of_many_files_the_first_is_taken(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "first.rnnviz"
    save(small(title="First"), path)
    urls = [QUrl.fromLocalFile(str(p)).toString() for p in [path, *[tmp_path / "x.csv"] * 999]]
    program = start()
    assert "only the first of 1,000 files" in drag(program, mime(*urls))
    assert program.session.store.document.title == "First"


def test_an_address_is_refused_in_a_sentence(start: Start) -> None:
    program = start()
    before = program.session.store.document
    drag(program, mime("https://example.org/a.rnnviz"))
    assert program.session.store.document is before
    assert banner(program) == "Only files on this computer can be opened."


def test_a_dropped_text_is_read(start: Start) -> None:
    program = start()
    drag(program, mime(text="I am very happy"))
    assert program.session.store.document.sequence == ("I", "am", "very", "happy")
    assert program.session.undo()


def test_what_a_drop_would_do_is_said_without_reading(tmp_path: Path) -> None:
    def says(*urls: str, text: str = "") -> str:
        return dropped(mime(*urls, text=text)).says

    assert "Import the model in m.onnx" in says("file:///m.onnx")
    assert "data in d.csv" in says("file:///d.csv")
    assert "is a folder" in says(QUrl.fromLocalFile(str(tmp_path)).toString())
    assert "too long" in says(text="x" * 200_000)
    assert "nothing" in says(text="   ")
    assert "\u202e" not in says("file:///a\u202eb.rnnviz")


class Slow:
    """Reads files only when a test says so."""

    def __init__(self) -> None:
        self.manual = Manual()

    def __call__(self, name: str) -> Executor:
        return self.manual if name == "opening" else Inline()


def test_a_long_reading_is_shown_and_can_be_cancelled(
    start: Start, tmp_path: Path, qtbot: QtBot
) -> None:
    slow = Slow()
    path = tmp_path / "b.rnnviz"
    save(small(title="Another"), path)
    program = start(executors=slow)
    program.files.open_path(path)
    assert banner(program) == "", "what is quick is not announced"
    qtbot.waitUntil(lambda: banner(program) == "b.rnnviz\N{HORIZONTAL ELLIPSIS}")
    over = part(program.window, Banner)
    (cancel,) = over.findChildren(QPushButton)
    qtbot.waitUntil(cancel.isVisible)
    QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
    assert banner(program) == ""
    slow.manual.run()
    assert program.session.store.document.title == "A"
    program.files.open_path(path)
    slow.manual.run()
    assert program.session.store.document.title == "Another"
    assert banner(program) == ""


def test_what_is_changed_while_a_file_is_read_is_asked_for(start: Start, tmp_path: Path) -> None:
    slow = Slow()
    path = tmp_path / "b.rnnviz"
    save(small(title="Another"), path)
    program = start(executors=slow)
    program.files.open_path(path)
    program.session.apply(Rename("Meanwhile"))
    with person(answer("cancel", "Meanwhile")):
        slow.manual.run()
    assert program.session.store.document.title == "Meanwhile"


def test_a_fault_while_reading_is_told_and_changes_nothing(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: Path) -> None:
        raise RuntimeError("nobody expected this")

    monkeypatch.setattr("rnnviz.app.files.opening.read_file", broken)
    program = start()
    program.files.open_path(tmp_path / "x.rnnviz")
    assert "the program has a fault" in banner(program)
    (dialog,) = program.window.findChildren(FaultDialog)
    assert dialog.isVisible()
    dialog.close()
    assert program.session.store.document.title == "A"


def test_a_sample_opened_by_its_file_is_a_pattern(start: Start, kept: Preferences) -> None:
    program = start()
    program.files.open_path(resource("samples", "not_happy.rnnviz"))
    assert program.session.store.document.title == "I am not happy"
    assert program.files.keeping.path is None
    assert kept.recent == ()
