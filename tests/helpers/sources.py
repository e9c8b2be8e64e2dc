"""Foreign tables by hand, and a project to bring them into."""

import geopandas as gpd
import pandas as pd
import shapely

from gisapp.core.layer import Layer
from gisapp.core.project import Project
from gisapp.core.style import Style
from gisapp.io.source import RawTable, Source

CRS = "EPSG:32748"
KEY = "5f" * 32
# A square kilometre of Ciracas, in metres and (nearly) in degrees.
SQUARE_M = shapely.box(706_000, 9_299_000, 707_000, 9_300_000)
LON, LAT = 106.8665, -6.3335  # in its middle
PLAIN = Style("plain", ())


def column(values):
    return pd.Series(
        values, dtype="str" if all(v is None or isinstance(v, str) for v in values) else None
    )


def table(name="t", geometry=None, crs="", unreadable=None, rows=None, **columns):
    """A raw table of keyword columns; None is missing, geometries are shapely's."""
    frame = pd.DataFrame({key: column(values) for key, values in columns.items()})
    if geometry is not None:
        frame = frame.reindex(range(len(geometry)))
        geometry = pd.Series(shapely.to_wkb(geometry), dtype=object).to_numpy()
    return RawTable(name, frame, geometry, "", crs, unreadable or {}, rows)


def source(*tables, driver="CSV"):
    return Source("/somewhere/survey.csv", driver, "00" * 32, tables)


def layer(kind, name="", geometry=(), **columns):
    ids = columns.pop("id", [f"{kind}-{i}" for i in range(len(geometry))])
    frame = gpd.GeoDataFrame(
        {"id": pd.Series(ids, dtype="str"), **{k: column(v) for k, v in columns.items()}},
        geometry=list(geometry),
        crs=CRS,
    )
    return Layer(name or kind, kind, frame, PLAIN)


def project(*layers):
    """A project whose area is the square kilometre, with what else it should hold."""
    return Project(layers=(layer("admin", geometry=[SQUARE_M]), *layers), key=KEY)
