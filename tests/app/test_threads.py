"""Matrices are multiplied by one thread, unless the user has said otherwise."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rnnviz.app.threads import SAID

ROOT = Path(__file__).parent.parent.parent
CODE = """
from rnnviz.app import cli
from rnnviz.app.threads import threads
before = threads()
cli.main(["--version"])
print(before, threads())
"""


def counts(said: dict[str, str]) -> str:
    env = {name: value for name, value in os.environ.items() if name not in SAID} | said
    command = [sys.executable, "-W", "error", "-c", CODE]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()[-1]


def test_one_thread() -> None:
    before, _, after = counts({}).partition("] ")
    if before == "[":
        pytest.skip("NumPy brought no OpenBLAS")
    assert after == "[1]"


@pytest.mark.parametrize("name", SAID)
def test_the_choice_of_the_user_stays(name: str) -> None:
    before, _, after = counts({name: "2"}).partition("] ")
    assert f"{before}]" == after
