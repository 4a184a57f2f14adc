"""Batches to learn from: packed samples, put together by length so that little is padding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from rnnviz.engine.arrays import Integers
from rnnviz.engine.batch import Batch
from rnnviz.engine.errors import EngineError, ShapeError
from rnnviz.engine.losses import NO_TARGET, LossSteps, step_mask
from rnnviz.engine.trainable import Trainable

BUCKET = 8
"""How many batches of neighbouring lengths are mixed with each other."""

_CHUNK = 64  # samples that are padded at a time while they are packed


@dataclass(frozen=True, eq=False)
class Samples:
    """Sequences, and for each what the network should give.

    Attributes
    ----------
    inputs : sequence
        Token numbers `[time]` or vectors `[time, inputs]`, one sequence a sample.
    targets : sequence
        For each sample what `Network.batch` takes for one row: a class or numbers for a network
        that answers once, else one a step; for an `EncoderDecoder` the sequence to write.

    Raises
    ------
    EngineError
        No samples, another number of targets, an input that is no sequence.
    """

    inputs: Sequence[Any]
    targets: Sequence[Any]

    def __post_init__(self) -> None:
        """Check what can be checked without a network."""
        if not len(self.inputs):
            raise EngineError("inputs: no samples came, expected at least one")
        if len(self.targets) != len(self.inputs):
            count = len(self.inputs)
            raise EngineError(f"targets: {len(self.targets)} came, there are {count} inputs")
        for position, sequence in enumerate(self.inputs):
            array = isinstance(sequence, np.ndarray) and sequence.ndim
            if not ((array or isinstance(sequence, Sequence)) and len(sequence)):
                raise EngineError(
                    f"inputs[{position}]: {sequence!r} came, expected a sequence of steps"
                )

    def __len__(self) -> int:
        return len(self.inputs)

    def take(self, indices: Iterable[int]) -> Samples:
        """The samples at `indices`, in that order."""
        chosen = list(indices)
        return Samples([self.inputs[i] for i in chosen], [self.targets[i] for i in chosen])


@dataclass(frozen=True, eq=False)
class Packed:
    """Samples one behind the other without padding, from which any batch is quickly gathered.

    Attributes
    ----------
    inputs : array `[all steps, ...]`
        The inputs of all samples.
    lengths : integers `[samples]`
        The steps of each.
    targets : array `[all answers, ...]` or None
        The targets of all samples.
    single : bool
        Whether each sample has one answer, in place of one a step.
    source : Packed or None
        What an encoder reads.
    """

    inputs: Any
    lengths: Integers
    targets: Any = None
    single: bool = False
    source: Packed | None = None

    def __len__(self) -> int:
        return len(self.lengths)

    @cached_property
    def _starts(self) -> Integers:
        return np.cumsum(self.lengths) - self.lengths

    @cached_property
    def costs(self) -> Integers:
        """How many steps each sample has, those of its source included."""
        return self.lengths if self.source is None else self.lengths + self.source.lengths

    def batch(self, rows: Integers) -> Batch:
        """The samples `rows` as a batch, in that order."""
        lengths, starts = self.lengths[rows], self._starts[rows]
        equal = bool((lengths == lengths[0]).all())
        time = np.arange(lengths.max())[:, None]
        places = starts + time if equal else starts + np.minimum(time, lengths - 1)
        padding = None if equal else time >= lengths
        targets = self.targets
        if targets is not None and self.single:
            targets = targets[rows][None]
        elif targets is not None:
            targets = _gathered(targets, places, padding, no_target(targets))
        return Batch(
            _gathered(self.inputs, places, padding, 0),
            None if equal else lengths,
            targets,
            source=None if self.source is None else self.source.batch(rows),
        )


def pack(
    network: Trainable,
    samples: Samples,
    dtype: npt.DTypeLike,
    steps: LossSteps | None = None,
    argument: str = "samples",
) -> Packed:
    """Samples as `network` reads them, checked once and for all.

    Parameters
    ----------
    steps : "last", "every", tuple of int or None
        The steps whose targets count; the others are left out. None keeps all.
    argument : str
        How errors call the samples.

    Raises
    ------
    EngineError
        A sample that the network cannot read, by its number; chosen steps of a chain of tags.
    """
    if steps is not None and network.head is not None and network.head.kind == "crf":
        raise EngineError(f"loss_steps: {steps} came, but a CRF scores all steps of a row at once")
    batches = []
    for start in range(0, len(samples), _CHUNK):
        part = samples.take(range(start, min(start + _CHUNK, len(samples))))
        try:
            batches.append(_checked(network, part, dtype, steps))
        except ValueError as error:
            _blame(network, part, dtype, steps, (argument, start))
            raise EngineError(f"{argument}: {error}") from None
    return _joined([_unpadded(batch, network.single) for batch in batches])


def shuffled_batches(packed: Packed, size: int, rng: np.random.Generator | None) -> list[Integers]:
    """The samples of each batch of one epoch: every sample is in one batch.

    Samples are sorted by length, equal lengths in chance order. Each `BUCKET` neighbouring batches
    are then mixed among themselves, and all batches are put into a chance order. All but one batch
    have `size` samples.

    Parameters
    ----------
    rng : Generator or None
        The source of chance; None leaves all in the order of length.
    """
    chance = np.arange(len(packed)) if rng is None else rng.permutation(len(packed))
    order = chance[np.argsort(packed.costs[chance], kind="stable")]
    if rng is None:
        return _cut(order, size)
    batches = [
        b for bucket in _cut(order, BUCKET * size) for b in _cut(rng.permutation(bucket), size)
    ]
    return [batches[place] for place in rng.permutation(len(batches))]


@dataclass(frozen=True, eq=False)
class Window:
    """Some steps of a batch.

    Attributes
    ----------
    batch : Batch
        The steps, of the rows that have any.
    rows : integers `[rows]`
        Which rows of the whole batch these are.
    """

    batch: Batch
    rows: Integers


def windows(batch: Batch, size: int, single: bool) -> Iterator[Window]:
    """A batch cut into windows of at most `size` steps; rows that have ended are left out.

    Parameters
    ----------
    single : bool
        Whether each row has one answer: it is then in the window where the row ends.
    """
    lengths = batch.all_lengths
    for start in range(0, batch.steps, size):
        rows = np.flatnonzero(lengths > start)
        left = lengths[rows] - start
        stop = min(start + size, batch.steps)
        inside = np.minimum(left, stop - start)
        targets = batch.targets
        if targets is not None and single:
            targets = targets[:, rows].copy()
            targets[0, left > stop - start] = no_target(targets)
        elif targets is not None:
            targets = targets[start:stop, rows]
        equal = bool((inside == stop - start).all())
        inputs = batch.inputs[start:stop, rows]
        yield Window(Batch(inputs, None if equal else inside, targets), rows)


def no_target(targets: npt.NDArray[Any]) -> float:
    """What stands for "no target" among `targets`: -1 for classes, nan for numbers."""
    return NO_TARGET if targets.dtype.kind in "iu" else np.nan


def _gathered(flat: Any, places: Integers, padding: Any, filler: float) -> Any:
    found = flat.take(places, axis=0)
    if padding is not None:
        found[padding] = filler
    return found


def _cut(order: Integers, size: int) -> list[Integers]:
    return [order[start : start + size] for start in range(0, len(order), size)]


def _blame(
    network: Trainable,
    samples: Samples,
    dtype: npt.DTypeLike,
    steps: LossSteps | None,
    place: tuple[str, int],
) -> None:
    """Raise an EngineError that names the first of the samples that does not fit by itself.

    Also for what NumPy says of rows that are no array.
    """
    argument, start = place
    for position in range(len(samples)):
        try:
            _checked(network, samples.take([position]), dtype, steps)
        except ValueError as error:
            raise EngineError(f"{argument}[{start + position}]: {error}") from None


def _checked(
    network: Trainable, samples: Samples, dtype: npt.DTypeLike, steps: LossSteps | None
) -> Batch:
    batch = network.batch(samples.inputs, samples.targets, dtype=dtype)
    if batch.rows != len(samples):
        # A list of flat rows of numbers was read as one sequence.
        raise ShapeError("inputs", np.shape(samples.inputs[0]), "(time, inputs) for each sample")
    if steps is not None:
        answers = len(batch.targets)
        counts = step_mask(steps, np.minimum(batch.all_lengths, answers), answers)
        targets = batch.targets.copy()
        targets[~counts] = no_target(targets)
        return replace(batch, targets=targets)
    return batch


def _unpadded(batch: Batch, single: bool) -> Packed:
    lengths = batch.all_lengths
    inside = np.arange(batch.steps) < lengths[:, None]
    targets = batch.targets
    if targets is not None:
        targets = targets[0] if single else np.swapaxes(targets, 0, 1)[inside]
    inputs = np.swapaxes(batch.inputs, 0, 1)[inside]
    source = None if batch.source is None else _unpadded(batch.source, False)
    return Packed(inputs, lengths, targets, single, source)


def _joined(parts: list[Packed]) -> Packed:
    first = parts[0]
    sources = [part.source for part in parts if part.source is not None]
    return replace(
        first,
        inputs=np.concatenate([part.inputs for part in parts]),
        lengths=np.concatenate([part.lengths for part in parts]),
        targets=None if first.targets is None else np.concatenate([p.targets for p in parts]),
        source=_joined(sources) if sources else None,
    )
