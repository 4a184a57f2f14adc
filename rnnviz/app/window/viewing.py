"""The commands of the View menu: zoom, panels, theme, motion, full screen, and Esc."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu

from rnnviz.app.window.look import dress
from rnnviz.app.window.menus import Command, Fill
from rnnviz.app.window.presenting import PresentWindow, on_screen_of
from rnnviz.panels.canvas.theme import theme
from rnnviz.panels.texts import menu_text

if TYPE_CHECKING:
    from rnnviz.app.window.window import LabWindow

_OTHER = {"dark": "light", "light": "dark"}


def system_theme() -> str:
    """The theme that the system wishes; dark where it says nothing."""
    hints = QGuiApplication.styleHints()
    return "light" if hints.colorScheme() is Qt.ColorScheme.Light else "dark"


@final
class Viewing(QObject):
    """Changes how a window shows its session.

    Parameters
    ----------
    window : LabWindow
        The window.

    Attributes
    ----------
    presenting : PresentWindow or None
        The window for a room, while there is one.
    """

    followed = Signal()
    """The theme is that of the system, and is to stay so."""

    def __init__(self, window: LabWindow) -> None:
        super().__init__(window)
        self._window, self._stage = window, window.stage
        self.presenting: PresentWindow | None = None
        window.session.store.changed.connect(self._show_sequence)

    def commands(self) -> dict[str, Command]:
        """Id -> what it does."""
        stage, layout = self._stage, self._window.layout_
        return {
            "zoom": self._zoom,
            "zoom_in": lambda _: self._zoom(stage.sight.zoom + 1),
            "zoom_out": lambda _: self._zoom(stage.sight.zoom - 1),
            "escape": lambda _: self._escape(),
            "show_panel": lambda name: layout.show_panel(str(name)),
            "reset_layout": lambda _: layout.reset(),
            "theme": lambda name: self._show_theme(str(name or _OTHER[stage.sight.theme.name])),
            "follow_system": lambda _: self.follow_system(),
            "motion": lambda _: stage.change(motion=not stage.sight.motion),
            "full_screen": lambda _: self._full_screen(),
            "present": lambda _: self._present(),
        }

    def fills(self) -> dict[str, Fill]:
        """Id of an action -> what fills its menu."""
        return {"panels": self._fill_panels, "history": self._fill_history}

    def _fill_panels(self, menu: QMenu) -> None:
        layout = self._window.layout_
        for name, title in layout.names.items():
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(name not in layout.folded)
            action.triggered.connect(lambda on, n=name: layout.show_panel(n, on))

    def _fill_history(self, menu: QMenu) -> None:
        session = self._window.session
        for index, label in enumerate((self.tr("As opened"), *session.store.labels)):
            action = menu.addAction(menu_text(label))
            action.setCheckable(True)
            action.setChecked(index == session.store.index)
            action.triggered.connect(lambda _=False, i=index: session.go_to(i))

    def _zoom(self, level: object) -> None:
        if isinstance(level, int):
            zoom = max(1, min(level, 3))
            self._stage.change(zoom=zoom)
            self._window.layout_.show_zoom(zoom == 3)

    @Slot()
    def _show_sequence(self) -> None:
        """A document that was just opened is seen as a whole."""
        store = self._window.session.store
        is_new = not store.labels
        if is_new and self._stage.sight.zoom == 3:
            self._zoom(2)

    def _escape(self) -> None:
        """Lead back from the nearest thing that was opened."""
        session, sight = self._window.session, self._stage.sight
        if sight.zoom == 3:
            self._zoom(2)
        elif sight.selection.loss_step is not None:
            session.view.selector.select(loss_step=None)
        elif self._window.isFullScreen():
            self._full_screen()
        else:
            session.clear_ghost()

    def _full_screen(self) -> None:
        window = self._window
        # Not `showNormal`, after which a window would no longer be maximised.
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)
        window.menus.actions["full_screen"].setChecked(window.isFullScreen())

    def _present(self) -> None:
        """Fill a screen for a room, until the reader comes back."""
        if self.presenting is not None:
            return
        window = self._window
        self.presenting = PresentWindow(window.session, window.run, self._stage.sight.motion)
        self.presenting.left.connect(self._leave)
        self.presenting.setGeometry(on_screen_of(window))
        self.presenting.showFullScreen()

    @Slot()
    def end(self) -> None:
        """Leave the presentation, as the window goes."""
        if self.presenting is not None:
            self.presenting.leave()

    def _leave(self) -> None:
        if self.presenting is not None:
            self.presenting.deleteLater()
            self.presenting = None

    def follow_system(self) -> None:
        """Show the theme that the system wishes."""
        self._show_theme(system_theme())
        self.followed.emit()

    def _show_theme(self, name: str) -> None:
        look = theme(name)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            dress(application, look)
        self._window.menus.tint(look)
        self._stage.change(theme=look)
        self._window.update()
