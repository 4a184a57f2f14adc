"""How many threads multiply matrices: one, unless the user has said otherwise.

The products of a recurrent step are small. With two threads and a busy neighbour each of them waits
for the other at every step, and the same work takes ten times longer. One thread also gives the
same sums every time.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np

SAID = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")
"""The variables by which a user says it."""

_NAMES = ("scipy_openblas_{0}_num_threads64_", "scipy_openblas_{0}_num_threads")


def use_one_thread() -> None:
    """Let NumPy's OpenBLAS use one thread; other libraries, and a user's own choice, stay.

    The variable alone would come too late: OpenBLAS reads it when NumPy is loaded, and importing
    anything of rnnviz loads NumPy.
    """
    if any(name in os.environ for name in SAID):
        return
    os.environ[SAID[0]] = "1"  # for the processes that this one starts
    for library in _libraries():
        for name in _NAMES:
            function = getattr(library, name.format("set"), None)
            if function is not None:
                function(1)


def threads() -> list[int]:
    """How many threads each OpenBLAS that came with NumPy uses; empty where there is none."""
    found = []
    for library in _libraries():
        for name in _NAMES:
            function = getattr(library, name.format("get"), None)
            if function is not None:
                found.append(int(function()))
    return found


def _libraries() -> Iterator[ctypes.CDLL]:
    """The libraries that NumPy's wheel brought; they are loaded already."""
    package = Path(np.__file__).parent
    for folder in (package.with_name("numpy.libs"), package / ".dylibs"):
        for file in sorted(folder.glob("*openblas*")):
            try:
                yield ctypes.CDLL(str(file))
            except OSError:
                continue
