"""Of a chain: what was left out and why, what was asked, of which data, and what changed since."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from gisapp.analysis.chain import Fact, Step
from gisapp.analysis.columns import text
from gisapp.analysis.evidence_parts import RUPIAH, Asked, dated, fact
from gisapp.analysis.evidence_policy import class_text
from gisapp.core.policy import CANCELLED
from gisapp.core.words import _, day, moment, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gisapp.core.layer import Layer
    from gisapp.core.project import Run

_POLICY = ("zoning", "evictions", "support_areas")


def left_out_steps(asked: Asked) -> tuple[Step, ...]:
    """Return the policy areas that cover the subject and are not counted, each with the reason."""
    if asked.point is None:
        return ()
    layers = [layer for kind in _POLICY for layer in asked.project.of_kind(kind)]
    return tuple(step for layer in layers for step in _left_out_of(asked, layer))


def _left_out_of(asked: Asked, layer: Layer) -> list[Step]:
    frame, counted = layer.frame, _counted(asked, layer)
    ids = text(frame, "id")
    covers = shapely.intersects(np.asarray(frame.geometry.array, dtype=object), asked.point)
    steps = []
    for row in np.flatnonzero(covers & ~np.isin(ids, list(counted))):
        record, identifier = frame.iloc[row], str(ids[row])
        reason, said = _reason(asked, layer, int(row), identifier)
        start, end = (text(frame, name)[row] for name in ("valid_from", "valid_to"))
        facts = (
            Fact("reason", _("Reason"), said, reason),
            fact("layer", _("Layer"), layer.name),
            dated("valid_from", _("In force from"), start),
            dated("valid_to", _("In force until before"), end),
        )
        sentence = _("Not counted: {id} of the layer {layer}: {reason}.").format(
            id=identifier, layer=layer.name, reason=said
        )
        about = (layer.kind, identifier)
        steps.append(Step("left_out", sentence, facts, (), about, record["geometry"]))
    return steps


def _counted(asked: Asked, layer: Layer) -> set[str]:
    """Return the ids of a layer's areas that the assessment read."""
    case = asked.case
    areas = {
        "zoning": case.plan.areas,
        "evictions": case.evictions,
        "support_areas": case.support_areas,
    }[layer.kind]
    return set(areas.frame.loc[areas.frame["layer"] == layer.name, "id"])


def _reason(asked: Asked, layer: Layer, row: int, identifier: str) -> tuple[str, str]:
    """Return a fixed word and a sentence on why an area that covers the subject does not count."""
    plan = layer.plan or layer.name
    if layer.kind == "zoning" and plan != asked.case.plan.name:
        return "other_plan", _("it belongs to the plan {plan}").format(plan=plan)
    if text(layer.frame, "stage")[row] == CANCELLED:
        return "cancelled", _("it was cancelled")
    if identifier in asked.case.undated[layer.kind]:
        return "undated", _("it does not say since when it holds")
    on_date = day(asked.case.as_of)
    said = _("it is not in force on {date}")
    if asked.case.parameters.known_on or asked.case.parameters.at:
        said = _("it is not in force on {date}, or not under the conditions asked")
    return "not_in_force", said.format(date=on_date)


def parameters_step(asked: Asked) -> Step:
    """Return what was asked."""
    labels = {
        "as_of": _("As-of date"),
        "plan": _("Plan"),
        "unlisted": _("An activity that nothing names"),
        "poverty_line_idr_month": _("Poverty line per person a month"),
        "poverty_line_source": _("Source of the line"),
        "known_on": _("Known on"),
        "at": _("Day and hour"),
        "admin_layer": _("Admin areas of the layer"),
    }
    values = asdict(asked.case.parameters)
    facts = tuple(
        _parameter(name, labels.get(name, name), value)
        for name, value in values.items()
        if value != ""
    )
    said = _("Asked as of {date}.").format(date=day(asked.case.as_of))
    return Step("parameters", said, facts)


def _parameter(name: str, label: str, value: Any) -> Fact:
    if name in ("as_of", "known_on"):
        return dated(name, label, value)
    if name == "unlisted":
        return Fact(name, label, class_text(value), value)
    return fact(name, label, value, RUPIAH if name == "poverty_line_idr_month" else "")


def inputs_step(asked: Asked) -> Step:
    """Return the fingerprint of every layer and table that the finding was made from."""
    n = len(asked.inputs)
    said = ngettext(
        "It was worked out from {n} layer or table.",
        "It was worked out from {n} layers and tables.",
        n,
    ).format(n=n)
    facts = tuple(Fact(name, name, sha256, sha256) for name, sha256 in asked.inputs.items())
    return Step("inputs", said, facts)


def run_step(asked: Asked) -> Step:
    """Say whether the last assessment was made of the same data with the same parameters."""
    if not asked.project.runs:
        return Step("run", _("The project was never assessed; this was worked out just now."))
    run = asked.project.runs[-1]
    changed = changed_inputs(run, asked.inputs)
    facts = [
        Fact("at", _("Last assessed"), moment(run.at), run.at),
        fact("program_version", _("Version of the program"), run.program_version),
        fact("changed", _("Changed since then"), ", ".join(changed) or _("nothing")),
        fact("same_parameters", _("Same parameters"), run.parameters == asked.case.parameters),
    ]
    if not changed and run.parameters == asked.case.parameters:
        text = _("The last assessment was made of the same data with the same parameters.")
    else:
        text = _("The project has changed since it was last assessed: assess it again.")
    return Step("run", text, tuple(facts))


def changed_inputs(run: Run, inputs: Mapping[str, str]) -> list[str]:
    """Name the layers and tables whose rows are not those that `run` was made of, sorted."""
    return sorted(x for x in {*run.inputs, *inputs} if run.inputs.get(x) != inputs.get(x))
