"""The command that lays the plan, the evictions and the admin areas over each other."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from gisapp.cli.app import AsOf, Json, Lang, ProjectFile, app
from gisapp.cli.printing import say, say_asked, say_json, say_rows
from gisapp.cli.progress import terminal_progress
from gisapp.core.asked import conditions
from gisapp.core.policy import stage_text
from gisapp.core.words import N_, _, number

if TYPE_CHECKING:
    from gisapp.analysis.overlay_table import OverlayTable

By = Literal["rw", "kelurahan"]


@app.command(
    "overlay",
    help=N_("Lay zoning, evictions and admin areas over each other: areas that add up."),
)
def _overlay(
    project: ProjectFile,
    by: Annotated[
        By | None, typer.Option(help=N_("By default the RW, else the kelurahan."))
    ] = None,
    sliver: Annotated[
        float,
        typer.Option(
            min=0.0, metavar="METRES", help=N_("A piece narrower than this is counted as a sliver.")
        ),
    ] = 0.5,
    as_of: AsOf = "",
    json: Json = False,
    lang: Lang = None,
) -> None:
    from gisapp.analysis.overlay_table import overlay_summary, overlay_table
    from gisapp.io.folders import keep_compiled
    from gisapp.io.project_file import load_project

    keep_compiled()
    with terminal_progress() as progress:
        opened = load_project(project)
        table = overlay_table(opened, by or "", as_of, sliver, progress)
    found = {**overlay_summary(table), **conditions(opened.parameters)}
    if json:
        say_json(found)
    else:
        _say(table, found)


def _say(table: "OverlayTable", found: Mapping[str, Any]) -> None:
    from gisapp.analysis.overlay_table import margin
    from gisapp.analysis.overlay_words import people_text

    total, overlaps = found["total"], found["overlap_m2"]
    say_asked(found["as_of"], found.get("known_on", ""), found.get("at", ""))
    say(
        _("{area} m² in {pieces} pieces; the admin areas have {admin} m².").format(
            area=number(total["area_m2"], 1),
            pieces=number(total["pieces"]),
            admin=number(table.admin_m2, 1),
        )
    )
    say(
        _("{n} pieces are slivers, narrower than {width} m: {area} m², in every sum.").format(
            n=number(total["slivers"]),
            width=number(table.sliver_m, 2),
            area=number(total["sliver_m2"], 1),
        )
    )
    say(
        _(
            "Covered more than once: by zoning {zoning} m², by evictions {evictions} m², "
            "by admin areas {admin} m²."
        ).format(**{kind: number(area_m2, 1) for kind, area_m2 in overlaps.items()})
    )
    for sentence in people_text(table):
        say(sentence)
    names = dict(zip(table.rows["admin_code"], table.rows["admin_name"], strict=True))
    _say_margin(_("By eviction stage:"), "stage", margin(table, "stage"), names)
    _say_margin(_("By sub-zone:"), "zone", margin(table, "zone"), names)
    _say_margin(_("By admin area:"), "admin_code", margin(table, "admin_code"), names)


def _say_margin(
    title: str, key: str, rows: Sequence[dict[str, Any]], names: Mapping[str, str]
) -> None:
    from gisapp.analysis.overlay_table import displayed

    areas = displayed([row["area_m2"] for row in rows])
    headings = ("", _("m²"), _("pieces"), _("slivers"), _("businesses"), _("families"))
    say(title)
    say_rows(
        [headings]
        + [
            (
                _key_text(key, row[key], names),
                number(area, 1),
                *(number(row[n]) for n in ("pieces", "slivers", "businesses", "families")),
            )
            for row, area in zip(rows, areas, strict=True)
        ]
    )


def _key_text(key: str, value: str, names: Mapping[str, str]) -> str:
    if key == "stage":
        return stage_text(value) if value else _("no eviction in force")
    if key == "zone":
        return value or _("outside the plan")
    if value == "outside":
        return _("outside admin areas")
    return f"{names[value]} ({value})" if names[value] else value
