"""The zoning plan in use: its polygons, their own lists and its rule table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from gisapp.analysis.areas import Areas, chosen, one_below, stacked
from gisapp.analysis.columns import texts_frame
from gisapp.analysis.intervals import carries_dates
from gisapp.core.errors import GisappError
from gisapp.core.policy import CONFORMITY_CLASSES, PERMISSION_CLASS, ZONING_COLUMNS
from gisapp.core.words import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gisapp.core.layer import Layer
    from gisapp.core.project import Parameters, Project

RANK = {name: rank for rank, name in enumerate(CONFORMITY_CLASSES)}
# The order settles a name that stands in two lists of one polygon.
LISTS = ("conditional", "limited", "permitted")


@dataclass(frozen=True, eq=False)
class Plan:
    """A zoning plan on a date.

    Parameters
    ----------
    name : str
        The instrument; empty where the project has no zoning layer.
    areas : Areas
        Text columns ``id, layer, subzone, conditional, limited, permitted, valid_from, valid_to``.
    rules : mapping
        ``(subzone, kbli_prefix)`` to the ranks (places in `CONFORMITY_CLASSES`) its rows give.
    unlisted : int
        The rank of an activity that no rule names.
    unused : tuple of str
        The project's other plans.
    warnings : tuple of str
    """

    name: str
    areas: Areas
    rules: dict[tuple[str, str], frozenset[int]]
    unlisted: int
    unused: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def plan_in_use(project: Project, parameters: Parameters, as_of: str, until: str = "") -> Plan:
    """Choose the plan that `parameters` names, else the one whose name sorts last.

    Its polygons are those in force on `as_of`, or on any day from then to `until` where given.

    Raises
    ------
    GisappError
        Where the project has no such plan, or its rule table has an unknown permission.
    """
    plans: dict[str, list[Layer]] = {}
    for layer in project.of_kind("zoning"):
        plans.setdefault(layer.plan or layer.name, []).append(layer)
    name = _chosen_name(plans, parameters.plan)
    layers = plans.get(name, [])
    codes_missing = [layer.name for layer in layers if not _generation(layer)]
    return Plan(
        name=name,
        areas=_zoning_areas(layers, as_of, until),
        rules=_rules(project, name),
        unlisted=RANK[parameters.unlisted],
        unused=tuple(sorted(set(plans) - {name})),
        warnings=_warnings(name, codes_missing),
    )


def _chosen_name(plans: dict[str, list[Layer]], wanted: str) -> str:
    if not wanted:
        return max(plans, default="")
    for name, layers in plans.items():
        if wanted == name or any(wanted == layer.name for layer in layers):
            return name
    raise GisappError(
        _("The project has no zoning plan “{plan}”.").format(plan=wanted),
        _("Choose one of: {plans}.").format(plans=", ".join(sorted(plans)) or "–"),
    )


def _warnings(name: str, codes_missing: Sequence[str]) -> tuple[str, ...]:
    if not name:
        return (_("There is no zoning layer: conformity says nothing."),)
    return tuple(
        _(
            "Layer “{layer}” has none of the columns of an RDTR plan: no rule is read from it."
        ).format(layer=layer)
        for layer in codes_missing
    )


def _generation(layer: Layer) -> str:
    """Name the generation of field names that `layer` has most columns of; "" for none."""
    present = {
        g: sum(c in layer.frame for c in names.values()) for g, names in ZONING_COLUMNS.items()
    }
    best = max(present, key=lambda g: present[g])
    return best if present[best] else ""


def _zoning_areas(layers: Sequence[Layer], as_of: str, until: str) -> Areas:
    """Put a plan's layers together under one set of column names: what is in force of them."""
    columns = ("id", "layer", "valid_from", "valid_to", "subzone", *LISTS)
    parts = []
    for layer in layers:
        names = ZONING_COLUMNS.get(_generation(layer), {})
        read = stacked((layer,), ("valid_from", "valid_to", *names.values()))
        ours = read.frame.rename(columns={theirs: name for name, theirs in names.items()})
        missing = {name: "" for name in columns if name not in ours}
        part = Areas(ours.assign(**missing)[list(columns)], read.polygons)
        # RDTR features carry no dates: a layer without any holds as long as it is there.
        parts.append(chosen(part, as_of, until) if carries_dates(part.frame) else part)
    frame = pd.concat([texts_frame([], columns), *(p.frame for p in parts)], ignore_index=True)
    return Areas(
        frame, one_below([p.polygons for p in parts]), tuple(x for p in parts for x in p.undated)
    )


def _rules(project: Project, plan: str) -> dict[tuple[str, str], frozenset[int]]:
    """Read the plan's rule table; rows that name no plan belong to the plan in use."""
    tables = [t for name, t in sorted(project.tables.items()) if t.kind == "rules"]
    columns = ("subzone", "kbli_prefix", "permission", "plan")
    rows = texts_frame([t.frame for t in tables], columns)
    rows = rows[rows["plan"].isin(["", plan]) & (rows["subzone"] != "")]
    ranks: dict[tuple[str, str], frozenset[int]] = {}
    for subzone, prefix, permission, _plan in rows.itertuples(index=False):
        key = (subzone, prefix)
        ranks[key] = ranks.get(key, frozenset()) | {_rank_of_permission(permission)}
    return ranks


def _rank_of_permission(letter: str) -> int:
    try:
        return RANK[PERMISSION_CLASS[letter.upper()]]
    except KeyError:
        raise GisappError(
            _("The rule table has an unknown permission “{letter}”.").format(letter=letter),
            _("Use one of: {letters}.").format(letters=", ".join(PERMISSION_CLASS)),
        ) from None


def listed_names(lists: Iterable[str]) -> dict[str, frozenset[int]]:
    """Read one polygon's lists, in the order of `LISTS`: name to the ranks of the lists with it.

    Names are whole, trimmed and casefolded: “Warung Makan” is not in “Warung Makan Siap Saji”.
    """
    ranks: dict[str, frozenset[int]] = {}
    for class_name, listed in zip(LISTS, lists, strict=True):
        for name in (part.strip().casefold() for part in listed.split(";")):
            if name:
                ranks[name] = ranks.get(name, frozenset()) | {RANK[class_name]}
    return ranks
