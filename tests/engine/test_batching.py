"""Batches: every sample once, little padding, the same values as a batch made by hand; windows."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.engine.batch import Batch
from rnnviz.engine.batching import BUCKET, Packed, Samples, pack, shuffled_batches, windows
from rnnviz.engine.cells import find_cell
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError
from rnnviz.engine.heads import CRF, Regression, Softmax
from rnnviz.engine.initial_weights import initial_weights
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.losses import LossSteps
from rnnviz.engine.network import Network
from rnnviz.engine.trainable import Trainable

GRU = (Layer(find_cell("gru"), 3),)
LENGTHS = (4, 1, 3, 4, 2, 6, 3, 1, 5)


def tokens(rng: np.random.Generator, lengths: tuple[int, ...] = LENGTHS) -> list[Any]:
    return [rng.integers(0, 5, length) for length in lengths]


def problem(name: str) -> tuple[Trainable, Samples]:
    """A network of each kind of input and answer, and samples for it."""
    rng = np.random.default_rng(1)
    words = tokens(rng)
    vectors = [rng.normal(size=(length, 2)) for length in LENGTHS]
    labels = [int(word[0]) for word in words]
    numbers = [vector.sum(axis=1) for vector in vectors]
    numbers[0][1] = np.nan
    head, form = Softmax(5), "many-to-one"
    found: dict[str, tuple[Trainable, Samples]] = {
        "tags": (Network(Tokens(5), GRU, CRF(5)), Samples(words, words)),
        "label": (Network(Tokens(5, 2), GRU, head, form), Samples(words, labels)),  # type: ignore[arg-type]
        "series": (Network(Vectors(2), GRU, Regression(1)), Samples(vectors, numbers)),
        "two numbers": (
            Network(Vectors(2), GRU, Regression(2), "many-to-one"),
            Samples(vectors, [vector[-1] for vector in vectors]),
        ),
        "translation": (
            EncoderDecoder(Tokens(5), GRU, Tokens(5), GRU),
            Samples(words, tokens(rng, LENGTHS[::-1])),
        ),
    }
    return found[name]


PROBLEMS = ("tags", "label", "series", "two numbers", "translation")


def assert_same_batch(one: Batch, other: Batch) -> None:
    for name in ("inputs", "lengths", "targets"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)
    assert (one.source is None) == (other.source is None)
    if one.source is not None and other.source is not None:
        assert_same_batch(one.source, other.source)


# -------------------------------------------------------------------------------- packed samples


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("rows", [[0], [5, 1, 8], [0, 3], [1, 7], list(range(9))], ids=str)
@pytest.mark.parametrize("chunk", [1, 2, 4, 64])
def test_a_packed_batch_is_the_network_s_own(
    name: str, rows: list[int], chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rnnviz.engine.batching._CHUNK", chunk)
    network, samples = problem(name)
    packed = pack(network, samples, np.float64)
    chosen = samples.take(rows)
    assert len(packed) == len(samples)
    assert_same_batch(
        packed.batch(np.array(rows)), network.batch(chosen.inputs, chosen.targets, dtype=float)
    )


def test_packed_numbers_have_the_precision_asked_for() -> None:
    batch = pack(*problem("series"), np.float32).batch(np.arange(9))
    assert (batch.inputs.dtype, batch.targets.dtype) == (np.float32, np.float32)


@pytest.mark.parametrize(
    ("steps", "counts"), [("last", 9), ("every", 29 - 1), ((0,), 9), ((-1,), 9), (None, 29 - 1)]
)
def test_only_targets_of_chosen_steps_are_kept(steps: LossSteps | None, counts: int) -> None:
    packed = pack(*problem("series"), np.float64, steps)
    assert np.isfinite(packed.targets).sum() == counts
    if steps == "last":
        given = np.isfinite(packed.batch(np.arange(9)).targets[..., 0])
        np.testing.assert_array_equal(given.argmax(axis=0), np.array(LENGTHS) - 1)


def test_one_long_series_is_a_sample() -> None:
    network, _ = problem("series")
    series = np.random.default_rng(0).normal(size=(50, 2))
    batch = pack(network, Samples([series], [series.sum(axis=1)]), float).batch(np.array([0]))
    np.testing.assert_array_equal(batch.targets[:, 0, 0], series.sum(axis=1))


@pytest.mark.parametrize(
    ("inputs", "targets", "message"),
    [
        ([], [], "inputs: no samples came"),
        ([[1], [2]], [1], "targets: 1 came, there are 2 inputs"),
        ([[1], 2], [1, 1], r"inputs\[1\]: 2 came, expected a sequence"),
        ([[1], np.array(2)], [1, 1], r"inputs\[1\]: array\(2\) came, expected a sequence"),
        ([[1], []], [1, 1], r"inputs\[1\]: \[\] came, expected a sequence"),
    ],
)
def test_wrong_samples_are_named(inputs: Any, targets: Any, message: str) -> None:
    with pytest.raises(EngineError, match=message):
        Samples(inputs, targets)


def test_a_sample_that_does_not_fit_is_named_by_its_number() -> None:
    network, samples = problem("label")
    words = [*samples.inputs[:7], np.array([1, 5]), samples.inputs[8]]
    with pytest.raises(EngineError, match=r"samples\[7\]: inputs: the token 5 came"):
        pack(network, Samples(words, samples.targets), float)
    with pytest.raises(EngineError, match=r"validation\[2\]: targets: \[9\]"):
        pack(network, Samples(words[:3], [0, 1, 9]), float, argument="validation")


def test_ragged_rows_are_named() -> None:
    network, _ = problem("series")
    good, ragged = [[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0], [3.0]]
    with pytest.raises(EngineError, match=r"samples\[1\]: .*inhomogeneous"):
        pack(network, Samples([good, ragged], [[1, 2], [1, 2]]), float)
    with pytest.raises(EngineError, match=r"samples\[1\]: .*inhomogeneous"):
        pack(network, Samples([good, good], [[1, 2], ragged]), float)


def test_flat_numbers_are_no_vectors() -> None:
    network, _ = problem("series")
    flat = Samples([[1.0, 2.0], [3.0, 4.0]], [[1.0], [1.0]])
    with pytest.raises(EngineError, match="inputs: the shape is"):
        pack(network, flat, float)


def test_a_crf_has_no_chosen_steps() -> None:
    with pytest.raises(EngineError, match="loss_steps: last came, but a CRF"):
        pack(*problem("tags"), np.float64, "last")


# --------------------------------------------------------------------------------------- batches


def of_lengths(lengths: list[int]) -> Packed:
    return Packed(np.arange(sum(lengths)), np.array(lengths))


@given(
    lengths=st.lists(st.integers(1, 40), min_size=1, max_size=300),
    size=st.integers(1, 12),
    seed=st.none() | st.integers(0, 99),
)
def test_every_sample_is_in_one_batch(lengths: list[int], size: int, seed: int | None) -> None:
    rng = None if seed is None else np.random.default_rng(seed)
    batches = shuffled_batches(of_lengths(lengths), size, rng)
    assert sorted(np.concatenate(batches)) == list(range(len(lengths)))
    assert sum(len(batch) < size for batch in batches) <= 1
    assert all(1 <= len(batch) <= size for batch in batches)


def test_little_is_padding() -> None:
    lengths = np.random.default_rng(0).integers(1, 100, 2000)
    batches = shuffled_batches(of_lengths(list(lengths)), 10, np.random.default_rng(0))
    padded = sum(len(batch) * lengths[batch].max() for batch in batches)
    assert padded < 1.05 * lengths.sum()
    unsorted = sum(10 * chunk.max() for chunk in np.split(lengths, 200))
    assert unsorted > 1.7 * lengths.sum()


def test_the_order_is_that_of_the_seed() -> None:
    packed = of_lengths([3] * 40 + [5] * 40)

    def order(seed: int) -> list[list[int]]:
        batches = shuffled_batches(packed, 8, np.random.default_rng(seed))
        return [list(batch) for batch in batches]

    assert order(1) == order(1)
    assert sorted(order(1)) != sorted(order(2))
    assert order(1) != sorted(order(1), key=lambda batch: packed.lengths[batch[0]])


def test_samples_of_one_length_all_meet() -> None:
    size = 2
    packed = of_lengths([3] * (4 * BUCKET * size))
    partners: dict[int, set[int]] = {}
    rng = np.random.default_rng(0)
    for _ in range(40):
        for a, b in shuffled_batches(packed, size, rng):
            partners.setdefault(int(a), set()).add(int(b))
    assert max(max(met) - sample for sample, met in partners.items()) > BUCKET * size


def test_neighbouring_lengths_mix() -> None:
    packed = of_lengths(list(range(1, 65)))
    first, second = (
        {tuple(sorted(b)) for b in shuffled_batches(packed, 8, np.random.default_rng(seed))}
        for seed in (0, 1)
    )
    assert not first & second


def test_a_translation_is_as_long_as_both_sides() -> None:
    packed = pack(*problem("translation"), np.float64)
    np.testing.assert_array_equal(packed.costs, np.array(LENGTHS) + LENGTHS[::-1] + 1)


# --------------------------------------------------------------------------------------- windows


@given(
    lengths=st.lists(st.integers(1, 12), min_size=1, max_size=6),
    size=st.integers(1, 14),
)
def test_windows_hold_every_step_once(lengths: list[int], size: int) -> None:
    packed = replace(of_lengths(lengths), targets=np.arange(sum(lengths)))
    batch = packed.batch(np.arange(len(lengths)))
    read: dict[int, list[int]] = {}
    for window in windows(batch, size, single=False):
        assert window.batch.steps <= size
        for column, row in enumerate(window.rows):
            length = window.batch.all_lengths[column]
            assert length >= 1
            np.testing.assert_array_equal(
                window.batch.inputs[:length, column], window.batch.targets[:length, column]
            )
            assert (window.batch.targets[length:, column] == -1).all()
            read.setdefault(int(row), []).extend(window.batch.inputs[:length, column])
    starts = np.cumsum([0, *lengths])
    assert read == {row: list(range(starts[row], starts[row + 1])) for row in range(len(lengths))}


@pytest.mark.parametrize("name", ["label", "two numbers"])
def test_an_answer_is_asked_for_where_its_row_ends(name: str) -> None:
    packed = pack(*problem(name), np.float64)
    batch = packed.batch(np.arange(9))
    asked: list[int] = []
    for number, window in enumerate(windows(batch, 2, single=True)):
        given_ = (window.batch.targets != -1) & ~np.isnan(window.batch.targets)
        rows = window.rows[given_.reshape(1, len(window.rows), -1).all(axis=2)[0]]
        assert [(LENGTHS[row] - 1) // 2 for row in rows] == [number] * len(rows)
        np.testing.assert_array_equal(
            window.batch.targets[0, np.isin(window.rows, rows)], batch.targets[0, rows]
        )
        asked += list(rows)
    assert sorted(asked) == list(range(9))


def test_states_carried_through_windows_are_those_of_the_whole() -> None:
    network, samples = problem("series")
    weights = initial_weights(network)
    batch = pack(network, samples, np.float64).batch(np.arange(9))
    whole = network.forward(weights, batch)["layer0/forward/h"]
    state = np.zeros((9, 3))
    for number, window in enumerate(windows(batch, 2, single=False)):
        initial = {"layer0/forward/h": state[window.rows]}
        trace = network.forward(weights, replace(window.batch, initial=initial))
        state[window.rows] = trace.final("layer0/forward/h")
        for column, row in enumerate(window.rows):
            length = window.batch.all_lengths[column]
            np.testing.assert_allclose(
                trace["layer0/forward/h"][:length, column],
                whole[2 * number : 2 * number + length, row],
                rtol=0,
                atol=1e-14,
            )
