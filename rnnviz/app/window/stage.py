"""The stage: shows the session's state to every panel as sights, and brings their wishes home."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from rnnviz.document.edits.base import Edit
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.panel import Panel
from rnnviz.panels.sight import Sight
from rnnviz.session.moments import Moment
from rnnviz.session.selection import Spot
from rnnviz.session.session import Session
from rnnviz.session.training import Training

WAITING_MS = 120
"""After how long old numbers are shown as old."""


@final
class Stage(QObject):
    """Holds the sight that all panels show.

    Parameters
    ----------
    session : Session
        What changes.
    theme : Theme
        The colours at first.
    parent : QObject, optional
        The owner.
    """

    sight_changed = Signal(object, object)
    """The sight, and the one before."""
    command_requested = Signal(str, object)
    """A panel wishes an action of the program."""
    refused = Signal(str)
    """A panel could not do what was wished for: why, in a sentence."""
    hint_changed = Signal(str)
    """A sentence for the status bar."""

    def __init__(self, session: Session, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._panels: list[Panel] = []
        view = session.view
        self._sight = Sight(
            session.frame,
            view.playhead.story,
            view.playhead.moment,
            view.selector.selection,
            theme,
            speed=view.playhead.speed,
            training=session.teacher.training,
        )
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(WAITING_MS)
        self._waiting.timeout.connect(self._show_waiting)
        session.frame_changed.connect(self._show_session)
        session.moment_changed.connect(self._show_session)
        session.selection_changed.connect(self._show_session)
        view.playhead.story_changed.connect(self._show_session)
        # Methods rather than lambdas: their connections end with the stage.
        view.playhead.playing_changed.connect(self._show_clock)
        view.playhead.speed_changed.connect(self._show_clock)
        view.selector.hover_changed.connect(self._show_hover)
        session.teacher.training_changed.connect(self._show_training)

    @property
    def sight(self) -> Sight:
        """What is shown."""
        return self._sight

    def add(self, panel: Panel) -> None:
        """Show everything to a panel too, and listen to its wishes."""
        self._panels.append(panel)
        panel.edit_requested.connect(self._edit)
        panel.edits_requested.connect(self._session.apply_all)
        panel.selection_requested.connect(self._select)
        panel.hover_requested.connect(self._session.view.selector.set_hover)
        panel.moment_requested.connect(self._go_to)
        panel.command_requested.connect(self.command_requested)
        panel.hint_requested.connect(self.hint_changed)
        panel.refused.connect(self.refused)

    def change(self, **parts: Any) -> None:
        """Show another sight: the given parts of it are new."""
        before, self._sight = self._sight, replace(self._sight, **parts)
        for panel in self._panels:
            panel.show_sight(self._sight)
        self.sight_changed.emit(self._sight, before)

    @Slot()
    def _show_session(self) -> None:
        view, frame = self._session.view, self._session.frame
        if not frame.stale:
            self._waiting.stop()
        elif not self._waiting.isActive() and not self._sight.waiting:
            self._waiting.start()
        self.change(
            frame=frame,
            story=view.playhead.story,
            moment=view.playhead.moment,
            selection=view.selector.selection,
            waiting=self._sight.waiting and frame.stale,
        )

    @Slot()
    def _show_waiting(self) -> None:
        self.change(waiting=self._session.frame.stale)

    @Slot()
    def _show_clock(self) -> None:
        playhead = self._session.view.playhead
        self.change(playing=playhead.is_playing, speed=playhead.speed)

    @Slot(object)
    def _show_hover(self, spot: Spot | None) -> None:
        self.change(hover=spot)

    @Slot(object)
    def _show_training(self, training: Training) -> None:
        self.change(training=training)

    @Slot(object)
    def _edit(self, edit: Edit) -> None:
        self._session.apply(edit)

    @Slot(dict)
    def _select(self, parts: dict[str, Any]) -> None:
        self._session.view.selector.select(**parts)

    @Slot(object)
    def _go_to(self, moment: Moment) -> None:
        self._session.view.playhead.go_to(moment)
