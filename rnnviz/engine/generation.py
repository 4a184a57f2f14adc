"""Networks that are fed their own answers: one-to-many, and a decoder that runs free.

What comes back is a sequence and the ordinary trace of the network on it: every number of a free
run is that of a forward pass over the tokens it chose. Its gradients take those tokens as given; no
gradient flows through a choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from rnnviz.engine.arrays import Array
from rnnviz.engine.batch import Batch
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError
from rnnviz.engine.heads import Regression, Softmax
from rnnviz.engine.holds import Hold
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.losses import softmax
from rnnviz.engine.network import Network
from rnnviz.engine.trace import Trace
from rnnviz.engine.weights import Weights


@dataclass(frozen=True, eq=False)
class Generated:
    """What a network wrote.

    Attributes
    ----------
    sequence : tuple of int, or array `[time, outputs]`
        The tokens, or the numbers, that it wrote, without the ones it was given.
    trace : Trace
        The forward pass over all that it read, the given and its own.
    stopped : bool
        Whether it wrote the stop token, rather than running into the limit.
    """

    sequence: Any
    trace: Trace
    stopped: bool


@dataclass(frozen=True)
class Sampling:
    """How the next token is chosen.

    Attributes
    ----------
    temperature : float
        The outputs are divided by it before the softmax: below 1 bolder, above 1 more varied.
        0 takes the most probable token.
    seed : int
        Of the draws.
    """

    temperature: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        """Check the temperature."""
        if not (np.isfinite(self.temperature) and self.temperature >= 0.0):
            raise EngineError(f"temperature: {self.temperature} came, expected a number >= 0")


def generate(
    network: Network,
    weights: Weights,
    given: Any,
    length: int,
    sampling: Sampling | None = None,
    stop: int | None = None,
    initial: Mapping[str, Any] | None = None,
) -> Generated:
    """Let a network continue `given` with its own answers.

    Parameters
    ----------
    given : sequence
        The tokens, or the vectors `[time, units]`, that it reads first; at least one.
    length : int
        The most steps that it may write.
    sampling : Sampling, optional
        For tokens; by default the most probable one is taken.
    stop : int, optional
        The token that ends the sequence.
    initial : mapping, optional
        Path of a state -> its first value, such as an image's description for a caption.

    Raises
    ------
    EngineError
        A network that cannot read what it writes, or a layer that reads backward.
    """
    _check(network, length)
    written: list[Any] = []
    dtype = weights.vector.dtype
    first = network.batch(given, None, initial, dtype)
    for answer in _answers(network, weights, first, sampling or Sampling()):
        written.append(answer)
        if len(written) == length or (stop is not None and answer == stop):
            break
    trace = network.forward(weights, network.batch([*given, *written[:-1]], None, initial, dtype))
    sequence = tuple(written) if isinstance(network.input, Tokens) else np.array(written)
    return Generated(sequence, trace, stopped=stop is not None and written[-1] == stop)


def _answers(network: Network, weights: Weights, batch: Batch, sampling: Sampling) -> Iterator[Any]:
    """One answer after another, each read in its turn."""
    rng = np.random.default_rng(sampling.seed)
    while True:
        trace = network.forward(weights, batch)
        assert trace.logits is not None
        answer = _answer(network, trace.logits[-1, 0], sampling, rng)
        yield answer
        states = {path: trace.final(path) for path in network.state_paths}
        batch = network.batch([answer], None, states, weights.vector.dtype)


def translate(
    network: EncoderDecoder,
    weights: Weights,
    source: Any,
    length: int,
    sampling: Sampling | None = None,
    holds: Iterable[Hold] = (),
) -> Generated:
    """Let a decoder run free: it reads `start` and then its own tokens until it writes `stop`.

    Parameters
    ----------
    source : sequence
        One source sequence.
    length : int
        The most tokens that it may write, `stop` included.
    holds : iterable of Hold
        Interventions; those at steps that are not reached are left out.
    """
    if length < 1:
        raise EngineError(f"length: {length} came, expected at least 1")
    rng, chosen = np.random.default_rng((sampling or Sampling()).seed), list(holds)
    written: list[int] = []
    while True:
        batch = network.batch([source], [written] if written else None, weights.vector.dtype)
        reached = [h for h in chosen if h.path.startswith("encoder/") or h.step < batch.steps]
        trace = network.forward(weights, batch, reached)
        assert trace.logits is not None
        answer = int(_choose(trace.logits[-1, 0], sampling or Sampling(), rng))
        if answer == network.stop or len(written) + 1 >= length:
            stopped = answer == network.stop
            return Generated((*written, answer), trace, stopped)
        written.append(answer)


def _check(network: Network, length: int) -> None:
    if length < 1:
        raise EngineError(f"length: {length} came, expected at least 1")
    if any("backward" in layer.directions for layer in network.layers) or network.single:
        raise EngineError("network: it must answer every step and read forward to feed itself")
    if any(layer.unshared is not None for layer in network.layers):
        raise EngineError("network: unshared weights end with the last step they were made for")
    reads, head = network.input, network.head
    tokens = isinstance(reads, Tokens) and isinstance(head, Softmax)
    numbers = isinstance(reads, Vectors) and isinstance(head, Regression)
    size = reads.vocabulary if isinstance(reads, Tokens) else reads.size
    if not (tokens or numbers) or head is None or head.outputs != size:
        raise EngineError("network: it cannot read what it writes; inputs and outputs must agree")


def _answer(network: Network, outputs: Array, sampling: Sampling, rng: np.random.Generator) -> Any:
    if isinstance(network.head, Regression):
        return outputs
    return _choose(outputs, sampling, rng)


def _choose(outputs: Array, sampling: Sampling, rng: np.random.Generator) -> int:
    if sampling.temperature == 0.0 or not np.isfinite(outputs).all():
        return int(np.argmax(outputs))
    chances = softmax(outputs.astype(np.float64) / sampling.temperature)
    return int(rng.choice(len(chances), p=chances / chances.sum()))
