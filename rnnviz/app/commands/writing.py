"""`rnnviz write`: let a document's network write by itself."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace

from rnnviz.app.commands.command import Command
from rnnviz.app.commands.options import whole
from rnnviz.app.meant import meant_file
from rnnviz.app.screen import Screen
from rnnviz.app.tables import visible
from rnnviz.app.texts import tr
from rnnviz.document.document import Document
from rnnviz.document.free_run import Written, write
from rnnviz.document.storage import load
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.generation import Sampling

_LENGTH, _COUNT = 100, 10


def _options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", metavar="FILE|NAME", help=tr("a document, or the name of a sample such as names")
    )
    parser.add_argument(
        "beginning",
        nargs="?",
        metavar="TEXT",
        help=tr("what is to be continued or translated (default: what the document begins with)"),
    )
    parser.add_argument(
        "--temperature",
        type=_temperature,
        metavar="X",
        help=tr(
            "0 writes the most probable, 1 as probable as it seems, above 1 bolder "
            "(default: 1; of a translation 0)"
        ),
    )
    parser.add_argument(
        "--count",
        type=whole(1, 10_000),
        metavar="N",
        help=tr("how many are written (default: 10; at temperature 0 there is one)"),
    )
    parser.add_argument(
        "--length",
        type=whole(1, 100_000),
        default=_LENGTH,
        metavar="N",
        help=tr("the most tokens of each (default: %(default)s)"),
    )
    parser.add_argument(
        "--seed",
        type=whole(0),
        default=0,
        metavar="N",
        help=tr("of what is left to chance: the same seed, the same texts (default: %(default)s)"),
    )


def _temperature(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise ArgumentTypeError(
            tr("{came!r} came, expected a finite number, 0 or more").format(came=text)
        )
    return value


def _run(arguments: Namespace, screen: Screen) -> int:
    document = load(meant_file(arguments.file))
    translated = isinstance(document.network, EncoderDecoder)
    heat = arguments.temperature
    if heat is None:
        heat = 0.0 if translated else 1.0
    count = 1 if heat == 0 else arguments.count or _COUNT
    for number in range(count):
        sampling = Sampling(heat, arguments.seed + number)
        written = write(document, arguments.beginning, arguments.length, sampling)
        screen.line(_said(document, written, translated))
    return 0


def _said(document: Document, written: Written, translated: bool) -> str:
    """The text on one line, with its beginning, and with dots where it was cut off."""
    characters = document.tokeniser == "characters"
    if translated:
        characters = all(len(word) == 1 for word in written.tokens)
    begun = () if translated else (t for t in written.given if not t.startswith("<"))
    text = ("" if characters else " ").join((*begun, *written.tokens))
    return visible(text if written.stopped else f"{text} ...")


WRITE = Command(
    name="write",
    help=tr("let a trained network write by itself"),
    description=tr(
        "Lets a network that has learned how texts go on write some, or lets a translator "
        "translate. What it writes is what it reads next."
    ),
    epilog=tr('Example: rnnviz write names "♀ma" --temperature 0.5'),
    options=_options,
    run=_run,
)
