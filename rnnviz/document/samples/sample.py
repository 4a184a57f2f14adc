"""A sample: a small network, what it learns from, how, and what it is asked at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, final

from rnnviz.document.history import Score
from rnnviz.engine.batching import Samples
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.initial_weights import STANDARD, Initialisation
from rnnviz.engine.network import Network
from rnnviz.engine.recipes import Recipe
from rnnviz.engine.weights import Weights

AnyNetwork: TypeAlias = Network | EncoderDecoder


@final
@dataclass(frozen=True)
class Measured:
    """What a trained network reaches on what it has not learned from.

    Attributes
    ----------
    score : Score
        The measure that the document states.
    facts : tuple of str
        What else was measured, as sentences for its notes.
    """

    score: Score
    facts: tuple[str, ...] = ()


@final
@dataclass(frozen=True, eq=False)
class Task:
    """Everything that the training of a sample needs.

    Attributes
    ----------
    network : Network or EncoderDecoder
        What is trained.
    recipe : Recipe
        How; its seed is also that of the first weights.
    learned : Samples
        What it learns from.
    asked : Samples or None
        What decides, while it trains, which moment was the best; None lets what is learned decide.
    test : Samples
        What is asked at the end, and never before.
    measure : callable
        Measures weights on `test`.
    parts : mapping
        Parts of the document by their names: vocabulary, labels, the sequence looked at.
    scheme : Initialisation
        How the first weights are drawn.
    further : callable
        Finds facts for which other networks have to be trained.
    """

    network: AnyNetwork
    recipe: Recipe
    learned: Samples
    asked: Samples | None
    test: Samples
    measure: Callable[[Weights], Measured]
    parts: Mapping[str, Any] = field(default_factory=dict)
    scheme: Initialisation = STANDARD
    further: Callable[[], tuple[str, ...]] = tuple


@final
@dataclass(frozen=True)
class Sample:
    """One sample.

    Attributes
    ----------
    name : str
        What its file and the command line call it.
    title : str
        What people call it.
    task : str
        What the network does, in a few words.
    shows : str
        What is to be seen in it, and what it cannot do.
    data : tuple of str
        The names of its data sets in the catalogue; none for data that are generated.
    make : callable
        Prepares the training.
    """

    name: str
    title: str
    task: str
    shows: str
    data: tuple[str, ...]
    make: Callable[[], Task]
