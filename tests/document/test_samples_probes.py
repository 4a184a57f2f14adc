"""The samples of clicks, agreement and sums: their data, their measures and their shipped files."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from rnnviz.document.history import Score
from rnnviz.document.probes import agreeing_verb
from rnnviz.document.resources import resource
from rnnviz.document.samples import Sample, Task, adding, agreement, clicks, train_sample
from rnnviz.document.storage import SUFFIX, load
from rnnviz.engine.gradients import backward
from rnnviz.engine.initial_weights import initial_weights
from rnnviz.engine.scoring import evaluate

SHIPPED = resource("data").parent / "samples"
FILES = (*clicks.SAMPLES, *agreement.SAMPLES, *adding.SAMPLES)
QUICK = (clicks.SAMPLES[0], adding.SAMPLES[0])


def shortened(sample: Sample) -> Sample:
    """The sample with little to learn from."""

    def make() -> Task:
        task = sample.make()
        recipe = replace(task.recipe, epochs=1)
        return replace(task, recipe=recipe, learned=task.learned.take(range(50)))

    return replace(sample, make=make)


@pytest.mark.parametrize("sample", FILES, ids=lambda sample: sample.name)
def test_a_shipped_sample_reaches_the_score_that_it_states(sample: Sample) -> None:
    document, task = load(SHIPPED / f"{sample.name}{SUFFIX}"), sample.make()
    assert document.network == task.network
    assert document.recipe == task.recipe
    found = evaluate(task.network, document.weights, task.test)
    value = found.loss if found.accuracy is None else found.accuracy
    assert document.score is not None
    assert document.score.value == pytest.approx(value, rel=1e-6)
    assert document.score.count == found.n


@pytest.mark.parametrize("sample", FILES, ids=lambda sample: sample.name)
def test_what_a_sample_looks_at_is_understood(sample: Sample) -> None:
    document = load(SHIPPED / f"{sample.name}{SUFFIX}")
    assert 6 <= document.network.layers[0].hidden <= 16
    assert document.vocabulary is None or all(map(document.knows, document.sequence))
    trace = document.network.forward(document.weights, document.batch())
    assert math.isfinite(trace.loss())


@pytest.mark.parametrize("sample", FILES, ids=lambda sample: sample.name)
def test_nothing_that_is_asked_was_learned(sample: Sample) -> None:
    task = sample.make()
    if sample in clicks.SAMPLES:  # Short visits come several times, as in any shop.
        found = clicks.visits()
        assert tuple(clicks.VISIT.split()) not in (*found.learned, *found.asked, *found.test)
        return
    learned, test = (
        {np.asarray(inputs).tobytes() for inputs in part.inputs}
        for part in (task.learned, task.test)
    )
    assert not learned & test


@pytest.mark.parametrize("sample", QUICK, ids=lambda sample: sample.name)
def test_training_a_sample_twice_gives_the_same_document(sample: Sample) -> None:
    once, again = train_sample(shortened(sample)), train_sample(shortened(sample))
    assert once == again
    assert once.title == sample.title
    assert once.licence


def test_the_clicks_of_the_baselines_are_the_ones_to_be_foreseen() -> None:
    found = clicks.visits()
    small = found._replace(
        learned=(("home", "search", "cart"), ("home", "search", "cart"), ("search", "home")),
        test=(("home", "search", "cart"),),
    )
    assert clicks._after_one(small) == ["search", "cart"]
    assert clicks._after_two(small) == ["search", "cart"]


def test_two_clicks_say_more_than_one() -> None:
    found = clicks.visits()._replace(
        learned=(
            ("home", "search", "cart"),
            ("cart", "search", "home"),
            ("cart", "search", "home"),
        ),
        test=(("home", "search", "cart"),),
    )
    assert clicks._after_one(found)[1] == "home"
    assert clicks._after_two(found)[1] == "cart"


def test_an_unknown_click_is_no_event_to_be_foreseen() -> None:
    found = clicks.visits()
    assert "<unk>" not in found.events
    samples = found.samples([("home", "search"), found.test[0]])
    names = [found.events[place] for place in samples.targets[1]]
    assert tuple(names) == found.test[0][1:]


def test_the_sentence_of_the_lesson_is_one_of_the_grammar() -> None:
    for text, verb in ((agreement.BOOK, "was"), (agreement.BOOKS, "were")):
        tokens = tuple(text.split())
        assert agreeing_verb(tokens[: tokens.index(verb)]) == verb


def test_only_the_word_before_the_verb_has_an_answer() -> None:
    document = load(SHIPPED / f"agreement_lstm{SUFFIX}")
    assert " ".join(map(str, document.sequence)) == agreement.BOOK
    assert isinstance(document.targets, tuple)
    place = document.targets.index("was")
    assert document.sequence[place + 1] == "was"
    assert document.targets.count(None) == len(document.targets) - 1


@pytest.mark.parametrize("sample", agreement.SAMPLES, ids=lambda sample: sample.name)
def test_the_gradient_of_the_verb_reaches_back_to_the_book_alone(sample: Sample) -> None:
    document = load(SHIPPED / f"{sample.name}{SUFFIX}")
    trace = document.network.forward(document.weights, document.batch())
    norms = backward(trace).norms("layer0/forward/h")
    verb = agreement.BOOK.split().index("was")
    assert norms[1] > 0
    assert not norms[verb:].any()


@pytest.mark.parametrize("length", adding.EPOCHS)
def test_always_one_is_a_baseline_and_not_a_bound(length: int) -> None:
    test = adding.SAMPLES[0].make().test if length == 10 else adding._samples(length, 1_000, 2)
    error = np.mean((np.array(test.targets) - 1) ** 2) / 2
    assert error == pytest.approx(adding.BASELINE, rel=0.1)


def test_at_a_hundred_and_fifty_steps_the_cells_differ_as_they_say() -> None:
    scores: dict[str, Score] = {}
    for cell in ("rnn", "lstm", "gru"):
        document = load(SHIPPED / f"adding_150_{cell}{SUFFIX}")
        assert document.score is not None
        scores[cell] = document.score
        failed = "next to nothing" in document.notes
        assert failed == (document.score.value > 0.9 * adding.BASELINE)
    assert scores["rnn"].value > 0.9 * adding.BASELINE
    assert max(scores["lstm"].value, scores["gru"].value) < adding.BASELINE / 5


def test_the_words_for_an_error_follow_from_it() -> None:
    verdicts = {adding._verdict(error) for error in (0.0, 0.05, 0.2)}
    assert len(verdicts) == 3


def test_an_untrained_network_does_not_pretend_to_have_learned() -> None:
    task = adding.SAMPLES[0].make()
    measured = task.measure(initial_weights(task.network, 5))
    assert measured.score.value > 0.05 * adding.BASELINE
    assert not any("It has learned the task" in fact for fact in measured.facts)
