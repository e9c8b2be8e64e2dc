"""What the page on uncertainty offers and shows. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from gisapp.analysis.boundaries import compare_boundaries, layer_in_use
from gisapp.analysis.distributions import LEVELS
from gisapp.analysis.sensitivity import sensitivity
from gisapp.analysis.study import study
from gisapp.analysis.totals import AFFECTED, totals
from gisapp.analysis.uncertainty_words import (
    interval_notes,
    interval_sentence,
    parameter_texts,
    sensitivity_sentence,
    setting_text,
    total_texts,
)
from gisapp.core.finding_text import exposure_text, finding_text
from gisapp.core.words import _, number
from gisapp.io.catalogue import load_catalogue
from gisapp.render.charts import Bar, Bars, Swing, Tornado
from gisapp.ui.frame_view import FrameView

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gisapp.analysis.boundaries import Boundaries
    from gisapp.analysis.distributions import Total
    from gisapp.analysis.sensitivity import Sensitivity
    from gisapp.analysis.totals import Totals
    from gisapp.core.progress import Progress
    from gisapp.core.project import Project
    from gisapp.render.charts import Chart

INTERVALS, SENSITIVITY, BOUNDARIES = "intervals", "sensitivity", "boundaries"


@dataclass(frozen=True)
class Choice:
    """What is asked: one of the `questions`, of one of its `subjects`, at a level."""

    question: str = INTERVALS
    subject: str = "families"
    level: float = LEVELS[-1]


@dataclass(frozen=True, eq=False)
class Shown:
    """What the page shows: the finding in plain words, a chart, all numbers, what they rest on."""

    sentence: str
    chart: Chart
    table: FrameView
    notes: str


def questions() -> Sequence[tuple[str, str]]:
    """Return what can be asked: words and value."""
    return (
        (_("How sure the totals are"), INTERVALS),
        (_("What moves a total"), SENSITIVITY),
        (_("Whose boundaries"), BOUNDARIES),
    )


def subjects(project: Project, question: str) -> Sequence[tuple[str, str]]:
    """Return what a question can be asked of: words and value."""
    if question == SENSITIVITY:
        return tuple((text, total) for total, text in total_texts().items())
    if question == BOUNDARIES:
        in_use = layer_in_use(project, "")
        others = [layer for layer in project.of_kind("admin") if layer.name != in_use]
        return tuple((layer.title or layer.name, layer.name) for layer in others)
    return tuple((text, value) for value, text in _interval_subjects().items())


# Which finding is told above each subject's totals.
_SENTENCES = {
    "families": "families",
    "classes": "prohibited",
    "businesses": "businesses",
    "households": "households",
    "affected_by_area": "families",
    "restricted_by_area": "restricted",
}


def _interval_subjects() -> dict[str, str]:
    return {
        "families": _("Families by impact"),
        "classes": _("Businesses by class"),
        "businesses": _("Businesses by stage"),
        "households": _("Homes by stage"),
        "affected_by_area": _("Affected families by area"),
        "restricted_by_area": _("Restricted businesses by area"),
    }


def lacking(project: Project, question: str) -> str:
    """Say what must be there before a question has an answer; empty where all is."""
    if not project.of_kind("businesses") and not project.of_kind("households"):
        return _("Import businesses or households first.")
    if question == BOUNDARIES and len(project.of_kind("admin")) < 2:
        return _("Import a second set of boundaries, as another layer of the kind admin area.")
    return ""


def show_uncertainty(project: Project, choice: Choice, progress: Progress) -> Shown:
    """Ask, and make what the page shows; for a worker."""
    if choice.question == SENSITIVITY:
        return show_sensitivity(sensitivity(project, choice.subject, progress=progress))
    found = study(project, progress=progress)
    if choice.question == BOUNDARIES:
        in_use = layer_in_use(project, choice.subject)
        return show_boundaries(compare_boundaries(project, found, in_use, choice.subject))
    return show_totals(totals(found), choice)


def show_totals(found: Totals, choice: Choice) -> Shown:
    """Show totals as bars with whiskers, and as a table with both levels."""
    rows = _rows(found, choice.subject)
    place = LEVELS.index(choice.level)
    bars = (Bar(name, x.found, *x.intervals[place]) for name, x in rows.items())
    note = _("Bars are what was found; the lines on them hold the true total with {level} %.")
    chart = Bars(
        title=_interval_subjects()[choice.subject],
        note=note.format(level=number(choice.level * 100)),
        bars=tuple(bars),
    )
    heads = [f"{number(level * 100)} % {end}" for level in LEVELS for end in (_("from"), _("to"))]
    columns = ("", _("found"), _("expected"), *heads)
    table = [
        (name, x.found, round(x.mean, 1), *(end for ends in x.intervals for end in ends))
        for name, x in rows.items()
    ]
    view = FrameView(pd.DataFrame(table, columns=pd.Index(columns)), columns)
    sentence = interval_sentence(found, _SENTENCES[choice.subject], choice.level)
    return Shown(sentence, chart, view, " ".join(interval_notes(found, _word_text)))


def _rows(found: Totals, subject: str) -> Mapping[str, Total]:
    """Return the totals of a subject by their words."""
    if subject == "classes":
        return {_word_text(word): total for word, total in found.classes.items()}
    if subject in ("businesses", "households"):
        by_stage = found.businesses if subject == "businesses" else found.households
        return {exposure_text(word): total for word, total in by_stage.items()}
    if subject == "affected_by_area":
        return {area.name or area.code: area.households[AFFECTED] for area in found.areas}
    if subject == "restricted_by_area":
        return {area.name or area.code: area.restricted for area in found.areas}
    return {_word_text(word): total for word, total in found.main.families.items()}


def _word_text(word: str) -> str:
    return finding_text(load_catalogue(), word)


def show_sensitivity(found: Sensitivity) -> Shown:
    """Show a tornado, and every setting in a table."""
    names = parameter_texts()
    swings = tuple(
        Swing(
            names[sway.parameter],
            sway.low.total,
            setting_text(sway.parameter, sway.low.setting),
            sway.high.total,
            setting_text(sway.parameter, sway.high.setting),
        )
        for sway in found.sways
    )
    title = total_texts()[found.total]
    chart = Tornado(title=title, base=found.base, swings=swings)
    columns = (_("setting"), _("value"), _("total"), _("difference"))
    rows = [
        (
            names[sway.parameter],
            setting_text(sway.parameter, outcome.setting),
            outcome.total,
            outcome.total - found.base,
        )
        for sway in found.sways
        for outcome in sway.outcomes
    ]
    view = FrameView(pd.DataFrame(rows, columns=pd.Index(columns)), columns)
    note = _(
        "One setting is changed at a time, all others stay. The precision of locations moves "
        "expected totals only."
    )
    return Shown(sensitivity_sentence(found), chart, view, note)


def show_boundaries(found: Boundaries) -> Shown:
    """Show the totals that either set gives, and how far the outlines lie apart."""
    pairs = found.pairs
    sentence = _(
        "“{layer}” and “{other}” lie up to {most} m apart; {n} records change their area."
    ).format(
        layer=found.layer,
        other=found.other,
        most=number(pairs["hausdorff_m"].max()),
        n=number(len(found.moved)),
    )
    counted = "affected" if found.ranges["households"].sum() else "businesses"
    by_code = found.ranges.set_index("code")
    bars = []
    for row in pairs.to_dict("records"):
        here, there = (float(by_code.loc[row["code"], counted + end]) for end in ("", "_other"))
        bars.append(Bar(row["name"] or row["code"], here, min(here, there), max(here, there)))
    titles = {"affected": _("Affected families by area"), "businesses": _("Businesses by area")}
    note = _("Bars count by “{layer}”; the lines on them end at what “{other}” gives.")
    chart = Bars(
        title=titles[counted],
        note=note.format(layer=found.layer, other=found.other),
        bars=tuple(bars),
    )
    left_out = (*found.unpaired, *found.other_unpaired)
    notes = (
        _("Without a counterpart: {names}.").format(names=", ".join(left_out)) if left_out else ""
    )
    return Shown(sentence, chart, _pair_view(pairs, by_code), notes)


def _pair_view(pairs: pd.DataFrame, by_code: pd.DataFrame) -> FrameView:
    totals_of = by_code.loc[pairs["code"]].reset_index(drop=True)
    columns = {
        _("area"): pairs["name"].where(pairs["name"] != "", pairs["code"]),
        _("greatest distance (m)"): pairs["hausdorff_m"].round(),
        _("mean distance (m)"): pairs["mean_m"].round(1),
        _("differing (ha)"): (pairs["difference_m2"] / 10_000).round(1),
        _("businesses"): totals_of["businesses"],
        _("businesses, other set"): totals_of["businesses_other"],
        _("affected families"): totals_of["affected"],
        _("affected, other set"): totals_of["affected_other"],
    }
    return FrameView(pd.DataFrame(columns), tuple(columns))
