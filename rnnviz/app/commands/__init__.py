"""The subcommands of the command line, each in a module of its own."""

from __future__ import annotations

from rnnviz.app.commands.check import CHECK
from rnnviz.app.commands.command import Command
from rnnviz.app.commands.exporting import EXPORT
from rnnviz.app.commands.importing import IMPORT
from rnnviz.app.commands.info import INFO
from rnnviz.app.commands.render import RENDER
from rnnviz.app.commands.trace import TRACE
from rnnviz.app.commands.training import TRAIN
from rnnviz.app.commands.writing import WRITE

COMMANDS: tuple[Command, ...] = (TRACE, INFO, IMPORT, EXPORT, TRAIN, WRITE, CHECK, RENDER)

__all__ = ["COMMANDS", "Command"]
