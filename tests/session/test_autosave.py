"""Autosave: unsaved work is copied, found again after a crash, and gone when it is saved."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer

from rnnviz.document.document import Document
from rnnviz.document.storage import load as load_document
from rnnviz.document.storage import save as save_document
from rnnviz.engine.errors import EngineError
from rnnviz.session.autosave import EVERY_MS, Autosave
from rnnviz.session.recovery import RecoveryFile, recoveries
from rnnviz.session.runner import Runner
from rnnviz.session.session import Session
from rnnviz.session.store import DocumentStore
from tests.session.support import Heard, Inline, Manual, Rename, small


def save(document: Document, path: Path) -> None:
    path.write_text(document.title, "utf-8")


def load(path: Path) -> Document:
    title = path.read_text("utf-8")
    if title == "spoilt":
        raise EngineError("document: it is spoilt")
    return small(title=title)


@pytest.fixture
def store() -> DocumentStore:
    return DocumentStore(small())


@pytest.fixture
def file(tmp_path: Path) -> RecoveryFile:
    return RecoveryFile(tmp_path / "new" / "autosave", save)


@pytest.fixture
def autosave(store: DocumentStore, file: RecoveryFile) -> Autosave:
    return Autosave(store, file, Runner("saving", Inline()))


def titles(file: RecoveryFile) -> list[str]:
    folder = file.path.parent
    return [p.read_text("utf-8") for p in folder.glob("*.rnnviz")] if folder.is_dir() else []


def tick(autosave: Autosave) -> None:
    (timer,) = autosave.findChildren(QTimer)
    assert timer.isActive()
    assert timer.interval() == EVERY_MS == 5_000
    timer.timeout.emit()


def test_only_unsaved_work_is_copied(
    store: DocumentStore, autosave: Autosave, file: RecoveryFile
) -> None:
    tick(autosave)
    assert titles(file) == []
    store.apply(Rename("B"))
    tick(autosave)
    assert titles(file) == ["B"]
    store.mark_saved()
    assert titles(file) == []
    store.apply(Rename("C"))
    autosave.follow_focus(Qt.ApplicationState.ApplicationActive)
    assert titles(file) == []
    autosave.follow_focus(Qt.ApplicationState.ApplicationInactive)
    assert titles(file) == ["C"]
    store.undo()
    assert titles(file) == []


def test_what_has_not_changed_is_not_copied_again(
    store: DocumentStore, autosave: Autosave, file: RecoveryFile
) -> None:
    store.apply(Rename("B"))
    autosave.save()
    file.path.write_text("left alone")
    autosave.save()
    assert titles(file) == ["left alone"]
    autosave.set_original(Path("x.rnnviz"))
    autosave.save()
    assert titles(file) == ["B"]


def test_a_copy_that_is_ready_too_late_goes(store: DocumentStore, file: RecoveryFile) -> None:
    manual = Manual()
    autosave = Autosave(store, file, Runner("saving", manual))
    store.apply(Rename("B"))
    autosave.save()
    autosave.save()
    assert len(manual.jobs) == 1
    store.mark_saved()
    manual.run()
    assert titles(file) == []


@pytest.mark.parametrize("fault", [OSError("the disk is full"), EngineError("no"), ValueError("x")])
def test_a_copy_that_cannot_be_written_is_told_and_tried_again(
    store: DocumentStore, tmp_path: Path, fault: Exception
) -> None:
    faults: list[Exception] = [fault]

    def unsure(document: Document, path: Path) -> None:
        if faults:
            raise faults.pop()
        save(document, path)

    file = RecoveryFile(tmp_path, unsure)
    autosave = Autosave(store, file, Runner("saving", Inline()))
    failed = Heard(autosave.failed)
    store.apply(Rename("B"))
    autosave.save()
    ((sentence,),) = failed
    assert str(fault) in sentence
    autosave.save()
    assert titles(file) == ["B"]
    autosave.finish()


def test_after_an_exception_the_copy_is_written_at_once(
    store: DocumentStore, autosave: Autosave, file: RecoveryFile
) -> None:
    autosave.save_now()
    assert titles(file) == []
    store.apply(Rename("B"))
    autosave.save_now()
    assert titles(file) == ["B"]
    autosave.finish()
    assert list(file.path.parent.iterdir()) == []
    assert not autosave.findChildren(QTimer)[0].isActive()


CRASH = """
import os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from rnnviz.session.recovery import RecoveryFile
from tests.session.support import small
from tests.session.test_autosave import save
application = QCoreApplication([])
file = RecoveryFile(Path(sys.argv[1]), save)
file.write(small(title=sys.argv[2]), Path(sys.argv[3]))
os.kill(os.getpid(), 9)
"""


def crash(folder: Path, title: str, original: Path) -> None:
    command = [sys.executable, "-c", CRASH, str(folder), title, str(original)]
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == -9, done.stderr


def test_what_a_killed_program_left_is_found(tmp_path: Path) -> None:
    crash(tmp_path, "K", tmp_path / "lesson 1.rnnviz.d")
    (found,) = recoveries(tmp_path, load)
    assert found.document.title == "K"
    assert found.original == tmp_path / "lesson 1.rnnviz.d"
    assert found.saved_at.timestamp() == pytest.approx(found.path.stat().st_mtime)
    assert len(recoveries(tmp_path, load)) == 1
    found.discard()
    assert recoveries(tmp_path, load) == ()
    assert list(tmp_path.iterdir()) == []


def test_the_file_of_a_program_that_runs_is_left_alone(file: RecoveryFile) -> None:
    file.write(small(title="B"), None)
    assert recoveries(file.path.parent, load) == ()
    file.remove()
    file.remove()
    assert recoveries(file.path.parent, load) == ()


def test_what_cannot_be_read_is_kept_aside(tmp_path: Path) -> None:
    for name, text in (("a", "spoilt"), ("b", "fine")):
        (tmp_path / f"{name}.rnnviz").write_text(text)
    (tmp_path / "a.json").write_text("{}")
    (found,) = recoveries(tmp_path, load)
    assert found.document.title == "fine"
    assert found.original is None
    (aside,) = (p for p in tmp_path.iterdir() if ".corrupt-" in p.name)
    assert aside.name.startswith("a.rnnviz.corrupt-")
    assert aside.read_text() == "spoilt"
    assert not (tmp_path / "a.json").exists()


@pytest.mark.parametrize(
    "note", ["", "[]", "{", '{"original": 3}', '{"original": ""}', "[" * 100_000, "\x00"]
)
def test_a_note_that_is_spoilt_does_not_lose_the_document(tmp_path: Path, note: str) -> None:
    (tmp_path / "a.rnnviz").write_text("fine")
    (tmp_path / "a.json").write_text(note)
    (found,) = recoveries(tmp_path, load)
    assert (found.document.title, found.original) == ("fine", None)


def test_recoveries_come_newest_first_and_need_no_folder(tmp_path: Path) -> None:
    for age, name in enumerate("abc"):
        path = tmp_path / f"{name}.rnnviz"
        path.write_text(name)
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    assert [r.document.title for r in recoveries(tmp_path, load)] == ["a", "b", "c"]
    assert recoveries(tmp_path / "nowhere", load) == ()


def test_a_session_knows_the_file_it_belongs_to(tmp_path: Path) -> None:
    file = RecoveryFile(tmp_path, save)
    session = Session(small(), file, lambda _: Inline())
    assert session.autosave is not None

    def original() -> object:
        return json.loads(file.path.with_suffix(".json").read_text())["original"]

    session.apply(Rename("B"))
    session.autosave.save()
    assert original() is None
    session.mark_saved(tmp_path / "b.rnnviz.d")
    assert titles(file) == []
    session.apply(Rename("C"))
    session.autosave.save()
    assert original() == str(tmp_path / "b.rnnviz.d")
    session.open(small(title="D"), tmp_path / "d", saved=False)
    session.autosave.save()
    assert (titles(file), original()) == (["D"], str(tmp_path / "d"))
    session.close()
    assert list(tmp_path.iterdir()) == []


def test_documents_themselves_are_recovered(tmp_path: Path) -> None:
    file = RecoveryFile(tmp_path, save_document)
    session = Session(small(), file, lambda _: Inline())
    session.apply(Rename("B"))
    assert session.autosave is not None
    session.autosave.save()
    (tmp_path / "left.rnnviz").write_bytes(file.path.read_bytes())
    (tmp_path / "spoilt.rnnviz").write_bytes(file.path.read_bytes()[:100])
    (found,) = recoveries(tmp_path, load_document)
    assert found.document == session.store.document
    assert found.document is not session.store.document
    assert len([p for p in tmp_path.iterdir() if ".corrupt-" in p.name]) == 1
    session.close()
