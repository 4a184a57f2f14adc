"""The commands of training: to begin, to rest, to end, and to look back at a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import final

from rnnviz.app.window.menus import Command
from rnnviz.document.data_choice import Data
from rnnviz.document.edits import ReplaceWeights
from rnnviz.document.history import Moment
from rnnviz.engine.weights import Weights
from rnnviz.session.session import Session


def training_commands(
    session: Session, show_panel: Callable[[str], None] = lambda _: None
) -> dict[str, Command]:
    """Id -> what it does.

    `choose_data` takes ("own" or "sample", None) or ("file", path); `view_training` the number of a
    moment of the document's history, or None for the document's own weights; `keep_training` the
    number of the moment whose weights are to be kept, or None for the one that is viewed.

    Parameters
    ----------
    session : Session
        What is trained.
    show_panel : callable
        Unfolds a panel by its id.
    """
    acts = _Acts(session, show_panel)
    return {
        "show_training": lambda _: show_panel("training"),
        "train": lambda _: acts.begin(session.teacher.start),
        "pause_training": lambda _: session.trainer.pause(),
        "step_training": lambda _: acts.begin(session.teacher.step),
        "stop_training": lambda _: acts.stop(),
        "cancel_training": lambda _: acts.cancel(),
        "choose_data": acts.choose,
        "view_training": acts.view,
        "keep_training": acts.keep,
    }


@final
class _Acts:
    """What the commands do."""

    def __init__(self, session: Session, show_panel: Callable[[str], None]) -> None:
        self._session, self._show_panel = session, show_panel

    def begin(self, act: Callable[[], None]) -> None:
        """Train from the document's own weights, in view of the panel."""
        self._show_panel("training")
        if not self._session.trainer.is_running:
            self.view(None)
        act()

    def stop(self) -> None:
        """End a run and keep what was learned, or the reading of its data."""
        self._session.teacher.cancel()
        self._session.trainer.stop()

    def cancel(self) -> None:
        """End a run, or the reading of its data."""
        self._session.teacher.cancel()
        self._session.cancel_training()

    def choose(self, argument: object) -> None:
        """Learn from other data."""
        match argument:
            case ("own", _):
                self._session.teacher.choose(Data("own"))
            case ("sample", _):
                self._session.teacher.choose(Data("sample"))
            case ("file", str() | Path() as path):
                self._session.teacher.choose(Data("file", Path(path)))

    def view(self, number: object) -> None:
        """Show the weights of a moment."""
        if self._session.trainer.is_running:
            return
        found = self._moment(number)
        layout = self._session.store.document.weights.layout
        self._session.preview(None if found is None else Weights(layout, found.vector))
        self._session.teacher.view(number if found and isinstance(number, int) else None)

    def keep(self, number: object) -> None:
        """Keep the weights of a moment, as one step of undo."""
        found = self._moment(self._session.teacher.training.viewed if number is None else number)
        if found is not None and not self._session.trainer.is_running:
            self._session.preview(None)
            self._session.apply(ReplaceWeights(found.vector))

    def _moment(self, number: object) -> Moment | None:
        document = self._session.store.document
        history = document.history
        if history is None or not isinstance(number, int) or not 0 <= number < len(history.moments):
            return None
        found = history.moments[number]
        return found if found.vector.size == document.weights.layout.size else None
