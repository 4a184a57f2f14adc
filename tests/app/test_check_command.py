"""`rnnviz check` passes for every cell, and says so if a gradient is wrong."""

import pytest

import rnnviz
from rnnviz.app import cli
from rnnviz.app.commands import check
from rnnviz.engine.check import CheckResult, Comparison, PathCheck
from tests.app.support import Capture, output


def test_check_passes_for_every_cell(capsys: Capture) -> None:
    lines = output(capsys, "check", "--hidden", "2", "--length", "3").splitlines()
    assert [line.split()[0] for line in lines[1:-2]] == [cell.name for cell in rnnviz.CELLS]
    assert all("passed" in line for line in lines[1:-2])
    assert lines[-1].startswith("Every gradient agrees")


def test_check_of_a_larger_network(capsys: Capture) -> None:
    options = ["--cell=gru", "--layers=2", "--bidirectional", "--embedding=3", "--weights=60"]
    assert "passed" in output(capsys, "check", *options, "--seed=3")


def test_check_fails_where_a_gradient_is_wrong(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    worst = Comparison("weight", "layer0/forward/U_f", (1, 2), 0.5, 0.25, 0.5)
    result = CheckResult((PathCheck("weight", "layer0/forward/U_f", 9, 0, 9, worst),))
    monkeypatch.setattr(check, "check_gradients", lambda *_, **__: result)
    assert cli.main(["check", "--cell", "lstm"]) == 1
    printed = capsys.readouterr().out
    assert "FAILED" in printed
    assert "layer0/forward/U_f [1, 2]" in printed
    assert "5.00e−01" in printed
    assert "Some gradient differs" in printed
