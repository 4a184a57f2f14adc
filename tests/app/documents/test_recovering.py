"""Recovery: what was not saved when a program was killed is offered at the next start."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QListWidget, QPushButton

from rnnviz.app.files.recovering import RecoveryDialog
from rnnviz.document.storage import load, save
from rnnviz.session.recovery import RecoveryFile, recoveries
from tests.app.documents.conftest import Start, banner
from tests.app.documents.support import answer, click, person, press
from tests.session.support import Rename, small

CHILD = """
import sys
from pathlib import Path
from rnnviz.app.window.lab import application
application()
from rnnviz.app.preferences import Preferences
from rnnviz.app.program import Program
from rnnviz.document.edits import SetTitle
from rnnviz.document.storage import load
folder = Path(sys.argv[1])
path = folder / "a.rnnviz"
program = Program(load(path), path, Preferences(folder / "child.ini"), folder / "local")
program.show()
program.session.apply(SetTitle("Not saved"))
program.session.autosave.save_now()
print("ready", flush=True)
sys.stdin.read()
"""


def leave(tmp_path: Path, *titles: str) -> Path:
    """What programs left behind that ended badly."""
    folder = tmp_path / "local" / "autosave"
    for title in titles:
        file = RecoveryFile(folder, save)
        file.write(small(title=title), None)
        file._lock.unlock()  # type: ignore[union-attr]
    return folder


def kill_a_program(tmp_path: Path) -> Path:
    path = tmp_path / "a.rnnviz"
    save(small(title="Saved"), path)
    command = [sys.executable, "-c", CHILD, str(tmp_path)]
    root = Path(__file__).parents[3]
    environment = os.environ | {"PYTHONPATH": str(root)}
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=root,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        child.send_signal(signal.SIGKILL)
    return path


def test_what_a_killed_program_left_is_opened(start: Start, tmp_path: Path) -> None:
    path = kill_a_program(tmp_path)
    program = start()

    def take(dialog: QDialog) -> None:
        assert isinstance(dialog, RecoveryDialog)
        (items,) = dialog.findChildren(QListWidget)
        assert items.count() == 1
        assert "Not saved" in items.item(0).text()
        assert str(path) in items.item(0).text()
        click("primary")(dialog)

    with person(take):
        program.offer_what_was_left()
    assert program.session.store.document.title == "Not saved"
    assert not program.session.store.is_clean
    assert program.files.path == path
    assert load(path).title == "Saved"
    # Its own copy takes the place of the one that was found, which was never missing.
    folder = tmp_path / "local" / "autosave"
    assert [load(p).title for p in folder.glob("*.rnnviz")] == ["Not saved"]
    with person():
        press(program.window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert load(path).title == "Not saved"
    assert not list(folder.glob("*.rnnviz"))


def test_a_file_that_changed_since_is_not_replaced_unasked(start: Start, tmp_path: Path) -> None:
    path = kill_a_program(tmp_path)
    save(small(title="Saved later"), path)
    program = start()
    with person(click("primary")):
        program.offer_what_was_left()
    with person(answer("cancel", "Another program")):
        press(program.window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert load(path).title == "Saved later"


def test_what_is_kept_is_offered_again(start: Start, tmp_path: Path) -> None:
    folder = leave(tmp_path, "One", "Two")
    program = start()
    with person(lambda dialog: press(dialog, Qt.Key.Key_Escape)):
        program.offer_what_was_left()
    assert program.session.store.document.title == "A"
    assert len(recoveries(folder, load)) == 2


def test_what_is_discarded_is_gone_after_a_question(start: Start, tmp_path: Path) -> None:
    folder = leave(tmp_path, "One")
    program = start()

    def discard(dialog: QDialog) -> None:
        found = next(b for b in dialog.findChildren(QPushButton) if "Discard" in b.text())
        QTest.mouseClick(found, Qt.MouseButton.LeftButton)

    def leave_it(dialog: QDialog) -> None:
        press(dialog, Qt.Key.Key_Escape)

    with person(discard, answer("cancel", "“One” is then gone"), leave_it):
        program.offer_what_was_left()
    assert len(recoveries(folder, load)) == 1
    with person(discard, answer("discard")):
        program.offer_what_was_left()
    assert recoveries(folder, load) == ()


def test_nothing_is_offered_where_nothing_was_left(start: Start) -> None:
    program = start()
    with person():
        program.offer_what_was_left()
    assert banner(program) == ""


def test_what_cannot_be_read_is_kept_aside(start: Start, tmp_path: Path) -> None:
    folder = leave(tmp_path, "One")
    (file,) = folder.glob("*.rnnviz")
    file.write_bytes(b"spoilt")
    program = start()
    with person():
        program.offer_what_was_left()
    assert len(list(folder.glob("*.corrupt-*"))) == 1


def test_unsaved_work_that_is_open_is_not_lost_for_it(start: Start, tmp_path: Path) -> None:
    folder = leave(tmp_path, "One")
    program = start()
    program.session.apply(Rename("B"))
    with person(click("primary"), answer("cancel")):
        program.offer_what_was_left()
    assert program.session.store.document.title == "B"
    assert len(recoveries(folder, load)) == 1
