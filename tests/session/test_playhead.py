"""The playhead: it moves through the story, plays it, and keeps its place in another one."""

import pytest
from PySide6.QtCore import QTimer

from rnnviz.document.edits import SetDirection, SetTask, SetToken
from rnnviz.document.evaluate import Evaluation, evaluate
from rnnviz.document.new import new_document
from rnnviz.engine.story import backward_story, forward_story
from rnnviz.session.moments import PHASES, Moment, Story
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


def test_other_weights_are_told_in_the_same_stages() -> None:
    document, teller, part = small(), Teller(), "layer0/forward"
    weights = document.weights
    other = document.changed(weights=weights.replace({"head/d": weights["head/d"] + 1.0}))
    longer = SetToken(0, "happy").apply(document)
    stories = [teller.tell(evaluate(d), part) for d in (document, other, longer)]
    assert stories[1].is_like(stories[0])
    assert not stories[2].is_like(stories[1])
    assert not teller.tell(evaluate(longer), "layer0/backward").is_like(stories[2])
    playhead = Playhead()
    playhead.show(stories[0])
    heard = Heard(playhead.story_changed)
    playhead.show(stories[1])
    assert (playhead.story, heard) == (stories[1], [])
