"""Optimisers against stored numbers of torch.optim; schedules; clipping that tells the truth."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import EngineError
from rnnviz.engine.optimisers import (
    OPTIMISERS,
    SCHEDULES,
    SGD,
    Adam,
    Clipped,
    Constant,
    Cosine,
    Exponential,
    Momentum,
    Optimiser,
    RMSProp,
    Schedule,
    State,
    StepDecay,
    WarmUp,
    clip_norm,
    clip_value,
)

# The loss sum(CURVATURE θ² / 2 − SLOPE θ), from START: flat, steep, upside down and very steep.
CURVATURE = np.array([0.5, 2.0, -1.0, 30.0])
SLOPE = np.array([1.0, -0.25, 3.0, 0.0])
START = np.array([0.7, -1.2, 0.05, 2.0])

# θ after 1, 2 and 10 steps, computed once with torch.optim of PyTorch 2.13 in float64: SGD (also
# with momentum=, nesterov=), RMSprop and Adam with the settings that stand here.
TORCH: tuple[tuple[Optimiser, dict[int, tuple[float, ...]]], ...] = (
    (
        SGD(0.02),
        {
            1: (0.713, -1.157, 0.111, 0.7999999999999999),
            2: (0.72587, -1.11572, 0.17321999999999999, 0.32),
            10: (
                0.8243033024885542,
                -0.8396950836908637,
                0.7179329809840092,
                0.00020971519999999995,
            ),
        },
    ),
    (
        SGD(0.02, weight_decay=0.3),
        {
            1: (0.7088, -1.1498, 0.11069999999999999, 0.7879999999999999),
            2: (0.7174592, -1.1019092, 0.17224979999999998, 0.31047199999999997),
            10: (
                0.781926910004476,
                -0.7901388056656405,
                0.6967042363052788,
                0.00018029854164446462,
            ),
        },
    ),
    (
        Momentum(0.02),
        {
            1: (0.713, -1.157, 0.111, 0.7999999999999999),
            2: (0.73757, -1.07702, 0.22812, -0.7600000000000001),
            10: (1.1925971537882176, 0.03923140965360642, 3.0473092363917273, -0.7629287716000003),
        },
    ),
    (
        Momentum(0.02, 0.5, weight_decay=0.3),
        {
            1: (0.7088, -1.1498, 0.11069999999999999, 0.7879999999999999),
            2: (0.7218592, -1.0768092, 0.20259979999999997, -0.2955280000000001),
            10: (0.8424058740276326, -0.5342194433986898, 1.2495465872366223, -0.05616189165046306),
        },
    ),
    (
        Momentum(0.02, nesterov=True),
        {
            1: (0.7246999999999999, -1.1182999999999998, 0.1659, -0.28),
            2: (0.7594606999999999, -1.0079791999999999, 0.3356142, -0.9328000000000001),
            10: (1.2426055507438538, 0.03171207478093619, 3.730341062320438, -0.017515464034908893),
        },
    ),
    (
        RMSProp(0.02),
        {
            1: (0.8999999692307739, -1.0000000093023251, 0.24999999344262308, 1.8000000003333334),
            2: (1.029566486058118, -0.8733643043398412, 0.3961801154874205, 1.6658359218363479),
            10: (1.5276096058928876, -0.4186970553172598, 1.1209318986452614, 1.0997822136589595),
        },
    ),
    (
        RMSProp(0.02, 0.9, 1e-3, weight_decay=0.3),
        {
            1: (0.7627942512535356, -1.1368340278096762, 0.1131797239349738, 1.936757746954454),
            2: (0.8057203362794849, -1.0923101551800023, 0.15934133701260206, 1.8915810509107154),
            10: (0.9998412446039624, -0.8743052379370256, 0.4009806691636677, 1.6641155546742594),
        },
    ),
    (
        Adam(0.02),
        {
            1: (0.7199999996923077, -1.1800000000930233, 0.06999999993442624, 1.9800000000033333),
            2: (0.7399913163145962, -1.1600106713312057, 0.09000330032637528, 1.9600054917985315),
            10: (0.8988748839009257, -1.0013977747830294, 0.2504005759652504, 1.8006993070302175),
        },
    ),
    (
        Adam(0.02, 0.5, 0.9, 1e-3, weight_decay=0.3),
        {
            1: (0.719954648526077, -1.1800079649542015, 0.06999341238471674, 1.9800003300275573),
            2: (0.7398014552910619, -1.1600687601328894, 0.08999969646110428, 1.9600291311356075),
            10: (0.8893383032115433, -1.0048320992511608, 0.25101813490163444, 1.8025041952939778),
        },
    ),
)


def descend(optimiser: Optimiser, steps: int, theta: Array = START) -> Array:
    state = optimiser.start(theta.size, theta.dtype.type)
    for _ in range(steps):
        gradient = CURVATURE.astype(theta.dtype) * theta - SLOPE.astype(theta.dtype)
        theta, state = optimiser.step(theta, gradient, state)
    return theta


@pytest.mark.parametrize(("optimiser", "stored"), TORCH, ids=[repr(o) for o, _ in TORCH])
def test_steps_equal_those_of_torch(
    optimiser: Optimiser, stored: dict[int, tuple[float, ...]]
) -> None:
    for steps, theta in stored.items():
        np.testing.assert_allclose(descend(optimiser, steps), theta, rtol=1e-12, atol=1e-15)


def test_every_optimiser_is_compared_with_torch() -> None:
    assert {type(optimiser) for optimiser, _ in TORCH} == set(OPTIMISERS)


kinds = pytest.mark.parametrize("kind", OPTIMISERS)


@kinds
def test_dtype_is_kept(kind: type[Optimiser]) -> None:
    optimiser = kind(0.02, weight_decay=0.1)
    theta = START.astype(np.float32)
    after, state = optimiser.step(theta, theta, optimiser.start(4, np.float32))
    assert after.dtype == np.float32
    assert all(array.dtype == np.float32 for array in state.memory.values())
    assert descend(optimiser, 5, theta) == pytest.approx(descend(optimiser, 5), rel=1e-4)


@kinds
def test_a_step_is_pure(kind: type[Optimiser]) -> None:
    optimiser = kind(0.02, weight_decay=0.1)
    _, state = optimiser.step(START, SLOPE, optimiser.start(4))
    given = {"theta": START.copy(), "gradient": SLOPE.copy(), **state.memory}
    before = {name: array.copy() for name, array in given.items()}
    for array in given.values():
        array.flags.writeable = False
    first, after = optimiser.step(given["theta"], given["gradient"], state)
    again, _ = optimiser.step(given["theta"], given["gradient"], state)
    np.testing.assert_array_equal(first, again)
    assert (state.count, after.count) == (1, 2)
    assert tuple(after.memory) == optimiser.remembers
    for name, array in given.items():
        np.testing.assert_array_equal(array, before[name])


@kinds
def test_a_learning_rate_for_one_step_replaces_the_own(kind: type[Optimiser]) -> None:
    slow, fast = kind(0.001), kind(0.1)
    scheduled, _ = slow.step(START, SLOPE, slow.start(4), learning_rate=0.1)
    own, _ = fast.step(START, SLOPE, fast.start(4))
    np.testing.assert_array_equal(scheduled, own)
    still, _ = slow.step(START, SLOPE, slow.start(4), learning_rate=0.0)
    np.testing.assert_array_equal(still, START)


@kinds
@pytest.mark.parametrize("broken", [np.inf, np.nan])
def test_what_is_not_finite_comes_through(kind: type[Optimiser], broken: float) -> None:
    optimiser = kind(0.1)
    gradient = np.array([1.0, broken])
    theta, _ = optimiser.step(np.zeros(2), gradient, optimiser.start(2))
    assert np.isfinite(theta[0])
    assert not np.isfinite(theta[1])


@kinds
def test_a_shape_that_does_not_fit_is_named(kind: type[Optimiser]) -> None:
    optimiser = kind(0.1)
    with pytest.raises(EngineError, match="gradient: the shape is"):
        optimiser.step(START, SLOPE[:3], optimiser.start(4))
    for name in optimiser.remembers:
        state = optimiser.start(4)
        mixed = State(0, {**state.memory, name: np.zeros(3)})
        with pytest.raises(EngineError, match=rf"{name}: the shape is \(3,\)"):
            optimiser.step(START, SLOPE, mixed)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: SGD(-0.1), "learning_rate: -0.1 came, expected 0 <= learning_rate < inf"),
        (lambda: SGD(math.nan), "learning_rate: nan"),
        (lambda: SGD(math.inf), "learning_rate: inf"),
        (lambda: SGD(0.1, weight_decay=-1), "weight_decay: -1"),
        (lambda: Momentum(0.1, 1.0), "momentum: 1.0 came, expected 0 <= momentum < 1"),
        (lambda: RMSProp(0.1, decay=1.5), "decay: 1.5"),
        (lambda: RMSProp(0.1, epsilon=-1e-8), "epsilon: -1e-08"),
        (lambda: Adam(0.1, beta1=-0.1), "beta1: -0.1"),
        (lambda: Adam(0.1, beta2=1.0), "beta2: 1.0"),
        (lambda: SGD(0.1).step(START, START, SGD(0.1).start(4), math.nan), "learning_rate: nan"),
        (lambda: StepDecay(0, 0.5), "every: 0 came, expected 1 <= every"),
        (lambda: StepDecay(2, 1.5), "factor: 1.5"),
        (lambda: Exponential(-0.5), "factor: -0.5"),
        (lambda: Cosine(0), "total: 0"),
        (lambda: Cosine(5, -1.0), "floor: -1.0"),
        (lambda: WarmUp(0), "steps: 0"),
        (lambda: Constant()(0.4, -1), "step: -1"),
        (lambda: clip_norm(START, -1.0), "limit: -1.0"),
        (lambda: clip_norm(START, math.nan), "limit: nan"),
        (lambda: clip_value(START, math.inf), "limit: inf"),
    ],
)
def test_a_setting_out_of_range_is_named(make: Callable[[], object], words: str) -> None:
    with pytest.raises(EngineError, match=words):
        make()


# Of base 0.4. The cosine was computed once with torch's CosineAnnealingLR(T_max=5, eta_min=0.1).
COSINE = (0.4, 0.37135254915624216, 0.29635254915624215, 0.2036474508437579, 0.1286474508437579)
SCHEDULED: tuple[tuple[Schedule, tuple[float, ...]], ...] = (
    (Constant(), (0.4, 0.4, 0.4)),
    (StepDecay(3, 0.5), (0.4, 0.4, 0.4, 0.2, 0.2, 0.2, 0.1)),
    (Exponential(0.9), (0.4, 0.36, 0.324, 0.2916)),
    (Cosine(5, 0.1), (*COSINE, 0.1, 0.1, 0.1)),
    (WarmUp(4), (0.1, 0.2, 0.3, 0.4, 0.4, 0.4)),
    (WarmUp(2, Exponential(0.5)), (0.2, 0.4, 0.4, 0.2, 0.1)),
)


@pytest.mark.parametrize(("schedule", "rates"), SCHEDULED, ids=[repr(s) for s, _ in SCHEDULED])
def test_schedules(schedule: Schedule, rates: tuple[float, ...]) -> None:
    assert [schedule(0.4, step) for step in range(len(rates))] == pytest.approx(rates, rel=1e-14)


def test_every_schedule_is_tested() -> None:
    assert {type(schedule) for schedule, _ in SCHEDULED} == set(SCHEDULES)


@given(
    st.sampled_from([schedule for schedule, _ in SCHEDULED]),
    st.floats(0.1, 1e3),
    st.integers(0, 10**6),
)
def test_no_schedule_leaves_the_range_of_its_base(
    schedule: Schedule, base: float, step: int
) -> None:
    assert 0 <= schedule(base, step) <= base * (1 + 1e-12)


vectors = arrays(np.float64, st.integers(0, 6), elements=st.floats(width=64))
small = arrays(np.float32, st.integers(1, 6), elements=st.floats(width=32, allow_nan=False))
limits = st.floats(0, 1e300)
clippings = pytest.mark.parametrize("clip", [clip_norm, clip_value])
Clip = Callable[[Array, float], Clipped]


@clippings
@given(vector=st.one_of(vectors, small), limit=limits)
def test_clipping_never_raises_the_norm(clip: Clip, vector: Array, limit: float) -> None:
    found = clip(vector, limit)
    assert found.vector.dtype == vector.dtype
    assert found.vector.shape == vector.shape
    assert not found.norm_after > found.norm_before * (1 + 1e-12)
    finite = np.isfinite(vector)
    assert (np.abs(found.vector[finite]) <= np.abs(vector[finite])).all()
    assert (found.vector[finite] * np.sign(vector[finite]) >= 0).all()


@clippings
@given(vector=st.one_of(vectors, small), limit=limits)
def test_clipping_reports_what_it_did(clip: Clip, vector: Array, limit: float) -> None:
    found = clip(vector, limit)
    finite = np.isfinite(vector)
    np.testing.assert_array_equal(found.vector[~finite], vector[~finite])
    assert found.non_finite == (~finite).sum()
    assert found.count == (found.vector[finite] != vector[finite]).sum()
    assert found.cut == (found.count > 0)
    if not finite.all():
        assert not math.isfinite(found.norm_before)
        assert not math.isfinite(found.norm_after)
    if not found.cut:
        assert found.factor == 1


@given(
    arrays(np.float64, 5, elements=st.floats(-1e150, 1e150)),
    st.floats(1e-100, 1e100),
)
def test_a_clipped_norm_keeps_the_direction(vector: Array, limit: float) -> None:
    found = clip_norm(vector, limit)
    assert found.norm_after <= limit * (1 + 1e-12)
    if found.cut:
        assert found.norm_after == pytest.approx(limit, rel=1e-9)
        assert found.factor == pytest.approx(limit / found.norm_before, rel=1e-9)
        largest = np.abs(vector).max()
        np.testing.assert_allclose(
            found.vector / limit, vector / largest / np.linalg.norm(vector / largest), atol=1e-12
        )


@given(arrays(np.float64, 5, elements=st.floats(-1e300, 1e300)), limits)
def test_clipped_values_lie_within_the_limit(vector: Array, limit: float) -> None:
    found = clip_value(vector, limit)
    assert (np.abs(found.vector) <= limit).all()
    within = np.abs(vector) <= limit
    np.testing.assert_array_equal(found.vector[within], vector[within])


def test_clipping_of_a_vector_that_is_known() -> None:
    norm = clip_norm(np.array([3.0, 0.0, 4.0]), 1.0)
    np.testing.assert_allclose(norm.vector, [0.6, 0, 0.8], rtol=1e-15)
    assert (norm.norm_before, norm.factor, norm.count, norm.cut) == (5, 0.2, 2, True)
    value = clip_value(np.array([3.0, 0.0, -4.0]), 3.0)
    np.testing.assert_array_equal(value.vector, [3, 0, -3])
    assert (value.norm_before, value.count, value.non_finite) == (5, 1, 0)
    assert value.factor == pytest.approx(math.sqrt(18) / 5)
    assert not clip_norm(np.array([3.0, 4.0]), 5.0).cut


def test_what_is_not_finite_is_reported_and_left() -> None:
    vector = np.array([np.inf, 10.0, np.nan, -np.inf])
    norm, value = clip_norm(vector, 1.0), clip_value(vector, 1.0)
    np.testing.assert_array_equal(norm.vector, vector)
    np.testing.assert_array_equal(value.vector, [np.inf, 1, np.nan, -np.inf])
    assert (norm.count, norm.non_finite, norm.cut) == (0, 3, False)
    assert (value.count, value.non_finite, value.cut) == (1, 3, True)
    assert math.isnan(norm.norm_before)
    assert clip_norm(vector[:2], 1.0).norm_before == math.inf


@pytest.mark.parametrize("large", [np.float32(1e38), np.float64(1e307)])
def test_squares_that_would_overflow_do_not(large: np.float32 | np.float64) -> None:
    found = clip_norm(np.array([3 * large, 0, 0, -1 * large]) / 4, 1.0)
    assert found.norm_before == pytest.approx(float(large) * math.sqrt(10) / 4, rel=1e-6)
    np.testing.assert_allclose(found.vector, np.array([3, 0, 0, -1]) / math.sqrt(10), rtol=1e-6)
