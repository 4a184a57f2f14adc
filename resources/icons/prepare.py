"""Takes the icons that rnnviz shows out of an unpacked npm package ``lucide-static`` 1.62.0.

Run it as ``python resources/icons/prepare.py FOLDER`` with the package's folder.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

HERE = Path(__file__).parent
NAMES = [
    "arrow-left",
    "arrow-left-right",
    "arrow-right",
    "arrow-right-left",
    "chart-column",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "chevron-up",
    "chevrons-left",
    "chevrons-right",
    "circle-help",
    "circle-stop",
    "clipboard-paste",
    "columns-3",
    "command",
    "contrast",
    "copy",
    "dice-5",
    "download",
    "ellipsis",
    "eye",
    "eye-off",
    "file",
    "file-plus",
    "file-text",
    "folder-open",
    "graduation-cap",
    "grip-vertical",
    "history",
    "image",
    "info",
    "keyboard",
    "languages",
    "layers",
    "lock",
    "lock-open",
    "maximize",
    "menu",
    "minus",
    "moon",
    "pause",
    "pin",
    "pin-off",
    "play",
    "plus",
    "presentation",
    "redo-2",
    "rotate-ccw",
    "save",
    "scan",
    "search",
    "settings",
    "skip-back",
    "skip-forward",
    "sliders-horizontal",
    "square",
    "step-back",
    "step-forward",
    "sun",
    "sun-moon",
    "table",
    "trash-2",
    "triangle-alert",
    "undo-2",
    "upload",
    "x",
    "zoom-in",
    "zoom-out",
]


def main() -> None:
    """Copy the icons and their licence."""
    parser = argparse.ArgumentParser(description="Takes the icons out of lucide-static.")
    parser.add_argument("package", type=Path)
    package = parser.parse_args().package
    for name in NAMES:
        text = (package / "icons" / f"{name}.svg").read_text("utf-8")
        (HERE / f"{name}.svg").write_text(text, "utf-8", newline="\n")
    shutil.copyfile(package / "LICENSE", HERE / "LICENSE.txt")


if __name__ == "__main__":
    main()
