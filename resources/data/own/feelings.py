"""Puts the sentences of `feelings.conll` together, from words and patterns written for rnnviz.

Run it where rnnviz is installed::

    python resources/data/own/feelings.py            # write the file again, byte for byte
    python resources/data/own/feelings.py --check    # write nothing, compare

Which of all possible sentences are taken is decided by lot, the plainer ones more often: an order
by SHA-256 of the sentence.
"""

from __future__ import annotations

import argparse
import hashlib
import math
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).with_name("feelings.conll")
OPPOSITE = {"pos": "neg", "neg": "pos", "neu": "neu"}


def listed(text: str) -> tuple[str, ...]:
    """What stands between the commas."""
    return tuple(text.split(", "))


# Who or what is: the forms of be and feel, those who have them, and what they are.
FORMS = {"am": ("was", "feel"), "is": ("was", "feels"), "are": ("were", "feel")}
PEOPLE = {
    "am": ("I",),
    "is": ("He", "She", "Tom", "Anna", "My mother", "The teacher", "My friend"),
    "are": ("We", "You", "They", "The children", "My parents"),
}
PERSONAL = {
    "pos": listed(
        "happy, glad, cheerful, proud, pleased, lucky, kind, friendly, brave, content, "
        "delighted, nice, well"
    ),
    "neg": listed(
        "sad, angry, unhappy, afraid, lonely, upset, worried, ill, miserable, jealous, rude, "
        "bored, unkind"
    ),
    "neu": listed(
        "here, tall, young, ready, outside, awake, Italian, in the garden, at school, "
        "from Paris, on the train"
    ),
}
WORKS = {
    "is": ("It", "This", "The film", "This movie", "The book", "The story", "The music"),
    "are": ("The songs", "The pictures"),
}
ARTISTIC = {
    "pos": listed("good, great, wonderful, lovely, nice, excellent, funny, beautiful, interesting"),
    "neg": ("bad", "terrible", "awful", "horrible", "boring", "dull", "stupid", "annoying"),
    "neu": ("new", "old", "long", "short", "French", "here", "from Paris"),
}
GOODS = {
    "is": ("It", "The food", "The hotel", "This camera", "My phone", "The weather"),
    "are": ("These shoes", "The beds"),
}
PRACTICAL = {
    "pos": ("good", "great", "wonderful", "lovely", "nice", "excellent", "perfect", "fine"),
    "neg": ("bad", "terrible", "awful", "horrible", "poor", "ugly", "disappointing"),
    "neu": ("here", "new", "there", "ready"),
}
DEGREES = ("very", "really", "so", "quite")
TIMES = {"am": "now", "is": "now", "are": "now", "feel": "now", "feels": "now"}

# Who does what: the ending of the verb, the verbs, and to what.
DOERS = {
    "": ("I", "We", "You", "They", "The children", "My parents"),
    "s": ("He", "She", "Tom", "Anna", "My mother", "The teacher"),
}
VERBS = {
    "pos": {"love": "loved", "like": "liked", "enjoy": "enjoyed", "admire": "admired"},
    "neg": {"hate": "hated", "dislike": "disliked", "despise": "despised"},
    "neu": {"see": "saw", "know": "knew", "find": "found", "need": "needed"},
}
OBJECTS = ("it", "this film", "this movie", "the book", "the food", "the story", "this place")
OBJECTS += ("the music", "that song")
NOUNS = {
    "pos": ("film", "movie", "day", "book", "idea", "story", "place", "song"),
    "neg": ("film", "movie", "day", "book", "idea", "story", "place", "song"),
    "neu": ("film", "movie", "book", "story", "song"),
}

HELD_OUT = frozenset(
    {
        "i am happy",
        "i am not happy",
        "i am very happy",
        "i am not very happy",
        "i am sad",
        "i am not sad",
        "i am very sad",
        "i am unhappy",
        "i love this movie",
        "i do not love this movie",
    }
)
"""What the lessons ask, without marks; and no sentence denies that somebody is unhappy."""

PLAIN = {"pos": 280, "neg": 230, "neu": 180}
DENIED = {"pos": 450, "neg": 200, "neu": 80}
"""How many sentences are taken, by the feeling of what is said or denied."""


class Sentence(NamedTuple):
    """Words, and for each the feeling of what has been said so far."""

    words: tuple[str, ...]
    tags: tuple[str, ...]


def build(before: str, said: str, feeling: str) -> Sentence:
    """A sentence that is neutral up to `said`, and has its feeling from there on."""
    first, rest = before.split(), said.split()
    return Sentence((*first, *rest), ("neu",) * len(first) + (feeling,) * len(rest))


def being(denied: bool, kind: str) -> Iterator[Sentence]:
    """Who or what is, was, feels, or is not: `She is n't very happy now`."""
    for subjects, adjectives in ((PEOPLE, PERSONAL), (WORKS, ARTISTIC), (GOODS, PRACTICAL)):
        for present, names in subjects.items():
            past, feels = FORMS[present]
            verbs = [present, past]
            if subjects is PEOPLE and kind != "neu" and not denied:
                verbs += [feels, "felt"]
            everybody = (*names, "Nobody") if present == "is" and subjects is PEOPLE else names
            for name, verb, adjective in product(everybody, verbs, adjectives[kind]):
                if (name == "Nobody") <= denied:
                    yield from _being(name, verb, adjective, kind, denied)


def _being(name: str, verb: str, adjective: str, kind: str, denied: bool) -> Iterator[Sentence]:
    degrees = DEGREES if kind != "neu" else ()
    times = ("today", TIMES.get(verb, "yesterday"))
    for degree, time in product(("", *degrees), ("", *times)):
        if not denied:
            yield build(f"{name} {verb} {degree}", f"{adjective} {time}", kind)
        elif name == "Nobody":
            yield build("", f"{name} {verb} {degree} {adjective} {time}", OPPOSITE[kind])
        else:
            for no in ("not", "never", *(("n't",) if verb != "am" else ())):
                yield build(f"{name} {verb}", f"{no} {degree} {adjective} {time}", OPPOSITE[kind])


def doing(denied: bool, kind: str) -> Iterator[Sentence]:
    """Who likes what, or does not: `They did n't enjoy the food`."""
    for ending, names in DOERS.items():
        helper = "does" if ending else "do"
        for name, thing, (verb, past) in product(names, OBJECTS, VERBS[kind].items()):
            if not denied:
                yield build(name, f"{verb}{ending} {thing}", kind)
                yield build(name, f"{past} {thing}", kind)
                continue
            for helping, no in product((helper, "did"), ("not", "n't")):
                yield build(f"{name} {helping}", f"{no} {verb} {thing}", OPPOSITE[kind])
            yield build("", f"Nobody {past} {thing}", OPPOSITE[kind])


def naming(denied: bool, kind: str) -> Iterator[Sentence]:
    """What sort of thing it is, or is not: `It was not a bad film`."""
    adjectives = [a for a in ARTISTIC[kind] if " " not in a and a != "here"]
    for subject, verb, adjective, noun in product(
        ("It", "This", "That"), ("is", "was"), adjectives, NOUNS[kind]
    ):
        article = "an" if adjective[0] in "aeiou" else "a"
        if not denied:
            yield build(f"{subject} {verb} {article}", f"{adjective} {noun}", kind)
            continue
        for no in ("not", "n't"):
            said = f"{no} {article} {adjective} {noun}"
            yield build(f"{subject} {verb}", said, OPPOSITE[kind])


PATTERNS = ((being, 0.65), (doing, 0.22), (naming, 0.13))


def by_lot(sentence: Sentence) -> float:
    """The key of an order that nobody chose, in which plain sentences come earlier.

    After P. Efraimidis and P. Spirakis, Weighted random sampling with a reservoir, 2006.
    """
    digest = hashlib.sha256(" ".join(sentence.words).encode()).digest()
    words = set(sentence.words)
    weight = 1.0 if words & {"today", "now", "yesterday"} else 8.0
    weight *= 1.0 if words & set(DEGREES) else 3.0
    if sentence.tags[-1] != "neu":  # there are fewer of these to choose from
        weight *= 4.0 if words & {"I", "Nobody", "unhappy"} else 1.0
    return -math.log((1 + int.from_bytes(digest[:6], "big")) / 2**48) / weight


def allowed(sentence: Sentence) -> bool:
    """Whether the lessons do not ask it."""
    text = " ".join(sentence.words).lower()
    denied = {"not", "n't", "never", "Nobody"} & set(sentence.words)
    return text not in HELD_OUT and not ("unhappy" in sentence.words and denied)


def taken() -> list[Sentence]:
    """The sentences of the file in their order; every third ends with a mark."""
    found: list[Sentence] = []
    for denied, shares in ((False, PLAIN), (True, DENIED)):
        for kind, count in shares.items():
            for pattern, share in PATTERNS:
                possible = {s for s in pattern(denied, kind) if allowed(s)}
                found += sorted(possible, key=by_lot)[: round(count * share)]
    found.sort(key=lambda s: hashlib.sha256(repr(s.words).encode()).digest())
    return [_marked(s) if n % 3 == 0 else s for n, s in enumerate(found)]


def _marked(sentence: Sentence) -> Sentence:
    mark = "!" if len(sentence.words[-1]) % 3 == 0 else "."
    return Sentence((*sentence.words, mark), (*sentence.tags, sentence.tags[-1]))


def text() -> str:
    """The whole file."""
    lines = ("".join(f"{w}\t{t}\n" for w, t in zip(*s, strict=True)) for s in taken())
    return "\n".join(lines)


def main() -> None:
    """Write the file, or compare it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    made = text().encode("ascii")
    if not parser.parse_args().check:
        FILE.write_bytes(made)
    elif FILE.read_bytes() != made:
        raise SystemExit(f"{FILE.name} is another one")


if __name__ == "__main__":
    main()
