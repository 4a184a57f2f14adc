"""The checker: compares the gradients on screen with finite differences, in the background."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event
from typing import Literal, TypeAlias, final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from rnnviz.document.document import Document
from rnnviz.document.evaluate import Evaluation
from rnnviz.engine.check import CheckProgress, CheckResult, Coverage, check_steps
from rnnviz.engine.errors import EngineError
from rnnviz.session.evaluator import SMALL, cost
from rnnviz.session.runner import Report, Runner

REST_MS = 400
"""How long the hand must rest before a check begins."""

AT_MOST = 10 * SMALL
"""The `cost` up to which a document is checked without being asked; about 30 ms a derivative.

What runs beside it slows down the answer to an edit, and of a large network it would run for
minutes.
"""

MOST, LEAST = 200, 20
"""How many weights are checked by itself, of a small and of a large network."""

State: TypeAlias = Literal["none", "waiting", "running", "done", "impossible"]


Tell: TypeAlias = Callable[[Document, CheckProgress], object]


@final
@dataclass(frozen=True, eq=False)
class Check:
    """How a gradient check stands.

    Attributes
    ----------
    state : str
        "none" (there are no gradients), "waiting" (for the hand to rest, or for `Checker.run` if
        the network is large), "running", "done" or "impossible".
    document : Document or None
        What is checked.
    result : CheckResult or None
        When it is done.
    reason : str
        Why it is impossible.
    progress : CheckProgress or None
        While it is running, now and then.
    """

    state: State = "none"
    document: Document | None = None
    result: CheckResult | None = None
    reason: str = ""
    progress: CheckProgress | None = None


@final
class Checker(QObject):
    """Checks an evaluation once nothing has changed for a moment; an edit cancels it.

    Parameters
    ----------
    runner : Runner
        Its own.
    coverage : Coverage, optional
        How much is checked; by default less of a large document.
    parent : QObject, optional
        The owner.
    """

    check_changed = Signal(object)
    """The check stands differently: the `Check`."""
    failed = Signal(object)
    """The check ended with a fault of the program: the `Report`."""

    _live = Signal(object, object)

    def __init__(
        self, runner: Runner, coverage: Coverage | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runner, self._coverage = runner, coverage
        self._check = Check()
        self._evaluation: Evaluation | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MS)
        self._timer.timeout.connect(self.run)
        self._live.connect(self._show)
        runner.finished.connect(self._finish)
        runner.failed.connect(self._fail)

    @property
    def check(self) -> Check:
        """How the check stands."""
        return self._check

    def show(self, evaluation: Evaluation | None) -> None:
        """Check another evaluation soon; the result of the one before is gone."""
        if evaluation is None or evaluation.gradients is None:
            self.cancel()
            return
        self._runner.cancel()
        self._evaluation = evaluation
        if cost(evaluation.document) <= AT_MOST:
            self._timer.start()
        else:
            self._timer.stop()
        self._set(Check("waiting", evaluation.document))

    def cancel(self) -> None:
        """End a check that waits or runs, and forget the result of one that is done."""
        self._timer.stop()
        self._evaluation = None
        self._runner.cancel()
        self._set(Check())

    @Slot()
    def run(self) -> None:
        """Check at once what waits."""
        self._timer.stop()
        evaluation = self._evaluation
        if evaluation is None:
            return
        self._evaluation = None
        document = evaluation.document
        coverage = self._coverage or coverage_for(document)

        def work(stop: Event) -> CheckResult | EngineError | None:
            try:
                return _checked(evaluation, coverage, stop, self._live.emit)
            except EngineError as error:
                return error.with_traceback(None)

        self._set(Check("running", document))
        self._runner.request(document, work)

    @Slot(object, object)
    def _show(self, document: Document, progress: CheckProgress) -> None:
        if self._is_current(document):
            self._set(replace(self._check, progress=progress))

    @Slot(object, object)
    def _finish(self, document: Document, answer: CheckResult | EngineError | None) -> None:
        if not self._is_current(document) or answer is None:
            return
        if isinstance(answer, EngineError):
            self._set(Check("impossible", document, reason=str(answer)))
        else:
            self._set(Check("done", document, answer))

    @Slot(object, object)
    def _fail(self, document: Document, report: Report) -> None:
        if self._is_current(document):
            self._set(Check("impossible", document, reason=report.sentence))
            self.failed.emit(report)

    def _is_current(self, document: Document) -> bool:
        return self._check.state == "running" and self._check.document is document

    def _set(self, check: Check) -> None:
        before, self._check = self._check, check
        if (before.state, check.state) != ("none", "none"):
            self.check_changed.emit(check)


def coverage_for(document: Document) -> Coverage:
    """How much of a document is checked by itself: less where each derivative takes long."""
    count = MOST * SMALL // max(1, cost(document))
    return Coverage(weights=max(LEAST, min(MOST, count)), values=2 if count >= MOST else 1)


SHOWN_EVERY = 20
"""After how many derivatives the progress is shown."""


def _checked(
    evaluation: Evaluation, coverage: Coverage, stop: Event, tell: Tell
) -> CheckResult | None:
    """The result, or None if it is no longer wanted. Runs in the other thread."""
    steps = check_steps(evaluation.trace, evaluation.document.loss_steps, coverage)
    while not stop.is_set():
        try:
            progress = next(steps)
        except StopIteration as end:
            result: CheckResult = end.value
            return result
        if progress.done % SHOWN_EVERY == SHOWN_EVERY - 1:
            tell(evaluation.document, progress)
    return None
