"""The made-up project of the samples of every format version; see ``tests/io/projects``.

It is built with whatever version of gisapp it is run with, of which it knows what has changed.
"""

import sqlite3
import sys
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from gisapp.core.layer import ImportReport, Layer, Table
from gisapp.core.project import ExportRecord, MapView, Parameters, Project, Run
from gisapp.core.style import Condition, Rule, Style, Symbol
from gisapp.io.project_file import save_project

CRS = "EPSG:32748"
UUID = "0a51d6de-1f43-4c61-9a5e-5d0f3d6b7c21"
KEY = "5a" * 32
X, Y = 705_000.0, 9_300_000.0


def text(*values):
    return pd.Series(values, dtype="str")


def whole(*values):
    return pd.Series(values, dtype="Int64")


def points(n):
    return [shapely.Point(X + 10 * i, Y + 5 * i) for i in range(n)]


def squares(n):
    return [shapely.box(X + 40 * i, Y, X + 40 * i + 40, Y + 40) for i in range(n)]


def style(name, label=""):
    rules = (
        Rule({"en": "Known", "id": "Diketahui"}, Symbol(fill="#aa3311", size_mm=3.0),
             (Condition("id", "in", ("A", "B")), Condition("id", "ne", "x"))),
        Rule({"en": "Other", "id": "Lain"}, Symbol(stroke="#112233", hatch="diagonal")),
    )  # fmt: skip
    drawn = Style(name, rules, {"en": name.title(), "id": name})
    if not label:
        return drawn
    if "label_column" in {x.name for x in fields(Style)}:
        return replace(drawn, label_column=label)  # until version 2
    from gisapp.core.style import Labels

    return replace(drawn, labels=Labels(label))


def layer(kind, ids, shapes, label="", columns=None, **options):
    frame = gpd.GeoDataFrame({"id": text(*ids), **(columns or {})}, geometry=shapes, crs=CRS)
    return Layer(kind, kind, frame, style(kind, label), **options)


def layers():
    report = ImportReport(
        "usaha.csv", "1" * 64, "2026-11-01T08:00:00+00:00", 4, 2, 1, 1, {"decimal_comma": 1},
        {"no_location": 1}, ("cp1252",), "EPSG:4326", {"workers": "pekerja"},
    )  # fmt: skip
    quarantine = pd.DataFrame({"row": [4], "id": text("D"), "reason": text("no_location"),
                               "values": text('{"form": "kios"}')})  # fmt: skip
    dated = {"valid_from": text("2026-01-01", None), "valid_to": text(None, "2026-12-31")}
    return (
        layer("businesses", "ABC", points(3), "activity", {
            "activity": text("Warung “Ibu”", "Bengkel\n2", None),
            "form": text("warung", "service", "unknown"), "workers": whole(1, None, 2**40),
            "net_income_idr_month": pd.Series([1.5e6, None, 0.1], dtype="float64"),
        }, report=report, quarantine=quarantine),
        layer("households", "HIJ", [*points(2), None], "", {
            "members": whole(4, 5, None),
            "disability": pd.Series([True, False, None], dtype="boolean"),
        }),
        layer("sites", "S", points(1), "name", {"name": text("Lokbin"), "capacity": whole(129)}),
        layer("evictions", "EF", squares(2), "name", {
            "name": text("Kali", "Rel"), "stage": text("sp2", "announced"), **dated}),
        layer("support_areas", "T", squares(1), visible=False, title="Lokasi binaan"),
        layer("admin", ["31.75.09.1001"], squares(1), "name", {"name": text("Ciracas")}),
        layer("zoning", "RK", squares(2), "", {"KODZON_1": text("R", "K")}, plan="RDTR 2022"),
        layer("other", "PQ", [shapely.LineString([(X, Y), (X + 9, Y)]),
                              shapely.MultiPolygon(squares(1))],
              "", {"Name": text("a", "b"), "name": text("c", "d")}),
    )  # fmt: skip


def tables():
    link = {"id": text("1"), "household_id": text("H")}
    frames = {
        "operates": {**link, "business_id": text("A"), "income_share": pd.Series([0.5])},
        "supports": {**link, "programme": text("PKH"), "amount_idr": pd.Series([2.5e5])},
        "rules": {"subzone": text("R"), "kbli_prefix": text("56"), "permission": text("X")},
        "provisions": {"instrument": text("Perda 8/2007"), "stance": whole(-3), "quote": text("…")},
    }
    return {x: Table(x, x, pd.DataFrame(y), unmatched=int(x == "supports"))
            for x, y in frames.items()}  # fmt: skip


def sample_project() -> Project:
    parameters = Parameters(as_of="2026-11-01", plan="RDTR 2022", unlisted="prohibited")
    run = Run("2026-11-02T08:00:00+00:00", "0.1.0", parameters, {"rules": "2" * 64},
              {"conflicts": 3, "families": {"total": 3}})  # fmt: skip
    export = ExportRecord("2026-11-02T09:00:00+00:00", "map.html", "map", "partner", "LBH",
                          ("class", "stage"), 2, 10, "3" * 64)  # fmt: skip
    return Project(
        crs=CRS,
        layers=layers(),
        tables=tables(),
        parameters=parameters,
        view=MapView(X, Y, 12.5),
        runs=(run, replace(run, at="2026-11-03T08:00:00+00:00")),
        exports=(export, replace(export, file="list.csv", k_min=None)),
        uuid=UUID,
        key=KEY,
        title="Ciracas, contoh",
        notice="Made up",
    )


def write_sample(path: Path) -> None:
    """Save the project, in small pages: what it says is the same, the file a third."""
    save_project(sample_project(), path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA page_size = 512")
        connection.execute("VACUUM")


if __name__ == "__main__":
    write_sample(Path(sys.argv[1]))
