"""Draws the pictures of the README by the program itself; run it as a script.

It needs no display.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PICTURES = {
    "lab": ["--step", "3", "--unit", "2"],
    "backward": ["--backward", "2", "--unit", "2", "--theme", "light"],
    "cell": ["--step", "3", "--unit", "2", "--zoom", "3"],
}


def main() -> None:
    """Draw each picture."""
    for name, options in PICTURES.items():
        command = [sys.executable, "-m", "rnnviz", "render", "not_happy", "--force"]
        subprocess.run([*command, "-o", str(HERE / f"{name}.png"), *options], check=True)


if __name__ == "__main__":
    main()
