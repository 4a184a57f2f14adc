"""Colours as three bytes, and the arithmetic of them: OKLab mixing, contrast, colour vision."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from PySide6.QtGui import QColor

from rnnviz.engine.arrays import AnyArray, Array
from rnnviz.engine.errors import EngineError

_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_FROM_LAB = np.linalg.inv(_TO_LAB)
_FROM_CONES = np.linalg.inv(_TO_CONES)
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722])


class Colour(NamedTuple):
    """An opaque sRGB colour; red, green and blue are 0 to 255."""

    red: int
    green: int
    blue: int

    @property
    def hex(self) -> str:
        """As written in the token file, ``#RRGGBB``."""
        return f"#{self.red:02X}{self.green:02X}{self.blue:02X}"

    @property
    def word(self) -> int:
        """As Qt's colour tables hold it: ``0xFFRRGGBB``."""
        return 0xFF000000 | self.red << 16 | self.green << 8 | self.blue


WHITE = Colour(255, 255, 255)
BLACK = Colour(0, 0, 0)


def parse(text: str) -> Colour:
    """The colour written as ``#RRGGBB``.

    Raises
    ------
    EngineError
        When `text` is written otherwise.
    """
    digits = text.removeprefix("#")
    if len(digits) != 6 or not text.startswith("#"):
        raise EngineError(f"colour: {text!r} is not written as #RRGGBB")
    try:
        return Colour(*bytes.fromhex(digits))
    except ValueError:
        raise EngineError(f"colour: {text!r} is not written as #RRGGBB") from None


@lru_cache(maxsize=4096)
def qcolor(colour: Colour) -> QColor:
    """The colour as Qt takes it; shared, so never change it."""
    return QColor(colour.red, colour.green, colour.blue)


def linear(colours: AnyArray) -> Array:
    """Linear light 0 to 1 of sRGB bytes, shape ``[..., 3]`` (IEC 61966-2-1)."""
    share = np.asarray(colours, np.float64) / 255
    light = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.asarray(light, np.float64)


def encoded(light: Array) -> Array:
    """The sRGB bytes nearest to linear light, shape ``[..., 3]``; what is too bright is cut off."""
    light = np.clip(light, 0, 1)
    share = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(share * 255), np.float64)


def oklab(colours: AnyArray) -> Array:
    """OKLab (lightness, green-red, blue-yellow) of sRGB bytes, shape ``[..., 3]``.

    Source: B. Ottosson, "A perceptual color space for image processing", 2020.
    """
    return oklab_of_light(linear(colours))


def oklab_of_light(light: Array) -> Array:
    """OKLab of linear light, shape ``[..., 3]``."""
    return np.asarray(np.cbrt(light @ _TO_CONES.T) @ _TO_LAB.T)


def from_oklab(lab: Array) -> Array:
    """The sRGB bytes nearest to OKLab values, shape ``[..., 3]``."""
    return encoded((lab @ _FROM_LAB.T) ** 3 @ _FROM_CONES.T)


def blend(stops: Array, shares: Array) -> Array:
    """Colours between `stops` in OKLab.

    Parameters
    ----------
    stops
        sRGB bytes, shape ``[stop, 3]``, evenly spaced over 0 to 1; at least two.
    shares
        Where to look, 0 to 1, any shape.

    Returns
    -------
    Array
        sRGB bytes of the shape of `shares`, with 3 behind.
    """
    lab = oklab(stops)
    place = np.clip(shares, 0, 1) * (len(lab) - 1)
    below = np.minimum(place.astype(np.intp), len(lab) - 2)
    part = (place - below)[..., None]
    return from_oklab(lab[below] * (1 - part) + lab[below + 1] * part)


@lru_cache(maxsize=4096)
def mix(low: Colour, high: Colour, share: float) -> Colour:
    """`low` at 0, `high` at 1, between them in OKLab."""
    red, green, blue = blend(np.array([low, high]), np.array(share))
    return Colour(int(red), int(green), int(blue))


def luminance(colour: Colour) -> float:
    """Relative luminance 0 to 1 (WCAG 2.2)."""
    return float(linear(np.array(colour)) @ _LUMINANCE)


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(maxsize=4096)
def ink_on(ground: Colour) -> Colour:
    """White or black, whichever is read better on `ground`."""
    return max((WHITE, BLACK), key=lambda ink: contrast(ink, ground))
