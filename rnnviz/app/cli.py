"""The command line: `rnnviz` opens the window, `rnnviz trace` and the others print."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from typing import NoReturn

from rnnviz._version import __version__
from rnnviz.app.commands import COMMANDS
from rnnviz.app.opening import NEW_WINDOW, open_window, wanted_file
from rnnviz.app.screen import Screen
from rnnviz.app.texts import tr
from rnnviz.app.threads import use_one_thread
from rnnviz.engine.errors import EngineError

READ_APART = "--read-apart"
"""See `rnnviz.document.interchange.apart`, which is too heavy to be imported here."""

WRONG = 2
INTERRUPTED = 130
BROKEN_PIPE = 141


class _Parser(ArgumentParser):
    """A parser whose mistakes are one sentence: argparse names `error` as the place to say so."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where to read more."""
        raise EngineError(
            tr("{message} (see {command} --help)").format(message=message, command=self.prog)
        )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments after the program's name; by default those it was started with.

    Returns
    -------
    The exit code: 0, 1 (`check` found a wrong gradient), 2 (an argument that does not fit, a file
    that cannot be written), 130 (interrupted), 141 (nobody reads the output any more).
    """
    use_one_thread()
    if argv is None and sys.argv[1:2] == [READ_APART]:
        return _read_apart(*sys.argv[2:4])
    screen = Screen(sys.stdout)
    try:
        return _guarded(argv, screen)
    except BrokenPipeError:
        screen.give_up()
        return BROKEN_PIPE
    except KeyboardInterrupt:
        screen.give_up()
        return INTERRUPTED
    except OSError as error:
        screen.give_up()
        where = f"{error.filename}: " if error.filename else ""
        return _complain(f"{where}{error.strerror or error}")
    except MemoryError:
        screen.give_up()
        return _complain(tr("there is not enough memory for a network of that size"))
    except EngineError as error:
        return _complain(str(error))


def _read_apart(reader: str, path: str) -> int:
    """Be the process that reads one file for a packaged program."""
    from rnnviz.document.interchange.child import main as read

    read(reader, path)
    return 0


def _guarded(argv: Sequence[str] | None, screen: Screen) -> int:
    given = sys.argv[1:] if argv is None else argv
    path = wanted_file(given, [command.name for command in COMMANDS])
    if path is not None:
        return open_window(path, NEW_WINDOW in given)
    parser = _parser()
    try:
        code = _command(parser, parser.parse_args(argv), screen)
    except SystemExit as end:  # --help and --version
        code = end.code if isinstance(end.code, int) else 0
    screen.flush()
    return code


def _command(parser: ArgumentParser, arguments: Namespace, screen: Screen) -> int:
    for command in COMMANDS:
        if command.name == arguments.command:
            return command.run(arguments, screen)
    for line in parser.format_help().splitlines():
        screen.line(line)
    return 0


def _complain(sentence: str) -> int:
    if sys.stderr is not None:
        Screen(sys.stderr).line(f"rnnviz: {sentence}")
    return WRONG


def _parser() -> ArgumentParser:
    parser = _Parser(
        prog="rnnviz",
        description=tr("See how recurrent neural networks compute, remember and learn."),
        epilog=tr(
            "Without a command the window opens, with a document if one is named:\n\n"
            "  rnnviz\n"
            "  rnnviz sunspots.rnnviz\n"
            "  rnnviz --new-window sunspots.rnnviz\n\n"
            "The commands compute and print. Try\n\n"
            '  rnnviz trace "I am not happy"\n'
            "  rnnviz train data:sunspots -o sunspots.rnnviz\n"
            "  rnnviz info sunspots.rnnviz\n\n"
            "or, in Python, import rnnviz."
        ),
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"rnnviz {__version__}")
    subparsers = parser.add_subparsers(
        title=tr("commands"), dest="command", metavar=tr("COMMAND"), parser_class=_Parser
    )
    for command in COMMANDS:
        command.options(
            subparsers.add_parser(
                command.name,
                help=command.help,
                description=command.description,
                epilog=command.epilog,
                allow_abbrev=False,
            )
        )
    return parser
