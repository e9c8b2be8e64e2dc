from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from helpers.releases import NAUGHTY, a_release, assessed_town
from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtPdf import QPdfDocument

from gisapp.core.errors import GisappError
from gisapp.export.picture import write_picture
from gisapp.privacy.redact import redact
from gisapp.privacy.release import Release

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def _application(qapp: QGuiApplication) -> None:
    """One for all."""


@pytest.fixture(scope="module")
def release() -> Release:
    return a_release()


def text_of_pdf(path: Path) -> str:
    document = QPdfDocument()
    document.load(str(path))
    text = "\n".join(document.getAllText(page).text() for page in range(document.pageCount()))
    document.close()
    return " ".join(text.split())


def texts_of_svg(path: Path) -> list[ElementTree.Element]:
    return list(ElementTree.parse(path).iter(f"{SVG}text"))


def test_a_png_is_an_a4_sheet_and_says_what_its_readers_must_know(
    release: Release, tmp_path: Path
) -> None:
    write_picture(release, tmp_path / "map.png", "en")
    image = QImage(str(tmp_path / "map.png"))
    assert image.size() == QSize(1654, 2339)
    assert release.risk_statement in image.text("Description")
    colours = {image.pixel(x, y) for x in range(0, 1654, 7) for y in range(0, 2339, 7)}
    assert len(colours) > 20


def test_a_pdf_is_one_page_whose_words_can_be_found(release: Release, tmp_path: Path) -> None:
    write_picture(release, tmp_path / "map.pdf", "en")
    text = text_of_pdf(tmp_path / "map.pdf")
    for said in ("Ciracas", "1 November 2026", "Conditional (B)", "Susukan", "survey.csv"):
        assert said in text
    assert release.risk_statement in text
    assert release.notice in text


def test_an_svg_holds_the_same_words_and_no_pixels(release: Release, tmp_path: Path) -> None:
    write_picture(release, tmp_path / "map.svg", "id")
    words = " ".join("".join(text.itertext()) for text in texts_of_svg(tmp_path / "map.svg"))
    assert "Bersyarat (B)" in words
    assert "Susukan" in words
    assert b"<image" not in (tmp_path / "map.svg").read_bytes()


def test_nothing_in_an_svg_is_clipped_but_the_map_itself(release: Release, tmp_path: Path) -> None:
    """Qt does not undo a second clip in SVG: all that follows would be cut to it."""
    write_picture(release, tmp_path / "map.svg", "en")
    root = ElementTree.parse(tmp_path / "map.svg").getroot()
    assert len(list(root.iter(f"{SVG}clipPath"))) == 1


def test_names_are_shown_as_they_are_and_never_run(tmp_path: Path) -> None:
    write_picture(a_release(title=NAUGHTY, notice=NAUGHTY), tmp_path / "map.svg", "en")
    root = ElementTree.parse(tmp_path / "map.svg").getroot()
    assert not list(root.iter(f"{SVG}script"))
    words = " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))
    assert "<script>alert(1)</script>" in words


@pytest.mark.parametrize("length", [3, 300, 30_000])
def test_no_word_leaves_the_sheet_however_long_the_title_is(length: int, tmp_path: Path) -> None:
    endless = "Penertiban " * (length // 11 + 1)
    write_picture(a_release(title=endless, notice="x" * length), tmp_path / "map.svg", "en")
    root = ElementTree.parse(tmp_path / "map.svg").getroot()
    width, height = (float(n) for n in root.attrib["viewBox"].split()[2:])
    for text in texts_of_svg(tmp_path / "map.svg"):
        assert 0 <= float(text.attrib["x"]) < width
        assert 0 < float(text.attrib["y"]) < height


def test_a_release_without_a_place_is_refused(tmp_path: Path) -> None:
    town = assessed_town()
    hidden = replace(town, layers=tuple(replace(x, visible=False) for x in town.layers))
    with pytest.raises(GisappError, match="nothing to draw"):
        write_picture(redact(hidden, "internal"), tmp_path / "map.png", "en")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_does_not_exist_is_an_error_with_a_remedy(
    release: Release, tmp_path: Path
) -> None:
    with pytest.raises(GisappError) as caught:
        write_picture(release, tmp_path / "nowhere" / "map.png", "en")
    assert caught.value.remedy


def test_the_public_edition_draws_no_household(tmp_path: Path) -> None:
    release = a_release("public")
    write_picture(release, tmp_path / "map.svg", "en")
    words = " ".join("".join(text.itertext()) for text in texts_of_svg(tmp_path / "map.svg"))
    assert "Assessed households" not in words
    assert release.risk_statement.split(":")[0] in words
