"""Probes of memory: copying, adding, parity and recall after a delay.

Every generator draws its examples independently of each other, so that some may be the same when
few are possible. The same arguments give the same examples.
"""

from __future__ import annotations

import operator
from typing import Literal, SupportsIndex, get_args

import numpy as np

from rnnviz.document.examples import Examples, Labels, Numbers, Tags
from rnnviz.document.tokens import Tokens
from rnnviz.engine.arrays import Array, Integers
from rnnviz.engine.errors import EngineError, UnknownError

MAX_COUNT = 100_000
MAX_STEPS = 5_000_000
"""The most tokens or vectors that one call generates."""

BLANK = "_"
GO = ":"
QUESTION = "?"

ADDING_BASELINE = 1 / 6
r"""Mean squared error of the answer 1 to the adding problem: :math:`2 \cdot 1/12`."""

Bits = Literal["last", "every"]

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DISTRACTORS = ("x", "y", "z")


def whole(argument: str, came: SupportsIndex, lowest: int, highest: int | None = None) -> int:
    """`came` as an int, if it is a whole number from `lowest` to `highest`.

    Raises
    ------
    EngineError
        When it is not.
    """
    expected = f"{lowest} or more" if highest is None else f"from {lowest} to {highest}"
    problem = f"{argument}: {came!r} came, expected a whole number, {expected}"
    if isinstance(came, bool):
        raise EngineError(problem)
    try:
        number = operator.index(came)
    except TypeError:
        raise EngineError(problem) from None
    if number < lowest or (highest is not None and number > highest):
        raise EngineError(problem)
    return number


def choice(argument: str, came: str, known: tuple[str, ...]) -> None:
    """Refuse `came` unless it is one of those that are `known`.

    Raises
    ------
    UnknownError
        When it is not.
    """
    if came not in known:
        raise UnknownError(argument, came, known)


def generator(count: int, seed: int, steps: int) -> np.random.Generator:
    """The source of chance for `count` examples of at most `steps` steps each.

    Raises
    ------
    EngineError
        When `count` or `seed` is out of range, or the examples together would be too long.
    """
    count = whole("count", count, 1, MAX_COUNT)
    if count * steps > MAX_STEPS:
        raise EngineError(
            f"count: {count} examples of {steps} steps came, "
            f"expected at most {MAX_STEPS} steps in all"
        )
    return np.random.default_rng(whole("seed", seed, 0))


def copying(
    count: int, seed: int = 0, length: int = 10, *, copied: int = 3, alphabet: int = 4
) -> Examples[Tokens]:
    """Copy task: letters, a pause, and then the same letters from memory.

    A sequence is `copied` letters, `length` steps of pause whose last is the signal ``:``, and
    `copied` blanks ``_``; the tags are blanks until the signal has come, then the letters. Whoever
    remembers nothing but knows when to answer has a mean cross-entropy of
    ``copied * log(alphabet) / (length + 2 * copied)`` nats.

    Source: M. Arjovsky, A. Shah and Y. Bengio, Unitary Evolution Recurrent Neural Networks (2016),
    section 4.1, after S. Hochreiter and J. Schmidhuber (1997).

    Parameters
    ----------
    count, seed
        1 to 100,000 examples; 0 or more.
    length
        The pause in steps, 1 to 2,000.
    copied
        Number of letters, 1 to 100.
    alphabet
        Number of different letters, 2 to 26.

    Raises
    ------
    EngineError
        When an argument is out of its range.
    """
    length = whole("length", length, 1, 2_000)
    copied = whole("copied", copied, 1, 100)
    alphabet = whole("alphabet", alphabet, 2, len(_LETTERS))
    rng = generator(count, seed, length + 2 * copied)
    words = [_letters(row) for row in rng.integers(alphabet, size=(count, copied))]
    pause = (BLANK,) * (length - 1) + (GO,)
    return Examples(
        "copying",
        tuple(word + pause + (BLANK,) * copied for word in words),
        Tags(tuple((BLANK,) * (copied + length) + word for word in words)),
    )


def _letters(row: Integers) -> Tokens:
    return tuple(_LETTERS[i] for i in row.tolist())


def adding(count: int, seed: int = 0, length: int = 50) -> Examples[Array]:
    r"""Adding problem: the sum of the two numbers that are marked among many.

    Each step has a value, uniform in [0, 1), and a marker, which is 1 at one step of the first half
    and at one of the second half and 0 elsewhere. The target is the sum of the two marked values,
    at the last step; at the others it is nan, which means none. The best constant answer is 1, with
    a mean squared error of 1/6, :data:`ADDING_BASELINE`.

    Source: S. Hochreiter and J. Schmidhuber, Long Short-Term Memory, Neural Computation 9 (1997),
    section 5.4; values and target as in Q. V. Le, N. Jaitly and G. Hinton, A Simple Way to
    Initialize Recurrent Networks of Rectified Linear Units (2015), section 4.1; one marker in each
    half as in M. Arjovsky, A. Shah and Y. Bengio (2016), section 4.2.

    Parameters
    ----------
    count, seed
        1 to 100,000 examples; 0 or more.
    length
        Steps of each sequence, 2 to 2,000.

    Returns
    -------
    Examples[Array]
        Sequences [T, 2], targets [T, 1].

    Raises
    ------
    EngineError
        When an argument is out of its range.
    """
    length = whole("length", length, 2, 2_000)
    rng = generator(count, seed, length)
    sequences, targets = _sums(rng, count, length)
    numbers = Numbers(tuple(targets), ("sum",))
    return Examples("adding", tuple(sequences), numbers, columns=("value", "marker"))


def _sums(rng: np.random.Generator, count: int, length: int) -> tuple[Array, Array]:
    """Sequences [N, T, 2] and targets [N, T, 1] of the adding problem."""
    half = length // 2
    rows = np.arange(count)
    marked = np.stack([rng.integers(half, size=count), rng.integers(half, length, size=count)])
    sequences = np.zeros((count, length, 2))
    sequences[..., 0] = rng.random((count, length))
    sequences[rows, marked, 1] = 1.0
    targets = np.full((count, length, 1), np.nan)
    targets[:, -1, 0] = sequences[rows, marked, 0].sum(axis=0)
    return sequences, targets


def parity(
    count: int, seed: int = 0, length: int = 10, *, answer: Bits = "last"
) -> Examples[Tokens]:
    """Parity: whether the number of ones is even or odd.

    One flipped bit anywhere flips the answer, so nothing short of the whole sequence helps. The
    answer after every step is far easier to learn than the one at the end alone.

    Parameters
    ----------
    count, seed
        1 to 100,000 examples; 0 or more.
    length
        Number of bits, 1 to 2,000.
    answer
        ``last``: one label for the sequence; ``every``: a tag for what has been read at each step.

    Raises
    ------
    EngineError
        When an argument is out of its range.
    """
    choice("answer", answer, get_args(Bits))
    length = whole("length", length, 1, 2_000)
    bits = generator(count, seed, length).integers(2, size=(count, length))
    sums = [_names(row, ("even", "odd")) for row in np.cumsum(bits, axis=1) % 2]
    return Examples(
        "parity",
        tuple(_names(row, ("0", "1")) for row in bits),
        Tags(tuple(sums)) if answer == "every" else Labels(tuple(row[-1] for row in sums)),
    )


def _names(row: Integers, names: Tokens) -> Tokens:
    return tuple(names[i] for i in row.tolist())


def recall(count: int, seed: int = 0, length: int = 10, *, alphabet: int = 4) -> Examples[Tokens]:
    """Delayed recall: a letter, then things to be ignored, then the question which letter it was.

    Whoever remembers nothing is right once in `alphabet` times.

    Parameters
    ----------
    count, seed
        1 to 100,000 examples; 0 or more.
    length
        Number of distractors (``x``, ``y``, ``z``) between letter and question, 0 to 2,000.
    alphabet
        Number of different letters, 2 to 26.

    Raises
    ------
    EngineError
        When an argument is out of its range.
    """
    length = whole("length", length, 0, 2_000)
    alphabet = whole("alphabet", alphabet, 2, len(_LETTERS))
    rng = generator(count, seed, length + 2)
    letters = _letters(rng.integers(alphabet, size=count))
    noise = rng.integers(len(_DISTRACTORS), size=(count, length))
    return Examples(
        "recall",
        tuple(
            (letter, *_names(row, _DISTRACTORS), QUESTION)
            for letter, row in zip(letters, noise, strict=True)
        ),
        Labels(letters),
    )
