"""Who stands between which policies, by plain loops, written without a look at the program's."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import shapely
from helpers.brute_force import STAGE_STANCE, ZONE_STANCE, BruteForce

INSTITUTIONS = ("Satpol PP", "Dinas UMKM", "")
DEONTICS = ("permit", "prohibit", "support", "sanction", "oblige", "")
Policy = tuple[str, ...]


def with_institutions(kinds: dict[str, Any]) -> dict[str, Any]:
    """Give evictions an actor, and provisions an institution and a deontic, by their place."""

    def pick(words: tuple[str, ...], place: int) -> str:
        return words[place % len(words)]

    return {
        **kinds,
        "evictions": [
            {**row, "actor": pick(INSTITUTIONS, n)} for n, row in enumerate(kinds["evictions"])
        ],
        "provisions": [
            {**row, "institution": pick(INSTITUTIONS, n + 1), "deontic": pick(DEONTICS, n),
             "instrument": f"Perda {n}"}
            for n, row in enumerate(kinds["provisions"])
        ],
    }  # fmt: skip


class Crossing(BruteForce):
    """Lists, for every subject, the policies that apply: (stance, policy, institution, …)."""

    def policies(self, kind: str, subject: dict[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        if kind == "businesses":
            class_, _codes = self.business_class(subject)
            for zone in self.covering(subject, self.k["zoning"]):
                if self.class_in(subject, zone) == class_:
                    own = ("zoning", class_), ZONE_STANCE.get(class_), ""
                    found += self.at(subject, zone, ("zoning", zone["id"]), *own)
        for area in self.covering(subject, self.cleared):
            own = ("evictions", area["id"]), STAGE_STANCE[area["stage"]], area["actor"]
            found += self.at(subject, area, ("evictions", area["id"]), *own)
        places = [a for a in self.k["support_areas"] if self.holds(a)]
        for area in self.covering(subject, places):
            own = ("support_areas", area["id"]), 2, ""
            found += self.at(subject, area, ("support_areas", area["id"]), *own)
        for support in self.supports(kind, subject["id"]):
            names = ("supports", support["programme"], support["id"])
            found += self.at(subject, {}, names, ("supports", support["programme"]), 2, "")
        return found

    def holds(self, area: dict[str, Any]) -> bool:
        return bool(area.get("valid_from")) and area["valid_from"] <= self.as_of and (
            not area.get("valid_to") or self.as_of < area["valid_to"]
        )  # fmt: skip

    def at(
        self,
        subject: dict[str, Any],
        ground: dict[str, Any],
        names: tuple[str, ...],
        policy: Policy,
        stance: float | None,
        institution: str,
    ) -> list[dict[str, Any]]:
        rows = []
        for row in self.k["provisions"]:
            target, *only = row["applies_to"].split(":")
            fits = all((subject.get(k) or "") == v for k, v in (part.split("=") for part in only))
            if row["status"] == "in_force" and target in names and fits:
                rows.append({"stance": row["stance"], "policy": ("row", row["id"]),
                             "institution": row["institution"], "deontic": row["deontic"],
                             "polygon": ground.get("geometry")})  # fmt: skip
        deontic = {
            "evictions": "sanction",
            "support_areas": "support",
            "supports": "support",
            "zoning": {"permitted": "permit", "prohibited": "prohibit"}.get(policy[1], ""),
        }
        own = {"stance": stance, "policy": policy, "institution": institution,
               "deontic": deontic[policy[0]], "polygon": ground.get("geometry")}  # fmt: skip
        return rows or ([own] if stance is not None else [])

    def pairs(self, kind: str) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
        """Every (subject's id, promoting policy, repressing policy)."""
        return [
            (subject["id"], plus, minus)
            for subject in self.k[kind]
            for plus in self.policies(kind, subject)
            for minus in self.policies(kind, subject)
            if plus["stance"] > 0 > minus["stance"]
        ]

    def matrix(self) -> dict[tuple[str, str], dict[str, Any]]:
        """Each cell's families, businesses, pairs of policies and ground."""
        cells: dict[tuple[str, str], dict[str, Any]] = defaultdict(
            lambda: {"households": set(), "businesses": set(), "pairs": set(), "ground": []}
        )
        for kind in ("businesses", "households"):
            for subject, plus, minus in self.pairs(kind):
                cell = cells[plus["institution"], minus["institution"]]
                cell[kind].add(subject)
                cell["pairs"].add((plus["policy"], minus["policy"], how(plus, minus)))
                if plus["polygon"] is not None and minus["polygon"] is not None:
                    cell["ground"].append(plus["polygon"] & minus["polygon"])
        for cell in cells.values():
            operators = {
                o["household_id"] for o in self.k["operates"]
                if o["business_id"] in cell["businesses"]
            }  # fmt: skip
            known = {h["id"] for h in self.k["households"]}
            cell["livelihood"] = (operators & known) - cell["households"]
            cell["area_m2"] = shapely.union_all(cell["ground"]).area
        return dict(cells)


def how(plus: dict[str, Any], minus: dict[str, Any]) -> str:
    if minus["deontic"] not in ("prohibit", "sanction"):
        return "not_classified"
    if plus["deontic"] in ("permit", "oblige"):
        return "direct"
    return "instrumental" if plus["deontic"] == "support" else "not_classified"
