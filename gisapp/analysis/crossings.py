"""Where policies cross: every promoting and every repressing policy at each contradictory subject.

A *policy* is a row of the register or, where the register is silent, what takes effect by itself:
a plan's class, an eviction area, a support area, a support programme. One policy may reach
subjects through several grounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.register import OWN_STANCE

if TYPE_CHECKING:
    from gisapp.analysis.columns import Geometries, Ints, Texts
    from gisapp.analysis.findings import About, Findings
    from gisapp.analysis.study import Study

# What a policy does where no row of the register says so. A limit or a condition is neither
# leave nor prohibition, so it has none.
_OWN_DEONTIC = {
    ("zoning", "permitted"): "permit",
    ("zoning", "prohibited"): "prohibit",
    ("evictions", ""): "sanction",
    ("support_areas", ""): "support",
    ("supports", ""): "support",
}
_LETS, _FORBIDS, _HELPS = ("permit", "oblige"), ("prohibit", "sanction"), ("support",)
DIRECT, INSTRUMENTAL, NOT_CLASSIFIED = "direct", "instrumental", "not_classified"
MANNERS = (DIRECT, INSTRUMENTAL, NOT_CLASSIFIED)
POLICY_TEXTS = (
    "provision_id", "instrument", "name", "institution", "institution_kind", "deontic",
    "quote", "quote_en", "source", "coded_by",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Meetings:
    """Pairs of policies at the n subjects of a kind: arrays of shape (k,).

    `subject` is a row of the subjects, `plus` and `minus` are rows of `Crossings.uses`.
    """

    subject: Ints
    plus: Ints
    minus: Ints


@dataclass(frozen=True, eq=False)
class Crossings:
    """Who stands between which policies.

    Parameters
    ----------
    policies : DataFrame
        A row a policy: `POLICY_TEXTS`, missing is ``""``; sorted by them.
    uses : DataFrame
        ``policy`` (row of `policies`) and ``ground`` (row of the grounds): through what a policy
        reaches somebody.
    businesses, families : Meetings
    operates : tuple of ndarray of int
        Rows of families and of businesses: who operates which.
    """

    policies: pd.DataFrame
    uses: pd.DataFrame
    businesses: Meetings
    families: Meetings
    operates: tuple[Ints, Ints]

    def policy_of(self, uses: Ints) -> Ints:
        """Return the policies, shape (k,), of some uses."""
        policy: Ints = self.uses["policy"].to_numpy(np.int64)[uses]
        return policy


def crossings(studied: Study) -> Crossings:
    """Pair the promoting with the repressing policies of each contradictory subject."""
    found = studied.found
    sides = [_applied(found.businesses), _applied(found.households)]
    keys = pd.MultiIndex.from_frame(pd.concat(sides)[["ground", "provision"]]).unique()
    described = _described(found, keys.sort_values())
    use_of = pd.Series(np.arange(len(described)), index=keys.sort_values())
    policy, policies = _distinct_policies(described)
    uses = pd.DataFrame({"policy": policy, "ground": described["ground"]})
    meetings = [_meetings(side, use_of) for side in sides]
    links = studied.case.links
    return Crossings(policies, uses, meetings[0], meetings[1], (links.household, links.business))


def manner(policies: pd.DataFrame, plus: Ints, minus: Ints) -> Texts:
    """Say of pairs of policies whether they contradict directly or in their means.

    Parameters
    ----------
    policies : DataFrame
        As in `Crossings`.
    plus, minus : ndarray of int, shape (k,)
        Rows of `policies`.

    Returns
    -------
    ndarray of str, shape (k,)
        ``direct``: one lets or obliges what the other prohibits or sanctions; ``instrumental``:
        one gives means, the other prohibits or sanctions; else ``not_classified``.
    """
    deontic = policies["deontic"].to_numpy(dtype=object)
    against = np.isin(deontic, _FORBIDS)[minus]
    lets, helps = np.isin(deontic, _LETS)[plus], np.isin(deontic, _HELPS)[plus]
    return np.select([lets & against, helps & against], [DIRECT, INSTRUMENTAL], NOT_CLASSIFIED)


def _applied(about: About) -> pd.DataFrame:
    """Return the provisions with a stance that apply to contradictory subjects."""
    found = about.contradiction
    of_contradictory = found.contradictory[found.applied["subject"].to_numpy(np.int64)]
    applied: pd.DataFrame = found.applied[
        of_contradictory & (found.applied["stance"] != 0).to_numpy()
    ]
    return applied


def _meetings(applied: pd.DataFrame, use_of: pd.Series) -> Meetings:
    keys = pd.MultiIndex.from_frame(applied[["ground", "provision"]])
    rows = pd.DataFrame(
        {
            "subject": applied["subject"].to_numpy(),
            "use": use_of.to_numpy()[use_of.index.get_indexer(keys)],
        }
    )
    promotes = (applied["stance"] > 0).to_numpy()
    pairs = rows[promotes].merge(rows[~promotes], on="subject", suffixes=("_plus", "_minus"))
    columns = (pairs[c].to_numpy(np.int64) for c in ("subject", "use_plus", "use_minus"))
    return Meetings(*columns)


def _described(found: Findings, keys: pd.MultiIndex) -> pd.DataFrame:
    """Return a row for each (ground, provision): its texts, and what makes it one policy."""
    applied = keys.to_frame(index=False)
    own = found.provisions.grounds.iloc[applied["ground"]].reset_index(drop=True)
    row = found.provisions.register.reindex(applied["provision"]).reset_index(drop=True)
    coded = (applied["provision"] != OWN_STANCE).to_numpy()
    row = row.rename(columns={"id": "provision_id"}).assign(name="")[list(POLICY_TEXTS)]
    texts = row.astype(object)
    texts[~coded] = ""
    for column in ("instrument", "institution"):
        texts[column] = texts[column].where(coded, own[column])
    texts["name"] = texts["name"].where(coded, _own_name(own))
    texts["deontic"] = texts["deontic"].where(coded, _own_deontic(own))
    kinds = _kinds_of_institutions(found.provisions.register)
    texts["institution_kind"] = texts["institution_kind"].where(
        texts["institution_kind"] != "", [kinds.get(x, "") for x in texts["institution"]]
    )
    # Two areas of one name are two policies; supports of one programme are one.
    is_area = own["area_kind"].isin(["evictions", "support_areas"]).to_numpy() & ~coded
    texts["layer"] = np.where(is_area, own["layer"], "")
    texts["area_id"] = np.where(is_area, own["area_id"], "")
    texts["register_row"] = applied["provision"].to_numpy()
    texts["ground"] = applied["ground"].to_numpy()
    return texts


def _own_name(own: pd.DataFrame) -> Texts:
    """Name what takes effect by itself: a plan's class, an area's name (its id without one)."""
    kind = own["area_kind"].to_numpy(dtype=object)
    called = own["name"].where(own["name"] != "", own["area_id"]).to_numpy(dtype=object)
    classes = own["finding"].where(own["finding"] != "", "permitted").to_numpy(dtype=object)
    named: Texts = np.select([kind == "zoning", kind == "supports"], [classes, ""], called)
    return named


def _own_deontic(own: pd.DataFrame) -> list[str]:
    """Return what each ground does of itself."""
    zoning = (own["area_kind"] == "zoning").to_numpy()
    classes = own["finding"].where(own["finding"] != "", "permitted").where(zoning, "")
    return [_OWN_DEONTIC.get(pair, "") for pair in zip(own["area_kind"], classes, strict=True)]


def _kinds_of_institutions(register: pd.DataFrame) -> dict[str, str]:
    """Return each institution's kind where all rows of the register that state one agree."""
    stated = register.loc[
        (register["institution"] != "") & (register["institution_kind"] != ""),
        ["institution", "institution_kind"],
    ].drop_duplicates()
    sure = stated[~stated["institution"].duplicated(keep=False)]
    return dict(zip(sure["institution"], sure["institution_kind"], strict=True))


def _distinct_policies(described: pd.DataFrame) -> tuple[Ints, pd.DataFrame]:
    """Number the policies in the order of their texts."""
    apart = [*POLICY_TEXTS, "layer", "area_id", "register_row"]
    policy, distinct = pd.factorize(pd.MultiIndex.from_frame(described[apart]), sort=True)
    frame = pd.DataFrame(list(distinct), columns=apart, dtype=object)
    return policy.astype(np.int64), frame[list(POLICY_TEXTS)]


def polygons_of(studied: Study, grounds: Ints) -> Geometries:
    """Return the polygon of each ground, shape (k,); None for a support."""
    case, rows = studied.case, studied.found.provisions.grounds.iloc[grounds]
    areas = {
        "zoning": case.plan.areas,
        "evictions": case.evictions,
        "support_areas": case.support_areas,
    }
    keys = [
        pd.MultiIndex.from_arrays([[kind] * len(a.frame), a.frame["layer"], a.frame["id"]])
        for kind, a in areas.items()
    ]
    index = keys[0].append(keys[1:])
    first = np.flatnonzero(~index.duplicated())
    wanted = pd.MultiIndex.from_frame(rows[["area_kind", "layer", "area_id"]])
    place = index[first].get_indexer(wanted)
    polygons = np.concatenate([*(a.polygons for a in areas.values()), [None]])
    found = polygons[np.where(place >= 0, np.append(first, -1)[place], -1)]
    broken = ~(shapely.is_valid(found) | shapely.is_missing(found))
    found[broken] = shapely.make_valid(found[broken])
    return found
