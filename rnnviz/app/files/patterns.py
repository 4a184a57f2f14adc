"""What a new document can begin with: the trained samples, and small networks without knowledge."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias, final

import numpy as np

from rnnviz.document.document import Document
from rnnviz.document.evaluate import evaluate
from rnnviz.document.new import new_document
from rnnviz.document.resources import resource
from rnnviz.document.samples import SAMPLES
from rnnviz.document.storage import SUFFIX, Preview, load, peek
from rnnviz.engine.arrays import Array
from rnnviz.engine.cells import find_cell
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.panels.texts import translate

EMPTY = "empty"
SUBJECTS: dict[str, tuple[str, ...]] = {
    "feelings": ("not_happy", "sentiment"),
    "grammar": ("pos", "agreement"),
    "names": ("ner", "names"),
    "translation": ("translation",),
    "series": ("vowels", "weather"),
    "events": ("clicks", "promoters"),
    "memory": ("adding",),
}
"""Subject -> how the names of its samples begin."""
MOST_STEPS, MOST_UNITS = 160, 12
"""How much of the hidden state is drawn."""

AnyNetwork: TypeAlias = Network | EncoderDecoder


@final
@dataclass(frozen=True, eq=False)
class Pattern:
    """One thing that a new document can begin with.

    Attributes
    ----------
    subject : str
        One of `SUBJECTS`, `EMPTY`, or "other".
    title, task, shows : str
        What people call it, what it does, and what is to be seen in it.
    network : Network or EncoderDecoder
        Its parts.
    tokens : tuple of str
        What it reads, where that is words.
    path : Path or None
        Its file.
    preview : Preview or None
        What the file says of it.
    cell : str
        The cell of a network without knowledge.
    """

    subject: str
    title: str
    task: str
    shows: str
    network: AnyNetwork
    tokens: tuple[str, ...] = ()
    path: Path | None = None
    preview: Preview | None = None
    cell: str = ""

    @property
    def kind(self) -> str:
        """Cells and directions, such as `BiLSTM`."""
        layers = self.network.layers
        both = any(layer.direction == "both" for layer in layers)
        names = ", ".join(dict.fromkeys(layer.cell.title for layer in layers))
        return f"Bi{names}" if both else names

    @property
    def top(self) -> Layer:
        """The last layer that reads: of an encoder-decoder the encoder's."""
        network = self.network
        layers = network.encoder if isinstance(network, EncoderDecoder) else network.layers
        return layers[-1]

    @property
    def size(self) -> str:
        """How large the network is."""
        words = translate("Patterns", "{units} units, {count:,} weights")
        units = self.top.outputs
        return words.format(units=units, count=self.network.layout.size)

    @property
    def searched(self) -> str:
        """All its words, for the search."""
        score = self.preview.score.name if self.preview and self.preview.score else ""
        return " ".join((self.title, self.task, self.kind, self.shows, score)).casefold()

    def document(self) -> Document:
        """The document that it stands for.

        Raises
        ------
        FileError
            Its file cannot be read.
        """
        return new_document(self.cell) if self.path is None else load(self.path)


def subject_names() -> dict[str, str]:
    """Subject -> what people call it, in the order of the list."""
    return {
        "feelings": translate("Patterns", "Feelings"),
        "grammar": translate("Patterns", "Grammar"),
        "names": translate("Patterns", "Names"),
        "translation": translate("Patterns", "Translation"),
        "series": translate("Patterns", "Sound and weather"),
        "events": translate("Patterns", "Clicks and genes"),
        "memory": translate("Patterns", "Long memory"),
        "other": translate("Patterns", "Other"),
        EMPTY: translate("Patterns", "Without knowledge"),
    }


def patterns() -> tuple[Pattern, ...]:
    """Everything that can be begun with; a sample whose file cannot be read is left out."""
    return (*_samples(), *_empty())


def _samples() -> list[Pattern]:
    found = []
    for sample in SAMPLES:
        try:
            path = resource("samples", f"{sample.name}{SUFFIX}")
            seen = peek(path)
        except EngineError:
            continue
        found.append(
            Pattern(
                _subject(sample.name),
                seen.title or sample.title,
                sample.task,
                sample.shows,
                seen.network,
                seen.tokens,
                path,
                seen,
            )
        )
    return found


def _subject(name: str) -> str:
    return next((s for s, starts in SUBJECTS.items() if name.startswith(starts)), "other")


def _empty() -> list[Pattern]:
    shows = translate("Patterns", "Weights by chance, nothing learned yet: change everything.")
    task = translate("Patterns", "two classes, yours to name")
    found = []
    for name in ("rnn", "lstm", "gru"):
        document = new_document(name)
        words = translate("Patterns", "New {cell}").format(cell=find_cell(name).title)
        tokens = tuple(map(str, document.sequence))
        found.append(Pattern(EMPTY, words, task, shows, document.network, tokens, cell=name))
    return found


@final
@dataclass(frozen=True, eq=False)
class Look:
    """What is seen of a pattern: computed from its own weights.

    Attributes
    ----------
    hidden : tuple of array `[time, units]`
        The hidden state of the last layer, of each of its directions; of large ones a part.
    inputs : array `[time, inputs]`, or None for words
        What was read.
    """

    hidden: tuple[Array, ...]
    inputs: Array | None


@lru_cache(maxsize=256)
def look_of(pattern: Pattern) -> Look | None:
    """What the network of a pattern computes; None where that cannot be drawn."""
    try:
        document = pattern.document()
        trace = evaluate(document)
    except (EngineError, MemoryError):
        return None
    if trace is None:
        return None
    network = document.network
    coded = isinstance(network, EncoderDecoder)
    layers = network.encoder if isinstance(network, EncoderDecoder) else network.layers
    prefix = f"{'encoder/' if coded else ''}layer{len(layers) - 1}"
    hidden = []
    for direction in layers[-1].directions:
        values = trace.trace[f"{prefix}/{direction}/h"][:, 0]
        ordered = values[::-1] if direction == "backward" else values
        hidden.append(np.array(ordered[:MOST_STEPS, :MOST_UNITS]))
    words = document.vocabulary is not None
    inputs = None if words else np.array(document.sequence, float)[:MOST_STEPS]
    return Look(tuple(hidden), inputs)
