"""Saving: nothing that was not saved is lost without a question, and a failure says why."""

import errno
import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from rnnviz.app.files.desk import file_name
from rnnviz.app.preferences import Preferences
from rnnviz.document.storage import load, save
from rnnviz.session.trainer import Lesson, own_samples
from tests.app.documents.conftest import Start, banner
from tests.app.documents.support import answer, choose, click, person, press
from tests.panels.looking import sample
from tests.session.support import Inline, Manual, Rename, small

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_what_was_never_saved_asks_for_a_name(
    start: Start, tmp_path: Path, kept: Preferences
) -> None:
    program = start()
    program.session.apply(Rename("My network"))
    assert program.window.isWindowModified()
    path = tmp_path / "mine"
    with person(choose(path)):
        press(program.window, Qt.Key.Key_S, CTRL)
    written = path.with_suffix(".rnnviz")
    assert load(written) == program.session.store.document
    assert program.session.store.is_clean
    assert not program.window.isWindowModified()
    assert "mine.rnnviz" in program.window.windowTitle()
    assert "My network" in program.window.windowTitle()
    assert kept.recent == (written,)
    assert program.files.path == written


def test_what_has_a_file_is_saved_without_a_question(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "a.rnnviz"
    program = start(path=path)
    assert program.session.store.is_clean
    program.session.apply(Rename("B"))
    with person():
        press(program.window, Qt.Key.Key_S, CTRL)
    assert load(path).title == "B"
    assert program.session.store.is_clean
    assert sorted(p.name for p in tmp_path.glob("*.rnnviz*")) == ["a.rnnviz"]


def test_save_as_takes_another_file(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "a.rnnviz"
    program = start(path=path)
    program.session.apply(Rename("B"))
    with person(choose(tmp_path / "b.rnnviz")):
        press(program.window, Qt.Key.Key_S, CTRL, SHIFT)
    assert load(path).title == "A"
    assert load(tmp_path / "b.rnnviz").title == "B"
    assert program.files.path == tmp_path / "b.rnnviz"


def test_a_dialog_that_is_closed_saves_nothing(start: Start, tmp_path: Path) -> None:
    program = start()
    program.session.apply(Rename("B"))
    with person(lambda dialog: press(dialog, Qt.Key.Key_Escape)):
        press(program.window, Qt.Key.Key_S, CTRL)
    assert not program.session.store.is_clean
    assert not list(tmp_path.glob("*.rnnviz"))


def test_the_window_closes_at_once_where_all_is_saved(start: Start) -> None:
    program = start()
    with person():
        assert program.window.close()


def test_closing_asks_and_can_be_cancelled(start: Start) -> None:
    program = start()
    program.session.apply(Rename("B"))
    with person(answer("cancel", "“B” was changed")):
        assert not program.window.close()
    assert program.window.isVisible()
    assert not program.session.store.is_clean
    with person(lambda dialog: press(dialog, Qt.Key.Key_Escape)):
        assert not program.window.close()


def test_closing_can_discard(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "a.rnnviz"
    program = start(path=path)
    program.session.apply(Rename("B"))
    with person(answer("discard")):
        assert program.window.close()
    assert load(path).title == "A"
    assert not list((tmp_path / "local" / "autosave").glob("*.rnnviz"))


def test_closing_can_save(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "a.rnnviz"
    program = start(path=path)
    program.session.apply(Rename("B"))
    with person(answer("save")):
        assert program.window.close()
    assert load(path).title == "B"


def test_closing_stays_where_saving_fails(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    path = folder / "a.rnnviz"
    program = start(path=path)
    path.unlink()
    folder.rmdir()
    program.session.apply(Rename("B"))
    with person(answer("save")):
        assert not program.window.close()
    assert not program.session.store.is_clean
    assert program.session.store.document.title == "B"
    assert banner(program) == "Not saved. a.rnnviz: there is no such file"
    folder.mkdir()
    with person(answer("save")):
        assert program.window.close()
    assert load(path).title == "B"


def test_a_file_that_others_changed_is_not_replaced_unasked(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "a.rnnviz"
    program = start(path=path)
    program.session.apply(Rename("B"))
    save(small(title="Somebody else's"), path)
    with person(answer("cancel", "Another program has changed a.rnnviz")):
        press(program.window, Qt.Key.Key_S, CTRL)
    assert load(path).title == "Somebody else's"
    with person(answer("other"), choose(tmp_path / "b.rnnviz")):
        press(program.window, Qt.Key.Key_S, CTRL)
    assert load(path).title == "Somebody else's"
    assert load(tmp_path / "b.rnnviz").title == "B"


def test_what_is_replaced_is_kept_beside_it(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "a.rnnviz"
    program = start(path=path)
    program.session.apply(Rename("B"))
    save(small(title="Somebody else's"), path)
    with person(answer("replace")):
        press(program.window, Qt.Key.Key_S, CTRL)
    assert load(path).title == "B"
    backup = tmp_path / "a.rnnviz.bak"
    os.replace(backup, tmp_path / "c.rnnviz")
    assert load(tmp_path / "c.rnnviz").title == "Somebody else's"
    program.session.apply(Rename("C"))
    with person():
        press(program.window, Qt.Key.Key_S, CTRL)


def test_a_file_that_was_deleted_is_written_again(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "a.rnnviz"
    program = start(path=path)
    program.session.apply(Rename("B"))
    path.unlink()
    with person():
        press(program.window, Qt.Key.Key_S, CTRL)
    assert load(path).title == "B"


def test_revert_reads_the_file_again(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "a.rnnviz"
    program = start(path=path)
    program.session.apply(Rename("B"))
    with person(answer("cancel")):
        program.window.run("revert")
    assert program.session.store.document.title == "B"
    with person(click("revert")):
        program.window.run("revert")
    assert program.session.store.document.title == "A"
    assert program.session.store.is_clean


def test_a_full_disk_leaves_the_old_file_and_the_work(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.rnnviz"
    program = start(path=path)
    program.session.apply(Rename("B"))

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        press(program.window, Qt.Key.Key_S, CTRL)
    assert banner(program) == "Not saved. a.rnnviz: the disk is full"
    assert load(path).title == "A"
    assert not program.session.store.is_clean
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".tmp")] == []


def test_training_is_not_given_up_unasked(start: Start) -> None:
    slow = Manual()
    program = start(
        sample("not_happy"), executors=lambda name: slow if name == "training" else Inline()
    )
    document = program.session.store.document
    program.session.trainer.start(Lesson(document, own_samples(document), document.recipe))
    assert program.session.trainer.is_running
    with person(answer("cancel", "The network is being trained")):
        assert not program.window.close()
    assert program.session.trainer.is_running
    with person(answer("stop")):
        assert program.window.close()


def test_names_fit_every_system() -> None:
    assert file_name('a/b: "c"?', ".rnnviz", "untitled") == "ab c.rnnviz"
    assert file_name("", ".rnnviz", "untitled") == "untitled.rnnviz"
    assert file_name("con", ".py", "x") == "con_.py"
    assert file_name("学习 RNN", ".py", "x") == "学习 RNN.py"
    assert len(file_name("x" * 500, ".py", "y")) < 100
