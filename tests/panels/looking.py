"""One panel on its own, for tests and for looking at it.

``python -m tests.panels.looking PANEL OUT.png --sample not_happy --theme dark --step 2`` draws one.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import shiboken6
from PySide6.QtWidgets import QApplication, QWidget

from rnnviz.app.window.stage import Stage
from rnnviz.document.document import Document
from rnnviz.document.resources import resource
from rnnviz.document.storage import load
from rnnviz.panels import PANELS
from rnnviz.panels.canvas.theme import theme
from rnnviz.panels.panel import Panel
from rnnviz.session.moments import Moment
from rnnviz.session.session import Session
from tests.session.support import Inline

OPENED: list[Session] = []
"""The sessions that were opened; a test ends them, as their clocks would tick on in the next."""


AnyPanel = TypeVar("AnyPanel", bound=Panel)


def sample(name: str) -> Document:
    """One of the trained samples, such as `not_happy`."""
    return load(resource("samples", f"{name}.rnnviz"))


@dataclass(frozen=True, eq=False)
class Looked:
    """A panel with the session and the stage behind it; edits are computed at once."""

    session: Session
    stage: Stage
    panel: Panel

    def go_to(self, phase: str, step: int) -> None:
        """Move the playhead to the end of a step."""
        playhead = self.session.view.playhead
        last = playhead.story.operations(phase, step) - 1  # type: ignore[arg-type]
        playhead.go_to(Moment(phase, step, last))  # type: ignore[arg-type]


def look_at(
    kind: type[Panel],
    document: Document | None = None,
    size: tuple[int, int] = (300, 190),
    look: str = "dark",
    parent: QWidget | None = None,
) -> Looked:
    """A panel that is shown, at the first moment of the story."""
    session = Session(document or sample("not_happy"), executors=lambda _: Inline())
    OPENED.append(session)
    stage = Stage(session, theme(look))
    panel = kind(stage.sight, parent)
    stage.add(panel)
    panel.resize(*size)
    panel.show()
    return Looked(session, stage, panel)


def shown_panels(
    kind: type[AnyPanel], size: tuple[int, int], undoes: bool = False
) -> Iterator[Callable[..., tuple[Looked, AnyPanel]]]:
    """For a fixture: shows documents in panels of a kind, painted once, and deletes them at last.

    Parameters
    ----------
    undoes : bool
        Whether a panel that wishes to undo is heard, as in the window.
    """
    open_ones: list[Looked] = []

    def shown(document: Document | None = None, **parts: Any) -> tuple[Looked, AnyPanel]:
        looked = look_at(kind, document, parts.pop("size", size), **parts)
        open_ones.append(looked)
        assert isinstance(looked.panel, kind)
        if undoes:
            undo = looked.session.undo
            hear = looked.stage.command_requested.connect
            hear(lambda name, _: undo() if name == "undo" else None)
        looked.panel.grab()
        return looked, looked.panel

    yield shown
    for looked in open_ones:
        looked.session.stop()
        shiboken6.delete(looked.panel)


def main() -> int:
    """Draw one panel into a file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("panel", choices=[panel.info.id for panel in PANELS])
    parser.add_argument("file", type=Path)
    parser.add_argument("--sample", default="not_happy")
    parser.add_argument("--document", type=Path, default=None)
    parser.add_argument("--theme", default="dark")
    parser.add_argument("--size", default="300x190")
    parser.add_argument("--step", type=int, default=None)
    parser.add_argument("--backward", type=int, default=None)
    parser.add_argument("--scale", default="1")
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = arguments.scale
    application = QApplication(sys.argv[:1])
    from rnnviz.app.window.look import dress

    dress(application, theme(arguments.theme))
    kind = next(panel for panel in PANELS if panel.info.id == arguments.panel)
    wide, high = map(int, arguments.size.split("x"))
    document = load(arguments.document) if arguments.document else sample(arguments.sample)
    looked = look_at(kind, document, (wide, high), arguments.theme)
    if arguments.step is not None:
        looked.go_to("forward", arguments.step)
    if arguments.backward is not None:
        looked.go_to("backward", arguments.backward)
    application.processEvents()
    looked.panel.grab().save(str(arguments.file))
    looked.session.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
