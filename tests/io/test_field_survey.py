"""The worked example's survey comes in as its truth says, and every made-up dirt is named."""

import json
from pathlib import Path

import pytest
from helpers.sources import KEY

from gisapp.core.project import Project
from gisapp.io.importer import import_layer
from gisapp.io.linker import link_table, unmatched_keys
from gisapp.io.reading import read_source

FIELD = Path(__file__).parents[2] / "../shared/data/ciracas/field"
HOMES = {"id": "_uuid", "members": "anggota", "income_idr_month": "pendapatan_bulan",
         "tenure": "status_tinggal"}  # fmt: skip
TENURE = {"tenure": {"kontrak": "renter", "milik": "owner", "menumpang": "shared"}}


@pytest.fixture(scope="module")
def survey():
    if not FIELD.is_dir():
        pytest.skip(f"the shared survey is not at {FIELD}")
    project = Project(key=KEY)
    for name, kind, options in [
        ("admin.geojson", "admin", {}),
        ("zoning_rdtr.geojson", "zoning", {}),
        ("evictions.geojson", "evictions", {}),
        ("businesses.csv", "businesses", {}),
        ("households_kobo.xlsx", "households",
         {"sheet": "survei", "fields": HOMES, "values": TENURE}),
    ]:  # fmt: skip
        source = read_source(FIELD / name)
        project = project.with_layer(import_layer(project, source, kind, **options))
    return project


def test_every_business_row_is_accounted_for(survey):
    truth = json.loads((FIELD / "truth.json").read_text())["import_businesses"]
    report = survey.layer("businesses").report
    assert report.rows_read == truth["rows_read"]
    assert report.quarantined == truth["quarantined"]
    assert report.repaired == truth["repaired"]
    assert report.reasons == truth["reasons"]
    assert report.repairs == truth["repairs"]


def test_polygons_come_in_whole(survey):
    for name in ("admin", "zoning", "evictions"):
        report = survey.layer(name).report
        assert report.accepted == report.rows_read > 0
    assert survey.layer("admin").frame["id"].str.startswith("31.75.09.").all()
    assert survey.layer("zoning").frame["KODSZN_1"].notna().all()


def test_families_keep_what_is_known_and_nothing_personal(survey):
    homes = survey.layer("households")
    assert homes.report.accepted == 1200
    assert homes.frame.geometry.isna().sum() == 48
    assert set(homes.frame["tenure"]) == {"owner", "renter", "shared"}
    assert homes.frame["gps_precision_m"].notna().sum() == 1152
    assert not {"nama_kk", "nik", "rumah", "_rumah_altitude"} & set(homes.frame.columns)


def test_the_repeat_group_and_the_supports_find_their_records(survey):
    operates = link_table(survey, read_source(FIELD / "households_kobo.xlsx"), "operates")
    assert len(operates.frame) == 1181
    assert set(unmatched_keys(survey, operates)) == {"business_id"}
    quarantined = set(survey.layer("businesses").quarantine["id"])
    assert set(unmatched_keys(survey, operates)["business_id"]) <= quarantined
    supports = link_table(survey, read_source(FIELD / "supports.csv"), "supports")
    assert (len(supports.frame), supports.unmatched) == (665, 0)
    rules = link_table(survey, read_source(FIELD / "itbx_rules.csv"), "rules")
    assert rules.frame["permission"].tolist() == ["X", "X", "X", "B", "X"]
