"""The conditional random field against the sum over all paths, and against finite differences."""

from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.engine import crf
from rnnviz.engine.arrays import Array, Integers
from rnnviz.engine.crf import CRFParameters
from rnnviz.engine.errors import EngineError
from tests.engine.test_losses import slopes


@dataclass(frozen=True)
class Case:
    parameters: CRFParameters
    emissions: Array
    tags: Integers
    lengths: Integers

    def row(self, b: int) -> "Case":
        """Row `b` alone and without its padding."""
        steps = slice(self.lengths[b])
        one = slice(b, b + 1)
        return replace(
            self,
            emissions=self.emissions[steps, one],
            tags=self.tags[steps, one],
            lengths=self.lengths[one],
        )

    def likelihood(self, weight: Array | None = None) -> crf.Likelihood:
        return crf.negative_log_likelihood_and_gradient(
            self.parameters, self.emissions, self.tags, self.lengths, weight
        )


def case(seed: int, lengths: tuple[int, ...] = (4, 2, 1, 3), K: int = 3, scale: float = 1) -> Case:
    rng = np.random.default_rng(seed)
    T, B = max(lengths) + 1, len(lengths)
    parameters = CRFParameters(
        *(scale * rng.normal(size=shape) for shape in ((K, K), (K,), (K,))),
    )
    emissions = scale * rng.normal(size=(T, B, K))
    return Case(parameters, emissions, rng.integers(0, K, (T, B)), np.array(lengths))


def path_score(one: Case, path: tuple[int, ...], b: int) -> float:
    """The definition, term by term."""
    p = one.parameters
    total = p.start[path[0]] + p.end[path[-1]]
    for t, tag in enumerate(path):
        total += one.emissions[t, b, tag]
        total += p.transitions[path[t - 1], tag] if t else 0
    return float(total)


def all_paths(one: Case, b: int) -> tuple[list[tuple[int, ...]], Array]:
    """Every path of row `b` with its score."""
    tags = range(len(one.parameters.start))
    paths = list(product(tags, repeat=int(one.lengths[b])))
    return paths, np.array([path_score(one, path, b) for path in paths])


CASE = case(1)
ROWS = range(len(CASE.lengths))
INSIDE = np.arange(len(CASE.emissions))[:, None] < CASE.lengths

cases = st.builds(
    case,
    st.integers(0, 2**32 - 1),
    st.lists(st.integers(1, 6), min_size=1, max_size=3).map(tuple),
    st.integers(1, 4),
    st.sampled_from([0.0, 1.0, 30.0, 1e4]),
)


@pytest.mark.parametrize("b", ROWS)
def test_all_sums_equal_brute_force(b: int) -> None:
    paths, scores = all_paths(CASE, b)
    own = tuple(CASE.tags[: CASE.lengths[b], b])
    found = CASE.likelihood()
    log_z = np.log(np.exp(scores).sum())
    given_score = crf.score(CASE.parameters, CASE.emissions, CASE.tags, CASE.lengths)[b]
    assert given_score == pytest.approx(path_score(CASE, own, b), abs=1e-12)
    assert found.lattice.log_partition[b] == pytest.approx(log_z, abs=1e-12)
    assert found.loss[b] == pytest.approx(log_z - path_score(CASE, own, b), abs=1e-12)

    tags, edges = np.zeros_like(CASE.emissions[:, b]), np.zeros((*CASE.emissions[:, b].shape, 3))
    for path, p in zip(paths, np.exp(scores - log_z), strict=True):
        for t, tag in enumerate(path):
            tags[t, tag] += p
            if t:
                edges[t, path[t - 1], tag] += p
    np.testing.assert_allclose(found.marginals.tags[:, b], tags, atol=1e-13)
    np.testing.assert_allclose(found.marginals.edges[:, b], edges, atol=1e-13)
    np.testing.assert_allclose(found.marginals.transitions[b], edges.sum(0), atol=1e-13)


@pytest.mark.parametrize("b", ROWS)
def test_alpha_and_beta_sum_over_beginnings_and_continuations(b: int) -> None:
    lattice = crf.lattice(CASE.parameters, CASE.emissions, CASE.lengths)
    last = int(CASE.lengths[b]) - 1
    p = CASE.parameters
    for t, k in product(range(last + 1), range(3)):
        prefixes = [(*head, k) for head in product(range(3), repeat=t)]
        ending = [path_score(CASE, path, b) - p.end[k] for path in prefixes]
        assert lattice.alpha[t, b, k] == pytest.approx(np.log(np.exp(ending).sum()), abs=1e-12)
        total = lattice.alpha[t, b] + lattice.beta[t, b]
        assert np.log(np.exp(total).sum()) == pytest.approx(lattice.log_partition[b], abs=1e-12)
    np.testing.assert_array_equal(lattice.beta[last, b], p.end)
    assert (lattice.alpha[last + 1 :, b] == -np.inf).all()
    assert (lattice.beta[last + 1 :, b] == -np.inf).all()


@pytest.mark.parametrize("b", ROWS)
def test_viterbi_finds_the_best_of_all_paths(b: int) -> None:
    paths, scores = all_paths(CASE, b)
    best = crf.viterbi(CASE.parameters, CASE.emissions, CASE.lengths)
    length = int(CASE.lengths[b])
    assert tuple(best.tags[:length, b]) == paths[int(scores.argmax())]
    assert (best.tags[length:, b] == -1).all()
    assert best.score[b] == pytest.approx(scores.max(), abs=1e-12)
    for t in range(1, length):
        assert best.back[t, b, best.tags[t, b]] == best.tags[t - 1, b]
    assert (best.back[0] == -1).all()
    assert (best.back[length:, b] == -1).all()


def test_of_equal_paths_viterbi_takes_the_smallest_tags() -> None:
    one = case(0, (3,), scale=0)
    best = crf.viterbi(one.parameters, one.emissions, one.lengths)
    np.testing.assert_array_equal(best.tags[:, 0], [0, 0, 0, -1])


WEIGHT = np.array([0.5, -2.0, 1.0, 3.0])


@pytest.mark.parametrize("name", ["emissions", "transitions", "start", "end"])
def test_gradients_equal_finite_differences(name: str) -> None:
    def total(x: Array) -> float:
        if name == "emissions":
            moved = replace(CASE, emissions=x)
        else:
            moved = replace(CASE, parameters=replace(CASE.parameters, **{name: x}))
        return float(WEIGHT @ moved.likelihood().loss)

    found = CASE.likelihood(WEIGHT)
    if name == "emissions":
        gradient, at = found.d_emissions, CASE.emissions
    else:
        gradient, at = getattr(found.d_parameters, name), getattr(CASE.parameters, name)
    np.testing.assert_allclose(gradient, slopes(total, at), atol=1e-8)


def test_a_batch_equals_its_rows_one_by_one() -> None:
    together = CASE.likelihood(WEIGHT)
    best = crf.viterbi(CASE.parameters, CASE.emissions, CASE.lengths)
    d_transitions = np.zeros((3, 3))
    for b in ROWS:
        row = CASE.row(b)
        steps = slice(CASE.lengths[b])
        alone = row.likelihood(WEIGHT[b : b + 1])
        own = crf.viterbi(row.parameters, row.emissions, row.lengths)
        d_transitions += alone.d_parameters.transitions
        for whole, part in (
            (together.loss[b], alone.loss[0]),
            (together.d_emissions[steps, b], alone.d_emissions[:, 0]),
            (together.lattice.alpha[steps, b], alone.lattice.alpha[:, 0]),
            (together.lattice.beta[steps, b], alone.lattice.beta[:, 0]),
            (together.marginals.edges[steps, b], alone.marginals.edges[:, 0]),
            (best.tags[steps, b], own.tags[:, 0]),
            (best.score[b], own.score[0]),
        ):
            np.testing.assert_allclose(whole, part, atol=1e-13)
    np.testing.assert_allclose(together.d_parameters.transitions, d_transitions, atol=1e-13)


def test_padding_influences_nothing() -> None:
    dirty = replace(
        CASE,
        emissions=np.where(INSIDE[..., None], CASE.emissions, np.nan),
        tags=np.where(INSIDE, CASE.tags, 99),
    )
    found, clean = dirty.likelihood(WEIGHT), CASE.likelihood(WEIGHT)
    for a, b in (
        (found.loss, clean.loss),
        (found.d_emissions, clean.d_emissions),
        (found.d_parameters.transitions, clean.d_parameters.transitions),
        (found.d_parameters.start, clean.d_parameters.start),
        (found.d_parameters.end, clean.d_parameters.end),
        (found.marginals.tags, clean.marginals.tags),
    ):
        np.testing.assert_array_equal(a, b)
    assert (found.d_emissions[~INSIDE] == 0).all()
    assert (found.marginals.tags[~INSIDE] == 0).all()
    assert (found.marginals.edges[~INSIDE] == 0).all()
    best = crf.viterbi(dirty.parameters, dirty.emissions, dirty.lengths)
    assert (best.tags[~INSIDE] == -1).all()
    np.testing.assert_array_equal(
        best.score, crf.viterbi(CASE.parameters, CASE.emissions, CASE.lengths).score
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_large_scores_stay_finite_in_either_dtype(dtype: type[np.floating[Any]]) -> None:
    big = case(3, (6, 4), scale=1e4)
    p = big.parameters
    one = replace(
        big,
        parameters=CRFParameters(*(a.astype(dtype) for a in (p.transitions, p.start, p.end))),
        emissions=big.emissions.astype(dtype),
    )
    found = one.likelihood()
    best = crf.viterbi(one.parameters, one.emissions, one.lengths)
    inner = found.d_parameters
    for array in (found.loss, found.d_emissions, inner.transitions, inner.start, inner.end):
        assert array.dtype == dtype
        assert np.isfinite(array).all()
    for array in (found.lattice.alpha, found.lattice.beta, found.marginals.edges, best.score):
        assert array.dtype == dtype
    # So far apart, the best path has all the probability.
    inside = best.tags >= 0
    picked = np.take_along_axis(found.marginals.tags, np.abs(best.tags)[..., None], 2)[..., 0]
    np.testing.assert_allclose(picked[inside], 1, atol=1e-6)
    np.testing.assert_allclose(found.lattice.log_partition, best.score, rtol=1e-6)


@given(cases)
def test_marginals_are_probabilities_that_fit_together(one: Case) -> None:
    found = crf.marginals(one.parameters, one.emissions, one.lengths)
    inside = np.arange(len(one.emissions))[:, None] < one.lengths
    np.testing.assert_allclose(found.tags.sum(2), inside, atol=1e-12)
    np.testing.assert_allclose(found.edges.sum((2, 3))[1:], inside[1:], atol=1e-12)
    arriving, leaving = found.edges.sum(2)[1:], found.edges.sum(3)[1:]
    np.testing.assert_allclose(arriving, found.tags[1:], atol=1e-9)
    np.testing.assert_allclose(leaving, found.tags[:-1] * inside[1:, :, None], atol=1e-9)


@given(cases)
def test_the_best_path_is_no_more_than_all_paths(one: Case) -> None:
    p, e, lengths = one.parameters, one.emissions, one.lengths
    best, log_z = crf.viterbi(p, e, lengths), crf.log_partition(p, e, lengths)
    slack = 1e-12 * (1 + np.abs(log_z))
    assert (best.score <= log_z + slack).all()
    assert (best.score >= crf.score(p, e, one.tags, lengths) - slack).all()
    np.testing.assert_allclose(crf.score(p, e, best.tags, lengths), best.score, rtol=1e-12)


@given(cases)
def test_a_score_that_all_paths_share_changes_no_loss(one: Case) -> None:
    lifted = replace(one, emissions=one.emissions + 5.0)
    size = np.abs(lifted.emissions).max() * len(one.emissions)
    np.testing.assert_allclose(
        lifted.likelihood().loss, one.likelihood().loss, atol=1e-12 * (1 + size)
    )


def test_without_transitions_it_is_a_softmax_at_each_step() -> None:
    zero = CRFParameters(np.zeros((3, 3)), np.zeros(3), np.zeros(3))
    found = crf.marginals(zero, CASE.emissions, CASE.lengths)
    powers = np.exp(CASE.emissions)
    expected = powers / powers.sum(2, keepdims=True) * INSIDE[..., None]
    np.testing.assert_allclose(found.tags, expected, atol=1e-14)


def test_a_transition_of_minus_infinity_is_forbidden() -> None:
    transitions = CASE.parameters.transitions.copy()
    transitions[0, 1] = -np.inf
    one = replace(CASE, parameters=replace(CASE.parameters, transitions=transitions))
    legal = replace(one, tags=np.zeros_like(one.tags))
    found = legal.likelihood()
    assert np.isfinite(found.loss).all()
    assert np.isfinite(found.d_emissions).all()
    assert (found.marginals.edges[..., 0, 1] == 0).all()
    assert found.d_parameters.transitions[0, 1] == 0
    tags = np.zeros_like(one.tags)
    tags[1] = 1
    assert (replace(one, tags=tags).likelihood().loss[[0, 1, 3]] == np.inf).all()


def test_nan_in_one_row_is_seen_there_and_only_there() -> None:
    emissions = CASE.emissions.copy()
    emissions[1, 0, 2] = np.nan
    loss = replace(CASE, emissions=emissions).likelihood().loss
    assert np.isnan(loss[0])
    np.testing.assert_array_equal(loss[1:], CASE.likelihood().loss[1:])


def test_what_is_drawn_is_read_only() -> None:
    found = CASE.likelihood()
    for array in (found.lattice.alpha, found.lattice.beta, found.marginals.tags):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"emissions": np.zeros((5, 4, 2))}, "emissions: the shape is .* expected .T, B, 3"),
        ({"emissions": np.zeros((0, 4, 3))}, "emissions"),
        ({"emissions": np.zeros(3)}, "emissions"),
        ({"lengths": np.array([1, 2])}, "lengths: the shape is .2,."),
        ({"lengths": np.array([4, 2, 0, 3])}, "lengths: 0 in row 2, expected 1 to 5"),
        ({"lengths": np.array([4, 6, 1, 3])}, "lengths: 6 in row 1"),
        ({"tags": np.zeros((4, 4), int)}, "tags: the shape"),
        ({"tags": np.full((5, 4), 3)}, "tags: 3 at step 0 of row 0, expected 0 to 2"),
        ({"tags": np.full((5, 4), -1)}, "tags: -1 at step 0"),
    ],
)
def test_a_wrong_argument_is_named(change: dict[str, Array], words: str) -> None:
    with pytest.raises(EngineError, match=words):
        replace(CASE, **change).likelihood()  # type: ignore[arg-type]


def test_a_wrong_weight_is_named() -> None:
    with pytest.raises(EngineError, match="weight"):
        CASE.likelihood(np.ones(3))


@pytest.mark.parametrize(
    ("shapes", "words"),
    [
        (((3, 3), (2,), (3,)), "end"),
        (((3, 3), (2,), (2,)), "transitions"),
        (((1, 1), (1, 1), (1,)), "start"),
        (((0, 0), (0,), (0,)), "start"),
    ],
)
def test_parameters_fit_together(shapes: tuple[tuple[int, ...], ...], words: str) -> None:
    with pytest.raises(EngineError, match=f"^{words}: the shape"):
        CRFParameters(*map(np.zeros, shapes))
