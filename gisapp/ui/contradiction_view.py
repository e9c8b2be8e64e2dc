"""What the page on contradictions shows of an answer. No Qt."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.coding import codings_of, disputed_warnings
from gisapp.analysis.concentration import contradiction_cells
from gisapp.analysis.contradiction_report import ask_contradictions
from gisapp.analysis.institutions import who_stands_between
from gisapp.core.contradictions import (
    agreement_text,
    deontic_text,
    headline_text,
    institution_text,
    manner_text,
    policy_text,
    relation_text,
)
from gisapp.core.words import _, label, number
from gisapp.io.catalogue import load_catalogue
from gisapp.render.charts import Matrix as Chart
from gisapp.ui.frame_view import FrameView

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from gisapp.analysis.columns import Geometries, Ints
    from gisapp.analysis.contradiction_report import Contradictions
    from gisapp.analysis.institutions import By, Cell, Hit, Matrix
    from gisapp.core.progress import Progress
    from gisapp.core.project import Project

Measure = Literal["families", "businesses", "pairs", "area"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
M2_PER_HA = 10_000.0


@dataclass(frozen=True, eq=False)
class Shown:
    """An answer, and what the page says of it.

    Parameters
    ----------
    answer : Contradictions
    claim : str
        The headline.
    notes : str
        Within and between institutions, direct and in their means, and how far coders agree.
    codings : DataFrame
        As `coding.codings_of` reads them.
    where : GeoDataFrame, optional
        Counts in hexagons; None without an admin layer.
    """

    answer: Contradictions
    claim: str
    notes: str
    codings: pd.DataFrame
    where: gpd.GeoDataFrame | None


def show_contradictions(project: Project, progress: Progress) -> Shown:
    """Ask, and make what the page shows; for a worker."""
    answer = ask_contradictions(project, progress=progress)
    counted = project.of_kind("admin") and answer.headline["businesses"] + _families(answer)
    return Shown(
        answer=answer,
        claim=headline_text(answer.headline),
        notes=notes_text(answer),
        codings=codings_of(project),
        where=contradiction_cells(project, answer.studied) if counted else None,
    )


def _families(answer: Contradictions) -> int:
    total = answer.by_institution.total
    return total.families + total.livelihood


def notes_text(answer: Contradictions) -> str:
    """Say between whom the policies stand, how they contradict, and how far coders agree."""
    found = answer.by_institution
    parts = [
        (relation_text("within"), found.within),
        (relation_text("between"), found.between),
        (relation_text("not_stated"), found.not_stated),
        *((manner_text(word), hit) for word, hit in found.manners.items()),
    ]
    counted = "; ".join(f"{words}: {_all_families(hit)}" for words, hit in parts)
    told = _("Families, also through a business: {parts}. A family may be in several.")
    agreed = agreement_text(asdict(answer.coding))
    return " ".join(
        (told.format(parts=counted), agreed, *disputed_warnings(answer.studied.case.disputed))
    )


def _all_families(hit: Hit) -> str:
    return number(hit.families + hit.livelihood)


def matrix_of(shown: Shown, by: By) -> Matrix:
    """Return the matrix of institutions or of their kinds."""
    return shown.answer.by_institution if by == "institution" else shown.answer.by_kind


def party_text(by: By, word: str) -> str:
    """Name an institution or a kind of institution; one that nobody stated too."""
    codes = load_catalogue().kind("provisions").fields["institution_kind"].codes
    if by == "institution_kind" and word in codes:
        return label(codes[word])
    return institution_text("" if word == "unknown" else word)


def measure_text(measure: Measure) -> str:
    """Return what is counted, in words."""
    return {
        "families": _("Families, also through a business"),
        "businesses": _("Businesses"),
        "pairs": _("Pairs of policies"),
        "area": _("Ground where both apply (ha)"),
    }[measure]


def _value(cell: Cell, measure: Measure) -> float:
    values: dict[Measure, float] = {
        "families": cell.hit.families + cell.hit.livelihood,
        "businesses": cell.hit.businesses,
        "pairs": cell.pairs["total"],
        "area": cell.area_m2 / M2_PER_HA,
    }
    return values[measure]


def matrix_chart(found: Matrix, measure: Measure) -> Chart:
    """Draw who promotes (rows) against who represses (columns)."""
    rows = sorted({cell.plus for cell in found.cells})
    columns = sorted({cell.minus for cell in found.cells})
    values = {(cell.plus, cell.minus): _value(cell, measure) for cell in found.cells}
    return Chart(
        title=_("Who promotes (rows) and who represses (columns)"),
        unit=measure_text(measure),
        note=_("It says where policies meet, not which of them is lawful."),
        decimals=1 if measure == "area" else 0,
        rows=tuple(party_text(found.by, x) for x in rows),
        columns=tuple(party_text(found.by, x) for x in columns),
        values=tuple(tuple(values.get((x, y)) for y in columns) for x in rows),
    )


def cell_view(found: Matrix) -> FrameView:
    """Return the cells as a table: a row each, in the order of `Matrix.cells`."""
    names = (
        _("promotes"), _("represses"), _("families"), _("through a business"), _("businesses"),
        _("pairs"), _("direct"), _("instrumental"), _("not classified"), _("area (m²)"),
    )  # fmt: skip
    rows = [
        (
            party_text(found.by, cell.plus), party_text(found.by, cell.minus), cell.hit.families,
            cell.hit.livelihood, cell.hit.businesses, cell.pairs["total"], cell.pairs["direct"],
            cell.pairs["instrumental"], cell.pairs["not_classified"], round(cell.area_m2),
        )
        for cell in found.cells
    ]  # fmt: skip
    return FrameView(pd.DataFrame(rows, columns=pd.Index(names)), names)


def pair_rows(found: Matrix, cells: Sequence[int]) -> Ints:
    """Return the rows of `Matrix.pairs` in some cells (none: in all), those that hit most first."""
    pairs = found.pairs
    chosen = np.flatnonzero(pairs["cell"].isin(list(cells))) if cells else np.arange(len(pairs))
    reached = (pairs["families"] + pairs["livelihood"]).to_numpy()[chosen]
    stalls = pairs["businesses"].to_numpy()[chosen]
    order: Ints = chosen[np.lexsort((chosen, -stalls, -reached))]
    return order


def pair_view(found: Matrix, rows: Ints) -> FrameView:
    """Return some pairs of policies as a table, in the order of `rows`."""
    names = (
        _("promotes"), _("represses"), _("how"), _("families"), _("through a business"),
        _("businesses"),
    )  # fmt: skip
    pairs = found.pairs.iloc[rows]
    frame = pd.DataFrame(
        {
            names[0]: [_policy(found, int(policy)) for policy in pairs["plus"]],
            names[1]: [_policy(found, int(policy)) for policy in pairs["minus"]],
            names[2]: [manner_text(word) for word in pairs["manner"]],
            names[3]: pairs["families"].to_numpy(),
            names[4]: pairs["livelihood"].to_numpy(),
            names[5]: pairs["businesses"].to_numpy(),
        }
    )
    return FrameView(frame, names)


def _policy(found: Matrix, policy: int) -> str:
    return policy_text(_texts(found, policy))


def _texts(found: Matrix, policy: int) -> dict[str, str]:
    return {str(name): text for name, text in found.crossings.policies.iloc[policy].items()}


def pair_told(shown: Shown, found: Matrix, row: int) -> str:
    """Tell of both policies of a pair what they say, who coded them, and where it stands."""
    pair = found.pairs.iloc[row]
    sides = ((_("Promotes"), pair["plus"]), (_("Represses"), pair["minus"]))
    return "\n".join(f"{words}: {_told(shown, found, int(policy))}" for words, policy in sides)


def _told(shown: Shown, found: Matrix, policy: int) -> str:
    known = _texts(found, policy)
    parts = [policy_text(known), deontic_text(known["deontic"])]
    parts += [f"“{known[x]}”" for x in ("quote", "quote_en") if known[x]]
    if known["coded_by"]:
        parts.append(_("coded by {name}").format(name=known["coded_by"]))
    parts.append(_codings(shown.codings, known["provision_id"]))
    if not known["provision_id"]:
        parts.append(_("its stance is the usual one: no provision of the register names it"))
    if known["source"]:
        parts.append(_("source: {source}").format(source=known["source"]))
    return " · ".join(part for part in parts if part)


def _codings(codings: pd.DataFrame, provision_id: str) -> str:
    of_it = codings[codings["provision_id"] == provision_id]
    return ", ".join(
        f"{coder}: {stance:+.0f}"
        for coder, stance in zip(of_it["coder"], of_it["stance"], strict=True)
    )


def places(shown: Shown, found: Matrix, rows: Ints) -> Geometries:
    """Return where the businesses and families of some pairs are, without those of no location."""
    who, about = who_stands_between(found, rows), shown.answer.studied.found
    families = np.concatenate([who.families, who.livelihood])
    points = np.concatenate(
        [
            about.businesses.subjects.points[who.businesses],
            about.households.subjects.points[families],
        ]
    )
    there: Geometries = points[~(shapely.is_missing(points) | shapely.is_empty(points))]
    return there
