"""A small crowded project, edits of every kind, and all that an assessment answers, to compare."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from helpers.policy import layer, point, project, square, table

from gisapp.analysis.assess import assess
from gisapp.analysis.remembering import MEMORY
from gisapp.analysis.study import study
from gisapp.core.layer import Layer, Table
from gisapp.core.project import Parameters, Project

if TYPE_CHECKING:
    from gisapp.core.assessment import Assessment

WIDTH_M = 600.0
ACTIVITIES = ("Warung", "Bengkel", "Salon", "")
ZONES = ("R-1", "K-1", "H-2")
STAGES = ("announced", "sp1", "sp3", "executed", "cancelled", "")
DATES = ("", "2025-01-01", "2026-06-01", "2027-01-01")
Rng = np.random.Generator
Record = dict[str, Any]


def crowded(seed: int) -> Project:
    """Subjects that share a few blocks with every kind of policy."""
    rng = np.random.default_rng(seed)
    kinds = {kind: [make(rng, f"{kind[0]}{i}") for i in range(n)] for kind, make, n in MAKERS}
    return project(parameters=Parameters("2026-11-01"), **kinds)


def somewhere(rng: Rng) -> shapely.Point | None:
    return None if rng.random() < 0.08 else point(*rng.integers(0, int(WIDTH_M), 2))


def block(rng: Rng) -> shapely.Polygon:
    x, y = rng.integers(0, 6, 2) * 100 - 50
    return square(x, y, float(rng.choice([80, 100, 230])))


def business(rng: Rng, name: str) -> Record:
    return {
        "id": name,
        "activity": rng.choice(ACTIVITIES),
        "kbli": rng.choice(["56101", "47112", ""]),
        "form": rng.choice(["pkl", "kios"]),
        "gps_precision_m": rng.choice([5.0, 20.0, 60.0, None]),
        "net_income_idr_month": rng.choice([1e6, 2.5e6, None]),
        "geometry": somewhere(rng),
    }


def household(rng: Rng, name: str) -> Record:
    return {
        "id": name,
        "members": rng.choice([1.0, 4.0, None]),
        "income_idr_month": rng.choice([9e5, 4e6, None]),
        "gps_precision_m": rng.choice([5.0, 30.0, None]),
        "geometry": somewhere(rng),
    }


def zone(rng: Rng, name: str) -> Record:
    return {
        "id": name,
        "KODSZN_1": rng.choice(ZONES),
        "IZN": rng.choice(["Warung; Salon", ""]),
        "TBT": "Bengkel",
        "BST": "",
        "geometry": block(rng),
    }


def eviction(rng: Rng, name: str) -> Record:
    return {
        "id": name,
        "name": f"Kali {name}",
        "stage": rng.choice(STAGES),
        "valid_from": rng.choice(DATES),
        "geometry": block(rng),
    }


def support_area(rng: Rng, name: str) -> Record:
    return {
        "id": name,
        "name": f"Lokbin {name}",
        "valid_from": rng.choice(DATES),
        "provision_id": rng.choice(["p0", ""]),
        "geometry": block(rng),
    }


def admin(rng: Rng, name: str) -> Record:
    return {"id": name, "code": f"31.{rng.integers(0, 5)}", "name": name, "geometry": block(rng)}


def link(rng: Rng, _name: str) -> Record:
    return {
        "household_id": f"h{rng.integers(0, 8)}",
        "business_id": f"b{rng.integers(0, 14)}",
        "income_share": rng.choice([0.5, 1.0, None]),
    }


def support(rng: Rng, name: str) -> Record:
    receiver = ("household_id", "h") if rng.random() < 0.6 else ("business_id", "b")
    return {
        "id": name if rng.random() < 0.5 else "",
        receiver[0]: f"{receiver[1]}{rng.integers(0, 8)}",
        "programme": rng.choice(["PKH", "KUBE"]),
        "valid_from": rng.choice(DATES),
    }


def rule(rng: Rng, _name: str) -> Record:
    return {
        "subzone": rng.choice(ZONES),
        "kbli_prefix": rng.choice(["56", "47112", ""]),
        "permission": rng.choice(list("ITBX")),
    }


def provision(rng: Rng, name: str) -> Record:
    targets = ("zoning", "evictions:form=pkl", "e1", "KUBE", "support_areas", "z2", "nowhere")
    return {
        "id": name,
        "instrument": f"Perda {name}",
        "applies_to": rng.choice(targets),
        "stance": float(rng.integers(-3, 4)),
        "quote": rng.choice(["a", "b"]),
    }


MAKERS: tuple[tuple[str, Callable[[Rng, str], Record], int], ...] = (
    ("businesses", business, 14),
    ("households", household, 8),
    ("zoning", zone, 9),
    ("evictions", eviction, 5),
    ("support_areas", support_area, 3),
    ("admin", admin, 4),
    ("operates", link, 10),
    ("supports", support, 5),
    ("rules", rule, 3),
    ("provisions", provision, 3),
)
MAKE = {kind: make for kind, make, _n in MAKERS}


def _part(given: Project, kind: str) -> Layer | Table:
    return given.tables[kind] if kind in given.tables else given.layer(kind)


def _with(given: Project, part: Layer | Table, frame: pd.DataFrame) -> Project:
    changed = replace(part, frame=frame.reset_index(drop=True))
    return given.with_table(changed) if isinstance(part, Table) else given.with_layer(changed)


def _made(kind: str, rng: Rng) -> pd.DataFrame:
    record = MAKE[kind](rng, f"{kind[0]}{rng.integers(20, 99)}")
    return (layer if "geometry" in record else table)(kind, [record]).frame


def added(given: Project, kind: str, rng: Rng) -> Project:
    part = _part(given, kind)
    new = _made(kind, rng)
    if new["id"].notna().all() and new["id"].isin(part.frame["id"]).any():
        return given
    return _with(given, part, pd.concat([part.frame, new]).astype(part.frame.dtypes))


def removed(given: Project, kind: str, rng: Rng) -> Project:
    part = _part(given, kind)
    gone = rng.integers(0, len(part.frame), rng.integers(1, 3))
    return _with(given, part, part.frame.drop(index=gone))


def changed(given: Project, kind: str, rng: Rng) -> Project:
    """One row gets other values, and another place, under the id that it has."""
    part, new = _part(given, kind), _made(kind, rng)
    row = rng.integers(0, len(part.frame))
    frame = part.frame.copy()
    for column in new.columns.intersection(frame.columns).difference(["id"]):
        frame[column] = [
            new[column].iloc[0] if i == row else x for i, x in enumerate(frame[column])
        ]
    return _with(given, part, frame.astype(part.frame.dtypes))


def moved(given: Project, kind: str, rng: Rng) -> Project:
    part, new = _part(given, kind), _made(kind, rng)
    if "geometry" not in new.columns:
        return given
    shapes = np.array(part.frame.geometry.array, dtype=object)
    shapes[rng.integers(0, len(shapes))] = new.geometry.iloc[0]
    return _with(given, part, part.frame.set_geometry(shapes, crs=part.frame.crs))


def shuffled(given: Project, kind: str, rng: Rng) -> Project:
    part = _part(given, kind)
    return _with(given, part, part.frame.iloc[rng.permutation(len(part.frame))])


def asked_otherwise(given: Project, _kind: str, rng: Rng) -> Project:
    values: list[dict[str, Any]] = [
        {"as_of": "2025-03-01"},
        {"as_of": "2027-03-01"},
        {"poverty_line_idr_month": 2e6},
        {"unlisted": "prohibited"},
    ]
    return replace(
        given, parameters=replace(given.parameters, **values[rng.integers(0, len(values))])
    )


def without_the_kind(given: Project, kind: str, _rng: Rng) -> Project:
    if kind in ("businesses", "households"):
        return given
    tables = {name: table for name, table in given.tables.items() if name != kind}
    return replace(given.without_layer(kind), tables=tables)


def read_again(given: Project, kind: str, _rng: Rng) -> Project:
    """The same rows, as a file gives them back: nothing is shared with the earlier frame."""
    part = _part(given, kind)
    frame = part.frame.copy(deep=True)
    if "geometry" in frame:
        frame = frame.set_geometry(shapely.from_wkb(frame.geometry.to_wkb()), crs=frame.crs)
    return _with(given, part, frame)


EDITS = (
    added, removed, changed, moved, shuffled, asked_otherwise, without_the_kind, read_again,
)  # fmt: skip


def edited(given: Project, edit: Callable[..., Project], kind: str, seed: int) -> Project:
    if kind not in given.tables and not any(x.name == kind for x in given.layers):
        return given
    if not len(_part(given, kind).frame):
        return given
    return edit(given, kind, np.random.default_rng(seed))


def from_scratch(given: Project) -> Assessment:
    MEMORY.forget()
    return assess(given)


def everything(given: Project, answer: Assessment) -> dict[str, Any]:
    """All that is told and found, by name."""
    found = study(given).found
    arrays = {
        "rank": found.conformity.rank,
        "pairs": found.conformity.pairs.area,
        "verdicts": found.conformity.verdicts.rank,
        "poverty": np.array([found.impact.poverty.before, found.impact.poverty.after], object),
    }
    for about in (found.businesses, found.households):
        kind = about.subjects.kind
        arrays |= {
            f"{kind} reach": np.array([about.reach.subject, about.reach.ground, about.reach.bears]),
            f"{kind} exposure": about.exposure_certainty.probability,
            f"{kind} place": about.member.place,
            f"{kind} applied": about.contradiction.applied.to_numpy(),
        }
    frames = {
        "businesses": answer.businesses,
        "households": answer.households,
        "conflicts": answer.conflicts,
        "contradiction pairs": answer.pairs,
        "grounds": found.provisions.grounds,
        "named": found.provisions.named,
    }
    told = {"summary": json.dumps(answer.summary), "inputs": json.dumps(dict(answer.inputs))}
    return {"frames": frames, "arrays": arrays, "told": told}


def assert_same(ours: dict[str, Any], truth: dict[str, Any]) -> None:
    assert ours["told"] == truth["told"]
    for name, frame in truth["frames"].items():
        pd.testing.assert_frame_equal(ours["frames"][name], frame, check_exact=True, obj=name)
    for name, array in truth["arrays"].items():
        np.testing.assert_array_equal(ours["arrays"][name], array, err_msg=name)
