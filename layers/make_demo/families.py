"""Invented families: their homes, the businesses they run, the support they receive."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geography import along, kelurahan, river
from plan import Zone
from policy import INVENTED
from trade import Trade, beside, points_in

RIVERSIDE = 80
HOMES_PER_AREA = {"R-1": 2.4, "R-2": 1.5, "R-3": 1.0}  # relative
WALK_M = 1_100.0  # how fast the chance falls that a family runs a stall so far from home


@dataclass
class Families:
    """The families, one entry each in every array; `stalls` maps a family to stalls and shares."""

    true_m: NDArray[np.float64]
    riverside: NDArray[np.bool_]
    members: NDArray[np.int64]
    under18: NDArray[np.int64]
    over60: NDArray[np.int64]
    disability: NDArray[np.int64]
    head_sex: NDArray[np.str_]
    tenure: NDArray[np.str_]
    income_idr_month: NDArray[np.float64]
    desil: NDArray[np.int64]
    stalls: dict[int, list[tuple[int, float]]]


def settle(zones: list[Zone], trade: Trade, count: int, seed: int) -> Families:
    """Place `count` families by each kelurahan's population, `RIVERSIDE` of them on the banks."""
    rng = np.random.default_rng([seed, 3])
    bank = beside(along(river(), 0.25, 0.6), 9, 18, RIVERSIDE, rng)
    true_m = np.vstack([_homes(zones, count - RIVERSIDE, rng), bank])
    riverside = np.arange(count) >= count - RIVERSIDE
    members = 1 + rng.binomial(7, 0.4, count)
    under18 = rng.binomial(np.maximum(members - 1, 0), 0.42)
    stalls = _stalls(true_m, trade, rng)
    income = _incomes(stalls, trade, members, rng)
    return Families(
        true_m,
        riverside,
        members,
        under18,
        over60=rng.binomial(members - under18, 0.14),
        disability=rng.binomial(members, 0.02),
        head_sex=np.where(rng.random(count) < 0.19, "P", "L"),
        tenure=np.where(
            riverside,
            "tanah_negara",
            rng.choice(["milik", "kontrak", "menumpang"], count, p=[0.45, 0.41, 0.14]),
        ),
        income_idr_month=income,
        desil=_deciles(income / members),
        stalls=stalls,
    )


def _homes(zones: list[Zone], count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    people = {one.name: one.population for one in kelurahan()}
    housing = [zone for zone in zones if zone.subzone in HOMES_PER_AREA]
    room = np.array([zone.polygon.area * HOMES_PER_AREA[zone.subzone] for zone in housing])
    area = np.array([zone.kelurahan for zone in housing])
    weights = room.copy()
    for name, population in people.items():
        weights[area == name] *= population / room[area == name].sum()
    return points_in([zone.polygon for zone in housing], weights, count, rng)


def _stalls(
    homes_m: NDArray[np.float64], trade: Trade, rng: np.random.Generator
) -> dict[int, list[tuple[int, float]]]:
    """Give seven families in ten a stall or two near home; some stalls have two families."""
    runs: dict[int, list[int]] = {}
    keepers = np.zeros(len(trade.true_m), int)
    for family in rng.permutation(len(homes_m))[: int(0.7 * len(homes_m))]:
        distance = np.hypot(*(trade.true_m - homes_m[family]).T)
        weights = np.exp(-distance / WALK_M) * np.array([1.0, 0.12, 0.0])[np.minimum(keepers, 2)]
        wanted = 1 + int(rng.random() < 0.18)
        chosen = rng.choice(len(weights), wanted, replace=False, p=weights / weights.sum())
        keepers[chosen] += 1
        runs[int(family)] = chosen.tolist()
    return {
        family: [(stall, 1.0 if keepers[stall] == 1 else 0.5) for stall in chosen]
        for family, chosen in sorted(runs.items())
    }


def _incomes(
    stalls: dict[int, list[tuple[int, float]]],
    trade: Trade,
    members: NDArray[np.int64],
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Add what stalls bring in to wages; a family without a stall lives on wages alone."""
    income = np.exp(rng.normal(np.log(2.6e6), 0.6, len(members))) * (0.6 + 0.12 * members)
    earned = [float(value or 2.9e6) for value in trade.columns["laba_bersih_bulan"]]
    for family, run in stalls.items():
        income[family] = 0.45 * income[family] + sum(share * earned[stall] for stall, share in run)
    return np.round(income / 1e4) * 1e4


def _deciles(income_per_head: NDArray[np.float64]) -> NDArray[np.int64]:
    """Rank families into DTSEN deciles; the survey reached few of the best-off."""
    rank = np.argsort(np.argsort(income_per_head, kind="stable")) / len(income_per_head)
    return np.minimum(1 + (rank**1.25 * 9.5).astype(int), 10)


def supports(
    families: Families, business_ids: list[str], family_ids: list[str], seed: int
) -> list[dict[str, object]]:
    """List support received: social assistance by decile, business capital for some stalls."""
    rng = np.random.default_rng([seed, 4])
    rows: list[dict[str, object]] = []
    for family, desil in enumerate(families.desil):
        for programme, amount, share, highest in ASSISTANCE:
            if desil <= highest and rng.random() < share:
                rows.append(_support(programme, amount, rng, id_keluarga=family_ids[family]))
    run = sorted({stall for stalls in families.stalls.values() for stall, _share in stalls})
    for stall in rng.choice(run, 130, replace=False):
        programme, amount = CAPITAL[int(rng.random() < 0.4)]
        rows.append(_support(programme, amount, rng, id_usaha=business_ids[stall]))
    return rows


# Programme, illustrative amount (Rp), share of the families up to the decile that receive it.
ASSISTANCE = (("PKH", 750_000, 0.3, 4), ("Sembako", 200_000, 0.34, 4), ("KIP", 450_000, 0.14, 4))
CAPITAL = (("UEP", 2_500_000), ("KUBE", 5_000_000))


def _support(
    programme: str, amount: int, rng: np.random.Generator, **who: str
) -> dict[str, object]:
    ended = rng.random() < 0.15
    return {
        "id_keluarga": "",
        "id_usaha": "",
        **who,
        "program": programme,
        "jumlah": amount,
        "berlaku_sejak": "2024-01-01"
        if ended
        else str(rng.choice(["2025-07-01", "2026-01-01", "2026-07-01"])),
        "berlaku_sampai": "2025-12-31" if ended else "",
        "sumber": INVENTED,
    }
