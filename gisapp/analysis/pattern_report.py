"""The whole answer on patterns: units with densities, local statistics, distances, sentences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.analysis.columns import as_text
from gisapp.analysis.counting_units import CELL_M, CountingUnits, UnitKind, counting_units
from gisapp.analysis.density import Counted, Denominator, Density, Measure, counted, density
from gisapp.analysis.distances import ANY_KIND, BEYOND_M, Distances, Spread, support_distances
from gisapp.analysis.patterns import (
    ALONE,
    COLD,
    FDR,
    HOT,
    MIN_UNITS,
    PERMUTATIONS,
    SEED,
    Patterns,
    local_patterns,
    neighbours,
)
from gisapp.analysis.study import Study, study
from gisapp.core.progress import SILENT, Progress
from gisapp.core.words import _, ngettext, number

if TYPE_CHECKING:
    from gisapp.core.project import Project


@dataclass(frozen=True)
class Question:
    """What is asked: a measure, the units, the denominator; the width of cells and the seed."""

    measure: Measure = "conflicts"
    units: UnitKind = "hexagons"
    per: Denominator = "km2"
    cell_m: float = CELL_M
    seed: int = SEED


@dataclass(frozen=True, eq=False)
class Answer:
    """What `ask_patterns` found."""

    question: Question
    study: Study
    units: CountingUnits
    counted: Counted
    density: Density
    patterns: Patterns
    distances: Distances
    crs: str


def ask_patterns(
    project: Project, question: Question, as_of: str = "", progress: Progress = SILENT
) -> Answer:
    """Work out densities, local statistics and distances to support.

    Raises
    ------
    GisappError
        Where there is nobody to assess, no such units, or no such share.
    """
    studied = study(project, as_of, progress)
    units = counting_units(project, question.units, question.cell_m)
    counts = counted(studied, units, question.measure)
    dense = density(counts, units, question.per)
    values = np.where(units.slivers, np.nan, dense.value)
    found = local_patterns(values, neighbours(units.polygons), question.seed, progress)
    far = support_distances(studied, progress)
    return Answer(question, studied, units, counts, dense, found, far, project.crs)


def pattern_frame(answer: Answer) -> gpd.GeoDataFrame:
    """Return a row a unit, with what its numbers were made from, as a layer has it."""
    asked, units, dense, found = answer.question, answer.units, answer.density, answer.patterns
    n = len(units)
    columns = {
        "id": as_text(units.codes),
        "name": as_text(units.names, empty_is_missing=True),
        "measure": as_text([asked.measure] * n),
        "count": pd.array(answer.counted.count, dtype="Int64"),
        "per": as_text([asked.per] * n),
        "denominator": dense.denominator,
        "density": dense.value,
        "low": dense.low,
        "high": dense.high,
        "unstable": dense.unstable,
        "pattern": as_text(found.pattern),
        "quadrant": as_text(found.quadrant, empty_is_missing=True),
        "gi_z": found.gi_z,
        "local_i": found.local_i,
        "p": found.p,
        "p_adjusted": found.p_adjusted,
        "as_of": as_text([answer.study.case.as_of] * n),
        "seed": pd.array([asked.seed] * n, dtype="Int64"),
        "permutations": pd.array([PERMUTATIONS] * n, dtype="Int64"),
    }
    return gpd.GeoDataFrame(pd.DataFrame(columns), geometry=units.polygons, crs=answer.crs)


def pattern_summary(answer: Answer) -> dict[str, Any]:
    """Return the object that ``gisapp patterns --json`` prints."""
    asked, counts, found = answer.question, answer.counted, answer.patterns
    frame = pattern_frame(answer)
    rows = frame.drop(columns=["geometry", "measure", "per", "as_of", "seed", "permutations"])
    cells = asked.units in ("hexagons", "squares")
    return {
        "as_of": answer.study.case.as_of,
        "measure": asked.measure,
        "per": asked.per,
        "units": asked.units,
        "cell_m": asked.cell_m if cells else None,
        "seed": asked.seed,
        "permutations": PERMUTATIONS,
        "false_discovery_rate": FDR,
        "least_units": MIN_UNITS,
        "total": counts.total,
        "counted": int(counts.count.sum()),
        "outside": counts.outside,
        "no_location": counts.no_location,
        "claim": not found.why_no_claim,
        "why_no_claim": found.why_no_claim,
        "moran_i": _plain(found.moran_i),
        "moran_p": _plain(found.moran_p),
        "patterns": {str(k): int(n) for k, n in zip(*_tallied(found.pattern), strict=True)},
        "by_unit": [{k: _plain(v) for k, v in row.items()} for row in rows.to_dict("records")],
        "distances": distance_summary(answer),
        "notes": list(sentences(answer)),
    }


def _tallied(words: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    kinds, n = np.unique(words.astype(str), return_counts=True)
    return kinds, n


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: what is not known is null."""
    if value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value


def distance_summary(answer: Answer) -> dict[str, Any]:
    """Return the distances to support as plain values, by kind of subject."""
    found, admin = answer.distances, answer.study.case.admin
    return {
        kind: {
            "nearest": _spread(by[ANY_KIND]),
            "by_support_kind": {name: _spread(x) for name, x in by.items() if name != ANY_KIND},
            "affected": _spread(found.by_exposure[kind][0]),
            "not_affected": _spread(found.by_exposure[kind][1]),
            "by_admin": [
                {"code": code, "name": name, **_spread(x)}
                for code, name, x in zip(
                    admin.codes, admin.names, found.by_admin[kind], strict=True
                )
            ],
        }
        for kind, by in found.by_support.items()
    }


def _spread(spread: Spread) -> dict[str, Any]:
    beyond = {
        f"beyond_{limit:.0f}_m": _plain(share)
        for limit, share in zip(BEYOND_M, spread.beyond, strict=True)
    }
    return {
        "n": spread.n,
        "unknown": spread.unknown,
        "median_m": _plain(spread.median_m),
        "p90_m": _plain(spread.p90_m),
        **beyond,
    }


def measure_text(measure: Measure) -> str:
    """Return what is counted, in words."""
    return {
        "businesses": _("businesses"),
        "families": _("families"),
        "conflicts": _("businesses and families in conflict"),
        "prohibited": _("prohibited businesses"),
        "affected": _("affected families"),
        "contradictory": _("businesses and families under contradiction"),
    }[measure]


def per_text(question: Question) -> str:
    """Return what is counted with its denominator, in words."""
    sentence = {
        "km2": _("{what} per km²"),
        "inhabitants": _("{what} per 1,000 inhabitants"),
        "families": _("{what} per 1,000 families"),
        "assessed": _("{what} per 100 assessed"),
    }[question.per]
    return sentence.format(what=measure_text(question.measure))


def sentences(answer: Answer) -> tuple[str, ...]:
    """Say what can be claimed, and what is left out, the claim first."""
    return (claim(answer.patterns), *_global(answer.patterns), *_left_out(answer))


def claim(found: Patterns) -> str:
    """Say in one or two sentences which units stand out, or why nothing can be said of them."""
    units = number(found.units)
    if found.why_no_claim == "too_few_units":
        return _(
            "{units} units have a density. Under {least} units chance cannot be told from a "
            "pattern: none is called a hot or cold spot."
        ).format(units=units, least=MIN_UNITS)
    if found.why_no_claim == "no_neighbours":
        return _(
            "Fewer than {least} units with a density touch another one: none is called a hot or "
            "cold spot."
        ).format(least=MIN_UNITS)
    if found.why_no_claim == "no_variation":
        return _("All units have the same density: there is no pattern.")
    if not np.isin(found.pattern, (HOT, COLD)).any():
        return _(
            "None of {units} units stands out beyond chance (false discoveries held to {rate} %)."
        ).format(units=units, rate=number(100 * FDR))
    hot, cold = (int((found.pattern == x).sum()) for x in (HOT, COLD))
    return _(
        "Of {units} units {hot} are hot spots and {cold} are cold spots, with false discoveries "
        "held to {rate} %."
    ).format(units=units, hot=number(hot), cold=number(cold), rate=number(100 * FDR))


def _global(found: Patterns) -> tuple[str, ...]:
    if found.why_no_claim:
        return ()
    value, p = number(found.moran_i, 2), number(found.moran_p, 3)
    if found.moran_p > FDR:
        text = _("Over the whole area neighbours are no more alike than chance has it "
                 "(Moran's I = {value}, p = {p}).")  # fmt: skip
    elif found.moran_i > 0:
        text = _("Over the whole area neighbours are more alike than chance has it "
                 "(Moran's I = {value}, p = {p}).")  # fmt: skip
    else:
        text = _("Over the whole area neighbours are less alike than chance has it "
                 "(Moran's I = {value}, p = {p}).")  # fmt: skip
    return (text.format(value=value, p=p),)


def _left_out(answer: Answer) -> tuple[str, ...]:
    counts, dense, slivers = answer.counted, answer.density, answer.units.slivers
    told = (
        (int((~dense.known).sum()), _no_density),
        (int((slivers & dense.known).sum()), _slivers),
        (int((answer.patterns.pattern == ALONE).sum()), _alone),
        (counts.outside, _outside),
        (counts.no_location, _no_location),
        (
            int((dense.unstable & dense.known).sum()),
            _few_assessed if answer.question.per == "assessed" else _few_cases,
        ),
    )
    return tuple(sentence(n).format(n=number(n)) for n, sentence in told if n)


def _no_density(n: int) -> str:
    return ngettext(
        "{n} unit has no density: its denominator is not known or zero.",
        "{n} units have no density: their denominator is not known or zero.",
        n,
    )


def _slivers(n: int) -> str:
    return ngettext(
        "{n} unit is a sliver and takes no part in the pattern.",
        "{n} units are slivers and take no part in the pattern.",
        n,
    )


def _alone(n: int) -> str:
    return ngettext(
        "{n} unit touches no other and takes no part in the pattern.",
        "{n} units touch no other and take no part in the pattern.",
        n,
    )


def _outside(n: int) -> str:
    return ngettext("{n} record lies outside all units.", "{n} records lie outside all units.", n)


def _no_location(n: int) -> str:
    return ngettext("{n} record has no usable location.", "{n} records have no usable location.", n)


def _few_cases(n: int) -> str:
    return ngettext(
        "{n} unit has fewer than 10 cases: its density is unstable.",
        "{n} units have fewer than 10 cases: their densities are unstable.",
        n,
    )


def _few_assessed(n: int) -> str:
    return ngettext(
        "{n} unit has fewer than 10 assessed: its share is unstable.",
        "{n} units have fewer than 10 assessed: their shares are unstable.",
        n,
    )
