"""What is seen, as PNG, SVG, PDF, GIF and CSV."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from rnnviz.app.window import exporting as exporting_
from rnnviz.app.window import pictures
from rnnviz.app.window.exporting import Exporting, csv_of
from rnnviz.app.window.pictures import save_picture
from rnnviz.app.window.window import LabWindow
from rnnviz.document.errors import FileError

Open = Callable[..., LabWindow]


def exporting(window: LabWindow, path: Path | None) -> tuple[Exporting, list[tuple[str, bool]]]:
    made = Exporting(window, window.session, lambda *_: path)
    said: list[tuple[str, bool]] = []
    made.said.connect(lambda text, wrong: said.append((text, wrong)))
    return made, said


def test_a_picture_has_two_pixels_a_point(open_window: Open, tmp_path: Path) -> None:
    window = open_window(size=(1280, 720))
    made, said = exporting(window, tmp_path / "lab.png")
    made.commands()["export_picture"](None)
    image = QImage(str(tmp_path / "lab.png"))
    assert (image.width(), image.height()) == (2560, 1440)
    colours = {image.pixel(x, y) for x in range(0, 2560, 40) for y in range(0, 1440, 40)}
    assert len(colours) > 5, "it is not blank"
    assert said == [("Written: lab.png", False)]


def test_an_svg_is_a_drawing(open_window: Open, tmp_path: Path) -> None:
    window = open_window(size=(1280, 720))
    save_picture(window, tmp_path / "lab.svg")
    root = ElementTree.fromstring((tmp_path / "lab.svg").read_text("utf-8"))
    kinds = [element.tag.rpartition("}")[2] for element in root.iter()]
    assert kinds.count("path") > 20


def test_a_pdf_is_written(open_window: Open, tmp_path: Path) -> None:
    window = open_window(size=(1280, 720))
    save_picture(window, tmp_path / "lab.pdf")
    assert (tmp_path / "lab.pdf").read_bytes().startswith(b"%PDF-")


def test_the_steps_are_an_animation(open_window: Open, tmp_path: Path) -> None:
    window = open_window(size=(1024, 600))
    here = window.session.view.playhead.moment
    made, said = exporting(window, tmp_path / "lab.gif")
    made.commands()["export_steps"](None)
    with Image.open(tmp_path / "lab.gif") as image:
        assert getattr(image, "n_frames", 1) > 1
    assert window.session.view.playhead.moment == here
    assert said == [("Written: lab.gif", False)]


def test_a_long_story_is_cut_and_that_is_said(
    open_window: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting_, "MOST_FRAMES", 2)
    monkeypatch.setattr(pictures, "MOST_FRAMES", 2)
    window = open_window(size=(1024, 600))
    stages = window.session.view.playhead.story.stages
    made, said = exporting(window, tmp_path / "lab.gif")
    made.commands()["export_steps"](None)
    with Image.open(tmp_path / "lab.gif") as image:
        assert getattr(image, "n_frames", 1) == 2
    assert said[-1] == (f"Written: lab.gif, the first 2 of {stages} moments", False)


def test_what_cannot_be_written_is_said(open_window: Open, tmp_path: Path) -> None:
    window = open_window(size=(1024, 600))
    with pytest.raises(FileError, match=r"\.png, \.svg, \.pdf"):
        save_picture(window, tmp_path / "lab.bmp")
    made, said = exporting(window, tmp_path / "none" / "lab.png")
    made.commands()["export_picture"](None)
    assert said[0][1]
    assert "lab.png" in said[0][0]
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_when_no_path_is_chosen(open_window: Open, tmp_path: Path) -> None:
    window = open_window(size=(1024, 600))
    made, said = exporting(window, None)
    made.commands()["export_picture"](None)
    assert not said
    assert list(tmp_path.iterdir()) == []


def test_the_picture_is_copied(open_window: Open) -> None:
    window = open_window(size=(1024, 600))
    made, _ = exporting(window, None)
    made.commands()["copy_picture"](None)
    assert QApplication.clipboard().pixmap().width() == 1024


def test_a_table_runs_nothing_in_a_spreadsheet() -> None:
    text = csv_of([["word", "h"], ["=1+1", -0.5], ["a,b", 2]])
    assert text == 'word,h\r\n\'=1+1,-0.5\r\n"a,b",2\r\n'
