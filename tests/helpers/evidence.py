"""A project in which every kind of reason occurs, drawn at random from a stated seed."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from helpers import policy
from helpers.policy import point, square

if TYPE_CHECKING:
    from gisapp.core.project import Project

ACTIVITIES = ("Warung Makan", "Bengkel", "Penjahit", "")
STAGES = ("announced", "disputed", "sp1", "sp2", "sp3", "executed", "cancelled")


def many_reasons(seed: int = 1, n: int = 40) -> Project:
    """A project of n businesses and families under plans, evictions, supports and provisions."""
    dice = random.Random(seed)

    def somewhere() -> object:
        return None if dice.random() < 0.1 else point(dice.uniform(0, 400), dice.uniform(0, 400))

    def area(i: int, **more: object) -> dict[str, object]:
        place = square(dice.uniform(-50, 350), dice.uniform(-50, 350), dice.uniform(60, 200))
        since = dice.choice(["2025-01-01", "2026-05-01", "2027-01-01", None])
        return {"id": f"{i}", "valid_from": since, "geometry": place, **more}

    return policy.project(
        admin=[
            {"id": "A", "code": "31.1", "name": "Barat", "geometry": square(0, 0, 200)},
            {"id": "B", "code": "31.2", "name": "Timur", "geometry": square(200, 0, 180)},
        ],
        businesses=[
            {
                "id": f"b{i}", "activity": dice.choice(ACTIVITIES),
                "form": dice.choice(["pkl", "kios"]),
                "kbli": dice.choice(["56102", "56", "4782", None]), "geometry": somewhere(),
                "gps_precision_m": dice.choice([3.0, 20.0, 0.0, None]),
                "net_income_idr_month": dice.choice([1e6, 2.5e6, None]),
            }
            for i in range(n)
        ],
        households=[
            {
                "id": f"h{i}", "members": dice.choice([1.0, 4.0, None]), "geometry": somewhere(),
                "income_idr_month": dice.choice([2e6, 4e6, None]), "gps_precision_m": 5.0,
            }
            for i in range(n)
        ],
        zoning=[
            {
                "id": f"z{i}", "KODSZN_1": dice.choice(["R-1", "K-1"]),
                "BST": dice.choice(["Warung Makan", ""]), "TBT": dice.choice(["Bengkel", ""]),
                "IZN": dice.choice(["Penjahit; Warung Makan", ""]),
                "geometry": square(100 * (i % 4), 100 * (i // 4), dice.choice([90, 110])),
            }
            for i in range(12)
        ],
        evictions=[
            area(f"e{i}", stage=dice.choice(STAGES), name=f"Kali {i}", actor="Satpol PP")  # type: ignore[arg-type]
            for i in range(7)
        ],
        support_areas=[area(f"s{i}", name=f"Loksem {i}", support_kind="loksem") for i in range(4)],  # type: ignore[arg-type]
        rules=[
            {"id": "1", "subzone": "R-1", "kbli_prefix": "56", "permission": "X"},
            {"id": "2", "subzone": "R-1", "kbli_prefix": "56", "permission": "B"},
            {"id": "3", "subzone": "K-1", "kbli_prefix": "561", "permission": "I"},
        ],
        operates=[
            {
                "id": f"o{i}", "household_id": f"h{dice.randrange(n)}",
                "business_id": f"b{dice.randrange(n)}",
                "income_share": dice.choice([1.0, 0.5, None]),
            }
            for i in range(n)
        ],
        supports=[
            {
                "id": f"p{i}", "programme": dice.choice(["PKH", "KUBE"]),
                "valid_from": "2026-01-01",
                "household_id": f"h{dice.randrange(n)}" if i % 2 else None,
                "business_id": None if i % 2 else f"b{dice.randrange(n)}",
            }
            for i in range(n // 2)
        ],
        provisions=[
            {
                "id": "P1", "instrument": "Perda", "number": "8", "year": "2007", "stance": -2.0,
                "applies_to": "evictions:form=pkl", "quote": "dilarang", "coded_by": "A.",
            },
            {
                "id": "P2", "instrument": "Pergub", "number": "10", "year": "2015", "stance": 3.0,
                "applies_to": "KUBE", "quote": "membina", "coded_by": "B.",
            },
        ],
    )  # fmt: skip
