"""A second start hands its file to the first; nobody else can make it do anything."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QObject
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from pytestqt.qtbot import QtBot

from rnnviz.app.single import MOST, Doorbell, hand_over, path_in

ROOT = Path(__file__).parents[2]


@pytest.fixture
def name() -> str:
    return f"rnnviz-test-{uuid4().hex}"


@pytest.fixture
def asked() -> list[Path]:
    return []


@pytest.fixture
def door(qapp: QObject, name: str, asked: list[Path]) -> Iterator[Doorbell]:
    made = Doorbell(name, asked.append, qapp)
    assert made.listen()
    yield made
    made.close()


def send(name: str, data: bytes, qtbot: QtBot) -> bytes:
    """Send bytes and read what is answered until the other side hangs up."""
    socket = QLocalSocket()
    socket.connectToServer(name)
    assert socket.waitForConnected(1000)
    socket.write(data)
    socket.flush()
    unconnected = QLocalSocket.LocalSocketState.UnconnectedState
    qtbot.waitUntil(lambda: socket.bytesAvailable() > 0 or socket.state() is unconnected)
    return bytes(socket.readAll().data())


def test_a_file_is_handed_over(
    door: Doorbell, name: str, asked: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    assert door is not None
    path = tmp_path / "学习 a.rnnviz"
    # Another process: a thread that waits for an answer would keep this one from giving it.
    code = (
        "import sys; from pathlib import Path; from rnnviz.app.single import hand_over;"
        "sys.exit(not hand_over(Path(sys.argv[1]), sys.argv[2]))"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path), name], cwd=ROOT) as other:
        qtbot.waitUntil(lambda: other.poll() is not None, timeout=20_000)
    assert other.returncode == 0
    qtbot.waitUntil(lambda: asked == [path])


def test_without_another_program_nothing_is_handed_over(name: str, tmp_path: Path) -> None:
    assert hand_over(tmp_path / "a.rnnviz", name) is False


@pytest.mark.parametrize(
    "data",
    [
        b"\n",
        b"GET / HTTP/1.1\n",
        b'{"open": 5}\n',
        b'{"open": "relative.rnnviz"}\n',
        b'{"open": "/a\\u0000b"}\n',
        b"\xff\xfe\n",
        b"[" * 5000 + b"\n",
        b"x" * (MOST + 10),
    ],
)
def test_rubbish_is_not_answered(
    data: bytes, door: Doorbell, name: str, asked: list[Path], qtbot: QtBot
) -> None:
    assert door is not None
    assert send(name, data, qtbot) == b""
    assert asked == []


@given(st.binary(max_size=100))
def test_no_bytes_are_taken_for_a_file(data: bytes) -> None:
    assert path_in(data) is None or data.strip().startswith(b"{")


def test_the_second_program_has_no_door(door: Doorbell, name: str, qapp: QObject) -> None:
    assert door is not None
    assert Doorbell(name, lambda _: None, qapp).listen() is False


def test_what_a_dead_program_left_is_no_hindrance(
    name: str, asked: list[Path], qapp: QObject
) -> None:
    probe = QLocalServer()
    assert probe.listen(name)
    place = Path(probe.fullServerName())
    probe.close()
    if not place.is_absolute():
        pytest.skip("here a name is no file")
    place.write_bytes(b"")
    door = Doorbell(name, asked.append, qapp)
    assert door.listen()
    door.close()
    place.unlink(missing_ok=True)
