"""What the report says, section by section, from a release alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gisapp.core.policy import (
    CONFORMITY_CLASSES,
    IMPACTS,
    NEAR_BORDER_M,
    NOT_ASSESSED,
    PRECISION_TO_SIGMA,
    RESTRICTIVE_CLASSES,
    STAGES,
    UNKNOWN_SIGMA_M,
)
from gisapp.core.words import _, day, label, ngettext, number
from gisapp.export.markup import Markup, bullets, heading, joined, paragraph, table
from gisapp.io.catalogue import load_catalogue

if TYPE_CHECKING:
    from gisapp.core.layer import ImportReport
    from gisapp.privacy.release import Release

Counts = Mapping[str, int | None]

_NOWHERE = "outside", "no_location"
_SHA_SHOWN = 12


def front(release: Release) -> Markup:
    """Return the title, the question and the answer in one paragraph."""
    subtitle = [_("As of {date}").format(date=day(release.as_of))]
    subtitle.append(_("Edition: {preset}").format(preset=release.preset_label))
    if release.recipient:
        subtitle.append(_("for {recipient}").format(recipient=release.recipient))
    return joined(
        [
            heading(release.title or _("Policy and livelihood"), 1),
            paragraph(" · ".join(subtitle), "subtitle"),
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
    exposed = _sum(found["exposure"]["businesses"], STAGES)
    restricted = _sum(zoning, RESTRICTIVE_CLASSES)
    sentences = [
        _told(
            _("{affected} of {total} families are affected (terdampak) by evictions in force."),
            affected=_sum(families, ("direct", "livelihood", "both")),
            total=families["total"],
        ),
        _told(
            _(
                "{direct} would be hit at home, {livelihood} in their livelihood elsewhere and "
                "{both} in both."
            ),
            direct=families["direct"],
            livelihood=families["livelihood"],
            both=families["both"],
        ),
        _told(
            _(
                "Of {total} businesses, {restricted} stand where the zoning plan restricts what "
                "they do and {exposed} inside an eviction area."
            ),
            total=zoning["total"],
            restricted=restricted,
            exposed=exposed,
        ),
        _told(
            _("{businesses} businesses and {households} families are promoted and repressed."),
            **found["contradictions"],
        ),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def affected(release: Release) -> Markup:
    """Return who is affected: families by impact, exposure by stage, conformity by class."""
    found = release.summary
    impact = _codes("assessed_households", "family_impact")
    classes = _codes("assessed_businesses", "class")
    stages = {"none": _("In no eviction area"), NOT_ASSESSED: _("Not assessed")}
    stages = _codes("evictions", "stage") | stages
    stage_order = (*STAGES, "none", NOT_ASSESSED)
    exposure = found["exposure"]
    return joined(
        [
            heading(_("Who is affected (terdampak)")),
            _counts_table(
                _("Families by impact"), impact, IMPACTS, {_("Families"): found["families"]}
            ),
            heading(_("Exposure to evictions"), 3),
            _counts_table(
                _("Highest stage in force"),
                stages,
                stage_order,
                {_("Businesses"): exposure["businesses"], _("Families"): exposure["households"]},
            ),
            heading(_("Conformity with the zoning plan"), 3),
            _counts_table(
                _("Class"),
                classes,
                CONFORMITY_CLASSES,
                {_("Businesses"): found["conformity"]["businesses"]},
            ),
        ]
    )


def by_area(release: Release) -> Markup:
    """Return businesses by class and families by impact in every area; each column sums up."""
    found = release.summary
    classes = _codes("assessed_businesses", "class")
    impacts = _codes("assessed_households", "family_impact")
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
        _told(_("Exposed income: Rp {exposed} a month."), exposed=exposed),
        _told(
            _(
                "For {unknown} families an exposed income is not known; they are counted apart, "
                "never as zero."
            ),
            unknown=unknown,
        ),
        _told(_("{n} families would fall below the poverty line."), n=found.get("newly_poor")),
    ]
    pieces = [heading(_("Income and poverty")), paragraph(" ".join(filter(None, sentences)))]
    poverty = found.get("poverty")
    if poverty:
        pieces += [_poverty_table(poverty), paragraph(_poverty_note(poverty), "remark")]
    return joined(pieces)


def not_assessed(release: Release) -> Markup:
    """Return what the numbers leave out, and why."""
    found = release.summary
    zoning, families = found["conformity"]["businesses"], found["families"]
    items = [
        *_gaps(zoning, families),
        *_uncertain(found.get("uncertain", {})),
        *_undated(found.get("undated", {})),
        *found.get("warnings", ()),
        *(_quarantined(report) for report in _reports(release) if report.quarantined),
    ]
    return joined(
        [heading(_("What was not assessed, and why")), bullets([item for item in items if item])]
    )


def method(release: Release) -> Markup:
    """Return how the numbers were made, in the words of the field."""
    plan = release.summary.get("plan", {}).get("used", "")
    sentences = (
        _(
            "Conformity: each business is held against the zoning polygons that cover it (a point "
            "on a boundary is covered) of the plan {plan}: first the plan's rule table by the "
            "longest matching KBLI prefix, then the polygon's own lists. Of several polygons the "
            "most restrictive counts."
        ).format(plan=plan or "–"),
        _(
            "Exposure: inside an eviction area that is in force on the as-of date and not "
            "cancelled; the highest stage counts. An area whose starting date is unknown is not "
            "counted as in force."
        ),
        _(
            "Family: affected at home where the home lies inside such an area, in its livelihood "
            "where a business it operates does; each family is counted once."
        ),
        _(
            "Contradiction: at least one provision that promotes and one that represses apply to "
            "the same subject on the same date. Stances follow Nilsson's scale from −3 to +3; a "
            "stance is a person's coding. Which provision is lawful is not said."
        ),
        _(
            "Uncertain: with the place's standard error (its GPS precision / {ratio}, {unknown} m "
            "where unknown) the chance that it lies on this side of the boundary is between 5 and "
            "95 %."
        ).format(ratio=number(PRECISION_TO_SIGMA, 3), unknown=number(UNKNOWN_SIGMA_M)),
        _(
            "Areas: a subject on a shared border belongs to the area with the lower code; one "
            "within {near} m of the outer border to the nearest area."
        ).format(near=number(NEAR_BORDER_M)),
    )
    hidden = paragraph(
        _("{sign} stands for a number that this edition hides.").format(sign=_hidden_sign())
    )
    return joined([heading(_("Method")), bullets(sentences), *([hidden] if release.n else [])])


def sources(release: Release) -> Markup:
    """Return where each layer and table came from."""
    rows = [
        [
            report.source,
            number(report.rows_read),
            number(report.accepted),
            number(report.repaired),
            number(report.quarantined),
            report.imported_at[:10],
            report.sha256[:_SHA_SHOWN],
        ]
        for report in _reports(release)
    ]
    head = [_("Source"), _("Rows"), _("Accepted"), _("Repaired"), _("Quarantined")]
    head += [_("Imported"), _("SHA-256, first part")]
    return joined([heading(_("Data sources")), table(head, rows)])


def _counts_table(
    title: str, names: Mapping[str, str], order: Sequence[str], columns: Mapping[str, Counts]
) -> Markup:
    rows = [
        [names[code], *(_number(counts.get(code, 0)) for counts in columns.values())]
        for code in order
    ]
    rows.append([_("Total"), *(_number(counts["total"]) for counts in columns.values())])
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
        [nowhere.get(area["code"], area["name"]), *(_number(area[subjects][k]) for k in keys)]
        for area in found["by_admin"]
    ]
    rows.append([_("Total"), *(_number(totals[key]) for key in keys)])
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
        n=_number(poverty["assessed_families"]),
    )


def _gaps(zoning: Counts, families: Counts) -> list[str]:
    unplaced, homeless = zoning[NOT_ASSESSED], families[NOT_ASSESSED]
    outside, unnamed = zoning["outside_plan"], zoning["no_rule"]
    return [
        _counted(
            unplaced,
            ngettext(
                "{n} business without a usable location.",
                "{n} businesses without a usable location.",
                unplaced or 0,
            ),
        ),
        _counted(
            homeless,
            ngettext(
                "{n} family without a usable home location and without a placed business.",
                "{n} families without a usable home location and without a placed business.",
                homeless or 0,
            ),
        ),
        _counted(
            outside,
            ngettext(
                "{n} business that no zoning polygon covers.",
                "{n} businesses that no zoning polygon covers.",
                outside or 0,
            ),
        ),
        _counted(
            unnamed,
            ngettext(
                "{n} business whose activity no rule of the plan names.",
                "{n} businesses whose activity no rule of the plan names.",
                unnamed or 0,
            ),
        ),
    ]


def _uncertain(uncertain: Mapping[str, int | None]) -> list[str]:
    businesses, homes = uncertain.get("businesses"), uncertain.get("households")
    return [
        _counted(
            businesses,
            ngettext(
                "{n} assessed business lies so near a boundary that its class is uncertain.",
                "{n} assessed businesses lie so near a boundary that their class is uncertain.",
                businesses or 0,
            ),
        ),
        _counted(
            homes,
            ngettext(
                "{n} home lies so near an eviction area's border that its exposure is uncertain.",
                "{n} homes lie so near an eviction area's border that exposure is uncertain.",
                homes or 0,
            ),
        ),
    ]


def _undated(undated: Mapping[str, Sequence[str]]) -> list[str]:
    n = sum(len(areas) for areas in undated.values())
    if not n:
        return []
    text = ngettext(
        "{n} policy area without a starting date is not counted as in force.",
        "{n} policy areas without a starting date are not counted as in force.",
        n,
    )
    return [text.format(n=number(n))]


def _quarantined(report: ImportReport) -> str:
    reasons = ", ".join(f"{word}: {number(n)}" for word, n in sorted(report.reasons.items()))
    text = ngettext(
        "{source}: {n} row was set aside ({reasons}).",
        "{source}: {n} rows were set aside ({reasons}).",
        report.quarantined,
    )
    return text.format(source=report.source, n=number(report.quarantined), reasons=reasons)


def _reports(release: Release) -> list[ImportReport]:
    """Return each source once, by name."""
    parts = [layer.report for layer in release.layers]
    parts += [table.report for table in release.tables.values()]
    reports = [report for report in parts if report is not None]
    return sorted({(r.source, r.rows_read): r for r in reports}.values(), key=lambda r: r.source)


def _codes(kind: str, field: str) -> dict[str, str]:
    codes = load_catalogue().kind(kind).fields[field].codes
    return {code: label(texts) for code, texts in codes.items()}


def _sum(counts: Counts, codes: Iterable[str]) -> int | None:
    """Return the sum; None where a part of it is hidden."""
    parts = [counts.get(code, 0) for code in codes]
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == len(parts) else None


def _told(text: str, **numbers: float | None) -> str:
    """Return the sentence with its numbers; nothing where one of them is hidden."""
    known = {name: number(value) for name, value in numbers.items() if value is not None}
    return text.format(**known) if len(known) == len(numbers) else ""


def _counted(n: int | None, text: str) -> str:
    """Return the sentence with its number; nothing where that is zero or hidden."""
    return text.format(n=number(n)) if n else ""


def _number(value: int | None) -> str:
    return _hidden_sign() if value is None else number(value)


def _hidden_sign() -> str:
    return "▪"
