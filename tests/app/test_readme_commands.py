"""Every command that the README shows runs and prints something."""

import io
import re
import shlex
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rnnviz.app.commands import COMMANDS, training
from rnnviz.document.samples import SAMPLES
from rnnviz.document.samples.sample import Sample, Task
from tests.app import files
from tests.app.support import Capture, output
from tests.document import documents

README = Path(__file__).parent.parent.parent / "README.md"
PLACES = ("FILE", "MODEL", "PATH", "DATA")
"""What stands for a file of the reader's."""
NAMES = "|".join(command.name for command in COMMANDS)
SHOWN = re.findall(rf"(?:^|\| `)rnnviz ((?:{NAMES}) ?[^`\n]*)", README.read_text("utf-8"), re.M)

RUNS = [shown for shown in SHOWN if not set(shown.split()) & set(PLACES)]


def quick(sample: Sample) -> Sample:
    """The sample, trained for one epoch only."""

    def make() -> Task:
        task = sample.make()
        return replace(task, recipe=replace(task.recipe, epochs=1))

    return replace(sample, make=make)


QUICK = {sample.name: quick(sample) for sample in SAMPLES}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the commands read."""
    files.foreign(tmp_path / "model.safetensors")
    files.written(documents.document("lstm"), tmp_path / "mine.rnnviz")
    files.own_data(tmp_path)
    np.save(tmp_path / "x.npy", np.zeros((5, 3)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_command_is_shown() -> None:
    assert {shown.split()[0] for shown in SHOWN} == {command.name for command in COMMANDS}
    assert {shown.split()[0] for shown in RUNS} == {command.name for command in COMMANDS}


@pytest.mark.parametrize("command", RUNS)
def test_command_runs(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, folder: Path, command: str
) -> None:
    if command.startswith(("import", "train")):
        (folder / "mine.rnnviz").unlink()
    monkeypatch.setattr(sys, "stdin", io.StringIO("once upon a time"))
    typed, _, _ = command.partition(" < ")
    if typed.startswith("train not_happy"):
        monkeypatch.setattr(training, "find", lambda name: QUICK[name])
    assert output(capsys, *shlex.split(typed))
