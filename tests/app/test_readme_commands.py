"""Every command that the README shows runs and prints something."""

import io
import re
import shlex
import sys
from pathlib import Path

import pytest

from rnnviz.app.commands import COMMANDS
from tests.app.support import Capture, output

README = Path(__file__).parent.parent.parent / "README.md"
NAMES = "|".join(command.name for command in COMMANDS)
SHOWN = re.findall(rf"(?:^|\| `)rnnviz ((?:{NAMES}) ?[^`\n]*)", README.read_text("utf-8"), re.M)


def test_every_command_is_shown() -> None:
    assert {shown.split()[0] for shown in SHOWN} == {command.name for command in COMMANDS}


@pytest.mark.parametrize("command", SHOWN)
def test_command_runs(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO("once upon a time"))
    typed, _, _ = command.partition(" < ")
    assert output(capsys, *shlex.split(typed))
