"""A network in plain words, as the commands say it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from rnnviz.app.screen import Screen
from rnnviz.app.tables import CUT, visible
from rnnviz.app.texts import tr
from rnnviz.document import memory
from rnnviz.document.history import Score
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.heads import Head
from rnnviz.engine.inputs import Input, Tokens
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network

AnyNetwork = Network | EncoderDecoder

COLUMNS = 90
FIRST = 20


def show_network(network: AnyNetwork, screen: Screen) -> None:
    """Print a network, a line for each of its parts."""
    show_rows(network_rows(network), screen)


def show_rows(rows: Iterable[tuple[str, str]], screen: Screen) -> None:
    """Print a name and a text in each row; long texts take several lines, empty ones none."""
    lines: list[list[str]] = []
    for name, text in rows:
        parts = wrap(visible(text), COLUMNS) if len(text) > COLUMNS else [visible(text)]
        lines += [["" if number else name, part] for number, part in enumerate(parts) if part]
    screen.table(lines, "<")


def some(words: Sequence[str], between: str = ", ") -> str:
    """The first words, and an ellipsis where there are more."""
    rest = (CUT,) if len(words) > FIRST else ()
    return between.join((*words[:FIRST], *rest))


def network_rows(network: AnyNetwork) -> Iterator[tuple[str, str]]:
    """What a network is: a word, and what there is to say of it."""
    if isinstance(network, EncoderDecoder):
        yield tr("reads"), said_input(network.source)
        yield tr("encoder"), said_layers(network.encoder)
        yield tr("decoder"), said_layers(network.decoder)
        yield tr("writes"), said_input(network.target)
        if network.attention is None:
            yield tr("attention"), tr("none: one vector carries the whole sentence over")
        else:
            yield tr("attention"), tr("{count} units").format(count=network.attention)
    else:
        yield tr("reads"), said_input(network.input)
        yield tr("layers"), said_layers(network.layers)
        yield tr("answers"), _said_head(network.head, network.single)
    yield tr("weights"), f"{network.parameter_count:,}"


def memory_row(network: AnyNetwork, steps: int, itemsize: int = 8) -> tuple[str, str]:
    """What a sequence of so many steps would take."""
    bytes_needed = memory.needed(network, steps, itemsize=itemsize)
    words = tr("about {taken} for {steps:,} steps, with all gradients").format(
        taken=memory.said(bytes_needed), steps=steps
    )
    there = memory.of_machine()
    if there is not None and bytes_needed > memory.USABLE * there:
        words = tr("{words}; this machine has {there}").format(
            words=words, there=memory.said(there)
        )
    return tr("memory"), words


def said_input(source: Input) -> str:
    """What is read at each step."""
    if not isinstance(source, Tokens):
        return tr("vectors of {count} numbers").format(count=source.size)
    if source.embedding is None:
        return tr("{count:,} words, one-hot").format(count=source.vocabulary)
    return tr("{count:,} words, as embeddings of {units} units").format(
        count=source.vocabulary, units=source.embedding
    )


def said_layers(layers: tuple[Layer, ...]) -> str:
    """The layers from the bottom up; like ones together."""
    runs: list[tuple[Layer, int]] = []
    for layer in layers:
        if runs and runs[-1][0] == layer:
            runs[-1] = (layer, runs[-1][1] + 1)
        else:
            runs.append((layer, 1))
    return tr(", then ").join(_said_run(layer, count) for layer, count in runs)


def _said_run(layer: Layer, count: int) -> str:
    ways = {
        "forward": "",
        "backward": tr(", backward"),
        "both": tr(", in both directions"),
    }
    words = tr("{cell} of {units} units").format(cell=layer.cell.title, units=layer.hidden)
    if count > 1:
        words = tr("{count} x {words}").format(count=count, words=words)
    words += ways[layer.direction]
    return words + (tr(", residual") if layer.residual else "")


def _said_head(head: Head | None, single: bool) -> str:
    if head is None:
        return tr("with its hidden states alone")
    when = tr("once, at the end") if single else tr("at every step")
    kinds = {
        "softmax": tr("one of {count:,} classes"),
        "regression": tr("{count:,} numbers"),
        "crf": tr("one of {count:,} tags, the best path of them (CRF)"),
    }
    if head.kind == "regression" and head.outputs == 1:
        kinds["regression"] = tr("{count} number")
    return f"{kinds[head.kind].format(count=head.outputs)}, {when}"


def said_score(score: Score | None) -> str:
    """A score beside its baseline."""
    if score is None:
        return tr("none was measured")
    words = tr("{name} {value:.3f} on {count:,} held out").format(
        name=score.name, value=score.value, count=score.count
    )
    if score.baseline is None:
        return words
    return tr("{words}; something simple reaches {baseline:.3f}").format(
        words=words, baseline=score.baseline
    )
