"""Work of a panel that would hold up the window: done in the background, once the hand rests."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Event
from typing import TypeAlias, final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from rnnviz.session.runner import Runner

REST_MS = 150
"""How long nothing else may be asked for before the work begins: it would slow a drag down."""

Ended: TypeAlias = Callable[[], bool]
"""Whether the answer is no longer wanted; long work asks now and then."""


@final
class Background(QObject):
    """Does one thing at a time, the one that was asked for last.

    Parameters
    ----------
    name : str
        What is done, for reports.
    parent : QObject
        The owner; when it is gone, the work ends.
    """

    arrived = Signal(object, object)
    """The key that was asked for, and the answer: None where it could not be computed."""

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self._name = name
        self._runner: Runner | None = None
        self._asked: tuple[Hashable, Callable[[Ended], object]] | None = None
        self._gone = Event()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._begin)
        parent.destroyed.connect(self._gone.set)

    @property
    def asked(self) -> Hashable:
        """The key of what is being computed, or None."""
        return None if self._asked is None else self._asked[0]

    def ask(self, key: Hashable, work: Callable[[Ended], object], rest_ms: int = REST_MS) -> None:
        """Compute something, unless it is being computed already.

        Parameters
        ----------
        key : hashable
            Of what.
        work : callable
            Gives the answer; runs in another thread and may touch only what is frozen.
        rest_ms : int
            How long to wait whether something else is asked for.
        """
        if self._asked is not None and self._asked[0] == key:
            return
        self._asked = (key, work)
        if self._runner is not None:
            self._runner.cancel()
        self._timer.start(rest_ms)

    @Slot()
    def _begin(self) -> None:
        if self._asked is None:
            return
        key, work = self._asked
        if self._runner is None:
            self._runner = Runner(self._name, parent=self)
            self._runner.finished.connect(self._finish)
            self._runner.failed.connect(self._fail)
        gone = self._gone

        def job(stop: Event) -> object:
            return work(lambda: stop.is_set() or gone.is_set())

        self._runner.request(key, job)

    @Slot(object, object)
    def _finish(self, key: Hashable, answer: object) -> None:
        if self.asked == key:
            self._asked = None
            self.arrived.emit(key, answer)

    @Slot(object, object)
    def _fail(self, key: Hashable, _: object) -> None:
        self._finish(key, None)
