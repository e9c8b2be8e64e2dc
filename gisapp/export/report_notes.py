"""What a report says about its own numbers: what they leave out, how they were made, from what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from gisapp.core.asked import conditions_text
from gisapp.core.policy import NEAR_BORDER_M, NOT_ASSESSED, PRECISION_TO_SIGMA, UNKNOWN_SIGMA_M
from gisapp.core.reasons import reason_text
from gisapp.core.words import _, ngettext, number
from gisapp.export.markup import Markup, bullets, heading, joined, paragraph, table
from gisapp.export.report_numbers import HIDDEN, Counts, counted

if TYPE_CHECKING:
    from gisapp.core.layer import ImportReport
    from gisapp.privacy.release import Release

_SHA_SHOWN = 12


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
    found = release.summary
    plan = found.get("plan", {}).get("used", "")
    conditions = conditions_text(str(found.get("known_on", "")), str(found.get("at", "")))
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
    hidden = paragraph(_("{sign} stands for a number that this edition hides.").format(sign=HIDDEN))
    return joined(
        [
            heading(_("Method")),
            bullets([*conditions, *sentences]),
            *([hidden] if release.n else []),
        ]
    )


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


def _gaps(zoning: Counts, families: Counts) -> list[str]:
    unplaced, homeless = zoning[NOT_ASSESSED], families[NOT_ASSESSED]
    outside, unnamed = zoning["outside_plan"], zoning["no_rule"]
    return [
        counted(
            unplaced,
            ngettext(
                "{n} business without a usable location.",
                "{n} businesses without a usable location.",
                unplaced or 0,
            ),
        ),
        counted(
            homeless,
            ngettext(
                "{n} family without a usable home location and without a placed business.",
                "{n} families without a usable home location and without a placed business.",
                homeless or 0,
            ),
        ),
        counted(
            outside,
            ngettext(
                "{n} business that no zoning polygon covers.",
                "{n} businesses that no zoning polygon covers.",
                outside or 0,
            ),
        ),
        counted(
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
        counted(
            businesses,
            ngettext(
                "{n} assessed business lies so near a boundary that its class is uncertain.",
                "{n} assessed businesses lie so near a boundary that their class is uncertain.",
                businesses or 0,
            ),
        ),
        counted(
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
    reasons = ", ".join(
        f"{reason_text(word)}: {number(n)}" for word, n in sorted(report.reasons.items())
    )
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
