"""Of a chain: the plan, eviction and support areas that cover a subject, the supports it gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.analysis.chain import Fact, Step
from gisapp.analysis.conformity import PlanReader, Ruling
from gisapp.analysis.evidence_parts import Asked, area_record, areas_of, dated, fact
from gisapp.analysis.plan import LISTS
from gisapp.analysis.subjects import Subjects
from gisapp.core.policy import CONFORMITY_CLASSES, NOT_ASSESSED, OUTSIDE_PLAN, stage_text
from gisapp.core.words import _, ngettext

if TYPE_CHECKING:
    import pandas as pd


def plan_step(asked: Asked) -> Step:
    """Return the class of a business, with every polygon that covers it and what decided there."""
    conforms, plan = asked.found.conformity, asked.case.plan
    class_name = str(conforms.classes[asked.row])
    said = Fact("class", _("Class"), class_text(class_name), class_name)
    if class_name == NOT_ASSESSED:
        return Step("plan", _("Without a location it is compared with no plan."), (said,))
    if not plan.name:
        return Step("plan", _("The project has no zoning plan."), (said,))
    facts = (fact("plan", _("Plan"), plan.name), said)
    if class_name == OUTSIDE_PLAN:
        text = _("No polygon of the plan {plan} covers it.").format(plan=plan.name)
        return Step("plan", text, facts)
    pairs = areas_of(conforms.pairs, asked.row)
    text = ngettext(
        "{n} polygon of the plan {plan} covers it: {class_name}.",
        "{n} polygons of the plan {plan} cover it; the most restrictive counts: {class_name}.",
        len(pairs),
    ).format(n=len(pairs), plan=plan.name, class_name=class_text(class_name))
    return Step("plan", text, facts, tuple(_zone_step(asked, int(pair)) for pair in pairs))


def _zone_step(asked: Asked, pair: int) -> Step:
    conforms, areas = asked.found.conformity, asked.case.plan.areas
    area = int(conforms.pairs.area[pair])
    zone, rank = areas.frame.iloc[area], int(conforms.verdicts.rank[pair])
    ruling = _ruling(asked, area)
    class_name = CONFORMITY_CLASSES[rank]
    decides = rank == int(conforms.rank[asked.row])
    facts = [
        Fact("zone_class", _("Class here"), class_text(class_name), class_name),
        fact("decides", _("It decides"), decides),
        Fact("by", _("Found in"), _by_text(ruling), ruling.by),
        fact("tie", _("Rules of equal weight disagree"), bool(conforms.verdicts.tie[pair])),
        fact("subzone", _("Sub-zone"), zone["subzone"] or None),
        *_dates(zone),
    ]
    if ruling.by == "rule":
        prefix, any_activity = ruling.prefix, _("none: any activity")
        label = _("KBLI prefix of the rule")
        facts.append(Fact("kbli_prefix", label, prefix or any_activity, prefix))
    own, geometry = area_record(asked, zone["layer"], zone["id"])
    text = _("Sub-zone {zone}, polygon {id} of the layer {layer}: {class_name}, {because}.").format(
        zone=zone["subzone"] or "–", id=zone["id"], layer=zone["layer"],
        class_name=class_text(class_name), because=_because(ruling),
    )  # fmt: skip
    return Step("zone", text, _joined(facts, own), (), ("zoning", zone["id"]), geometry)


def _ruling(asked: Asked, area: int) -> Ruling:
    """Ask the plan about the one business; its reader is made of that row alone."""
    frame = asked.case.businesses.frame.iloc[[asked.row]].reset_index(drop=True)
    return PlanReader(asked.case.plan, Subjects("businesses", frame)).ruling(0, area)


def _by_text(ruling: Ruling) -> str:
    words = {"rule": _("rule table"), "list": _("own lists"), "unlisted": _("nothing")}
    return words[ruling.by]


def _because(ruling: Ruling) -> str:
    if ruling.by == "rule" and ruling.prefix:
        text = _("by the plan's rule table, of which KBLI {prefix} is the longest prefix that fits")
        return text.format(prefix=ruling.prefix)
    if ruling.by == "rule":
        return _("by the plan's rule table, whose row for any activity fits")
    if ruling.by == "list":
        listed = {CONFORMITY_CLASSES.index(name): name for name in LISTS}
        names = [class_text(listed[rank]) for rank in sorted(ruling.ranks, reverse=True)]
        return _("by the polygon's own list of activities: {lists}").format(lists=", ".join(names))
    return _("because no rule and no list names the activity")


def class_text(class_name: str) -> str:
    """Return a class of conformity in words, for the middle of a sentence."""
    words = {
        NOT_ASSESSED: _("not assessed"),
        OUTSIDE_PLAN: _("outside the plan"),
        "no_rule": _("no rule"),
        "permitted": _("permitted"),
        "limited": _("limited"),
        "conditional": _("conditional"),
        "prohibited": _("prohibited"),
    }
    return words[class_name]


def eviction_steps(asked: Asked) -> tuple[Step, ...]:
    """Return the eviction areas that expose the subject by its place."""
    steps = []
    for _number, ground in asked.grounds_of("evictions").iterrows():
        own, geometry = area_record(asked, ground["layer"], ground["area_id"])
        text = _("It lies in the eviction area {name}, stage {stage}, of {actor}.").format(
            name=ground["name"] or ground["area_id"],
            stage=stage_text(ground["stage"]),
            actor=ground["institution"] or _("an actor that is not named"),
        )
        stage = str(ground["stage"])
        facts = [Fact("stage", _("Stage"), stage_text(stage), stage), *_dates(ground)]
        about = ("evictions", ground["area_id"])
        steps.append(Step("eviction", text, _joined(facts, own), (), about, geometry))
    return tuple(steps)


def support_area_steps(asked: Asked) -> tuple[Step, ...]:
    """Return the support areas that cover the subject."""
    steps = []
    for _number, ground in asked.grounds_of("support_areas").iterrows():
        own, geometry = area_record(asked, ground["layer"], ground["area_id"])
        text = _("It lies in the support area {name} ({kind}).").format(
            name=ground["name"] or ground["area_id"], kind=ground["instrument"]
        )
        about = ("support_areas", ground["area_id"])
        steps.append(
            Step("support_area", text, _joined([*_dates(ground)], own), (), about, geometry)
        )
    return tuple(steps)


def support_steps(asked: Asked) -> tuple[Step, ...]:
    """Return the supports that reach the subject: its own, and those of whom it is tied to."""
    first = len(asked.found.provisions.grounds) - len(asked.case.supports.frame)
    steps = []
    for ground_number, ground in asked.grounds_of("supports").iterrows():
        received = asked.case.supports.frame.iloc[int(str(ground_number)) - first]
        steps.append(_support_step(asked, ground, received))
    return tuple(steps)


def _support_step(asked: Asked, ground: pd.Series, received: pd.Series) -> Step:
    own_key, other_key = "household_id", "business_id"
    if asked.kind == "businesses":
        own_key, other_key = other_key, own_key
    is_own = received[own_key] == asked.identifier
    giver = asked.identifier if is_own else received[other_key]
    if is_own:
        text = _("It receives the support {programme}.")
    elif asked.kind == "businesses":
        text = _("The family {giver} that runs it receives the support {programme}.")
    else:
        text = _("The business {giver} that it runs receives the support {programme}.")
    facts = (
        fact("programme", _("Programme"), ground["programme"]),
        fact("received_by", _("Received by"), giver),
        fact("passed_on", _("Reaches it through others"), not is_own),
        fact("table", _("Table"), ground["layer"]),
        *_dates(ground),
    )
    said = text.format(programme=ground["programme"] or ground["area_id"], giver=giver)
    return Step("support", said, facts, (), ("supports", ground["area_id"]))


def _dates(row: pd.Series) -> tuple[Fact, Fact]:
    return (
        dated("valid_from", _("In force from"), row["valid_from"]),
        dated("valid_to", _("In force until before"), row["valid_to"]),
    )


def _joined(facts: list[Fact], own: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Put the values that the area's row has besides behind those that were used."""
    names = {x.name for x in facts}
    return (*facts, *(x for x in own if x.name not in names))
