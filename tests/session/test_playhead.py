"""The playhead: it moves through the story, plays it, and keeps its place in another one."""

import numpy as np
import pytest
from PySide6.QtCore import QTimer

from rnnviz.document.edits import (
    DeleteToken,
    Edit,
    HoldQuantity,
    SetCell,
    SetClip,
    SetDirection,
    SetHidden,
    SetTargets,
    SetTask,
    SetToken,
    SetTruncation,
    SetWeight,
)
from rnnviz.document.evaluate import Evaluation, evaluate
from rnnviz.document.new import new_document
from rnnviz.engine.story import backward_story, forward_story
from rnnviz.session.moments import PHASES, Moment, Phase, Story
from rnnviz.session.playhead import OPERATION_MS, SPEEDS, STEP_MS, Playhead
from rnnviz.session.telling import Teller, public_step
from tests.session.support import Heard, small


def told(evaluation: Evaluation | None, part: str) -> Story:
    return Teller().tell(evaluation, part)


@pytest.fixture
def playhead() -> Playhead:
    playhead = Playhead()
    playhead.show(Story(3, lambda *_: 4))
    return playhead


def ticks(playhead: Playhead) -> QTimer:
    (timer,) = playhead.findChildren(QTimer)
    return timer


def test_it_begins_at_the_first_operation() -> None:
    playhead = Playhead()
    assert playhead.moment == Moment("nothing")
    playhead.show(Story(2, lambda *_: 4))
    assert playhead.moment == Moment("forward", 0, 0)


def test_it_moves_by_operations_and_steps_and_back(playhead: Playhead) -> None:
    heard = Heard(playhead.moment_changed)
    playhead.next_operation()
    playhead.next_step()
    playhead.next_step()
    playhead.previous_operation()
    playhead.previous_step()
    assert [m for m, _ in heard] == [
        Moment("forward", 0, 1),
        Moment("forward", 0, 3),
        Moment("forward", 1, 3),
        Moment("forward", 1, 2),
        Moment("forward", 0, 3),
    ]
    assert [before for _, before in heard[1:]] == [m for m, _ in heard[:-1]]
    playhead.go_to_end()
    assert playhead.moment == Moment("update")
    playhead.go_to(Moment("backward", 9, 9))
    assert playhead.moment == Moment("backward", 2, 3)
    playhead.go_to_start()
    count = len(heard)
    playhead.previous_operation()
    playhead.go_to_start()
    assert len(heard) == count


def test_it_plays_to_the_end_and_then_from_the_beginning(playhead: Playhead) -> None:
    heard = Heard(playhead.playing_changed)
    playhead.play("step")
    moments = Heard(playhead.moment_changed)
    while playhead.is_playing:
        ticks(playhead).timeout.emit()
    assert [m for m, _ in moments] == [
        *(Moment("forward", step, 3) for step in (0, 1, 2)),
        Moment("loss", 2),
        *(Moment("backward", step, 3) for step in (2, 1, 0)),
        Moment("update"),
    ]
    assert heard == [(True,), (False,)]
    playhead.play()
    assert playhead.moment == playhead.story.first
    ticks(playhead).timeout.emit()
    assert playhead.moment == Moment("forward", 0, 1)
    playhead.play()
    playhead.pause()
    playhead.pause()
    assert heard == [(True,), (False,)] * 2


def test_an_empty_story_cannot_be_played() -> None:
    playhead = Playhead()
    playhead.play()
    assert not playhead.is_playing


def test_the_speed_sets_the_clock(playhead: Playhead) -> None:
    heard = Heard(playhead.speed_changed)
    assert ticks(playhead).interval() == OPERATION_MS
    playhead.set_speed(2.0)
    playhead.set_speed(2.0)
    assert ticks(playhead).interval() == OPERATION_MS // 2
    playhead.set_speed(100.0)
    playhead.play("step")
    assert ticks(playhead).interval() == round(STEP_MS / SPEEDS[-1])
    playhead.set_speed(0.0)
    assert heard == [(2.0,), (SPEEDS[-1],), (SPEEDS[0],)]
    playhead.pause()


def test_the_clock_itself_runs(playhead: Playhead, wait_until: object) -> None:
    playhead.set_speed(8.0)
    playhead.play("step")
    assert callable(wait_until)
    wait_until(lambda: not playhead.is_playing)
    assert playhead.moment == playhead.story.last


@pytest.mark.parametrize(
    ("count", "places"),
    [(4, [0, 1, 2, 3]), (6, [0, 1, 2, 3, 4, 5]), (14, [0, 2, 5, 8, 11, 13]), (31, [0, 5, 11])],
)
def test_a_step_of_many_operations_is_played_in_few_beats(count: int, places: list[int]) -> None:
    playhead = Playhead()
    playhead.show(Story(2, lambda *_: count))
    heard = Heard(playhead.moment_changed)
    playhead.play()
    for _ in range(7):
        ticks(playhead).timeout.emit()
    playhead.pause()
    told = [Moment("forward", 0, 0), *(moment for moment, _ in heard)]
    first = [moment.operation for moment in told if moment.step == 0]
    assert first[: len(places)] == places
    assert first[-1] == count - 1, "no step is left before it is complete"
    assert len(first) <= 7


def test_it_keeps_its_place_in_another_story(playhead: Playhead) -> None:
    stories = Heard(playhead.story_changed)
    playhead.go_to(Moment("forward", 1, 1))
    playhead.show(Story(5, lambda *_: 9))
    assert playhead.moment == Moment("forward", 1, 1)
    playhead.go_to(Moment("forward", 4, 8))
    playhead.show(Story(2, lambda *_: 6))
    assert playhead.moment == Moment("forward", 1, 5)
    playhead.go_to(Moment("backward", 1, 2))
    playhead.show(Story(2, lambda *_: 6, learns=False))
    assert playhead.moment == Moment("forward", 1, 5)
    assert len(stories) == 3


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_story_has_the_operations_of_the_engine(cell: str) -> None:
    evaluation = evaluate(new_document(cell, 3))
    assert evaluation is not None
    assert evaluation.gradients is not None
    story, part = told(evaluation, "layer0/forward"), "layer0/forward"
    assert story.phases == ("forward", "loss", "backward", "update")
    for step in range(4):
        forward = forward_story(evaluation.trace, part, step)
        backward = backward_story(evaluation.gradients, part, step)
        assert story.operations("forward", step) == len(forward)
        assert story.operations("backward", step) == len(backward)
        assert len(forward) > 1 < len(backward)


def test_a_layer_that_reads_backward_is_told_in_its_own_order() -> None:
    document = SetDirection("both").apply(small())
    evaluation = evaluate(document)
    assert evaluation is not None
    story, part = told(evaluation, "layer0/backward"), "layer0/backward"
    for step in range(4):
        count = len(forward_story(evaluation.trace, part, 3 - step))
        assert story.operations("forward", step) == count
    assert public_step("layer0/forward", 0, 4) == 0


def test_an_encoder_is_told_before_the_decoder() -> None:
    document = SetTask("many-to-many unaligned", labels=("je", "suis")).apply(small())
    evaluation = evaluate(document)
    assert evaluation is not None
    story = told(evaluation, "encoder/layer0/forward")
    assert story.encoded == document.steps
    assert story.length("forward") == evaluation.trace.steps
    phases = [m.phase for m in story.moments()]
    assert phases == sorted(phases, key=PHASES.index)
    for moment in story.moments():
        assert story.operations(moment.phase, moment.step) > moment.operation


def test_what_is_not_there_is_told_as_the_nearest() -> None:
    evaluation = evaluate(small(targets=None))
    assert told(evaluation, "layer7/backward").phases == ("forward",)
    assert told(None, "layer0/forward").phases == ("nothing",)


PART = "layer0/forward"
SAME = (
    SetWeight("head/d", (0,), 1.0),
    SetToken(0, "happy"),
    SetToken(0, "unheard"),
    SetTargets(("positive",)),
    SetClip("norm", 1.0),
)
OTHER = (
    DeleteToken(0),
    SetTargets(None),
    SetHidden(3),
    SetCell("gru"),
    HoldQuantity(f"{PART}/f", 1, 0.0),
    SetTruncation(2),
)


def counts(story: Story) -> list[int]:
    return [story.operations(phase, story.rest(s).step) for phase, s in stages(story)]


def stages(story: Story) -> list[tuple[Phase, int]]:
    return [(story.rest(stage).phase, stage) for stage in range(story.stages)]


@pytest.mark.parametrize("edit", SAME, ids=lambda edit: edit.label)
def test_other_numbers_and_words_are_told_in_the_same_stages(edit: Edit) -> None:
    document, teller = small(), Teller()
    first = teller.tell(evaluate(document), PART)
    assert len(counts(first)) == 10
    second = teller.tell(evaluate(edit.apply(document)), PART)
    assert second.is_like(first)
    assert counts(second) == counts(told(evaluate(edit.apply(document)), PART))
    playhead = Playhead()
    playhead.show(first)
    heard = Heard(playhead.story_changed)
    playhead.show(second)
    assert (playhead.story, heard) == (second, [])


@pytest.mark.parametrize("edit", OTHER, ids=lambda edit: edit.label)
def test_what_changes_the_operations_is_counted_anew(edit: Edit) -> None:
    document, teller = small(), Teller()
    first = teller.tell(evaluate(document), PART)
    assert not teller.tell(evaluate(edit.apply(document)), PART).is_like(first)
    assert not teller.tell(evaluate(document), "layer0/backward").is_like(first)


def test_a_hold_that_is_dragged_is_not_counted_anew() -> None:
    teller, drag = Teller(), [small()]
    for value in (0.0, 0.5, 1.0):
        drag.append(HoldQuantity(f"{PART}/f", 1, value, unit=2).apply(drag[-1]))
    stories = [teller.tell(evaluate(document), PART) for document in drag]
    assert [s.is_like(stories[1]) for s in stories] == [False, True, True, True]
    assert counts(stories[3]) == counts(told(evaluate(drag[3]), PART))


def test_vectors_that_have_targets_elsewhere_are_counted_anew() -> None:
    document = SetTask("many-to-many", "regression", ("y",)).apply(small())
    teller = Teller()
    for targets, known in (([0.5] * 4, False), ([0.1] * 4, True), ([0.1, 0.2, np.nan, 0.4], False)):
        before = teller.tell(evaluate(document), PART)
        document = SetTargets(np.array(targets)[:, None]).apply(document)
        assert teller.tell(evaluate(document), PART).is_like(before) is known
