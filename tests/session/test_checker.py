"""The checker: the gradient check runs when the hand rests, and an edit ends it."""

import pytest
from PySide6.QtCore import QTimer

from rnnviz.document.edits import SetToken
from rnnviz.document.evaluate import Evaluation, evaluate
from rnnviz.document.new import new_document
from rnnviz.engine.check import CheckResult, Coverage
from rnnviz.session.checker import LEAST, MOST, Check, Checker, coverage_for
from rnnviz.session.runner import Runner
from rnnviz.session.session import Session
from tests.session.conftest import Wait
from tests.session.support import Heard, Inline, Manual, Rename, small


def evaluation(**parts: object) -> Evaluation:
    found = evaluate(small(**parts))
    assert found is not None
    return found


@pytest.fixture
def manual() -> Manual:
    return Manual()


@pytest.fixture
def checker(manual: Manual) -> Checker:
    return Checker(Runner("checking", manual))


def states(heard: Heard) -> list[str]:
    return [check.state for (check,) in heard]


def test_a_check_waits_runs_and_passes(checker: Checker, manual: Manual) -> None:
    heard, what = Heard(checker.check_changed), evaluation()
    checker.show(what)
    assert manual.jobs == []
    checker.run()
    manual.run()
    found = list(dict.fromkeys(states(heard)))
    assert found == ["waiting", "running", "done"]
    check = checker.check
    assert check.document is what.document
    assert check.result is not None
    assert check.result.passed
    assert check.result.checked > 100
    progress = [c.progress for (c,) in heard if c.progress is not None]
    assert progress
    assert [p.done for p in progress] == sorted({p.done for p in progress})


def test_the_clock_begins_a_check(checker: Checker, manual: Manual, wait_until: Wait) -> None:
    (timer,) = checker.findChildren(QTimer)
    timer.setInterval(1)
    checker.show(evaluation())
    wait_until(lambda: len(manual.jobs) == 1)
    checker.cancel()


def test_a_large_network_is_checked_when_it_is_asked_for(
    checker: Checker, manual: Manual, monkeypatch: pytest.MonkeyPatch
) -> None:
    (timer,) = checker.findChildren(QTimer)
    checker.show(evaluation())
    assert timer.isActive()
    monkeypatch.setattr("rnnviz.session.checker.AT_MOST", 0)
    checker.show(evaluation())
    assert (timer.isActive(), checker.check.state) == (False, "waiting")
    checker.run()
    manual.run()
    assert checker.check.result is not None


def test_an_edit_ends_the_check(checker: Checker, manual: Manual) -> None:
    heard, first, second = Heard(checker.check_changed), evaluation(), evaluation(seed=1)
    checker.show(first)
    checker.run()
    checker.show(second)
    manual.run()
    assert states(heard) == ["waiting", "running", "waiting"]
    checker.run()
    manual.run()
    assert checker.check.document is second.document
    assert checker.check.state == "done"
    checker.show(None)
    checker.show(None)
    assert states(heard)[-2:] == ["done", "none"]
    checker.run()
    assert manual.jobs == []


def test_a_running_check_sees_that_it_is_not_wanted(checker: Checker, manual: Manual) -> None:
    heard = Heard(checker.check_changed)

    def end(check: Check) -> None:
        if check.progress is not None:
            checker.cancel()

    checker.check_changed.connect(end)
    checker.show(evaluation())
    checker.run()
    manual.run()
    assert checker.check.state == "none"
    assert states(heard) == ["waiting", "running", "running", "none"]


def test_without_gradients_there_is_nothing_to_check(checker: Checker) -> None:
    heard = Heard(checker.check_changed)
    checker.show(evaluation(targets=None))
    assert (checker.check.state, heard) == ("none", [])


def test_what_cannot_be_checked_says_why(checker: Checker, manual: Manual) -> None:
    document = small()
    weights = document.weights
    spoilt = document.changed(weights=weights.replace({"head/V": weights["head/V"] * float("nan")}))
    checker.show(evaluate(spoilt))
    checker.run()
    manual.run()
    assert checker.check.state == "impossible"
    assert "its loss is nan" in checker.check.reason


def test_a_fault_is_reported(
    checker: Checker, manual: Manual, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rnnviz.session.checker.check_steps", lambda *_: 1 / 0)
    failed = Heard(checker.failed)
    checker.show(evaluation())
    checker.run()
    manual.run()
    assert checker.check.state == "impossible"
    assert failed[0][0].sentence.startswith("ZeroDivisionError")


def test_less_is_checked_of_a_large_network() -> None:
    large = new_document("lstm", 256, tuple("ab" * 500))
    assert coverage_for(small()).weights == MOST
    assert coverage_for(large).weights == LEAST
    checker = Checker(Runner("checking", Inline()), Coverage(5, 1))
    checker.show(evaluation())
    checker.run()
    assert isinstance(checker.check.result, CheckResult)
    assert checker.check.result.checked < 150


def test_a_session_checks_what_it_shows() -> None:
    session = Session(small(), executors=lambda _: Inline())
    heard = Heard(session.checker.check_changed)
    session.checker.run()
    done = session.checker.check
    assert done.state == "done"
    session.clear_ghost()
    assert session.checker.check is done
    session.apply(SetToken(0, "not"))
    assert session.checker.check.document is session.frame.document
    session.checker.run()
    weights = session.frame.document.weights
    session.preview(weights.replace({"head/V": weights["head/V"] * 2.0}))
    session.preview(None)
    session.apply(Rename("B"))
    session.close()
    assert [state for state in states(heard) if state != "running"] == [
        "done", "waiting", "done", "none", "waiting", "none",
    ]  # fmt: skip
