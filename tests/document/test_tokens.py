"""Text cut into tokens."""

# ruff: noqa: RUF001 - Chinese punctuation is meant

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnviz.document.tokens import (
    Tokeniser,
    Tokens,
    characters,
    is_negated,
    spaces,
    tokenise,
    words,
)
from rnnviz.engine.errors import UnknownError

HOWS: tuple[Tokeniser, ...] = ("words", "characters", "spaces")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I am not happy.", ["I", "am", "not", "happy", "."]),
        ("Don't! He isn't.", ["Do", "n't", "!", "He", "is", "n't", "."]),
        ("It\u2019s what they've said", ["It", "'s", "what", "they", "'ve", "said"]),
        ("can't cannot", ["ca", "n't", "cannot"]),
        ("L'eau n'est pas là", ["L'", "eau", "n'", "est", "pas", "là"]),
        ("aujourd'hui qu'il", ["aujourd'hui", "qu'", "il"]),
        ("o'clock", ["o'clock"]),
        ("'quoted' words", ["'", "quoted", "'", "words"]),
        ("3.14, 12:30 and 1,000", ["3.14", ",", "12:30", "and", "1,000"]),
        (
            "wait... well-known… (yes)",
            [*("wait", "...", "well", "-", "known"), *("…", "(", "yes", ")")],
        ),
        ("snake_case", ["snake", "_", "case"]),
        ("我爱北京。", ["我", "爱", "北", "京", "。"]),
        ("我 爱 北京。", ["我", "爱", "北京", "。"]),
        ("Git 克隆了 3 次", ["Git", "克", "隆", "了", "3", "次"]),
        ("平機票係𡃉", ["平", "機", "票", "係", "𡃉"]),
        ("子曰：‘也’", ["子", "曰", "：", "‘", "也", "’"]),
        ("cafe\u0301", ["café"]),
        ("", []),
        (" \t\n", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert words(text) == tuple(found)


def test_characters_keep_spaces_and_accents() -> None:
    assert characters("a b") == ("a", " ", "b")
    assert characters("x\u0304y") == ("x\u0304", "y")
    assert characters("e\u0301") == ("é",)


def test_spaces() -> None:
    assert spaces(" home  product_view\n") == ("home", "product_view")


def test_tokenise_makes_letters_small_when_told() -> None:
    assert tokenise("Not Good") == ("Not", "Good")
    assert tokenise("Not Good", lower=True) == ("not", "good")
    assert tokenise("Ab", "characters", lower=True) == ("a", "b")


def test_an_unknown_tokeniser_is_refused() -> None:
    with pytest.raises(UnknownError, match="'letters' is not known"):
        tokenise("a", "letters")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "negated"),
    [("I am not happy", True), ("It isn't", True), ("Never!", True), ("I note a knot", False)],
)
def test_negation(text: str, negated: bool) -> None:
    assert is_negated(words(text)) is negated


@given(st.text())
def test_words_leave_out_nothing_but_white_space(text: str) -> None:
    found: Tokens = words(text)
    assert all(found)
    assert not any(character.isspace() for token in found for character in token)
    assert "".join(found) == "".join(words("".join(found)))


@pytest.mark.parametrize("how", HOWS)
@given(text=st.text(min_size=1))
def test_no_token_is_empty(how: Tokeniser, text: str) -> None:
    assert all(tokenise(text, how, lower=True))
