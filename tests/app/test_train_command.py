"""`rnnviz train`: from a name or a file to a document, followed, and stopped by Ctrl-C."""

import io
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rnnviz.app import cli
from rnnviz.app.commands import training
from rnnviz.app.commands.progress import followed
from rnnviz.app.screen import Screen
from rnnviz.document import memory
from rnnviz.document.samples import find, train_sample
from rnnviz.document.storage import load
from rnnviz.engine.snapshots import Progress
from tests.app import files
from tests.app.support import Capture, output
from tests.app.test_cli import started

SMALL = ["--hidden", "4", "--embedding", "3", "--epochs", "3"]


def test_a_file_is_learned(capsys: Capture, tmp_path: Path) -> None:
    data = files.labelled(tmp_path / "mine.tsv")
    target = tmp_path / "mine.rnnviz"
    told = output(capsys, "train", str(data), "-o", str(target), *SMALL, "--cell", "gru")
    assert "GRU of 4 units" in told
    assert "45 to learn from, 6 to find the best moment, 9 for the end" in told
    assert [x for x in told.splitlines() if x.startswith("epoch")][-1].startswith("epoch 3 of 3")
    assert "Score: accuracy" in told
    document = load(target)
    assert document.title == "mine"
    assert document.labels == ("neg", "pos")
    assert document.score is not None
    assert f"{document.score.value:.3f}" in told
    assert document.recipe.epochs == 3


def test_a_set_of_the_catalogue_is_learned(capsys: Capture, tmp_path: Path) -> None:
    target = tmp_path / "m.rnnviz"
    options = ["--hidden", "3", "--epochs", "1", "--window", "10"]
    output(capsys, "train", "data:sunspots", "-o", str(target), *options)
    assert load(target).steps == 10


def test_pairs_and_one_hot_words(capsys: Capture, tmp_path: Path) -> None:
    data = files.labelled(tmp_path / "mine.tsv")
    target = tmp_path / "m.rnnviz"
    options = ["--pairs", "--one-hot", "--hidden", "3", "--epochs", "1", "--lower"]
    told = output(capsys, "train", str(data), "-o", str(target), *options)
    assert "encoder" in told
    assert "one-hot" in told
    assert load(target).lower


def stop_when_it_says(name: str, target: Path, *options: str) -> tuple[int, str, str]:
    """Ctrl-C after the first epoch."""
    with started("train", name, "-o", str(target), *options) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        said = b""
        while not said.startswith(b"epoch 1 "):
            said = process.stdout.readline()
            assert said, process.stderr.read()
        process.send_signal(signal.SIGINT)
        rest, err = process.stdout.read(), process.stderr.read()
    return process.returncode, rest.decode(), err.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are others there")
def test_ctrl_c_keeps_the_best_so_far(tmp_path: Path) -> None:
    target = tmp_path / "m.rnnviz"
    code, out, err = stop_when_it_says("not_happy", target)
    assert (code, err) == (0, "")
    assert "Stopped: the best weights so far are kept." in out
    document = load(target)
    assert document.title == "I am not happy"
    assert document.history is not None
    assert document.history.ended == "stopped"
    assert document.score is not None
    assert document.history.moments[-1].epoch < 50


def test_ctrl_c_after_the_training_leaves_out_what_others_reach(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = find("not_happy")
    task = sample.make()

    def interrupted() -> tuple[str, ...]:
        raise KeyboardInterrupt

    quick = replace(task, recipe=replace(task.recipe, epochs=1), further=interrupted)
    monkeypatch.setattr(training, "find", lambda _: replace(sample, make=lambda: quick))
    output(capsys, "train", "not_happy", "-o", str(tmp_path / "m.rnnviz"))
    assert load(tmp_path / "m.rnnviz").recipe.epochs == 1


def progress(fraction: float = 1.0) -> Progress:
    return Progress(1, 2, fraction, 3, 0.5)


def test_a_second_ctrl_c_ends_it() -> None:
    before = signal.getsignal(signal.SIGINT)
    with followed(Screen(None)) as told:
        assert not told(progress())
        signal.raise_signal(signal.SIGINT)
        assert told(progress())
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_terminal_gets_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    lines = io.StringIO()
    with followed(Screen(lines)) as told:
        assert not told(progress(0.5))
        assert not told(progress())
    written = terminal.getvalue()
    assert "epoch 1 of 2, loss 0.5000" in written
    assert lines.getvalue() == ""


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ("nothing", "neither such a file nor such a sample; not_happy"),
        ("missing.tsv", "missing.tsv"),
        ("bad.tsv", "line 2"),
        ("data:nothing", "'nothing' is not known"),
        ("not_happy|--hidden|3", "--hidden came, but a sample has its own recipe"),
        ("not_happy|--learning-rate|0.1", "--learning-rate came, but a sample"),
        ("data:clicks|--lower", "--lower came, but it is known"),
        ("mine.tsv|--one-hot|--embedding|3", "--embedding came, but --one-hot"),
        ("mine.tsv|--learning-rate|-1", "'-1' came, expected a finite number"),
        ("mine.tsv|--epochs|0", "--epochs: '0' came"),
        ("mine.tsv|--cell|elman", "'elman' is not known"),
    ],
)
def test_a_mistake_is_one_sentence(
    capsys: Capture,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: str,
    fault: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    files.labelled(tmp_path / "mine.tsv")
    (tmp_path / "bad.tsv").write_text("a\tx\nb\n", "utf-8")
    assert cli.main(["train", *arguments.split("|"), "-o", "m.rnnviz"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert fault in printed.err
    assert not (tmp_path / "m.rnnviz").exists()


def test_nothing_is_replaced(capsys: Capture, tmp_path: Path) -> None:
    data = files.labelled(tmp_path / "mine.tsv")
    (tmp_path / "m.rnnviz").write_bytes(b"old")
    assert cli.main(["train", str(data), "-o", str(tmp_path / "m.rnnviz")]) == 2
    assert "--force" in capsys.readouterr().err
    assert (tmp_path / "m.rnnviz").read_bytes() == b"old"
    output(capsys, "train", str(data), "-o", str(tmp_path / "m.rnnviz"), "--force", *SMALL)
    assert load(tmp_path / "m.rnnviz").title == "mine"


def test_too_little_memory_is_said_before(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = files.labelled(tmp_path / "mine.tsv")
    monkeypatch.setattr(memory, "of_machine", lambda: 1 << 20)
    target = str(tmp_path / "m.rnnviz")
    assert cli.main(["train", str(data), "-o", target, "--hidden", "600"]) == 2
    printed = capsys.readouterr()
    assert "training: it takes about" in printed.err
    assert "this machine has 1.0 MB" in printed.err


def test_a_large_network_keeps_no_moments(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "LARGE", 10)
    data = files.labelled(tmp_path / "mine.tsv")
    output(capsys, "train", str(data), "-o", str(tmp_path / "m.rnnviz"), *SMALL)
    assert load(tmp_path / "m.rnnviz").history is None


def test_training_that_overflows_is_said(
    capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rnnviz.document.history import History

    def ended(*arguments: Any, **more: Any) -> Any:
        document = real(*arguments, **more)
        history = document.history
        assert history is not None
        return document.changed(history=History(history.moments, "nan in layer0"))

    real = train_sample
    monkeypatch.setattr(training, "train_sample", ended)
    data = files.labelled(tmp_path / "mine.tsv")
    told = output(capsys, "train", str(data), "-o", str(tmp_path / "m.rnnviz"), *SMALL)
    assert "It ended early: nan in layer0." in told
