"""Of a chain: the families and businesses that belong together, and the income that is exposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.analysis.chain import Fact, Step
from gisapp.analysis.columns import numbers
from gisapp.analysis.evidence_parts import RUPIAH, Asked, fact
from gisapp.core.words import _, ngettext, number

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from gisapp.analysis.subjects import Subjects


def links_step(asked: Asked) -> Step | None:
    """Return who is linked with the subject and what income that carries; None for nobody."""
    others, link_numbers = asked.links()
    if not len(others):
        return None
    other_kind = "households" if asked.kind == "businesses" else "businesses"
    n = len(others)
    if asked.kind == "businesses":
        text = ngettext("{n} family runs it.", "{n} families run it.", n)
    else:
        text = ngettext("The family runs {n} business.", "The family runs {n} businesses.", n)
    steps = tuple(
        _link_step(asked, other_kind, int(other), int(link))
        for other, link in zip(others, link_numbers, strict=True)
    )
    facts = _exposed_income(asked) if asked.kind == "households" else ()
    return Step("links", text.format(n=number(n)), facts, steps)


def _link_step(asked: Asked, other_kind: str, other: int, link: int) -> Step:
    business = int(asked.case.links.business[link])
    others = asked.case.businesses if other_kind == "businesses" else asked.case.households
    income = float(numbers(asked.case.businesses.frame, "net_income_idr_month")[business])
    share = float(asked.case.links.share[link])
    areas = str(asked.found.businesses.exposure.areas[business])
    identifier = str(others.ids[other])
    facts = (
        fact("net_income_idr_month", _("Net income of the business a month"), income, RUPIAH),
        fact("income_share", _("The family's share"), share),
        fact("amount_idr_month", _("Income × share"), income * share, RUPIAH),
        fact("exposed", _("The business lies in an eviction area"), areas != ""),
        fact("evictions", _("Eviction areas"), areas or None),
    )
    text = _("{id}: {income} × {share} = {amount} a month").format(
        id=identifier, income=facts[0].text, share=facts[1].text, amount=facts[2].text
    )
    geometry = _place(others, other)
    return Step("link", text, facts, (), (other_kind, identifier), geometry)


def _place(subjects: Subjects, row: int) -> BaseGeometry | None:
    return subjects.points[row] if subjects.located[row] else None


def _exposed_income(asked: Asked) -> tuple[Fact, ...]:
    on_families = asked.found.impact
    return (
        fact(
            "exposed_income_idr_month",
            _("Exposed income a month, the known part"),
            float(on_families.exposed_income[asked.row]),
            RUPIAH,
        ),
        fact(
            "income_unknown",
            _("Of an exposed business the income or the share is not known"),
            bool(on_families.income_unknown[asked.row]),
        ),
    )


def poverty_step(asked: Asked) -> Step:
    """Return a family's income per person before and after, against the poverty line."""
    frame, parameters = asked.case.households.frame, asked.case.parameters
    income = float(numbers(frame, "income_idr_month")[asked.row])
    members = float(numbers(frame, "members")[asked.row])
    exposed = float(asked.found.impact.exposed_income[asked.row])
    test = asked.found.impact.poverty
    line = float(parameters.poverty_line_idr_month)
    facts = [
        fact("income_idr_month", _("Income of the family a month"), income, RUPIAH),
        fact("members", _("Members"), members),
        fact("poverty_line_idr_month", _("Poverty line per person a month"), line, RUPIAH),
        fact("poverty_line_source", _("Source of the line"), parameters.poverty_line_source),
    ]
    if not test.assessed[asked.row]:
        text = _("No poverty test: its income, members or exposed income is not known.")
        return Step("poverty", text, tuple(facts))
    before, after = income / members, (income - exposed) / members
    newly_poor = bool(test.newly_poor[asked.row])
    facts += [
        fact("before_idr_month", _("Per person before"), before, RUPIAH),
        fact("after_idr_month", _("Per person after"), after, RUPIAH),
        fact("newly_poor", _("Newly below the line"), newly_poor),
    ]
    text = _("({income} − {exposed}) / {members} = {after} per person a month; the line is {line}.")
    said = text.format(
        income=number(income), exposed=number(exposed), members=number(members),
        after=number(after), line=number(line),
    )  # fmt: skip
    return Step("poverty", said, tuple(facts))
