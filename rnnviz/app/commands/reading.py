"""A text read by a network: what `rnnviz trace` shows."""

from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from rnnviz.app.texts import tr
from rnnviz.document.tokens import tokenise
from rnnviz.engine.arrays import Array
from rnnviz.engine.cell import Cell
from rnnviz.engine.cells import find_cell
from rnnviz.engine.definitions import definitions
from rnnviz.engine.errors import EngineError
from rnnviz.engine.gradients import Gradients, backward
from rnnviz.engine.heads import Softmax
from rnnviz.engine.initial_weights import initial_weights
from rnnviz.engine.inputs import Tokens
from rnnviz.engine.layers import Direction
from rnnviz.engine.network import Form, Network
from rnnviz.engine.notebook import forward, network
from rnnviz.engine.trace import Trace

MOST_NUMBERS = 50_000_000
"""Weights, or values in a trace: a gigabyte or two with their gradients."""


@dataclass(frozen=True)
class Reading:
    """A text, the network that read it, and all that came of it.

    Attributes
    ----------
    text : str
        As it came.
    tokens, vocabulary : tuple of str
        What was read at each step, and the different ones of it in the order of their appearance.
    classes : tuple of str
        The names of the outputs.
    targets : tuple of str
        The right class, or one for each step.
    loss_steps : "last" or "every"
        Where the loss is taken.
    seed : int
        Of the weights.
    """

    text: str
    tokens: tuple[str, ...]
    vocabulary: tuple[str, ...]
    classes: tuple[str, ...]
    targets: tuple[str, ...]
    loss_steps: Literal["last", "every"]
    seed: int
    network: Network
    trace: Trace

    @cached_property
    def gradients(self) -> Gradients:
        """The gradient of the loss by everything."""
        return backward(self.trace, self.loss_steps)

    @property
    def cell(self) -> Cell:
        """The cell of all layers."""
        return self.network.layers[0].cell

    @property
    def parts(self) -> tuple[str, ...]:
        """The layers and directions, such as `layer0/forward`."""
        return tuple(
            f"layer{number}/{direction}"
            for number, layer in enumerate(self.network.layers)
            for direction in layer.directions
        )

    @cached_property
    def losses(self) -> Array:
        """The loss of each answer `[answers]`, 0 where it does not count."""
        return self.trace.losses(self.loss_steps)[:, 0]

    def answer_row(self, step: int) -> int | None:
        """Which of the answers is that of a step; one that answers once does so at the end."""
        if not self.network.single:
            return step
        return 0 if step == len(self.tokens) - 1 else None

    @property
    def loss(self) -> float:
        """The loss, summed over its steps."""
        return self.trace.loss(self.loss_steps)


def read(arguments: Namespace) -> Reading:
    """Read a text as the options say.

    Raises
    ------
    EngineError
        No token, an unknown cell or class, too large a network, holds that fit nothing.
    """
    text = _given(arguments.text)
    tokens = tokenise(text, arguments.split)
    if not tokens:
        raise EngineError(tr("text: no token came, expected at least one, such as a word"))
    number_of = {token: number for number, token in enumerate(dict.fromkeys(tokens))}
    steps = arguments.loss
    targets = _targets(arguments, len(tokens))
    made = _network(arguments, len(number_of), len(tokens))
    weights = initial_weights(made, arguments.seed, dtype=arguments.dtype or "float64")
    numbers = [arguments.classes.index(target) for target in targets]
    trace = forward(
        made,
        weights,
        [number_of[token] for token in tokens],
        numbers[-1] if made.single else numbers,
        holds=arguments.hold,
    )
    return Reading(
        text,
        tokens,
        tuple(number_of),
        arguments.classes,
        targets,
        steps,
        arguments.seed,
        made,
        trace,
    )


def _given(text: str) -> str:
    if text != "-":
        return text
    if sys.stdin is None:
        raise EngineError(tr("text: - came, but there is no input to read from"))
    try:
        return sys.stdin.read()
    except UnicodeDecodeError as error:
        raise EngineError(
            tr("text: the input is not {encoding} text").format(encoding=error.encoding)
        ) from None


def _targets(arguments: Namespace, steps: int) -> tuple[str, ...]:
    classes, chosen = arguments.classes, arguments.target or arguments.classes[:1]
    if len(classes) < 2:
        raise EngineError(tr("classes: one came, expected at least two to choose from"))
    for target in chosen:
        if target not in classes:
            raise EngineError(
                tr("target: {came!r} is not one of the classes {known}").format(
                    came=target, known=", ".join(classes)
                )
            )
    if len(chosen) == 1:
        return tuple(chosen) * steps
    if arguments.loss == "last" or len(chosen) != steps:
        raise EngineError(
            tr(
                "target: {count} classes came, expected one, or with --loss every one for each "
                "of the {steps} tokens"
            ).format(count=len(chosen), steps=steps)
        )
    return tuple(chosen)


def _network(arguments: Namespace, vocabulary: int, steps: int) -> Network:
    """With one loss at the end, a bidirectional network is read where each direction ends."""
    cell, both = find_cell(arguments.cell), arguments.bidirectional
    direction: Direction = "both" if both else "forward"
    form: Form = "many-to-one" if both and arguments.loss == "last" else "many-to-many"
    made = network(
        cell,
        Tokens(vocabulary, arguments.embedding),
        arguments.hidden,
        Softmax(len(arguments.classes)),
        form,
        arguments.layers,
        direction,
    )
    units = sum(len(definitions(layer.cell)) * layer.outputs for layer in made.layers)
    values = steps * (made.input.size + units)
    if max(made.parameter_count, values) > MOST_NUMBERS:
        raise EngineError(
            tr(
                "hidden: {hidden} units and {layers} layers came for {steps} tokens; that is "
                "{weights:,} weights and {values:,} values, expected at most {most:,} of each"
            ).format(
                hidden=arguments.hidden,
                layers=arguments.layers,
                steps=steps,
                weights=made.parameter_count,
                values=values,
                most=MOST_NUMBERS,
            )
        )
    return made
