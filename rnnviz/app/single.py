"""One window for the files that are opened: a second start hands its file to the first."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import final

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

MOST = 16_384
"""Bytes of a message; a path has far fewer."""
PATIENCE_MS = 2_000
ANSWER_MS = 700
DONE = b"ok\n"


def server_name() -> str:
    """The name of the server of whoever runs the program."""
    return f"rnnviz-{sha256(str(Path.home()).encode()).hexdigest()[:16]}"


def hand_over(path: Path, name: str) -> bool:
    """Give a file to the program that runs already; False if there is none that takes it."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(ANSWER_MS):
        return False
    socket.write(json.dumps({"open": str(path.absolute())}).encode() + b"\n")
    while socket.bytesAvailable() < len(DONE):
        if not socket.waitForReadyRead(ANSWER_MS):
            return False
    taken = bytes(socket.readAll().data()) == DONE
    socket.disconnectFromServer()
    return taken


@final
class Doorbell(QObject):
    """Hears of files that later starts of the program hand over; only their owner can.

    Parameters
    ----------
    name : str
        Of the server.
    open_path : callable
        Opens a file.
    parent : QObject
        The owner.
    """

    def __init__(self, name: str, open_path: Callable[[Path], None], parent: QObject) -> None:
        super().__init__(parent)
        self._name, self._open_path = name, open_path
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._welcome)

    def listen(self) -> bool:
        """Begin; False where another program has the door, or nobody can have one."""
        # Asked first: with an owner's rights, Qt would take the name away from whoever has it.
        there = QLocalSocket()
        there.connectToServer(self._name)
        if there.waitForConnected(ANSWER_MS):
            there.abort()
            return False
        # What a program that died has left behind.
        QLocalServer.removeServer(self._name)
        return self._server.listen(self._name)

    def close(self) -> None:
        """Hear of nothing any more."""
        self._server.close()

    @Slot()
    def _welcome(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.readyRead.connect(lambda s=socket: self._read(s))
            socket.disconnected.connect(socket.deleteLater)
            QTimer.singleShot(PATIENCE_MS, socket, socket.abort)
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        """Take one line; whoever sends anything else is not answered."""
        if not socket.canReadLine():
            if socket.bytesAvailable() > MOST:
                socket.abort()
            return
        path = path_in(bytes(socket.readLine(MOST).data()))
        if path is None:
            socket.abort()
            return
        socket.write(DONE)
        socket.flush()
        # Later, as opening may ask something, and the other program must not wait for it.
        QTimer.singleShot(0, self, lambda: self._open_path(path))


def path_in(line: bytes) -> Path | None:
    """The file that a message names; None for anything that is no such message."""
    with suppress(ValueError, RecursionError):
        said = json.loads(line)
        name = said.get("open") if isinstance(said, dict) else None
        if isinstance(name, str) and name and "\0" not in name and Path(name).is_absolute():
            return Path(name)
    return None
