"""The types of the options: what was typed becomes a value, or a sentence on what is wrong."""

from __future__ import annotations

import math
import re
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable

from rnnviz.app.texts import tr
from rnnviz.engine.cells import CELLS
from rnnviz.engine.holds import Hold

_HOLD = re.compile(r"(?P<path>[^:]+):(?P<step>\d+)(?:,(?P<unit>\d+))?=(?P<value>.+)")
_RANGE = re.compile(r"(\d+)(?:-(\d+))?")
MOST_LAYERS = 100


def whole(least: int, most: int = 10**9) -> Callable[[str], int]:
    """The type of a whole number from `least` to `most`."""

    def number(text: str) -> int:
        if not re.fullmatch(r"\d{1,10}", text) or not least <= int(text) <= most:
            raise ArgumentTypeError(
                tr("{came!r} came, expected a whole number from {least} to {most}").format(
                    came=text, least=least, most=most
                )
            )
        return int(text)

    return number


def names(text: str) -> tuple[str, ...]:
    """Names with commas between them."""
    found = tuple(name.strip() for name in text.split(","))
    if not all(found) or len(set(found)) < len(found):
        raise ArgumentTypeError(
            tr("{came!r} came, expected different names with commas between them").format(came=text)
        )
    return found


def targets(text: str) -> tuple[str, ...]:
    """Names with commas between them; a name may come again."""
    return tuple(name.strip() for name in text.split(","))


def units(text: str) -> tuple[range, ...]:
    """Unit numbers such as `0,3,5-7`."""
    found = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (0, -1)
        if last < first:
            raise ArgumentTypeError(
                tr("{came!r} came, expected unit numbers such as 0,3,5-7").format(came=text)
            )
        found.append(range(first, last + 1))
    return tuple(found)


def hold(text: str) -> Hold:
    """An intervention such as `layer0/forward/f:2=0` or `f:2,5=0`, where 5 is a unit."""
    match = _HOLD.fullmatch(text)
    if match is None:
        raise ArgumentTypeError(
            tr("{came!r} came, expected PATH:STEP=VALUE or PATH:STEP,UNIT=VALUE").format(came=text)
        )
    path = match["path"] if "/" in match["path"] else f"layer0/forward/{match['path']}"
    unit = None if match["unit"] is None else int(match["unit"])
    return Hold(path, int(match["step"]), _finite(match["value"]), unit)


def _finite(text: str) -> float:
    try:
        value = float(text.replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ArgumentTypeError(
            tr("the value {came!r} came, expected a finite number").format(came=text)
        )
    return value


def add_network_options(parser: ArgumentParser, hidden: int) -> None:
    """The options that both commands have: what stands between input and output."""
    parser.add_argument(
        "--hidden",
        type=whole(1),
        default=hidden,
        metavar="N",
        help=tr("units of a layer and direction (default: %(default)s)"),
    )
    parser.add_argument(
        "--layers",
        type=whole(1, MOST_LAYERS),
        default=1,
        metavar="N",
        help=tr("layers, one on top of the other (default: %(default)s)"),
    )
    parser.add_argument(
        "--bidirectional",
        action="store_true",
        help=tr("read in both directions and put both hidden states side by side"),
    )
    parser.add_argument(
        "--embedding",
        type=whole(1),
        metavar="N",
        help=tr("feed embeddings of N units in place of one-hot vectors"),
    )
    parser.add_argument(
        "--seed",
        type=whole(0),
        default=0,
        metavar="N",
        help=tr("the seed of the weights: the same seed, the same numbers (default: %(default)s)"),
    )


def cell_names() -> str:
    """The names of all cells, for the help."""
    return ", ".join(cell.name for cell in CELLS)
