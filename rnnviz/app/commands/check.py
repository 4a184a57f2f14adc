"""`rnnviz check`: compare the gradients of every cell with finite differences."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

import numpy as np

from rnnviz.app.commands.command import Command
from rnnviz.app.commands.options import add_network_options, cell_names, whole
from rnnviz.app.commands.trace_tables import scientific
from rnnviz.app.screen import Screen
from rnnviz.app.texts import tr
from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import CELLS, find_cell
from rnnviz.engine.check import THRESHOLD, CheckResult, Coverage, check_gradients
from rnnviz.engine.errors import EngineError
from rnnviz.engine.heads import Softmax
from rnnviz.engine.initial_weights import initial_weights
from rnnviz.engine.inputs import Tokens
from rnnviz.engine.layers import Direction
from rnnviz.engine.notebook import forward, network

VOCABULARY = 5
CLASSES = 3
MOST_NUMBERS = 1_000_000


def _options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--cell",
        action="append",
        metavar="NAME",
        help=tr("one of {names}; may be given again (default: all)").format(names=cell_names()),
    )
    add_network_options(parser, hidden=4)
    parser.add_argument(
        "--length",
        type=whole(1),
        default=6,
        metavar="N",
        help=tr("steps of the sequence (default: %(default)s)"),
    )
    parser.add_argument(
        "--weights",
        type=whole(1),
        default=500,
        metavar="N",
        help=tr("check all weights up to so many, else a sample (default: %(default)s)"),
    )


def _run(arguments: Namespace, screen: Screen) -> int:
    cells = CELLS if arguments.cell is None else tuple(map(find_cell, arguments.cell))
    results = []
    for cell in cells:
        _tell(cell, screen)
        results.append((cell, check_cell(cell, arguments)))
    _tell(None, screen)
    screen.table(list(_rows(results)), "<>>>><")
    passed = all(result.passed for _, result in results)
    screen.line()
    screen.line(_verdict(passed))
    return 0 if passed else 1


def _tell(cell: Cell | None, screen: Screen) -> None:
    """Say on a terminal what is being done, in a line that the table then takes."""
    if sys.stderr is None or not sys.stderr.isatty():
        return
    words = "" if cell is None else tr("checking {cell}").format(cell=screen.fit(cell.title))
    sys.stderr.write(f"\r{words:<60}" + ("\r" if cell is None else ""))
    sys.stderr.flush()


def check_cell(cell: Cell, arguments: Namespace) -> CheckResult:
    """Check the gradients of a network of `cell` that tags a random sequence.

    Raises
    ------
    EngineError
        A network too large to be computed some thousand times.
    """
    direction: Direction = "both" if arguments.bidirectional else "forward"
    made = network(
        cell,
        Tokens(VOCABULARY, arguments.embedding),
        arguments.hidden,
        Softmax(CLASSES),
        layers=arguments.layers,
        direction=direction,
    )
    values = arguments.length * sum(layer.outputs for layer in made.layers)
    if max(made.parameter_count, values) > MOST_NUMBERS:
        raise EngineError(
            tr(
                "hidden: {hidden} units came; with {layers} layers and {steps} steps that is too "
                "much to be computed some thousand times, expected a smaller network"
            ).format(hidden=arguments.hidden, layers=arguments.layers, steps=arguments.length)
        )
    rng = np.random.default_rng(arguments.seed)
    tokens = rng.integers(VOCABULARY, size=arguments.length)
    answers = rng.integers(CLASSES, size=arguments.length)
    trace = forward(made, initial_weights(made, arguments.seed), tokens, answers)
    return check_gradients(trace, coverage=Coverage(arguments.weights, seed=arguments.seed))


def _rows(results: list[tuple[Cell, CheckResult]]) -> Iterator[list[str]]:
    error, at = tr("largest error"), tr("where")
    yield [tr("cell"), tr("checked"), tr("of"), tr("skipped"), error, "", at]
    for cell, result in results:
        yield [
            cell.name,
            f"{result.checked:,}",
            f"{result.total:,}",
            f"{result.skipped:,}",
            scientific(result.error),
            tr("passed") if result.passed else tr("FAILED"),
            _place(result),
        ]


def _place(result: CheckResult) -> str:
    worst = result.worst
    if worst is None:
        return ""
    index = ", ".join(map(str, worst.index))
    return f"{worst.path} [{index}]"


def _verdict(passed: bool) -> str:
    limit = f"{THRESHOLD:.0e}"
    if passed:
        return tr("Every gradient agrees with finite differences to {limit}.").format(limit=limit)
    return tr("Some gradient differs from finite differences by more than {limit}.").format(
        limit=limit
    )


CHECK = Command(
    name="check",
    help=tr("show that the gradients are right: compare them with finite differences"),
    description=tr(
        "Moves every weight, and some places of every quantity inside the network, a little to "
        "both sides, computes the loss again, and compares the differences with the gradients of "
        "backpropagation. Error is |a - n| / max(|a|, |n|, floor), where the floor keeps rounding "
        "from being taken for an error. The exit code is 1 if a gradient is wrong."
    ),
    epilog=tr("Example: rnnviz check --cell lstm --cell gru --layers 2 --bidirectional"),
    options=_options,
    run=_run,
)
