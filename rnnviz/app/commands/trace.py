"""`rnnviz trace`: read a text and show all that a cell computes, and every gradient."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from rnnviz.app.commands.command import Command
from rnnviz.app.commands.options import (
    add_network_options,
    cell_names,
    hold,
    names,
    targets,
    units,
)
from rnnviz.app.commands.reading import Reading, read
from rnnviz.app.commands.trace_arrays import write_arrays
from rnnviz.app.commands.trace_json import as_json
from rnnviz.app.commands.trace_tables import show
from rnnviz.app.screen import Screen
from rnnviz.app.texts import tr


def _options(parser: ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT", help=tr("what to read; - takes it from the input"))
    parser.add_argument(
        "--cell",
        default="lstm",
        metavar="NAME",
        help=tr("one of {names} (default: %(default)s)").format(names=cell_names()),
    )
    add_network_options(parser, hidden=6)
    parser.add_argument(
        "--dtype",
        choices=("float64", "float32"),
        default="float64",
        help=tr("the precision (default: %(default)s)"),
    )
    parser.add_argument(
        "--split",
        choices=("words", "characters", "spaces"),
        default="words",
        help=tr("what a token is; Chinese is split by character unless it is spaced"),
    )
    _add_answer_options(parser)
    _add_output_options(parser)


def _add_answer_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--classes",
        type=names,
        default=("neg", "neu", "pos"),
        metavar="A,B,...",
        help=tr("the classes of the softmax (default: neg,neu,pos)"),
    )
    parser.add_argument(
        "--target",
        type=targets,
        metavar="A",
        help=tr(
            "the right class (default: the first); with --loss every also one for each token, "
            "with commas between them"
        ),
    )
    parser.add_argument(
        "--loss",
        choices=("last", "every"),
        default="last",
        help=tr("where the loss is taken: after the last token, or after every one"),
    )
    parser.add_argument(
        "--hold",
        type=hold,
        action="append",
        default=[],
        metavar="PATH:STEP[,UNIT]=VALUE",
        help=tr(
            "hold a quantity at a value and compute the rest with it, such as "
            "layer0/forward/f:2=0; f alone means layer0/forward/f; may be given again"
        ),
    )


def _add_output_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--unit",
        type=units,
        metavar="N,N-N,...",
        help=tr("the units in the table (default: the first eight)"),
    )
    parser.add_argument(
        "--json", action="store_true", help=tr("print all values and gradients as JSON")
    )
    parser.add_argument(
        "--npz",
        type=Path,
        metavar="FILE",
        help=tr("also write every value, weight and gradient to a NumPy file"),
    )


def _run(arguments: Namespace, screen: Screen) -> int:
    reading = read(arguments)
    if arguments.npz is not None:
        write_arrays(arguments.npz, reading)
    _print(arguments, reading, screen)
    return 0


def _print(arguments: Namespace, reading: Reading, screen: Screen) -> None:
    if arguments.json:
        screen.line(as_json(reading, readable=screen.can_show("".join(reading.tokens))))
        return
    show(reading, arguments.unit, screen)
    if arguments.npz is not None:
        screen.line()
        screen.line(tr("All arrays are in {file}.").format(file=arguments.npz))


TRACE = Command(
    name="trace",
    help=tr("read a text and print what the cell computes at each step"),
    description=tr(
        "Reads a text token by token with random, untrained weights and prints at each step every "
        "gate and state, the output, and how large the gradient of the loss is by each of them. "
        "Steps and units are counted from 0."
    ),
    epilog=tr(
        'Example: rnnviz trace "I am not happy" --cell gru --loss every --target pos --unit 0-2. '
        "A NumPy file holds the tokens and, with the paths of the trace, values/PATH, "
        "gradients/PATH (both [time, 1, unit]), weights/PATH, weight_gradients/PATH and "
        "initial_gradients/PATH; read it with numpy.load."
    ),
    options=_options,
    run=_run,
)
