"""Moments: next and previous undo each other, every moment is reached, and their order is total."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.session.moments import EMPTY, PHASES, Moment, Phase, Story


@st.composite
def stories(draw: st.DrawFn) -> Story:
    steps, encoded = draw(st.integers(0, 5)), draw(st.integers(0, 3))
    counts = draw(st.lists(st.integers(0, 4), min_size=1, max_size=7))

    def count(phase: Phase, step: int) -> int:
        return counts[(step + 3 * PHASES.index(phase)) % len(counts)]

    return Story(steps, count, encoded, draw(st.booleans()))


@st.composite
def places(draw: st.DrawFn) -> tuple[Story, Moment]:
    story = draw(stories())
    return story, draw(st.sampled_from(list(story.moments())))


anything = st.builds(Moment, st.sampled_from(PHASES), st.integers(-2, 9), st.integers(-2, 9))


@given(stories())
def test_next_goes_through_every_moment_and_previous_comes_back(story: Story) -> None:
    told = list(story.moments())
    assert (told[0], told[-1]) == (story.first, story.last)
    assert len(set(told)) == len(told)
    for before, after in pairwise(told):
        assert story.next(before) == after
        assert story.previous(after) == before
    assert story.next(story.last) == story.last
    assert story.previous(story.first) == story.first


@given(stories(), st.randoms())
def test_the_order_of_moments_is_that_of_the_story(story: Story, random: st.DataObject) -> None:
    told = list(story.moments())
    mixed = list(told)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert sorted(mixed) == told


@given(anything, anything, anything)
def test_the_order_is_total(a: Moment, b: Moment, c: Moment) -> None:
    assert (a < b) + (b < a) + (a == b) == 1
    if a <= b <= c:
        assert a <= c


@given(places())
def test_steps_lead_from_rest_to_rest(place: tuple[Story, Moment]) -> None:
    story, moment = place
    rests = [m for m in story.moments() if story.rests(m)]
    assert len(rests) == story.stages
    later = [m for m in rests if m > moment]
    earlier = [m for m in rests if story.stage(m) < story.stage(moment)]
    assert story.next_step(moment) == (later[0] if later else story.last)
    assert story.previous_step(moment) == (earlier[-1] if earlier else story.first)
    if moment in rests and later:
        assert story.previous_step(story.next_step(moment)) == moment


@given(places())
def test_stages_are_numbered_in_order(place: tuple[Story, Moment]) -> None:
    story, moment = place
    stage = story.stage(moment)
    assert 0 <= stage < story.stages
    assert (story.rest(stage).phase, story.rest(stage).step) == (moment.phase, moment.step)
    count = story.operations(moment.phase, moment.step)
    assert story.at(stage, (moment.operation + 0.5) / count) == moment
    assert story.at(stage) == story.rest(stage)


@given(stories(), st.integers(-3, 30), st.floats(-2, 3))
def test_a_scrubber_that_is_held_outside_is_at_an_end(
    story: Story, stage: int, part: float
) -> None:
    found = story.at(stage, part)
    assert found in list(story.moments())
    if stage < 0:
        assert story.stage(found) == 0
    if stage >= story.stages:
        assert story.stage(found) == story.stages - 1


@given(stories(), anything, st.booleans())
def test_the_nearest_moment_is_one_of_the_story(story: Story, moment: Moment, rests: bool) -> None:
    found, told = story.nearest(moment, rests), list(story.moments())
    assert found in told
    if rests and moment.phase in story.phases:
        assert story.rests(found)
    if moment in told and not rests:
        assert found == moment


def test_a_story_is_told_in_this_order() -> None:
    story = Story(2, lambda phase, step: 2 if phase == "forward" and step == 1 else 1, encoded=1)
    assert [(m.phase, m.step, m.operation) for m in story.moments()] == [
        ("encode", 0, 0),
        ("forward", 0, 0),
        ("forward", 1, 0),
        ("forward", 1, 1),
        ("loss", 1, 0),
        ("backward", 1, 0),
        ("backward", 0, 0),
        ("encode_back", 0, 0),
        ("update", 0, 0),
    ]
    assert [story.length(phase) for phase in PHASES] == [0, 1, 2, 1, 2, 1, 1]


def test_without_targets_there_is_no_way_back() -> None:
    story = Story(3, lambda *_: 2, learns=False)
    assert story.phases == ("forward",)
    assert story.nearest(Moment("backward", 1, 1)) == Moment("forward", 2, 1)
    assert story.nearest(Moment("nothing")) == story.first


def test_the_empty_story_has_one_moment() -> None:
    assert list(EMPTY.moments()) == [Moment("nothing")]
    assert EMPTY.nearest(Moment("backward", 3, 2)) == EMPTY.first == EMPTY.last


def test_each_stage_is_counted_once_and_only_when_it_is_needed() -> None:
    asked: list[tuple[Phase, int]] = []

    def count(phase: Phase, step: int) -> int:
        asked.append((phase, step))
        return 3

    story = Story(1000, count)
    moment = story.nearest(Moment("backward", 500, 1))
    for _ in range(5):
        moment = story.next(moment)
    assert asked == [("backward", 500), ("backward", 499)]


def test_a_stage_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="stage: there are 1"):
        EMPTY.rest(1)
    with pytest.raises(ValueError, match="the story has the phases"):
        EMPTY.stage(Moment("loss"))
