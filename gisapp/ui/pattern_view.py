"""What the page on patterns offers and shows. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gisapp.analysis.areas import stacked
from gisapp.analysis.density import DENOMINATORS, MEASURES
from gisapp.analysis.distances import ANY_KIND, Spread
from gisapp.analysis.pattern_report import (
    ask_patterns,
    measure_text,
    pattern_frame,
    per_text,
    sentences,
)
from gisapp.core.words import _, number
from gisapp.io.catalogue import load_catalogue
from gisapp.render.charts import Bar, Bars
from gisapp.ui.frame_view import FrameView

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from gisapp.analysis.pattern_report import Answer, Question
    from gisapp.core.progress import Progress
    from gisapp.core.project import Project

UNIT_COLUMNS = (
    "count", "density", "low", "high", "pattern", "p_adjusted", "gi_z", "quadrant", "unstable",
    "denominator",
)  # fmt: skip
MOST_BARS = 15
CELLS = ("hexagons", "squares")


@dataclass(frozen=True, eq=False)
class Shown:
    """What the page shows of an answer.

    Parameters
    ----------
    claim : str
        What can be said, and what cannot.
    notes : tuple of str
        What was left out, and what the numbers rest on.
    frame : GeoDataFrame
        A row a unit, the densest first; as a layer has it.
    title : str
        What the layer is called.
    """

    claim: str
    notes: tuple[str, ...]
    frame: gpd.GeoDataFrame
    units: FrameView
    chart: Bars
    distances: FrameView
    title: str


def show_patterns(project: Project, question: Question, progress: Progress) -> Shown:
    """Ask, and make what the page shows; for a worker."""
    answer = ask_patterns(project, question, progress=progress)
    frame = pattern_frame(answer)
    frame = frame.sort_values(["density", "id"], ascending=[False, True], ignore_index=True)
    first, *notes = sentences(answer)
    drawn = _("{n} permutations, seed {seed}.").format(
        n=number(frame["permutations"].iloc[0]), seed=question.seed
    )
    title = per_text(question)
    return Shown(
        claim=first,
        notes=(*notes, drawn),
        frame=frame,
        units=FrameView(frame, ("name", *UNIT_COLUMNS), load_catalogue().kind("patterns")),
        chart=density_chart(answer, frame),
        distances=distance_view(answer),
        title=_capital(title),
    )


def density_chart(answer: Answer, frame: gpd.GeoDataFrame) -> Bars:
    """Return the densest units as bars with their intervals; `frame` has them first."""
    known = frame[np.isfinite(frame["density"])]
    top = known.head(MOST_BARS)
    names = top["name"].fillna(top["id"])
    columns = (top["density"], top["low"], top["high"])
    values = zip(names, *(column.tolist() for column in columns), strict=True)
    shown = _("The {n} densest of {total} units, with intervals (95 %).").format(
        n=number(len(top)), total=number(len(known))
    )
    return Bars(
        title=_capital(per_text(answer.question)),
        note=shown,
        decimals=1,
        bars=tuple(Bar(name, value, low, high) for name, value, low, high in values),
    )


def distance_view(answer: Answer) -> FrameView:
    """Return the distances to support as a table: a row a group."""
    found, admin = answer.distances, answer.study.case.admin
    kinds = {"businesses": measure_text("businesses"), "households": measure_text("families")}
    rows: list[tuple[object, ...]] = []
    for kind, name in kinds.items():
        by = found.by_support[kind]
        rows.append(_row(name, _("all"), by[ANY_KIND]))
        rows += [_row(name, _("to {kind}").format(kind=k), by[k]) for k in by if k != ANY_KIND]
        for group, spread in zip((_("affected"), _("not affected")), found.by_exposure[kind],
                                 strict=True):  # fmt: skip
            rows.append(_row(name, group, spread))
        rows += [_row(name, a, s) for a, s in zip(admin.names, found.by_admin[kind], strict=True)]
    columns = (
        _("subjects"), _("group"), _("known"), _("median (m)"), _("90 % within (m)"),
        _("beyond 500 m (%)"), _("beyond 1,000 m (%)"), _("not known"),
    )  # fmt: skip
    return FrameView(pd.DataFrame(rows, columns=pd.Index(columns)), columns)


def _row(kind: str, group: str, spread: Spread) -> tuple[object, ...]:
    metres = (round(x, 0) for x in (spread.median_m, spread.p90_m))
    shares = (round(100 * x, 1) for x in spread.beyond)
    return (kind, group, spread.n, *metres, *shares, spread.unknown)


def offered_units(project: Project) -> tuple[str, ...]:
    """Return the kinds of unit that a project can be counted by, the finest first."""
    levels = set(stacked(project.of_kind("admin"), ("level",)).frame["level"])
    admin = [level for level in ("rw", "kelurahan") if level in levels]
    if "" in levels and "kelurahan" not in admin:
        admin.append("kelurahan")
    return (*(x for x in admin if x == "rw"), *CELLS, *(x for x in admin if x != "rw"))


def offered_denominators(measure: str, units: str) -> tuple[str, ...]:
    """Return the denominators that a measure can have in units of a kind.

    Nobody says how many people live in a cell, and of all there are none is a share.
    """
    cells = units in CELLS
    whole = measure in ("businesses", "families")
    without = {*(("inhabitants", "families") if cells else ()), *(("assessed",) if whole else ())}
    return tuple(x for x in DENOMINATORS if x not in without)


def measures() -> Sequence[tuple[str, str]]:
    """Return what can be counted: words and value."""
    return [(_capital(measure_text(x)), x) for x in MEASURES]  # type: ignore[arg-type]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def unit_text(kind: str) -> str:
    """Return a kind of unit in words."""
    return {
        "rw": _("RW"),
        "kelurahan": _("Kelurahan"),
        "hexagons": _("Hexagons"),
        "squares": _("Squares"),
    }[kind]


def denominator_text(per: str) -> str:
    """Return a denominator in words."""
    return {
        "km2": _("per km²"),
        "inhabitants": _("per 1,000 inhabitants"),
        "families": _("per 1,000 families"),
        "assessed": _("per 100 assessed"),
    }[per]
