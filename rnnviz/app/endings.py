"""Endings from outside: the system or a terminal ends the program, and unsaved work is copied."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any, final

from PySide6.QtCore import QObject, QSocketNotifier, Slot

NAMES = ("SIGTERM", "SIGINT", "SIGHUP")
"""Those of them that the system has."""


@final
class Endings(QObject):
    """Hears of signals at once: Python alone hears of them when it is next asked to do something.

    Parameters
    ----------
    end : callable
        Copies unsaved work and ends the program, without any question.
    parent : QObject
        The owner.
    """

    def __init__(self, end: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._end = end
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._theirs.setblocking(False)
        self._before: dict[int, Any] = {}
        self._bell = QSocketNotifier(self._ours.fileno(), QSocketNotifier.Type.Read, self)
        self._bell.activated.connect(self._hear)

    def install(self) -> None:
        """Hear of signals from now on; in the main thread alone."""
        signal.set_wakeup_fd(self._theirs.fileno(), warn_on_full_buffer=False)
        for name in NAMES:
            number = getattr(signal, name, None)
            if number is not None:
                self._before[number] = signal.signal(number, lambda *_: None)

    def remove(self) -> None:
        """Hear of nothing any more."""
        if self._before:
            signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()
        self._bell.setEnabled(False)
        self._ours.close()
        self._theirs.close()

    @Slot()
    def _hear(self) -> None:
        with suppress(OSError):
            self._ours.recv(64)
        self._end()
