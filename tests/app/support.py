"""What the tests of the command line share."""

import json
from typing import Any

import pytest

from rnnviz.app import cli

SENTENCE = "I am not happy"
Capture = pytest.CaptureFixture[str]


def output(capsys: Capture, *arguments: str) -> str:
    """What a command prints that succeeds."""
    code = cli.main(arguments)
    printed = capsys.readouterr()
    assert (code, printed.err) == (0, "")
    return printed.out


def traced(capsys: Capture, *arguments: str) -> Any:
    """What `rnnviz trace --json` prints."""
    return json.loads(output(capsys, "trace", *arguments, "--json"))
