"""Large frames are written by a process of their own, as small ones are."""

import pyarrow as pa
import pytest
import shapely
from pyogrio.raw import read_arrow

from gisapp.io import frame_writing

ROWS = pa.table(
    {
        "id": ["a", "b", "c"],
        "workers": pa.array([1, None, 3], pa.int64()),
        "geom": [shapely.Point(1, 2).wkb, None, shapely.Point(3, 4).wkb],
    }
)
FEATURES = {
    "geometry_name": "geom",
    "geometry_type": "Point",
    "crs": "EPSG:32748",
    "layer_options": {"FID": "fid", "GEOMETRY_NAME": "geom"},
}


@pytest.fixture
def alone(monkeypatch):
    monkeypatch.setattr(frame_writing, "ALONE_ROWS", 0)


def written(path):
    frame_writing.write_rows(path, "stalls", ROWS, **FEATURES)
    return read_arrow(path, layer="stalls")[1]


def test_a_process_of_its_own_writes_the_same(tmp_path, monkeypatch):
    here = written(tmp_path / "here.gpkg")
    monkeypatch.setattr(frame_writing, "ALONE_ROWS", 0)
    there = written(tmp_path / "there.gpkg")
    assert there.num_rows == 3
    assert there == here


def test_what_gdal_refuses_there_is_an_error_here(tmp_path, alone):
    with pytest.raises(OSError, match="nowhere"):
        frame_writing.write_rows(tmp_path / "nowhere" / "x.gpkg", "stalls", ROWS, **FEATURES)


def test_rows_that_fail_on_their_way_end_that_process(tmp_path, alone, monkeypatch):
    def broken(*_given):
        raise MemoryError

    monkeypatch.setattr(frame_writing, "_send", broken)
    with pytest.raises(MemoryError):
        frame_writing.write_rows(tmp_path / "x.gpkg", "stalls", ROWS, **FEATURES)
