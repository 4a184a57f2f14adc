"""Every command that the README shows runs and prints something."""

import io
import re
import shlex
import sys
from pathlib import Path

import pytest

from tests.app.support import Capture, output

README = Path(__file__).parent.parent.parent / "README.md"
SHOWN = re.findall(r"(?:^|\| `)rnnviz ([^`\n]+)", README.read_text("utf-8"), re.M)


def test_commands_are_found() -> None:
    assert len(SHOWN) >= 10
    assert {command.split()[0] for command in SHOWN} == {"trace", "check"}


@pytest.mark.parametrize("command", SHOWN)
def test_command_runs(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO("once upon a time"))
    typed, _, _ = command.partition(" < ")
    assert output(capsys, *shlex.split(typed))
