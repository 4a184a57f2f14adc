"""The samples of phrases, names, weather, DNA and voices: what they learn, ask and state."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from rnnviz.document.resources import resource
from rnnviz.document.samples import (
    Sample,
    Task,
    first_names,
    promoters,
    train_sample,
    translation,
    vowels,
    weather,
)
from rnnviz.document.samples.encoding import ids
from rnnviz.document.storage import SUFFIX, load
from rnnviz.engine.encoder_decoder import EncoderDecoder
from rnnviz.engine.generation import Sampling, generate
from rnnviz.engine.network import Network
from tests.engine.support import Values

SHIPPED = resource("data").parent / "samples"
FILES = (
    *translation.SAMPLES,
    *first_names.SAMPLES,
    *weather.SAMPLES,
    *promoters.SAMPLES,
    *vowels.SAMPLES,
)
every_sample = pytest.mark.parametrize("sample", FILES, ids=lambda sample: sample.name)


def shortened(sample: Sample) -> Sample:
    """The sample with little to learn from, and no networks besides its own."""

    def make() -> Task:
        task = sample.make()
        learned = task.learned.take(range(50))
        return replace(task, recipe=replace(task.recipe, epochs=1), learned=learned, further=tuple)

    return replace(sample, make=make)


@every_sample
def test_a_shipped_sample_reaches_the_score_that_it_states(sample: Sample) -> None:
    document, task = load(SHIPPED / f"{sample.name}{SUFFIX}"), sample.make()
    assert document.network == task.network
    assert document.recipe == task.recipe
    found = task.measure(document.weights)
    assert document.score is not None
    assert found.score.baseline is not None
    assert document.score.value == pytest.approx(found.score.value, rel=1e-6)
    assert document.score.baseline == pytest.approx(found.score.baseline, rel=1e-6)
    assert document.score.count == found.score.count
    assert all(fact in document.notes for fact in found.facts)


@every_sample
def test_what_a_sample_looks_at_is_understood(sample: Sample) -> None:
    document = load(SHIPPED / f"{sample.name}{SUFFIX}")
    network = document.network
    read = network.encoder if isinstance(network, EncoderDecoder) else network.layers
    written = network.decoder if isinstance(network, EncoderDecoder) else ()
    assert all(6 <= layer.hidden <= 16 for layer in (*read, *written))
    assert document.vocabulary is None or all(map(document.knows, document.sequence))
    assert math.isfinite(network.forward(document.weights, document.batch()).loss())


@every_sample
def test_training_a_sample_twice_gives_the_same_document(sample: Sample) -> None:
    once, again = train_sample(shortened(sample)), train_sample(shortened(sample))
    assert once == again
    assert once.title == sample.title
    assert once.licence


@pytest.mark.parametrize("sample", [*promoters.SAMPLES, *vowels.SAMPLES], ids=lambda s: s.name)
def test_nothing_that_is_asked_was_learned(sample: Sample) -> None:
    task = sample.make()
    parts = [part for part in (task.learned, task.asked, task.test) if part is not None]
    seen = [{np.asarray(inputs).tobytes() for inputs in part.inputs} for part in parts]
    assert not any(seen[0] & other for other in seen[1:])


def test_phrases_are_held_out_and_their_words_are_not() -> None:
    found = translation._phrases()
    learned = {source for source, _ in found.learned}
    held = [*found.asked, *found.test]
    assert not learned & {source for source, _ in held}
    for source, target in held:
        assert set(source) <= set(found.words)
        assert set(target) <= set(found.characters)


def test_the_phrase_of_the_lesson_was_held_out_and_is_right_with_attention() -> None:
    held = {source: target for source, target in translation._phrases().test}
    document = load(SHIPPED / f"translation_attention{SUFFIX}")
    assert document.sequence == translation.LESSON
    assert document.targets == held[translation.LESSON]
    assert isinstance(document.network, EncoderDecoder)
    (written,) = translation._written(
        document.network, document.weights, [(translation.LESSON, ())]
    )
    assert written == document.targets


def test_attention_translates_more_than_one_vector() -> None:
    plain, attentive = (
        load(SHIPPED / f"{name}{SUFFIX}").score for name in ("translation", "translation_attention")
    )
    assert plain is not None
    assert attentive is not None
    assert attentive.value > 2 * plain.value


@pytest.mark.parametrize(
    ("one", "other", "edits"), [("", "abc", 3), ("abc", "abc", 0), ("kitten", "sitting", 3)]
)
def test_distance_counts_edits(one: str, other: str, edits: int) -> None:
    assert translation.distance(tuple(one), tuple(other)) == edits
    assert translation.distance(tuple(other), tuple(one)) == edits


def test_the_most_alike_phrase_shares_most_words() -> None:
    pairs = [(("open", "file"), ("a",)), (("open", "the", "new", "file"), ("b",))]
    assert translation._most_alike(pairs, ("open", "new", "file")) == ("b",)


def test_names_are_written_as_they_are_drawn() -> None:
    document = load(SHIPPED / f"names{SUFFIX}")
    letters = document.vocabulary
    assert letters is not None
    assert isinstance(document.network, Network)
    given = ids(letters, ("♀",))
    cold, colder, hot = (
        generate(document.network, document.weights, given, 20, Sampling(t, seed), stop=0).sequence
        for t, seed in ((0.0, 1), (0.0, 2), (1.0, 3))
    )
    assert cold == colder
    assert hot != cold
    assert 2 < len(cold) < 20


def test_a_table_of_letters_forgets_what_is_further_back() -> None:
    names = [("♀", *"ab"), ("♀", *"ab"), ("♂", *"ac")]
    one, two = (first_names.Table(names, memory, 5) for memory in (1, 2))
    assert one._chance(("a",), "b") == pytest.approx(one._chance(("♂", "a")[1:], "b"))
    assert two._chance(("♂", "a"), "c") > one._chance(("a",), "c")
    chances = [two._chance(("♀", "a"), letter) for letter in ("a", "b", "c", ".", "?")]
    assert sum(chances) == pytest.approx(1.0)


def test_tomorrow_is_the_day_after_each_day() -> None:
    data = weather.weather()
    where = data.columns.index(weather.TEMPERATURE)
    np.testing.assert_allclose(data.targets[:-1, 0], data.inputs[1:, where])


def test_the_weather_that_is_asked_comes_after_what_was_learned() -> None:
    data, task = weather.weather(), weather.SAMPLES[0].make()
    assert task.asked is not None
    ends = [
        [
            next(n for n in range(len(data.inputs)) if _ends(data, n, inputs))
            for inputs in (part.inputs[0], part.inputs[-1])
        ]
        for part in (task.learned, task.asked, task.test)
    ]
    (_, learned), (asked, asked_last), (test, last) = ends
    assert learned < asked - weather.DAYS + 1
    assert asked_last < test
    assert data.days[test].startswith("2014-12-31")
    assert last == len(data.inputs) - 1


def _ends(data: weather.Weather, day: int, inputs: Values) -> bool:
    """Whether these are the days until `day`."""
    return np.array_equal(data.inputs[day - len(inputs) + 1 : day + 1], inputs)


def test_copies_of_a_strand_keep_most_of_it() -> None:
    strand = promoters._strands()[0][0]
    rng = np.random.default_rng(1)
    copies = [promoters._varied(strand, rng) for _ in range(50)]
    assert {len(copy) for copy in copies} == {53, 54, 55, 56, 57}
    whole = [copy for copy in copies if len(copy) == len(strand)]
    same = np.mean([a == b for copy in whole for a, b in zip(copy, strand, strict=True)])
    assert 0.85 < same < 0.98


def test_each_strand_is_asked_once() -> None:
    folds = promoters._folds()
    asked = np.sort(np.concatenate([fold.test for fold in folds]))
    np.testing.assert_array_equal(asked, np.arange(len(promoters._strands())))
    assert not any(set(fold.test) & set(fold.learned) for fold in folds)


@pytest.mark.parametrize("sample", [*promoters.SAMPLES, *vowels.SAMPLES], ids=lambda s: s.name)
def test_what_a_sample_looks_at_is_answered_right(sample: Sample) -> None:
    document = load(SHIPPED / f"{sample.name}{SUFFIX}")
    assert isinstance(document.network, Network)
    assert document.labels is not None
    trace = document.network.forward(document.weights, document.batch())
    assert (document.labels[int(trace.predictions[-1, 0].argmax())],) == document.targets
