"""Training: it learns, is the same each time, ends as it should, and says what happened."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product
from typing import Any

import numpy as np
import pytest

from rnnviz.engine.arrays import Array
from rnnviz.engine.batching import Samples
from rnnviz.engine.cells import find_cell
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.errors import EngineError
from rnnviz.engine.gradients import backward
from rnnviz.engine.heads import CRF, Regression, Softmax
from rnnviz.engine.initial_weights import Initialisation, initial_weights
from rnnviz.engine.inputs import Tokens, Vectors
from rnnviz.engine.layers import Layer
from rnnviz.engine.network import Network
from rnnviz.engine.optimisers import SGD, Adam, Momentum, Optimiser, RMSProp, StepDecay
from rnnviz.engine.recipes import Recipe
from rnnviz.engine.scoring import evaluate
from rnnviz.engine.snapshots import Progress, Snapshot
from rnnviz.engine.trainable import Trainable
from rnnviz.engine.training import train
from rnnviz.engine.weights import Weights


def layer(cell: str = "gru", hidden: int = 6, **more: Any) -> Layer:
    return Layer(find_cell(cell), hidden, **more)


def parity() -> tuple[Network, Samples]:
    """Whether three bits hold an odd number of ones."""
    bits = list(product((0, 1), repeat=3))
    network = Network(Tokens(2), (layer("rnn", 8),), Softmax(2), "many-to-one")
    return network, Samples(bits, [sum(word) % 2 for word in bits])


def adding(count: int = 200) -> tuple[Network, Samples]:
    """The sum of the two numbers that are marked (Hochreiter & Schmidhuber 1997)."""
    rng = np.random.default_rng(0)
    rows, sums = [], []
    for length in rng.integers(4, 8, count):
        numbers, marks = rng.uniform(0, 1, length), np.zeros(length)
        marks[rng.choice(length, 2, replace=False)] = 1
        rows.append(np.column_stack([numbers, marks]))
        sums.append([numbers @ marks])
    network = Network(Vectors(2), (layer("lstm", 8),), Regression(1), "many-to-one")
    return network, Samples(rows, sums)


def tagging(*layers: Layer, crf: bool = False, count: int = 60) -> tuple[Network, Samples]:
    """Whether a token is larger than the one before it."""
    rng = np.random.default_rng(0)
    words = [rng.integers(0, 4, length) for length in rng.integers(1, 9, count)]
    tags = [(np.diff(word, prepend=0) > 0).astype(int) for word in words]
    head = CRF(2) if crf else Softmax(2)
    return Network(Tokens(4, 3), layers or (layer(),), head), Samples(words, tags)


def reversing() -> tuple[EncoderDecoder, Samples]:
    """Two or three tokens in reverse order."""
    words = [word for length in (2, 3) for word in product((2, 3), repeat=length)]
    network = EncoderDecoder(
        Tokens(4, 4), (layer("gru", 8, direction="both"),), Tokens(4, 4), (layer("gru", 8),), 6
    )
    return network, Samples(words, [word[::-1] for word in words])


def run(problem: tuple[Trainable, Samples], recipe: Recipe, **more: Any) -> list[Snapshot]:
    network, samples = problem
    return list(train(network, initial_weights(network, 1), samples, recipe, **more))


def same_bits(one: Weights, other: Weights) -> bool:
    return one.vector.tobytes() == other.vector.tobytes()


# -------------------------------------------------------------------------------------- learning


def test_parity_is_learned() -> None:
    network, samples = parity()
    snapshots = run((network, samples), Recipe(Adam(0.05), epochs=60, batch_size=8))
    assert snapshots[0].loss > 0.6
    assert snapshots[-1].accuracy == 1
    assert snapshots[-1].loss < 0.1
    assert evaluate(network, snapshots[-1].weights, samples).accuracy == 1


def test_adding_is_learned() -> None:
    snapshots = run(adding(), Recipe(Adam(0.02), epochs=15))
    first, last = snapshots[0].training, snapshots[-1].training
    assert last.r2 is not None
    assert last.r2 > 0.8
    assert last.loss < first.loss / 5
    assert last.accuracy is None


@pytest.mark.parametrize("crf", [False, True])
def test_tagging_is_learned(crf: bool) -> None:
    problem = tagging(layer(dropout=0.1, direction="both"), layer(), crf=crf)
    last = run(problem, Recipe(Adam(0.03), epochs=12), validation=problem[1])[-1]
    assert last.validation is not None
    assert last.validation.accuracy is not None
    assert last.validation.accuracy > 0.97


def test_a_translation_is_learned() -> None:
    snapshots = run(reversing(), Recipe(Adam(0.03), epochs=40, batch_size=6))
    assert snapshots[-1].accuracy == 1
    assert set(snapshots[-1].h_norms) == {
        "encoder/layer0/forward/h",
        "encoder/layer0/backward/h",
        "decoder/layer0/forward/h",
    }


@pytest.mark.parametrize(
    "optimiser", [SGD(0.5), Momentum(0.1), RMSProp(0.01), Adam(0.02, weight_decay=1e-4)]
)
def test_every_optimiser_lowers_the_loss(optimiser: Optimiser) -> None:
    snapshots = run(tagging(), Recipe(optimiser, epochs=8))
    assert snapshots[-1].loss < 0.8 * snapshots[0].loss


def test_a_step_is_the_optimiser_s() -> None:
    """One batch, one epoch: theta - rate * gradient, the gradient from the engine's own pass."""
    network, samples = tagging(count=5)
    weights = initial_weights(network)
    gradients = backward(network.forward(weights, network.batch(samples.inputs, samples.targets)))
    positions = sum(map(len, samples.inputs))
    for per, factor in (("row", 1.0), ("position", 5 / positions)):
        recipe = Recipe(SGD(0.1), epochs=1, batch_size=5, per=per)  # type: ignore[arg-type]
        (snapshot,) = train(network, weights, samples, recipe)
        expected = weights.vector - 0.1 * factor * gradients.weights.vector
        np.testing.assert_allclose(snapshot.weights.vector, expected, rtol=0, atol=1e-14)
        norm = factor * np.linalg.norm(gradients.weights.vector)
        assert snapshot.gradient_norm == pytest.approx(norm, rel=1e-12)


# -------------------------------------------------------------------------------------- the same


def random_recipe(seed: int) -> Recipe:
    return Recipe(epochs=3, seed=seed, clip_norm=0.5)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_seed_gives_the_same_bits(dtype: Any) -> None:
    problem = tagging(layer(dropout=0.2))
    runs = [run(problem, replace(random_recipe(seed), dtype=dtype)) for seed in (1, 1, 2)]
    first, again, other = ([snapshot.weights for snapshot in snapshots] for snapshots in runs)
    assert first[0].vector.dtype == dtype
    assert all(same_bits(a, b) for a, b in zip(first, again, strict=True))
    assert not any(same_bits(a, b) for a, b in zip(first, other, strict=True))
    assert [s.loss for s in runs[0]] == [s.loss for s in runs[1]]


def test_looking_changes_nothing() -> None:
    """Validation, snapshots on the way, progress and another probe leave the weights alone."""
    problem = tagging(layer(dropout=0.2))
    plain = run(problem, random_recipe(1))[-1]
    watched = run(
        problem,
        replace(random_recipe(1), every=1, probe=3),
        validation=problem[1],
        progress=lambda _: None,
    )[-1]
    assert same_bits(plain.weights, watched.weights)


def test_the_samples_and_the_first_weights_stay_as_they_are() -> None:
    network, samples = adding(20)
    rows = [row.copy() for row in samples.inputs]
    weights = initial_weights(network)
    before = weights.vector.copy()
    list(train(network, weights, samples, Recipe(epochs=2, loss_steps="last")))
    np.testing.assert_array_equal(weights.vector, before)
    for row, copy in zip(samples.inputs, rows, strict=True):
        np.testing.assert_array_equal(row, copy)


# ------------------------------------------------------------------------------------ truncation


@pytest.mark.parametrize("problem", [tagging(), adding(40)], ids=["tags", "last"])
@pytest.mark.parametrize("truncate", [8, 9, 100])
def test_windows_of_the_whole_length_change_nothing(
    problem: tuple[Network, Samples], truncate: int
) -> None:
    whole = run(problem, Recipe(epochs=2))
    cut = run(problem, Recipe(epochs=2, truncate=truncate))
    assert all(same_bits(a.weights, b.weights) for a, b in zip(whole, cut, strict=True))


def test_windows_carry_the_states_and_cut_the_gradient() -> None:
    """With a rate of 0 the losses of the windows are those of the whole, their gradients not."""
    problem = tagging(layer("lstm"), layer("gru"), count=20)
    frozen = Recipe(SGD(0.0), epochs=1, per="row", batch_size=20)
    (whole,), (cut,) = run(problem, frozen), run(problem, replace(frozen, truncate=3))
    assert cut.training.loss == pytest.approx(whole.training.loss, rel=1e-13)
    assert (cut.training.n, cut.training.rows) == (whole.training.n, 20)
    assert cut.accuracy == whole.accuracy
    assert (whole.update, cut.update) == (1, 3)
    assert cut.gradient_norm != pytest.approx(whole.gradient_norm, rel=1e-3)


def test_windows_without_an_answer_only_carry_the_states() -> None:
    network, samples = adding(16)
    equal = Samples([np.resize(row, (8, 2)) for row in samples.inputs], samples.targets)
    frozen = Recipe(SGD(0.0), epochs=1)
    (whole,), (cut,) = (run((network, equal), replace(frozen, truncate=size)) for size in (None, 2))
    assert cut.update == cut.updates == 1
    assert cut.loss == pytest.approx(whole.loss, rel=1e-13)
    assert cut.training.r2 == pytest.approx(whole.training.r2, rel=1e-12)


def test_long_series_are_learned_by_windows() -> None:
    series = np.sin(np.arange(301) / 3)[:, None]
    network = Network(Vectors(1), (layer(),), Regression(1))
    snapshots = run(
        (network, Samples([series[:-1]], [series[1:]])), Recipe(Adam(0.02), epochs=4, truncate=10)
    )
    assert [snapshot.update for snapshot in snapshots] == [30, 60, 90, 120]
    assert snapshots[-1].training.r2 is not None
    assert snapshots[-1].training.r2 > 0.9


@pytest.mark.parametrize(
    ("problem", "message"),
    [
        (tagging(layer(direction="both")), "a layer reads backward"),
        (tagging(crf=True), "a CRF scores"),
        (reversing(), "the whole source"),
    ],
    ids=["backward", "crf", "translation"],
)
def test_what_windows_cannot_cut(problem: tuple[Trainable, Samples], message: str) -> None:
    with pytest.raises(EngineError, match=f"truncate: 2 came, but .*{message}"):
        run(problem, Recipe(truncate=2))


# ---------------------------------------------------------------------------------- how it ends


def test_it_ends_when_all_is_done() -> None:
    snapshots = run(parity(), Recipe(epochs=3))
    assert [snapshot.epoch for snapshot in snapshots] == [1, 2, 3]
    assert [snapshot.ended for snapshot in snapshots] == [None, None, "done"]


def test_early_stopping_keeps_the_best_weights() -> None:
    """Labels made by chance can be learned by heart, which does not help with others."""
    rng = np.random.default_rng(0)
    network = Network(Tokens(4, 4), (layer("gru", 12),), Softmax(2), "many-to-one")
    words = [rng.integers(0, 4, 5) for _ in range(40)]
    samples = Samples(words[:20], list(rng.integers(0, 2, 20)))
    others = Samples(words[20:], list(rng.integers(0, 2, 20)))
    recipe = Recipe(Adam(0.05), epochs=50, patience=3)
    snapshots = run((network, samples), recipe, validation=others)
    last = snapshots[-1]
    losses = [s.validation.loss for s in snapshots if s.validation is not None]
    assert last.ended == "early stopping"
    assert last.epoch == len(losses) < 50
    assert last.best_epoch == 1 + int(np.argmin(losses)) == last.epoch - 3
    assert same_bits(last.best, snapshots[last.best_epoch - 1].weights)
    assert evaluate(network, last.best, others).loss == min(losses)


def exploding() -> tuple[Network, Weights, Samples]:
    network = Network(Vectors(1), (layer("rnn_relu", 4),), Regression(1), "many-to-one")
    weights = initial_weights(network, 3, Initialisation(recurrent="identity"))
    weights = weights.replace({path: np.abs(weights[path]) for path in weights})
    rows = [np.full((20, 1), float(k)) for k in range(1, 9)]
    return network, weights, Samples(rows, [[1e4]] * 8)


@pytest.mark.parametrize(
    ("rate", "reason"),
    [
        (1.0, r"(inf|nan) in the gradient of layer0/\S+ at step \d+"),
        (1e10, "inf in layer0/forward/a_h at step 17"),
        (1e40, "inf in layer0/forward/a_h at step 6"),
    ],
)
def test_nan_ends_training_with_the_last_good_weights(rate: float, reason: str) -> None:
    network, weights, samples = exploding()
    recipe = Recipe(SGD(rate), epochs=50, batch_size=8, every=1)
    snapshots = list(train(network, weights, samples, recipe))
    last = snapshots[-1]
    assert last.ended is not None
    assert re.fullmatch(reason, last.ended)
    assert np.isfinite(last.weights.vector).all()
    assert np.isfinite(evaluate(network, last.weights, samples).loss)
    good = [weights, *(s.weights for s in snapshots[:-1] if s.update < last.update)]
    assert same_bits(last.weights, good[-1])
    assert all(snapshot.ended is None for snapshot in snapshots[:-1])


def test_infinite_weights_end_training() -> None:
    network, weights, samples = exploding()
    (last,) = train(network, weights, samples, Recipe(SGD(1e308), epochs=5, batch_size=8))
    assert last.ended is not None
    assert last.ended.startswith("inf in the weight ")
    assert last.ended.endswith(" at update 1")
    assert same_bits(last.weights, weights)
    assert same_bits(last.best, weights)


@pytest.mark.parametrize(
    ("problem", "path", "place"),
    [
        (tagging(), "layer0/forward/U_n", "layer0/forward/a_n at step 0"),
        (tagging(crf=True), "layer0/forward/U_n", "layer0/forward/a_n at step 0"),
        (tagging(crf=True), "head/V", "head/outputs at step 0"),
        (tagging(crf=True), "head/A", "the loss"),
        (reversing(), "encoder/layer0/backward/b_z", "encoder/layer0/backward/a_z at step 2"),
        (reversing(), "decoder/layer0/forward/b_z", "decoder/layer0/forward/a_z at step 0"),
    ],
)
def test_weights_that_are_not_finite_end_training_at_once(
    problem: tuple[Trainable, Samples], path: str, place: str
) -> None:
    network, samples = problem
    weights = initial_weights(network)
    weights = weights.replace({path: np.full_like(weights[path], np.nan)})
    (last,) = train(network, weights, samples)
    assert (last.ended, last.update) == (f"nan in {place}", 0)
    assert same_bits(last.weights, weights)


def test_a_validation_loss_of_inf_ends_training() -> None:
    network, samples = adding(20)
    wrong = Samples([samples.inputs[0]], [[1e200]])
    (last,) = run((network, samples), Recipe(), validation=wrong)
    assert last.ended == "inf in the validation loss"
    assert np.isfinite(last.weights.vector).all()


def test_the_caller_may_stop_between_snapshots() -> None:
    network, samples = tagging()
    snapshots: Iterator[Snapshot] = train(network, initial_weights(network), samples)
    first, second = islice(snapshots, 2)
    snapshots.close()  # type: ignore[attr-defined]
    assert list(snapshots) == []
    assert (first.epoch, second.epoch, second.ended) == (1, 2, None)
    assert evaluate(network, second.weights, samples).loss < 1
    assert np.isfinite(first.weights.vector).all()
    assert not same_bits(first.weights, second.weights)


def test_the_caller_may_stop_within_an_epoch() -> None:
    seen: list[Progress] = []

    def progress(state: Progress) -> bool:
        seen.append(state)
        return len(seen) == 3

    (last,) = run(tagging(), Recipe(), progress=progress)
    assert (last.ended, last.update, last.epoch) == ("stopped", 3, 1)
    assert [state.update for state in seen] == [1, 2, 3]
    assert [state.fraction for state in seen] == pytest.approx([16 / 60, 32 / 60, 48 / 60])
    assert seen[-1].loss == last.loss


# ------------------------------------------------------------------------------------- snapshots


def test_snapshots_on_the_way() -> None:
    snapshots = run(tagging(count=80), Recipe(epochs=2, every=2))
    assert [s.update for s in snapshots] == [2, 4, 5, 6, 8, 10]
    assert [s.epoch for s in snapshots] == [1, 1, 1, 2, 2, 2]
    assert [s.updates for s in snapshots] == [2, 4, 5, 1, 3, 5]
    assert [s.best_epoch for s in snapshots] == [0, 0, 1, 1, 1, 2]
    assert same_bits(snapshots[0].best, snapshots[0].weights)
    assert same_bits(snapshots[4].best, snapshots[2].weights)
    assert snapshots[0].training.rows == 32


def test_an_epoch_goes_through_every_sample_once() -> None:
    network, samples = tagging()
    for snapshot in run((network, samples), Recipe(epochs=3, batch_size=7)):
        assert snapshot.training.rows == 60
        assert snapshot.training.n == sum(map(len, samples.inputs))
        assert snapshot.updates == 9


def test_clipping_is_reported() -> None:
    problem, plain = tagging(), Recipe(SGD(0.1), epochs=1)
    free = run(problem, plain)[0]
    assert free.clipped == 0
    assert 0 < free.gradient_norm <= free.largest_gradient_norm
    for recipes in (
        [replace(plain, clip_norm=limit) for limit in (1e-4, 1e4)],
        [replace(plain, clip_value=limit) for limit in (1e-4, 1e4)],
    ):
        tight, wide = (run(problem, recipe)[0] for recipe in recipes)
        assert tight.clipped == tight.updates == 4
        assert wide.clipped == 0
        assert same_bits(wide.weights, free.weights)
        assert tight.gradient_norm > 1e-2  # before clipping


def test_a_clipped_step_is_as_long_as_it_may_be() -> None:
    network, samples = tagging()
    weights = initial_weights(network)

    def step(norm: float | None = None, value: float | None = None) -> Array:
        recipe = Recipe(SGD(1.0), epochs=1, batch_size=60, clip_norm=norm, clip_value=value)
        (snapshot,) = train(network, weights, samples, recipe)
        return snapshot.weights.vector - weights.vector

    assert np.linalg.norm(step(norm=0.01)) == pytest.approx(0.01, rel=1e-9)
    assert np.abs(step(value=0.001)).max() == pytest.approx(0.001, rel=1e-9)
    assert np.linalg.norm(step(0.002, 0.001)) == pytest.approx(0.002)


@pytest.mark.parametrize(("counts", "last"), [("epochs", 0.05), ("updates", 0.1 / 2**7)])
def test_the_learning_rate_follows_its_schedule(counts: Any, last: float) -> None:
    recipe = Recipe(SGD(0.1), StepDecay(1, 0.5), schedule_counts=counts, epochs=2)
    snapshots = run(tagging(), recipe)
    assert snapshots[-1].learning_rate == last


def test_gradient_norms_of_the_probe() -> None:
    network, samples = tagging(layer("lstm", direction="both"), layer("gru"))
    snapshot = run((network, samples), Recipe(epochs=1, probe=2))[0]
    batch = network.batch([samples.inputs[2]], [samples.targets[2]])
    gradients = backward(network.forward(snapshot.weights, batch))
    paths = {"layer0/forward/h", "layer0/backward/h", "layer1/forward/h"}
    assert set(snapshot.h_norms) == paths
    for path in paths:
        np.testing.assert_allclose(
            snapshot.h_norms[path], np.linalg.norm(gradients[path][:, 0], axis=1), rtol=1e-12
        )


def test_snapshots_are_frozen() -> None:
    snapshot = run(parity(), Recipe(epochs=1))[0]
    arrays = [snapshot.weights.vector, snapshot.best.vector, *snapshot.h_norms.values()]
    assert not any(array.flags.writeable for array in arrays)
    with pytest.raises(AttributeError):
        snapshot.epoch = 2  # type: ignore[misc]


def test_dropout_is_off_for_validation() -> None:
    network, samples = tagging(layer(dropout=0.5))
    snapshot = run((network, samples), Recipe(epochs=1), validation=samples)[0]
    assert snapshot.validation is not None
    assert snapshot.validation.loss == evaluate(network, snapshot.weights, samples).loss


def test_dropout_is_on_while_training() -> None:
    frozen = Recipe(SGD(0.0), epochs=2)
    first, second = run(tagging(layer(dropout=0.5)), frozen)
    assert first.loss != pytest.approx(second.loss, rel=1e-6)
    first, second = run(tagging(layer()), frozen)
    assert first.loss == pytest.approx(second.loss, rel=1e-12)


def test_every_epoch_has_its_own_order() -> None:
    losses: dict[int, list[float]] = {}

    def progress(state: Progress) -> None:
        losses.setdefault(state.epoch, []).append(state.loss)

    run(tagging(), Recipe(SGD(0.0), epochs=2), progress=progress)
    assert losses[1][:3] != pytest.approx(losses[2][:3], rel=1e-6)


def test_only_chosen_steps_are_learned() -> None:
    snapshot = run(tagging(), Recipe(epochs=1, loss_steps="last"))[0]
    assert snapshot.training.n == 60


# ---------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, "epochs: 0 came, expected a whole number, 1 or more"),
        ({"batch_size": 2.5}, "batch_size: 2.5"),
        ({"truncate": 0}, "truncate: 0"),
        ({"patience": True}, "patience: True"),
        ({"every": -1}, "every: -1"),
        ({"seed": -1}, "seed: -1 came, expected a whole number, 0 or more"),
        ({"seed": None}, "seed: None"),
        ({"probe": -1}, "probe: -1"),
        ({"clip_norm": 0.0}, "clip_norm: 0.0 came, expected a finite number above 0"),
        ({"clip_value": float("nan")}, "clip_value: nan"),
        ({"per": "step"}, "per: 'step' is not known"),
        ({"schedule_counts": "steps"}, "schedule_counts: 'steps' is not known"),
        ({"dtype": "float16"}, "dtype: 'float16' is not known"),
    ],
)
def test_wrong_recipes_are_named(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(EngineError, match=message):
        Recipe(**settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"patience": 2}, "patience: 2 came without validation samples"),
        ({"probe": 60}, "probe: 60 came, there are 60 samples"),
        ({"loss_steps": (7,)}, r"samples\[\d+\]: steps: 7 came, but row 0 has"),
    ],
)
def test_recipes_that_do_not_fit_raise_at_once(settings: dict[str, Any], message: str) -> None:
    network, samples = tagging()
    with pytest.raises(EngineError, match=message):
        train(network, initial_weights(network), samples, Recipe(**settings))


def test_other_arguments_that_do_not_fit_raise_at_once() -> None:
    network, samples = tagging()
    weights = initial_weights(network)
    headless = Network(Tokens(4), (layer(),))
    unshared, _ = tagging(layer(unshared=8))
    with pytest.raises(EngineError, match="weights: those of another network"):
        train(network, initial_weights(headless), samples)
    with pytest.raises(EngineError, match="network: it has no head"):
        train(headless, initial_weights(headless), samples)
    with pytest.raises(EngineError, match=r"validation\[0\]: inputs: the token 4 came"):
        train(network, weights, samples, validation=Samples([[4]], [[0]]))
    with pytest.raises(EngineError, match="each step of a layer has its own weights"):
        train(unshared, initial_weights(unshared), samples, Recipe(truncate=2))
