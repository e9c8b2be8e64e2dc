"""Commands that say how sure the totals are, and what moves them."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from gisapp.cli.app import AsOf, Json, Lang, ProjectFile, app
from gisapp.cli.printing import say, say_asked, say_json, say_rows, say_warnings
from gisapp.cli.progress import terminal_progress
from gisapp.core.asked import conditions
from gisapp.core.finding_text import finding_text
from gisapp.core.words import N_, _, number

if TYPE_CHECKING:
    from gisapp.analysis.boundaries import Boundaries
    from gisapp.analysis.distributions import Total
    from gisapp.analysis.sensitivity import Sensitivity
    from gisapp.analysis.totals import Totals

Level = Literal["0.9", "0.95"]
AnyTotal = Literal[
    "families", "families_expected", "exposed_businesses", "restricted_businesses",
    "exposed_income", "newly_poor", "contradictions",
]  # fmt: skip


@app.command(
    "uncertainty", help=N_("Tell the totals as intervals, and what hangs on whose boundaries.")
)
def _uncertainty(
    project: ProjectFile,
    boundaries: Annotated[
        str,
        typer.Option(metavar="LAYER", help=N_("An admin layer to compare the one in use with.")),
    ] = "",
    level: Annotated[Level, typer.Option(help=N_("How sure the intervals shown are."))] = "0.95",
    as_of: AsOf = "",
    json: Json = False,
    lang: Lang = None,
) -> None:
    from gisapp.analysis.boundaries import boundaries_summary, compare_boundaries, layer_in_use
    from gisapp.analysis.distributions import LEVELS
    from gisapp.analysis.study import study
    from gisapp.analysis.totals import intervals_summary, totals
    from gisapp.analysis.uncertainty_words import interval_notes
    from gisapp.io.folders import keep_compiled
    from gisapp.io.project_file import load_project

    keep_compiled()
    with terminal_progress() as progress:
        opened = load_project(project)
        studied = study(opened, as_of, progress)
        found = totals(studied)
        base = layer_in_use(opened, boundaries)
        sets = compare_boundaries(opened, studied, base, boundaries) if boundaries else None
    if json:
        told = {"as_of": studied.case.as_of, "levels": list(LEVELS), **intervals_summary(found)}
        told |= conditions(opened.parameters)
        told["warnings"] = list(studied.case.warnings)
        told["notes"] = list(interval_notes(found))
        say_json({**told, "boundaries": boundaries_summary(sets)} if sets else told)
        return
    say_asked(studied.case.as_of, **conditions(opened.parameters))
    _say_totals(found, float(level))
    if sets:
        _say_boundaries(sets)
    say_warnings(studied.case.warnings)


def _say_totals(found: "Totals", level: float) -> None:
    from gisapp.analysis.uncertainty_words import interval_notes, interval_sentence
    from gisapp.io.catalogue import load_catalogue

    finding = partial(finding_text, load_catalogue())
    say(interval_sentence(found, "families", level))
    main = found.main
    exposed = {_("businesses"): main.businesses, _("homes"): main.households}
    for title, rows, word_text in (
        (_("Families by impact:"), main.families, finding),
        (_("Exposed to evictions:"), exposed, str),
        (_("Businesses by class:"), found.classes, finding),
        (_("Exposed income, Rp a month:"), {"": main.income}, str),
    ):
        say(title)
        headings = ("", _("found"), _("expected"), f"{number(level * 100)} %")
        decimals = 0 if rows.keys() == {""} else 1  # no tenths of a rupiah
        say_rows(
            [
                headings,
                *(_total_row(word_text(x), total, level, decimals) for x, total in rows.items()),
            ]
        )
    for note in interval_notes(found, finding):
        say(note)


def _total_row(word: str, total: "Total", level: float, decimals: int) -> tuple[str, ...]:
    from gisapp.analysis.uncertainty_words import interval_text

    return (word, number(total.found), number(total.mean, decimals), interval_text(total, level))


def _say_boundaries(found: "Boundaries") -> None:
    say(
        _("“{layer}” and “{other}” draw the same areas; {n} records change theirs:").format(
            layer=found.layer, other=found.other, n=number(len(found.moved))
        )
    )
    headings = ("", _("greatest distance, m"), _("mean distance, m"), _("differing, ha"))
    rows = found.pairs.to_dict("records")
    say_rows([headings, *(_pair_row(row) for row in rows)])
    for name, unpaired in (
        (found.layer, found.unpaired),
        (found.other, found.other_unpaired),
    ):
        if unpaired:
            sentence = _("Only in “{layer}”: {names}.")
            say(sentence.format(layer=name, names=", ".join(unpaired)))


def _pair_row(row: Mapping[Any, Any]) -> tuple[str, ...]:
    metres = (number(row["hausdorff_m"]), number(row["mean_m"], 1))
    return (row["name"] or row["code"], *metres, number(row["difference_m2"] / 10_000, 1))


@app.command("sensitivity", help=N_("Show how far each setting moves a total, one at a time."))
def _sensitivity(
    project: ProjectFile,
    total: Annotated[AnyTotal, typer.Option(help=N_("The total asked about."))] = "families",
    as_of: AsOf = "",
    json: Json = False,
    lang: Lang = None,
) -> None:
    from gisapp.analysis.sensitivity import sensitivity, sensitivity_summary
    from gisapp.io.folders import keep_compiled
    from gisapp.io.project_file import load_project

    keep_compiled()
    with terminal_progress() as progress:
        opened = load_project(project)
        found = sensitivity(opened, total, as_of, progress)
    asked = conditions(opened.parameters)
    if json:
        say_json({**sensitivity_summary(found), **asked})
    else:
        say_asked(found.as_of, **asked)
        _say_sensitivity(found)


def _say_sensitivity(found: "Sensitivity") -> None:
    from gisapp.analysis.uncertainty_words import (
        parameter_texts,
        sensitivity_sentence,
        setting_text,
    )

    say(sensitivity_sentence(found))
    names = parameter_texts()
    for sway in found.sways:
        say(names[sway.parameter])
        say_rows(
            [
                (setting_text(sway.parameter, outcome.setting), number(outcome.total))
                for outcome in sway.outcomes
            ]
        )
