"""Text cut into tokens: words, characters, or what stands between spaces.

A word of a European language is a token, and so is every mark of punctuation. Contractions come
apart the way treebanks write them (``do n't``, ``it 's``, ``l' eau``), so that a network meets one
``n't`` and not twenty different negated verbs. A Chinese character is a token of its own, unless
the text has spaces between Chinese characters: then whoever wrote it has separated the words.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, TypeAlias

from rnnviz.engine.errors import UnknownError

Tokens: TypeAlias = tuple[str, ...]
"""One sequence of tokens; no token is empty."""

Tokeniser: TypeAlias = Literal["words", "characters", "spaces"]

NEGATIONS = frozenset(
    {
        "not",
        "n't",
        "no",
        "never",
        "nothing",
        "nobody",
        "none",
        "neither",
        "nor",
        "nowhere",
        "without",
        "cannot",
        "hardly",
    }
)
"""English tokens that deny what stands near them."""

# Writing without spaces: kana, Chinese characters of every plane.
_UNSPACED = "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TYPED_APART = re.compile(rf"[{_UNSPACED}]\s+[{_UNSPACED}]")
_CURLY = re.compile("(?<=[A-Za-zÀ-ɏ])\u2019(?=[A-Za-zÀ-ɏ])")
_LETTER = rf"(?:(?![{_UNSPACED}])[^\W\d_])"


def _pattern(unspaced: str) -> re.Pattern[str]:
    """What a token is, the first that fits; `unspaced` is one of Chinese."""
    return re.compile(
        rf"""
          \d+(?:[.,:]\d+)*                                                # 12.30
        | o'clock\b | aujourd'hui\b
        | {_LETTER}+?(?=n't\b) | n't\b                                    # do + n't
        | (?<!\w)(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quoiqu)'(?=\w)      # l' + eau
        | '(?:s|re|ve|ll|d|m)\b                                           # it + 's
        | {_LETTER}+
        | {unspaced}
        | \.\.+
        | \S
        """,
        re.VERBOSE | re.IGNORECASE,
    )


_EACH = _pattern(f"[{_UNSPACED}]")
_RUNS = _pattern(f"[{_UNSPACED}]+")


def words(text: str) -> Tokens:
    """The words and the punctuation of `text`; nothing but white space is left out."""
    plain = _CURLY.sub("'", unicodedata.normalize("NFC", text))
    pattern = _RUNS if _TYPED_APART.search(plain) else _EACH
    return tuple(pattern.findall(plain))


def characters(text: str) -> Tokens:
    """The characters of `text`, spaces too; an accent stays with the letter that carries it."""
    found: list[str] = []
    for character in unicodedata.normalize("NFC", text):
        if found and unicodedata.combining(character):
            found[-1] += character
        else:
            found.append(character)
    return tuple(found)


def spaces(text: str) -> Tokens:
    """What stands between the spaces of `text`."""
    return tuple(text.split())


_TOKENISERS = {"words": words, "characters": characters, "spaces": spaces}


def tokenise(text: str, how: Tokeniser = "words", *, lower: bool = False) -> Tokens:
    """Cut `text` into tokens.

    Parameters
    ----------
    text
        Any text.
    how
        ``words``, ``characters`` or ``spaces``.
    lower
        Whether capital letters become small ones first.

    Returns
    -------
    Tokens
        Empty when nothing but white space is in `text` (``characters`` keeps spaces).

    Raises
    ------
    UnknownError
        When there is no such tokeniser.
    """
    if how not in _TOKENISERS:
        raise UnknownError("tokeniser", how, tuple(_TOKENISERS))
    return _TOKENISERS[how](text.lower() if lower else text)


def is_negated(tokens: Tokens) -> bool:
    """Whether one of the `tokens` of an English sentence is a negation."""
    return any(token.lower() in NEGATIONS for token in tokens)
