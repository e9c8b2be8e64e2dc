"""The commands that choose intervention sites and find room for stalls that must move."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from gisapp.cli.app import AsOf, Json, Lang, ProjectFile, app
from gisapp.cli.printing import say, say_json, say_rows
from gisapp.cli.progress import terminal_progress
from gisapp.core.words import N_, _, ngettext, number

if TYPE_CHECKING:
    from gisapp.analysis.candidates import Candidates
    from gisapp.analysis.study import Study

DemandOf = Literal["affected", "households", "businesses"]
From = Annotated[
    str, typer.Option(metavar="LAYER", help=N_("The candidates; by default the layers of sites."))
]


@app.command("sites", help=N_("Choose the K sites that reach most demand within METRES."))
def _sites(
    project: ProjectFile,
    choose: Annotated[int, typer.Option(min=1, metavar="K", help=N_("How many sites."))],
    reach: Annotated[
        float, typer.Option(min=1.0, metavar="METRES", help=N_("How far a site reaches."))
    ],
    candidates: From = "",
    demand: Annotated[DemandOf, typer.Option(help=N_("Whom to reach."))] = "affected",
    as_of: AsOf = "",
    json: Json = False,
    lang: Lang = None,
) -> None:
    from gisapp.analysis.siting import choose_sites, demand_of, siting_summary

    study, sites = _read(project, candidates, as_of)
    wanted = demand_of(study, demand)
    answer = siting_summary(sites, wanted, choose_sites(sites, wanted, choose, reach))
    if json:
        say_json(answer)
    else:
        _say_sites(answer)


@app.command("relocate", help=N_("Find room for the businesses that evictions in force expose."))
def _relocate(
    project: ProjectFile,
    candidates: From = "",
    as_of: AsOf = "",
    json: Json = False,
    lang: Lang = None,
) -> None:
    from gisapp.analysis.relocating import relocate, relocation_summary

    study, sites = _read(project, candidates, as_of)
    answer = relocation_summary(sites, relocate(study, sites))
    if json:
        say_json(answer)
    else:
        _say_relocation(answer)


def _read(path: Path, layer: str, as_of: str) -> "tuple[Study, Candidates]":
    from gisapp.analysis.candidates import candidates
    from gisapp.analysis.study import study
    from gisapp.io.folders import keep_compiled
    from gisapp.io.project_file import load_project

    keep_compiled()
    with terminal_progress() as progress:
        project = load_project(path)
        studied = study(project, as_of, progress)
        return studied, candidates(project, studied.case, layer)


def _say_sites(answer: dict[str, Any]) -> None:
    said = _("{covered} of {total} are within reach of the chosen sites ({share} %).")
    share = number(100 * answer["coverage"], 1)
    say(
        said.format(
            covered=number(answer["covered"]), total=number(answer["demand_total"]), share=share
        )
    )
    rows = [(x["id"], number(x["demand"]), _metres(x["mean_distance_m"])) for x in answer["chosen"]]
    say_rows([(_("site"), _("nearest to"), _("mean distance, m")), *rows])
    if answer["optimal"]:
        say(_("No other choice reaches more."))
    else:
        say(_("Another choice may reach {gap} % more.").format(gap=number(100 * answer["gap"], 2)))
    if answer["placeless"]:
        n = answer["placeless"]
        say(
            ngettext(
                "{n} more has no known place and is not counted.",
                "{n} more have no known place and are not counted.",
                n,
            ).format(n=number(n))
        )
    _say_excluded(answer)


def _say_relocation(answer: dict[str, Any]) -> None:
    say(
        _("{placed} find room, {unplaced} do not.").format(
            placed=number(answer["placed"]), unplaced=number(answer["unplaced"])
        )
    )
    if answer["placed"]:
        say(
            _("Straight-line distance: {mean} m on average, {p95} m for 95 %.").format(
                mean=_metres(answer["mean_distance_m"]), p95=_metres(answer["p95_distance_m"])
            )
        )
    rows = [(x["id"], number(x["placed"]), number(x["free"])) for x in answer["by_site"]]
    say_rows([(_("site"), _("placed"), _("free before")), *rows])
    if answer["capacity_unknown"]:
        names = ", ".join(answer["capacity_unknown"])
        say(_("Not known how much room there is: {names}").format(names=names))
    _say_excluded(answer)


def _say_excluded(answer: dict[str, Any]) -> None:
    reasons = {
        "eviction": _("lies in an eviction area in force"),
        "prohibited": _("the plan prohibits every activity there"),
        "no_location": _("no usable location"),
    }
    for told in answer["excluded"]:
        say(_("{id} was left out: {reason}").format(id=told["id"], reason=reasons[told["reason"]]))


def _metres(value: float | None) -> str:
    return "–" if value is None else number(value)
