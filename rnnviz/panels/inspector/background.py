"""What takes too long for a painting is computed beside it; what is small at once."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import final

from PySide6.QtCore import QObject, Signal, Slot

from rnnviz.document.document import Document
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.session.runner import Runner

AT_ONCE = 300_000
"""Multiplications; some 2 ms."""


@final
class Background(QObject):
    """Keeps the last answer of one kind of question.

    Parameters
    ----------
    name : str
        What is computed, for reports.
    parent : QObject
        The owner.
    """

    answered = Signal()
    """There is a new answer."""

    def __init__(self, name: str, parent: QObject) -> None:
        super().__init__(parent)
        self._name = name
        self._runner: Runner | None = None
        self._key: tuple[object, ...] = ()
        self._answer: object = None
        self._asked: tuple[object, ...] = ()

    def ask(self, key: tuple[object, ...], work: Callable[[], object], now: bool) -> object:
        """The answer to a question, or None while it is computed.

        Parameters
        ----------
        key : tuple
            All that the answer depends on; objects are compared with `is`, numbers and texts as
            such.
        work : callable
            Gives the answer; runs in another thread unless `now` is set.
        """
        if _is_same(key, self._key):
            return self._answer
        if now:
            self._key, self._answer = key, work()
            return self._answer
        if not _is_same(key, self._asked):
            self._asked = key
            self._start().request(key, lambda _stop: _quiet(work, _stop))
        return None

    def forget(self) -> None:
        """Let go of the last answer and of what it was made from."""
        self._key, self._answer, self._asked = (), None, ()

    def _start(self) -> Runner:
        if self._runner is None:
            self._runner = Runner(self._name, None, self)
            self._runner.finished.connect(self._take)
            self.destroyed.connect(self._runner.stop)
        return self._runner

    @Slot(object, object)
    def _take(self, key: tuple[object, ...], answer: object) -> None:
        self._key, self._answer = key, answer
        self.answered.emit()


def _quiet(work: Callable[[], object], stop: Event) -> object:
    return None if stop.is_set() else work()


def _is_same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    plain = (str, int, float, type(None))
    return len(one) == len(other) and all(
        a is b or (isinstance(a, plain) and a == b) for a, b in zip(one, other, strict=True)
    )


def is_small(document: Document) -> bool:
    """Whether a few forward passes fit into a painting."""
    steps = document.steps
    if isinstance(document.network, EncoderDecoder):
        steps *= 2
    return steps * document.weights.vector.size <= AT_ONCE
