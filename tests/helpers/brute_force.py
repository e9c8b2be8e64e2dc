"""The definitions, read aloud: an assessment by plain loops, one predicate at a time.

Slow on purpose and written without a look at ``gisapp.analysis``: records in, dictionaries out.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import shapely

RESTRICTIVENESS = ("no_rule", "permitted", "limited", "conditional", "prohibited")
LETTERS = {"I": "permitted", "T": "limited", "B": "conditional", "X": "prohibited"}
ZONE_STANCE = {"permitted": 1, "limited": -1, "conditional": -1, "prohibited": -3}
STAGES = ("announced", "disputed", "sp1", "sp2", "sp3", "executed")
STAGE_STANCE = dict(zip(STAGES, (-1, -1, -2, -2, -3, -3), strict=True))
ADMIN_REACH_M = 50

Records = list[dict[str, Any]]


def dated(record: dict[str, Any], as_of: str) -> bool:
    start, end = record.get("valid_from"), record.get("valid_to")
    return bool(start) and start <= as_of and (not end or as_of < end)


class BruteForce:
    """Answers one question after the other about `kinds`: kind to list of records."""

    def __init__(self, as_of: str, kinds: dict[str, Records]) -> None:
        self.as_of = as_of
        self.k = {kind: kinds.get(kind, []) for kind in (
            "admin", "businesses", "households", "zoning", "evictions", "support_areas",
            "operates", "supports", "rules", "provisions",
        )}  # fmt: skip
        self.cleared = [
            e for e in self.k["evictions"] if dated(e, as_of) and e["stage"] != "cancelled"
        ]

    def class_in(self, business: dict[str, Any], zone: dict[str, Any]) -> str:
        kbli, best, found = business.get("kbli") or "", -1, []
        for rule in self.k["rules"]:
            prefix = rule.get("kbli_prefix") or ""
            if rule["subzone"].strip() == zone["KODSZN_1"].strip() and kbli.startswith(prefix):
                if len(prefix) > best:
                    best, found = len(prefix), []
                if len(prefix) == best:
                    found.append(LETTERS[rule["permission"]])
        if found:
            return max(found, key=RESTRICTIVENESS.index)
        activity = (business.get("activity") or "").strip().lower()
        lists = (("BST", "conditional"), ("TBT", "limited"), ("IZN", "permitted"))
        for column, name in lists:
            names = [part.strip().lower() for part in (zone.get(column) or "").split(";")]
            if activity and activity in names:
                return name
        return "no_rule"

    def covering(self, subject: dict[str, Any], areas: Records) -> Records:
        place = subject.get("geometry")
        return [a for a in areas if place is not None and a["geometry"].intersects(place)]

    def business_class(self, business: dict[str, Any]) -> tuple[str, str]:
        if business.get("geometry") is None:
            return "not_assessed", ""
        zones = self.covering(business, self.k["zoning"])
        if not zones:
            return "outside_plan", ""
        classes = [self.class_in(business, z) for z in zones]
        codes = ";".join(sorted(z["KODSZN_1"] for z in zones))
        return max(classes, key=RESTRICTIVENESS.index), codes

    def exposure(self, subject: dict[str, Any]) -> tuple[str, str]:
        areas = self.covering(subject, self.cleared)
        stage = max((a["stage"] for a in areas), key=STAGES.index, default="")
        return stage, ";".join(sorted(a["id"] for a in areas))

    def operated_by(self, family: str) -> Records:
        named = {o["business_id"] for o in self.k["operates"] if o["household_id"] == family}
        return [b for b in self.k["businesses"] if b["id"] in named]

    def impact(self, family: dict[str, Any]) -> str:
        home = bool(self.exposure(family)[1])
        work = any(self.exposure(b)[1] for b in self.operated_by(family["id"]))
        if home and work:
            return "both"
        if home or work:
            return "direct" if home else "livelihood"
        places = [family, *self.operated_by(family["id"])]
        return "none" if any(p.get("geometry") is not None for p in places) else "not_assessed"

    def exposed_incomes(self, family: str) -> list[float | None]:
        """Each exposed business's contribution; None where it is not known."""
        amounts = []
        for link in self.links(family):
            business = next(b for b in self.k["businesses"] if b["id"] == link["business_id"])
            if self.exposure(business)[1]:
                income, share = business.get("net_income_idr_month"), link.get("income_share")
                known = income is not None and share is not None
                amounts.append(income * share if known else None)
        return amounts

    def links(self, family: str) -> Records:
        ids = {b["id"] for b in self.k["businesses"]}
        links = {}
        shares = [x.get("income_share") for x in self.k["operates"]]
        known = [-1.0 if share is None else share for share in shares]
        for place in sorted(range(len(known)), key=known.__getitem__, reverse=True):
            link = self.k["operates"][place]
            if link["household_id"] == family and link["business_id"] in ids:
                links.setdefault(link["business_id"], link)
        return list(links.values())

    def contradiction(self, kind: str, subject: dict[str, Any]) -> float:
        stances: list[float] = []
        if kind == "businesses":
            class_, _codes = self.business_class(subject)
            for zone in self.covering(subject, self.k["zoning"]):
                if self.class_in(subject, zone) == class_:
                    names = ("zoning", zone["id"])
                    stances += self.coded(subject, names, ZONE_STANCE.get(class_))
        for area in self.covering(subject, self.cleared):
            names = ("evictions", area["id"])
            stances += self.coded(subject, names, STAGE_STANCE[area["stage"]])
        places = [a for a in self.k["support_areas"] if dated(a, self.as_of)]
        for area in self.covering(subject, places):
            stances += self.coded(subject, ("support_areas", area["id"]), 2)
        for support in self.supports(kind, subject["id"]):
            names = ("supports", support["programme"], support["id"])
            stances += self.coded(subject, names, 2)
        plus, minus = max([0, *stances]), min([0, *stances])
        return min(plus, -minus) / 3

    def coded(
        self, subject: dict[str, Any], names: tuple[str, ...], default: float | None
    ) -> list[float]:
        rows = []
        for row in self.k["provisions"]:
            target, *only = row["applies_to"].split(":")
            wanted = [part.split("=") for part in only]
            fits = all((subject.get(key) or "") == value for key, value in wanted)
            if row["status"] == "in_force" and target in names and fits:
                rows.append(row["stance"])
        return rows or ([] if default is None else [default])

    def supports(self, kind: str, subject_id: str) -> Records:
        own, other = ("business_id", "household_id")
        if kind == "households":
            own, other = other, own
        partners = {o[other] for o in self.k["operates"] if o[own] == subject_id}
        known = {r["id"] for r in (*self.k["businesses"], *self.k["households"])}
        return [
            s
            for s in self.k["supports"]
            if dated(s, self.as_of)
            and (s.get(own) == subject_id or s.get(other) in partners & known)
        ]

    def admin(self, subject: dict[str, Any]) -> str:
        place = subject.get("geometry")
        if place is None:
            return "no_location"
        inside = [a["code"] for a in self.k["admin"] if a["geometry"].intersects(place)]
        if inside:
            return min(inside)
        near = [(a["geometry"].distance(place), a["code"]) for a in self.k["admin"]]
        distance, code = min(near, default=(math.inf, ""))
        return code if distance <= ADMIN_REACH_M else "outside"

    def margin_m(self, business: dict[str, Any]) -> float:
        """Distance to the border of the region, in the whole plan, of the business's class."""
        zones = self.k["zoning"]
        class_, _codes = self.business_class(business)
        own = [z["geometry"] for z in zones if self.class_in(business, z) == class_]
        if class_ == "outside_plan":
            everything = shapely.union_all([z["geometry"] for z in zones])
            return everything.distance(business["geometry"]) if zones else math.inf
        rank = RESTRICTIVENESS.index(class_)
        higher = [
            z["geometry"] for z in zones if RESTRICTIVENESS.index(self.class_in(business, z)) > rank
        ]
        region = shapely.union_all(own) - shapely.union_all(higher)
        return region.boundary.distance(business["geometry"])

    def conformity_totals(self) -> Counter[str]:
        return Counter(self.business_class(b)[0] for b in self.k["businesses"])
