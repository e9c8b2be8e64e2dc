"""The made-up Ciracas survey, read straight from its files without any of our importers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from gisapp.core.layer import Layer, Table
from gisapp.core.project import DEFAULT_CRS, Project
from gisapp.core.style import Style

FIELD = Path(__file__).parents[2] / "../shared/data/ciracas/field"
PLAIN = Style("plain", ())


def survey_truth() -> dict[str, Any]:
    """Return what an assessment of the survey must answer; skips where it is not there."""
    if not (FIELD / "truth.json").exists():
        pytest.skip("the survey ../shared/data/ciracas/field is not on this machine")
    return json.loads((FIELD / "truth.json").read_text())


def survey_project() -> Project:
    """Build the survey's project, with the dirt cleaned by the shortest rules that do."""
    layers = (
        *(_polygons(kind, source) for kind, source in POLYGONS.items()),
        Layer("businesses", "businesses", _businesses(), PLAIN),
        Layer("households", "households", _households(), PLAIN),
    )
    supports = pd.read_csv(FIELD / "supports.csv", dtype=str)
    tables = {
        "rules": pd.read_csv(FIELD / "itbx_rules.csv", dtype=str),
        "operates": _operates(),
        "supports": supports.rename(columns={"household": "household_id"}).assign(
            id=[str(i) for i in range(len(supports))]
        ),
    }
    return Project(layers=layers, tables={n: Table(n, n, f) for n, f in tables.items()})


POLYGONS = {
    "admin": "admin.geojson",
    "zoning": "zoning_rdtr.geojson",
    "evictions": "evictions.geojson",
    "support_areas": "support_areas.geojson",
}


def _polygons(kind: str, source: str) -> Layer:
    frame = gpd.read_file(FIELD / source).to_crs(DEFAULT_CRS)
    for column in ("valid_from", "valid_to"):
        if column in frame:
            frame[column] = pd.to_datetime(frame[column]).dt.strftime("%Y-%m-%d")
    if "id" not in frame:
        frame["id"] = frame["OBJECTID" if kind == "zoning" else "code"].astype(str)
    return Layer(kind, kind, frame, PLAIN)


def _businesses() -> gpd.GeoDataFrame:
    rows = pd.read_csv(FIELD / "businesses.csv", sep=";", dtype=str, encoding="utf-8-sig")
    lat = pd.to_numeric(rows["lat"].str.replace(",", "."), errors="coerce")
    lon = pd.to_numeric(rows["lon"].str.replace(",", "."), errors="coerce")
    swapped = lat > lon
    lat, lon = lat.where(~swapped, lon), lon.where(~swapped, lat)
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=4326).to_crs(DEFAULT_CRS)
    area = gpd.read_file(FIELD / "admin.geojson").to_crs(DEFAULT_CRS).union_all().buffer(500)
    usable = points.intersects(area) & lat.notna() & lon.notna()
    usable &= ~rows["id"].duplicated()
    frame = rows.rename(
        columns={
            "jenis_usaha": "activity",
            "laba_bersih_bulan": "net_income_idr_month",
            "presisi_m": "gps_precision_m",
        }
    )
    for column in ("net_income_idr_month", "gps_precision_m"):
        frame[column] = pd.to_numeric(frame[column])
    frame = gpd.GeoDataFrame(frame.drop(columns=["lat", "lon"]), geometry=points)
    return frame[usable].reset_index(drop=True)


def _sheet(name: str) -> pd.DataFrame:
    return pd.read_excel(FIELD / "households_kobo.xlsx", name, dtype=str, engine="calamine")


def _households() -> gpd.GeoDataFrame:
    rows = _sheet("survei")
    lon, lat = (pd.to_numeric(rows[f"_rumah_{x}"]) for x in ("longitude", "latitude"))
    home = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs=4326).to_crs(DEFAULT_CRS)
    points = np.where(lon.isna(), None, np.asarray(home.array))
    frame = pd.DataFrame(
        {
            "id": rows["_uuid"],
            "members": pd.to_numeric(rows["anggota"]),
            "income_idr_month": pd.to_numeric(rows["pendapatan_bulan"]),
            "gps_precision_m": pd.to_numeric(rows["_rumah_precision"]),
        }
    )
    return gpd.GeoDataFrame(frame, geometry=points, crs=DEFAULT_CRS)


def _operates() -> pd.DataFrame:
    rows = _sheet("usaha")
    return pd.DataFrame(
        {
            "household_id": rows["_submission__uuid"],
            "business_id": rows["id_usaha"],
            "income_share": pd.to_numeric(rows["bagian"]),
        }
    )
