"""What the page on evidence shows: assessments as rows, and how two of them differ. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from gisapp.analysis.recording import FRAMES, SUMMARY
from gisapp.analysis.repeating import differences
from gisapp.core.field_text import value_text
from gisapp.core.words import _, day, label, moment
from gisapp.ui.frame_view import FrameView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gisapp.analysis.repeating import Repeated
    from gisapp.core.catalogue import Catalogue
    from gisapp.core.project import Project, Run

SHORT = 12
_NO_TOTALS = ("warnings", "as_of", "known_on", "at", "plan", "undated", "headline.pairs")
_CODED = (
    ("assessed_businesses", "class"),
    ("assessed_households", "family_impact"),
    ("evictions", "stage"),
)


def runs_view(project: Project) -> FrameView:
    """Return the assessments of a project as rows, the last one first."""
    rows = [_run_row(n, run) for n, run in enumerate(project.runs, 1)][::-1]
    frame = pd.DataFrame(rows, columns=pd.Index(list(_run_row(0, None))))
    frame = frame.astype(dict.fromkeys(_counts(), "Int64"))
    return FrameView(frame, list(frame.columns))


def number_at(view: FrameView, place: int) -> int:
    """Return the number, from 1, of the assessment at a place of the table."""
    return len(view.frame) - int(view.rows[place])  # its rows have the last one first


def _counts() -> tuple[str, str, str]:
    return _("No."), _("Conflicts"), _("Families affected")


def _run_row(number: int, run: Run | None) -> dict[str, Any]:
    """Return one row; of no run, its columns."""
    first, conflicts, families = _counts()
    return {
        first: number,
        _("Assessed"): moment(run.at) if run else "",
        _("As of"): day(run.parameters.as_of) if run else "",
        conflicts: run.summary.get("conflicts") if run else 0,
        families: _affected(run.summary) if run else 0,
        _("Fingerprint of the totals"): _short(run) if run else "",
        _("Plan"): run.parameters.plan if run else "",
    }


def _affected(summary: Any) -> int | None:
    families = summary.get("families", {})
    counted = [families.get(x) for x in ("direct", "livelihood", "both")]
    return None if None in counted else sum(counted)


def _short(run: Run) -> str:
    return run.record.results[SUMMARY][:SHORT] if run.record else _("not recorded")


def run_text(number: int, run: Run) -> str:
    """Say of an assessment what it was made of and with, one fact a line."""
    if run.record is None:
        return _("Assessment {n} was made before results were recorded.").format(n=number)
    lines = [_("Assessment {n}: fingerprints (SHA-256) of its results").format(n=number)]
    words = _result_words()
    lines += [f"{words[name]}: {run.record.results[name]}" for name in (*FRAMES, SUMMARY)]
    lines.append(_("Made of {n} layers and tables, with:").format(n=len(run.inputs)))
    made = {"gisapp": run.program_version, **run.record.libraries}
    lines.append(", ".join(f"{name} {version}" for name, version in made.items()))
    return "\n".join(lines)


def _result_words() -> dict[str, str]:
    return {
        "businesses": _("businesses"),
        "households": _("families"),
        "conflicts": _("conflicts"),
        "pairs": _("pairs of policies"),
        SUMMARY: _("totals"),
    }


def repeated_text(number: int, repeated: Repeated) -> str:
    """Say what became of an assessment that was repeated."""
    if repeated.same:
        said = _("Assessment {n} was repeated: the same data give the same bytes.").format(n=number)
    else:
        refusal = repeated.refusal()
        said = f"{refusal.message} {refusal.remedy}"
    for name, (then, now) in repeated.made_with.items():
        made = _("Made with {name} {then}, now {now}.").format(name=name, then=then, now=now)
        said += f" {made}"
    return said


def differences_view(one: Run, other: Run, catalogue: Catalogue) -> FrameView:
    """Return the totals in which two assessments differ, as rows."""
    names = {**_area_names(one), **_area_names(other)}
    rows = [
        (
            total_text(path, catalogue, names),
            *(value_text(_shown(path, x)) for x in (before, after)),
            _difference(_shown(path, before), _shown(path, after)),
        )
        for path, before, after in differences(one.summary, other.summary)
        if not path.startswith(_NO_TOTALS) and not path.endswith((".found", ".code", ".name"))
    ]
    columns = (_("Total"), _("Earlier"), _("Later"), _("Difference"))
    return FrameView(pd.DataFrame(rows, columns=pd.Index(columns)), columns)


def _area_names(run: Run) -> dict[str, str]:
    return {row["code"]: row["name"] for row in run.summary.get("by_admin", ())}


def _shown(path: str, value: Any) -> Any:
    """Return a total as it is shown: what poverty is measured by in percent."""
    is_share = path.startswith(("poverty.before.", "poverty.after.")) and value is not None
    return round(100 * value, 2) if is_share else value


def _difference(before: Any, after: Any) -> float | None:
    if any(isinstance(x, bool) or not isinstance(x, int | float) for x in (before, after)):
        return None
    return round(float(after - before), 2)


def total_text(path: str, catalogue: Catalogue, names: Mapping[str, str]) -> str:
    """Return a total's path (``families.direct``) in words; `names` are those of areas by code."""
    words = _total_words()
    for kind, field in _CODED:
        codes = catalogue.kind(kind).fields[field].codes
        words |= {code: label(texts) for code, texts in codes.items()}
    head, dot, rest = path.partition("by_admin.")
    if dot:
        code, kind, last = rest.rsplit(".", 2) if rest.count(".") > 1 else (rest, "", "")
        parts = [names.get(code) or code, kind, last]
    else:
        parts = (head or path).split(".")
    if parts[0] == "intervals":
        parts[1:] = _interval_parts(parts[1:])
    return " · ".join(words.get(x, x) for x in parts if x)


def _interval_parts(parts: list[str]) -> list[str]:
    """Return a part of an interval (``90%``, ``0``) as one that is read."""
    if parts[-1] not in ("0", "1"):
        return parts
    text = _("{level}, from") if parts[-1] == "0" else _("{level}, to")
    return [*parts[:-2], text.format(level=parts[-2].replace("%", " %"))]


def _total_words() -> dict[str, str]:
    return {
        "conformity": _("Conformity"),
        "exposure": _("Exposure"),
        "businesses": _("businesses"),
        "households": _("families"),
        "families": _("Families"),
        "contradictions": _("Contradictions"),
        "conflicts": _("Conflicts"),
        "total": _("in all"),
        "exposed_income_idr_month": _("Exposed income a month"),
        "income_unknown": _("Families whose exposed income is not known"),
        "newly_poor": _("Families newly poor"),
        "poverty": _("Poverty"),
        "uncertain": _("Uncertain"),
        "before": _("before"),
        "after": _("after"),
        "p0": _("share of poor families, P₀ (%)"),
        "p1": _("depth, P₁ (%)"),
        "p2": _("severity, P₂ (%)"),
        "assessed_families": _("families that could be tested"),
        "headline": _("Between a promoting and a repressing policy"),
        "families_through_livelihood": _("families, through a business"),
        "intervals": _("Interval"),
        "exposed": _("exposed"),
        "affected": _("affected"),
        "mean": _("expected"),
    }
