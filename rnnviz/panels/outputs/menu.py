"""What the outputs offer on a right click: which losses count, and to begin without targets."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from rnnviz.document.edits import SetLossSteps, SetTargets
from rnnviz.document.edits.base import Edit
from rnnviz.panels.outputs.answers import Answers
from rnnviz.panels.texts import translate


def choices(answers: Answers | None) -> list[tuple[str, Edit]]:
    """What can be chosen: its name, and the edit that it makes."""
    if answers is None or not answers.has_targets:
        return []
    found: list[tuple[str, Edit]] = []
    if not (answers.single or answers.is_chain):
        found.append((translate("Outputs", "Loss at every step"), SetLossSteps("every")))
        found.append((translate("Outputs", "Loss at the last step"), SetLossSteps("last")))
    found.append((translate("Outputs", "Remove all targets"), SetTargets(None)))
    return found


def actions(answers: Answers | None, owner: QObject) -> list[tuple[QAction, Edit]]:
    """The same as actions, which belong to `owner`."""
    return [(QAction(name, owner), edit) for name, edit in choices(answers)]
