"""`python -m rnnviz.document.samples [NAME ...] [-o FOLDER]`: trains the samples again.

The same machine writes the same bytes: all chance is seeded, no time is stored, and the products of
matrices are computed by one thread, because several may add in another order.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from rnnviz.document.resources import resource
from rnnviz.document.samples import SAMPLES, find, train_sample
from rnnviz.document.samples.readme import README, with_table
from rnnviz.document.storage import SUFFIX, save
from rnnviz.engine.errors import EngineError

_ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Train and write the samples that are named, or all."""
    parser = argparse.ArgumentParser(
        prog="python -m rnnviz.document.samples",
        description="Train the samples and write their files; the same machine, the same bytes.",
    )
    parser.add_argument("name", nargs="*", help="which samples; all, if none is named")
    parser.add_argument("-o", "--output", type=Path, metavar="FOLDER", help="where to write them")
    options = parser.parse_args(arguments)
    try:
        chosen = [find(name) for name in options.name] or list(SAMPLES)
    except EngineError as error:
        parser.error(str(error))
    folder = options.output or resource("data").parent / "samples"
    folder.mkdir(parents=True, exist_ok=True)
    for sample in chosen:
        began = time.perf_counter()
        document = train_sample(sample)
        path = folder / f"{sample.name}{SUFFIX}"
        save(document, path)
        took, size = time.perf_counter() - began, path.stat().st_size
        print(f"{path.name:28} {took:6.1f} s {size:9,} bytes  {document.score}", flush=True)
    if (folder / README).exists():
        text = (folder / README).read_text("utf-8")
        (folder / README).write_text(with_table(text, folder), "utf-8", newline="\n")
    return 0


def in_one_thread() -> int:
    """`main` in a process whose NumPy uses one thread, as has to be said before NumPy is there."""
    if all(os.environ.get(name) == value for name, value in _ONE_THREAD.items()):
        return main()
    command = [sys.executable, "-m", "rnnviz.document.samples", *sys.argv[1:]]
    return subprocess.run(command, env=os.environ | _ONE_THREAD, check=False).returncode


if __name__ == "__main__":
    sys.exit(in_one_thread())
