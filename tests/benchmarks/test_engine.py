"""The table has a line for every problem, and a dash where somebody cannot take part."""

import sys
from collections import Counter

import pytest

from tests.benchmarks import engine, timing
from tests.benchmarks.ours import memory
from tests.benchmarks.problem import Problem


@pytest.fixture(autouse=True)
def _no_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    monkeypatch.setattr(timing, "SAMPLE", 0.0)


@pytest.mark.parametrize("dtype", engine.DTYPES)
@pytest.mark.parametrize("cell", engine.CELLS)
def test_who_takes_part(cell: str, dtype: str) -> None:
    found = engine.prepared(Problem(cell, 3, 2, 4, 5, dtype))
    assert set(found) == ({"ours", "hand", "fresh"} if cell == "lstm" else {"ours"})


def test_a_line_has_a_number_or_a_dash_under_every_heading() -> None:
    line = engine.row(Problem("gru", 3, 1, 4, 5, "float64"), 0.0)
    assert len(line) == 3 + len(engine.CONTENDERS) + len(engine.RATIOS) + 2
    ours, *others = line[3 : 3 + len(engine.CONTENDERS)]
    assert float(ours) > 0
    assert others == ["-"] * len(others)


def test_all_take_turns() -> None:
    calls: list[str] = []
    found = timing.medians({n: lambda n=n: calls.append(n) for n in "ab"}, 0.0, 7)  # type: ignore[misc]
    assert set(found) == {"a", "b"}
    assert Counter(calls) == {"a": 9, "b": 9}
    assert calls[4:] == ["a", "b"] * 7


def test_what_can_be_derived_is_not_kept() -> None:
    kept, shown = memory(Problem("lstm", 20, 3, 4, 5, "float64"))
    values = 20 * 3 * 5 * 8
    assert kept >= 8 * values
    assert kept < shown
