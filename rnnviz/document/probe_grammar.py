"""The probe of agreement: a verb that depends on a noun far to its left, by a small grammar.

The task is that of T. Linzen, E. Dupoux and Y. Goldberg, Assessing the Ability of LSTMs to Learn
Syntax-Sensitive Dependencies, TACL 4 (2016); the sentences are not.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, TypeAlias, final, get_args

import numpy as np

from rnnviz.document.examples import Examples, Labels, Tags
from rnnviz.document.probe_memory import choice, generator, whole
from rnnviz.document.tokens import Tokens
from rnnviz.engine.errors import EngineError

Rules: TypeAlias = dict[str, tuple[Tokens, ...]]
Attractors = Literal["any", "other", "same"]
Form = Literal["beginning", "sentence"]

MAX_DISTANCE = 100
NOTHING = "-"
"""The tag of every word but the last before the verb."""

SINGULAR, PLURAL = "was", "were"

_THINGS = ("book", "letter", "picture", "lamp", "cup", "chair", "map", "table")
_PLACES = ("store", "station", "house", "school", "tree", "village", "garden", "bridge")
_PEOPLE = {"man": "men", "woman": "women", "child": "children", "teacher": "teachers"}
_NOUNS = {word: word + "s" for word in _THINGS + _PLACES} | _PEOPLE

_PHRASES: Rules = {
    "MODIFIER": (("TAIL",), ("RELATIVE", "TAIL"), ("RELATIVE", "and", "RELATIVE", "TAIL")),
    "RELATIVE": (
        ("that", "WHO", "DID"),
        ("that", "WHO", "DID", "WHEN"),
        ("that", "LAY", "PLACE"),
    ),
    "WHO": (("PRONOUN",), ("the", "PERSON"), ("the", "PERSON", "NESTED")),
    "NESTED": (("PLACE",), ("that", "PRONOUN", "DID"), ("that", "LAY", "PLACE")),
    "TAIL": (
        (),
        ("THERE",),
        ("over", "there"),
        ("PLACE", "TAIL"),
        ("PLACE", "RELATIVE", "TAIL"),
    ),
    "PLACE": (("PREPOSITION", "the", "NOUN"), ("PREPOSITION", "the", "ADJECTIVE", "NOUN")),
}
_WORDS = {
    "ADJECTIVE": ("old", "new", "small", "big", "red", "white"),
    "PREPOSITION": ("from", "near", "behind", "beside", "opposite"),
    "PRONOUN": ("I", "you", "he", "she", "we", "they"),
    "DID": ("bought", "found", "saw", "lost", "liked", "remembered"),
    "LAY": ("stood", "lay", "remained"),
    "WHEN": ("yesterday", "once", "again"),
    "THERE": ("here", "there", "outside", "upstairs"),
    "COMPLEMENT": ("interesting", "beautiful", "heavy", "cheap", "clean"),
}


@final
class Grammar:
    """A context-free grammar that draws phrases of an exact length and recognises phrases.

    Parameters
    ----------
    rules
        For each symbol what it may be replaced by; whatever has no rule is a word. A symbol must
        not begin with itself before any word has come (no left recursion).
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._known: dict[tuple[Tokens, int], bool] = {}

    def fits(self, phrase: Tokens, length: int) -> bool:
        """Whether `phrase` can become `length` words."""
        if not phrase:
            return length == 0
        if (phrase, length) not in self._known:
            self._known[phrase, length] = any(self._shares(phrase, length))
        return self._known[phrase, length]

    def draw(self, phrase: Tokens, length: int, rng: np.random.Generator) -> Tokens:
        """`length` words for `phrase`; every choice that leads there is equally probable.

        Raises
        ------
        EngineError
            When `phrase` cannot become that many words.
        """
        if not self.fits(phrase, length):
            raise EngineError(f"length: {length} words came, which {' '.join(phrase)} cannot be")
        if not phrase:
            return ()
        places = [n for n, possible in enumerate(self._shares(phrase, length)) if possible]
        share = places[rng.integers(len(places))]
        return self._draw_first(phrase[0], share, rng) + self.draw(phrase[1:], length - share, rng)

    def derives(self, phrase: Tokens, words: Tokens) -> bool:
        """Whether `phrase` can become exactly `words`."""
        if not phrase:
            return not words
        return any(
            possible
            and self._derives_first(phrase[0], words[:share])
            and self.derives(phrase[1:], words[share:])
            for share, possible in enumerate(self._shares(phrase, len(words)))
        )

    def _shares(self, phrase: Tokens, length: int) -> list[bool]:
        """For 0 to `length` whether the first symbol of `phrase` can be that many of the words."""
        first, rest = phrase[0], phrase[1:]
        if first not in self._rules:
            return [n == 1 and self.fits(rest, length - 1) for n in range(length + 1)]
        return [
            any(self.fits(option, n) for option in self._rules[first])
            and self.fits(rest, length - n)
            for n in range(length + 1)
        ]

    def _draw_first(self, symbol: str, length: int, rng: np.random.Generator) -> Tokens:
        if symbol not in self._rules:
            return (symbol,)
        options = [option for option in self._rules[symbol] if self.fits(option, length)]
        return self.draw(options[rng.integers(len(options))], length, rng)

    def _derives_first(self, symbol: str, words: Tokens) -> bool:
        if symbol not in self._rules:
            return words == (symbol,)
        return any(self.derives(option, words) for option in self._rules[symbol])


@cache
def _grammar(singular: bool, plural: bool) -> Grammar:
    """The phrases after the subject, with nouns of these numbers."""

    def nouns(words: Tokens) -> tuple[Tokens, ...]:
        forms = tuple(words) * singular + tuple(_NOUNS[w] for w in words) * plural
        return tuple((form,) for form in forms)

    words = {symbol: tuple((w,) for w in found) for symbol, found in _WORDS.items()}
    own = {"NOUN": nouns(_THINGS + _PLACES), "PERSON": nouns(tuple(_PEOPLE))}
    subject: Rules = {"SUBJECT": (("The", "NOUN"), ("The", "ADJECTIVE", "NOUN"))}
    return Grammar(_PHRASES | words | own | subject)


def agreement(
    count: int,
    seed: int = 0,
    length: int = 11,
    *,
    attractors: Attractors = "any",
    form: Form = "beginning",
) -> Examples[Tokens]:
    """Agreement over a distance: was or were after *The book that I bought from the stores*.

    The first noun decides. Between it and the verb stand places, and relative clauses within each
    other, with other nouns (attractors), things and places too, so that only its place tells the
    subject. No other word says which verb is right, and both verbs are equally frequent.

    Parameters
    ----------
    count, seed
        1 to 100,000 examples; 0 or more.
    length
        Number of words between subject and verb, 0 to 100.
    attractors
        ``other``: all other nouns have the other number, the hardest case; ``same``: all have the
        number of the subject; ``any``: each has one or the other.
    form
        ``beginning``: the words before the verb, with the verb as label; ``sentence``: the whole
        sentence, where the word before the verb has the verb as tag and all others ``-``; whoever
        reads it from right to left sees the answer.

    Raises
    ------
    EngineError
        When an argument is out of its range.
    """
    choice("attractors", attractors, get_args(Attractors))
    choice("form", form, get_args(Form))
    length = whole("length", length, 0, MAX_DISTANCE)
    rng = generator(count, seed, length + 5)
    plurals = (rng.random(count) < 1 / 2).tolist()
    sentences = [_sentence(plural, attractors, length, rng) for plural in plurals]
    return _examples(form, *zip(*sentences, strict=True))


def _examples(
    form: Form, beginnings: tuple[Tokens, ...], verbs: Tokens, ends: Tokens
) -> Examples[Tokens]:
    if form == "beginning":
        return Examples("agreement", beginnings, Labels(verbs))
    parts = list(zip(beginnings, verbs, ends, strict=True))
    tags = [(NOTHING,) * (len(b) - 1) + (verb, NOTHING, NOTHING) for b, verb, _ in parts]
    return Examples(
        "agreement", tuple((*b, verb, end) for b, verb, end in parts), Tags(tuple(tags))
    )


def _sentence(
    plural: bool, attractors: Attractors, length: int, rng: np.random.Generator
) -> tuple[Tokens, str, str]:
    """The words before the verb, the verb, and the word after it."""
    own, other = _grammar(not plural, plural), _grammar(plural, not plural)
    between = {"any": _grammar(True, True), "same": own, "other": other}[attractors]
    subject = own.draw(("SUBJECT",), 2 + int(rng.integers(2)), rng)
    modifier = between.draw(("MODIFIER",), length, rng)
    (complement,) = own.draw(("COMPLEMENT",), 1, rng)
    return subject + modifier, PLURAL if plural else SINGULAR, complement


def agreeing_verb(beginning: Tokens) -> str:
    """The verb, ``was`` or ``were``, that continues the beginning of a sentence.

    Parameters
    ----------
    beginning
        The words before the verb, such as ``("The", "book", "that", "I", "bought")``.

    Raises
    ------
    EngineError
        When the grammar of the probe has no sentence that begins so.
    """
    if len(beginning) <= MAX_DISTANCE:
        between = _grammar(True, True)
        for verb, subjects in ((SINGULAR, _grammar(True, False)), (PLURAL, _grammar(False, True))):
            for words in (2, 3):
                if subjects.derives(("SUBJECT",), beginning[:words]) and between.derives(
                    ("MODIFIER",), beginning[words:]
                ):
                    return verb
    raise EngineError(f"beginning: {' '.join(beginning)!r} came, which the grammar does not have")


def agreement_words() -> Tokens:
    """All words that :func:`agreement` may use, sorted."""
    grammar_words = {w for options in _PHRASES.values() for o in options for w in o}
    fixed = {word for word in grammar_words if not word.isupper()}
    nouns = {*_NOUNS, *_NOUNS.values()}
    drawn = {word for words in _WORDS.values() for word in words}
    return tuple(sorted({"The", SINGULAR, PLURAL} | fixed | nouns | drawn))
