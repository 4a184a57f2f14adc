"""Where the chart's gradients come from: known ones at once, large ones in the background."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import final

from PySide6.QtCore import QObject

from rnnviz.document.evaluate import Evaluation
from rnnviz.document.single_losses import known_loss, one_loss
from rnnviz.engine.gradients import Gradients
from rnnviz.session.evaluator import SMALL, cost
from rnnviz.session.runner import Runner


@final
class Losses(QObject):
    """Finds the gradients of the whole loss or of one loss alone.

    Parameters
    ----------
    told : callable
        Called when what was not there before has been computed.
    parent : QObject
        The owner.
    """

    def __init__(self, told: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._told = told
        self._runner: Runner | None = None
        self._asked: tuple[Evaluation, int] | None = None

    def find(self, evaluation: Evaluation, loss: int | None) -> Gradients | None:
        """The gradients, or None where there are none or they are still being computed."""
        if loss is None or evaluation.gradients is None:
            return evaluation.gradients
        known = known_loss(evaluation, loss)
        if known is not None or cost(evaluation.document) <= SMALL:
            return known or one_loss(evaluation, loss)
        self._ask(evaluation, loss)
        return None

    def _ask(self, evaluation: Evaluation, loss: int) -> None:
        if self._asked is not None and self._asked == (evaluation, loss):
            return
        self._asked = (evaluation, loss)
        if self._runner is None:
            self._runner = Runner("gradient of one loss", parent=self)
            self._runner.finished.connect(self._finish)

        def work(_: Event) -> object:
            return one_loss(evaluation, loss)

        self._runner.request((evaluation, loss), work)

    def _finish(self, *_: object) -> None:
        self._told()
