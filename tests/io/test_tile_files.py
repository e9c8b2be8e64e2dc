"""MBTiles and PMTiles: what they hold comes out; what is hostile is refused."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

import pytest
from helpers.tiles import a_picture, make_mbtiles, make_pmtiles
from pmtiles.tile import TileType

from gisapp.core.basemap import Basemap
from gisapp.core.errors import GisappError
from gisapp.io.tiles.choices import BasemapChoices, load_choices, save_choices
from gisapp.io.tiles.mbtiles import MBTiles
from gisapp.io.tiles.opening import open_basemap, open_tile_file
from gisapp.io.tiles.pmtiles import PMTiles
from gisapp.io.tiles.source import WORLD, TileId

HERE, BELOW = TileId(3, 6, 4), TileId(4, 13, 8)
PICTURE, OTHER = a_picture(), a_picture("#ff0000")
TILES = ((HERE, PICTURE), (BELOW, OTHER))
MAKERS = {"mbtiles": make_mbtiles, "pmtiles": make_pmtiles}


@pytest.mark.parametrize("ending", MAKERS)
def test_a_file_gives_its_tiles(tmp_path: Path, ending: str) -> None:
    path = MAKERS[ending](tmp_path / f"x.{ending}", TILES, attribution="<b>&copy; Us</b>")
    source = open_tile_file(path)
    try:
        assert source.tile(HERE) == PICTURE
        assert source.tile(BELOW) == OTHER
        assert source.tile(TileId(3, 6, 3)) is None
        assert (source.min_zoom, source.max_zoom) == (3, 4)
        assert source.attribution == "© Us"
    finally:
        source.close()


def test_the_content_and_not_the_ending_says_what_a_file_is(tmp_path: Path) -> None:
    source = open_tile_file(make_pmtiles(tmp_path / "x.mbtiles", TILES))
    assert isinstance(source, PMTiles)
    source.close()


def test_bounds_are_read_and_nonsense_is_the_world(tmp_path: Path) -> None:
    for text, bounds in (
        ("106.8,-6.4,106.9,-6.2", (106.8, -6.4, 106.9, -6.2)),
        ("9,9,1,1", WORLD),
        ("a,b", WORLD),
        ("nan,nan,nan,nan", WORLD),
    ):
        path = tmp_path / "b.mbtiles"
        path.unlink(missing_ok=True)
        source = MBTiles(make_mbtiles(path, TILES, bounds=text))
        assert source.bounds == bounds
        source.close()


@pytest.mark.parametrize("format_", ["pbf", "png"])
def test_vector_mbtiles_are_refused_whatever_they_call_themselves(
    tmp_path: Path, format_: str
) -> None:
    path = make_mbtiles(tmp_path / "v.mbtiles", [(HERE, gzip.compress(b"\x1a"))], format=format_)
    with pytest.raises(GisappError, match="vector tiles"):
        open_tile_file(path)


def test_vector_pmtiles_are_refused(tmp_path: Path) -> None:
    with pytest.raises(GisappError, match="vector tiles"):
        open_tile_file(make_pmtiles(tmp_path / "v.pmtiles", TILES, TileType.MVT))


def test_what_is_no_tile_file_is_refused(tmp_path: Path) -> None:
    cases = {
        "empty": b"",
        "text": b"hello",
        "header only": b"PMTiles\x03",
        "old version": b"PMTiles\x02" + bytes(200),
        "zeros": b"PMTiles\x03" + bytes(200),
        "sqlite in name only": b"SQLite format 3\x00" + bytes(2000),
    }
    for name, content in cases.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(GisappError):
            open_tile_file(path)
    with pytest.raises(GisappError):
        open_tile_file(tmp_path / "absent")
    with pytest.raises(GisappError):
        open_tile_file(tmp_path)


def test_a_cut_pmtiles_file_is_told_of_and_does_not_crash(tmp_path: Path) -> None:
    whole = make_pmtiles(tmp_path / "w.pmtiles", TILES).read_bytes()
    cut = tmp_path / "c.pmtiles"
    for length in range(0, len(whole), 37):
        cut.write_bytes(whole[:length])
        try:
            source = open_tile_file(cut)
        except GisappError:
            continue
        try:
            with pytest.raises(GisappError):
                source.tile(BELOW)
        finally:
            source.close()


def test_a_directory_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    path = make_pmtiles(tmp_path / "b.pmtiles", TILES)
    content = bytearray(path.read_bytes())
    bomb = gzip.compress(bytes(200_000_000))
    content[8:16] = len(content).to_bytes(8, "little")  # root directory: where
    content[16:24] = len(bomb).to_bytes(8, "little")  # and how long
    path.write_bytes(bytes(content) + bomb)
    source = open_tile_file(path)
    try:
        with pytest.raises(GisappError, match="too large"):
            source.tile(HERE)
    finally:
        source.close()


@pytest.mark.parametrize(
    ("directory", "message"),
    [
        pytest.param(
            gzip.compress(b"") + gzip.compress(bytes(3 * 2**20)), "too large", id="second"
        ),
        pytest.param(gzip.compress(b"\x80" * 2**20), "no PMTiles file", id="endless number"),
    ],
)
def test_a_directory_that_the_library_would_choke_on_is_refused(
    tmp_path: Path, directory: bytes, message: str
) -> None:
    path = make_pmtiles(tmp_path / "d.pmtiles", TILES)
    content = bytearray(path.read_bytes())
    content[8:16] = len(content).to_bytes(8, "little")
    content[16:24] = len(directory).to_bytes(8, "little")
    path.write_bytes(bytes(content) + directory)
    source = open_tile_file(path)
    try:
        with pytest.raises(GisappError, match=message):
            source.tile(HERE)
    finally:
        source.close()


def test_metadata_nested_without_end_are_refused(tmp_path: Path) -> None:
    path = make_pmtiles(tmp_path / "n.pmtiles", TILES)
    content, said = bytearray(path.read_bytes()), gzip.compress(b"[" * 100_000)
    content[24:32] = len(content).to_bytes(8, "little")
    content[32:40] = len(said).to_bytes(8, "little")
    path.write_bytes(bytes(content) + said)
    with pytest.raises(GisappError):
        open_tile_file(path)


@pytest.mark.parametrize(
    ("metadata", "tile"),
    [
        ("VALUES ('a', hex(zeroblob(100000000)))", "3, 6, 3, NULL"),
        ("VALUES ('a', 'b')", "9e999, 0, 0, x'89504e470d0a1a0a'"),
        ("VALUES ('a', 'b')", "3, 6, 3, zeroblob(100000000)"),
    ],
)
def test_mbtiles_that_claim_too_much_are_refused(tmp_path: Path, metadata: str, tile: str) -> None:
    connection = sqlite3.connect(tmp_path / "c.mbtiles")
    with connection:
        connection.execute(f"CREATE VIEW metadata (name, value) AS {metadata}")
        connection.execute(
            f"CREATE VIEW tiles (zoom_level, tile_column, tile_row, tile_data) AS SELECT {tile}"
        )
    connection.close()
    with pytest.raises(GisappError, match="cannot be read"):
        open_tile_file(tmp_path / "c.mbtiles")


def test_a_view_that_recurses_in_the_place_of_the_tiles_ends(tmp_path: Path) -> None:
    path = tmp_path / "r.mbtiles"
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        connection.execute(
            "CREATE VIEW tiles AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            "SELECT i AS zoom_level, 0 AS tile_column, 0 AS tile_row, NULL AS tile_data FROM n "
            "WHERE i < 0"
        )
    connection.close()
    with pytest.raises(GisappError, match="it is damaged") as refused:
        open_tile_file(path)
    assert "interrupted" in str(refused.value.__cause__)


class TestWhoMayOpenWhat:
    def test_a_project_cannot_open_a_file_its_user_did_not_choose(self, tmp_path: Path) -> None:
        outside = make_mbtiles(tmp_path / "x.mbtiles", TILES)
        folder = tmp_path / "project"
        folder.mkdir()
        (folder / "link.mbtiles").symlink_to(outside)
        for name in (str(outside), "../x.mbtiles", "link.mbtiles", "x\0.mbtiles"):
            with pytest.raises(GisappError, match="not opened"):
                open_basemap(Basemap("file", name), BasemapChoices(), folder)

    def test_a_share_is_not_even_looked_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def looked(self: Path, *args: object, **kwargs: object) -> Path:
            pytest.fail(f"looked for {self}")

        monkeypatch.setattr(Path, "resolve", looked)
        monkeypatch.setattr(Path, "open", looked)
        with pytest.raises(GisappError, match="not opened"):
            open_basemap(Basemap("file", "//server/share/x"), BasemapChoices(), Path("/project"))

    def test_a_file_beside_the_project_came_along_with_it(self, tmp_path: Path) -> None:
        make_mbtiles(tmp_path / "x.mbtiles", TILES)
        source = open_basemap(Basemap("file", "x.mbtiles"), BasemapChoices(), tmp_path)
        assert source is not None
        source.close()

    def test_a_chosen_file_is_opened_wherever_it_lies(self, tmp_path: Path) -> None:
        path = make_mbtiles(tmp_path / "x.mbtiles", TILES).resolve()
        source = open_basemap(Basemap("file", str(path)), BasemapChoices().with_file(path), None)
        assert source is not None
        source.close()

    def test_choices_are_kept(self) -> None:
        assert load_choices() == BasemapChoices()
        chosen = BasemapChoices().with_provider("A.B").with_file(Path("/x")).with_provider("C")
        save_choices(chosen.without_provider("C"))
        kept = load_choices()
        assert kept.allows_provider("A.B")
        assert not kept.allows_provider("C")
        assert kept.files == (str(Path("/x").resolve()),)
        save_choices(BasemapChoices())

    def test_choices_that_cannot_be_read_allow_nothing(self, gisapp_home: Path) -> None:
        (gisapp_home / "basemap.json").write_text('{"providers": 3}')
        assert load_choices() == BasemapChoices()
        (gisapp_home / "basemap.json").unlink()
