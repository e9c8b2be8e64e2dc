"""What each command answers, for people or as JSON."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import typer

from gisapp.cli.printing import counts, refuse, say, say_asked, say_json, say_rows, say_warnings
from gisapp.core.contradictions import headline_text
from gisapp.core.errors import GisappError
from gisapp.core.finding_text import exposure_text, finding_text, subjects_text
from gisapp.core.reasons import reason_text, repair_text
from gisapp.core.words import _, day, moment, ngettext, number

if TYPE_CHECKING:
    from gisapp.core.layer import ImportReport, Layer, Table
    from gisapp.export import Written
    from gisapp.io.checking import CheckReport, LayerFacts
    from gisapp.io.mending import Mended, Refused
    from gisapp.io.salvage import Salvaged, SalvagedPart

WordText = Callable[[str], str]


def created(path: Path, crs: str) -> None:
    """Say that an empty project was made."""
    say(_("{path} made, measuring in {crs}.").format(path=path, crs=crs))
    say(_("Next: gisapp import {path} FILE --as admin").format(path=quote(str(path))))


def imported(layer: "Layer", as_json: bool) -> None:
    """Say what became of the rows of one source."""
    assert layer.report is not None
    if as_json:
        geometry = sorted(set(layer.frame.geom_type.dropna()))
        say_json(
            {
                "layer": layer.name,
                "kind": layer.kind,
                "crs": str(layer.frame.crs),
                "geometry": geometry[0] if len(geometry) == 1 else "/".join(geometry),
                **_report(layer.report),
            }
        )
    else:
        say(_("Layer {name}:").format(name=layer.name))
        _report_lines(layer.report)


def linked(table: "Table", unmatched: Mapping[str, Sequence[str]], as_json: bool) -> None:
    """Say what became of the rows of one relation, and which keys name no record."""
    assert table.report is not None
    if as_json:
        keys = {field: list(names) for field, names in unmatched.items()}
        totals = {"unmatched": table.unmatched, "unmatched_keys": keys}
        say_json({"table": table.name, **totals, **_report(table.report)})
        return
    say(_("Table {name}:").format(name=table.name))
    _report_lines(table.report)


def refused_rows(name: str, rows: Sequence["Refused"], as_json: bool) -> None:
    """List the rows that were not taken in, in the words of ``gisapp mend``."""
    if as_json:
        say_json({"layer": name, "rows": [asdict(row) for row in rows]})
        return
    for row in rows:
        told = _("Row {row}, {id}: {reason}").format(
            row=row.row, id=row.id or "–", reason=reason_text(row.reason)
        )
        say(f"{told}: " + ", ".join(f"{name}={text}" for name, text in row.values.items()))
    if not rows:
        say(_("Every row of {name} was taken in.").format(name=name))


def mended(made: "Mended", row: int, as_json: bool) -> None:
    """Say that a corrected row was taken in, and the numbers of its layer."""
    part = made.part
    assert part.report is not None
    if as_json:
        notes = list(made.notes)
        say_json({"layer": part.name, "row": row, **_report(part.report), "notes": notes})
        return
    say(_("Row {row} was taken in. Layer {name}:").format(row=row, name=part.name))
    _report_lines(replace(part.report, notes=made.notes))


def _report(report: "ImportReport") -> dict[str, Any]:
    keys = (
        "rows_read",
        "accepted",
        "repaired",
        "quarantined",
        "repairs",
        "reasons",
        "notes",
        "changes",
    )
    return {key: value for key, value in asdict(report).items() if key in keys}


def _report_lines(report: "ImportReport") -> None:
    say_rows(
        [
            (_("rows read"), number(report.rows_read)),
            (_("accepted"), number(report.accepted)),
            (_("repaired"), number(report.repaired)),
            *((f"  {repair_text(x)}", number(n)) for x, n in report.repairs.items()),
            (_("quarantined"), number(report.quarantined)),
            *((f"  {reason_text(x)}", number(n)) for x, n in report.reasons.items()),
        ]
    )
    for note in report.notes:
        say(note)


def _totals(summary: Mapping[str, Any]) -> Sequence[tuple[str, Mapping[str, int], WordText]]:
    """Return the totals of an assessment, each with its title and how its words are told."""
    from gisapp.io.catalogue import load_catalogue

    finding = partial(finding_text, load_catalogue())
    return (
        (_("Businesses by conformity with the plan"), summary["conformity"]["businesses"], finding),
        (_("Businesses by stage of eviction"), summary["exposure"]["businesses"], exposure_text),
        (_("Families by impact"), summary["families"], finding),
        (_("Under contradiction"), summary["contradictions"], subjects_text),
    )


def assessment(summary: Mapping[str, Any]) -> None:
    """Say the totals of an assessment."""
    say_asked(summary["as_of"], summary.get("known_on", ""), summary.get("at", ""))
    if "headline" in summary:
        say(headline_text(summary["headline"]))
    for title, values, word_text in _totals(summary):
        counts(title, {word_text(word): n for word, n in values.items()})
    income = number(summary["exposed_income_idr_month"])
    say(_("Exposed income a month: Rp {income}").format(income=income))
    unknown = summary["income_unknown"]
    if unknown:
        say(
            ngettext(
                "{n} family has exposed income that is not known.",
                "{n} families have exposed income that is not known.",
                unknown,
            ).format(n=number(unknown))
        )
    say(_("Families newly poor: {n}").format(n=number(summary["newly_poor"])))
    say(_("Conflicts: {n}").format(n=number(summary["conflicts"])))
    say_warnings(summary.get("warnings", ()))


def exported(path: Path, preset: str, written: "Written", as_json: bool) -> None:
    """Say what left the machine."""
    if as_json:
        say_json({"preset": preset, **asdict(written)})
        return
    say(
        _("{path} written for {preset}: {features} features, {size} kB.").format(
            path=path,
            preset=preset,
            features=number(written.features),
            size=number(written.bytes / 1000),
        )
    )
    if len(written.files) > 1:
        for file in written.files:
            say(f"  {file.file}")
    for warning in written.warnings:
        say(_("Note: {text}").format(text=warning))


def info(found: Mapping[str, Any]) -> None:
    """Say what a project holds."""
    say(_("CRS {crs}, as of {day}").format(crs=found["crs"], day=day(found["as_of"]) or "–"))
    say_rows(
        [
            (_("layer"), _("kind"), _("rows"), _("quarantined")),
            *(
                (x["name"], x["kind"], number(x["features"]), number(x["quarantined"]))
                for x in (*found["layers"], *found["tables"])
            ),
        ]
    )
    runs, exports = len(found["runs"]), len(found["exports"])
    say(_("Assessments: {runs}, exports: {exports}").format(runs=runs, exports=exports))
    if n := len(found["attachments"]):
        say(ngettext("{n} attached document", "{n} attached documents", n).format(n=number(n)))
    for kept in found["autosave"]:
        say(
            _("Unsaved changes of {when}: {edits}").format(
                when=moment(kept["at"]), edits=", ".join(kept["edits"]) or "–"
            )
        )


def checked(name: str, report: "CheckReport", as_json: bool) -> None:
    """Say what a foreign file holds; a refused one ends the command with exit code 3."""
    if as_json:
        say_json(asdict(report))
    if not report.ok:
        refuse(GisappError(" ".join(report.errors), report.remedy))
        raise typer.Exit(3)
    if as_json:
        return
    say(f"{name}: {report.driver}")
    say_rows(
        [
            (_("layer"), _("geometry"), _("rows"), _("CRS")),
            *((x.name, x.geometry, _counted(x.features), x.crs) for x in report.layers),
        ]
    )
    for layer in report.layers:
        _say_reading(layer)
    for warning in report.warnings:
        say(_("Note: {text}").format(text=warning))
    if report.project is not None and not report.warnings:
        say(_("A gisapp project; everything in it can be read."))


def _say_reading(layer: "LayerFacts") -> None:
    """Say on a line how a layer would be read, and on another what may be meant besides."""
    if layer.mapping:
        words = ", ".join(f"{name}={column}" for name, column in layer.mapping.items())
        text = _("{layer}, as {kind}: {mapping}")
        say(text.format(layer=layer.name, kind=layer.kind, mapping=words))
    if layer.suggestions:
        pairs = layer.suggestions.items()
        words = " ".join(f"--map {quote(f'{name}={column}')}" for name, column in pairs)
        say(_("{layer} may also be read with {options}").format(layer=layer.name, options=words))
    if layer.encoding:
        text = _("{layer} is text in {encoding}, separated by {separator}")
        say(text.format(layer=layer.name, encoding=layer.encoding, separator=layer.separator))


def salvaged(saved: "Salvaged", as_json: bool) -> None:
    """Say what was saved of a damaged project, and what is lost."""
    if as_json:
        say_json(asdict(saved))
        return
    say(_("Saved to {path}:").format(path=saved.file))
    say_rows(
        [
            (_("layer"), _("kind"), _("rows"), _("lost")),
            *(
                (x.name, x.kind, number(x.rows), "?" if x.lost is None else number(x.lost))
                for x in (*saved.layers, *saved.tables)
            ),
        ]
    )
    parts = (*saved.layers, *saved.tables)
    for part in parts:
        for sentence in _losses(part):
            say(sentence)
    if nameless := [x.name for x in parts if "entry" in x.replaced]:
        say(_("Found by their rows, because the list of layers is damaged: {names}. What else it "
              "named may be lost.").format(names=", ".join(nameless)))  # fmt: skip
    if saved.attachments_lost:
        names = ", ".join(saved.attachments_lost)
        say(_("Attached documents that are lost: {names}").format(names=names))
    if saved.others:
        say(_("Not taken along: {names}").format(names=", ".join(saved.others)))


def _losses(part: "SalvagedPart") -> Iterator[str]:
    if part.unreadable_geometries:
        yield _("{name}: {n} geometries cannot be read; those rows have no place now.").format(
            name=part.name, n=number(part.unreadable_geometries)
        )
    if part.replaced and "entry" not in part.replaced:
        yield _("{name}: its style, report or columns could not be read; the usual ones are "
                "in their place.").format(name=part.name)  # fmt: skip


def _counted(features: int | None) -> str:
    return "–" if features is None else number(features)


def demo_files(paths: Sequence[Path]) -> None:
    """Say where the demo's results lie."""
    say(_("Written:"))
    for path in paths:
        say(f"  {path}")
