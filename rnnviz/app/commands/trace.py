"""`rnnviz trace`: read a text and show all that a cell computes, and every gradient."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from rnnviz.app.commands import trace_report
from rnnviz.app.commands.command import Command
from rnnviz.app.commands.models import MODEL_SUFFIXES, PICKLES
from rnnviz.app.commands.options import (
    add_network_options,
    cell_names,
    hold,
    names,
    targets,
    units,
)
from rnnviz.app.commands.output import check_free
from rnnviz.app.commands.reading import Reading, read
from rnnviz.app.commands.trace_arrays import arrays, write_arrays
from rnnviz.app.commands.trace_files import run_file
from rnnviz.app.commands.trace_json import as_json
from rnnviz.app.commands.trace_tables import show
from rnnviz.app.screen import Screen
from rnnviz.app.texts import tr
from rnnviz.document.storage import SUFFIX
from rnnviz.engine.errors import EngineError

CLASSES = ("neg", "neu", "pos")
_OF_TEXTS = {
    "cell": "lstm",
    "hidden": 6,
    "layers": 1,
    "bidirectional": False,
    "embedding": None,
    "seed": 0,
    "split": "words",
    "classes": CLASSES,
    "loss": "last",
}
_OF_FILES = {"sentence": None, "input": None, "layer": None, "relu": False, "of": "sum"}


def _options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "text",
        metavar="TEXT|FILE",
        help=tr("what to read, - takes it from the input; or a document or a model"),
    )
    parser.add_argument(
        "sentence", nargs="?", metavar="SENTENCE", help=tr("another one for a document to read")
    )
    _add_file_options(parser)
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
        help=tr("the precision (default: float64, or that of the document)"),
    )
    parser.add_argument(
        "--split",
        choices=("words", "characters", "spaces"),
        default="words",
        help=tr("what a token is; Chinese is split by character unless it is spaced"),
    )
    _add_answer_options(parser)
    _add_output_options(parser)


def _add_file_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--input",
        type=Path,
        metavar="X.NPY",
        help=tr("what a network from a file reads: (time, numbers), (time, rows, numbers)"),
    )
    parser.add_argument(
        "--of",
        choices=("sum", "squares"),
        default="sum",
        help=tr(
            "what is differentiated where there is no target: the sum of the highest layer's "
            "outputs, or half that of their squares (default: %(default)s)"
        ),
    )
    parser.add_argument(
        "--layer", metavar="NAME", help=tr("which of several models in a file: name or number")
    )
    parser.add_argument(
        "--relu", action="store_true", help=tr("the vanilla cell of a model has relu")
    )


def _add_answer_options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--classes",
        type=names,
        default=CLASSES,
        metavar="A,B,...",
        help=tr("the classes of the softmax (default: neg,neu,pos)"),
    )
    parser.add_argument(
        "--target",
        type=targets,
        metavar="A",
        help=tr(
            "the right class (default: the first); with --loss every also one for each token, "
            "with commas between them; of a model also an .npy file"
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
    parser.add_argument(
        "--force", action="store_true", help=tr("take the place of a file that is there")
    )


def _run(arguments: Namespace, screen: Screen) -> int:
    if arguments.npz is not None:
        check_free(arguments.npz, arguments.force)
    if _is_file(arguments.text):
        _trace_file(Path(arguments.text), arguments, screen)
        return 0
    _refuse(arguments, _OF_FILES, tr("it is for a document or a model"))
    reading = read(arguments)
    if arguments.npz is not None:
        write_arrays(arguments.npz, arrays(reading).items())
    _print(arguments, reading, screen)
    return 0


def _is_file(text: str) -> bool:
    """Whether a file is meant and not a text: by its ending."""
    path = Path(text)
    known = path.suffix.lower() in (*MODEL_SUFFIXES, *PICKLES, SUFFIX)
    return known and (path.exists() or not any(map(str.isspace, text)))


def _refuse(arguments: Namespace, standard: dict[str, Any], why: str) -> None:
    for name, value in standard.items():
        if getattr(arguments, name) != value:
            raise EngineError(
                tr("{option} came, but {why}").format(
                    option=name if name == "sentence" else f"--{name}", why=why
                )
            )


def _trace_file(path: Path, arguments: Namespace, screen: Screen) -> None:
    _refuse(arguments, _OF_TEXTS, tr("the file has its own network"))
    run = run_file(path, arguments, screen)
    if arguments.npz is not None:
        write_arrays(arguments.npz, trace_report.arrays_of(run))
    if arguments.json:
        screen.line(trace_report.as_json(run))
        return
    trace_report.show(run, arguments.unit, screen)
    _say_where(arguments, screen)


def _say_where(arguments: Namespace, screen: Screen) -> None:
    if arguments.npz is not None:
        screen.line()
        screen.line(tr("All arrays are in {file}.").format(file=arguments.npz))


def _print(arguments: Namespace, reading: Reading, screen: Screen) -> None:
    if arguments.json:
        screen.line(as_json(reading, readable=screen.can_show("".join(reading.tokens))))
        return
    show(reading, arguments.unit, screen)
    _say_where(arguments, screen)


TRACE = Command(
    name="trace",
    help=tr("print what the cell computes at each step of a text, or of your own network"),
    description=tr(
        "Reads a text token by token with random, untrained weights and prints at each step every "
        "gate and state, the output, and how large the gradient of the loss is by each of them. "
        "Steps and units are counted from 0. With a document it reads the document's sequence, or "
        "another sentence; with a model (safetensors, ONNX, Keras) it reads an array. Without "
        "targets there is no loss: then what is differentiated is said."
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
