"""Every value of a forward pass, addressed by path: `trace["layer0/forward/f"]`, read-only."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from rnnviz.engine import heads
from rnnviz.engine.arrays import AnyArray, Array, Integers, frozen
from rnnviz.engine.batch import Batch
from rnnviz.engine.errors import EngineError, UnknownError
from rnnviz.engine.evaluate import Reader
from rnnviz.engine.heads import Outcome, chosen_steps
from rnnviz.engine.layers import LayerRun, Pass
from rnnviz.engine.losses import LossSteps, checked_steps
from rnnviz.engine.overflow import Overflow, of_trace

if TYPE_CHECKING:
    from rnnviz.engine.decoder import DecoderRun
    from rnnviz.engine.encoder_decoder import EncoderDecoder
    from rnnviz.engine.network import Network


class Trace:
    """What a network computed. All arrays are `[time, batch, unit]` and read-only.

    Paths are `layer0/x` (the layer's input), `layer0/forward/f` (a quantity of a cell; also any
    expression of its symbols, such as `layer0/forward/f * c_prev`), `layer0/output`,
    `head/outputs` (before the softmax) and `head/predictions`. An encoder-decoder has its layers at
    `encoder/layer0` and `decoder/layer0` and `context`, `attention/weights` and more besides.
    """

    def __init__(
        self,
        network: Network | EncoderDecoder,
        shared: Pass,
        batch: Batch,
        runs: dict[str, LayerRun],
        read: Array,
        logits: Array | None,
        extras: Mapping[str, Array] | None = None,
    ) -> None:
        self.network, self.batch = network, batch
        self.weights, self.holds = shared.weights, shared.holds
        self.runs, self.read = runs, frozen(read)
        self.logits = None if logits is None else frozen(logits)
        self.extras = extras or {}
        self.decoded_run: DecoderRun | None = None
        self._outcomes: dict[LossSteps | None, Outcome] = {}

    @property
    def steps(self) -> int:
        """The number of time steps."""
        return self.batch.steps

    def __getitem__(self, path: str) -> Array:
        """The values at `path`, `[time, batch, unit]`.

        Raises
        ------
        UnknownError
            A path that is not there.
        """
        if path in self.extras:
            return frozen(self.extras[path])
        part, _, symbol = str(path).rpartition("/")
        if part in self.runs:
            return frozen(self._of_layer(self.runs[part], symbol))
        if part == "head" and self.logits is not None:
            return frozen(self._of_head(symbol))
        layer, _, direction = part.rpartition("/")
        run = self.runs.get(layer)
        if run is None or direction not in run.tapes:
            raise UnknownError("path", path, self.paths())
        values = self.reader(part).value(symbol)
        return frozen(run.orders[direction].outward(values))

    def reader(self, part: str) -> Reader:
        """Reads expressions of the layer and direction `part`, in process order."""
        layer, _, direction = part.rpartition("/")
        run = self.runs[layer]
        reverse = run.orders[direction].reverse

        def parameter(name: str) -> Array:
            weight = self.weights[f"{part}/{name}"]
            return weight[::-1] if reverse and run.layer.unshared is not None else weight

        return Reader(run.tapes[direction], parameter)

    @staticmethod
    def _of_layer(run: LayerRun, symbol: str) -> Array:
        if symbol not in ("x", "output"):
            raise UnknownError("path", f"{run.prefix}/{symbol}", ("x", "output"))
        return run.x if symbol == "x" else run.output

    def _of_head(self, symbol: str) -> Array:
        assert self.logits is not None
        if symbol == "outputs":
            return self.logits
        if symbol == "predictions":
            return self.predictions
        raise UnknownError("path", f"head/{symbol}", ("outputs", "predictions"))

    def paths(self) -> tuple[str, ...]:
        """Everything that is stored."""
        found: list[str] = []
        for prefix, run in self.runs.items():
            found.append(f"{prefix}/x")
            for direction in run.tapes:
                part = f"{prefix}/{direction}"
                found += [f"{part}/{name}" for name in self.reader(part).names() if name != "x"]
            found.append(f"{prefix}/output")
        found += self.extras
        if self.logits is not None:
            found += ["head/outputs", "head/predictions"]
        return tuple(found)

    @cached_property
    def predictions(self) -> Array:
        """Probabilities (or the numbers of a regression) `[time, batch, outputs]`."""
        head = self._head()
        assert self.logits is not None
        with np.errstate(all="ignore"):
            return frozen(heads.predictions(head, self.weights, self.logits, self._lengths()))

    @cached_property
    def decoded(self) -> Any:
        """The answer at each step: class, tag of the best path, or number."""
        head = self._head()
        assert self.logits is not None
        return frozen(heads.decoded(head, self.weights, self.logits, self._lengths()))

    def _head(self) -> heads.Head:
        if self.network.head is None:
            raise EngineError("head: the network has none, so there are no outputs and no loss")
        return self.network.head

    def _lengths(self) -> Integers:
        assert self.logits is not None
        return np.minimum(self.batch.all_lengths, len(self.logits))

    def outcome(self, steps: LossSteps | None = None) -> Outcome:
        """The losses at `steps` (by default all) and what flows back from them."""
        steps = None if steps is None else checked_steps(steps)
        found = self._outcomes.get(steps)
        if found is None:
            found = self._outcomes[steps] = self._outcome(steps)
        return found

    def _outcome(self, steps: LossSteps | None) -> Outcome:
        head = self._head()
        if self.batch.targets is None:
            raise EngineError("targets: none came with the batch, so there is no loss")
        assert self.logits is not None
        chosen = chosen_steps(self.network.single, steps)
        return heads.outcome(
            head, self.weights, self.logits, self.batch.targets, self._lengths(), chosen
        )

    def losses(self, steps: LossSteps | None = None) -> Array:
        """The loss at each step `[time, batch]`; 0 where it does not count."""
        return frozen(self.outcome(steps).values)

    def loss(self, steps: LossSteps | None = None) -> float:
        """The loss: the sum over the steps, the mean over the rows."""
        with np.errstate(all="ignore"):
            return float(self.losses(steps).sum(dtype=np.float64) / self.batch.rows)

    def final(self, path: str) -> Array:
        """The last value of a state, such as `layer0/forward/c`: `[batch, hidden]`."""
        if path not in self.network.state_paths:
            raise UnknownError("state", path, self.network.state_paths)
        layer, direction, state = path.rsplit("/", 2)
        run = self.runs[layer]
        return frozen(run.orders[direction].last(run.tapes[direction].arrays[state]))

    @cached_property
    def overflow(self) -> Overflow | None:
        """Where the first inf or nan stands, in the order of computation; None if all is finite."""
        return of_trace(self)

    @property
    def nbytes(self) -> int:
        """The bytes of memory that the trace keeps, each block once."""
        arrays: list[AnyArray | None] = [self.read, self.logits, *self.extras.values()]
        for run in self.runs.values():
            arrays += [run.x, run.output, run.mask]
            for tape in run.tapes.values():
                arrays += [*tape.arrays.values(), tape.given[0]]
        if self.decoded_run is not None and self.decoded_run.attention is not None:
            arrays += [self.decoded_run.attention.keys, self.decoded_run.attention.values]
        owners = [a if a.base is None else a.base for a in arrays if a is not None]
        return sum({id(owner): owner.nbytes for owner in owners}.values())
