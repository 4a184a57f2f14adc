"""The command line as a whole: its help, its errors, and streams of every condition."""

import io
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import rnnviz
from rnnviz.app import cli
from rnnviz.app.commands import COMMANDS, check
from rnnviz.app.screen import Screen
from tests.app.support import Capture, output

ROOT = Path(__file__).parent.parent.parent


def test_help_and_version(capsys: Capture) -> None:
    assert output(capsys, "--version") == f"rnnviz {rnnviz.__version__}\n"
    whole = output(capsys, "--help")
    assert "the window opens" in whole
    for command in COMMANDS:
        assert command.name in whole
        assert f"usage: rnnviz {command.name}" in output(capsys, command.name, "--help")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("trace", r"required: TEXT\|FILE"),
        ("tracing", "'tracing'.*'trace'.*'check'"),
        ("trace| ", "no token"),
        ("trace|a|--cell|elman", "'elman'.*lstm"),
        ("trace|a|--hidden|0", "--hidden: '0' came.*from 1"),
        ("trace|a|--hidden|many", "--hidden: 'many' came"),
        ("trace|a|--hidden|99999", "weights.*at most"),
        ("trace|a|--hidden|9|--layers|101", "--layers: '101'.*to 100"),
        ("trace|a|--seed|-1", "--seed"),
        ("trace|a|--unit|6", "unit: 6 came, the units are 0 to 5"),
        ("trace|a|--unit|3-1", "--unit: '3-1'"),
        ("trace|a|--unit|0-99999999999", "unit: 99999999999"),
        ("trace|a|--classes|x", "classes"),
        ("trace|a|--classes|x,x", "different names"),
        ("trace|a|--target|good", "'good'.*neg, neu, pos"),
        ("trace|a b|--target|neg,pos", "2 classes.*every"),
        ("trace|a b|--loss|every|--target|neg,pos,neg", "3 classes"),
        ("trace|a|--loss|first", "--loss.*'first'"),
        ("trace|a|--hold|f", "--hold: 'f' came"),
        ("trace|a|--hold|f:0=much", "'much'.*finite number"),
        ("trace|a|--hold|f:1=0", "step:? 1 came"),
        ("trace|a|--hold|f:0,6=0", "unit:? 6 came"),
        ("trace|a|--hold|layer1/forward/f:0=0", "'layer1/forward/f' is not known"),
        ("trace|a|--hid|3", "--hid"),
        ("check|--cell|elman", "'elman'"),
        ("check|--hidden|9999", "too much"),
    ],
)
def test_a_mistake_is_one_sentence(capsys: Capture, arguments: str, words: str) -> None:
    assert cli.main(arguments.split("|")) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.fullmatch(r"rnnviz: [^\n]+\n", printed.err)
    assert re.search(words, printed.err)


@pytest.mark.parametrize("place", [".", "missing/out.npz"])
def test_a_file_that_cannot_be_written_is_named(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["trace", "a", "--npz", place]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.fullmatch(rf"rnnviz: [^\n]*{re.escape(Path(place).name)}[^\n]*\n", printed.err)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (KeyboardInterrupt(), 130, ""),
        (BrokenPipeError(), 141, ""),
        (MemoryError(), 2, "rnnviz: there is not enough memory for a network of that size\n"),
    ],
)
def test_what_ends_a_command_from_outside(
    capsys: Capture,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    code: int,
    words: str,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(check, "check_gradients", fail)
    monkeypatch.setattr(check, "check_cell", fail)
    assert cli.main(["check"]) == code
    assert capsys.readouterr() == ("", words)


# ---------------------------------------------------------------------- streams of every condition


def test_a_stream_without_the_characters_gets_others() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii", newline="\n")
    screen = Screen(stream)
    screen.table([["σ", "−1.5"], ["高", "∞"]], "<>")
    screen.flush()
    assert stream.buffer.getvalue() == b"sigma  -1.5\n?       inf\n"


def test_no_stream_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert cli.main(["trace", "a"]) == 0
    monkeypatch.setattr(sys, "stderr", None)
    assert cli.main(["trace", ""]) == 2
    monkeypatch.setattr(sys, "stdin", None)
    assert cli.main(["trace", "-"]) == 2


def started(*arguments: str, **settings: Any) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-W", "error", "-m", "rnnviz", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": ROOT}
    return subprocess.Popen(command, **{**pipes, **settings})


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_the_program_prints_in_the_encoding_of_its_stdout(encoding: str) -> None:
    env = {**os.environ, "PYTHONIOENCODING": encoding}
    out, err = started("trace", "我 不 happy", "--hidden", "2", env=env).communicate()
    assert err == b""
    text = out.decode(encoding)
    assert ("我" if encoding == "utf-8" else "?") in text
    json_out, _ = started("trace", "我", "--json", env=env).communicate()
    assert json.loads(json_out.decode(encoding))["tokens"] == ["我"]


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break otherwise there")
def test_a_broken_pipe_is_quiet() -> None:
    text = " ".join(["word"] * 2000)
    with started("trace", text) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"LSTM")
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a full device")
def test_a_full_disk_is_one_sentence() -> None:
    with Path("/dev/full").open("wb") as full, started("trace", "a", stdout=full) as process:
        assert process.stderr is not None
        assert process.stderr.read() == b"rnnviz: No space left on device\n"
    assert process.returncode == 2


@pytest.mark.skipif(sys.platform == "win32", reason="signals are others there")
def test_ctrl_c_is_quiet() -> None:
    with started("trace", "-", stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(b"waiting ")
        process.stdin.flush()
        _wait_until_reading(process)
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b""
    assert process.returncode == 130


def _wait_until_reading(process: "subprocess.Popen[bytes]") -> None:
    """Until it has taken what the pipe holds, it may still be importing."""
    import fcntl
    import struct
    import termios
    import time

    assert process.stdin is not None
    while struct.unpack("i", fcntl.ioctl(process.stdin, termios.FIONREAD, b"\0" * 4))[0]:
        time.sleep(0.01)
