"""The readers of data files: what they read, and every fault with the line it is in."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rnnviz.document import plain, reading, table
from rnnviz.document.examples import (
    AnyExamples,
    Labels,
    Numbers,
    Outputs,
    Tags,
    has_tokens,
    has_vectors,
)
from rnnviz.document.reading import (
    DataError,
    Form,
    guess_form,
    read,
    read_labelled,
    read_lines,
    read_pairs,
    read_table,
    read_tagged,
)
from rnnviz.engine.errors import EngineError

FORMS: tuple[Form, ...] = ("labelled", "pairs", "tagged", "table", "lines")

Written = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(content: str | bytes, name: str = "mine.txt") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    return write


# ----------------------------------------------------------------------------- what they read


def test_labelled(written: Written) -> None:
    found = read_labelled(written("I am not happy.\tneg\n\nGood!\tpos\n", "mine.tsv"), lower=True)
    assert found.name == "mine"
    assert found.sequences == (("i", "am", "not", "happy", "."), ("good", "!"))
    assert found.targets == Labels(("neg", "pos"))
    assert found.scores == ()


def test_labelled_with_scores(written: Written) -> None:
    found = read_labelled(written("bad\tneg\t-2.5\ngood\tpos\t+1e0\n"))
    assert found.scores == (-2.5, 1.0)


def test_pairs(written: Written) -> None:
    found = read_pairs(written("cat\tK AE T\n"), "characters", "spaces")
    assert found.sequences == (("c", "a", "t"),)
    assert found.targets == Outputs((("K", "AE", "T"),))


@pytest.mark.parametrize(
    "text",
    [
        "I\tPRON\nlove\tVERB\n\nYes\tINTJ\n",
        "\n\nI\tPRON\nlove\tVERB\n \n\nYes\tINTJ",
        "I PRON\nlove   VERB\n\nYes INTJ\n\n",
        "# a note\nI\tx\tPRON\nlove\ty\tVERB\n\nYes\tz\tINTJ\n",
        "# sent_id = 1\n1-2\tI'm\t_\t_\t_\t_\t_\t_\t_\t_\n1\tI\ti\tPRON\t_\t_\t_\t_\t_\t_\n"
        "2\tlove\tl\tVERB\t_\t_\t_\t_\t_\t_\n2.1\tx\tl\tX\t_\t_\t_\t_\t_\t_\n\n"
        "1\tYes\ty\tINTJ\t_\t_\t_\t_\t_\t_\n",
    ],
    ids=["tabs", "blank lines", "spaces", "three columns", "CoNLL-U"],
)
def test_tagged(written: Written, text: str) -> None:
    found = read_tagged(written(text, "mine.conll"))
    assert found.sequences == (("I", "love"), ("Yes",))
    assert found.targets == Tags((("PRON", "VERB"), ("INTJ",)))


def test_lines(written: Written) -> None:
    found = read_lines(written("a b\n\n  c\n"), "spaces")
    assert found.sequences == (("a", "b"), ("c",))
    assert found.targets is None


def test_a_table_of_one_series_with_a_gap(written: Written) -> None:
    found = read_table(written("date,rain,wind\n2012-01-01,0,1.5\n2012-01-02,,-2e1\n"))
    (series,) = found.sequences
    np.testing.assert_array_equal(series, [[0, 1.5], [np.nan, -20]])
    assert not series.flags.writeable
    assert found.columns == ("rain", "wind")
    assert found.marks == (("2012-01-01", "2012-01-02"),)
    assert found.targets is None


def test_a_table_of_sequences_with_labels_and_parts(written: Written) -> None:
    text = "sequence,part,label,x\na,train,up,1\na,train,up,2\nb,test,down,3\n"
    found = read_table(written(text))
    assert found.lengths == (2, 1)
    assert found.targets == Labels(("up", "down"))
    assert found.parts == ("train", "test")


def test_a_table_with_tags(written: Written) -> None:
    assert read_table(written("x,tag\n1,calm\n2,event\n")).targets == Tags((("calm", "event"),))


def test_a_table_with_numbers_to_learn(written: Written) -> None:
    found = read_table(written("x,target,target_2\n1,2,3\n4,5,\n"))
    assert isinstance(found.targets, Numbers)
    assert found.targets.columns == ("target", "target_2")
    np.testing.assert_array_equal(found.targets.values[0], [[2, 3], [5, np.nan]])
    assert found.columns == ("x",)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_may_have_other_marks_between_columns(written: Written, mark: str) -> None:
    found = read_table(written(f"x{mark}y\n1{mark}2\n"))
    np.testing.assert_array_equal(found.sequences[0], [[1, 2]])


def test_a_table_may_have_quotation_marks(written: Written) -> None:
    found = read_table(written('"the x",date\n"1","1 May, late"\n'))
    assert found.columns == ("the x",)
    assert found.marks == (("1 May, late",),)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_and_the_mark_of_windows(written: Written, end: str) -> None:
    text = f"\ufeffgood\tpos{end}bad\tneg{end}"
    assert read_labelled(written(text)).sequences == (("good",), ("bad",))


def test_a_rare_mark_of_a_line_end_is_no_line_end(written: Written) -> None:
    assert len(read_lines(written("one\u2028two\u0085three\x0bfour\n"))) == 1


@pytest.mark.parametrize(
    ("name", "text", "form"),
    [
        ("a.csv", "", "table"),
        ("a.CONLL", "", "tagged"),
        ("a.conllu", "", "tagged"),
        ("a.tsv", "", "labelled"),
        ("a.txt", "hello you\n", "lines"),
        ("a.txt", "hello\tpos\nyou\n", "lines"),
        ("a.txt", "hello\tpos\nyou\tneg\n\n", "labelled"),
        ("a.txt", "hello\tINTJ\n\nyou\tPRON\n", "tagged"),
    ],
)
def test_the_form_of_a_file_is_guessed(written: Written, name: str, text: str, form: Form) -> None:
    assert guess_form(written(text, name)) == form


def test_read_takes_the_guessed_form_or_the_one_that_is_named(written: Written) -> None:
    path = written("cat\tchat\n")
    assert read(path).targets == Labels(("chat",))
    found = read(path, "pairs", tokeniser="characters", target="words")
    assert has_tokens(found)
    assert found.sequences == (("c", "a", "t"),)
    assert found.targets == Outputs((("chat",),))


# --------------------------------------------------------------------------------- every fault


FAULTS: list[tuple[Form, str | bytes, int | None, str, str]] = [
    ("lines", b"", None, "an empty file", "at least one example"),
    ("lines", b" \n\t\n", None, "an empty file", "at least one example"),
    ("lines", b"a\nb\0c\n", 2, "a NUL byte", "text in UTF-8"),
    ("lines", b"a\r\nb\r\n\xff\r\n", 3, "byte 0xff that is not UTF-8", "text in UTF-8"),
    ("lines", "hé".encode("utf-16"), 1, "a NUL byte", "text in UTF-8"),
    ("lines", "a\n" + "x" * 100_001, 2, "100001 characters in one line", "at most 100000"),
    ("labelled", "a\tpos\nb\n", 2, "1 column", "2 to 3 columns with a tab"),
    ("labelled", "a\tpos\t1\t2\n", 1, "4 columns", "2 to 3 columns with a tab"),
    ("labelled", "a\tpos\t1\n\nb\tneg\n", 3, "2 columns", "3 as in the lines before"),
    ("labelled", "a\tpos\n \tneg\n", 2, "column 1 is empty", "text in every column"),
    ("labelled", "a\tpos\nb\t \n", 2, "column 2 is empty", "text in every column"),
    ("labelled", "a\tpos\tmuch\n", 1, "'much' as a score", "a finite number"),
    ("labelled", "a\tpos\tnan\n", 1, "'nan' as a score", "a finite number"),
    ("labelled", "pos\t" + "a text " * 10, 1, "as a label", "a word of at most 64 characters"),
    ("pairs", "a\tb\na\tb\tc\n", 2, "3 columns", "2 columns with a tab"),
    ("pairs", "a\tb\nabc\n", 2, "1 column;", "2 columns with a tab"),
    ("tagged", "I\tPRON\nam\n", 2, "only 'am'", "a token and its tag"),
    ("tagged", "I\tPRON\nam AUX\n", 2, "only 'am AUX'", "a token and its tag"),
    ("tagged", "I\tPRON\nam\tx\tAUX\n", 2, "3 columns", "2 as in the lines before"),
    ("tagged", "I\tPRON\nam\t\n", 2, "column 2 is empty", "text in every column"),
    ("tagged", "I\tPRON\n\n\tAUX\n", 3, "column 1 is empty", "text in every column"),
    ("tagged", "I " + "y" * 65, 1, "as a label", "a word of at most 64 characters"),
    ("tagged", "1-2\t" + "_\t" * 8 + "_\n", None, "no tokens", "a token and its tag"),
    ("table", "x,y\n1,2\n1\n", 3, "1 field", "2 as in the header"),
    ("table", "x,y\n1,2,3\n", 2, "3 fields", "2 as in the header"),
    ("table", "x,y\n\n1,two\n", 3, "'two' in column 'y'", "a finite number, or nothing for a gap"),
    ("table", "x\n1_000\n", 2, "'1_000' in column 'x'", "a finite number"),
    ("table", "x\n\uff11\n", 2, "'\uff11' in column 'x'", "a finite number"),
    ("table", "x\ninf\n", 2, "'inf' in column 'x'", "a finite number"),
    ("table", "x\n1e999\n", 2, "'1e999' in column 'x'", "a finite number"),
    ("table", "x;y\n1;2,5\n", 2, "'2,5' in column 'y'", "a finite number"),
    ("table", "1,2\n3,4\n", 1, "'1' as name of column 1", "a header of names"),
    ("table", "x,\n3,4\n", 1, "'' as name of column 2", "a header of names"),
    ("table", '""\n', 1, "'' as name of column 1", "a header of names"),
    ("table", "x,x\n3,4\n", 1, "two columns 'x'", "different names"),
    ("table", "date,tag\na,b\n", 1, "no column of numbers", "at least one for the input"),
    ("table", "tag,label,x\na,b,1\n", 1, "several kinds of targets", "one of label, tag, target"),
    ("table", "x,y\n", None, "a header and no rows", "at least one row of numbers"),
    ("table", "tag,x\n,1\n", 2, "no tag", "a tag in every row"),
    ("table", "part,x\nlater,1\n", 2, "part 'later'", "train, validation, test"),
    ("table", 'x,y\n1,2\n1,"2\n', 3, "no CSV (unexpected end of data)", "fields in columns"),
    ("table", 'x,y\n1,"2"3\n', 2, "no CSV", "fields in columns"),
    (
        "table",
        "sequence,x\na,1\nb,1\na,2\n",
        4,
        "sequence 'a' once more",
        "the rows of a sequence together",
    ),
    (
        "table",
        "sequence,label,x\na,up,1\na,down,2\n",
        3,
        "label 'down'",
        "'up' as in the rows before of this sequence",
    ),
    (
        "table",
        "sequence,part,x\na,train,1\na,test,2\n",
        3,
        "part 'test'",
        "'train' as in the rows before",
    ),
    ("table", "x," * 4096 + "x\n1\n", 1, "4097 columns", "at most 4096"),
]


@pytest.mark.parametrize(("form", "content", "line", "came", "expected"), FAULTS)
def test_a_fault_is_told_with_its_line(
    written: Written, form: Form, content: str | bytes, line: int | None, came: str, expected: str
) -> None:
    path = written(content)
    with pytest.raises(DataError) as caught:
        read(path, form)
    error = caught.value
    where = f"{path}: " if line is None else f"{path}, line {line}: "
    assert (error.file, error.line) == (str(path), line)
    assert str(error) == f"{where}{error.came}; expected {error.expected}"
    assert came in f"{error.came};"
    assert expected in error.expected
    assert isinstance(error, EngineError)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.txt", Path("a\0b.txt"), Path("x" * 5000)):
        with pytest.raises(DataError, match="expected a text file"):
            read_lines(path)


def test_a_file_that_is_larger_than_the_bound_is_refused(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written("a b c d\n" * 10)
    monkeypatch.setattr(plain, "MAX_BYTES", 79)
    with pytest.raises(DataError, match="a larger file; expected at most"):
        read_lines(path)


def test_more_lines_than_the_bound_are_refused(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain, "MAX_LINES", 9)
    with pytest.raises(DataError, match=r"line 10: 11 lines; expected at most 9"):
        read_lines(written("a\n" * 10))


def test_more_tokens_than_the_bound_are_refused(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MAX_STEPS", 5)
    with pytest.raises(DataError, match=r"line 3: more tokens; expected at most 5"):
        read_lines(written("a b\na b\na b\n"))


def test_an_unknown_ending_is_refused(written: Written) -> None:
    with pytest.raises(DataError, match=r"the ending '\.docx'; expected \.csv, "):
        read(written("a", "mine.docx"))


def test_a_long_word_is_cut_in_the_message(written: Written) -> None:
    with pytest.raises(DataError, match="…"):
        read_table(written("x\n" + "y" * 1000 + "\n"))


# ----------------------------------------------------------------------------------- any bytes


def check(path: Path, form: Form) -> None:
    lines = path.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n").count(b"\n") + 1
    match outcome(path, form):
        case DataError(file=file, line=line):
            assert file == str(path)
            assert line is None or 1 <= line <= lines
        case found:
            assert len(found) > 0
            assert min(found.lengths) > 0
            if has_vectors(found):
                assert all(not np.isinf(sequence).any() for sequence in found.sequences)
            else:
                assert all(token for sequence in found.sequences for token in sequence)


def outcome(path: Path, form: Form) -> AnyExamples | DataError:
    try:
        return read(path, form)
    except DataError as error:
        return error


PIECES = st.sampled_from(
    [
        *("a", "b c", "I", "PRON", "\t", "\t\t", "\n", "\n\n", "\r", ",", ";", '"', '""', "'"),
        *("1", "-2.5", "1e9", "x", "sequence", "label", "tag", "date", "part", "target", "train"),
        *("#", "1-2", " ", "\u3000", "不", "\ufeff", "\x1c", "\x85", "\u0301", "İ"),
    ]
)


@pytest.mark.parametrize("form", FORMS)
@given(content=st.binary(max_size=200))
@example(content=b"\xef\xbb\xbf")
@example(content=b'""')
@example(content=b"\x0b\n\x0c")
def test_any_bytes_are_read_or_refused(
    form: Form, content: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.txt"
    path.write_bytes(content)
    check(path, form)


@pytest.mark.parametrize("form", FORMS)
@given(pieces=st.lists(PIECES, max_size=40))
def test_any_text_that_looks_like_data_is_read_or_refused(
    form: Form, pieces: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "pieces.txt"
    path.write_text("".join(pieces), "utf-8", newline="")
    check(path, form)


@given(
    rows=st.lists(
        st.lists(
            st.none() | st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=2
        ),
        min_size=1,
    )
)
def test_numbers_come_back_as_they_were_written(
    rows: list[list[float | None]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "numbers.csv"
    body = "".join(",".join("" if n is None else repr(n) for n in row) + "\n" for row in rows)
    path.write_text("x,y\n" + body, "utf-8")
    expected = np.array([[np.nan if n is None else n for n in row] for row in rows])
    np.testing.assert_array_equal(read_table(path).sequences[0], expected)


def test_a_number_is_what_people_write_as_a_number() -> None:
    assert table.number_in("-.5e-3") == -0.0005
    assert table.number_in("7.") == 7
    for text in ("", ".", "+", "e5", "0x10", "1,5", "1 000", "∞", "nan", "1e9999"):
        assert table.number_in(text) is None
