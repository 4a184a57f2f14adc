"""A newcomer who does silly things: random gestures on whatever the window shows.

``python -m tests.app.window.monkey --minutes 5 --seed 1`` plays without a display and says how the
memory of the process grows; with `--same` always on the first document.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import final

from PySide6.QtCore import (
    QMessageLogContext,
    QPoint,
    QPointF,
    Qt,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLineEdit,
    QMenu,
    QToolButton,
    QWidget,
)

from rnnviz.app.window.window import LabWindow
from rnnviz.document.document import Document
from rnnviz.document.new import new_document
from rnnviz.document.resources import resource
from rnnviz.document.storage import load
from rnnviz.engine.cells import CELLS
from rnnviz.engine.network import Form
from rnnviz.panels.picture import PicturePanel

NONE = Qt.KeyboardModifier.NoModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
KEYS = (
    *((key, NONE) for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)),
    *((key, ALT) for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)),
    *((key, SHIFT) for key in (Qt.Key.Key_Left, Qt.Key.Key_Right)),
    *((key, NONE) for key in (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Tab, Qt.Key.Key_Escape)),
    *((key, NONE) for key in (Qt.Key.Key_Return, Qt.Key.Key_Delete, Qt.Key.Key_Insert)),
    *((key, NONE) for key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_0, Qt.Key.Key_3)),
    *((key, NONE) for key in (Qt.Key.Key_F2, Qt.Key.Key_F, Qt.Key.Key_C, Qt.Key.Key_B)),
    *((key, CONTROL) for key in (Qt.Key.Key_V, Qt.Key.Key_C)),
)
TEXTS = ("very", "happy", "xyzzy", "不高兴", "1e999", "-", "nan", "0.5", "<b>", " " * 40, "=1+1")
PASTED = ("I am very happy", "1\t2\n3\t4", "x\ty", "", "0.1\t0.2\t0.3", "a " * 300, "\0")
SAFE = ("RNN", "LSTM", "GRU", "Read in both directions", "Read forward", "Light or dark")
"""Buttons of the top bar; others open dialogs that only a person can answer."""


@final
class Monkey:
    """Plays with a window.

    Parameters
    ----------
    window : LabWindow
        The toy.
    seed : int
        Of the choices.
    trains : bool
        Whether it begins training too, which needs a thread behind the window.
    """

    def __init__(self, window: LabWindow, seed: int, trains: bool = False) -> None:
        self._window, self._random = window, random.Random(seed)
        self._training = (("step_training", None),) if trains else ()
        self.done: list[str] = []
        self._moves: tuple[Callable[[], str], ...] = (
            *(self._click,) * 4,
            *(self._drag,) * 4,
            *(self._wheel,) * 2,
            *(self._key,) * 4,
            *(self._type,) * 2,
            self._button,
            self._menu,
            self._undo,
            self._command,
            self._resize,
        )

    def play(self, count: int) -> None:
        """Do so many things."""
        for _ in range(count):
            self.done.append(self._random.choice(self._moves)())
            QApplication.processEvents()
            self._tidy()

    def _tidy(self) -> None:
        """Close what only a person can answer."""
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QMenu | QDialog) and widget.isVisible():
                widget.close()
        room = self._window.viewing.presenting
        if room is not None and self._random.random() < 0.2:
            room.leave()
        session = self._window.session
        if session.view.playhead.is_playing and self._random.random() < 0.5:
            session.view.playhead.pause()

    def _picture(self) -> PicturePanel | None:
        room = self._window.viewing.presenting
        panels = (self._window if room is None else room).panels.values()
        shown = [p for p in panels if isinstance(p, PicturePanel) and p.isVisible()]
        return self._random.choice(shown) if shown else None

    def _place(self, panel: PicturePanel) -> QPoint:
        """Mostly on something that is drawn."""
        if panel.hits.places and self._random.random() < 0.8:
            box, _ = self._random.choice(panel.hits.places)
            return box.center().toPoint()
        wide, high = max(panel.width(), 1), max(panel.height(), 1)
        return QPoint(self._random.randrange(wide), self._random.randrange(high))

    def _click(self) -> str:
        panel = self._picture()
        if panel is None:
            return "nothing to click"
        at = self._place(panel)
        QTest.mouseMove(panel, at)
        click = QTest.mouseDClick if self._random.random() < 0.1 else QTest.mouseClick
        click(panel, Qt.MouseButton.LeftButton, self._random.choice((NONE, NONE, SHIFT)), at)
        return f"click {panel.info.id} {at.x()},{at.y()}"

    def _drag(self) -> str:
        panel = self._picture()
        if panel is None:
            return "nothing to drag"
        at = self._place(panel)
        QTest.mousePress(panel, Qt.MouseButton.LeftButton, NONE, at)
        end = at
        for _ in range(self._random.randrange(1, 6)):
            end += QPoint(self._random.randrange(-60, 61), self._random.randrange(-60, 61))
            self._move(panel, end)
        if self._random.random() < 0.2:
            QTest.keyClick(panel, Qt.Key.Key_Escape)
        QTest.mouseRelease(panel, Qt.MouseButton.LeftButton, NONE, end)
        return f"drag {panel.info.id} {at.x()},{at.y()} to {end.x()},{end.y()}"

    @staticmethod
    def _move(panel: QWidget, at: QPoint) -> None:
        """Move with the button held down, which QTest cannot."""
        from PySide6.QtCore import QEvent
        from PySide6.QtGui import QMouseEvent

        place = QPointF(at)
        left = Qt.MouseButton.LeftButton
        whole = panel.mapToGlobal(place)
        event = QMouseEvent(
            QEvent.Type.MouseMove, place, whole, Qt.MouseButton.NoButton, left, NONE
        )
        QApplication.sendEvent(panel, event)

    def _wheel(self) -> str:
        panel = self._picture()
        if panel is None:
            return "nothing to turn"
        at = QPointF(self._place(panel))
        turn = QPoint(0, self._random.choice((-240, -120, 120, 240)))
        event = QWheelEvent(
            at,
            panel.mapToGlobal(at),
            QPoint(),
            turn,
            Qt.MouseButton.NoButton,
            self._random.choice((NONE, SHIFT)),
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(panel, event)
        return f"wheel {panel.info.id}"

    def _key(self) -> str:
        key, modifiers = self._random.choice(KEYS)
        QApplication.clipboard().setText(self._random.choice(PASTED))
        seen = self._window.focusWidget() or self._window
        QTest.keyClick(seen, key, modifiers)
        return f"key {key.name}"

    def _type(self) -> str:
        fields = [f for f in self._window.findChildren(QLineEdit) if f.isVisible()]
        if not fields:
            return "nothing to type in"
        field, text = self._random.choice(fields), self._random.choice(TEXTS)
        field.setFocus()
        field.selectAll()
        field.insert(text)
        QTest.keyClick(field, self._random.choice((Qt.Key.Key_Return, Qt.Key.Key_Escape)))
        return f"type {text!r}"

    def _button(self) -> str:
        buttons = [
            b for b in self._window.findChildren(QAbstractButton) if b.accessibleName() in SAFE
        ]
        button = self._random.choice(buttons)
        button.click()
        return f"button {button.accessibleName()}"

    def _menu(self) -> str:
        menus = [b for b in self._window.findChildren(QToolButton) if b.menu() is not None]
        menus = [b for b in menus if b.text() and b.isVisible()]
        if not menus:
            return "no menu"
        menu = self._random.choice(menus).menu()
        menu.aboutToShow.emit()
        action = self._random.choice([a for a in menu.actions() if a.isEnabled()])
        action.trigger()
        return f"menu {action.text()}"

    def _undo(self) -> str:
        name = self._random.choice(("undo", "undo", "redo"))
        self._window.run(name)
        return name

    def _command(self) -> str:
        name, argument = self._random.choice(
            (
                ("zoom", self._random.choice((1, 2, 3))),
                ("play", None),
                ("next_step", None),
                ("go_to_end", None),
                ("reset_layout", None),
                ("show_panel", self._random.choice(list(self._window.panels))),
                ("motion", None),
                ("escape", None),
                ("full_screen", None),
                *self._training,
                ("present", None),
            )
        )
        self._window.run(name, argument)
        return f"{name} {argument}"

    def _resize(self) -> str:
        size = self._random.choice(((1280, 720), (1440, 900), (1024, 600), (1920, 1080)))
        self._window.resize(*size)
        return f"resize {size}"


@final
class Faults:
    """What went wrong: exceptions that reached nobody, and what Qt wrote."""

    def __init__(self) -> None:
        self.said: list[str] = []
        sys.excepthook = self._hear
        threading.excepthook = lambda hook: self._hear(
            hook.exc_type, hook.exc_value, hook.exc_traceback
        )
        qInstallMessageHandler(self._hear_qt)

    def _hear(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.said.append("".join(traceback.format_exception(kind, error, trace)))
        print(self.said[-1], flush=True)

    def _hear_qt(self, _kind: QtMsgType, _context: QMessageLogContext, words: str) -> None:
        if not words.startswith("This plugin does not support "):
            self.said.append(words)
            print(words, flush=True)


def toys(chance: random.Random) -> Iterator[Document]:
    """What is played with: the samples and every cell, in any order."""
    while True:
        if chance.random() < 0.3:
            words = tuple(f"w{number % 9}" for number in range(chance.choice((1, 4, 40, 400))))
            form: Form = "many-to-one" if chance.random() < 0.5 else "many-to-many"
            cell, units = chance.choice(CELLS).name, chance.choice((1, 5, 64))
            yield new_document(cell, units, words, form=form)
        else:
            file = chance.choice(sorted(resource("samples").glob("*.rnnviz")))
            yield load(file)


def main() -> int:
    """Play for some minutes; 1 if anything went wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--same", action="store_true", help="always the first document")
    arguments = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from rnnviz.app.window.lab import application, first_document
    from rnnviz.app.window.look import dress
    from rnnviz.panels.canvas.theme import theme
    from tests.benchmarks.lab import close, memory, open_lab

    dress(application(), theme("dark"))
    faults, documents = Faults(), toys(random.Random(arguments.seed))
    window = open_lab(first_document())
    monkey = Monkey(window, arguments.seed, trains=True)
    end = time.monotonic() + 60 * arguments.minutes
    print("gestures  MB", flush=True)
    while time.monotonic() < end and not faults.said:
        for _ in range(20):
            monkey.play(10)
            if faults.said:
                break
        print(f"{len(monkey.done):>8}  {memory():.1f}", flush=True)
        window.session.open(first_document() if arguments.same else next(documents))
    close(window)
    if faults.said:
        print("\n".join(monkey.done[-12:]))
    return 1 if faults.said else 0


if __name__ == "__main__":
    sys.exit(main())
