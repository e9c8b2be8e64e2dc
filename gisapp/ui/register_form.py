"""What the provision register shows and offers, and what is wrong with what is typed. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.coding import codings_of
from gisapp.analysis.columns import text, texts_frame
from gisapp.analysis.register import NARROWINGS, OWN_STANCE, parsed_applies_to
from gisapp.analysis.study import study
from gisapp.core.dates import checked_date
from gisapp.core.errors import GisappError
from gisapp.core.words import _, label
from gisapp.io.catalogue import load_catalogue
from gisapp.ui.frame_view import FrameView

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gisapp.analysis.columns import Geometries
    from gisapp.analysis.findings import About
    from gisapp.analysis.study import Study
    from gisapp.core.catalogue import Field
    from gisapp.core.progress import Progress
    from gisapp.core.project import Project

KIND = "provisions"
# In the order of the form; what it applies to is put together from choices.
FIELDS = (
    "instrument", "number", "year", "article", "status", "institution", "institution_kind",
    "deontic", "stance", "valid_from", "valid_to", "schedule", "quote", "quote_en",
    "summary", "summary_en", "source", "page", "observed_on", "coded_by", "basis",
)  # fmt: skip
LONG = ("quote", "quote_en", "summary", "summary_en", "basis")
DATES = ("valid_from", "valid_to", "observed_on")
TARGET_KINDS = ("zoning", "evictions", "support_areas", "supports")
STANCES = tuple(range(3, -4, -1))


@dataclass(frozen=True, eq=False)
class Register:
    """The register of a project, and whom each row reaches.

    Parameters
    ----------
    frame : DataFrame
        ``id``, `FIELDS` and ``applies_to`` as text, sorted by instrument, year and article.
    view : FrameView
        A row each, as the table shows it.
    codings : DataFrame
        As `coding.codings_of` reads them.
    studied : Study, optional
        None where there is nobody to reach.
    """

    frame: pd.DataFrame
    view: FrameView
    codings: pd.DataFrame
    studied: Study | None


def read_register(project: Project, progress: Progress) -> Register:
    """Read the register, and find whom it reaches; for a worker."""
    tables = [t.frame for _name, t in sorted(project.tables.items()) if t.kind == KIND]
    frame = texts_frame(tables, ("id", *FIELDS, "applies_to"))
    for name in ("year", "stance"):
        whole = pd.to_numeric(frame[name], errors="coerce").astype("Int64")
        frame[name] = whole.astype("str").fillna("").astype(object)
    frame = frame.sort_values(["instrument", "year", "number", "article", "id"], ignore_index=True)
    anybody = project.of_kind("businesses") or project.of_kind("households")
    studied = study(project, progress=progress) if anybody else None
    return Register(frame, _view(frame, studied), codings_of(project), studied)


def _view(frame: pd.DataFrame, studied: Study | None) -> FrameView:
    names = (
        _("provision"), _("stance"), _("families"), _("businesses"), _("note"),
        _("institution"), _("applies to"),
    )  # fmt: skip
    families, businesses, notes = _reached(frame["id"], studied)
    stances = pd.to_numeric(frame["stance"], errors="coerce")
    shown = pd.DataFrame(
        {
            names[0]: [title_of(row) for row in _records(frame)],
            names[1]: stances.astype("Int64"),
            names[2]: families,
            names[3]: businesses,
            names[4]: notes,
            names[5]: frame["institution"],
            names[6]: frame["applies_to"],
        }
    )
    return FrameView(shown, names)


def _reached(ids: pd.Series, studied: Study | None) -> tuple[pd.Series, pd.Series, list[str]]:
    """Count whom each row reaches (missing where it is not in use), and say what is odd of it."""
    missing = pd.Series(pd.NA, index=ids.index, dtype="Int64")
    if studied is None:
        return missing, missing, [""] * len(ids)
    found = studied.found
    rows = found.provisions.register["id"]
    counts = [
        ids.map(pd.Series(_counted(about, len(rows)), index=rows).groupby(level=0).sum())
        for about in (found.households, found.businesses)
    ]
    idle = set(rows[found.provisions.idle_rows])
    notes = [_note(x, idle, set(rows), set(studied.case.disputed)) for x in ids]
    families, businesses = (column.astype("Int64") for column in counts)
    return families, businesses, notes


def _counted(about: About, n: int) -> np.ndarray:
    applied = about.contradiction.applied
    coded = applied.loc[applied["provision"] != OWN_STANCE, ["subject", "provision"]]
    return np.bincount(coded.drop_duplicates()["provision"], minlength=n)


def _note(provision: str, idle: set[str], used: set[str], disputed: set[str]) -> str:
    if provision in idle:
        return _("names no policy in force here")
    if provision in disputed:
        return _("its coders disagree and no stance is agreed")
    return "" if provision in used else _("not used: no stance, not in force, or another date")


def title_of(record: Mapping[str, Any]) -> str:
    """Name a provision: instrument, number and year, article."""
    numbered = "/".join(x for x in (record["number"], record["year"]) if x)
    article = _("art. {article}").format(article=record["article"]) if record["article"] else ""
    return " ".join(x for x in (record["instrument"], numbered, article) if x)


def places_reached(register: Register, provision: str) -> Geometries:
    """Return where the subjects are that a row applies to, without those of no location."""
    none: Geometries = np.empty(0, dtype=object)
    if register.studied is None:
        return none
    found = register.studied.found
    rows = np.flatnonzero(found.provisions.register["id"] == provision)
    parts = [none]
    for about in (found.businesses, found.households):
        applied = about.contradiction.applied
        reached = applied.loc[applied["provision"].isin(rows), "subject"].unique()
        parts.append(about.subjects.points[reached])
    points = np.concatenate(parts)
    there: Geometries = points[~(shapely.is_missing(points) | shapely.is_empty(points))]
    return there


# ---------------------------------------------------------------- what the form offers


def field_of(name: str) -> Field:
    """Return a field of the register."""
    return load_catalogue().kind(KIND).fields[name]


def codes_of(name: str) -> list[tuple[str, str]]:
    """Return what a field of codes offers: words and code, nothing first."""
    return [("–", ""), *((label(x), code) for code, x in field_of(name).codes.items())]


def stance_text(stance: int) -> str:
    """Return a stance in Nilsson's words."""
    words = {
        3: _("indivisible"), 2: _("reinforcing"), 1: _("enabling"), 0: _("consistent"),
        -1: _("constraining"), -2: _("counteracting"), -3: _("cancelling"),
    }  # fmt: skip
    return f"{stance:+d} {words[stance]}" if stance else f"0 {words[0]}"


def stances() -> list[tuple[str, str]]:
    """Return the stances to choose from: words and value, none first."""
    return [(_("– not agreed"), ""), *((stance_text(x), str(x)) for x in STANCES)]


def targets(project: Project) -> list[tuple[str, str]]:
    """Return what a provision can apply to: words and target."""
    kinds = load_catalogue().kinds
    offered = [(_("– on record only"), "")]
    for kind in TARGET_KINDS:
        offered.append((_("all of: {kind}").format(kind=label(kinds[kind].labels)), kind))
    for kind in TARGET_KINDS[:-1]:
        layers = project.of_kind(kind)
        offered += [
            (_("layer: {name}").format(name=x.title or x.name), x.name)
            for x in layers
            if x.name != kind
        ]
        if kind != "zoning":  # of a plan's thousands of polygons none is chosen by its id
            offered += [entry for x in layers for entry in _areas(x.frame)]
    supports = [t.frame for t in project.tables.values() if t.kind == "supports"]
    programmes = sorted({x for t in supports for x in text(t, "programme")} - {""})
    offered += [(_("programme: {name}").format(name=x), x) for x in programmes]
    return offered


def _areas(frame: pd.DataFrame) -> list[tuple[str, str]]:
    return [
        (_("area: {name}").format(name=f"{name} ({key})" if name else key), key)
        for name, key in zip(text(frame, "name"), text(frame, "id"), strict=True)
    ]


def narrowing_codes(name: str) -> list[tuple[str, str]]:
    """Return the businesses that a provision can be narrowed to: words and code, all first."""
    field = load_catalogue().kind("businesses").fields[name]
    return [(_("– all"), ""), *((label(x), code) for code, x in field.codes.items())]


def applies_to(target: str, form: str, location_kind: str) -> str:
    """Write what a provision applies to."""
    narrowed = zip(NARROWINGS, (form, location_kind), strict=True)
    return ":".join([target, *(f"{name}={code}" for name, code in narrowed if code)])


def split_applies_to(written: str) -> tuple[str, str, str]:
    """Return the target, form and location kind that a provision applies to.

    What cannot be understood is all target, so that the form shows it.
    """
    try:
        target, form, location_kind = parsed_applies_to(written)
    except GisappError:
        return written, "", ""
    return target, form, location_kind


# ---------------------------------------------------------------- what is typed


def problems(record: Mapping[str, str]) -> dict[str, str]:
    """Say what is wrong with what is typed, by field."""
    found: dict[str, str] = {}
    if not record["instrument"].strip():
        found["instrument"] = _("A provision needs its instrument.")
    if record["year"] and not (record["year"].isdigit() and len(record["year"]) == 4):
        found["year"] = _("A year has four digits.")
    for name in DATES:
        try:
            if record[name]:
                checked_date(record[name])
        except GisappError as error:
            found[name] = f"{error.message} {error.remedy}"
    period = ("valid_from", "valid_to")
    dated = not any(name in found for name in period) and all(record[x] for x in period)
    if dated and record["valid_to"] <= record["valid_from"]:
        found["valid_to"] = _("It must end after it began.")
    target, *_narrowed = split_applies_to(record["applies_to"])
    if not target and record["applies_to"]:
        found["applies_to"] = _("Choose what it applies to before narrowing it.")
    return found


def coding_problems(codings: Sequence[Mapping[str, str]]) -> str:
    """Say what is wrong with the codings of a provision; empty where nothing is."""
    names = [row["coder"] for row in codings]
    if not all(names):
        return _("Every coding needs its coder.")
    if len(set(names)) < len(names):
        return _("A coder codes a provision once.")
    return "" if all(row["stance"] for row in codings) else _("Every coding needs its stance.")


def as_record(typed: Mapping[str, str]) -> dict[str, Any]:
    """Return what is typed as values of the register."""
    values: dict[str, Any] = {name: value.strip() for name, value in typed.items()}
    for name in ("year", "stance"):
        values[name] = int(values[name]) if values[name] else None
    return values


def free_id(taken: Sequence[str]) -> str:
    """Return an id that no row of the register has."""
    return next(f"P-{n}" for n in range(1, len(taken) + 2) if f"P-{n}" not in set(taken))


def empty_record(taken: Sequence[str]) -> dict[str, str]:
    """Return a provision of which nothing is known yet."""
    return {"id": free_id(taken), **dict.fromkeys((*FIELDS, "applies_to"), "")}


def records_of(register: Register) -> list[dict[str, str]]:
    """Return the rows of the register as the form has them."""
    return _records(register.frame)


def _records(frame: pd.DataFrame) -> list[dict[str, str]]:
    return [{str(k): str(v) for k, v in row.items()} for row in frame.to_dict("records")]
