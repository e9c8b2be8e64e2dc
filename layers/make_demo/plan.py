"""A zoning plan that tiles the district: streets, green strips, shops, a river, housing blocks."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import shapely
import shapely.affinity
from shapely import MultiLineString, Point, Polygon

from geography import GRID_M, Road, district, kelurahan, places, river, roads

PLAN = "RDTR 2022 (Pergub DKI Jakarta 31/2022), schematic demo"
BLOCK_M = 460.0
BLOCK_TURN_DEGREES = 12.0
SMALLEST_BLOCK_M2 = 8_000.0
WATER_M, BANK_M = 7.0, 19.0

SUBZONES = {
    "R-1": "Perumahan Kepadatan Sangat Tinggi",
    "R-2": "Perumahan Kepadatan Tinggi",
    "R-3": "Perumahan Kepadatan Sedang",
    "K-1": "Perdagangan dan Jasa Skala Kota",
    "K-2": "Perdagangan dan Jasa Skala WP",
    "K-3": "Perdagangan dan Jasa Skala SWP",
    "SPU-2": "SPU Skala Kecamatan",
    "SPU-3": "SPU Skala Kelurahan",
    "RTH-2": "Taman Kota",
    "RTH-7": "Pemakaman",
    "RTH-8": "Jalur Hijau",
    "TR": "Transportasi",
    "BJ": "Badan Jalan",
    "BA": "Badan Air",
}

# What the polygons themselves list; the rule table (ITBX) is asked first.
FOOD = "Sektor Usaha Informal Makanan dan Minuman"
GOODS = "Sektor Usaha Informal Selain Makanan dan Minuman"
SHOP = "Toko Eceran Makanan/Bahan Makanan dan Minuman"
SERVICES = "Binatu/ Laundry; Pangkas Rambut; Penjahit"
LISTS = {  # sub-zone: IZN, TBT, BST
    "R-1": (f"Rumah Tapak; {SHOP}; Warung Makan; {SERVICES}", f"Industri Mikro; {FOOD}", "Bengkel"),
    "R-2": (f"Rumah Tapak; {SHOP}", f"Warung Makan; {SERVICES}", "Industri Mikro; Bengkel"),
    "R-3": ("Rumah Tapak", SHOP, f"Warung Makan; {SERVICES}"),
    "K-1": (f"Pertokoan; Warung Makan; {SHOP}; {SERVICES}; Agen Gas Elpiji", "Bengkel", FOOD),
    "K-2": (f"Pasar Rakyat; Pusat Jajan; Warung Makan; {SHOP}; {FOOD}; {GOODS}", "Bengkel", ""),
    "K-3": (f"Pertokoan; Warung Makan; {SHOP}; {SERVICES}", "Bengkel", f"{FOOD}; {GOODS}"),
    "SPU-2": ("", "Warung Makan", FOOD),
    "SPU-3": ("", "Warung Makan", FOOD),
    "TR": ("Pusat Jajan", "Warung Makan", f"{FOOD}; {GOODS}"),
    "BJ": ("Jalan", "", ""),
    "RTH-2": ("Taman", "", ""),
}


@dataclass(frozen=True)
class Zone:
    """A polygon of the plan, in metres."""

    subzone: str
    kelurahan: str
    polygon: Polygon


def draw_plan(seed: int) -> list[Zone]:
    """Tile the district; neighbours share their vertices exactly."""
    faces = _faces()
    named = defaultdict(list)
    for face in faces:
        named[_name(face.representative_point())].append(face)
    rng = np.random.default_rng([seed, 1])
    blocks, zones = [], []
    for (subzone, area, *_rest), members in sorted(named.items()):
        for polygon in _parts(shapely.union_all(members, grid_size=GRID_M)):
            zones.append(Zone(subzone, area, polygon)) if subzone else blocks.append(
                (area, polygon)
            )
    return zones + [_used(area, polygon, rng) for area, polygon in _without_splinters(blocks)]


def _faces() -> list[Polygon]:
    edge = district()
    lines = [one.polygon.boundary for one in kelurahan()]
    lines += [plot.boundary for plot in places().values()]
    for road in roads().values():
        lines += [
            _strip(road.line, m).boundary for m in {road.carriageway_m, road.green_m, road.trade_m}
        ]
    lines += [_strip(river(), m).boundary for m in (WATER_M, BANK_M)]
    lines.append(_block_lines(edge))
    network = shapely.union_all(
        [shapely.intersection(one, edge) for one in lines], grid_size=GRID_M
    )
    return [
        face
        for face in shapely.polygonize([network]).geoms
        if edge.covers(face.representative_point())
    ]


def _strip(line: shapely.LineString, reach_m: float) -> Polygon:
    return line.buffer(reach_m, cap_style="flat", join_style="mitre")


def _block_lines(edge: Polygon) -> MultiLineString:
    west, south, east, north = edge.buffer(1_000).bounds
    upright = [((x, south), (x, north)) for x in np.arange(west, east, BLOCK_M)]
    level = [((west, y), (east, y)) for y in np.arange(south, north, BLOCK_M)]
    return shapely.affinity.rotate(
        MultiLineString(upright + level), BLOCK_TURN_DEGREES, edge.centroid
    )


def _name(point: Point) -> tuple[str, ...]:
    """Say what lies at a point: sub-zone (empty in a block), kelurahan, what it is part of."""
    area = next(one.name for one in kelurahan() if one.polygon.covers(point))
    for place, plot in places().items():
        if plot.covers(point):
            return "TR" if place.startswith("Terminal") else "K-2", area, place
    nearest = sorted(roads().values(), key=lambda road: road.line.distance(point))
    for reach, subzone in (("carriageway_m", "BJ"), ("green_m", "RTH-8")):
        for road in nearest:
            if road.line.distance(point) < getattr(road, reach):
                return subzone, area, road.name
    for reach_m, subzone in ((WATER_M, "BA"), (BANK_M, "RTH-8")):
        if river().distance(point) < reach_m:
            return subzone, area, "river"
    return _shop_or_block(point, area, nearest)


def _shop_or_block(point: Point, area: str, nearest: list[Road]) -> tuple[str, ...]:
    for road in nearest:
        if road.line.distance(point) < road.trade_m:
            return "K-1" if road.name == "Jl Raya Bogor" else "K-3", area, road.name
    turned = shapely.affinity.rotate(point, -BLOCK_TURN_DEGREES, district().centroid)
    west, south, *_ = district().buffer(1_000).bounds
    column, row = int((turned.x - west) // BLOCK_M), int((turned.y - south) // BLOCK_M)
    return "", area, f"{column:03d}/{row:03d}"


def _parts(geometry: shapely.Geometry) -> list[Polygon]:
    return list(shapely.get_parts(geometry))


def _without_splinters(blocks: list[tuple[str, Polygon]]) -> list[tuple[str, Polygon]]:
    """Give every splinter to the block of its kelurahan with which it shares the longest border."""
    kept = [one for one in blocks if one[1].area >= SMALLEST_BLOCK_M2]
    for area, splinter in (one for one in blocks if one[1].area < SMALLEST_BLOCK_M2):
        shared = [
            splinter.boundary.intersection(polygon.boundary).length if of == area else 0.0
            for of, polygon in kept
        ]
        host = int(np.argmax(shared))
        if shared[host] > 0:
            kept[host] = (area, shapely.union_all([kept[host][1], splinter], grid_size=GRID_M))
        else:
            kept.append((area, splinter))
    return kept


def _used(area: str, polygon: Polygon, rng: np.random.Generator) -> Zone:
    """Choose a block's use: dense kampung near water and markets, a park or school elsewhere."""
    crowded = (
        river().distance(polygon) < 150
        or min(plot.distance(polygon) for plot in places().values()) < 400
    )
    choices = ("R-1", "R-2", "R-3", "SPU-2", "SPU-3", "RTH-2", "RTH-7", "K-3")
    weights = (
        (0.46, 0.32, 0.05, 0.03, 0.06, 0.03, 0.01, 0.04)
        if crowded
        else (0.16, 0.40, 0.24, 0.03, 0.06, 0.04, 0.03, 0.04)
    )
    return Zone(str(rng.choice(choices, p=weights)), area, polygon)
