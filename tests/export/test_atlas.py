"""An atlas: a page for each area with its own numbers, an overview with an index before them."""

import re
from dataclasses import replace

import pytest
import shapely
from helpers.policy import square
from helpers.releases import a_release, assessed_town
from PySide6.QtGui import QGuiApplication
from PySide6.QtPdf import QPdfDocument

from gisapp.core.errors import GisappError
from gisapp.export import export_project
from gisapp.export.extent import area_called, areas_of, layer_of_areas
from gisapp.export.figures import figures_of
from gisapp.export.pages import safe_name
from gisapp.export.picture import write_picture
from gisapp.export.settings import PictureSettings
from gisapp.privacy.redact import redact

ATLAS = PictureSettings(atlas="admin")


@pytest.fixture(scope="module", autouse=True)
def _application(qapp: QGuiApplication) -> None:
    """One for all."""


@pytest.fixture(scope="module")
def release():
    return a_release()


def pages_of(path):
    document = QPdfDocument()
    document.load(str(path))
    count = document.pageCount()
    pages = [" ".join(document.getAllText(page).text().split()) for page in range(count)]
    document.close()
    return pages


def told(lines):
    return {line.text: line.values[0] for line in lines if line.values}


def test_a_pdf_holds_an_overview_and_a_page_for_each_area(release, tmp_path):
    write_picture(release, tmp_path / "map.pdf", "en", settings=ATLAS)
    overview, first, second = pages_of(tmp_path / "map.pdf")
    for page, text in enumerate((overview, first, second), start=1):
        assert f"{page} / 3" in text
        assert release.risk_statement in text
    assert "2 Susukan" in overview
    assert first.startswith("Susukan Ciracas")
    assert "<script>alert(1)</script>" in second


def test_each_area_has_its_own_numbers_as_the_release_tells_them(release):
    layer = layer_of_areas(release, "admin")
    susukan = area_called(areas_of(layer), "susukan")
    row = next(r for r in release.summary["by_admin"] if r["code"] == susukan.code)
    numbers = told(figures_of(release, layer, susukan))
    assert numbers["Businesses"] == str(row["businesses"]["total"]) == "20"
    assert numbers["Families"] == str(row["households"]["total"])
    assert numbers["in an eviction area"] == "8"


def test_what_an_edition_hides_is_hidden_on_its_pages():
    release = a_release("public")
    layer = layer_of_areas(release, "admin")
    for area in areas_of(layer):
        row = next(r for r in release.summary["by_admin"] if r["code"] == area.code)
        numbers = told(figures_of(release, layer, area))
        hidden = [k for k, v in row["households"].items() if v is None and k != "affected"]
        assert list(numbers.values()).count("•") >= len(hidden)
        assert row["households"]["total"] is not None or numbers["Families"] == "•"
    assert any(None in r["households"].values() for r in release.summary["by_admin"])


def test_an_area_that_is_not_administrative_tells_its_own_facts(release):
    layer = layer_of_areas(release, "evictions")
    (area,) = areas_of(layer)
    facts = [line.text for line in figures_of(release, layer, area)]
    assert "Stage: Second warning (SP 2)" in facts
    assert any(text.endswith(": Satpol PP") for text in facts)


def test_pictures_are_numbered_files_whose_names_hold_no_foreign_text(release, tmp_path):
    written = write_picture(release, tmp_path / "map.svg", "en", settings=ATLAS)
    names = [path.name for path in written]
    assert names[:2] == ["map-01-overview.svg", "map-02-susukan.svg"]
    assert names[2] == "map-03-svg-style-script-alert-1-script-7-7-1-x.svg"
    assert sorted(names) == sorted(path.name for path in tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Kelapa Dua Wetan", "kelapa-dua-wetan"),
        ("../../etc/passwd", "etc-passwd"),
        ("Désa Ümlaut", "desa-umlaut"),
        ("\u202e.gpkg\n", "gpkg"),
        ("雅加达", ""),
        ("x" * 300, "x" * 40),
    ],
)
def test_a_name_is_made_safe(text, name):
    assert safe_name(text) == name


def test_the_ledger_has_a_line_a_file(tmp_path):
    written, records = export_project(
        assessed_town(), tmp_path / "map.svg", preset="internal", lang="en", picture=ATLAS
    )
    assert [record.file for record in records] == [file.file for file in written.files]
    assert len({record.sha256 for record in records}) == 3
    assert written.sha256 is None
    assert written.bytes == sum(path.stat().st_size for path in tmp_path.iterdir())


def test_nothing_is_written_where_a_page_cannot_be(release, tmp_path):
    (tmp_path / "map-02-susukan.svg").mkdir()
    with pytest.raises(GisappError):
        write_picture(release, tmp_path / "map.svg", "en", settings=ATLAS)
    assert {path.name for path in tmp_path.iterdir()} <= {
        "map-02-susukan.svg",
        "map-03-svg-style-script-alert-1-script-7-7-1-x.svg",
    }


def test_one_area_is_its_page_alone(release, tmp_path):
    settings = PictureSettings(area="31.01")
    assert len(write_picture(release, tmp_path / "map.pdf", "en", settings=settings)) == 1
    (page,) = pages_of(tmp_path / "map.pdf")
    assert page.startswith("Susukan Ciracas")
    assert "1 / 1" not in page
    write_picture(release, tmp_path / "all.pdf", "en", settings=PictureSettings(atlas="admin"))
    (same,) = [one for one in pages_of(tmp_path / "all.pdf")[1:] if one.startswith("Susukan")]
    assert sorted(page.split()) == sorted(re.sub(r"\d / \d", "", same).split())


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (PictureSettings(atlas="nowhere"), "nowhere"),
        (PictureSettings(atlas="assessed_businesses"), "assessed_businesses"),
        (PictureSettings(area="Atlantis"), "Atlantis"),
        (PictureSettings(atlas="admin", scale=500.0), "1:500"),
    ],
)
def test_what_cannot_be_is_refused_with_a_remedy(release, tmp_path, settings, said):
    with pytest.raises(GisappError, match=said) as caught:
        write_picture(release, tmp_path / "map.pdf", "en", settings=settings)
    assert caught.value.remedy
    assert not list(tmp_path.iterdir())


def test_kelurahan_are_taken_where_a_layer_has_several_levels():
    town = assessed_town()
    admin = town.layer("admin")
    levels = admin.frame.assign(level=["kecamatan", "kelurahan"])
    release = redact(town.with_layer(replace(admin, frame=levels)), "internal")
    assert [area.code for area in areas_of(layer_of_areas(release, "admin"))] == ["31.02"]


def test_more_areas_than_an_atlas_has_pages_are_refused():
    town = assessed_town()
    admin = town.layer("admin")
    many = admin.frame.iloc[[0] * 301].reset_index(drop=True)
    many["id"] = [str(i) for i in range(301)]
    with pytest.raises(GisappError, match="301"):
        areas_of(replace(admin, frame=many))


def test_areas_without_an_area_have_no_page():
    admin = assessed_town().layer("admin")
    flat = shapely.Polygon([(0, 0), (10, 0), (20, 0), (0, 0)])
    frame = admin.frame.assign(geometry=[square(0, 0, 10), flat])
    assert len(areas_of(replace(admin, frame=frame))) == 1
