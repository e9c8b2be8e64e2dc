"""Small random instances on a grid of 10 m, so that points on edges and corners are common."""

from __future__ import annotations

from typing import Any

from helpers.policy import point, square
from hypothesis import Phase, settings
from hypothesis import strategies as st

# Explaining a failure traces every line of every example, which trebles the time of them all.
PHASES = tuple(phase for phase in Phase if phase is not Phase.explain)
few = settings(max_examples=5, phases=PHASES)

STEP_M = 10
ACTIVITIES = ("Warung Makan", "Warung Makan Siap Saji", "Penjahit", " penjahit ", "", None)
DATES = (None, "2026-01-01", "2026-11-01", "2026-11-02")
ENDS = (None, "2026-11-01", "2026-11-02")

cell = st.integers(0, 14).map(lambda i: float(i * STEP_M))
places = st.none() | st.builds(point, cell, cell)
squares = st.builds(square, cell, cell, st.sampled_from((20.0, 40.0, 70.0)))
dates = {"valid_from": st.sampled_from(DATES), "valid_to": st.sampled_from(ENDS)}
precision = st.sampled_from((None, 0.0, 3.0, 12.0))


def records(prefix: str, fields: dict[str, Any], most: int) -> st.SearchStrategy[Any]:
    """Lists of records with ids made of `prefix` and a number.

    Many records an instance and few instances: what an assessment costs hardly depends on them.
    """
    rows = st.lists(st.fixed_dictionaries(fields), min_size=most // 2, max_size=most)
    return rows.map(lambda found: [{"id": f"{prefix}{i}", **row} for i, row in enumerate(found)])


def named_lists() -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(ACTIVITIES[:3]), max_size=2).map(" ; ".join)


def ids(prefix: str, most: int) -> st.SearchStrategy[str]:
    return st.integers(0, most).map(lambda i: f"{prefix}{i}")


instances = st.fixed_dictionaries({
    "admin": records("A", {"geometry": squares}, 3).map(
        lambda rows: [{**row, "code": row["id"], "name": row["id"]} for row in rows]
    ),
    "businesses": records("B", {
        "geometry": places,
        "activity": st.sampled_from(ACTIVITIES),
        "kbli": st.sampled_from((None, "47112", "56102", "56103")),
        "form": st.sampled_from((None, "pkl", "kios")),
        "gps_precision_m": precision,
        "net_income_idr_month": st.sampled_from((None, 0.0, 1.1e6, 2.3e6)),
    }, 24),
    "households": records("H", {
        "geometry": places,
        "gps_precision_m": precision,
        "members": st.sampled_from((None, 0.0, 1.0, 4.0)),
        "income_idr_month": st.sampled_from((None, 9e5, 4e6)),
    }, 12),
    "zoning": records("Z", {
        "geometry": squares,
        "KODSZN_1": st.sampled_from(("R-1", "K-1", "RTH")),
        "IZN": named_lists(), "TBT": named_lists(), "BST": named_lists(),
    }, 5),
    "evictions": records("E", {
        "geometry": squares,
        "stage": st.sampled_from(("announced", "disputed", "sp1", "sp2", "executed", "cancelled")),
        **dates,
    }, 4),
    "support_areas": records("S", {"geometry": squares, **dates}, 3),
    "operates": st.lists(st.fixed_dictionaries({
        "household_id": ids("H", 12),
        "business_id": ids("B", 24),
        "income_share": st.sampled_from((None, 0.5, 1.0)),
    }), min_size=4, max_size=16, unique_by=lambda row: (row["household_id"], row["business_id"])),
    "supports": records("T", {
        "household_id": st.none() | ids("H", 12),
        "business_id": st.none() | ids("B", 24),
        "programme": st.sampled_from(("PKH", "KUBE")),
        **dates,
    }, 8),
    "rules": st.lists(st.fixed_dictionaries({
        "subzone": st.sampled_from(("R-1", "K-1")),
        "kbli_prefix": st.sampled_from((None, "5", "561", "47112")),
        "permission": st.sampled_from("ITBX"),
    }), max_size=4),
    "provisions": records("P", {
        "applies_to": st.sampled_from((
            "zoning", "evictions", "E0", "evictions:form=pkl", "support_areas", "PKH", "Z1",
        )),
        "stance": st.sampled_from((-3.0, -2.0, 0.0, 1.0, 3.0)),
        "status": st.sampled_from(("in_force", "revoked")),
    }, 3),
})  # fmt: skip

nothing: dict[str, list[dict[str, Any]]] = {kind: [] for kind in (
    "admin", "businesses", "households", "zoning", "evictions", "support_areas",
    "operates", "supports", "rules", "provisions",
)}  # fmt: skip
