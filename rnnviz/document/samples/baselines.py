"""What simple methods reach, to be set beside the score of a network."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

import numpy as np

from rnnviz.document.tokens import Tokens

K = TypeVar("K", bound=Hashable)


def most_frequent(values: Iterable[K]) -> K:
    """The most frequent value; of several, the one that came first.

    Raises
    ------
    ValueError
        There are none.
    """
    return max(Counter(values).items(), key=lambda item: item[1])[0]


def by_word(
    learned: Iterable[tuple[Tokens, Sequence[str]]], texts: Iterable[Tokens]
) -> list[Tokens]:
    """For each word of `texts` the tag that it had most often, whatever stood beside it.

    Parameters
    ----------
    learned : iterable of (tokens, tags)
        Unknown words get the tag that is most frequent in all.
    """
    counts: dict[str, list[str]] = defaultdict(list)
    for tokens, tags in learned:
        for token, tag in zip(tokens, tags, strict=True):
            counts[token].append(tag)
    best = {token: most_frequent(tags) for token, tags in counts.items()}
    other = most_frequent(tag for tags in counts.values() for tag in tags)
    return [tuple(best.get(token, other) for token in text) for text in texts]


def naive_bayes(
    learned: Sequence[tuple[Tokens, str]], texts: Iterable[Tokens], smoothing: float = 1.0
) -> list[str]:
    """The class of each text by its words alone, in any order (multinomial naive Bayes).

    Each word counts once for each time that it comes, all words independently of each other;
    `smoothing` is added to every count (Laplace). Words that were never learned are left out.

    Source: C. Manning, P. Raghavan and H. Schütze, Introduction to Information Retrieval (2008),
    section 13.2.
    """
    classes = sorted({label for _, label in learned})
    places = {w: n for n, w in enumerate(sorted({w for words, _ in learned for w in words}))}
    counts = np.full((len(classes), len(places)), smoothing)
    rows = np.zeros(len(classes))
    for words, label in learned:
        rows[classes.index(label)] += 1
        np.add.at(counts[classes.index(label)], [places[word] for word in words], 1)
    chances = np.log(counts / counts.sum(axis=1, keepdims=True))
    prior = np.log(rows / rows.sum())
    answers = []
    for text in texts:
        known = [places[word] for word in text if word in places]
        answers.append(classes[int(np.argmax(prior + chances[:, known].sum(axis=1)))])
    return answers


def share_right(answers: Iterable[Hashable], truth: Iterable[Hashable]) -> float:
    """The share of answers that are right, 0 to 1."""
    right = [answer == true for answer, true in zip(answers, truth, strict=True)]
    return sum(right) / len(right)
