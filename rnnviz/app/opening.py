"""Opening the window from the command line, and saying in one sentence why it cannot be opened."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rnnviz.app.meant import meant_file
from rnnviz.app.texts import tr
from rnnviz.engine.errors import EngineError

NEW_WINDOW = "--new-window"
_X11 = "libX11.so.6"
_CURSOR = "libxcb-cursor.so.0"


def wanted_file(argv: Sequence[str], commands: Sequence[str]) -> Path | None:
    """The file that is to be opened in the window; None where a command is meant.

    Without arguments it is the empty path: the window opens as it does.
    """
    argv = [argument for argument in argv if argument != NEW_WINDOW]
    if not argv:
        return Path()
    first = argv[0]
    if len(argv) > 1 or first.startswith("-") or first in commands:
        return None
    path = meant_file(first)
    return path if path.suffix or path.exists() else None


def open_window(path: Path, alone: bool = False) -> int:
    """Open the window, with a file unless the path is empty; the exit code.

    Parameters
    ----------
    path : Path
        The file; a window that is open already takes it.
    alone : bool
        Whether to open another window in any case.

    Raises
    ------
    EngineError
        There is no display, or the file cannot be read.
    """
    fault = display_fault()
    if fault:
        raise EngineError(fault)
    from rnnviz.app.program import run

    return run(path if path.name else None, alone)


def display_fault() -> str:
    """Why no window can be opened here; "" where it can. Qt itself would end the process."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return ""
    if os.environ.get("WAYLAND_DISPLAY"):
        return ""
    if not os.environ.get("DISPLAY") or not _answers():
        return tr(
            "there is no display here to open a window on; "
            "rnnviz render FILE -o lab.png draws the same window into a picture"
        )
    if not _is_there(_CURSOR):
        return tr(
            "the system library {library} is missing, which Qt needs to open a window; "
            "on Debian and Ubuntu: apt install libxcb-cursor0"
        ).format(library=_CURSOR)
    return ""


def _answers() -> bool:
    """Whether an X server answers; True where that cannot be asked."""
    try:
        x11 = ctypes.CDLL(_X11)
    except OSError:
        return True
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = x11.XOpenDisplay(None)
    if not display:
        return False
    x11.XCloseDisplay(ctypes.c_void_p(display))
    return True


def _is_there(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
