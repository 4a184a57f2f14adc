"""A program that is told to end copies unsaved work and ends well, without a question."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from rnnviz.document.storage import load

ROOT = Path(__file__).parents[2]

CHILD = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from rnnviz.app import program
from rnnviz.app.preferences import Preferences
from rnnviz.document.edits import SetTitle
folder = Path(sys.argv[1])
program.local_folder = lambda *parts: folder.joinpath(*parts)
program.preferences = lambda: Preferences(folder / "rnnviz.ini")
made = program.Program.show
def show(self):
    made(self)
    self.session.apply(SetTitle("Not saved"))
    QTimer.singleShot(300, lambda: print("ready", flush=True))
program.Program.show = show
sys.exit(program.run())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_copies_unsaved_work_and_ends(number: signal.Signals, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        child.send_signal(number)
        _, said = child.communicate(timeout=20)
    assert child.returncode == 0, said
    assert b"Traceback" not in said
    (copy,) = (tmp_path / "autosave").glob("*.rnnviz")
    assert load(copy).title == "Not saved"
    assert not list(tmp_path.glob("fault-*.log"))
