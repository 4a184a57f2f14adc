"""The probe of nesting: brackets, how many are open, and which may be closed next."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np

from rnnviz.document.examples import Examples, Tags
from rnnviz.document.probe_memory import choice, generator, whole
from rnnviz.document.tokens import Tokens

Question = Literal["depth", "closing"]

_OPENING = "([{<"
_CLOSING = dict(zip(_OPENING, ")]}>", strict=True))


def brackets(
    count: int,
    seed: int = 0,
    length: int = 12,
    *,
    question: Question = "depth",
    deepest: int = 4,
    kinds: int = 2,
) -> Examples[Tokens]:
    """Brackets that nest: how many are open after each step, or which may be closed next.

    What was opened last is closed first; some may still be open at the end. Depth needs a counter,
    which one unit can be; the closing bracket needs a stack.

    Parameters
    ----------
    count, seed
        1 to 100,000 examples; 0 or more.
    length
        Number of brackets, 1 to 2,000.
    question
        ``depth``: tags ``0``, ``1``, ...; ``closing``: the bracket, ``none`` where none is open.
    deepest
        How many are open at once at most, 1 to 9.
    kinds
        How many of ``()``, ``[]``, ``{}``, ``<>`` there are, 1 to 4.

    Raises
    ------
    EngineError
        When an argument is out of its range.
    """
    choice("question", question, get_args(Question))
    length = whole("length", length, 1, 2_000)
    deepest = whole("deepest", deepest, 1, 9)
    kinds = whole("kinds", kinds, 1, len(_OPENING))
    rng = generator(count, seed, length)
    walks = [_walk(rng, length, deepest, kinds) for _ in range(count)]
    tags = tuple(tuple(_answer(stack, question) for stack in stacks) for _, stacks in walks)
    return Examples(f"brackets-{question}", tuple(tokens for tokens, _ in walks), Tags(tags))


def _walk(
    rng: np.random.Generator, length: int, deepest: int, kinds: int
) -> tuple[Tokens, list[str]]:
    """The brackets, and after each of them those that are open."""
    closes = (rng.random(length) < 1 / 2).tolist()
    opened = rng.integers(kinds, size=length).tolist()
    tokens, stacks, stack = [], [], ""
    for wish, kind in zip(closes, opened, strict=True):
        if len(stack) == deepest or (wish and stack):
            tokens.append(_CLOSING[stack[-1]])
            stack = stack[:-1]
        else:
            tokens.append(_OPENING[kind])
            stack += _OPENING[kind]
        stacks.append(stack)
    return tuple(tokens), stacks


def _answer(stack: str, question: Question) -> str:
    if question == "depth":
        return str(len(stack))
    return _CLOSING[stack[-1]] if stack else "none"
