"""Markers are planted in a project; no byte of an export outside internal may hold one."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
import shapely
from helpers.exports import exported_points, page_data, readable, table_names
from helpers.people import CRS, people_project

from gisapp.core.layer import ImportReport
from gisapp.core.project import ExportRecord
from gisapp.export import FORMATS, export_project

DIRECT = ("Rahasia", "3175000000", "0812-3456", "sumarni@", "petugas", "Pak Budi")
PERSONAL = (*DIRECT, "catatan_lapangan", "cttn ", "S-rahasia", "/home/", "H00001", "B00001")
OURS = [
    (ending, what)
    for ending, contents in FORMATS.items()
    if ending in (".html", ".csv", ".xlsx", ".geojson", ".gpkg")
    for what in contents
    if what != "report"
]


def planted(project):
    """Markers in a quarantined row, a report, the ledger, and free texts that leave otherwise."""
    businesses = project.layer("businesses")
    frame = businesses.frame
    marked = frame.assign(
        activity=frame["activity"].mask(frame.index == 1, "sate Ibu Rahasia 0812-3456-7890"),
        schedule=pd.array(["sumarni@example.id"] * len(frame), "str"),
    )
    report = ImportReport(
        source="/home/rahasia/businesses.csv", sha256="ab", imported_at="2026-11-01",
        rows_read=400, accepted=399, repaired=0, quarantined=1,
        notes=("H00001 is Ibu Rahasia",), mapping={"name": "nama_rahasia"},
    )  # fmt: skip
    quarantine = pd.DataFrame({"row": [1], "id": ["B00001"], "reason": ["no_location"],
                               "values": ['{"nama": "Ibu Rahasia"}']})  # fmt: skip
    record = ExportRecord("2026", "rahasia.csv", "map", "internal", "Rahasia", (), 1, None, "")
    changed = project.with_layer(
        dataclasses.replace(businesses, frame=marked, report=report, quarantine=quarantine)
    )
    return dataclasses.replace(changed, exports=(record,))


@pytest.fixture(scope="module")
def project():
    return planted(people_project(300, 500))


@pytest.mark.parametrize("preset", ["partner", "public"])
@pytest.mark.parametrize(("ending", "what"), OURS)
def test_no_marker_leaves(project, tmp_path, preset, ending, what):
    path = tmp_path / f"export{ending}"
    export_project(project, path, preset=preset, what=what, recipient="LBH", lang="id")
    held = readable(path).decode("utf-8", "replace")
    markers = PERSONAL if preset == "public" else (*PERSONAL, "Warung ")
    assert not [marker for marker in markers if marker in held]
    agreed = project.layer("businesses").frame.query("consent == 'public'")["name"]
    if preset == "public":
        kept = set(agreed)
        others = [n for n in project.layer("businesses").frame["name"] if n not in kept]
        assert not [n for n in others if f'"{n}"' in held or f">{n}<" in held or f",{n}," in held]


@pytest.mark.parametrize(("ending", "what"), OURS)
def test_direct_identifiers_do_not_leave_even_internally(project, tmp_path, ending, what):
    path = tmp_path / f"export{ending}"
    export_project(project, path, preset="internal", what=what, lang="id")
    held = readable(path).decode("utf-8", "replace")
    assert not [marker for marker in DIRECT[:4] if marker in held]


@pytest.mark.parametrize("preset", ["partner", "public"])
@pytest.mark.parametrize(
    ("ending", "what"), [x for x in OURS if x[0] in (".html", ".geojson", ".gpkg")]
)
def test_no_exact_place_leaves(project, tmp_path, preset, ending, what):
    path = tmp_path / f"export{ending}"
    export_project(project, path, preset=preset, what=what, recipient="LBH", lang="en")
    businesses = project.layer("businesses").frame
    secret = businesses if preset == "partner" else businesses[businesses["consent"] != "public"]
    homes = project.layer("households").frame
    places = np.vstack([f.geometry.get_coordinates().to_numpy() for f in (secret, homes)])
    tree = shapely.STRtree(shapely.points(places))
    points = shapely.points(exported_points(path, CRS))
    assert not tree.query(points, predicate="dwithin", distance=1.0).size


def test_the_risk_statement_stands_in_every_file(project, tmp_path):
    for ending, what in OURS:
        if ending != ".csv":
            path = tmp_path / f"{what}{ending}"
            export_project(project, path, preset="public", what=what, lang="en")
            assert "homes are counted by area only" in readable(path).decode("utf-8", "replace")


def test_a_geopackage_is_made_from_an_empty_file(project, tmp_path):
    path = tmp_path / "copy.gpkg"
    path.write_bytes(b"")
    path.unlink()
    export_project(project, path, preset="public", lang="en")
    assert "layer_styles" in table_names(path)
    assert not {"businesses", "households", "assessed_households", "operates"} & table_names(path)


def test_the_page_of_the_public_has_no_household_point(project, tmp_path):
    path = tmp_path / "map.html"
    written, (record,) = export_project(project, path, preset="public", lang="id")
    layers = {x["name"]: x for x in page_data(path)["layers"]}
    assert "households" not in layers
    assert not layers["household_cells"]["points"]["row"]
    assert (record.preset, record.k_min, record.sha256) == ("public", written.k_min, written.sha256)
    assert written.k_min >= 10
