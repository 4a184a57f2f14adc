"""The data that come with rnnviz: what is promised of them, counted in the files themselves."""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from rnnviz.document.catalogue import DATA_SETS, find, load
from rnnviz.document.data_set import DataSet
from rnnviz.document.examples import (
    Examples,
    Labels,
    Outputs,
    Tags,
    has_tokens,
    has_vectors,
)
from rnnviz.document.resources import resource
from rnnviz.document.tokens import Tokens, is_negated
from rnnviz.engine.arrays import Array
from rnnviz.engine.errors import EngineError, UnknownError

FOLDER = resource("data")
MOST_BYTES = 7_000_000
OWN = "own/"

SHIPPED = tuple(entry for entry in DATA_SETS if not entry.file.startswith(OWN))


@dataclass(frozen=True)
class Promise:
    items: int
    steps: int
    targets: dict[str, int]


PROMISES = {
    "product_reviews": Promise(1663, 20434, {"neg": 590, "neu": 483, "pos": 590}),
    "movie_reviews": Promise(3845, 52232, {"neg": 1800, "neu": 245, "pos": 1800}),
    "english_french": Promise(1500, 4397, {}),
    "english_chinese": Promise(1500, 4356, {}),
    "sounds": Promise(4000, 24942, {}),
    "names": Promise(6419, 38424, {"either": 419, "female": 3000, "male": 3000}),
    "moby_dick": Promise(815, 23521, {}),
    "tang_poems": Promise(228, 9448, {}),
    "analects": Promise(512, 21480, {}),
    "sunspots": Promise(1, 309, {}),
    "co2": Promise(1, 2284, {}),
    "sensors": Promise(8, 4800, {"event": 307, "normal": 4493}),
    "promoters": Promise(106, 6042, {"other": 53, "promoter": 53}),
    "clicks": Promise(2000, 19410, {}),
    "seattle_weather": Promise(
        1, 1461, {"drizzle": 53, "fog": 101, "rain": 641, "snow": 26, "sun": 640}
    ),
    "japanese_vowels": Promise(
        640,
        9961,
        {f"speaker-{n}": c for n, c in enumerate((61, 65, 118, 74, 59, 54, 70, 80, 59), 1)},
    ),
    "cantonese_pos": Promise(
        2000,
        15382,
        {
            **{"ADJ": 661, "ADP": 116, "ADV": 1842, "AUX": 288, "CCONJ": 658, "INTJ": 243},
            **{"NOUN": 1587, "NUM": 349, "PART": 2495, "PRON": 1561, "PROPN": 311},
            **{"PUNCT": 2648, "VERB": 2623},
        },
    ),
}


def tokens(name: str) -> Examples[Tokens]:
    examples = load(name)
    assert has_tokens(examples)
    return examples


def vectors(name: str) -> Examples[Array]:
    examples = load(name)
    assert has_vectors(examples)
    return examples


def counted(examples: Examples[Tokens] | Examples[Array]) -> dict[str, int]:
    match examples.targets:
        case Labels(values):
            return Counter(values)
        case Tags(values):
            return Counter(tag for tags in values for tag in tags)
    return {}


def lines(name: str) -> list[str]:
    return find(name).path.read_text("utf-8").splitlines()


def ids(entry: DataSet) -> str:
    return entry.name


# ------------------------------------------------------------------------------- all data sets


def test_every_shipped_set_is_promised_something() -> None:
    assert {entry.name for entry in SHIPPED} == set(PROMISES)
    assert len({entry.name for entry in DATA_SETS}) == len(DATA_SETS)


@pytest.mark.parametrize("entry", DATA_SETS, ids=ids)
def test_every_set_loads_under_its_title(entry: DataSet) -> None:
    examples = load(entry.name)
    assert examples.name == entry.title
    assert len(examples) > 0


@pytest.mark.parametrize("name", PROMISES)
def test_the_counts_are_those_stated(name: str) -> None:
    examples, promise = load(name), PROMISES[name]
    found = Promise(len(examples), sum(examples.lengths), dict(counted(examples)))
    assert found == promise


@pytest.mark.parametrize("entry", DATA_SETS, ids=ids)
def test_the_words_of_the_licence_are_there(entry: DataSet) -> None:
    assert entry.licence
    assert entry.licence_files
    for name in entry.licence_files:
        assert len((FOLDER / name).read_text("utf-8")) > 100


LICENCE_WORDS = {
    "vader.txt": "Permission is hereby granted, free of charge",
    "cc-by-4.0.txt": "Attribution 4.0 International",
    "chinese-poetry.txt": "Permission is hereby granted, free of charge",
    "cmudict.txt": "licensed under a BSD-2-Clause",
    "first-names.txt": "Creative Commons Zero v1.0 Universal",
    "hkcancor.txt": "Creative Commons Attribution 4.0 International Public License",
    "jupyterlab-fr.txt": "Redistribution and use in source and binary forms",
    "jupyterlab-zh.txt": "Redistribution and use in source and binary forms",
    "moby-dick.txt": "Creative Commons Zero v1.0 Universal",
    "opencc.txt": "Apache License",
    "retentioneering.txt": "Apache License",
    "seattle-weather.txt": "U.S. Government Dataset",
    "sensor-network.txt": "Open Data Commons Attribution License",
    "sktime.txt": "BSD 3-Clause License",
    "statsmodels.txt": "This is public domain.",
}


@pytest.mark.parametrize("name", LICENCE_WORDS)
def test_a_licence_file_holds_that_licence(name: str) -> None:
    assert LICENCE_WORDS[name] in (FOLDER / "licences" / name).read_text("utf-8")


def test_every_licence_file_belongs_to_a_set() -> None:
    used = {name for entry in DATA_SETS for name in entry.licence_files}
    there = {f"licences/{path.name}" for path in (FOLDER / "licences").iterdir()}
    assert there == {name for name in used if not name.startswith(OWN)}


def test_the_files_are_those_that_the_recipes_made() -> None:
    text = (FOLDER / "checksums.txt").read_text("ascii")
    listed = {line[66:]: line[:64] for line in text.splitlines()}
    for name, digest in listed.items():
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == digest, name
    for entry in SHIPPED:
        assert entry.file in listed


def test_all_together_stay_small() -> None:
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < MOST_BYTES


def test_files_are_utf8_with_plain_line_ends() -> None:
    for entry in DATA_SETS:
        data = entry.path.read_bytes()
        assert data.decode("utf-8").endswith("\n"), entry.name
        assert b"\r" not in data, entry.name
        assert "\ufffd" not in data.decode("utf-8"), entry.name


def readme_rows() -> dict[str, list[str]]:
    text = (FOLDER / "README.md").read_text("utf-8")
    rows = [line.strip("|").split(" | ") for line in text.splitlines() if line.startswith("| `")]
    return {row[0].strip(" `"): [cell.strip() for cell in row] for row in rows}


def test_the_table_of_the_readme_has_every_file_and_its_true_count() -> None:
    rows = readme_rows()
    assert set(rows) == {entry.file for entry in SHIPPED}
    for entry in SHIPPED:
        assert rows[entry.file][3].startswith(f"{PROMISES[entry.name].items:,}"), entry.name
        for name in entry.licence_files:
            assert f"`{name.removeprefix('licences/')}`" in (FOLDER / "README.md").read_text(
                "utf-8"
            )


def test_no_registry_is_named() -> None:
    for path in (*FOLDER.glob("*.py"), *FOLDER.glob("making/*.py"), FOLDER / "README.md"):
        assert not re.search(r"https?://|\bpypi\.org\b|npmjs|debian\.org", path.read_text("utf-8"))


def test_an_unknown_set_or_file_is_refused() -> None:
    with pytest.raises(UnknownError, match="'moby_duck' is not known"):
        load("moby_duck")
    with pytest.raises(EngineError, match=r"data/no\.csv"):
        resource("data", "no.csv")


# ------------------------------------------------------------------------------------ each set


@pytest.mark.parametrize(
    "name",
    [e.name for e in SHIPPED if e.form in {"labelled", "pairs"} or e.name == "tang_poems"],
)
def test_no_text_comes_twice(name: str) -> None:
    texts = [line.partition("\t")[0].lower() for line in lines(name)]
    assert [text for text, count in Counter(texts).items() if count > 1] == []


@pytest.mark.parametrize(("name", "negated"), [("product_reviews", 418), ("movie_reviews", 694)])
def test_judgements_agree_with_labels_and_the_negated_are_as_many_as_said(
    name: str, negated: int
) -> None:
    examples = tokens(name)
    assert isinstance(examples.targets, Labels)
    assert len(examples.scores) == len(examples)
    for label, score in zip(examples.targets.values, examples.scores, strict=True):
        assert {"pos": score >= 1, "neg": score <= -1, "neu": abs(score) <= 0.5}[label]
    assert sum(map(is_negated, examples.sequences)) == negated
    assert f"{negated} negated" in readme_rows()[find(name).file][3]
    assert max(examples.lengths) <= 20


@pytest.mark.parametrize(
    ("name", "target"),
    [("english_french", "[a-zà-ÿœ' -]+"), ("english_chinese", "[\u4e00-\u9fff]+")],
)
def test_translations_are_plain_words(name: str, target: str) -> None:
    for line in lines(name):
        source, translation = line.split("\t")
        assert re.fullmatch("[a-z' -]+", source)
        assert re.fullmatch(target, translation)
    assert max(tokens(name).lengths) <= 6


def test_every_sound_is_one_of_the_39() -> None:
    examples = tokens("sounds")
    assert isinstance(examples.targets, Outputs)
    assert len({sound for sounds in examples.targets.values for sound in sounds}) == 39
    assert {letter for word in examples.sequences for letter in word} == set(
        "abcdefghijklmnopqrstuvwxyz"
    )


def test_poems_are_regular() -> None:
    for poem in lines("tang_poems"):
        verses = re.findall("[\u4e00-\u9fff]+", poem)
        assert len(verses) in {4, 8}
        assert {len(verse) for verse in verses} in ({5}, {7})


def test_the_weather_is_every_day_of_four_years() -> None:
    examples = vectors("seattle_weather")
    assert examples.columns == ("precipitation", "temp_max", "temp_min", "wind")
    (dates,) = examples.marks
    days = np.array(dates, dtype="datetime64[D]")
    assert (np.diff(days) == np.timedelta64(1, "D")).all()
    (days_of,) = examples.sequences
    assert (days_of[:, 1] >= days_of[:, 2]).all()


def test_carbon_dioxide_is_weekly_with_gaps_and_rises() -> None:
    (series,), (dates,) = vectors("co2").sequences, vectors("co2").marks
    days = np.array(dates, dtype="datetime64[D]")
    assert (np.diff(days) == np.timedelta64(7, "D")).all()
    assert np.isnan(series).sum() == 59
    assert np.nanmean(series[-52:]) - np.nanmean(series[:52]) == pytest.approx(55, abs=2)


def test_sunspots_are_yearly() -> None:
    (dates,) = vectors("sunspots").marks
    assert [int(year) for year in dates] == list(range(1700, 2009))


def test_four_of_eight_sensors_have_one_event_each() -> None:
    examples = vectors("sensors")
    assert isinstance(examples.targets, Tags)
    events = [
        "".join("e" if t == "event" else "n" for t in tags) for tags in examples.targets.values
    ]
    assert [event.count("e") for event in events] == [58, 0, 100, 0, 117, 0, 0, 32]
    assert all(len(re.findall("e+", event)) <= 1 for event in events)


def test_a_known_promoter_is_among_the_promoters() -> None:
    examples = tokens("promoters")
    assert isinstance(examples.targets, Labels)
    assert set(examples.lengths) == {57}
    assert {base for strand in examples.sequences for base in strand} == set("acgt")
    strands = {
        "".join(s): k for s, k in zip(examples.sequences, examples.targets.values, strict=True)
    }
    # The gene S10 of E. coli; TATAAT stands ten before its start.
    assert strands["tactagcaatacgcttgcgttcggtggttaagtatgtataatgcgcgggcttgtcgt"] == "promoter"


def test_vowels_keep_the_division_of_the_source() -> None:
    examples = vectors("japanese_vowels")
    assert isinstance(examples.targets, Labels)
    parts = Counter(zip(examples.parts, examples.targets.values, strict=True))
    test = (31, 35, 88, 44, 29, 24, 40, 50, 29)
    for number, count in enumerate(test, 1):
        assert parts["train", f"speaker-{number}"] == 30
        assert parts["test", f"speaker-{number}"] == count
    assert (min(examples.lengths), max(examples.lengths)) == (7, 29)


def test_clicks_are_19_kinds_and_are_said_to_be_synthetic() -> None:
    assert len({event for visit in tokens("clicks").sequences for event in visit}) == 19
    assert find("clicks").note.startswith("Synthetic")


def test_the_sources_lie_in_the_folder_that_is_found() -> None:
    assert all(Path(entry.path).is_relative_to(FOLDER) for entry in DATA_SETS)
