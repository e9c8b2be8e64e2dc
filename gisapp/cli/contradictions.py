"""The command that asks who stands between promoting and repressing policies."""

from collections.abc import Mapping, Sequence
from typing import Any

from gisapp.cli.app import AsOf, Json, Lang, ProjectFile, app
from gisapp.cli.printing import say, say_asked, say_json, say_rows, say_warnings
from gisapp.cli.progress import terminal_progress
from gisapp.core.asked import conditions
from gisapp.core.contradictions import (
    agreement_text,
    headline_text,
    institution_text,
    manner_text,
    pair_text,
    relation_text,
)
from gisapp.core.words import N_, _, number

MOST_PAIRS = 10
RELATIONS = ("within", "between", "not_stated")


@app.command(
    "contradictions",
    help=N_("Show which institutions promote what others repress, and whom it hits."),
)
def _contradictions(
    project: ProjectFile,
    as_of: AsOf = "",
    json: Json = False,
    lang: Lang = None,
) -> None:
    from gisapp.analysis.contradiction_report import ask_contradictions, contradictions_summary
    from gisapp.io.folders import keep_compiled
    from gisapp.io.project_file import load_project

    keep_compiled()
    with terminal_progress() as progress:
        opened = load_project(project)
        answer = ask_contradictions(opened, as_of, progress)
    found = {**contradictions_summary(answer), **conditions(opened.parameters)}
    if json:
        say_json(found)
    else:
        _say(found)
        say_warnings(found["warnings"])


def _say(found: Mapping[str, Any]) -> None:
    say_asked(found["as_of"], found.get("known_on", ""), found.get("at", ""))
    say(headline_text(found["headline"]))
    if not found["matrix"]:
        return
    say(_("Who promotes, who represses, and whom it hits (a family may be in several rows):"))
    say_rows([_headings(_("promotes"), _("represses")), *map(_cell_row, found["matrix"])])
    say(_("All of them, and by whose policies and by what they do:"))
    parts = [(_("total"), found["total"])]
    parts += [(relation_text(word), found[word]) for word in RELATIONS]
    parts += [(manner_text(word), hit) for word, hit in found["manner"].items()]
    say_rows([_headings("")[:4], *((word, *_hit(hit)) for word, hit in parts)])
    say(_("The pairs of policies that most families stand between:"))
    for pair in found["headline"]["pairs"][:MOST_PAIRS]:
        say(f"  {pair_text(pair)}")
    say(agreement_text(found["coding"]))


def _headings(*first: str) -> tuple[str, ...]:
    rest = (_("families"), _("through a business"), _("businesses"), _("pairs"), _("area (m²)"))
    return (*first, *rest)


def _cell_row(cell: Mapping[str, Any]) -> Sequence[str]:
    return (
        institution_text(cell["promoting"]),
        institution_text(cell["repressing"]),
        *_hit(cell),
        number(cell["pairs"]["total"]),
        number(cell["area_m2"]),
    )


def _hit(hit: Mapping[str, int]) -> tuple[str, ...]:
    names = ("families", "families_through_livelihood", "businesses")
    return tuple(number(hit[name]) for name in names)
