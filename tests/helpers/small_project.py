"""A project with something of everything, small enough to read."""

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import shapely

from gisapp.core.layer import ImportReport, Layer, Table
from gisapp.core.project import ExportRecord, MapView, Parameters, Project, Run
from gisapp.io.project_file import create_project
from gisapp.io.styles import load_style

CRS = "EPSG:32748"
X, Y = 705_000.0, 9_300_000.0


def text(*values):
    return pd.Series(values, dtype="str")


def frame(ids, shapes, **columns):
    return gpd.GeoDataFrame({"id": text(*ids), **columns}, geometry=list(shapes), crs=CRS)


def layer(kind, features, **options):
    return Layer(kind, kind, features, load_style(kind), **options)


def businesses():
    places = [shapely.Point(X + 10 * n, Y) for n in range(4)]
    found = frame("ABCD", places, workers=pd.Series([1, None, 3, 4], dtype="Int64"))
    report = ImportReport("b.csv", "0" * 64, "2026-11-01", 5, 4, 0, 1, {}, {"no_location": 1})
    quarantine = pd.DataFrame({
        "row": [5], "id": text("E"), "reason": text("no_location"), "values": text("{}")
    })  # fmt: skip
    return layer("businesses", found, report=report, quarantine=quarantine)


def evictions():
    areas = [shapely.box(X, Y - 5, X + 15, Y + 5), shapely.box(X + 15, Y - 5, X + 35, Y + 5)]
    start = text("2026-01-01", "2026-06-01")
    known = {"stage": text("sp2", "announced"), "valid_from": start, "valid_to": text(None, None)}
    return layer("evictions", frame(["E1", "E2"], areas, **known))


def zoning():
    areas = [shapely.box(X - 50, Y - 50, X, Y + 50), shapely.box(X, Y - 50, X + 50, Y + 50)]
    return layer("zoning", frame("RK", areas, KODZON_1=text("R", "K")), plan="RDTR 2022")


def admin():
    areas = [shapely.box(X - 60, Y - 60, X + 60, Y + 60)]
    return layer("admin", frame(["31.75.09.1001"], areas, name=text("Ciracas")))


def small_project() -> Project:
    rules = pd.DataFrame({"subzone": text("R"), "permission": text("X")})
    run = Run("2026-11-02T08:00:00+00:00", "0.1", Parameters(), {"rules": "0" * 64},
              {"conflicts": 3, "families": {"total": 0}})  # fmt: skip
    export = ExportRecord("2026-11-02T09:00:00+00:00", "map.html", "map", "public", "",
                          ("class",), 2, 10, "0" * 64)  # fmt: skip
    return replace(
        create_project(),
        layers=(businesses(), evictions(), admin(), zoning()),
        tables={"rules": Table("rules", "rules", rules, unmatched=1)},
        title="Ciracas",
        parameters=Parameters(as_of="2026-11-01"),
        view=MapView(X, Y, 10.0),
        runs=(run,),
        exports=(export,),
    )
