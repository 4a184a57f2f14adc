"""The probes: every label against a second way to find it, and what they refuse."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import numpy as np
import pytest

from rnnviz.document.examples import AnyExamples, Examples, Labels, Numbers, Outputs, Tags
from rnnviz.document.probe_dates import DATE_FORMS, FIRST_DATE, LAST_DATE, LONGEST, SHORTEST
from rnnviz.document.probe_grammar import Grammar
from rnnviz.document.probes import (
    ADDING_BASELINE,
    PROBES,
    Probe,
    adding,
    agreeing_verb,
    agreement,
    agreement_words,
    brackets,
    copying,
    dates,
    parity,
    probe,
    recall,
)
from rnnviz.document.tokens import Tokens
from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import EngineError, UnknownError

QUOTED = tuple(
    [
        "The",
        "book",
        "that",
        "I",
        "bought",
        "yesterday",
        "from",
        "the",
        "old",
        "store",
        "near",
        "the",
        "station",
    ]
)
IRREGULAR_PLURALS = {"men", "women", "children"}
SINGULARS = {"man", "woman", "child", "teacher", "store", "station", "house", "school", "tree"} | {
    *("village", "garden", "bridge", "book", "letter", "picture", "lamp", "cup", "chair"),
    *("map", "table"),
}

PEOPLE = {"man", "woman", "child", "teacher"} | IRREGULAR_PLURALS

Make = Callable[[int, int, int], AnyExamples]

each_probe = pytest.mark.parametrize("task", PROBES, ids=lambda task: task.name)


def flat(examples: AnyExamples) -> list[object]:
    """Everything in the examples, comparable with ==, nan too."""
    assert examples.targets is not None
    values = examples.targets.values
    parts: list[object] = [*examples.sequences, *values]
    return [repr(p.tolist()) if isinstance(p, np.ndarray) else p for p in parts]


def labels(examples: Examples[Tokens]) -> list[tuple[Tokens, str]]:
    assert isinstance(examples.targets, Labels)
    return list(zip(examples.sequences, examples.targets.values, strict=True))


def tagged(examples: Examples[Tokens]) -> list[tuple[Tokens, Tokens]]:
    assert isinstance(examples.targets, Tags)
    return list(zip(examples.sequences, examples.targets.values, strict=True))


def outputs(examples: Examples[Tokens]) -> list[tuple[Tokens, Tokens]]:
    assert isinstance(examples.targets, Outputs)
    return list(zip(examples.sequences, examples.targets.values, strict=True))


def numbers(examples: Examples[Array]) -> list[tuple[Array, Array]]:
    assert isinstance(examples.targets, Numbers)
    return list(zip(examples.sequences, examples.targets.values, strict=True))


# ------------------------------------------------------------------------------------ all probes


@each_probe
def test_the_same_seed_gives_the_same_examples_and_another_seed_others(task: Probe) -> None:
    assert flat(task.generate(20, seed=3)) == flat(task.generate(20, seed=3))
    assert flat(task.generate(20, seed=3)) != flat(task.generate(20, seed=4))
    assert flat(task.generate(20)) == flat(task.generate(20, seed=0, length=task.usual))


@each_probe
def test_every_length_at_the_ends_of_the_range_works(task: Probe) -> None:
    for length in (task.shortest, task.longest):
        assert len(task.generate(2, length=length)) == 2


@each_probe
def test_a_longer_length_makes_no_shorter_sequences(task: Probe) -> None:
    shorter = task.generate(30, length=task.shortest).lengths
    longer = task.generate(30, length=min(task.longest, task.shortest + 20)).lengths
    assert sum(longer) > sum(shorter)


@each_probe
@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"count": 0}, "count"),
        ({"count": 100_001}, "count"),
        ({"count": 1.5}, "count"),
        ({"count": True}, "count"),
        ({"count": "3"}, "count"),
        ({"count": 1, "seed": -1}, "seed"),
        ({"count": 1, "seed": None}, "seed"),
        ({"count": 1, "length": 2_001}, "length"),
        ({"count": 1, "length": -1}, "length"),
        ({"count": 1, "length": 2.0}, "length"),
    ],
)
def test_an_argument_out_of_range_is_named(
    task: Probe, arguments: dict[str, Any], named: str
) -> None:
    with pytest.raises(EngineError, match=rf"^{named}: .* came, expected a whole number"):
        task.generate(**arguments)


@pytest.mark.parametrize("make", [task.make for task in PROBES])
def test_the_generators_check_for_themselves(make: Make) -> None:
    with pytest.raises(EngineError, match=r"^length: 1000000 came"):
        make(1, 0, 1_000_000)
    with pytest.raises(EngineError, match=r"^count: 0 came"):
        make(0, 0, 10)


def test_more_steps_than_memory_allows_are_refused() -> None:
    with pytest.raises(EngineError, match="100000 examples of 2000 steps came, expected at most"):
        adding(100_000, 0, 2_000)


def test_numpy_integers_are_whole_numbers() -> None:
    few: list[Any] = [np.int64(3), np.int64(1), np.int32(5)]
    assert flat(parity(*few)) == flat(parity(3, 1, 5))


def test_names_and_titles_are_distinct_and_found() -> None:
    assert len({task.name for task in PROBES}) == len({task.title for task in PROBES}) == 8
    for task in PROBES:
        assert probe(task.name) is task
        assert isinstance(task, Probe)
        assert task.shortest <= task.usual <= task.longest
        assert task.shows.endswith(".")
    with pytest.raises(UnknownError, match="probe: 'copy' is not known; choose one of: copying"):
        probe("copy")


# ---------------------------------------------------------------------------------------- memory


@pytest.mark.parametrize(("length", "copied", "alphabet"), [(1, 1, 2), (10, 3, 4), (40, 10, 26)])
def test_copying_asks_for_the_letters_in_order(length: int, copied: int, alphabet: int) -> None:
    examples = copying(200, 1, length, copied=copied, alphabet=alphabet)
    pattern = re.compile(rf"([A-Z]{{{copied}}})_{{{length - 1}}}:_{{{copied}}}")
    for sequence, tags in tagged(examples):
        letters = pattern.fullmatch("".join(sequence))
        assert letters
        assert "".join(tags) == "_" * (copied + length) + letters[1]
    used = {token for sequence in examples.sequences for token in sequence} - {"_", ":"}
    assert used == set("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:alphabet])


@pytest.mark.parametrize("length", [2, 3, 10, 51])
def test_adding_asks_for_the_sum_of_the_two_marked_values(length: int) -> None:
    examples = adding(300, 5, length)
    assert examples.columns == ("value", "marker")
    for sequence, target in numbers(examples):
        assert sequence.shape == (length, 2)
        assert ((sequence[:, 0] >= 0) & (sequence[:, 0] < 1)).all()
        first, second = np.flatnonzero(sequence[:, 1])
        assert first < length // 2 <= second
        assert set(sequence[:, 1]) <= {0.0, 1.0}
        assert target.shape == (length, 1)
        assert np.isnan(target[:-1]).all()
        assert target[-1, 0] == pytest.approx(sequence[:, 0] @ sequence[:, 1], abs=1e-15)


def test_adding_marks_every_step_of_each_half() -> None:
    examples = adding(500, 0, 7)
    first, second = zip(*(np.flatnonzero(s[:, 1]) for s in examples.sequences), strict=True)
    assert set(first) == {0, 1, 2}
    assert set(second) == {3, 4, 5, 6}


def test_always_to_answer_one_has_the_error_of_the_baseline() -> None:
    sums = np.array([target[-1, 0] for _, target in numbers(adding(20_000, 0, 10))])
    # The standard error of this mean is 0.0014.
    assert np.mean((sums - 1) ** 2) == pytest.approx(ADDING_BASELINE, abs=0.006)
    assert pytest.approx(1 / 6) == ADDING_BASELINE


@pytest.mark.parametrize("length", [1, 2, 33])
def test_parity_counts_the_ones(length: int) -> None:
    last, every = parity(200, 2, length), parity(200, 2, length, answer="every")
    assert last.sequences == every.sequences
    for bits, label in labels(last):
        assert set(bits) <= {"0", "1"}
        assert label == ("odd" if int("".join(bits), 2).bit_count() % 2 else "even")
    for bits, tags in tagged(every):
        counts = [bits[: n + 1].count("1") for n in range(length)]
        assert tags == tuple(("even", "odd")[count % 2] for count in counts)
    assert {label for _, label in labels(last)} == {"even", "odd"}


@pytest.mark.parametrize(("length", "alphabet"), [(0, 2), (1, 3), (25, 26)])
def test_recall_asks_for_the_first_letter(length: int, alphabet: int) -> None:
    examples = recall(300, 0, length, alphabet=alphabet)
    for sequence, label in labels(examples):
        assert re.fullmatch(rf"{label}[xyz]{{{length}}}\?", "".join(sequence))
    assert len({label for _, label in labels(examples)}) == alphabet


# -------------------------------------------------------------------------------------- brackets


PAIRS = {"(": ")", "[": "]", "{": "}", "<": ">"}


def open_brackets(text: str) -> str:
    """What is left when every pair that encloses nothing is taken away, again and again."""
    while (shorter := re.sub(r"\(\)|\[\]|\{\}|<>", "", text)) != text:
        text = shorter
    return text


@pytest.mark.parametrize("kinds", [1, 2, 3, 4])
@pytest.mark.parametrize("deepest", [1, 4, 9])
def test_brackets_are_counted_and_close_what_was_opened_last(kinds: int, deepest: int) -> None:
    depths = brackets(60, 7, 40, deepest=deepest, kinds=kinds)
    closing = brackets(60, 7, 40, question="closing", deepest=deepest, kinds=kinds)
    assert depths.sequences == closing.sequences
    for (sequence, counts), (_, closers) in zip(tagged(depths), tagged(closing), strict=True):
        for n, (count, closer) in enumerate(zip(counts, closers, strict=True), 1):
            left = open_brackets("".join(sequence[:n]))
            assert not set(left) & set(")]}>")
            assert count == str(len(left))
            assert closer == (
                {"(": ")", "[": "]", "{": "}", "<": ">"}[left[-1]] if left else "none"
            )
    assert max(int(c) for _, counts in tagged(depths) for c in counts) == deepest
    assert len({token for sequence in depths.sequences for token in sequence}) == 2 * kinds


# ------------------------------------------------------------------------------------- agreement


def number_of(word: str) -> str | None:
    """`plural` or `singular` of a noun, and None of any other word."""
    if word in IRREGULAR_PLURALS or word.removesuffix("s") in SINGULARS - {word}:
        return "plural"
    return "singular" if word in SINGULARS else None


def nouns_of(sequence: Tokens) -> list[str]:
    return [number for word in sequence if (number := number_of(word))]


@pytest.mark.parametrize("length", [*range(13), 30, 100])
def test_the_verb_agrees_with_the_first_noun_over_exactly_that_distance(length: int) -> None:
    examples = agreement(60, 1, length)
    for sequence, verb in labels(examples):
        assert sequence[0] == "The"
        subject = next(n for n, word in enumerate(sequence) if number_of(word))
        assert subject in (1, 2)
        assert verb == ("were" if number_of(sequence[subject]) == "plural" else "was")
        assert len(sequence) - subject - 1 == length
    assert {verb for _, verb in labels(examples)} == {"was", "were"}


def test_attractors_have_the_number_that_was_asked_for() -> None:
    for sequence in agreement(100, 0, 12, attractors="other").sequences:
        subject, *others = nouns_of(sequence)
        assert others
        assert subject not in others
    for sequence in agreement(100, 0, 12, attractors="same").sequences:
        assert len(set(nouns_of(sequence))) == 1
    mixed = [len(set(nouns_of(s)[1:])) for s in agreement(100, 0, 12).sequences]
    assert set(mixed) == {1, 2}


def test_any_thing_and_any_place_is_a_subject_and_an_attractor() -> None:
    subjects, others = Counter[str](), Counter[str]()
    for sequence in agreement(4_000, 0, 8).sequences:
        subject, *rest = (word for word in sequence if number_of(word))
        subjects[subject] += 1
        others.update(word for word in rest if not {word, word.removesuffix("s")} & PEOPLE)
    assert set(subjects) == set(others)
    assert max(subjects.values()) < 2 * min(subjects.values())


def test_no_word_but_the_nouns_depends_on_the_answer() -> None:
    examples = agreement(4_000, 0, 8)
    seen: dict[str, Counter[str]] = {"was": Counter(), "were": Counter()}
    for sequence, verb in labels(examples):
        subject = next(n for n, word in enumerate(sequence) if number_of(word))
        seen[verb].update(sequence[:subject] + sequence[subject + 1 :])
    assert set(seen["was"]) == set(seen["were"])
    totals = {verb: counts.total() for verb, counts in seen.items()}
    for word, count in (seen["was"] + seen["were"]).items():
        share = seen["was"][word] / totals["was"] - seen["were"][word] / totals["were"]
        assert abs(share) < 0.01, (word, count)


def test_both_verbs_are_equally_frequent() -> None:
    verbs = Counter(verb for _, verb in labels(agreement(10_000, 0, 1)))
    # The standard deviation of this count is 50.
    assert abs(verbs["was"] - 5_000) < 200


def test_the_sentence_of_the_lesson_is_one_of_them() -> None:
    assert agreeing_verb(QUOTED) == "was"
    assert agreeing_verb(("The", "books", *QUOTED[2:])) == "were"
    assert {*QUOTED, "was", "interesting"} <= set(agreement_words())
    assert len(QUOTED) - 2 == probe("agreement").usual


def test_every_beginning_that_is_drawn_is_recognised() -> None:
    for length in (0, 1, 2, 3, 7, 12, 20):
        examples = agreement(20, length, length)
        for sequence, verb in labels(examples):
            assert agreeing_verb(sequence) == verb


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The",
        "book",
        "the book",
        "The book that",
        "The book that bought",
        "The teacher near the station",
        "The book I bought",
        "The book from the old",
        "The red new book",
        "The book was",
        "The dragon",
    ],
)
def test_other_beginnings_are_refused(text: str) -> None:
    with pytest.raises(EngineError, match=r"^beginning: "):
        agreeing_verb(tuple(text.split()))


def test_a_very_long_beginning_is_refused_at_once() -> None:
    with pytest.raises(EngineError, match=r"^beginning: "):
        agreeing_verb(("The", "book", *("near", "the", "tree") * 1_000))


def test_whole_sentences_name_the_verb_one_word_before_it() -> None:
    beginnings = agreement(50, 9, 6)
    sentences = agreement(50, 9, 6, form="sentence")
    for (beginning, verb), (sentence, tags) in zip(
        labels(beginnings), tagged(sentences), strict=True
    ):
        assert sentence[: len(beginning) + 1] == (*beginning, verb)
        assert len(sentence) == len(tags) == len(beginning) + 2
        asked = {n: tag for n, tag in enumerate(tags) if tag != "-"}
        assert asked == {len(beginning) - 1: verb}


def test_the_words_are_all_words_that_come() -> None:
    used = {
        word
        for length in (2, 12)
        for sequence in agreement(3_000, 0, length, form="sentence").sequences
        for word in sequence
    }
    assert used == set(agreement_words())


def test_a_grammar_draws_only_what_it_derives() -> None:
    grammar = Grammar({"S": (("a", "S", "b"), ())})
    rng = np.random.default_rng(0)
    assert grammar.draw(("S",), 6, rng) == tuple("aaabbb")
    assert not grammar.fits(("S",), 5)
    assert grammar.derives(("S",), tuple("aabb"))
    assert not grammar.derives(("S",), tuple("abab"))
    with pytest.raises(EngineError, match="length: 5 words came, which S cannot be"):
        grammar.draw(("S",), 5, rng)


# ----------------------------------------------------------------------------------------- dates

PATTERNS = (
    *("%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y", "%A %d %B %Y", "%A %B %d %Y"),
    *("%a %d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%d.%m.%Y", "%d.%m.%y", "%Y/%m/%d", "%Y%m%d"),
)


def read_date(text: str) -> set[date]:
    """The dates that the C library's patterns find in `text` (weekdays are not compared)."""
    plain = re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", text.replace(",", ""))
    plain = plain.removeprefix("the ").replace(" of ", " ")
    found: set[date] = set()
    for pattern in PATTERNS:
        try:
            day = datetime.strptime(plain, pattern).date()
        except ValueError:
            continue
        found.add(day if day <= LAST_DATE else day.replace(year=day.year - 100))
    return found


def test_dates_become_the_same_date() -> None:
    examples = dates(4_000, 0)
    for text, answer in outputs(examples):
        day = date.fromisoformat("".join(answer))
        assert all(len(character) == 1 for character in (*text, *answer))
        assert read_date("".join(text)) == {day}, "".join(text)
        assert FIRST_DATE <= day <= LAST_DATE
        if weekday := re.search(r"[A-Z][a-z]+day", "".join(text)):
            assert weekday[0] == day.strftime("%A")


def test_every_form_of_a_date_comes() -> None:
    examples = dates(2_000, 0)
    matched = {
        number
        for text, answer in outputs(examples)
        for number, form in enumerate(DATE_FORMS)
        if form(date.fromisoformat("".join(answer))) == "".join(text)
    }
    assert matched == set(range(len(DATE_FORMS)))


def test_no_form_says_the_same_of_two_dates() -> None:
    found: dict[str, date] = {}
    for ordinal in range(FIRST_DATE.toordinal(), LAST_DATE.toordinal(), 11):
        day = date.fromordinal(ordinal)
        for form in DATE_FORMS:
            assert found.setdefault(form(day), day) == day
            assert len(form(day)) <= LONGEST


@pytest.mark.parametrize("length", [SHORTEST, 12, 18, LONGEST])
def test_the_length_of_a_date_is_the_most_characters(length: int) -> None:
    assert max(dates(20_000, 0, length).lengths) == length


def test_some_dates_as_people_write_them() -> None:
    written = {form(date(2026, 3, 3)) for form in DATE_FORMS}
    expected = {
        *("3 March 2026", "March 3, 2026", "the 3rd of March 2026", "Tuesday, 3 March 2026"),
        *("3.3.2026", "03.03.26", "2026/03/03", "20260303", "3-Mar-2026", "Tue 3 Mar 2026"),
    }
    assert expected <= written
    ordinals = {n: DATE_FORMS[8](date(2026, 1, n)).split()[0] for n in (1, 2, 3, 4, 11, 12, 13, 21)}
    assert list(ordinals.values()) == ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st"]


# --------------------------------------------------------------------- arguments of one generator


UNKNOWN: Any = "unknown"


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (lambda: copying(1, copied=0), "copied: 0 came"),
        (lambda: copying(1, alphabet=1), "alphabet: 1 came"),
        (lambda: copying(1, alphabet=27), "alphabet: 27 came"),
        (lambda: recall(1, alphabet=1), "alphabet: 1 came"),
        (lambda: adding(1, length=1), "length: 1 came, expected a whole number, from 2 to 2000"),
        (lambda: brackets(1, deepest=0), "deepest: 0 came"),
        (lambda: brackets(1, deepest=10), "deepest: 10 came"),
        (lambda: brackets(1, kinds=5), "kinds: 5 came"),
        (lambda: brackets(1, question=UNKNOWN), "question: 'unknown' is not known"),
        (lambda: parity(1, answer=UNKNOWN), "answer: 'unknown' is not known"),
        (lambda: agreement(1, attractors=UNKNOWN), "attractors: 'unknown' is not known"),
        (lambda: agreement(1, form=UNKNOWN), "form: 'unknown' is not known"),
        (lambda: dates(1, length=7), "length: 7 came, expected a whole number, from 8 to 29"),
    ],
)
def test_an_argument_of_one_generator_is_named(call: Callable[[], object], problem: str) -> None:
    with pytest.raises(EngineError, match=f"^{problem}"):
        call()
