"""The runner: work off the GUI's thread, where one job runs and at most one waits."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from threading import Event
from typing import Protocol, TypeAlias, final

from PySide6.QtCore import QObject, Signal, Slot

Work: TypeAlias = Callable[[Event], object]
"""A job; it should end soon after the event is set, and what it then gives is thrown away."""


class Executor(Protocol):
    """Where jobs run; `concurrent.futures.ThreadPoolExecutor` with one worker is one."""

    def submit(self, job: Callable[[], None], /) -> object:
        """Run a job, now or later."""

    def shutdown(self, wait: bool = True) -> None:
        """Run nothing more, once the job that runs has ended."""


@final
@dataclass(frozen=True)
class Report:
    """An exception that nobody expected, in words that can be copied.

    Attributes
    ----------
    doing : str
        What was being done.
    sentence : str
        The exception on one line.
    details : str
        With the places in the code that led to it.
    """

    doing: str
    sentence: str
    details: str


def report_of(error: BaseException, doing: str) -> Report:
    """An exception as a report; nothing of what it holds is kept alive."""
    sentence = "".join(traceback.format_exception_only(error)).strip()
    return Report(doing, sentence, "".join(traceback.format_exception(error)))


@final
@dataclass(frozen=True, eq=False)
class _Job:
    ticket: object
    work: Work
    stop: Event = field(default_factory=Event)


@final
class Runner(QObject):
    """Runs jobs one after the other; a newer request takes the place of the one that waits.

    Each answer that is finished is handed on, so that a drag shows many of them: waiting for the
    newest alone would show none until the hand rests.

    Parameters
    ----------
    name : str
        What the jobs do, for reports and as the name of the thread.
    executor : Executor, optional
        By default one thread, made when it is first needed.
    parent : QObject, optional
        The owner.
    """

    finished = Signal(object, object)
    """A job ended: its ticket and its answer."""
    failed = Signal(object, object)
    """A job raised an exception: its ticket and the `Report`."""
    busy_changed = Signal(bool)
    """Whether a job runs."""

    _home = Signal(object, object)

    def __init__(
        self, name: str, executor: Executor | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._executor = name, executor
        self._running: _Job | None = None
        self._waiting: _Job | None = None
        self._stopped = False
        self._home.connect(self._arrive)

    @property
    def is_busy(self) -> bool:
        """Whether a job runs."""
        return self._running is not None

    def request(self, ticket: object, work: Work) -> None:
        """Run a job as soon as the one that runs has ended.

        Parameters
        ----------
        ticket : object
            Comes back with the answer.
        work : callable
            Takes an event that is set when the answer is no longer wanted. Runs in another thread:
            it may touch only what is frozen.
        """
        if self._stopped:
            return
        job = _Job(ticket, work)
        if self._running is None:
            self._start(job)
        else:
            self._waiting = job

    def cancel(self) -> None:
        """Forget the job that waits, ask the one that runs to end, and drop its answer."""
        self._waiting = None
        if self._running is not None:
            self._running.stop.set()

    def stop(self) -> None:
        """Cancel, wait for the job that runs, and take no more."""
        self.cancel()
        self._stopped = True
        if self._executor is not None:
            self._executor.shutdown(wait=True)
        if self._running is not None:
            self._running = None
            self.busy_changed.emit(False)

    def _start(self, job: _Job) -> None:
        if self._executor is None:
            self._executor = ThreadPoolExecutor(1, thread_name_prefix=f"rnnviz {self._name}")
        was_busy, self._running = self.is_busy, job
        if not was_busy:
            self.busy_changed.emit(True)
        self._executor.submit(partial(self._run, job))

    def _run(self, job: _Job) -> None:
        """Do a job in the other thread; the signal alone goes home."""
        try:
            answer = None if job.stop.is_set() else job.work(job.stop)
        except Exception as error:  # any fault of a job becomes a report
            answer = report_of(error, self._name)
        self._home.emit(job, answer)

    @Slot(object, object)
    def _arrive(self, job: _Job, answer: object) -> None:
        """Take an answer, in the GUI's thread, and start what waits."""
        if self._running is not job:
            return
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            self._running = None
            self.busy_changed.emit(False)
        else:
            self._start(waiting)
        if job.stop.is_set():
            return
        if isinstance(answer, Report):
            self.failed.emit(job.ticket, answer)
        else:
            self.finished.emit(job.ticket, answer)
