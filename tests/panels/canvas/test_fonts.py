"""Fonts and icons: they load, figures are of one width, every sign that we write is there."""

import re

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontInfo, QIcon, QImage, QPainter, QRawFont

from rnnviz.document.resources import resource
from rnnviz.engine.errors import UnknownError
from rnnviz.panels.canvas.colour import Colour, parse, qcolor
from rnnviz.panels.canvas.fonts import MATH, SANS, italic, load_fonts, metrics, role_font, sans
from rnnviz.panels.canvas.icons import draw_icon, icon, icon_names, icon_pixmap
from rnnviz.panels.canvas.theme import Theme

RED = parse("#FF0000")
TEXT = "AZaz09σΣαΩéßŁ−×·÷±∂≤≥≈→←“”‘’…–—⁻⁸²₀ₜ∞‖✓"  # noqa: RUF001


def test_the_bundled_families_are_there() -> None:
    assert {SANS, MATH, "rnnviz Han"} <= set(load_fonts())


@pytest.mark.parametrize("weight", [400, 500, 600, 700])
def test_each_weight_is_its_own_file(weight: int) -> None:
    raw = QRawFont.fromFont(sans(16, weight))
    assert raw.familyName().startswith(SANS)
    assert raw.weight() == weight
    assert all(raw.supportsCharacter(ord(sign)) for sign in TEXT)


def test_symbols_are_italic() -> None:
    assert QFontInfo(italic(17.6)).family() == MATH
    assert QFontInfo(italic(17.6)).italic()


@pytest.mark.parametrize("px", [11, 11.5, 12, 16, 22])
def test_figures_are_of_one_width(px: float) -> None:
    measure = metrics(sans(px, 600))
    widths = [measure.horizontalAdvance(digit) for digit in "0123456789"]
    assert max(widths) - min(widths) < 0.05  # Qt counts in 64ths of a px


def test_chinese_has_glyphs() -> None:
    raw = QRawFont()
    raw.loadFromData(
        resource("fonts", "han-400.otf").read_bytes(), 16, sans(16).hintingPreference()
    )
    texts = (
        resource("data", name).read_text("utf-8") for name in ("analects.txt", "tang_poems.txt")
    )
    found = {sign for text in texts for sign in re.findall(r"[\u4e00-\u9fff]", text)}
    assert len(found) > 1000
    assert [sign for sign in sorted(found) if not raw.supportsCharacter(ord(sign))] == []


def test_roles_grow_when_presenting(look: Theme) -> None:
    role = look.type.chip
    assert role_font(role).pixelSize() == 16
    assert role_font(role, present=True).pixelSize() == 30


def test_the_licences_lie_beside() -> None:
    for name in ("Inter", "STIX", "Noto"):
        assert "SIL OPEN FONT LICENSE" in resource("fonts", f"{name}-OFL.txt").read_text("utf-8")
    assert "ISC License" in resource("icons", "LICENSE.txt").read_text("utf-8")


def colours_of(image: QImage) -> set[Colour]:
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {Colour(p.red(), p.green(), p.blue()) for p in pixels if p.alpha() == 255}


@pytest.mark.parametrize("name", icon_names())
def test_icons_are_drawn_in_the_colour_asked_for(name: str) -> None:
    image = icon_pixmap(name, RED, 24, 2.0).toImage()
    assert image.size().toTuple() == (48, 48)
    assert RED in colours_of(image)


def test_icons_stay_in_their_box() -> None:
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(qcolor(parse("#FFFFFF")))
    with QPainter(image) as painter:
        draw_icon(painter, "square", QRectF(10, 10, 20, 20), RED)
    inside = image.copy(10, 10, 20, 20)
    assert len(colours_of(inside)) > 1
    image_edges = [image.copy(0, 0, 40, 10), image.copy(0, 30, 40, 10), image.copy(0, 0, 10, 40)]
    assert all(len(colours_of(edge)) == 1 for edge in image_edges)


def test_icons_of_buttons(look: Theme) -> None:
    made = icon("undo-2", look)
    normal = made.pixmap(16, 16, QIcon.Mode.Normal).toImage()
    disabled = made.pixmap(16, 16, QIcon.Mode.Disabled).toImage()
    assert normal != disabled
    with pytest.raises(UnknownError, match="no-such"):
        icon("no-such", look)
