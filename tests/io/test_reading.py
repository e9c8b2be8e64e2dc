"""Reading through the child process: every format, every way to fail, one child kept warm."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from helpers import foreign
from helpers.foreign import STALLS, collection, feature, placemark
from hypothesis import given, settings
from hypothesis import strategies as st

from gisapp.core.errors import Cancelled, GisappError
from gisapp.core.words import speaking
from gisapp.io import child
from gisapp.io.child import POOL
from gisapp.io.reading import read_source

if TYPE_CHECKING:
    from gisapp.io.source import Source

HOSTILE_NAMES = ("a!b", "a;b", "a\nb", "$(touch x)", "📍 peta", "x" * 200, "a'b\"c", "-rf", "%s{0}")


def names_in(source: Source) -> list[str]:
    columns = source.tables[0].columns
    (name,) = (column for column in columns.columns if column.lower() == "name")
    return list(columns[name])


def write_any(path: Path) -> Path:
    """Write three stalls into a file of the kind that its ending says."""
    match path.suffix:
        case ".csv":
            path.write_text("name,lat,lon\n" + "".join(f"{n},-6.3,106.8\n" for n in "abc"))
        case ".geojson":
            points = zip("abc", STALLS, strict=True)
            foreign.geojson(path, collection(*(feature(p, name=n) for n, p in points)))
        case ".xlsx":
            foreign.workbook(path, {"s": [["name", "lat"], *([n, -6.3] for n in "abc")]})
        case ".kml":
            foreign.kml(path, "".join(placemark(n) for n in "abc"))
        case ".shp":
            foreign.shapefile(path, [b"a", b"b", b"c"])
        case ".gpkg":
            foreign.vector(path, "GPKG")
        case ".fgb":
            foreign.vector(path, "FlatGeobuf", SPATIAL_INDEX="NO")
    return path


SUFFIXES = (".csv", ".geojson", ".xlsx", ".kml", ".shp", ".gpkg", ".fgb")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_gives_its_rows_as_text(tmp_path: Path, suffix: str) -> None:
    source = read_source(write_any(tmp_path / f"stalls{suffix}"))
    (table,) = source.tables
    assert names_in(source) == ["a", "b", "c"]
    assert len(source.sha256) == 64
    if suffix in (".csv", ".xlsx"):
        assert table.geometry is None
    else:
        assert table.geometry is not None
        assert len(table.geometry) == 3
        assert table.crs == "EPSG:4326"


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("stem", HOSTILE_NAMES)
def test_a_name_is_only_a_name(tmp_path: Path, suffix: str, stem: str) -> None:
    plain = write_any(tmp_path / f"plain{suffix}")
    for part in tmp_path.glob("plain.*"):
        shutil.move(part, tmp_path / f"{stem}{part.suffix}")
    before = sorted(tmp_path.iterdir())
    source = read_source(tmp_path / f"{stem}{plain.suffix}")
    assert names_in(source) == ["a", "b", "c"]
    assert sorted(tmp_path.iterdir()) == before, "reading leaves nothing behind"


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=25)
@given(
    where=st.floats(0, 1, exclude_max=True),
    damage=st.sampled_from(("cut", "zero", "flip")),
    bit=st.integers(0, 7),
)
def test_damage_is_refused_or_told_never_silently_short(
    tmp_path_factory: pytest.TempPathFactory, suffix: str, where: float, damage: str, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    path = write_any(folder / f"stalls{suffix}")
    content = bytearray(path.read_bytes())
    place = int(where * len(content))
    if damage == "cut":
        del content[place:]
    elif damage == "zero":
        content[place:] = bytes(len(content) - place)
    else:
        content[place] ^= 1 << bit
    path.write_bytes(content)
    with contextlib.suppress(GisappError):
        source = read_source(path)
        read = sum(len(table.columns) + len(table.unreadable) for table in source.tables)
        # Text has no end mark: cut between two lines it is a whole shorter file.
        whole = suffix == ".csv" and damage == "cut" and content.endswith(b"\n")
        assert read == 3 or source.warnings or whole


def test_the_child_stays_warm_and_is_replaced_when_it_died(tmp_path: Path) -> None:
    path = write_any(tmp_path / "stalls.csv")
    read_source(path)
    first = POOL._child
    read_source(path)
    assert POOL._child is first
    assert first is not None
    first._process.kill()
    first._process.wait()
    assert names_in(read_source(path)) == ["a", "b", "c"]
    assert POOL._child is not first


def test_a_reader_that_ends_while_it_is_asked_makes_room_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_any(tmp_path / "stalls.csv")
    read_source(path)
    assert POOL._child is not None
    POOL._child._process.kill()
    POOL._child._process.wait()
    # as if it had lived when it was looked at
    monkeypatch.setattr(child.Child, "alive", property(lambda _self: True))
    assert names_in(read_source(path)) == ["a", "b", "c"]


def test_a_refusal_leaves_the_child_alive(tmp_path: Path) -> None:
    read_source(write_any(tmp_path / "stalls.csv"))
    before = POOL._child
    (tmp_path / "empty.csv").touch()
    with pytest.raises(GisappError, match="empty"):
        read_source(tmp_path / "empty.csv")
    assert POOL._child is before


@pytest.fixture
def fake_child(monkeypatch: pytest.MonkeyPatch):
    """Run a script of the test's in the place of the worker."""

    def use(script: str) -> None:
        POOL.stop()
        monkeypatch.setattr(child, "_command", lambda: [sys.executable, "-c", script])

    yield use
    POOL.stop()


def test_a_child_that_dies_is_an_error_with_a_remedy(tmp_path: Path, fake_child) -> None:
    path = write_any(tmp_path / "stalls.csv")
    fake_child("import os, sys; sys.stdin.readline(); os.abort()")
    with pytest.raises(GisappError, match="makes the reader fail") as caught:
        read_source(path)
    assert caught.value.remedy


def test_a_child_that_stalls_is_killed(
    tmp_path: Path, fake_child, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_any(tmp_path / "stalls.csv")
    monkeypatch.setattr(child, "SILENCE_LIMIT_S", 0.3)
    fake_child("import sys, time; sys.stdin.readline(); time.sleep(60)")
    with pytest.raises(GisappError, match="nothing came of it"):
        read_source(path)


def test_progress_prolongs_the_wait_and_is_passed_on(
    tmp_path: Path, fake_child, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Steps:
        def __init__(self) -> None:
            self.seen: set[tuple[int, int]] = set()

        def step(self, done: int, total: int, text: str) -> None:
            self.seen.add((done, total))

    path = write_any(tmp_path / "stalls.csv")
    monkeypatch.setattr(child, "SILENCE_LIMIT_S", 1.0)
    fake_child(
        "import sys, time; sys.stdin.readline()\n"
        "for i in range(8):\n"
        "    print('{\"progress\": [%d, 8]}' % i, flush=True); time.sleep(0.2)\n"
        'print(\'{"done": {"driver": "X", "warnings": [], "tables": []}}\', flush=True)\n'
        "sys.stdin.readline()"
    )
    steps = Steps()
    assert read_source(path, progress=steps).driver == "X"
    assert {(i, 8) for i in range(8)} <= steps.seen


def test_cancelling_ends_the_child(tmp_path: Path, fake_child) -> None:
    class Stop:
        def step(self, done: int, total: int, text: str) -> None:
            raise Cancelled

    path = write_any(tmp_path / "stalls.csv")
    fake_child("import sys, time; sys.stdin.readline(); time.sleep(60)")
    with pytest.raises(Cancelled):
        read_source(path, progress=Stop())
    assert POOL._child is not None
    assert not POOL._child.alive


def test_a_bug_in_a_reader_keeps_its_traceback(tmp_path: Path, fake_child) -> None:
    path = write_any(tmp_path / "stalls.csv")
    answer = json.dumps({"crashed": "Traceback: KeyError"})
    fake_child(f"import sys; sys.stdin.readline(); print({answer!r}, flush=True)")
    with pytest.raises(RuntimeError, match="KeyError"):
        read_source(path)


def test_memory_is_limited(tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("only Linux limits a process's memory")
    path = write_any(tmp_path / "stalls.csv")
    read_source(path)
    assert POOL._child is not None
    limits = Path(f"/proc/{POOL._child._process.pid}/limits").read_text()
    assert f"Max address space         {2 << 30} " in limits


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.geojson", b"", "empty"),
        ("text.geojson", b"hello", "not what its name says"),
        ("page.csv", b"<!doctype html><html><body>404</body></html>", "web page"),
        ("vrt.csv", b"<OGRVRTDataSource><x/></OGRVRTDataSource>", "OGRVRTDataSource"),
        ("gdalg.geojson", b'{"type": "gdal_streamed_alg", "command_line": "x"}', "gdal_streamed"),
        ("noise.gpkg", bytes(range(256)), "not what its name says"),
        ("magic.gpkg", b"SQLite format 3\0" + bytes(range(200)), "cut off|damaged"),
        ("magic.kmz", b"PK\x03\x04rubbish", "archive"),
        ("magic.shp", b"\0\0\x27\x0a", "cut off"),
        ("magic.fgb", b"fgb\x03fgb\0", "reader refuses|no layer"),
        ("line.csv", b"x", "no table"),
    ],
)
def test_what_is_not_what_it_claims_is_refused(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(GisappError, match=message) as caught:
        read_source(path)
    assert caught.value.message.startswith(name)
    assert caught.value.message.endswith(".")
    assert caught.value.remedy.endswith(".")


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(GisappError, match="it does not exist"):
        read_source(tmp_path / "missing.csv")
    with pytest.raises(GisappError, match="folder"):
        read_source(tmp_path)


def test_one_layer_can_be_named(tmp_path: Path) -> None:
    path = foreign.vector(tmp_path / "two.gpkg", "GPKG", "stalls")
    foreign.vector(path, "GPKG", "homes", names=("x", "y", "z"))
    assert [table.name for table in read_source(path).tables] == ["stalls", "homes"]
    assert names_in(read_source(path, layer="homes")) == ["x", "y", "z"]
    with pytest.raises(GisappError, match="no layer “home”") as caught:
        read_source(path, layer="home")
    assert "“homes”" in caught.value.remedy


def test_the_child_speaks_the_language_of_the_program(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.touch()
    with speaking("id"), pytest.raises(GisappError) as caught:
        read_source(path)
    assert caught.value.message


def test_a_module_in_the_users_folder_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('run')")
    path = write_any(tmp_path / "stalls.csv")
    POOL.stop()
    monkeypatch.chdir(tmp_path)
    assert names_in(read_source(path)) == ["a", "b", "c"]
