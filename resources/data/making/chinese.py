"""Chinese: Tang poems, the Analects, and tagged Cantonese talk."""

# ruff: noqa: RUF001 - Chinese punctuation is meant

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from itertools import pairwise

from making.drawing import drawn
from making.packages import Archive, Packages

UTTERANCES = 2_000
_REGULAR = re.compile(
    r"(?:[\u4e00-\u9fff]{5}[，。？！；]){4,8}|(?:[\u4e00-\u9fff]{7}[，。？！；]){4,8}"
)


def tang_poems(packages: Packages) -> dict[str, str]:
    """Poems of four or eight lines of five or seven characters, in simplified characters.

    First those of the Three Hundred Tang Poems, converted from traditional characters. Then a
    collection in simplified characters, which has misprints: of it only those poems are taken
    whose every line is also in the converted Complete Tang Poems.
    """
    archive = packages.open("chinese-poetry")
    simplify = _Simplifier(packages.open("opencc-python-reimplemented"))
    book = json.loads(archive.text("dist/mengxue/tangshisanbaishou.json"))
    regular = [kind for kind in book["content"] if kind["type"].endswith(("絕句", "律詩"))]
    poems = [simplify(_joined(poem)) for kind in regular for poem in kind["content"]]
    known = {line for path in archive for line in _complete(archive, path, simplify)}
    others = json.loads(archive.text("dist/shuimotangshi/shuimotangshi.json"))
    poems += [poem for poem in map(_joined, others) if known.issuperset(_lines(poem))]
    kept: list[str] = []
    taken: set[str] = set()
    for poem in poems:
        lines = _lines(poem)
        if _REGULAR.fullmatch(poem) and len(lines) in (4, 8) and not taken & set(lines):
            taken |= set(lines)
            kept.append(poem)
    return {"tang_poems.txt": "".join(f"{poem}\n" for poem in kept)}


def _complete(archive: Archive, path: str, simplify: _Simplifier) -> list[str]:
    """The lines of one file of the Complete Tang Poems; none of any other file."""
    if not path.startswith("dist/yudingquantangshi/json/"):
        return []
    poems = json.loads(archive.text(path))
    return _lines(simplify("，".join(line for poem in poems for line in poem["paragraphs"])))


def _lines(poem: str) -> list[str]:
    return re.findall(r"[\u4e00-\u9fff]+", poem)


def _joined(poem: dict[str, list[str]]) -> str:
    text = "".join(poem["paragraphs"])
    return re.sub(r"([？！])。", r"\1", re.sub(r"\s", "", text))


class _Simplifier:
    """Traditional characters to simplified ones: the longest phrase that is known, else each."""

    def __init__(self, archive: Archive) -> None:
        self._table: dict[str, str] = {}
        for name in ("TSCharacters", "TSPhrases"):
            for line in archive.text(f"opencc/dictionary/{name}.txt").splitlines():
                source, _, targets = line.partition("\t")
                self._table[source] = targets.split(" ")[0]
        longest = sorted(self._table, key=lambda source: (-len(source), source))
        self._pattern = re.compile("|".join(map(re.escape, longest)))

    def __call__(self, text: str) -> str:
        return self._pattern.sub(lambda found: self._table[found.group()], text)


def analects(packages: Packages) -> dict[str, str]:
    """Every saying of the Analects, one a line, in simplified characters."""
    chapters = json.loads(packages.open("chinese-poetry").text("dist/lunyu/lunyu.json"))
    kept = [
        re.sub(r"\s", "", saying).translate(str.maketrans(",:?", "，：？"))
        for chapter in chapters
        for saying in chapter["paragraphs"]
    ]
    return {"analects.txt": "".join(f"{saying}\n" for saying in kept)}


def cantonese(packages: Packages) -> dict[str, str]:
    """Utterances of Hong Kong Cantonese with the universal part of speech of every word."""
    archive = packages.open("pycantonese")
    tags = _universal_tags(archive)
    found: dict[tuple[str, ...], list[str]] = {}
    for path in archive:
        if path.startswith("pycantonese/data/hkcancor/") and path.endswith(".cha"):
            for spoken, codes in _utterances(archive.text(path)):
                found.setdefault(tuple(spoken), [tags[code] for code in codes])
    fit = [
        words
        for words, universal in found.items()
        if 3 <= len(words) <= 15 and "X" not in universal and not {'"', "-"} & set(words)
    ]
    blocks = []
    for words in sorted(drawn(fit, UTTERANCES, key=" ".join)):
        pairs = zip(words, found[words], strict=True)
        blocks.append("".join(f"{word}\t{tag}\n" for word, tag in pairs))
    return {"cantonese_pos.conll": "\n".join(blocks)}


def _universal_tags(archive: Archive) -> dict[str, str]:
    """The package's own table from the corpus's tags to the universal ones."""
    tree = ast.parse(archive.text("pycantonese/pos_tagging/hkcancor_to_ud.py"))
    table = next(
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
    )
    tags: dict[str, str] = ast.literal_eval(table)
    return tags


def _utterances(text: str) -> Iterator[tuple[list[str], list[str]]]:
    """Words and tags of each utterance whose two lines have as many."""
    lines = text.replace("\n\t", " ").split("\n")
    for spoken, analysed in pairwise(lines):
        if spoken.startswith("*") and analysed.startswith("%mor:"):
            words = spoken.partition("\t")[2].split()
            codes = [item.partition("|")[0] for item in analysed.partition("\t")[2].split()]
            if len(words) == len(codes):
                yield words, codes
