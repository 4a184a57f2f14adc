"""The window of the Lab: panels, bars and menus around one session."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import final

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QMainWindow, QStatusBar

from rnnviz.app.window.exporting import Exporting
from rnnviz.app.window.helping import Helping
from rnnviz.app.window.layout import Layout
from rnnviz.app.window.menus import Command, Fill, Menus, menu_bar
from rnnviz.app.window.playing import playing_commands
from rnnviz.app.window.stage import Stage
from rnnviz.app.window.statusbar import StatusBar
from rnnviz.app.window.topbar import TopBar
from rnnviz.app.window.training import training_commands
from rnnviz.app.window.viewing import Viewing
from rnnviz.panels import PANELS
from rnnviz.panels.canvas.theme import Theme
from rnnviz.panels.panel import Panel
from rnnviz.panels.sight import Sight
from rnnviz.session.session import Session

SMALLEST = QSize(1024, 600)


@final
class LabWindow(QMainWindow):
    """Shows one session.

    Parameters
    ----------
    session : Session
        What is open.
    look : Theme
        The colours at first.

    Attributes
    ----------
    stage : Stage
        What the panels show.
    layout_ : Layout
        Where they stand.
    panels : dict
        Id -> panel.
    viewing : Viewing
        Changes how it looks.
    """

    closing = Signal(object)
    """The window is about to close: the event, which may be ignored."""

    def __init__(self, session: Session, look: Theme) -> None:
        super().__init__()
        self.session = session
        self.stage = Stage(session, look, self)
        self.panels: dict[str, Panel] = {}
        for kind in PANELS:
            panel = kind(self.stage.sight)
            self.stage.add(panel)
            self.panels[kind.info.id] = panel
        self._commands: dict[str, Command] = playing_commands(session)
        self._fills: dict[str, Fill] = {}
        self.menus = Menus(self.run, self._fills, self)
        self.menu_bar = menu_bar(self.menus, sys.platform)
        self._bar = TopBar(self.menus.root, self.stage.sight, self)
        self._foot = StatusBar()
        self._was_shown = False
        self.setMinimumSize(SMALLEST)
        self.setAcceptDrops(True)
        self._compose()
        self.viewing = Viewing(self)
        self.add_commands(self.viewing.commands(), self.viewing.fills())
        self.add_commands(Helping(self.menus, self).commands())
        exporting = Exporting(self, session)
        exporting.said.connect(self._foot.show_hint)
        self.add_commands(exporting.commands())
        self.add_commands(training_commands(session, self.layout_.show_panel))
        self._connect()
        self._show_all()

    def _compose(self) -> None:
        # In the order in which Tab leads through them.
        self.setMenuWidget(self._bar)
        self.layout_ = Layout(self, list(self.panels.values()))
        status = QStatusBar(self)
        status.setSizeGripEnabled(False)
        status.setContentsMargins(0, 0, 0, 0)
        status.setStyleSheet("QStatusBar::item { border: none; }")
        status.addWidget(self._foot, 1)
        self.setStatusBar(status)
        if (graph := self.panels.get("graph")) is not None:
            graph.setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        session = self.session
        self._bar.edit_requested.connect(session.apply)
        self._bar.command_requested.connect(self.run)
        self.stage.command_requested.connect(self.run)
        self.stage.hint_changed.connect(self._foot.show_hint)
        self.stage.sight_changed.connect(self._show_sight)
        self.stage.refused.connect(self._tell_fault)
        session.refused.connect(self._tell_refused)
        session.store.history_changed.connect(self._show_steps)
        session.store.clean_changed.connect(self._show_title)
        session.store.changed.connect(self._show_title)
        session.store.changed.connect(lambda *_: self._foot.forget_fault())
        session.checker.check_changed.connect(self._foot.show_check)
        self._foot.unfold_requested.connect(self.layout_.show_panel)
        self._foot.check_requested.connect(lambda: self.run("check_table"))
        self.layout_.folded_changed.connect(self._foot.show_folded)

    def _show_all(self) -> None:
        self._show_title()
        self._show_steps()
        self._foot.show_document(self.session.store.document)
        self._foot.show_check(self.session.checker.check)
        self._foot.show_folded(self.layout_.folded)
        self.menus.tint(self.stage.sight.theme)

    @property
    def commands(self) -> frozenset[str]:
        """The ids of all commands."""
        return frozenset(self._commands)

    def add_commands(
        self, commands: Mapping[str, Command], fills: Mapping[str, Fill] | None = None
    ) -> None:
        """Add commands to those that menus and panels can run, and what fills menus."""
        self._commands.update(commands)
        self._fills.update(fills or {})

    @Slot(str, object)
    def run(self, name: str, argument: object = None) -> object:
        """Run a command; one that is not there is said in the status bar."""
        command = self._commands.get(name)
        if command is None:
            words = self.tr("There is no action called {name}.")
            self._foot.show_hint(words.format(name=name), wrong=True)
            return None
        return command(argument)

    @Slot(str, bool)
    def say(self, sentence: str, wrong: bool = False) -> None:
        """Say a sentence in the status bar."""
        self._foot.show_hint(sentence, wrong)

    @Slot(str)
    def _tell_fault(self, why: str) -> None:
        self._foot.show_hint(why, wrong=True)

    @Slot(object, str)
    def _tell_refused(self, _: object, why: str) -> None:
        self._foot.show_hint(why, wrong=True)

    @Slot(object, object)
    def _show_sight(self, sight: Sight, before: Sight) -> None:
        self._bar.show_sight(sight)
        if sight.frame.document is not before.frame.document:
            self._foot.show_document(sight.frame.document)
        if sight.theme is not before.theme:
            for card in self.layout_.cards:
                card.update()

    @Slot()
    def _show_title(self) -> None:
        store = self.session.store
        title = store.document.title or self.tr("untitled")
        self._bar.show_title(title, not store.is_clean)
        self.setWindowTitle(f"{title}[*] \N{EN DASH} rnnviz")
        self.setWindowModified(not store.is_clean)

    @Slot()
    def _show_steps(self) -> None:
        store = self.session.store
        self._bar.show_steps(store.undo_text, store.redo_text)
        self.menus.enable(undo=bool(store.undo_text), redo=bool(store.redo_text))

    # ------------------------------------------------------------------------------ Qt's own

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the panels their shares when the window gets its first size."""
        super().resizeEvent(event)
        if not self._was_shown:
            self._was_shown = True
            self.layout_.spread(anew=True)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the language."""
        if event.type() == QEvent.Type.LanguageChange:
            self._show_all()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask before anything is lost; a presentation ends with the window."""
        self.closing.emit(event)
        if event.isAccepted():
            self.viewing.end()
