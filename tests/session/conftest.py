"""What the tests of the session share: an application without a screen, and no thread left over."""

import gc
import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QGuiApplication


@pytest.fixture(autouse=True)
def application(qapp_cls: type[QGuiApplication], qapp: QGuiApplication) -> Iterator[None]:  # noqa: ARG001
    """Run one test and fail it if a thread lives on."""
    before = set(threading.enumerate())
    yield
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QCoreApplication.processEvents()
    left = [t.name for t in threading.enumerate() if t not in before]
    assert not left, f"threads live on: {left}"


Wait = Callable[[Callable[[], bool]], None]


@pytest.fixture
def wait_until() -> Wait:
    """Let events through until something holds; fail after half a minute."""

    def wait(holds: Callable[[], bool]) -> None:
        from PySide6.QtCore import QDeadlineTimer, QEventLoop

        deadline = QDeadlineTimer(30_000)
        while not holds():
            assert not deadline.hasExpired(), "nothing happened"
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    return wait
