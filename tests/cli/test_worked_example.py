"""The worked example of docs/cli.md must give exactly the survey's truth."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from gisapp.cli import main

FIELD = Path(__file__).parents[2] / "../shared/data/ciracas/field"

BUSINESS_MAP = ("activity=jenis_usaha", "form=bentuk", "workers=pekerja",
                "net_income_idr_month=laba_bersih_bulan", "gps_precision_m=presisi_m")  # fmt: skip
HOUSEHOLD_MAP = ("id=_uuid", "members=anggota", "income_idr_month=pendapatan_bulan",
                 "tenure=status_tinggal")  # fmt: skip
TENURES = ("tenure:kontrak=renter", "tenure:milik=owner", "tenure:menumpang=shared")

pytestmark = pytest.mark.skipif(
    not FIELD.is_dir(), reason="the field survey (../shared/data/ciracas/field) is not here"
)


def options(flag, values):
    return [word for value in values for word in (flag, value)]


def commands(p):
    kobo = str(FIELD / "households_kobo.xlsx")
    source = lambda name: str(FIELD / name)  # noqa: E731
    return (
        ["new", p],
        ["import", p, source("admin.geojson"), "--as", "admin"],
        ["import", p, source("zoning_rdtr.geojson"), "--as", "zoning"],
        ["link", p, "rules", source("itbx_rules.csv")],
        ["import", p, source("evictions.geojson"), "--as", "evictions"],
        ["import", p, source("support_areas.geojson"), "--as", "support_areas"],
        ["import", p, source("businesses.csv"), "--as", "businesses",
         *options("--map", BUSINESS_MAP), "--json"],
        ["import", p, kobo, "--as", "households", "--sheet", "survei",
         *options("--map", HOUSEHOLD_MAP), *options("--value", TENURES), "--json"],
        ["link", p, "operates", kobo, "--sheet", "usaha", "--map", "business_id=id_usaha",
         "--map", "income_share=bagian", "--json"],
        ["link", p, "supports", source("supports.csv"), "--map", "household_id=household"],
        ["import", p, source("sites.csv"), "--as", "sites"],
        ["assess", p, "--as-of", "2026-11-01", "--json"],
        ["export", p, str(Path(p).with_name("subjects.csv")), "--preset", "internal",
         "--what", "subjects"],
        ["export", p, str(Path(p).with_name("map.html")), "--preset", "public", "--json"],
    )  # fmt: skip


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    """The project's folder and the JSON answers of the commands that were asked for one."""
    folder = tmp_path_factory.mktemp("field")
    answers = {}
    for command in commands(str(folder / "p.gpkg")):
        with pytest.MonkeyPatch.context() as patch:
            written = []
            patch.setattr("sys.stdout", Recorder(written))
            assert main(command) == 0, command
        if "--json" in command:
            answers[_key(command)] = json.loads("".join(written))
    return folder, answers


def _key(command):
    return f"{command[0]} {command[command.index('--as') + 1]}" if "--as" in command else command[0]


class Recorder:
    encoding = "utf-8"

    def __init__(self, parts):
        self.write = parts.append

    def flush(self):
        pass


@pytest.fixture(scope="module")
def truth():
    return json.loads((FIELD / "truth.json").read_text())


@pytest.fixture(scope="module")
def subjects(survey):
    with (survey[0] / "subjects.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_of_the_businesses_is_accounted_for(survey, truth):
    answer = survey[1]["import businesses"]
    assert {key: answer[key] for key in truth["import_businesses"]} == truth["import_businesses"]
    assert answer["accepted"] + answer["repaired"] + answer["quarantined"] == answer["rows_read"]


def test_totals_are_the_truth(survey, truth):
    answer = survey[1]["assess"]
    classes = answer["conformity"]["businesses"]
    assert {key: n for key, n in classes.items() if n and key != "total"} == truth["conformity"]
    for kind in ("businesses", "households"):
        stages = answer["exposure"][kind]
        exposed = stages["total"] - stages["none"] - stages["not_assessed"]
        assert exposed == truth[f"exposed_{kind}"]
    families = {key: n for key, n in answer["families"].items() if key != "total"}
    assert families == truth["families"]
    assert answer["exposed_income_idr_month"] == truth["exposed_income_idr_month"]
    by_admin = {row["code"]: row["businesses"]["total"] for row in answer["by_admin"]}
    assert {code: n for code, n in by_admin.items() if n} == truth["by_admin_businesses"]


def test_every_subject_has_its_class_zones_and_evictions(subjects, truth):
    found = {
        row["id"]: [row["class"], row["zones"], row["evictions"]]
        for row in subjects
        if row["kind"] == "businesses"
    }
    assert found == truth["subjects"]


def test_every_family_is_listed_once_with_its_impact(subjects, truth):
    impacts = Counter(row["family_impact"] for row in subjects if row["kind"] == "households")
    assert impacts == truth["families"]


def test_the_public_map_holds_no_home(survey):
    page = (survey[0] / "map.html").read_text("utf-8")
    assert survey[1]["export"]["preset"] == "public"
    assert "uuid-1-" not in page
    assert "Keluarga 1" not in page
