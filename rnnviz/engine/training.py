"""Training: batch after batch, down the gradient, as a generator of frozen snapshots."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from rnnviz.engine.arrays import Array
from rnnviz.engine.batch import Batch
from rnnviz.engine.batching import Packed, Samples, pack, shuffled_batches, windows
from rnnviz.engine.failures import inf_or_nan, where_it_overflowed
from rnnviz.engine.gradients import backward
from rnnviz.engine.optimisers import clip_norm, clip_value
from rnnviz.engine.recipes import Recipe, check_recipe, check_windows
from rnnviz.engine.scoring import Score, Tally, evaluate_packed
from rnnviz.engine.snapshots import Progress, Snapshot
from rnnviz.engine.trace import Trace
from rnnviz.engine.trainable import Trainable
from rnnviz.engine.weights import Weights, check_weights

STANDARD = Recipe()

_SHUFFLING, _DROPOUT = 0, 1  # what a generator made from the recipe's seed is for


def train(
    network: Trainable,
    weights: Weights,
    samples: Samples,
    recipe: Recipe = STANDARD,
    validation: Samples | None = None,
    progress: Callable[[Progress], bool | None] | None = None,
) -> Iterator[Snapshot]:
    """Train a network; the caller takes snapshots for as long as it likes.

    The same arguments give the same weights to the bit on the same machine.

    Parameters
    ----------
    network, weights
        A `Network` or `EncoderDecoder` and where it begins; both stay as they are.
    samples : Samples
        What is learned.
    recipe : Recipe
        How.
    validation : Samples, optional
        What is asked after each epoch, and never learned.
    progress : callable, optional
        Called after each update; training ends if it returns True.

    Returns
    -------
    iterator of Snapshot
        One after each epoch, and more if the recipe says so. Only the last says why it `ended`.

    Raises
    ------
    EngineError
        At once, not at the first snapshot: samples, weights or settings that do not fit.
    """
    check_weights(network.layout, weights)
    start = weights.astype(recipe.dtype or weights.vector.dtype)
    learned, asked = _packed(network, start, samples, recipe, validation)
    return _Run(network, start, learned, recipe, asked, progress).snapshots()


def _packed(
    network: Trainable,
    weights: Weights,
    samples: Samples,
    recipe: Recipe,
    validation: Samples | None,
) -> tuple[Packed, Packed | None]:
    """What is learned and what is asked, once the recipe is found to fit."""
    check_recipe(recipe, network, len(samples), validation is not None)
    dtype, asked = weights.vector.dtype, None
    learned = pack(network, samples, dtype, recipe.loss_steps)
    if recipe.truncate is not None:
        check_windows(recipe.truncate, network, learned.source is not None)
    if validation is not None:
        asked = pack(network, validation, dtype, recipe.loss_steps, "validation")
    return learned, asked


class _Run:
    """A training run: what changes from update to update."""

    def __init__(
        self,
        network: Trainable,
        weights: Weights,
        packed: Packed,
        recipe: Recipe,
        validation: Packed | None,
        progress: Callable[[Progress], bool | None] | None,
    ) -> None:
        self.network, self.recipe, self.packed = network, recipe, packed
        self.validation, self.progress = validation, progress
        self.weights = self.before = weights
        """The weights now, and those before the last update, with which all was finite."""
        self.state = recipe.optimiser.start(weights.vector.size, weights.vector.dtype.type)
        self.dropout = np.random.default_rng([recipe.seed, _DROPOUT])
        self.probe = packed.batch(np.array([recipe.probe]))
        self.rate = self._rate(0)
        self.best, self.best_loss, self.best_epoch = weights, math.inf, 0
        self.epoch, self.update, self.due, self.ended = 0, 0, 0, ""
        self.started = time.perf_counter()
        self._begin_epoch(0)

    def _begin_epoch(self, epoch: int) -> None:
        self.epoch, self.tally = epoch, Tally(self.recipe.per)
        self.norms: list[float] = []
        self.clipped = 0

    def snapshots(self) -> Iterator[Snapshot]:
        """Train epoch by epoch."""
        self.started = time.perf_counter()
        for epoch in range(1, self.recipe.epochs + 1):
            self._begin_epoch(epoch)
            for done in self._updates():
                self._report(done)
                if self.ended:
                    break
                if self._is_due() and done < 1:
                    yield self._snapshot()
            yield self._end_epoch()
            if self.ended:
                return

    def _is_due(self) -> bool:
        """Whether the recipe wants a snapshot of this update, asked after each."""
        count = 0 if self.recipe.every is None else self.update // self.recipe.every
        due, self.due = count > self.due, count
        return due

    def _updates(self) -> Iterator[float]:
        """Go through all samples once; after each update, the part that is done."""
        rng = np.random.default_rng([self.recipe.seed, _SHUFFLING, self.epoch])
        before, count = 0, len(self.packed)
        for rows in shuffled_batches(self.packed, self.recipe.batch_size, rng):
            for part in self._batch(self.packed.batch(rows)):
                yield (before + part * len(rows)) / count
            before += len(rows)

    def _batch(self, batch: Batch) -> Iterator[float]:
        """Learn from a batch, whole or by windows; after each update, the part that is done."""
        size = self.recipe.truncate
        if size is None or size >= batch.steps:
            self._learn(batch, batch.rows)
            yield 1.0
            return
        states: dict[str, Array] = {}
        count = math.ceil(batch.steps / size)
        for number, window in enumerate(windows(batch, size, self.network.single)):
            initial = {path: state[window.rows] for path, state in states.items()}
            trace = self._learn(replace(window.batch, initial=initial), 0 if number else batch.rows)
            for path in trace.network.state_paths:
                last = trace.final(path)
                states.setdefault(path, np.zeros((batch.rows, last.shape[1]), last.dtype))
                states[path][window.rows] = last
            yield (number + 1) / count

    @np.errstate(all="ignore")
    def _learn(self, batch: Batch, new_rows: int) -> Trace:
        """One update; sets `ended` where a number overflows."""
        trace = self.network.forward(self.weights, batch, rng=self.dropout)
        loss, positions = self.tally.add(trace, new_rows)
        if not positions:
            return trace
        gradients = backward(trace)
        vector = gradients.weights.vector
        if self.recipe.per == "position":
            vector = vector * (batch.rows / positions)
        vector, norm, cut = self._clip(vector)
        if not (math.isfinite(loss) and math.isfinite(norm)):
            self.ended = where_it_overflowed(trace, gradients, loss)
            self.weights = self.before
            return trace
        self.norms.append(norm)
        self.clipped += cut
        self._step(vector)
        return trace

    def _clip(self, vector: Array) -> tuple[Array, float, bool]:
        """The clipped gradient, its norm before, and whether it was cut."""
        norm, cut = None, False
        if self.recipe.clip_value is not None:
            by_value = clip_value(vector, self.recipe.clip_value)
            vector, norm, cut = by_value.vector, by_value.norm_before, by_value.cut
        by_norm = clip_norm(vector, self.recipe.clip_norm or sys.float_info.max)
        return by_norm.vector, by_norm.norm_before if norm is None else norm, cut or by_norm.cut

    def _step(self, vector: Array) -> None:
        steps = self.update if self.recipe.schedule_counts == "updates" else self.epoch - 1
        self.rate = self._rate(steps)
        theta, self.state = self.recipe.optimiser.step(
            self.weights.vector, vector, self.state, self.rate
        )
        self.update += 1
        if not np.isfinite(theta).all():
            place = int(np.argmin(np.isfinite(theta)))
            path, _ = self.weights.layout.where(place)
            self.ended = f"{inf_or_nan(theta[place])} in the weight {path} at update {self.update}"
            return
        self.before, self.weights = self.weights, Weights(self.weights.layout, theta)

    def _rate(self, steps: int) -> float:
        return self.recipe.schedule(self.recipe.optimiser.learning_rate, steps)

    def _report(self, done: float) -> None:
        if self.progress is None or self.ended:
            return
        loss = self.tally.score().loss
        state = Progress(self.epoch, self.recipe.epochs, done, self.update, loss)
        if self.progress(state):
            self.ended = "stopped"

    def _end_epoch(self) -> Snapshot:
        if self.ended:
            return self._snapshot()
        score = None
        if self.validation is not None:
            score = evaluate_packed(self.network, self.weights, self.validation, self.recipe.per)
            if not math.isfinite(score.loss):
                self.ended = f"{inf_or_nan(score.loss)} in the validation loss"
                self.weights = self.before
                return self._snapshot()
        loss = self.tally.score().loss if score is None else score.loss
        if loss < self.best_loss:
            self.best, self.best_loss, self.best_epoch = self.weights, loss, self.epoch
        patience = self.recipe.patience
        if patience is not None and self.epoch - self.best_epoch >= patience:
            self.ended = "early stopping"
        elif self.epoch == self.recipe.epochs:
            self.ended = "done"
        return self._snapshot(score)

    def _snapshot(self, validation: Score | None = None) -> Snapshot:
        return Snapshot(
            epoch=self.epoch,
            update=self.update,
            weights=self.weights,
            best=self.best if self.best_epoch else self.weights,
            best_epoch=self.best_epoch,
            training=self.tally.score(),
            validation=validation,
            gradient_norm=math.fsum(self.norms) / max(1, len(self.norms)),
            largest_gradient_norm=max(self.norms, default=0.0),
            clipped=self.clipped,
            updates=len(self.norms),
            h_norms=self._h_norms(),
            learning_rate=self.rate,
            seconds=time.perf_counter() - self.started,
            ended=self.ended or None,
        )

    def _h_norms(self) -> Mapping[str, Array]:
        gradients = backward(self.network.forward(self.weights, self.probe))
        return {
            path: gradients.norms(path)
            for prefix, run in gradients.trace.runs.items()
            for direction in run.tapes
            for path in [f"{prefix}/{direction}/{run.layer.cell.states[0]}"]
        }
