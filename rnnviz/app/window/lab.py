"""Opening the Lab: the application, the first document and the window."""

from __future__ import annotations

import sys

from PySide6.QtWidgets import QApplication

from rnnviz.document.document import Document
from rnnviz.document.resources import resource
from rnnviz.document.storage import load
from rnnviz.session.moments import Moment
from rnnviz.session.playhead import Playhead

FIRST = "not_happy"


def first_document() -> Document:
    """What the program opens with: the trained sentence."""
    return load(resource("samples", f"{FIRST}.rnnviz"))


def application() -> QApplication:
    """The application, made if there is none."""
    found = QApplication.instance()
    return found if isinstance(found, QApplication) else QApplication(sys.argv[:1])


def read_to_the_end(playhead: Playhead) -> None:
    """Put the playhead where the whole sequence has been read."""
    story = playhead.story
    if story.steps:
        step = story.steps - 1
        playhead.go_to(Moment("forward", step, story.operations("forward", step) - 1))
