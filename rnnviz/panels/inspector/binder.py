"""Makes the pages of the inspector; one is kept as long as nothing that it shows changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from operator import is_
from typing import Any, final

import numpy as np
from PySide6.QtCore import QObject, Signal

from rnnviz.document.evaluate import Evaluation
from rnnviz.document.what_if import Update, held_answers, one_update
from rnnviz.engine.definitions import definitions
from rnnviz.engine.errors import EngineError
from rnnviz.engine.expressions import Apply, terms
from rnnviz.engine.text import formula
from rnnviz.panels.gestures import Item
from rnnviz.panels.inspector.account import Account, Accounts
from rnnviz.panels.inspector.answers import answer_blocks
from rnnviz.panels.inspector.background import Background, is_small
from rnnviz.panels.inspector.clamping import VALUES, clamp_blocks
from rnnviz.panels.inspector.equation import Equation
from rnnviz.panels.inspector.head import Head
from rnnviz.panels.inspector.items import ButtonItem, LineItem, ResultItem, TermItem
from rnnviz.panels.inspector.losses import loss_blocks
from rnnviz.panels.inspector.page import backward_blocks, forward_blocks, head_of
from rnnviz.panels.inspector.reading import reading_blocks
from rnnviz.panels.inspector.sheet import Block, Space
from rnnviz.panels.inspector.subject import Subject, cell_parts, subject_of
from rnnviz.panels.inspector.updating import update_blocks
from rnnviz.panels.inspector.words import Button, Words
from rnnviz.panels.invitation import invitation
from rnnviz.panels.losing import Losses
from rnnviz.panels.sight import Sight
from rnnviz.panels.texts import translate
from rnnviz.session.selection import Selection, Spot, clamped


@final
@dataclass(frozen=True, eq=False)
class Page:
    """What is written in the inspector.

    Attributes
    ----------
    blocks : tuple of Block
        From the top down.
    account : Account or None
        The numbers behind it.
    evaluation : Evaluation or None
        What they were computed from.
    update : Update or None
        What an update would make, on its page.
    """

    blocks: tuple[Block, ...]
    account: Account | None = None
    evaluation: Evaluation | None = None
    update: Update | None = None

    def spot(self, item: Item) -> Spot | None:
        """The number of the trace that an item stands for."""
        account = self.account
        if account is None:
            return None
        match item:
            case LineItem(number, _) | ResultItem(number):
                path = account.operations[number].path if account.operations else account.path
            case TermItem(group, place):
                path = self._term(account, group, place)
            case _:
                return None
        return Spot(path, account.unit, account.step.place) if path else None

    def can_hold(self, number: int) -> bool:
        """Whether the result of an equation can be held at a value."""
        boxes = [block for block in self.blocks if isinstance(block, Equation)]
        return number < len(boxes) and bool(boxes[number].path)

    def lit(self, spot: Spot | None) -> Item | None:
        """What stands for the number that the mouse is over in another panel."""
        if spot is None or self.account is None:
            return None
        items: list[Item] = [ResultItem(n) for n in range(len(self.account.lines))]
        for group, lines in enumerate(self.account.lines):
            items += [TermItem(group, place) for place in range(len(lines.terms))]
        return next((item for item in items if self.spot(item) == spot), None)

    @staticmethod
    def _term(account: Account, group: int, place: int) -> str:
        """The path of a term of a sum of the cell."""
        if group >= len(account.operations):
            return ""
        operation = account.operations[group]
        if operation.scope != "cell":
            return ""
        expression = operation.expression
        body = expression.argument if isinstance(expression, Apply) else expression
        found = terms(body)
        if place >= len(found):
            return ""
        name = formula(found[place])
        is_weight = name in account.step.parameters
        return "" if is_weight else f"{account.subject.part}/{name}"


@final
class Binder(QObject):
    """Makes pages.

    Parameters
    ----------
    parent : QObject
        The owner.
    """

    answered = Signal()
    """What took longer is there now: the page is to be drawn again."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._accounts = Accounts()
        self._updates = Background("one update", self)
        self._clamps = Background("clamped gates", self)
        self._losses = Losses(self._forget, self)
        for source in (self._updates, self._clamps):
            source.answered.connect(self._forget)
        self._key: tuple[Any, ...] = ()
        self._page = Page(())
        self._pinned: Selection | None = None

    def _forget(self) -> None:
        self._key = ()
        self.answered.emit()

    def follow(self, now: Sight, before: Sight) -> None:
        """Let go of numbers that are shown no more: a trace may be large."""
        if now.evaluation is before.evaluation and now.frame.ghost is before.frame.ghost:
            return
        ghost = now.frame.ghost
        self._accounts.keep((now.evaluation, None if ghost is None else ghost.evaluation))
        self._key, self._page = (), Page(())
        if now.evaluation is not before.evaluation:
            self._updates.forget()
            self._clamps.forget()

    def pin(self, sight: Sight) -> None:
        """Stay with what is selected now, or follow the selection again."""
        self._pinned = sight.selection if self._pinned is None else None
        self._forget()

    def page(self, sight: Sight) -> Page:
        """The page of a sight, or of what is pinned."""
        if self._pinned is not None:
            kept = clamped(self._pinned, sight.document)
            sight = replace(sight, selection=kept)
        same = (sight.evaluation, sight.frame.ghost, sight.story)
        values = (sight.moment, sight.selection, sight.zoom == 3)
        if self._key and self._key[1] == values and all(map(is_, same, self._key[0])):
            return self._page
        with np.errstate(all="ignore"):
            self._page = self._made(sight)
        self._key = (same, values)
        return self._page

    def _made(self, sight: Sight) -> Page:
        evaluation, subject = sight.evaluation, subject_of(sight)
        if evaluation is None or subject is None:
            head = Head("", translate("Inspector", "Inspector"), "")
            words = translate("Inspector", "{invitation}, and its numbers will stand here.")
            return Page((head, Words(words.format(invitation=invitation(sight.document)))))
        if subject.kind == "update":
            return self._update(evaluation)
        if subject.kind == "backward" and not self._losses.find(evaluation, subject.loss_step):
            head = Head("∂", translate("Inspector", "Gradient"), "")
            words = translate("Inspector", "The gradient of this loss is being computed …")
            return Page((head, Words(words)), None, evaluation)
        account = self._accounts.of(evaluation, subject)
        before = self._before(sight, subject)
        blocks: list[Block] = [
            head_of(account, evaluation, self._pinned is not None),
            *_overflow(account, evaluation),
        ]
        if subject.kind == "backward":
            blocks += backward_blocks(account, before)
        else:
            blocks += answer_blocks(account, evaluation)
            blocks += forward_blocks(account, before, evaluation)
        if subject.kind == "loss":
            blocks += loss_blocks(evaluation)
        blocks += reading_blocks(account, evaluation)
        if sight.zoom == 3 and subject.kind == "forward":
            blocks += self._clamp(account, evaluation)
        return Page(tuple(blocks), account, evaluation)

    def _before(self, sight: Sight, subject: Subject) -> Account | None:
        """The account of the same subject before the last edit, where there was one."""
        ghost = sight.frame.ghost
        evaluation = None if ghost is None else ghost.evaluation
        if evaluation is None or subject.operation is not None:
            return None
        if subject.part not in cell_parts(evaluation):
            return None
        prefix = subject.part.rpartition("/")[0]
        old = evaluation.trace.runs[prefix]
        if subject.step >= len(old.x):
            return None
        if subject.kind == "backward" and not self._losses.find(evaluation, subject.loss_step):
            return None
        known = definitions(old.layer.cell)
        if subject.path.startswith(f"{subject.part}/") and subject.symbol not in known:
            return None
        try:
            return self._accounts.of(evaluation, subject)
        except EngineError:
            return None

    def _update(self, evaluation: Evaluation) -> Page:
        def work() -> object:
            return one_update(evaluation)

        small = is_small(evaluation.document)
        if evaluation.gradients is None:
            answer: object = None
            waiting = False
        else:
            answer = self._updates.ask((evaluation,), work, small)
            waiting = answer is None
        update = answer if isinstance(answer, Update) else None
        head = Head("∂", translate("Inspector", "Update"), translate("Inspector", "one step"))
        blocks = (head, *update_blocks(evaluation, update, waiting))
        return Page(blocks, None, evaluation, update)

    def _clamp(self, account: Account, evaluation: Evaluation) -> list[Block]:
        operation, document = account.operation, evaluation.document
        if operation is None or operation.kind != "sigmoid" or document.network.head is None:
            return []
        path, step = operation.path, account.step.place

        def work() -> object:
            return held_answers(document, path, step, VALUES)

        answer: Any = self._clamps.ask((document, path, step), work, is_small(document))
        return clamp_blocks(account, evaluation, answer, answer is None)


def _overflow(account: Account, evaluation: Evaluation) -> list[Block]:
    """Where numbers ceased to be finite, if what is shown is none."""
    if not account.lines or np.isfinite(account.lines[0].value):
        return []
    found = evaluation.trace.overflow or (account.gradients and account.gradients.overflow)
    if not found:
        return []
    text = translate("Inspector", "Overflow from t = {step}")
    undo = Button(translate("Inspector", "Undo the last edit"), ButtonItem("undo"))
    return [Words(text.format(step=found.step + 1), large=True), Space(4), undo, Space(10)]
