"""Of a chain: whom it is about, where that came from, and how surely it lies there."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from gisapp.analysis.chain import Fact, Step
from gisapp.analysis.evidence_parts import Asked, fact, record, record_facts
from gisapp.analysis.uncertainty import REACH_SIGMAS
from gisapp.core.policy import NEAR_BORDER_M, PRECISION_TO_SIGMA, UNKNOWN_SIGMA_M
from gisapp.core.words import _, moment, number

if TYPE_CHECKING:
    import pandas as pd

    from gisapp.analysis.uncertainty import Certainty
    from gisapp.core.layer import Layer


def record_step(asked: Asked) -> Step:
    """Return the subject's row as it was imported, and what is known of that import."""
    layer, row = _source(asked)
    return Step(
        "record",
        _("The record {id} of the layer {layer}, as it was imported:").format(
            id=asked.identifier, layer=layer.name
        ),
        record_facts(layer, row, asked.catalogue),
        (_import_step(asked, layer),),
        (asked.kind, asked.identifier),
        asked.point,
    )


def _source(asked: Asked) -> tuple[Layer, pd.Series]:
    """Return the first layer by name that has the subject, as `gather` takes it, and its row."""
    for layer in asked.project.of_kind(asked.kind):
        row = record(layer, asked.identifier)
        if row is not None:
            return layer, row
    raise KeyError(asked.identifier)


def _import_step(asked: Asked, layer: Layer) -> Step:
    rows = fact("rows_sha256", _("SHA-256 of the layer's rows"), asked.inputs[layer.name])
    report = layer.report
    if report is None:
        return Step("import", _("The layer was not imported: it was drawn or made here."), (rows,))
    facts = [
        fact("source", _("Source file"), report.source),
        fact("source_sha256", _("SHA-256 of the source file"), report.sha256),
        Fact("imported_at", _("Imported"), moment(report.imported_at), report.imported_at),
        fact("rows_read", _("Rows read"), report.rows_read),
        fact("quarantined", _("Rows not taken in"), report.quarantined),
        rows,
    ]
    if report.rows_changed_at and report.rows_changed_at != report.imported_at:
        changed = report.rows_changed_at
        facts.append(Fact("rows_changed_at", _("Rows last changed"), moment(changed), changed))
    return Step("import", _("It came in from {source}.").format(source=report.source), tuple(facts))


def place_step(asked: Asked) -> Step:
    """Return where the subject lies, how precisely, and how sure the findings there are."""
    if asked.point is None:
        return Step("place", _("It has no usable location: nothing is found by its place."))
    sure = asked.about.exposure_certainty
    sigma_m, known = float(sure.sigma_m[asked.row]), bool(sure.sigma_known[asked.row])
    if known:
        text = _("Located with σ = {sigma} m, which is the GPS precision / {factor}.").format(
            sigma=number(sigma_m, 1), factor=number(PRECISION_TO_SIGMA, 3)
        )
    else:
        text = _("How precisely it was located is not recorded: σ = {sigma} m is assumed.").format(
            sigma=number(UNKNOWN_SIGMA_M)
        )
    facts = [
        fact("x_m", _("Easting"), float(asked.point.x), "m", 1),
        fact("y_m", _("Northing"), float(asked.point.y), "m", 1),
        fact("crs", _("Reference system"), asked.project.crs),
        fact("sigma_m", "σ", sigma_m, "m"),
        fact("sigma_known", _("σ recorded"), known),
    ]
    if asked.kind == "businesses":
        class_sure = asked.found.conformity_certainty
        facts += _certainty_facts(asked, class_sure, "class", _("the class"))
    facts += _certainty_facts(asked, sure, "exposure", _("the exposure"))
    return Step("place", text, tuple(facts), (_admin_step(asked),), geometry=asked.point)


def _certainty_facts(asked: Asked, sure: Certainty, name: str, what: str) -> list[Fact]:
    """Return P and the distance d to where the finding changes, which P = Φ(d/σ) was found from."""
    p, sigma_m = float(sure.probability[asked.row]), float(sure.sigma_m[asked.row])
    distance = _("Distance to where {what} changes").format(what=what)
    if p < 1.0:
        margin_m = NormalDist().inv_cdf(p) * sigma_m
        margin = fact(f"{name}_margin_m", distance, margin_m, "m", 1)
        told = number(p, 3)
    else:
        margin = Fact(f"{name}_margin_m", distance, _("more than 3 σ"), None)
        told = _("more than {p}").format(p=number(NormalDist().cdf(REACH_SIGMAS), 3))
    title = _("P that {what} is right").format(what=what)
    uncertain = _("Uncertain: {what}").format(what=what)
    return [
        margin,
        Fact(f"{name}_probability", title, told, p),
        fact(f"{name}_uncertain", uncertain, bool(sure.uncertain[asked.row])),
    ]


def _admin_step(asked: Asked) -> Step:
    member, admin = asked.about.member, asked.case.admin
    place, how = int(member.place[asked.row]), str(member.how[asked.row])
    facts = [Fact("how", _("Assigned"), _how_text(how), how)]
    if place < 0:
        return Step("admin", _("It lies outside of every admin area."), tuple(facts))
    code, name = admin.codes[place], admin.names[place]
    facts = [fact("code", _("Code"), code), fact("name", _("Name"), name), *facts]
    if how == "nearest":
        text = _("It lies outside of every admin area, within {reach} m of {name} ({code}).")
    else:
        text = _("It lies in {name} ({code}).")
    said = text.format(name=name, code=code, reach=number(NEAR_BORDER_M))
    parts = admin.areas.polygons[np.flatnonzero(admin.place == place)]
    return Step("admin", said, tuple(facts), (), ("admin", code), parts[0])


def _how_text(how: str) -> str:
    words = {
        "inside": _("as it lies inside"),
        "nearest": _("as the nearest"),
        "outside": _("to none"),
        "no_location": _("to none, without a location"),
    }
    return words[how]
