"""`rnnviz render`: the window, drawn into a file without a display."""

from __future__ import annotations

import os
import re
from argparse import ArgumentParser, Namespace
from pathlib import Path

from rnnviz.app.commands.command import Command
from rnnviz.app.meant import meant_file
from rnnviz.app.screen import Screen
from rnnviz.app.texts import tr
from rnnviz.document.storage import load
from rnnviz.engine.errors import EngineError

SIZE = re.compile(r"(\d{3,5})x(\d{3,5})")
LARGEST = 8192


def _options(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file",
        metavar="FILE|NAME",
        help=tr("a document, or the name of a sample such as not_happy"),
    )
    parser.add_argument(
        "-o", "--output", required=True, type=Path, help=tr("the picture to write, .png")
    )
    parser.add_argument("--size", default="1440x900", help=tr("of the window; 1440x900"))
    parser.add_argument(
        "--theme", choices=("dark", "light"), default="dark", help=tr("the colours")
    )
    when = parser.add_mutually_exclusive_group()
    when.add_argument("--step", type=int, help=tr("how many steps have been read"))
    when.add_argument("--backward", type=int, help=tr("the step that the error has reached"))
    parser.add_argument("--panel", help=tr("one panel instead of the window, such as gates"))
    parser.add_argument("--zoom", type=int, choices=(1, 2, 3), default=2, help=tr("of the graph"))
    parser.add_argument("--unit", type=int, default=1, help=tr("the unit that is looked at; 1"))
    parser.add_argument("--scale", type=float, default=1.0, help=tr("pixels a point; 1"))
    parser.add_argument("--force", action="store_true", help=tr("replace a file that is there"))


def _run(arguments: Namespace, screen: Screen) -> int:
    size = SIZE.fullmatch(arguments.size)
    if size is None or max(int(part) for part in size.groups()) > LARGEST:
        raise EngineError(
            tr("--size: {size!r} came, expected a width and a height such as 1440x900").format(
                size=arguments.size
            )
        )
    if not 0.5 <= arguments.scale <= 4:
        raise EngineError(
            tr("--scale: {scale} came, expected 0.5 to 4").format(scale=arguments.scale)
        )
    if arguments.output.exists() and not arguments.force:
        raise EngineError(
            tr("{path} is there already; --force replaces it").format(path=arguments.output)
        )
    document = load(meant_file(arguments.file))
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if arguments.scale != 1:
        os.environ["QT_SCALE_FACTOR"] = str(arguments.scale)
    from rnnviz.app.window.rendering import View, render

    steps, back = arguments.step, arguments.backward
    view = View(
        size=(int(size[1]), int(size[2])),
        look=arguments.theme,
        phase="forward" if steps is not None else "backward" if back is not None else None,
        step=_step(steps if steps is not None else back, document.steps),
        panel=arguments.panel,
        zoom=arguments.zoom,
        unit=max(0, arguments.unit - 1),
    )
    if not render(document, view).save(str(arguments.output)):
        raise EngineError(tr("{path} cannot be written as a picture").format(path=arguments.output))
    screen.line(str(arguments.output))
    return 0


def _step(number: int | None, steps: int) -> int:
    """The step from 0 of one from 1."""
    if number is None:
        return 0
    if not 1 <= number <= steps:
        raise EngineError(
            tr("step: {number} came, the sequence has the steps 1 to {steps}").format(
                number=number, steps=steps
            )
        )
    return number - 1


RENDER = Command(
    "render",
    tr("draw the window into a picture, also without a display"),
    tr("Draws the window as it would stand on the screen, into a PNG file."),
    tr("Example: rnnviz render not_happy -o lab.png --theme light --backward 2"),
    _options,
    _run,
)
