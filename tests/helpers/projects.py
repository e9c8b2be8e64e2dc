"""Any project that a user could have, for hypothesis, and what it means that two are the same."""

import string
from dataclasses import fields

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from gisapp.core.basemap import Basemap
from gisapp.core.layer import ImportReport, Layer, Table
from gisapp.core.project import ExportRecord, MapView, Parameters, Project, Run
from gisapp.core.style import (
    ANY_SCALE,
    Classes,
    Clusters,
    Condition,
    Heat,
    Labels,
    Rule,
    ScaleRange,
    Style,
    Symbol,
)
from gisapp.io.keys import new_key

CRS = "EPSG:32748"
UUID = "6f1c2f0e-8f3f-4a54-9a0e-0d7b8b0a1c11"

# SQLite's text ends at a NUL; half a surrogate pair is no text.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
names = st.one_of(
    texts.filter(bool),
    st.sampled_from(
        ["fid", "FID", "geom", "Geom", "id ", "ID", 'a"b', "a'b", "a;b", "drop table", "select",
         "gpkg_contents", "gisapp_meta", "layer_styles", "rtree_x_geom", "sqlite_x", "😀", "é", "É",
         "name", "Name", "NAME", "ogc_fid", "1", "%s", "[x]"]
    ),
)  # fmt: skip
metres = st.floats(-1e7, 1e7, allow_subnormal=False)
COLUMNS = {
    "str": st.none() | texts,
    "float64": st.none() | st.floats(allow_nan=False),
    "Int64": st.none() | st.integers(-(2**63), 2**63 - 1),
    "boolean": st.none() | st.booleans(),
    "bool": st.booleans(),
    "int64": st.integers(-(2**63), 2**63 - 1),
    "int32": st.integers(-(2**31), 2**31 - 1),
    "object": st.none() | st.booleans(),
}


@st.composite
def shapes(draw):
    x, y = draw(metres), draw(metres)
    point = shapely.Point(x, y)
    square = shapely.box(x, y, x + 10, y + 10)
    two = shapely.MultiPolygon([square, shapely.box(x + 20, y, x + 30, y + 10)])
    return draw(st.sampled_from([None, point, square, two, shapely.LineString([(x, y), (0, 0)])]))


@st.composite
def columns(draw, rows, taken):
    data = {}
    for name in draw(st.lists(names, max_size=5, unique=True)):
        if name in taken:
            continue
        dtype = draw(st.sampled_from(sorted(COLUMNS)))
        values = draw(st.lists(COLUMNS[dtype], min_size=rows, max_size=rows))
        data[name] = pd.Series(values, dtype=dtype)
    return data


@st.composite
def frames(draw):
    rows = draw(st.integers(0, 4))
    ids = draw(st.lists(texts, min_size=rows, max_size=rows, unique=True))
    data = {"id": pd.Series(ids, dtype="str"), **draw(columns(rows, ("id", "geometry")))}
    places = draw(st.lists(shapes(), min_size=rows, max_size=rows))
    return gpd.GeoDataFrame(data, geometry=np.array([*places, None], object)[:-1], crs=CRS)


@st.composite
def plain_frames(draw):
    rows = draw(st.integers(0, 4))
    return pd.DataFrame({"key": pd.Series(["x"] * rows, dtype="str"),
                         **draw(columns(rows, ("key",)))})  # fmt: skip


@st.composite
def quarantines(draw):
    rows = draw(st.integers(0, 3))
    said = {x: draw(st.lists(st.none() | texts, min_size=rows, max_size=rows))
            for x in ("id", "reason", "values")}  # fmt: skip
    return pd.DataFrame({"row": np.arange(1, rows + 1, dtype="int64"),
                         **{x: pd.Series(v, dtype="str") for x, v in said.items()}})  # fmt: skip


labels = st.fixed_dictionaries({}, optional={"id": texts, "en": texts}).filter(bool)
colours = st.none() | st.text("0123456789abcdef", min_size=6, max_size=6).map(lambda x: f"#{x}")
lengths = st.integers(1, 300).map(lambda x: x / 100)
symbols = st.builds(
    Symbol,
    fill=colours,
    fill_opacity=st.integers(0, 100).map(lambda x: x / 100),
    hatch=st.sampled_from(["", "diagonal", "back", "cross", "dots"]),
    stroke=colours,
    stroke_mm=lengths,
    dash_mm=st.lists(lengths, max_size=4).map(tuple),
    shape=st.sampled_from(["circle", "square", "triangle", "diamond", "star", "cross"]),
    icon=st.sampled_from(["", "market"]),
    size_mm=lengths,
)
shares = st.integers(0, 100).map(lambda x: x / 100)
ranges = st.just(ANY_SCALE) | st.builds(
    ScaleRange, st.integers(0, 10).map(float), st.integers(11, 99).map(float)
)
looks = st.builds(
    Labels, names, lengths, colours.filter(bool), st.booleans(), colours, lengths,
    st.integers(-3, 3), st.booleans(), ranges,
)  # fmt: skip
classings = st.builds(
    Classes, names, st.sampled_from(["categories", "quantiles"]), st.integers(2, 12),
    st.sampled_from(["viridis", "okabe_ito"]), st.booleans(), st.booleans(),
    st.sets(st.integers(-99, 99).map(float)).map(sorted).map(tuple),
)  # fmt: skip
clusterings = st.builds(Clusters, lengths, colours.filter(bool), colours.filter(bool))
heats = st.builds(Heat, lengths, st.sampled_from(["heat", "magma"]), texts)
numbers = st.integers(-(10**6), 10**6).map(lambda x: x / 8)
conditions = st.one_of(
    st.builds(Condition, names, st.sampled_from(["eq", "ne"]), texts | numbers | st.booleans()),
    st.builds(Condition, names, st.sampled_from(["lt", "le", "gt", "ge"]), texts | numbers),
    st.builds(Condition, names, st.just("in"), st.lists(texts, max_size=3).map(tuple)),
    st.builds(Condition, names, st.just("missing")),
)


@st.composite
def styles(draw):
    chosen = draw(st.lists(st.builds(
        Rule, labels, symbols, st.lists(conditions, min_size=1, max_size=2).map(tuple), ranges
    ), max_size=3))  # fmt: skip
    rest = [Rule(draw(labels), draw(symbols))] if not chosen or draw(st.booleans()) else []
    title = draw(st.just({}) | labels)
    return Style(draw(names), (*chosen, *rest), title, draw(st.none() | looks),
                 draw(shares), draw(st.sampled_from(["normal", "multiply"])),
                 draw(st.none() | classings), draw(st.none() | clusterings),
                 draw(st.none() | heats))  # fmt: skip


counts = st.dictionaries(st.sampled_from(["no_location", "decimal_comma"]), st.integers(0, 9))
hashes = st.text(string.hexdigits, min_size=64, max_size=64)
reports = st.builds(
    ImportReport, texts, hashes, texts, *[st.integers(0, 9)] * 4, counts, counts,
    st.lists(texts, max_size=2).map(tuple), texts, st.dictionaries(texts, texts, max_size=2),
    counts, st.lists(texts, max_size=2).map(tuple),
)  # fmt: skip
layers = st.builds(
    Layer, names, st.sampled_from(["businesses", "zoning", "other"]), frames(), styles(),
    st.booleans(), texts, st.none() | reports, st.none() | quarantines(), texts,
)  # fmt: skip
tables = st.builds(
    Table, names, st.sampled_from(["operates", "rules"]), plain_frames(), st.none() | reports,
    st.none() | quarantines(), st.integers(0, 9),
)  # fmt: skip
parameters = st.builds(
    Parameters, st.sampled_from(["", "2026-11-01"]), texts,
    st.sampled_from(["no_rule", "prohibited"]), st.floats(0, 1e9), texts,
)  # fmt: skip
summaries = st.recursive(
    st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | texts | st.booleans() | st.none(),
    lambda x: st.lists(x, max_size=2) | st.dictionaries(texts, x, max_size=2),
    max_leaves=4,
)
runs = st.builds(
    Run, texts, texts, parameters, st.dictionaries(texts, hashes, max_size=2),
    st.dictionaries(texts, summaries, max_size=2),
)  # fmt: skip
exports = st.builds(
    ExportRecord, *[texts] * 5, st.lists(texts, max_size=3).map(tuple), st.integers(0, 99),
    st.none() | st.integers(0, 99), hashes,
)  # fmt: skip


@st.composite
def projects(draw):
    held = draw(st.lists(tables, max_size=2, unique_by=lambda x: x.name))
    return Project(
        crs=CRS,
        layers=tuple(draw(st.lists(layers, max_size=3, unique_by=lambda x: x.name))),
        tables={x.name: x for x in held},
        parameters=draw(parameters),
        view=draw(st.none() | st.builds(MapView, metres, metres, st.floats(0.1, 1e5))),
        runs=tuple(draw(st.lists(runs, max_size=2))),
        exports=tuple(draw(st.lists(exports, max_size=2))),
        uuid=UUID,
        key=new_key(),
        title=draw(texts),
        notice=draw(texts),
        basemap=draw(st.builds(Basemap, name=texts, opacity=st.floats(0, 1))),
    )


def assert_same_project(found: Project, wanted: Project) -> None:
    for name in (x.name for x in fields(Project) if x.name not in ("layers", "tables")):
        assert getattr(found, name) == getattr(wanted, name), name
    assert [x.name for x in found.layers] == [x.name for x in wanted.layers]
    assert list(found.tables) == list(wanted.tables)
    for one, other in zip(found.layers, wanted.layers, strict=True):
        assert_same_part(one, other)
        assert one.frame.crs == other.frame.crs
    for name, table in wanted.tables.items():
        assert_same_part(found.tables[name], table)


def assert_same_part(found: Layer | Table, wanted: Layer | Table) -> None:
    assert type(found) is type(wanted)
    for name in (x.name for x in fields(wanted) if x.name not in ("frame", "quarantine")):
        assert getattr(found, name) == getattr(wanted, name), name
    assert_same_frame(found.frame, wanted.frame)
    assert (found.quarantine is None) == (wanted.quarantine is None)
    if wanted.quarantine is not None:
        assert_same_frame(found.quarantine, wanted.quarantine)


def assert_same_frame(found: pd.DataFrame, wanted: pd.DataFrame) -> None:
    assert_frame_equal(plain(found), plain(wanted), check_exact=True, check_column_type=False)


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return `frame` with its geometry as bytes, so that only equal bytes are equal."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return frame
    return pd.DataFrame(frame).assign(geometry=shapely.to_wkb(frame.geometry.array))
