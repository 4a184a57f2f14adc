"""Every command that the README shows runs and prints something."""

import io
import re
import shlex
import sys
from pathlib import Path

import pytest

from rnnviz.app.commands import COMMANDS
from tests.app import files
from tests.app.support import Capture, output
from tests.document import documents

README = Path(__file__).parent.parent.parent / "README.md"
PLACES = ("FILE", "MODEL", "PATH", "DATA")
"""What stands for a file of the reader's."""
NAMES = "|".join(command.name for command in COMMANDS)
SHOWN = re.findall(rf"(?:^|\| `)rnnviz ((?:{NAMES}) ?[^`\n]*)", README.read_text("utf-8"), re.M)

RUNS = [shown for shown in SHOWN if not set(shown.split()) & set(PLACES)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the commands read."""
    files.foreign(tmp_path / "model.safetensors")
    files.written(documents.document("lstm"), tmp_path / "mine.rnnviz")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_command_is_shown() -> None:
    assert {shown.split()[0] for shown in SHOWN} == {command.name for command in COMMANDS}
    assert {shown.split()[0] for shown in RUNS} == {command.name for command in COMMANDS}


@pytest.mark.parametrize("command", RUNS)
def test_command_runs(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, folder: Path, command: str
) -> None:
    if "import" in command:
        (folder / "mine.rnnviz").unlink()
    monkeypatch.setattr(sys, "stdin", io.StringIO("once upon a time"))
    typed, _, _ = command.partition(" < ")
    assert output(capsys, *shlex.split(typed))
