"""Policy on the map: dated press events, a 2026 scenario, support areas, sites, the register.

What is real carries its source and its date; its outline is schematic. What is invented says so.
"""

from dataclasses import dataclass

import shapely
from shapely import LineString, Polygon

from geography import along, block, places, river, roads

INVENTED = "gisapp demo, invented"
SCENARIO = "gisapp demo, invented scenario"
OUTLINE = "outline schematic"
BERITA = "https://www.beritajakarta.id/read/"
KOMPAS = (
    "https://megapolitan.kompas.com/read/2022/10/03/13520221/"
    "bakal-direlokasi-karena-bikin-macet-75-persen-pkl-di-depan-pasar-ciracas"
)
KONTAN = "https://nasional.kontan.co.id/news/ini-daftar-lokasi-pkl-di-jakarta"


@dataclass(frozen=True)
class Area:
    """A policy area in metres and its attributes as the import finds them."""

    polygon: Polygon
    values: dict[str, object]


def _beside(line: LineString, start: float, end: float, reach_m: float) -> Polygon:
    return along(line, start, end).buffer(reach_m, cap_style="flat", join_style="mitre")


def _eviction(polygon: Polygon, *values: object) -> Area:
    names = (
        "id",
        "name",
        "stage",
        "reason",
        "actor",
        "reported_units",
        "valid_from",
        "valid_to",
        "source",
        "observed_on",
    )
    return Area(polygon, dict(zip(names, values, strict=True)))


def reported_clearances() -> list[Area]:
    """Return what the press reported up to 2022, each in force for the days that it names."""
    bogor, ciracas = roads()["Jl Raya Bogor"].line, roads()["Jl Raya Ciracas"].line
    market = _beside(ciracas, 0.2, 0.38, 16)
    exit_ = _terminal_exit()
    camat = "Satpol PP / Camat Ciracas"
    return [
        _eviction(
            _beside(bogor, 0.5, 0.64, 24),
            "E-2014-1",
            "Jl Raya Bogor 2014",
            "executed",
            "selling on parks and green strip; traffic congestion",
            camat,
            100,
            "2014-08-07",
            "2014-08-08",
            f"{BERITA}4034 (press), {OUTLINE}",
            "2014-08-07",
        ),
        _eviction(
            market,
            "E-2014-2",
            "Depan Pasar Ciracas 2014",
            "executed",
            "selling on parks and green strip; traffic congestion",
            camat,
            50,
            "2014-08-07",
            "2014-08-08",
            f"{BERITA}4034 (press), {OUTLINE}",
            "2014-08-07",
        ),
        _eviction(
            _beside(bogor, 0.3, 0.46, 24),
            "E-2015-1",
            "Jl Raya Bogor 2015",
            "executed",
            "traffic congestion; slum appearance; waste in drains",
            camat,
            150,
            "2015-06-11",
            "2015-06-12",
            f"{BERITA}11290 (press; also Jl Baru, Jl Supriyadi), {OUTLINE}",
            "2015-06-11",
        ),
        _eviction(
            _beside(bogor, 0.64, 0.72, 24),
            "E-2016-1",
            "GOR Ciracas - Gongseng 2016",
            "executed",
            "road shoulder and pavement; complaints of congestion",
            "Satpol PP Kec. Ciracas",
            None,
            "2016-05-11",
            "2016-05-13",
            f"{BERITA}30510 (press), {OUTLINE}",
            "2016-05-12",
        ),
        _eviction(
            exit_,
            "E-2017-1",
            "Terminal Kampung Rambutan 2017",
            "executed",
            "re-arrangement of vendors",
            "Sudin KUKMP Jakarta Timur",
            93,
            "2017-03-08",
            "2017-03-09",
            f"{BERITA}42154 (press), {OUTLINE}",
            "2017-03-01",
        ),
        _eviction(
            market,
            "E-2022-1",
            "Depan Pasar Ciracas 2022",
            "sp3",
            "pavement blocked; congestion; Perda 8/2007",
            "Satpol PP Jakarta Timur",
            120,
            "2022-10-03",
            "2022-10-06",
            f"{KOMPAS} (press; planned, outcome not known), {OUTLINE}",
            "2022-10-03",
        ),
    ]


def _terminal_exit() -> Polygon:
    return shapely.union_all(
        [_beside(roads()["Jl Pengantin Ali"].line, 0.88, 1.0, 22), block(203, 890, 215, 897)]
    )


def scenario_clearances() -> list[Area]:
    """Return what could be in force on 1 November 2026, modelled on the reported clearances."""
    bogor, ciracas = roads()["Jl Raya Bogor"].line, roads()["Jl Raya Ciracas"].line
    tembak = roads()["Jl Lapangan Tembak"].line
    satpol = "Satpol PP Jakarta Timur"
    water = "Dinas Sumber Daya Air DKI Jakarta"
    drawn = (
        (
            _beside(ciracas, 0.19, 0.4, 18),
            "E-2026-1",
            "Depan Pasar Ciracas (skenario)",
            "sp2",
            "pavement blocked; congestion",
            satpol,
            120,
            "2026-09-15",
            "",
        ),
        (
            _beside(bogor, 0.5, 0.63, 26),
            "E-2026-2",
            "Jalur hijau Jl Raya Bogor (skenario)",
            "sp1",
            "selling on the green strip",
            satpol,
            100,
            "2026-10-01",
            "",
        ),
        (
            _beside(river(), 0.25, 0.6, 30),
            "E-2026-3",
            "Normalisasi Kali Cipinang (skenario)",
            "announced",
            "river widening",
            water,
            None,
            "2026-10-20",
            "",
        ),
        (
            _terminal_exit(),
            "E-2026-4",
            "Terminal Kampung Rambutan (skenario)",
            "executed",
            "re-arrangement of vendors",
            satpol,
            60,
            "2026-10-12",
            "2027-01-01",
        ),
        (
            _beside(tembak, 0.6, 0.72, 18),
            "E-2026-5",
            "Trotoar Jl Lapangan Tembak (skenario)",
            "disputed",
            "pavement works; vendors went to court",
            satpol,
            None,
            "2026-08-01",
            "",
        ),
        (
            _beside(tembak, 0.8, 0.95, 18),
            "E-2026-6",
            "Jl Lapangan Tembak timur (skenario)",
            "cancelled",
            "pavement works, withdrawn",
            satpol,
            40,
            "2026-07-01",
            "",
        ),
        (
            _beside(bogor, 0.82, 0.9, 26),
            "E-2026-7",
            "Jl Raya Bogor, Cibubur (skenario)",
            "sp3",
            "road shoulder",
            satpol,
            70,
            "2026-12-01",
            "",
        ),
    )
    return [_eviction(area, *values, SCENARIO, "2026-11-01") for area, *values in drawn]


def support_areas() -> list[Area]:
    """Return places where trade is promoted: reported ones and a scenario."""
    names = (
        "id",
        "name",
        "support_kind",
        "provision_id",
        "valid_from",
        "valid_to",
        "source",
        "observed_on",
    )
    plots = places()
    loksem = _beside(roads()["Jl Raya Bogor"].line, 0.585, 0.605, 26)
    kitchen = _beside(roads()["Jl Lapangan Tembak"].line, 0.66, 0.71, 20)
    drawn = (
        (
            plots["Lokbin Susukan"],
            "S-1",
            "Lokbin Susukan (sebelum kebakaran)",
            "lokbin",
            "P-08",
            "2004-01-01",
            "2015-06-24",
            f"{BERITA}11705 (press), place schematic",
            "2015-06-24",
        ),
        (
            plots["Lokbin Susukan"],
            "S-2",
            "Lokbin Susukan (dibangun kembali)",
            "lokbin",
            "P-08",
            "2018-01-31",
            "",
            "press excerpt 2018-01-31, place schematic",
            "2018-01-31",
        ),
        (
            plots["Pasar Cibubur"],
            "S-3",
            "Pasar Cibubur (tempat relokasi)",
            "pasar",
            "P-07",
            "2022-10-05",
            "",
            f"{KOMPAS} (press; planned), place schematic",
            "2022-10-03",
        ),
        (
            plots["Terminal Kampung Rambutan"],
            "S-4",
            "Penataan PKL Terminal Kampung Rambutan",
            "lokasi PKL",
            "P-07",
            "2017-03-08",
            "",
            f"{BERITA}42154 (press), {OUTLINE}",
            "2017-03-01",
        ),
        (
            loksem,
            "S-5",
            "Loksem Jl Raya Bogor (skenario)",
            "loksem",
            "P-05",
            "2025-01-01",
            "",
            SCENARIO,
            "2026-11-01",
        ),
        (
            kitchen,
            "S-6",
            "Kuliner malam Jl Lapangan Tembak (skenario)",
            "lokasi PKL",
            "P-05",
            "2025-06-01",
            "",
            SCENARIO,
            "2026-11-01",
        ),
    )
    return [Area(area, dict(zip(names, values, strict=True))) for area, *values in drawn]
