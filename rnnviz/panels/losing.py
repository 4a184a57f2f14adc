"""Where shown gradients come from: known ones at once, large ones in the background."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import final

from PySide6.QtCore import QObject, Slot

from rnnviz.document.evaluate import Evaluation
from rnnviz.document.single_losses import known_loss, one_loss
from rnnviz.engine.gradients import Gradients
from rnnviz.panels.background import Background, Ended
from rnnviz.session.evaluator import SMALL, cost


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
        self._background = Background("gradient of one loss", self)
        self._told = told
        self._failed: tuple[Evaluation, int] | None = None
        self._background.arrived.connect(self._arrive)

    def find(self, evaluation: Evaluation, loss: int | None) -> Gradients | None:
        """The gradients, or None where there are none or they are still being computed."""
        if loss is None or evaluation.gradients is None:
            return evaluation.gradients
        known = known_loss(evaluation, loss)
        if known is not None or cost(evaluation.document) <= SMALL:
            return known or one_loss(evaluation, loss)
        if self._failed != (evaluation, loss):
            self._background.ask((evaluation, loss), partial(_alone, evaluation, loss))
        return None

    @Slot(object, object)
    def _arrive(self, key: tuple[Evaluation, int], answer: Gradients | None) -> None:
        self._failed = key if answer is None else None
        self._told()


def _alone(evaluation: Evaluation, loss: int, _: Ended) -> Gradients | None:
    return one_loss(evaluation, loss)
