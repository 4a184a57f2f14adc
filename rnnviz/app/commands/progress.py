"""How a training run is followed: a bar on a terminal, else a line for each epoch."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from rnnviz.app.screen import Screen
from rnnviz.app.texts import tr
from rnnviz.engine.snapshots import Progress

Told = Callable[[Progress], bool]


@contextmanager
def followed(screen: Screen) -> Iterator[Told]:
    """A function for `train`'s progress that returns True once Ctrl-C was pressed.

    A second Ctrl-C ends the program at once.
    """
    with _stoppable() as stopped:
        if sys.stderr is not None and sys.stderr.isatty():
            with _bar(stopped) as told:
                yield told
        else:
            yield _lines(screen, stopped)


@contextmanager
def _stoppable() -> Iterator[threading.Event]:
    """An event that Ctrl-C sets, where this thread receives it."""
    stopped = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stopped
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield stopped
    finally:
        signal.signal(signal.SIGINT, before)


def _lines(screen: Screen, stopped: threading.Event) -> Told:
    def told(progress: Progress) -> bool:
        if progress.fraction >= 1:
            screen.line(
                tr("epoch {epoch} of {epochs}: loss {loss:.4f}").format(
                    epoch=progress.epoch, epochs=progress.epochs, loss=progress.loss
                )
            )
            screen.flush()
        return stopped.is_set()

    return told


@contextmanager
def _bar(stopped: threading.Event) -> Iterator[Told]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        job = bar.add_task(tr("training"), total=None)

        def told(progress: Progress) -> bool:
            bar.update(
                job,
                total=progress.epochs,
                completed=progress.epoch - 1 + progress.fraction,
                description=tr("epoch {epoch} of {epochs}, loss {loss:.4f}").format(
                    epoch=progress.epoch, epochs=progress.epochs, loss=progress.loss
                ),
            )
            return stopped.is_set()

        yield told
