"""What ``gisapp check`` says of a project: whether it opens, and part by part what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gisapp.core import words
from gisapp.core.errors import GisappError
from gisapp.core.words import N_, _, number
from gisapp.io import keys
from gisapp.io.child import POOL
from gisapp.io.project_book import makes_sense, report_of, unreadable_values
from gisapp.io.project_db import GEOMETRY_COLUMN, damaged, plain_damage, refuse_newer
from gisapp.io.project_file import load_project
from gisapp.io.remains import Part, Remains
from gisapp.io.scratch import private_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from gisapp.core.progress import Progress
    from gisapp.io.project_db import Row

_GEOMETRIES = {x.upper(): x for x in ("Point", "LineString", "Polygon", "MultiPoint",
                                      "MultiLineString", "MultiPolygon")}  # fmt: skip
_BOOK_WORDS = {
    "gisapp_meta": N_("the project's own values"),
    "gisapp_layers": N_("the list of layers"),
    "gisapp_tables": N_("the list of tables"),
    "gisapp_quarantine": N_("the rows that were not taken in"),
    "gisapp_runs": N_("the list of assessments"),
    "gisapp_exports": N_("the ledger of exports"),
    "gisapp_attachments": N_("the list of attachments"),
}
_VALUE_WORDS = {
    "columns": N_("list of columns"),
    "style": N_("style"),
    "report": N_("import report"),
}


@dataclass(frozen=True)
class PartFacts:
    """One layer or table of a project.

    Parameters
    ----------
    name, kind : str
        As the project calls it.
    geometry : str
        A geometry type, ``Unknown`` for a mixture, ``table`` for a table.
    rows : int
        That can be read.
    lost : int or None
        Rows that cannot; None where rows are missing and nothing says how many.
    located, unreadable_geometries : int
        Rows with a geometry that can be read, and with one that cannot.
    repeated_ids : int
        Rows whose id another one has, or that have none.
    indexed : int or None
        Entries of the spatial index; None where there is none.
    quarantined : int
        Rows that were not taken in, as they are kept.
    columns : tuple of str
    """

    name: str
    kind: str
    geometry: str
    rows: int
    lost: int | None
    located: int
    unreadable_geometries: int
    repeated_ids: int
    indexed: int | None
    quarantined: int
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class AttachmentFacts:
    """An attachment, and whether its bytes are there and those that were attached."""

    id: str
    name: str
    whole: bool


@dataclass(frozen=True)
class ProjectFacts:
    """A project file as it was found.

    Parameters
    ----------
    format_version, program_version, saved_at, uuid, crs : str
        As the file states them; empty where that is lost.
    key : bool
        Whether this user has the project's secret.
    layers, tables : tuple of PartFacts
        In the project's order.
    others : tuple of str
        Tables of other programs, which a save leaves alone.
    attachments : tuple of AttachmentFacts
    """

    format_version: str
    program_version: str
    saved_at: str
    uuid: str
    crs: str
    key: bool
    layers: tuple[PartFacts, ...]
    tables: tuple[PartFacts, ...]
    others: tuple[str, ...]
    attachments: tuple[AttachmentFacts, ...] = ()


@dataclass(frozen=True)
class ProjectReport:
    """A project's facts, and in sentences what keeps it from opening and what is merely odd."""

    facts: ProjectFacts
    errors: tuple[str, ...]
    remedy: str
    warnings: tuple[str, ...]


def check_project(path: Path, progress: Progress) -> ProjectReport:
    """Verify the project file `path`, which is not changed, and say part by part what is wrong.

    Raises
    ------
    GisappError
        Where nothing can be read of it.
    """
    found = ask_remains(path, None, progress)
    meta = meta_of(found)
    version = meta.get("format_version", "")
    facts = _project_facts(found, meta)
    parts = (*facts.layers, *facts.tables)
    errors = [*_book_errors(found, meta, path), *_part_errors(parts)]
    torn = [
        _("The attachment “{name}” is lost: its bytes are not those that were attached.").format(
            name=x.name
        )
        for x in facts.attachments
        if not x.whole
    ]
    remedy = damaged(path, "").remedy
    warnings = list(_warnings(found, version))
    try:
        refuse_newer(meta, path)
        project = None if errors else load_project(path)
    except GisappError as error:  # what every other command would say
        errors, remedy, project = [error.message, *errors], error.remedy, None
    errors += torn  # they keep nothing else from being opened
    if project is not None and not project.key:
        warnings.append(
            _("Pseudonyms or places in it were made with a key that is not on this machine.")
        )
    return ProjectReport(facts, tuple(errors), remedy if errors else "", tuple(warnings))


def _project_facts(found: Remains, meta: Mapping[str, str]) -> ProjectFacts:
    version = meta.get("format_version", "")
    return ProjectFacts(
        format_version=version,
        program_version=meta.get("program_version", ""),
        saved_at=meta.get("saved_at", ""),
        uuid=meta.get("uuid", ""),
        crs=meta.get("crs", ""),
        key=_has_key(meta),
        layers=tuple(_facts(row, found, version) for row in found.book["gisapp_layers"]),
        tables=tuple(_facts(row, found, version) for row in found.book["gisapp_tables"]),
        others=tuple(found.others),
        attachments=tuple(
            AttachmentFacts(str(x.get("id")), str(x.get("name")), x.get("sha256") in found.attached)
            for x in found.book["gisapp_attachments"]
        ),
    )


def ask_remains(path: Path, target: Path | None, progress: Progress) -> Remains:
    """Have the child read what is left of `path`; see `gisapp.io.remains.remains`."""
    if not path.is_file():
        raise GisappError(
            _("{file} cannot be opened: it is not a file.").format(file=path),
            _("Check the path, and that you may read the file."),
        )
    with private_folder("check") as folder:
        answer = POOL.ask(
            {
                "path": str(path.resolve()),
                "name": path.name,
                "language": words.language(),
                "remains": str(folder),
                "target": str(target) if target else "",
            },
            progress,
        )
    return Remains(**{**answer, "parts": [Part(**x) for x in answer["parts"]]})


def meta_of(found: Remains) -> dict[str, str]:
    """Return the project's own values by name."""
    return {
        x["name"]: str(x["value"])
        for x in found.book["gisapp_meta"]
        if isinstance(x.get("name"), str) and x.get("value") is not None
    }


def lost_rows(part: Part, row: Row, format_version: str) -> int | None:
    """Return how many rows of `part` cannot be read; None where nothing says how many there were.

    The file counts its rows; where that count is lost, the import's report tells.
    """
    if not (part.damaged_pages or part.damaged_rows or part.missing):
        return 0
    stated = part.expected
    if stated is None and "report" not in unreadable_values(row, format_version):
        report = report_of(row)
        stated = None if report is None else report.accepted + report.repaired
    return None if stated is None else max(stated - part.rows, part.damaged_rows)


def _part(row: Row, found: Remains) -> Part:
    return next(x for x in found.parts if x.table == row["table_name"])


def _facts(row: Row, found: Remains, version: str) -> PartFacts:
    part = _part(row, found)
    columns = dict(part.columns)
    geometry = columns.pop(GEOMETRY_COLUMN, None)
    return PartFacts(
        name=str(row["name"]),
        kind=str(row["kind"]),
        geometry=_GEOMETRIES.get(geometry, "Unknown") if geometry else "table",
        rows=part.rows,
        lost=lost_rows(part, row, version),
        located=part.located,
        unreadable_geometries=part.bad_geometries,
        repeated_ids=part.repeated_ids,
        indexed=part.indexed,
        quarantined=found.quarantined.get(part.table, 0),
        columns=tuple(x for x in columns if x != "fid"),
    )


def _book_errors(found: Remains, meta: Mapping[str, str], path: Path) -> Iterator[str]:
    """Say what is wrong with the file as a whole and with what gisapp keeps in it."""
    if found.reason:
        yield damaged(path, plain_damage(found.reason)).message
    for name in found.lost:
        yield _("Of {what}, not all can be read.").format(what=_(_BOOK_WORDS[name]))
    runs, exports = found.book["gisapp_runs"], found.book["gisapp_exports"]
    attachments = found.book["gisapp_attachments"]
    if not makes_sense(meta):
        yield _("The project's own values (CRS, parameters, view) cannot be read.")
    elif not makes_sense(meta, runs, exports):
        yield _("The list of assessments or exports cannot be read.")
    elif not makes_sense(meta, attachments=attachments):
        yield _("The list of attachments cannot be read.")
    for row in (*found.book["gisapp_layers"], *found.book["gisapp_tables"]):
        for what in unreadable_values(row, meta.get("format_version", "")):
            yield _("{name}: its {what} cannot be read.").format(
                name=row["name"], what=_(_VALUE_WORDS[what])
            )


def _part_errors(parts: Sequence[PartFacts]) -> Iterator[str]:
    for part in parts:
        if part.lost is None:
            yield _("{name}: {n} rows can be read; how many are lost is not known.").format(
                name=part.name, n=number(part.rows)
            )
        elif part.lost:
            yield _("{name}: {n} rows can be read, {lost} are lost.").format(
                name=part.name, n=number(part.rows), lost=number(part.lost)
            )
        if part.unreadable_geometries:
            yield _("{name}: {n} geometries cannot be read.").format(
                name=part.name, n=number(part.unreadable_geometries)
            )


def _warnings(found: Remains, version: str) -> Iterator[str]:
    """Say what is odd and yet lets the project open."""
    for row in (*found.book["gisapp_layers"], *found.book["gisapp_tables"]):
        part, name = _part(row, found), row["name"]
        located = GEOMETRY_COLUMN in dict(part.columns)
        if located and part.indexed != part.located - part.empty:
            yield _("{name}: the spatial index does not fit the rows.").format(name=name)
        if part.repeated_ids:
            yield _("{name}: {n} rows have no id or one that another has.").format(
                name=name, n=number(part.repeated_ids)
            )
        yield from _quarantine_warnings(row, found, version)
    if found.others:
        yield _("It also holds tables of other programs, which are left alone: {names}.").format(
            names=", ".join(found.others)
        )


def _quarantine_warnings(row: Row, found: Remains, version: str) -> Iterator[str]:
    stated, kept = row["quarantined"], found.quarantined.get(str(row["table_name"]), 0)
    if stated is not None and stated != kept:
        yield _("{name}: of {n} rows not taken in, {kept} are kept.").format(
            name=row["name"], n=number(int(stated)), kept=number(kept)
        )
    report = None if "report" in unreadable_values(row, version) else report_of(row)
    if report and report.accepted + report.repaired + report.quarantined != report.rows_read:
        yield _("{name}: the counts of its import do not add up.").format(name=row["name"])


def _has_key(meta: Mapping[str, str]) -> bool:
    try:
        return bool(keys.find_key(meta.get("uuid", ""), meta.get("key_check", "")))
    except (GisappError, ValueError):  # no uuid
        return False
