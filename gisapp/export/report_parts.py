"""What the report says, section by section, from a release alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gisapp.core.policy import (
    CONFORMITY_CLASSES,
    IMPACTS,
    NOT_ASSESSED,
    RESTRICTIVE_CLASSES,
    STAGES,
)
from gisapp.core.words import _, day, number
from gisapp.export.markup import Markup, heading, joined, paragraph, table
from gisapp.export.report_numbers import Counts, codes, count, part, told

if TYPE_CHECKING:
    from gisapp.privacy.release import Release


def subtitle(release: Release) -> str:
    """Return the line below a title: the date asked about, the edition and who gets it."""
    parts = [_("As of {date}").format(date=day(release.as_of))] if release.as_of else []
    parts.append(_("Edition: {preset}").format(preset=release.preset_label))
    if release.recipient:
        parts.append(_("for {recipient}").format(recipient=release.recipient))
    return " · ".join(parts)


def front(release: Release) -> Markup:
    """Return the title, the question and the answer in one paragraph."""
    return joined(
        [
            heading(release.title or _("Policy and livelihood"), 1),
            paragraph(subtitle(release), "subtitle"),
            paragraph(release.notice, "notice"),
            heading(_("The question")),
            paragraph(
                _(
                    "Institutions promote the urban informal sector and repress it at the same "
                    "time. Where do the two meet on the ground, and which families do they hit?"
                )
            ),
            heading(_("The answer in short")),
            paragraph(in_short(release.summary)),
            paragraph(release.risk_statement, "notice"),
        ]
    )


def in_short(summary: Mapping[str, Any]) -> str:
    """Return the main numbers as sentences; a sentence with a hidden number is left out."""
    found = summary
    zoning, families = found["conformity"]["businesses"], found["families"]
    exposed = part(found["exposure"]["businesses"], "exposed", STAGES)
    restricted = part(zoning, "restricted", RESTRICTIVE_CLASSES)
    sentences = [
        told(
            _("{affected} of {total} families are affected (terdampak) by evictions in force."),
            affected=part(families, "affected", ("direct", "livelihood", "both")),
            total=families["total"],
        ),
        told(
            _(
                "{direct} would be hit at home, {livelihood} in their livelihood elsewhere and "
                "{both} in both."
            ),
            direct=families["direct"],
            livelihood=families["livelihood"],
            both=families["both"],
        ),
        told(
            _(
                "Of {total} businesses, {restricted} stand where the zoning plan restricts what "
                "they do and {exposed} inside an eviction area."
            ),
            total=zoning["total"],
            restricted=restricted,
            exposed=exposed,
        ),
        told(
            _(
                "{businesses} businesses and {households} families are promoted by one provision "
                "and repressed by another."
            ),
            **found["contradictions"],
        ),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def affected(release: Release) -> Markup:
    """Return who is affected: families by impact."""
    impact = codes("assessed_households", "family_impact")
    counts = {_("Families"): release.summary["families"]}
    return joined(
        [
            heading(_("Who is affected (terdampak)")),
            _counts_table(_("Families by impact"), impact, IMPACTS, counts),
        ]
    )


def exposure(release: Release) -> Markup:
    """Return businesses and families by the highest stage of eviction that exposes them."""
    found = release.summary["exposure"]
    stages = codes("evictions", "stage")
    stages |= {"none": _("In no eviction area"), NOT_ASSESSED: _("Not assessed")}
    order = (*STAGES, "none", NOT_ASSESSED)
    columns = {_("Businesses"): found["businesses"], _("Families"): found["households"]}
    return joined(
        [
            heading(_("Exposure to evictions")),
            _counts_table(_("Highest stage in force"), stages, order, columns),
        ]
    )


def conformity(release: Release) -> Markup:
    """Return the businesses by their class in the zoning plan."""
    counts = release.summary["conformity"]["businesses"]
    classes = codes("assessed_businesses", "class")
    return joined(
        [
            heading(_("Conformity with the zoning plan")),
            _counts_table(_("Class"), classes, CONFORMITY_CLASSES, {_("Businesses"): counts}),
        ]
    )


def by_area(release: Release) -> Markup:
    """Return businesses by class and families by impact in every area; each column sums up."""
    found = release.summary
    classes = codes("assessed_businesses", "class")
    impacts = codes("assessed_households", "family_impact")
    return joined(
        [
            heading(_("By kelurahan")),
            heading(_("Businesses by conformity"), 3),
            _area_table(
                found, "businesses", CONFORMITY_CLASSES, classes, found["conformity"]["businesses"]
            ),
            heading(_("Families by impact"), 3),
            _area_table(found, "households", IMPACTS, impacts, found["families"]),
        ]
    )


def income(release: Release) -> Markup:
    """Return exposed income and poverty before and after, where the release tells them."""
    found = release.summary
    exposed, unknown = found.get("exposed_income_idr_month"), found.get("income_unknown")
    sentences = [
        told(_("Exposed income: Rp {exposed} a month."), exposed=exposed),
        told(
            _(
                "For {unknown} families an exposed income is not known; they are counted apart, "
                "never as zero."
            ),
            unknown=unknown,
        ),
        told(_("{n} families would fall below the poverty line."), n=found.get("newly_poor")),
    ]
    pieces = [heading(_("Income and poverty")), paragraph(" ".join(filter(None, sentences)))]
    poverty = found.get("poverty")
    if poverty:
        if poverty["before"] and poverty["after"]:  # none where no family's income is known
            pieces.append(_poverty_table(poverty))
        pieces.append(paragraph(_poverty_note(poverty), "remark"))
    return joined(pieces)


def _counts_table(
    title: str, names: Mapping[str, str], order: Sequence[str], columns: Mapping[str, Counts]
) -> Markup:
    rows = [
        [names[code], *(count(counts.get(code, 0)) for counts in columns.values())]
        for code in order
    ]
    rows.append([_("Total"), *(count(counts["total"]) for counts in columns.values())])
    return table([title, *columns], rows, last_is_total=True)


def _area_table(
    found: Mapping[str, Any],
    subjects: str,
    order: Sequence[str],
    names: Mapping[str, str],
    totals: Counts,
) -> Markup:
    keys = (*order, "total")
    nowhere = {"outside": _("Outside admin areas"), "no_location": _("No usable location")}
    rows = [
        [nowhere.get(area["code"], area["name"]), *(count(area[subjects][k]) for k in keys)]
        for area in found["by_admin"]
    ]
    rows.append([_("Total"), *(count(totals[key]) for key in keys)])
    head = [_("Area"), *(names[code] for code in order), _("Total")]
    return table(head, rows, last_is_total=True)


def _poverty_table(poverty: Mapping[str, Any]) -> Markup:
    names = (_("Share of poor families (P₀)"), _("Depth (P₁)"), _("Severity (P₂)"))
    rows = [
        [name, *(number(poverty[when][key], 3) for when in ("before", "after"))]
        for name, key in zip(names, ("p0", "p1", "p2"), strict=True)
    ]
    return table([_("Foster, Greer and Thorbecke"), _("Before"), _("After")], rows)


def _poverty_note(poverty: Mapping[str, Any]) -> str:
    return _(
        "Poverty line: Rp {line} a person and month ({source}). Families with a known income: {n}."
    ).format(
        line=number(poverty["line"]),
        source=poverty["source"],
        n=count(poverty["assessed_families"]),
    )
