"""How fast the Lab answers: ``python -m tests.benchmarks.lab``, without a display.

Edits, steps of the playhead and a drag are timed from the wish to the last pixel, with every panel
of the first layout open at 1440x900. Medians and 95th percentiles; other work on the machine
shows in them, so compare runs that follow each other.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from rnnviz.app.threads import use_one_thread
from rnnviz.app.window.lab import application, first_document, read_to_the_end
from rnnviz.app.window.look import dress
from rnnviz.app.window.window import LabWindow
from rnnviz.document.document import Document
from rnnviz.document.edits import HoldQuantity, SetToken, SetWeight
from rnnviz.document.edits.base import Edit
from rnnviz.document.new import new_document
from rnnviz.panels.canvas.theme import theme
from rnnviz.session.session import Session

SIZES = ((16, 16, 16.0, 8.0), (64, 32, 33.0, 16.0), (1000, 256, 150.0, 16.0))
"""Steps, units, and what an edit and a step of the playhead may take, in ms."""

ROUNDS = 40
PART = "layer0/forward"


@dataclass(frozen=True)
class Row:
    """One line of the table: what was timed, how long it may take, and the times in ms."""

    name: str
    limit: float
    times: list[float]

    def line(self) -> str:
        """As it is printed."""
        cuts = quantiles(self.times, n=20) if len(self.times) > 1 else [self.times[0]] * 19
        middle, high = median(self.times), cuts[18]
        mark = "ok" if middle <= self.limit else "slow"
        return f"{self.name:<44}{middle:>9.1f}{high:>9.1f}{self.limit:>9.1f}  {mark}"


class Paints(QObject):
    """Counts when the graph was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.times: list[float] = []

    def eventFilter(  # noqa: N802 # Qt's own
        self, _: QObject, event: QEvent
    ) -> bool:
        """Note a painting."""
        if event.type() == QEvent.Type.Paint:
            self.times.append(time.perf_counter())
        return False


def document_of(steps: int, units: int) -> Document:
    """An LSTM on words, with a target at each step."""
    words = tuple(f"w{number % 50}" for number in range(steps))
    document = new_document("lstm", units, words, form="many-to-many")
    targets = tuple(document.labels[number % 2] for number in range(steps))
    return document.changed(targets=targets)


def open_lab(document: Document) -> LabWindow:
    """The window, completely painted."""
    session = Session(document)
    read_to_the_end(session.view.playhead)
    window = LabWindow(session, theme("dark"))
    window.resize(1440, 900)
    window.show()
    settle(window)
    return window


def settle(window: LabWindow) -> float:
    """Wait until the numbers are new and painted; the longest that input was blocked, in ms."""
    longest = 0.0
    while True:
        start = time.perf_counter()
        QApplication.processEvents()
        longest = max(longest, time.perf_counter() - start)
        if not window.session.frame.stale:
            break
        time.sleep(0.0005)
    start = time.perf_counter()
    QApplication.processEvents()
    return 1000 * max(longest, time.perf_counter() - start)


def timed(window: LabWindow, wish: Callable[[int], object]) -> tuple[list[float], list[float]]:
    """The times of a wish, and how long it blocked input, in ms."""
    times, blocks = [], []
    for round_ in range(ROUNDS):
        start = time.perf_counter()
        wish(round_)
        own = time.perf_counter() - start
        blocked = settle(window)
        times.append(1000 * (time.perf_counter() - start))
        blocks.append(max(blocked, 1000 * own))
    return times[3:], blocks[3:]


def rows_of(steps: int, units: int, edit_ms: float, step_ms: float) -> list[Row]:
    """Time one size."""
    window = open_lab(document_of(steps, units))
    session, playhead = window.session, window.session.view.playhead
    name = f"{steps} steps x {units} units"

    def edits(round_: int) -> Edit:
        value = 0.01 * round_ - 0.2
        kinds: tuple[Edit, ...] = (
            SetWeight(f"{PART}/U_f", (0, 0), value, gesture=1),
            HoldQuantity(f"{PART}/f", steps // 2, value + 0.3, unit=0, gesture=2),
            SetToken(steps // 2, f"w{round_}"),
        )
        return kinds[round_ % 3]

    rows = []
    times, blocks = timed(window, lambda round_: session.apply(edits(round_)))
    rows.append(Row(f"edit to last pixel, {name}", edit_ms, times))
    rows.append(Row(f"  input blocked, {name}", 50.0, blocks))
    playhead.go_to_start()
    settle(window)
    times, _ = timed(window, lambda _: playhead.next_operation())
    rows.append(Row(f"next operation, {name}", step_ms, times))
    times, _ = timed(window, lambda _: playhead.next_step())
    rows.append(Row(f"next step, {name}", step_ms, times))
    playhead.go_to_end()
    settle(window)
    times, _ = timed(window, lambda _: playhead.previous_operation())
    rows.append(Row(f"previous operation (backward), {name}", step_ms, times))
    close(window)
    return rows


def drag(seconds: float = 2.0, rate: int = 120) -> list[Row]:
    """Drag a weight with so many events a second; how often and how late the graph is painted."""
    window = open_lab(document_of(16, 16))
    paints = Paints()
    seen = window.panels.get("graph") or next(iter(window.panels.values()))
    seen.installEventFilter(paints)
    start = time.perf_counter()
    count = 0
    while (now := time.perf_counter() - start) < seconds:
        if now * rate >= count:
            value = 0.01 * (count % 100)
            window.session.apply(SetWeight(f"{PART}/U_f", (0, 0), value, gesture=3))
            count += 1
        QApplication.processEvents()
    gaps = [1000 * (b - a) for a, b in zip(paints.times, paints.times[1:], strict=False)]
    rate_seen = len(paints.times) / seconds
    print(f"drag of {seconds:.0f} s at {rate} events a second: {rate_seen:.0f} paintings a second")
    close(window)
    return [
        Row("  from painting to painting", 1000 / 60, gaps),
        Row("  longest", 33.0, [max(gaps)]),
    ]


def close(window: LabWindow) -> None:
    """Delete a window with all that runs behind it."""
    import shiboken6

    window.session.stop()
    shiboken6.delete(window)


def memory() -> float:
    """The proportional set size of this process in MB; nan where the system does not tell."""
    try:
        text = Path("/proc/self/smaps_rollup").read_text("ascii")
    except OSError:
        return float("nan")
    return next(int(x.split()[1]) for x in text.splitlines() if x.startswith("Pss:")) / 1024


def first_painting() -> None:
    """Open the program's first document and say when it was painted; run in a new process."""
    dress(application(), theme("dark"))
    window = open_lab(first_document())
    print(f"{time.time()} {memory()}")
    close(window)


def start_up(rounds: int = 5) -> list[Row]:
    """From the command to the first complete painting; the first start compiles and is left out."""
    times, sizes = [], []
    command = [sys.executable, "-m", "tests.benchmarks.lab", "--first-painting"]
    with TemporaryDirectory() as compiled:
        surroundings = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
        for _ in range(rounds + 1):
            start = time.time()
            done = subprocess.run(
                command, capture_output=True, text=True, check=True, env=surroundings
            )
            painted, size = map(float, done.stdout.split())
            times.append(1000 * (painted - start))
            sizes.append(size)
    times, sizes = times[1:], sizes[1:]
    return [Row("start to first painting", 1000.0, times), Row("memory after it, MB", 180.0, sizes)]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="without the largest size")
    parser.add_argument("--first-painting", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    use_one_thread()
    if arguments.first_painting:
        first_painting()
        return 0
    dress(application(), theme("dark"))
    print(f"{'ms':<44}{'median':>9}{'95 %':>9}{'limit':>9}")
    sizes = SIZES[:-1] if arguments.quick else SIZES
    for rows in (*(rows_of(*size) for size in sizes), drag(), start_up()):
        for row in rows:
            print(row.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
