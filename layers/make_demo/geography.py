"""Ciracas drawn by hand: five schematic kelurahan, the main roads, a river, a few places.

Positions are given on a sheet whose unit is 0.0001° (about 11 m), counted east from 106.86° E
and north from 6.40° S. The outlines are schematic: straight lines between rounded corners that
keep each kelurahan's rough place, neighbours and area. They are nobody's official boundary.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
import shapely.ops
from numpy.typing import NDArray
from shapely import LineString, Polygon

SHEET_ORIGIN = np.array([106.86, -6.40])
SHEET_UNIT = 1e-4
M_PER_DEGREE = np.array([110_640.0, 110_590.0])  # of longitude and latitude at 6.33° S
GRID_M = 0.05  # every vertex lies on this grid, so that neighbours share theirs exactly

# fmt: off
CORNERS = {
    "north": (110, 1130), "toll north": (152, 1050), "toll bend": (128, 995),
    "interchange": (232, 944), "toll ciracas": (270, 808), "toll kelapa": (268, 705),
    "toll cibubur": (315, 487), "south east": (356, 287), "south": (278, 282),
    "south bend": (234, 345), "munjul": (184, 384), "south west": (128, 425),
    "bogor 7": (84, 510), "bogor 6": (112, 592), "bogor 5": (76, 640), "bogor 4": (36, 735),
    "bogor 3": (49, 780), "bogor 2": (23, 882), "bogor 1": (70, 970), "bogor 0": (116, 1040),
    "susukan north": (118, 958), "susukan east": (162, 908), "three corners": (142, 850),
    "susukan south": (102, 778), "pkp": (203, 722), "gongseng": (183, 690),
    "kelapa west": (130, 604), "cibubur north": (192, 601), "cibubur bend": (168, 503),
    "tembak": (186, 487),
}
WEST_EDGE = ("north", *(f"bogor {n}" for n in range(8)))
# fmt: on


@dataclass(frozen=True)
class Kelurahan:
    """Official code, name and figures; a schematic outline."""

    code: str
    name: str
    population: int
    outline: tuple[str, ...]

    @property
    def polygon(self) -> Polygon:
        """The outline in metres."""
        return snapped(Polygon(metres([CORNERS[name] for name in self.outline])))


@dataclass(frozen=True)
class Road:
    """A street's centre line, and how far (m) carriageway, green strip and shops reach from it."""

    name: str
    line: LineString
    carriageway_m: float
    green_m: float
    trade_m: float


def metres(sheet: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
    """Turn sheet positions, shape (n, 2), into metres east and north of the sheet's corner."""
    return np.asarray(sheet, float) * SHEET_UNIT * M_PER_DEGREE


def degrees(xy_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn metres, shape (n, 2), into longitude and latitude to seven decimals."""
    return np.round(SHEET_ORIGIN + xy_m / M_PER_DEGREE, 7)


def snapped(polygon: Polygon) -> Polygon:
    """Put every vertex on the common grid."""
    return shapely.set_precision(polygon, GRID_M)


def line(*sheet: tuple[float, float]) -> LineString:
    """Draw a line through sheet positions, in metres."""
    return LineString(metres(sheet))


def block(west: float, south: float, east: float, north: float) -> Polygon:
    """Draw a rectangle between sheet positions, in metres."""
    return snapped(shapely.box(*metres([(west, south), (east, north)]).ravel()))


@cache
def kelurahan() -> tuple[Kelurahan, ...]:
    """Return the five kelurahan; names and codes of Kemendagri, population of 2024."""
    return (
        Kelurahan(
            "31.75.09.1001",
            "Ciracas",
            82_183,
            (
                "bogor 3",
                "susukan south",
                "three corners",
                "toll ciracas",
                "toll kelapa",
                "pkp",
                "gongseng",
                "kelapa west",
                "bogor 5",
                "bogor 4",
            ),
        ),
        Kelurahan(
            "31.75.09.1002",
            "Cibubur",
            84_649,
            (
                "bogor 6",
                "cibubur north",
                "cibubur bend",
                "tembak",
                "toll cibubur",
                "south east",
                "south",
                "south bend",
                "munjul",
                "south west",
                "bogor 7",
            ),
        ),
        Kelurahan(
            "31.75.09.1003",
            "Kelapa Dua Wetan",
            60_156,
            (
                "bogor 5",
                "kelapa west",
                "gongseng",
                "pkp",
                "toll kelapa",
                "toll cibubur",
                "tembak",
                "cibubur bend",
                "cibubur north",
                "bogor 6",
            ),
        ),
        Kelurahan(
            "31.75.09.1004",
            "Susukan",
            47_114,
            (
                "bogor 1",
                "susukan north",
                "susukan east",
                "three corners",
                "susukan south",
                "bogor 3",
                "bogor 2",
            ),
        ),
        Kelurahan(
            "31.75.09.1005",
            "Rambutan",
            46_677,
            (
                "north",
                "toll north",
                "toll bend",
                "interchange",
                "toll ciracas",
                "three corners",
                "susukan east",
                "susukan north",
                "bogor 1",
                "bogor 0",
            ),
        ),
    )


@cache
def district() -> Polygon:
    """Return the five kelurahan as one."""
    return shapely.union_all([one.polygon for one in kelurahan()], grid_size=GRID_M)


@cache
def roads() -> dict[str, Road]:
    """Return the streets by name, the widest first."""
    west = line(*(CORNERS[name] for name in WEST_EDGE))
    bogor = west.offset_curve(52, join_style="mitre")  # 52 m inside the district's edge
    drawn = (
        Road("Jl Raya Bogor", bogor, 14, 24, 70),
        Road(
            "Jl Raya Ciracas",
            line((38, 706), (110, 695), (176, 705), (202, 735), (271, 747)),
            10,
            10,
            48,
        ),
        Road("Jl Lapangan Tembak", line((84, 548), (140, 530), (186, 476), (314, 476)), 10, 10, 48),
        Road("Jl TB Simatupang", line((44, 926), (118, 916), (238, 927)), 12, 20, 50),
        Road("Jl Pengantin Ali", line((176, 705), (190, 790), (205, 870), (208, 893)), 6, 6, 6),
        Road(
            "Jl Raya Kelapa Dua Wetan",
            line((202, 735), (225, 650), (232, 560), (250, 476)),
            6,
            6,
            6,
        ),
        Road("Jl Jambore", line((250, 476), (262, 400), (306, 330), (312, 280)), 6, 6, 6),
    )
    return {road.name: road for road in drawn}


@cache
def river() -> LineString:
    """Return the course of Kali Cipinang, schematic."""
    return line(
        (218, 952),
        (240, 860),
        (222, 775),
        (250, 700),
        (246, 600),
        (272, 520),
        (258, 430),
        (290, 350),
        (284, 276),
    )


@cache
def places() -> dict[str, Polygon]:
    """Return the plots of markets and stations by name; their places are schematic."""
    return {
        "Pasar Ciracas": block(103, 696.5, 117, 706),
        "Pasar Cibubur": block(113, 540.5, 122, 547),
        "Terminal Kampung Rambutan": block(199, 894, 226, 910),
        "Lokbin Susukan": block(47, 828, 51.5, 832.5),
    }


def along(road: LineString, start: float, end: float) -> LineString:
    """Cut the stretch between two fractions of a line's length."""
    return shapely.ops.substring(road, start, end, normalized=True)
