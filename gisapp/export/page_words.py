"""What the HTML map says besides its data: sentences, labels, the numbers of its summary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, cast

from gisapp import __version__
from gisapp.core.policy import CONFORMITY_CLASSES, IMPACTS, RESTRICTIVE_CLASSES, STAGES
from gisapp.core.words import _
from gisapp.export.page_data import Both, both
from gisapp.io.catalogue import load_catalogue
from gisapp.io.styles import load_style

if TYPE_CHECKING:
    from gisapp.privacy.release import Release

UNCOLOURED: Final = "#8a929c"
# Summary key, its part, the categories worst first, and where their labels and colours are from.
CHARTS: Final = (
    (
        ("conformity", "businesses"),
        tuple(reversed(CONFORMITY_CLASSES)),
        "assessed_businesses",
        "class",
    ),
    (("exposure", "businesses"), tuple(reversed(STAGES)), "evictions", "stage"),
    (("families",), IMPACTS, "assessed_households", "family_impact"),
)


def page_texts(release: Release) -> dict[str, str]:
    """Return every text of the page in the language in force, by its key."""
    return _labels() | {
        "edition": _("Edition: {preset}").format(preset=release.preset_label),
        "for": _("For {recipient}").format(recipient=release.recipient),
        "hidden_note": _(
            "Counts below {n} are hidden, and so are others that would give them away."
        ).format(n=release.n),
        "made_with": _("Made with gisapp {version}; map library: Leaflet").format(
            version=__version__
        ),
        "method": _method(),
        "risk": release.risk_statement,
        "sentence": sentence(release),
    }


def _labels() -> dict[str, str]:
    return {
        "about": _("How this map was made"),
        "area": _("Area"),
        "as_of": _("As of {date}"),
        "businesses": _("Businesses"),
        "by_area": _("By area"),
        "close": _("Close"),
        "counted_note": _("Counted by area: no single home or business stands here."),
        "families": _("Families"),
        "family_affected": _("Families affected"),
        "hidden": _("hidden"),
        "id": _("Identifier"),
        "in_place": _("{n} of {total} at this place"),
        "language": _("Language"),
        "layers": _("Layers and legend"),
        "map": _(
            "Map. Arrow keys move it, plus and minus zoom, Enter tells what is at the centre."
        ),
        "missing": _("not known"),
        "next": _("Next"),
        "no": _("no"),
        "no_location": _("Without a location"),
        "none_here": _("Nothing is drawn at the centre of the map."),
        "online": _("Online map: {name}"),
        "online_note": _(
            "Asks {host} for pictures; it then learns your address and what you look at."
        ),
        "on_scale": _("{n} on a scale of {low} to {high}"),
        "outside": _("Outside the areas"),
        "panel": _("Summary and sources"),
        "previous": _("Previous"),
        "restricted": _("Restricted or prohibited"),
        "search": _("Search places and records"),
        "search_more": _("{n} more; type more of the name"),
        "search_none": _("Nothing on this map has these words."),
        "search_results": _("What was found"),
        "sources": _("Sources"),
        "summary": _("Who is affected"),
        "time": _("In force on"),
        "time_after": _("To the next date on which something changes"),
        "time_back": _("Back to the date of the findings"),
        "time_before": _("To the date before on which something changed"),
        "time_moved": _("Areas as on this day; findings and counts stay those of {date}."),
        "unplaced": _("{n} without a place on the map"),
        "whole": _("Show the whole map"),
        "yes": _("yes"),
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
    }


def sentence(release: Release) -> str:
    """Say in one sentence what the map shows, in the language in force."""
    if not release.summary:
        return _("The layers of this project; it has not been assessed yet.")
    return _(
        "Where the city's plans and clearances meet the livelihoods of informal businesses and "
        "their families: what a plan restricts, what a clearance threatens, and where support and "
        "repression contradict each other."
    )


def _method() -> str:
    return _(
        "Each business is compared with the zoning plan in force at its place: permitted, limited, "
        "conditional or prohibited for its kind of work. Businesses and homes inside a clearance "
        "area in force are exposed; a family is affected where its home or a business it runs is "
        "exposed. Policies contradict each other where one supports and another restricts the same "
        "subject. Uncertain findings are those whose place is not known exactly enough. The map "
        "says what the documents say, not which of them is lawful."
    )


def charts(release: Release) -> list[dict[str, Any]]:
    """Return the summary's counts by class, stage and impact, each with label and colour."""
    made = []
    for (keys, categories, kind, column), title in zip(CHARTS, _chart_titles(), strict=True):
        counts = release.summary
        for key in keys:
            counts = counts.get(key) or {}
        if counts:
            made.append({"title": title, "rows": _rows(counts, categories, kind, column)})
    return made


def _chart_titles() -> tuple[Both, ...]:
    return (
        both(lambda: _("Businesses under the zoning plan")),
        both(lambda: _("Businesses in clearance areas, by stage")),
        both(lambda: _("Families, by what a clearance touches")),
    )


def _rows(
    counts: Mapping[str, Any], categories: tuple[str, ...], kind: str, column: str
) -> list[dict[str, Any]]:
    fields = load_catalogue().kind(kind).fields
    labels = fields[column].codes
    colours = _colours(kind, column)
    return [
        {
            "label": dict(labels.get(category, {"en": category})),
            "count": counts.get(category, 0),
            "colour": colours.get(category, UNCOLOURED),
        }
        for category in categories
        if counts.get(category, 0) != 0
    ]


def _colours(style: str, column: str) -> dict[str, str]:
    """Return the colour that a style gives each category."""
    return {
        rule.when[0].value: rule.symbol.fill or rule.symbol.stroke or UNCOLOURED
        for rule in load_style(style).rules
        if len(rule.when) == 1
        and rule.when[0].column == column
        and isinstance(rule.when[0].value, str)
    }


def headlines(release: Release) -> list[dict[str, Any]]:
    """Return the few numbers that say most; None where one is hidden."""
    told = release.summary
    classes = (told.get("conformity") or {}).get("businesses") or {}
    families = told.get("families") or {}
    contradictions = told.get("contradictions") or {}
    if not told:
        return []
    shown = [
        (both(lambda: _("informal businesses")), classes.get("total")),
        (both(lambda: _("of them prohibited where they are")), classes.get("prohibited", 0)),
        (both(lambda: _("families")), families.get("total")),
        (both(lambda: _("families affected by a clearance")), _affected(families)),
        (both(lambda: _("businesses that are supported and repressed at once")),
         contradictions.get("businesses")),
    ]  # fmt: skip
    return [{"label": text, "count": count} for text, count in shown]


def _affected(families: Mapping[str, Any]) -> int | None:
    return _sum_of(families, "affected", ("direct", "livelihood", "both"))


def _sum_of(counts: Mapping[str, Any], name: str, parts: tuple[str, ...]) -> int | None:
    """Return a sum that a release gives under its own name where parts of it may be hidden."""
    if name in counts:
        return cast("int | None", counts[name])
    return sum(int(counts.get(part, 0)) for part in parts)


def by_area(release: Release) -> list[dict[str, Any]]:
    """Return one row an area: businesses, restricted, families, affected; None where hidden."""
    rows = []
    for area in release.summary.get("by_admin") or ():
        classes, families = area.get("businesses") or {}, area.get("households") or {}
        counts = [
            classes.get("total"),
            _sum_of(classes, "restricted", RESTRICTIVE_CLASSES),
            families.get("total"),
            _affected(families),
        ]
        if any(count != 0 for count in counts):
            rows.append({"code": area["code"], "name": area["name"], "counts": counts})
    return rows


def titled(release: Release) -> Both:
    """Return the page's title in each language."""
    return both(lambda: release.title or _("Policy and livelihoods"))


def noticed(release: Release) -> Both:
    """Return the project's notice (who is invented, what is schematic), in each language."""
    return both(lambda: release.notice)
