"""Invented businesses, placed where street trade in Ciracas is known to gather."""

from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Polygon

from geography import along, district, places, river, roads
from plan import FOOD, GOODS, SHOP, Zone

PRECISION_TO_SIGMA = 1.515

# Activity: KBLI 2020, usual net income a month (Rp), usual schedule, words of its stalls' names.
ACTIVITIES = {
    FOOD: ("56104", 3.3e6, "16-23", ("Bakso", "Soto", "Nasi Goreng", "Pecel Lele", "Sate")),
    GOODS: ("47822", 2.9e6, "15-22", ("Busana", "Hijab", "Kaos", "Aksesoris")),
    "Sepatu Kaki Lima": ("47823", 3.1e6, "18-23", ("Sepatu", "Sandal")),
    "Buah Kaki Lima": ("47812", 3.6e6, "07-21", ("Buah",)),
    "Sayur Kaki Lima": ("47813", 2.6e6, "04-10", ("Sayur",)),
    "Warung Makan": ("56102", 3.9e6, "07-20", ("Warteg", "Warung Nasi", "Rumah Makan")),
    SHOP: ("47112", 3.1e6, "06-22", ("Kelontong", "Sembako", "Toko")),
    "Pulsa dan Aksesoris": ("47414", 2.8e6, "08-21", ("Pulsa", "Seluler")),
    "Bengkel": ("45407", 4.3e6, "08-18", ("Bengkel", "Tambal Ban")),
    "Pangkas Rambut": ("96111", 2.7e6, "09-21", ("Pangkas",)),
    "Binatu/ Laundry": ("96200", 2.9e6, "07-20", ("Binatu",)),
    "Penjahit": ("14120", 2.3e6, "08-17", ("Jahit", "Permak")),
    "Industri Mikro": ("10391", 3.2e6, "02-09", ("Tempe", "Tahu", "Kerupuk")),
    "Agen Gas Elpiji": ("47772", 4.1e6, "07-20", ("Gas",)),
}
ADJECTIVES = (
    "Berkah",
    "Barokah",
    "Jaya",
    "Maju",
    "Sederhana",
    "Rejeki",
    "Mekar",
    "Harapan",
    "Laris",
    "Abadi",
    "Sentosa",
    "Makmur",
    "Lestari",
    "Sejahtera",
    "Mulya",
    "Asri",
)

STREET = {
    FOOD: 38,
    GOODS: 16,
    "Buah Kaki Lima": 14,
    "Sepatu Kaki Lima": 7,
    "Warung Makan": 8,
    "Pulsa dan Aksesoris": 9,
    "Bengkel": 8,
}
MARKET = {"Sayur Kaki Lima": 28, "Buah Kaki Lima": 18, FOOD: 18, GOODS: 22, SHOP: 14}
FRONTAGE = {
    "Warung Makan": 24,
    SHOP: 20,
    "Pulsa dan Aksesoris": 14,
    "Bengkel": 14,
    "Pangkas Rambut": 8,
    "Binatu/ Laundry": 8,
    "Agen Gas Elpiji": 5,
    "Penjahit": 7,
}
KAMPUNG = {
    SHOP: 34,
    "Warung Makan": 20,
    "Industri Mikro": 14,
    "Penjahit": 10,
    "Binatu/ Laundry": 9,
    "Pangkas Rambut": 5,
    "Bengkel": 4,
    "Agen Gas Elpiji": 4,
}


@dataclass(frozen=True)
class Gathering:
    """Businesses along a stretch of a line, `near_m` to `far_m` from it, or on a plot."""

    count: int
    where: LineString | Polygon
    location_kind: str
    form: str
    activities: dict[str, int]
    near_m: float = 0.0
    far_m: float = 0.0
    hot_spots: tuple[float, ...] = ()


@dataclass
class Trade:
    """The businesses, one entry each in every column; `true_m` is where they really are."""

    true_m: NDArray[np.float64]
    location_kind: NDArray[np.str_]
    form: NDArray[np.str_]
    activity: NDArray[np.str_]
    columns: dict[str, list[str]] = field(default_factory=dict)


def gatherings() -> list[Gathering]:
    """List where the street trade gathers."""
    bogor, ciracas = roads()["Jl Raya Bogor"].line, roads()["Jl Raya Ciracas"].line
    tembak, ali = roads()["Jl Lapangan Tembak"].line, roads()["Jl Pengantin Ali"].line
    spots = (0.17, 0.36, 0.545, 0.60, 0.66, 0.86)
    plots = places()
    return [
        Gathering(210, bogor, "trotoar", "pkl", STREET, 8, 12, spots),
        Gathering(150, bogor, "jalur_hijau", "pkl", STREET, 17, 22, spots),
        Gathering(35, bogor, "badan_jalan", "pkl", STREET, 4, 8, spots),
        Gathering(230, bogor, "persil", "kios", FRONTAGE, 30, 55),
        Gathering(130, along(ciracas, 0.16, 0.42), "trotoar", "pkl", STREET, 5, 9, (0.5,)),
        Gathering(150, ciracas, "persil", "kios", FRONTAGE, 16, 38),
        Gathering(150, plots["Pasar Ciracas"], "pasar", "kios", MARKET),
        Gathering(70, plots["Pasar Cibubur"], "pasar", "kios", MARKET),
        Gathering(60, plots["Lokbin Susukan"], "lokbin", "kios", MARKET),
        Gathering(80, plots["Terminal Kampung Rambutan"], "persil", "warung", FRONTAGE),
        Gathering(75, along(ali, 0.86, 1.0), "trotoar", "pkl", STREET, 3, 9, (0.7,)),
        Gathering(110, along(tembak, 0.45, 1.0), "trotoar", "pkl", STREET, 5, 9, (0.25, 0.7)),
        Gathering(120, tembak, "persil", "kios", FRONTAGE, 16, 38),
        Gathering(45, along(river(), 0.28, 0.62), "bantaran", "warung", KAMPUNG, 9, 18),
    ]


def open_businesses(zones: list[Zone], count: int, seed: int) -> Trade:
    """Place `count` businesses: at the gatherings, the rest on plots in housing blocks."""
    rng = np.random.default_rng([seed, 2])
    groups = gatherings()
    homes = [zone.polygon for zone in zones if zone.subzone in {"R-1", "R-2"}]
    points = [_spread(group, rng) for group in groups]
    rest = count - sum(group.count for group in groups)
    points.append(points_in(homes, np.array([home.area for home in homes]), rest, rng))
    groups.append(Gathering(rest, district(), "persil", "warung", KAMPUNG))
    trade = Trade(
        np.vstack(points),
        np.concatenate([np.repeat(group.location_kind, group.count) for group in groups]),
        np.concatenate([np.repeat(group.form, group.count) for group in groups]).astype("U16"),
        np.concatenate([_activities(group, rng) for group in groups]),
    )
    trade.form[np.isin(trade.activity, ["Bengkel", "Pangkas Rambut", "Penjahit"])] = "service"
    trade.form[trade.activity == "Industri Mikro"] = "home_industry"
    trade.columns = _answers(trade, rng)
    return trade


def points_in(
    polygons: list[Polygon], weights: NDArray[np.float64], count: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw points, shape (count, 2), evenly inside polygons chosen by weight."""
    chosen = np.sort(rng.choice(len(polygons), count, p=weights / weights.sum()))
    found = np.empty((count, 2))
    missing = np.arange(count)
    while missing.size:
        around = np.array(polygons)[chosen[missing]]
        boxes = shapely.bounds(around)
        tried = boxes[:, :2] + rng.random((missing.size, 2)) * (boxes[:, 2:] - boxes[:, :2])
        inside = shapely.contains_xy(around, tried[:, 0], tried[:, 1])
        found[missing[inside]] = tried[inside]
        missing = missing[~inside]
    return found


def _spread(group: Gathering, rng: np.random.Generator) -> NDArray[np.float64]:
    if isinstance(group.where, Polygon):
        return points_in([group.where.buffer(-3)], np.ones(1), group.count, rng)
    return beside(group.where, group.near_m, group.far_m, group.count, rng, group.hot_spots)


def beside(
    line: LineString,
    near_m: float,
    far_m: float,
    count: int,
    rng: np.random.Generator,
    hot_spots: tuple[float, ...] = (),
) -> NDArray[np.float64]:
    """Draw points on both sides of a line, gathered around the fractions `hot_spots` of it."""
    found: list[NDArray[np.float64]] = []
    while len(found) < count:
        at = rng.random()
        if hot_spots and rng.random() < 0.75:
            at = rng.choice(hot_spots) + rng.normal(0, 120 / line.length)
        here, next_ = (
            np.array(line.interpolate(m).coords[0])
            for m in (at * line.length, at * line.length + 1)
        )
        offset = rng.uniform(near_m, far_m) * rng.choice((-1, 1))
        ahead = (next_ - here) / max(float(np.hypot(*(next_ - here))), 1e-9)
        point = here + offset * np.array([-ahead[1], ahead[0]])
        if 0 < at < 1 and shapely.contains_xy(district(), *point):
            found.append(point)
    return np.array(found)


def _activities(group: Gathering, rng: np.random.Generator) -> NDArray[np.str_]:
    weights = np.array(list(group.activities.values()), float)
    return rng.choice(list(group.activities), group.count, p=weights / weights.sum())


def _answers(trade: Trade, rng: np.random.Generator) -> dict[str, list[str]]:
    count = len(trade.activity)
    income = [ACTIVITIES[activity][1] for activity in trade.activity] * np.exp(
        rng.normal(0, 0.35, count)
    )
    registered = np.isin(trade.location_kind, ["lokbin", "pasar"])
    permit = np.where(registered, "tdu", np.where(rng.random(count) < 0.18, "nib", "none"))
    return {
        "nama_usaha": [_stall_name(activity, rng) for activity in trade.activity],
        "kbli": _blanked([ACTIVITIES[activity][0] for activity in trade.activity], 0.06, rng),
        "pekerja": _blanked((1 + rng.poisson(0.6, count)).tolist(), 0.02, rng),
        "laba_bersih_bulan": _blanked(
            (np.round(income / 5e4) * 5e4).astype(int).tolist(), 0.05, rng
        ),
        "izin": permit.tolist(),
        "izin_berlaku_sampai": ["2027-06-30" if one == "tdu" else "" for one in permit],
        "jam_buka": [ACTIVITIES[activity][2] for activity in trade.activity],
        "persetujuan": rng.choice(
            ["internal", "mitra", "publik"], count, p=[0.55, 0.25, 0.2]
        ).tolist(),
    }


def _stall_name(activity: str, rng: np.random.Generator) -> str:
    return f"{rng.choice(ACTIVITIES[activity][3])} {rng.choice(ADJECTIVES)} {rng.integers(1, 99)}"


def _blanked(values: list[object], share: float, rng: np.random.Generator) -> list[str]:
    """Leave a share of the answers out, as a survey does."""
    return [
        "" if blank else str(value)
        for value, blank in zip(values, rng.random(len(values)) < share, strict=True)
    ]


def measured(
    true_m: NDArray[np.float64], rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give places as a phone reports them, with the precision (m) that it claims."""
    precision_m = np.round(np.clip(rng.lognormal(1.45, 0.6, len(true_m)), 2.5, 45), 1)
    error = (
        rng.normal(0, 1, true_m.shape) * (precision_m / PRECISION_TO_SIGMA / np.sqrt(2))[:, None]
    )
    return true_m + error, precision_m
