"""Makes the bundled fonts again: subsets of Inter, STIX Two Text italic and Noto Sans CJK SC.

The sources are published packages, unpacked beforehand (``dpkg-deb -x``, ``npm pack`` and ``tar``):

* Debian ``fonts-inter`` 4.0~beta7: ``Inter-{Regular,Medium,SemiBold,Bold}.otf``;
* npm ``@fontsource/stix-two-text`` 5.3.0: ``stix-two-text-{latin,greek}-400-italic.woff2``;
* Debian ``fonts-noto-cjk`` 20220127: ``NotoSansCJK-Regular.ttc``.

Run it where ``fonttools`` and ``brotli`` are installed::

    python resources/fonts/prepare.py --inter FOLDER --stix FOLDER --noto FILE

Inter and STIX keep Latin, Greek and the signs that formulas and menus use. Of Noto Sans CJK SC only
the Chinese characters of the data sets that come with rnnviz remain; for any other character Qt
asks the system's fonts. The families get names of our own, so that an installed Inter of another
version never takes their place.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

HERE = Path(__file__).parent
DATA = HERE.parent / "data"
SANS, MATH, HAN = "rnnviz Sans", "rnnviz Math", "rnnviz Han"
WEIGHTS = {"Regular": 400, "Medium": 500, "SemiBold": 600, "Bold": 700}
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "case"]

TEXT = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x386, 0x3CF),
    0x2C6,
    0x2DA,
    0x2DC,
    *range(0x2010, 0x2028),
    *range(0x2030, 0x2040),
    0x2070,
    0x2071,
    *range(0x2074, 0x209D),
    0x20AC,
    0x2122,
]
SIGNS = "←↑→↓↔↕↵⇄⇅⇒⇔⇧⌘⌃⌥⌫∂∅∆∇∈∏∑−∕∗∘∙√∝∞∥∫≈≠≡≤≥⊕⊙⊤⋅⋮⋯■□▲△▶▷▼▽◀◁●○✓✗×·÷±¬½"  # noqa: RUF001
HAN_RANGES = (
    (0x2E80, 0x2FE0),
    (0x3000, 0x3040),
    (0x3400, 0xA000),
    (0xF900, 0xFB00),
    (0xFF00, 0xFFF0),
)
INTERFACE = "中文"


def han_of_the_data() -> list[int]:
    """The code points of every Chinese character and sign in the data sets."""
    texts = [f.read_text("utf-8") for f in sorted(DATA.rglob("*")) if _is_text(f)]
    found = {ord(sign) for sign in INTERFACE + "".join(texts)}
    return sorted(c for c in found if any(low <= c < high for low, high in HAN_RANGES))


def _is_text(file: Path) -> bool:
    return file.suffix in {".txt", ".tsv", ".conll"} and file.parent != DATA / "licences"


def subset(font: TTFont, code_points: list[int], family: str, style: str, weight: int) -> TTFont:
    """Keep `code_points` of `font` and give it its new name; the copyright stays."""
    options = Options()
    # The other countries' forms of a character would double the Chinese font.
    options.layout_features = [] if family == HAN else FEATURES
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]
    options.name_IDs = [0, 13, 14]
    options.notdef_outline = True
    options.hinting = False
    cutter = Subsetter(options)
    cutter.populate(unicodes=code_points)
    cutter.subset(font)
    name = font["name"]
    linked = family if style in {"Regular", "Bold", "Italic"} else f"{family} {style}"
    plain = style if linked == family else "Regular"
    labels = {1: linked, 2: plain, 4: f"{family} {style}", 6: f"{family}-{style}".replace(" ", "")}
    for number, text in {**labels, 3: labels[6], 16: family, 17: style}.items():
        name.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames = [labels[6]]
        cff[0].FullName, cff[0].FamilyName = labels[4], family
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    return font


def joined(parts: list[Path]) -> TTFont:
    """One font of the parts that the package cut by script."""
    with tempfile.TemporaryDirectory() as folder:
        plain = []
        for part in parts:
            font = TTFont(part, recalcTimestamp=False)
            font.flavor = None
            for table in ("GSUB", "GPOS", "GDEF"):
                if table in font:
                    del font[table]
            plain.append(str(Path(folder, part.stem + ".ttf")))
            font.save(plain[-1])
        return Merger().merge(plain)


def licence(font: TTFont, body: str, file: str) -> None:
    """Write the font's own copyright line above the text of the Open Font License."""
    (HERE / file).write_text(f"{font['name'].getDebugName(0)}\n\n{body}", "utf-8", newline="\n")


def main() -> None:
    """Make all files of this folder."""
    parser = argparse.ArgumentParser(description="Makes the bundled fonts again.")
    parser.add_argument("--inter", type=Path, required=True)
    parser.add_argument("--stix", type=Path, required=True, help="the package's folder")
    parser.add_argument("--noto", type=Path, required=True)
    given = parser.parse_args()
    body = (given.stix / "LICENSE").read_text("utf-8").partition("\n\n")[2]

    shared = [*TEXT, *map(ord, SIGNS)]
    for style, weight in WEIGHTS.items():
        font = TTFont(given.inter / f"Inter-{style}.otf", recalcTimestamp=False)
        licence(font, body, "Inter-OFL.txt")
        subset(font, shared, SANS, style, weight).save(HERE / f"sans-{weight}.otf")

    files = given.stix / "files"
    math = joined([files / f"stix-two-text-{part}-400-italic.woff2" for part in ("latin", "greek")])
    licence(math, body, "STIX-OFL.txt")
    subset(math, shared, MATH, "Italic", 400).save(HERE / "math-italic.ttf")

    faces = TTCollection(given.noto).fonts
    noto = next(f for f in faces if f["name"].getDebugName(6) == "NotoSansCJKsc-Regular")
    licence(noto, body, "Noto-OFL.txt")
    subset(noto, han_of_the_data(), HAN, "Regular", 400).save(HERE / "han-400.otf")
    for file in sorted(HERE.iterdir()):
        print(f"{file.stat().st_size:>9,}  {file.name}")


if __name__ == "__main__":
    main()
