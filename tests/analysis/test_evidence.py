"""A chain ends in what the assessment found, and each finding follows from its steps."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from helpers import policy
from helpers.evidence import many_reasons
from helpers.policy import point, square
from helpers.survey import survey_project, survey_truth

from gisapp.analysis.assess import assess
from gisapp.analysis.chain import Chain, as_json, as_text
from gisapp.analysis.evidence import evidence
from gisapp.core.errors import GisappError
from gisapp.core.policy import CONFORMITY_CLASSES, STAGES
from gisapp.core.words import speaking
from gisapp.io.catalogue import load_catalogue
from gisapp.session.edits import assessed, set_as_of

if TYPE_CHECKING:
    from gisapp.core.project import Project

SUBJECTS = [(kind, f"{kind[0]}{i}") for kind in ("businesses", "households") for i in range(40)]


@cache
def project() -> Project:
    return many_reasons()


@cache
def answer() -> dict[str, pd.DataFrame]:
    found = assess(project())
    frames = {"businesses": found.businesses, "households": found.households}
    return {kind: frame.set_index("id") for kind, frame in frames.items()}


@cache
def chain(kind: str, identifier: str) -> Chain:
    return evidence(project(), (kind, identifier), load_catalogue())


def row(kind: str, identifier: str) -> dict[str, Any]:
    values = answer()[kind].loc[identifier].drop("geometry")
    return {name: None if pd.isna(x) else x for name, x in values.items()}


@pytest.mark.parametrize(("kind", "identifier"), SUBJECTS)
def test_the_conclusion_is_the_assessed_row(kind: str, identifier: str) -> None:
    assert dict(chain(kind, identifier).conclusion) == row(kind, identifier)


@pytest.mark.parametrize(("kind", "identifier"), SUBJECTS)
def test_each_finding_follows_from_the_steps_alone(kind: str, identifier: str) -> None:
    found, said = chain(kind, identifier), row(kind, identifier)
    stages = [step.value("stage") for step in found.of("eviction")]
    assert said["stage"] == max(stages, key=STAGES.index, default=None)
    assert said["evictions"] == ";".join(sorted(step.about[1] for step in found.of("eviction")))
    stances = [step.value("stance") for step in found.of("provision")]
    plus, minus = max([0, *stances]), min([0, *stances])
    assert said["contradiction"] == min(plus, -minus) / 3
    if kind == "businesses":
        classes = [step.value("zone_class") for step in found.of("zone")]
        covered = max(classes, key=CONFORMITY_CLASSES.index, default=None)
        assert said["class"] == (covered or found.of("plan")[0].value("class"))
    else:
        amounts = [
            step.value("amount_idr_month") for step in found.of("link") if step.value("exposed")
        ]
        assert said["income_unknown"] == (None in amounts)
        known = [x for x in amounts if x is not None]
        if said["exposed_income_idr_month"] is not None:
            assert said["exposed_income_idr_month"] == math.fsum(known)


def test_every_reason_of_a_plan_occurs_and_names_what_decided() -> None:
    zones = [step for kind, i in SUBJECTS for step in chain(kind, i).of("zone")]
    assert {step.value("by") for step in zones} == {"rule", "list", "unlisted"}
    assert {step.value("kbli_prefix") for step in zones if step.value("by") == "rule"} == {
        "56",
        "561",
    }
    tied = [step for step in zones if step.value("tie")]
    assert tied
    assert all(step.value("zone_class") in ("prohibited", "conditional") for step in tied)


def test_what_covers_a_subject_and_does_not_count_is_named_with_the_reason() -> None:
    left_out = [step for kind, i in SUBJECTS for step in chain(kind, i).of("left_out")]
    assert {step.value("reason") for step in left_out} == {"undated", "cancelled", "not_in_force"}


def test_a_support_that_was_passed_on_names_who_receives_it() -> None:
    found = evidence(
        policy.project(
            businesses=[{"id": "b", "geometry": point(0, 0)}],
            households=[{"id": "h", "geometry": None}],
            operates=[{"household_id": "h", "business_id": "b", "income_share": 1.0}],
            supports=[{"household_id": "h", "programme": "PKH", "valid_from": "2026-01-01"}],
        ),
        ("businesses", "b"),
        load_catalogue(),
    )
    (step,) = found.of("support")
    assert (step.value("passed_on"), step.value("received_by")) == (True, "h")


def test_what_each_coder_made_of_a_provision_is_part_of_it() -> None:
    codings = [
        {"id": f"{n}", "provision_id": "P1", "coder": coder, "stance": stance}
        for n, (coder, stance) in enumerate((("A.", -2.0), ("B.", -3.0)))
    ]
    coded = project().with_table(policy.table("codings", codings))
    exposed = next(i for kind, i in SUBJECTS if any(
        step.facts[0].value == -2 for step in chain(kind, i).of("provision")
    ))  # fmt: skip
    found = evidence(coded, ("businesses", exposed), load_catalogue())
    (provision,) = (x for x in found.of("provision") if x.steps)
    assert [(x.value("coder"), x.value("stance")) for x in provision.steps] == [
        ("A.", -2),
        ("B.", -3),
    ]
    assert provision.value("id") == "P1"


def test_the_distance_is_the_one_to_where_the_class_changes() -> None:
    found = evidence(
        policy.project(
            businesses=[{"id": "b", "geometry": point(97, 50), "gps_precision_m": 1.515 * 4}],
            zoning=[{"id": "z", "KODSZN_1": "K-1", "geometry": square(0, 0)}],
        ),
        ("businesses", "b"),
        load_catalogue(),
    )
    (place,) = found.of("place")
    assert place.value("class_margin_m") == pytest.approx(3.0)
    assert place.value("sigma_m") == pytest.approx(4.0)


def test_on_the_survey_each_chain_ends_in_the_assessed_row() -> None:
    survey_truth()  # skips where it is not there
    asked = set_as_of("2026-11-01")(survey_project())
    found = assess(asked)
    dice = random.Random(5)
    for kind, frame in (("businesses", found.businesses), ("households", found.households)):
        for i in dice.sample(range(len(frame)), 15):
            values = frame.iloc[i].drop(["geometry", "id"])
            said = {name: None if pd.isna(x) else x for name, x in values.items()}
            told = evidence(asked, (kind, str(frame["id"].iloc[i])), load_catalogue())
            assert dict(told.conclusion) == said


def test_it_says_whether_the_project_changed_since_it_was_assessed() -> None:
    before = assessed(project(), assess(project()))
    households = before.layer("households")
    moved = replace(households, frame=households.frame.iloc[1:].reset_index(drop=True))
    catalogue = load_catalogue()
    same = evidence(before, ("businesses", "b1"), catalogue).of("run")[0]
    other = evidence(before.with_layer(moved), ("businesses", "b1"), catalogue).of("run")[0]
    assert (same.value("changed"), other.value("changed")) == ("nothing", "households")
    assert same.value("same_parameters")


def test_the_order_of_rows_changes_nothing() -> None:
    layers = tuple(
        replace(x, frame=x.frame.iloc[::-1].reset_index(drop=True)) for x in project().layers
    )
    turned = replace(project(), layers=layers)
    for kind, identifier in SUBJECTS[::7]:
        found = evidence(turned, (kind, identifier), load_catalogue())
        assert as_json(found) == as_json(chain(kind, identifier))


def test_it_is_plain_json_and_text_in_both_languages() -> None:
    for kind, identifier in SUBJECTS[::9]:
        found = as_json(chain(kind, identifier))
        assert json.loads(json.dumps(found, allow_nan=False)) == found
    with speaking("id"):
        told = as_text(evidence(project(), ("businesses", "b3"), load_catalogue()))
    assert "peringatan" in told
    assert "peringatan" not in as_text(chain("businesses", "b3"))


def test_who_is_not_there_is_named() -> None:
    with pytest.raises(GisappError, match="nobody"):
        evidence(project(), ("businesses", "nobody"), load_catalogue())
