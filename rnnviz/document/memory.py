"""How much memory a network needs to run, how much the machine has, and a no in time."""

from __future__ import annotations

import os
import sys

from rnnviz.engine.definitions import definitions
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network

_OF_A_QUANTITY, _OF_A_UNIT, _OF_AN_INPUT, _OF_A_WEIGHT = 2.75, 3.0, 3.0, 2.75
"""Numbers that a run keeps, gradients included; measured over all cells, see the test."""

USABLE = 0.9
"""The part of the machine's memory that is not refused."""


def needed(network: Network | EncoderDecoder, steps: int, rows: int = 1, itemsize: int = 8) -> int:
    """About how many bytes a forward and a backward pass take, the weights included.

    Parameters
    ----------
    steps, rows : int
        The size of the batch; both sides of an encoder-decoder are as long.
    itemsize : int
        Bytes of a number: 8, or 4 for float32.
    """
    sources = (
        (network.source, network.target)
        if isinstance(network, EncoderDecoder)
        else (network.input,)
    )
    width = sum(_OF_AN_INPUT * source.size for source in sources)
    width += sum(map(_of_layer, network.layers))
    outputs = 0 if network.head is None else network.head.outputs
    width += _OF_AN_INPUT * outputs
    if isinstance(network, EncoderDecoder) and network.attention is not None:
        width += steps * (2.0 * network.attention + _OF_AN_INPUT)
    return int(itemsize * (width * steps * rows + _OF_A_WEIGHT * network.parameter_count))


def _of_layer(layer: Layer) -> float:
    return layer.outputs * (_OF_A_QUANTITY * len(definitions(layer.cell)) + _OF_A_UNIT)


def of_machine() -> int | None:
    """How many bytes of memory the machine has; None where the system does not tell."""
    if sys.platform == "win32":
        return _of_windows()
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def _of_windows() -> int | None:
    import ctypes

    class Status(ctypes.Structure):
        """MEMORYSTATUSEX of the Windows API."""

        _fields_ = (
            ("length", ctypes.c_ulong),
            ("load", ctypes.c_ulong),
            ("total", ctypes.c_ulonglong),
            ("rest", ctypes.c_ulonglong * 6),
        )

    status = Status(ctypes.sizeof(Status))
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 # other systems have none
    found = kernel.GlobalMemoryStatusEx(ctypes.byref(status))
    return int(status.total) if found else None


def check(bytes_needed: int, what: str) -> None:
    """Raise an EngineError where the machine has not the memory.

    Parameters
    ----------
    what : str
        What needs it, as the error calls it.
    """
    there = of_machine()
    if there is not None and bytes_needed > USABLE * there:
        raise EngineError(
            f"{what}: it takes about {said(bytes_needed)} of memory, this machine has {said(there)}"
        )


def said(count: int) -> str:
    """A number of bytes as people say it."""
    for unit, size in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if count >= size:
            return (
                f"{count / size:.1f} {unit}" if count < 10 * size else f"{count / size:.0f} {unit}"
            )
    return f"{count} bytes"
