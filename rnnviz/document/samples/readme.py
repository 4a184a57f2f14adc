"""The table of the samples in the README beside their files."""

from __future__ import annotations

from pathlib import Path

from rnnviz.document.catalogue import find as find_data
from rnnviz.document.samples import SAMPLES
from rnnviz.document.samples.sample import AnyNetwork, Sample
from rnnviz.document.samples.training import rights
from rnnviz.document.storage import SUFFIX, peek
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError
from rnnviz.engine.inputs import Input, Tokens
from rnnviz.engine.layers import Layer

README = "README.md"

_START, _END = "<!-- samples -->\n", "<!-- /samples -->\n"
_HEAD = (
    "| file | task | data | network | numbers | held out: score | baseline | of | KB | licence "
    "of the data |\n| --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |\n"
)


def with_table(text: str, folder: Path) -> str:
    """The text of a README with the table of the samples in `folder` put in.

    Raises
    ------
    EngineError
        The text has no place for it.
    FileError
        A sample cannot be read.
    """
    before, start, rest = text.partition(_START)
    _, end, after = rest.partition(_END)
    if not start or not end:
        raise EngineError(f"text: no lines {_START.strip()!r} and {_END.strip()!r} came")
    return f"{before}{start}{table(folder)}{end}{after}"


def table(folder: Path) -> str:
    """A row for each sample whose file is in `folder`."""
    files = [(sample, folder / f"{sample.name}{SUFFIX}") for sample in SAMPLES]
    return _HEAD + "".join(_row(sample, path) for sample, path in files if path.exists())


def _row(sample: Sample, path: Path) -> str:
    seen = peek(path)
    score = seen.score
    assert score is not None
    data = ", ".join(find_data(name).title for name in sample.data) or "generated"
    baseline = "" if score.baseline is None else f"{score.baseline:.3f}"
    cells = (
        f"`{path.name}`",
        sample.task,
        data,
        described(seen.network),
        f"{seen.parameters:,}",
        f"{score.name} {score.value:.3f}",
        baseline,
        f"{score.count:,}",
        f"{path.stat().st_size / 1_000:.0f}",
        rights(sample)[0],
    )
    return f"| {' | '.join(cells)} |\n"


def described(network: AnyNetwork) -> str:
    """What a network is made of, from what it reads to what it answers."""
    if isinstance(network, EncoderDecoder):
        attention = network.attention
        parts = [
            _input(network.source),
            *map(_layer, network.encoder),
            *(() if attention is None else (f"attention {attention}",)),
            _input(network.target),
            *map(_layer, network.decoder),
        ]
    else:
        parts = [_input(network.input), *map(_layer, network.layers)]
    if network.head is not None:
        parts.append(f"{network.head.kind} {network.head.outputs}")
    return ", ".join(parts)


def _input(read: Input) -> str:
    if not isinstance(read, Tokens):
        return f"{read.size} numbers" if read.size > 1 else "1 number"
    if read.embedding is None:
        return f"{read.vocabulary} words, one-hot"
    return f"{read.vocabulary:,} words in {read.embedding}"


def _layer(layer: Layer) -> str:
    both = "Bi" if layer.direction == "both" else ""
    return f"{both}{layer.cell.title} {layer.hidden}"
