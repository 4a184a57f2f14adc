"""What a subcommand is: a name, its words of help, its options, and what it does."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass

from rnnviz.app.screen import Screen


@dataclass(frozen=True)
class Command:
    """A subcommand.

    Attributes
    ----------
    name : str
        As it is typed.
    help, description, epilog : str
        One line for the list of commands; what it does; what else there is to know.
    options : callable
        Adds its options to a parser.
    run : callable
        `(arguments, screen)` -> the exit code.
    """

    name: str
    help: str
    description: str
    epilog: str
    options: Callable[[ArgumentParser], None]
    run: Callable[[Namespace, Screen], int]
