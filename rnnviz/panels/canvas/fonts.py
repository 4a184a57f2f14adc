"""The fonts that come with rnnviz, loaded once, and the font of each role of text.

Chinese, and any sign that Inter lacks, is taken from the system's fonts in the order of `HAN`, then
from the bundled subset of Noto Sans CJK SC, which holds what our own data sets need.
"""

from __future__ import annotations

from functools import lru_cache
from math import floor

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

from rnnviz.document.resources import resource
from rnnviz.engine.errors import EngineError
from rnnviz.panels.canvas.tokens import Role

SANS = "rnnviz Sans"
MATH = "rnnviz Math"
HAN = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "PingFang SC",
    "Microsoft YaHei UI",
    "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
    "rnnviz Han",
)
FILES = (
    "sans-400.otf",
    "sans-500.otf",
    "sans-600.otf",
    "sans-700.otf",
    "math-italic.ttf",
    "han-400.otf",
)


@lru_cache(maxsize=1)
def load_fonts() -> tuple[str, ...]:
    """Make the bundled fonts known to Qt and give their families; needs a QGuiApplication.

    Raises
    ------
    EngineError
        When Qt cannot read one of the files.
    """
    families: dict[str, None] = {}
    for file in FILES:
        data = QByteArray(resource("fonts", file).read_bytes())
        number = QFontDatabase.addApplicationFontFromData(data)
        if number < 0:
            raise EngineError(f"fonts: Qt cannot read {file!r}")
        families.update(dict.fromkeys(QFontDatabase.applicationFontFamilies(number)))
    return tuple(families)


@lru_cache(maxsize=1)
def _han() -> tuple[str, ...]:
    """Those of `HAN` that are there: asking Qt for a font that is missing is slow."""
    load_fonts()
    there = set(QFontDatabase.families())
    return tuple(family for family in HAN if family in there)


@lru_cache(maxsize=512)
def sans(px: float, weight: int = 400) -> QFont:
    """Inter with figures of one width, in the whole px nearest; shared, so never change it."""
    return _font(SANS, px, weight)


@lru_cache(maxsize=128)
def italic(px: float) -> QFont:
    """STIX Two Text italic, for symbols; shared, so never change it."""
    font = _font(MATH, px, 400)
    font.setItalic(True)
    return font


def _font(family: str, px: float, weight: int) -> QFont:
    font = QFont([family, *_han()])
    font.setPixelSize(max(floor(px + 0.5), 1))
    font.setWeight(QFont.Weight(weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if hasattr(font, "setFeature"):  # from Qt 6.7 on
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


def role_font(role: Role, present: bool = False) -> QFont:
    """The font of a role, larger when presenting."""
    return sans(role.present if present else role.px, role.weight)


@lru_cache(maxsize=512)
def metrics(font: QFont) -> QFontMetricsF:
    """The measures of a font, kept."""
    return QFontMetricsF(font)
