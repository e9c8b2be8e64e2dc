"""The command that asks where densities are high, and how far support is."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from gisapp.cli.app import AsOf, Json, Lang, ProjectFile, app
from gisapp.cli.printing import say, say_asked, say_json, say_rows
from gisapp.cli.progress import terminal_progress
from gisapp.core.asked import conditions
from gisapp.core.field_text import code_text
from gisapp.core.words import N_, _, number

if TYPE_CHECKING:
    from gisapp.analysis.pattern_report import Answer
    from gisapp.core.catalogue import Field

Measure = Literal["businesses", "families", "conflicts", "prohibited", "affected", "contradictory"]
Units = Literal["rw", "kelurahan", "hexagons", "squares"]
Per = Literal["km2", "inhabitants", "families", "assessed"]
MOST_ROWS = 15


@app.command(
    "patterns",
    help=N_("Show where densities are high or low beyond chance, and how far support is."),
)
def _patterns(
    project: ProjectFile,
    value: Annotated[Measure, typer.Option(help=N_("What is counted."))] = "conflicts",
    units: Annotated[
        Units | None, typer.Option(help=N_("By default the RW, else hexagons."))
    ] = None,
    per: Annotated[Per, typer.Option(help=N_("The denominator of the density."))] = "km2",
    cell: Annotated[
        float, typer.Option(min=10.0, metavar="METRES", help=N_("Width of hexagons and squares."))
    ] = 250.0,
    seed: Annotated[int | None, typer.Option(min=0, help=N_("Of the random permutations."))] = None,
    as_of: AsOf = "",
    json: Json = False,
    lang: Lang = None,
) -> None:
    from gisapp.analysis.counting_units import usual_units
    from gisapp.analysis.pattern_report import Question, ask_patterns, pattern_summary
    from gisapp.analysis.patterns import SEED
    from gisapp.io.folders import keep_compiled
    from gisapp.io.project_file import load_project

    keep_compiled()
    with terminal_progress() as progress:
        opened = load_project(project)
        asked = Question(
            measure=value,
            units=units or usual_units(opened),
            per=per,
            cell_m=cell,
            seed=SEED if seed is None else seed,
        )
        answer = ask_patterns(opened, asked, as_of, progress)
    found = {**pattern_summary(answer), **conditions(opened.parameters)}
    if json:
        say_json(found)
    else:
        _say(answer, found)


def _say(answer: "Answer", found: Mapping[str, Any]) -> None:
    from gisapp.analysis.pattern_report import per_text
    from gisapp.io.catalogue import load_catalogue

    say_asked(found["as_of"], found.get("known_on", ""), found.get("at", ""))
    for sentence in found["notes"]:
        say(sentence)
    say(_("The densest units, {per}, with intervals (95 %):").format(per=per_text(answer.question)))
    ranked = sorted(found["by_unit"], key=lambda row: (-(row["density"] or 0.0), row["id"]))
    headings = (_("unit"), _("count"), _("density"), _("from"), _("to"), _("pattern"))
    pattern = load_catalogue().kind("patterns").fields["pattern"]
    say_rows([headings, *(_unit_row(row, pattern) for row in ranked[:MOST_ROWS])])
    say(_("Straight-line distance to the nearest support area, metres:"))
    headings = ("", _("known"), _("median"), _("p90"), _("beyond 500 m"), _("not known"))
    groups = found["distances"].items()
    words = {"businesses": _("businesses"), "households": _("families")}
    say_rows([headings, *((words[x], *_distance_row(told["nearest"])) for x, told in groups)])


def _unit_row(row: Mapping[str, Any], pattern: "Field") -> tuple[str, ...]:
    numbers = (_told(row[key], 1) for key in ("density", "low", "high"))
    return (
        row["name"] or row["id"],
        number(row["count"]),
        *numbers,
        code_text(pattern, row["pattern"]),
    )


def _distance_row(told: Mapping[str, Any]) -> tuple[str, ...]:
    share = told["beyond_500_m"]
    return (
        number(told["n"]),
        _told(told["median_m"]),
        _told(told["p90_m"]),
        "–" if share is None else f"{number(100 * share)} %",
        number(told["unknown"]),
    )


def _told(value: float | None, decimals: int = 0) -> str:
    return "–" if value is None else number(value, decimals)
