"""Print how fast the engine is: `python -m tests.benchmarks.engine [--quick] [--cell ...]`.

Each row is one size, precision and cell; milliseconds are medians of one evaluation (forward and
backward, everything kept). The contenders take turns:

ours        the engine: a new trace and new gradients each time
hand        `handwritten.py` in memory that is used again; `fresh` makes it anew (LSTM only)
eager       PyTorch step by step, every gate, pre-activation and state with `retain_grad`
fused       `torch.nn.LSTM`, `GRU` or `RNN`: outputs, gradients of inputs and weights, nothing else
kept        what the engine's trace and gradients hold, and `shown`, what can be looked at in them

One thread by default: with more, OpenBLAS spins while it waits for its other thread, and a busy
neighbour makes a product of microseconds last for milliseconds.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.benchmarks.problem import Problem, Run

SIZES = (
    (4, 1, 8, 8),
    (16, 1, 16, 16),
    (64, 1, 16, 32),
    (200, 1, 32, 64),
    (50, 32, 32, 64),
    (1000, 1, 64, 256),
)
CELLS = ("lstm", "gru", "rnn")
DTYPES = ("float64", "float32")
CONTENDERS = {
    "ours": ("tests.benchmarks.ours", "prepare"),
    "hand": ("tests.benchmarks.hand", "reused"),
    "fresh": ("tests.benchmarks.hand", "fresh"),
    "eager": ("tests.benchmarks.peers", "eager"),
    "fused": ("tests.benchmarks.peers", "fused"),
}
RATIOS = (("ours", "hand"), ("ours", "fresh"), ("eager", "ours"), ("fused", "ours"))
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")

FULL, QUICK = 2.0, 0.3
"""Seconds a row."""

FEWEST = 5


def arguments() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser("tests.benchmarks.engine", description="How fast we are.")
    parser.add_argument(
        "--quick", action="store_true", help="fewer repeats, no size above 200 steps"
    )
    parser.add_argument("--cell", nargs="+", choices=CELLS, default=CELLS)
    parser.add_argument("--dtype", nargs="+", choices=DTYPES, default=DTYPES)
    parser.add_argument("--threads", type=int, default=1, help="of the linear algebra")
    return parser.parse_args()


def prepared(problem: Problem) -> dict[str, Run]:
    """The contenders that can take part."""
    runs = {}
    for name, (module, function) in CONTENDERS.items():
        try:
            runs[name] = getattr(importlib.import_module(module), function)(problem)
        except (ImportError, LookupError):
            continue
    return runs


def memory(problem: Problem) -> list[str]:
    """Megabytes kept and shown."""
    try:
        ours = importlib.import_module("tests.benchmarks.ours")
    except ImportError:
        return ["-", "-"]
    return [f"{size / 2**20:.3f}" for size in ours.memory(problem)]


def row(problem: Problem, budget: float) -> list[str]:
    """One line of the table."""
    from tests.benchmarks.timing import medians

    found = medians(prepared(problem), budget, FEWEST)
    size = " ".join(f"{n:>4}" for n in problem.shape)
    times = [f"{found[name] * 1e3:.3f}" if name in found else "-" for name in CONTENDERS]
    ratios = [f"{found[a] / found[b]:.2f}" if {a, b} <= set(found) else "-" for a, b in RATIOS]
    return [size, problem.dtype, problem.cell, *times, *ratios, *memory(problem)]


def main() -> None:
    """Measure and print, a line as soon as it is known."""
    wanted = arguments()
    os.environ |= dict.fromkeys(THREADS, str(wanted.threads))  # before NumPy is loaded
    from tests.benchmarks.problem import Problem

    sizes = [size for size in SIZES if size[0] <= 200] if wanted.quick else list(SIZES)
    names = [f"{'T':>4} {'B':>4} {'I':>4} {'H':>4}", "dtype", "cell", *CONTENDERS]
    names += [*(f"{a}/{b}" for a, b in RATIOS), "kept MB", "shown MB"]
    widths = [max(7, len(name)) for name in names]
    print(f"threads: {wanted.threads}; ms are medians of one evaluation, contenders take turns")
    print("  ".join(name.rjust(width) for name, width in zip(names, widths, strict=True)))
    for size, dtype, cell in itertools.product(sizes, wanted.dtype, wanted.cell):
        cells = row(Problem(cell, *size, dtype), QUICK if wanted.quick else FULL)
        print("  ".join(c.rjust(w) for c, w in zip(cells, widths, strict=True)), flush=True)


if __name__ == "__main__":
    main()
