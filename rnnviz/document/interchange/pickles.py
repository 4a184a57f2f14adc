"""Recognises pickles, which run whatever program they hold, and says how to get around them."""

from __future__ import annotations

from pathlib import PurePath

from rnnviz.document.errors import FileError
from rnnviz.document.interchange.files import FilePath
from rnnviz.document.interchange.zips import is_zip, open_zip

SUFFIXES = (".pt", ".pth", ".bin", ".ckpt", ".pkl", ".pickle")
SNIPPET = (
    "import torch; from safetensors.torch import save_file\n"
    "save_file({{k: v.clone().contiguous() for k, v in "
    'torch.load({source}, map_location="cpu", weights_only=True).items()}}, {target})'
)

_OLD_OPENERS = (b"(", b"]", b"}", b"c", b"I", b"S", b"V", b"F", b"L", b"N", b"G", b"K", b"U", b"X")


class PickleError(FileError):
    """A file that is a pickle, or holds one; `snippet` turns it into safetensors."""

    def __init__(self, path: FilePath) -> None:
        source = PurePath(path).name
        target = f"{PurePath(path).stem}.safetensors"
        self.snippet = SNIPPET.format(source=repr(source), target=repr(target))
        super().__init__(
            path,
            "it is a pickle, which can run any program when it is loaded, so it is not opened. "
            "In Python, where you trust the file, this makes a safe one of it:",
        )
        self.args = (f"{self.args[0]}\n{self.snippet}",)


def refuse_pickles(path: FilePath, data: bytes) -> None:
    """Raise a PickleError where `data` is a pickle of any protocol or an archive with one inside.

    Nothing of the file is interpreted: the protocols 2 and later begin with their number, earlier
    ones end with a full stop and are recognised where they carry a name that ends like a pickle's.
    """
    numbered = len(data) > 1 and data[0] == 0x80 and 2 <= data[1] <= 5
    old = data[:1] in _OLD_OPENERS and data.rstrip(b"\n")[-1:] == b"."
    named = PurePath(path).suffix.lower() in SUFFIXES
    if (numbered or old or named) and not looks_like_safetensors(data):
        raise PickleError(path)
    if is_zip(data) and any(
        name.endswith((".pkl", ".pickle")) for name in open_zip(path, data).namelist()
    ):
        raise PickleError(path)


def looks_like_safetensors(data: bytes) -> bool:
    """Whether `data` opens with the length of a header that it holds, and then the header."""
    return data[8:9] == b"{" and int.from_bytes(data[:8], "little") <= len(data) - 8
