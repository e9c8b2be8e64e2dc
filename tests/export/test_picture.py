import struct
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pyproj
import pytest
from helpers.releases import NAUGHTY, a_release, assessed_town
from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtPdf import QPdfDocument

from gisapp.core.errors import Cancelled, GisappError
from gisapp.core.style import Condition, Rule, Symbol
from gisapp.export.extent import in_metres
from gisapp.export.picture import preview, write_picture
from gisapp.export.settings import PictureSettings
from gisapp.privacy.redact import redact
from gisapp.privacy.release import Release
from gisapp.render.layout import Layout

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


@pytest.mark.parametrize(("dpi", "size"), [(96, (794, 1123)), (300, (2480, 3508))])
def test_a_png_has_the_resolution_asked_for_and_says_so(
    release: Release, tmp_path: Path, dpi: int, size: tuple[int, int]
) -> None:
    settings = PictureSettings(Layout(orientation="portrait"), dpi=dpi)
    write_picture(release, tmp_path / "map.png", "en", settings=settings)
    content = (tmp_path / "map.png").read_bytes()
    place = content.index(b"pHYs") + 4
    assert struct.unpack(">IIB", content[place : place + 9]) == (
        round(dpi / 0.0254),
        round(dpi / 0.0254),
        1,
    )
    assert QImage(str(tmp_path / "map.png")).size() == QSize(*size)


def test_a_png_of_the_map_alone_has_the_size_asked_for(release: Release, tmp_path: Path) -> None:
    write_picture(release, tmp_path / "map.png", "en", settings=PictureSettings(alone=True,
                  size_px=(640, 360)))  # fmt: skip
    image = QImage(str(tmp_path / "map.png"))
    assert image.size() == QSize(640, 360)
    assert release.risk_statement in image.text("Description")


@pytest.mark.parametrize("size", [(9000, 9000), (40_000, 100)])
def test_a_picture_that_would_fill_the_memory_is_refused(
    release: Release, tmp_path: Path, size: tuple[int, int]
) -> None:
    settings = PictureSettings(alone=True, size_px=size)
    with pytest.raises(GisappError, match="memory") as caught:
        write_picture(release, tmp_path / "map.png", "en", settings=settings)
    assert "million pixels" in caught.value.remedy
    assert not list(tmp_path.iterdir())


def test_an_extent_is_taken_in_degrees_or_in_metres(tmp_path: Path) -> None:
    metres = (705_000.0, 9_295_000.0, 709_000.0, 9_304_000.0)
    to_degrees = pyproj.Transformer.from_crs("EPSG:32748", "EPSG:4326", always_xy=True)
    west, south = to_degrees.transform(*metres[:2])
    east, north = to_degrees.transform(*metres[2:])
    assert in_metres((west, south, east, north), "EPSG:32748") == pytest.approx(metres, abs=60)
    assert in_metres(metres, "EPSG:32748") == metres


def test_a_pdf_embeds_its_fonts_and_is_called_as_the_project(
    release: Release, tmp_path: Path
) -> None:
    write_picture(release, tmp_path / "map.pdf", "en")
    document = QPdfDocument()
    document.load(str(tmp_path / "map.pdf"))
    title = document.metaData(QPdfDocument.MetaDataField.Title)
    size = document.pagePointSize(0)
    document.close()
    assert title == release.title
    assert (size.width(), size.height()) == pytest.approx((595.3, 841.9), abs=0.6)
    content = (tmp_path / "map.pdf").read_bytes()
    assert content.count(b"/FontFile2") == content.count(b"/Type /FontDescriptor") > 0
    assert release.risk_statement.split(":")[0].encode() in content  # the description, in XMP


def test_words_can_be_found_letter_by_letter(tmp_path: Path) -> None:
    write_picture(a_release(title="Affected offices"), tmp_path / "map.pdf", "en")
    assert "Affected offices" in text_of_pdf(tmp_path / "map.pdf")


def test_a_legend_without_end_goes_on_behind_the_map(tmp_path: Path) -> None:
    town = assessed_town()
    zoning = town.layer("zoning")
    rules = tuple(Rule({"en": f"Zone number {i}"}, Symbol("#cccccc"),
                       (Condition("id", "eq", str(i)),)) for i in range(600))  # fmt: skip
    long = replace(zoning, style=replace(zoning.style, rules=rules))
    write_picture(redact(town.with_layer(long), "internal"), tmp_path / "map.pdf", "en")
    text = text_of_pdf(tmp_path / "map.pdf")
    assert "more" in text
    assert [i for i in range(600) if f"Zone number {i} " not in text] == []


def test_coordinates_stand_at_the_frame(release: Release, tmp_path: Path) -> None:
    settings = PictureSettings(Layout(graticule="grid"))
    write_picture(release, tmp_path / "map.svg", "en", settings=settings)
    words = [" ".join(text.itertext()) for text in texts_of_svg(tmp_path / "map.svg")]
    assert {"0", "200", "400", "800"} <= set(words)


def test_a_cancelled_picture_is_not_written(release: Release, tmp_path: Path) -> None:
    class Impatient:
        def step(self, done: int, total: int, text: str) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_picture(release, tmp_path / "map.pdf", "en", progress=Impatient())
    assert not list(tmp_path.iterdir())


def test_the_preview_is_of_any_page(release: Release) -> None:
    atlas = PictureSettings(atlas="admin")
    image, pages = preview(release, "en", settings=atlas)
    assert pages == 3
    last, _pages = preview(release, "en", settings=atlas, page=2)
    assert last != image
    beyond, _pages = preview(release, "en", settings=atlas, page=9)
    assert beyond.size() == last.size() != image.size()
    assert image.width() / image.height() == pytest.approx(210 / 297, abs=0.01)
