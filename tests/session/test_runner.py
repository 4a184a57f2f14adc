"""The runner: one job runs, at most one waits, and every answer that is finished comes home."""

import threading
from threading import Event

import pytest

from rnnviz.session.runner import Runner, Work
from tests.session.conftest import Wait
from tests.session.support import Heard, Inline, Manual


def answer(value: object) -> Work:
    return lambda _: value


def fail(_: Event) -> object:
    raise ZeroDivisionError("one by none")


@pytest.fixture
def manual() -> Manual:
    return Manual()


def test_inline_answers_come_at_once() -> None:
    runner = Runner("test", Inline())
    heard, busy = Heard(runner.finished), Heard(runner.busy_changed)
    runner.request("a", answer(1))
    runner.request("b", answer(2))
    assert heard == [("a", 1), ("b", 2)]
    assert busy == [(True,), (False,)] * 2


def test_one_runs_and_only_the_newest_waits(manual: Manual) -> None:
    runner = Runner("test", manual)
    heard, busy = Heard(runner.finished), Heard(runner.busy_changed)
    for number in range(5):
        runner.request(number, answer(number * number))
        assert len(manual.jobs) == 1
    manual.run()
    assert heard == [(0, 0)]
    manual.run()
    assert heard == [(0, 0), (4, 16)]
    assert manual.jobs == []
    assert busy == [(True,), (False,)]


def test_a_drag_shows_an_answer_for_every_job_that_fits() -> None:
    """Two seconds of 120 requests a second with jobs of 12 ms, on a clock of its own."""
    manual = Manual()
    runner, requests, job_ms = Runner("test", manual), 240, 12.0
    heard = Heard(runner.finished)
    ends = 0.0
    latest: list[float] = []
    runner.finished.connect(lambda ticket, _: latest.append(ends - ticket))
    for number in range(requests):
        now = number * 1000 / 120
        while manual.jobs and ends <= now:
            manual.run()
            ends += job_ms
        if not manual.jobs:
            ends = now + job_ms
        runner.request(now, answer(None))
    while manual.jobs:
        manual.run()
        ends += job_ms
    assert len(heard) >= 100
    assert heard[-1][0] == (requests - 1) * 1000 / 120
    tickets = [ticket for ticket, _ in heard]
    assert tickets == sorted(tickets)
    assert max(latest) <= 2 * job_ms


def test_a_cancelled_job_gives_no_answer_and_is_told(manual: Manual) -> None:
    runner = Runner("test", manual)
    heard = Heard(runner.finished)
    told: list[object] = []

    def work(stop: Event) -> object:
        runner.cancel()
        told.append(stop.is_set())
        return 1

    runner.request("a", work)
    manual.run()
    assert (heard, told, runner.is_busy) == ([], [True], False)
    runner.request("b", lambda _: told.append("never"))
    runner.request("c", lambda _: told.append("never"))
    runner.cancel()
    runner.request("d", answer(4))
    manual.run()
    manual.run()
    assert (heard, told) == ([("d", 4)], [True])


def test_an_exception_comes_home_as_a_report(manual: Manual) -> None:
    runner = Runner("dividing", manual)
    heard, failed = Heard(runner.finished), Heard(runner.failed)
    runner.request("a", fail)
    runner.request("b", answer(2))
    manual.run()
    manual.run()
    assert heard == [("b", 2)]
    ((ticket, report),) = failed
    assert (ticket, report.doing) == ("a", "dividing")
    assert report.sentence == "ZeroDivisionError: one by none"
    assert "test_runner.py" in report.details


def test_after_the_stop_nothing_runs(manual: Manual) -> None:
    runner = Runner("test", manual)
    heard, busy = Heard(runner.finished), Heard(runner.busy_changed)
    runner.request("a", answer(1))
    runner.stop()
    assert manual.stopped
    runner.request("b", answer(2))
    manual.run()
    assert (heard, manual.jobs, busy) == ([], [], [(True,), (False,)])
    Runner("never used").stop()


def test_a_thread_works_and_the_answer_comes_to_this_one(wait_until: Wait) -> None:
    runner = Runner("test")
    here = threading.get_ident()
    homes: list[int] = []
    runner.finished.connect(lambda *_: homes.append(threading.get_ident()))
    heard, failed = Heard(runner.finished), Heard(runner.failed)
    runner.request("a", lambda _: threading.get_ident())
    wait_until(lambda: len(heard) == 1)
    assert heard[0][1] != here
    assert homes == [here]
    runner.request("b", fail)
    wait_until(lambda: len(failed) == 1)
    runner.stop()


def test_the_stop_waits_for_the_job_that_runs() -> None:
    runner, began, ended = Runner("test"), Event(), []

    def work(stop: Event) -> object:
        began.set()
        ended.append(stop.wait(30))
        return None

    heard = Heard(runner.finished)
    runner.request("a", work)
    assert began.wait(30)
    runner.stop()
    assert (ended, heard) == ([True], [])
