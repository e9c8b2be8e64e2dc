"""What must hold whatever the data: totals, order, locality, halves, the unknown."""

import json
import math
from dataclasses import replace

import pandas as pd
from helpers.instances import few, instances, nothing
from helpers.policy import layer, project
from hypothesis import example, given
from hypothesis import strategies as st
from shapely import affinity, box

from gisapp.analysis.assess import assess
from gisapp.core.layer import Table
from gisapp.core.policy import CONFORMITY_CLASSES, IMPACTS

FAR_M = 100_000.0


def equal(one, other):
    """Two assessments give the same answer, to the last bit."""
    assert one.summary == other.summary
    for name in ("businesses", "households"):
        frames = [getattr(a, name).sort_values("id", ignore_index=True) for a in (one, other)]
        pd.testing.assert_frame_equal(*frames, check_exact=True)
    for name in ("conflicts", "pairs"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)


@few
@example(nothing)
@given(instances)
def test_totals_reconcile_overall_and_by_area(kinds):
    answer = assess(project(**kinds))
    summary = answer.summary
    json.dumps(summary, allow_nan=False)
    for kind in ("businesses", "households"):
        exposure = dict(summary["exposure"][kind])
        assert exposure.pop("total") == sum(exposure.values()) == len(kinds[kind])
    for kind, overall, words in (
        ("businesses", summary["conformity"]["businesses"], CONFORMITY_CLASSES),
        ("households", summary["families"], IMPACTS),
    ):
        assert overall["total"] == sum(overall[w] for w in words) == len(kinds[kind])
        for word in ("total", *words):
            assert sum(row[kind][word] for row in summary["by_admin"]) == overall[word]
        for row in summary["by_admin"]:
            assert row[kind]["total"] == sum(row[kind][w] for w in words)
    assert [row["code"] for row in summary["by_admin"]][-2:] == ["outside", "no_location"]


@few
@given(instances, st.randoms(use_true_random=False))
def test_row_order_layer_order_and_an_irrelevant_layer_change_nothing(kinds, chance):
    once = assess(project(**kinds))
    mixed = {kind: chance.sample(rows, len(rows)) for kind, rows in kinds.items()}
    shuffled = project(**mixed)
    flood = layer("other", [{"id": "B0", "geometry": box(-1e6, -1e6, 1e6, 1e6), "stage": "sp3"}])
    notes = Table("notes", "other", pd.DataFrame({"business_id": ["B0"]}))
    shuffled = shuffled.with_layer(flood).with_table(notes)
    layers = chance.sample(shuffled.layers, len(shuffled.layers))
    tables = dict(chance.sample(list(shuffled.tables.items()), len(shuffled.tables)))
    again = assess(replace(shuffled, layers=tuple(layers), tables=tables))
    equal(once, again)
    assert set(once.inputs) == set(again.inputs)
    for name in set(once.inputs) - {"rules", "operates"}:  # these have no ids to sort by
        assert once.inputs[name] == again.inputs[name]


@few
@given(instances)
def test_moving_everybody_out_of_every_area_clears_their_findings(kinds):
    away = {
        kind: [{**row, "geometry": _moved(row["geometry"])} for row in kinds[kind]]
        for kind in ("businesses", "households")
    }
    answer = assess(project(**{**kinds, **away}))
    assert len(answer.conflicts) == len(answer.pairs) == 0
    assert set(answer.businesses["class"]) <= {"outside_plan", "not_assessed"}
    assert set(answer.households["family_impact"]) <= {"none", "not_assessed"}
    assert answer.businesses["contradiction"].sum() == 0
    assert answer.summary["exposed_income_idr_month"] == 0
    assert not answer.businesses["uncertain"].any()


def _moved(place):
    return None if place is None else affinity.translate(place, FAR_M, FAR_M)


@few
@given(instances)
def test_two_half_areas_equal_the_whole(kinds):
    halved = {
        kind: [half for row in kinds[kind] for half in _halves(row)]
        for kind in ("zoning", "evictions", "support_areas")
    }
    without_register = {"provisions": []}  # its rows may name one area by id
    whole = assess(project(**{**kinds, **without_register}))
    halves = assess(project(**{**kinds, **halved, **without_register}))
    same = ["id", "class", "uncertain", "stage", "contradiction"]
    pd.testing.assert_frame_equal(whole.businesses[same], halves.businesses[same])
    same = ["id", "family_impact", "uncertain", "contradiction", "newly_poor"]
    pd.testing.assert_frame_equal(whole.households[same], halves.households[same])
    for key in ("conformity", "exposure", "families", "contradictions", "poverty"):
        assert whole.summary[key] == halves.summary[key]


def _halves(row):
    west, south, east, north = row["geometry"].bounds
    middle = (west + east) / 2
    parts = box(west, south, middle, north), box(middle, south, east, north)
    return [{**row, "id": f"{row['id']}-{i}", "geometry": part} for i, part in enumerate(parts)]


@few
@given(instances)
def test_a_missing_income_is_never_zero(kinds):
    known = assess(project(**kinds)).households.set_index("id")
    hidden = [{**row, "net_income_idr_month": None} for row in kinds["businesses"]]
    answer = assess(project(**{**kinds, "businesses": hidden}))
    rows = answer.households.set_index("id")
    exposed = rows["family_impact"].isin(["livelihood", "both"])
    assert (rows["income_unknown"] == exposed).all()
    assert rows.loc[exposed, "exposed_income_idr_month"].isna().all()
    assert rows.loc[exposed, "newly_poor"].isna().all()
    assert answer.summary["income_unknown"] == exposed.sum()
    spared = rows["family_impact"].isin(["direct", "none"])
    assert (rows.loc[spared, "exposed_income_idr_month"] == 0).all()
    assert (known["family_impact"] == rows["family_impact"]).all()
    assert math.isfinite(answer.summary["exposed_income_idr_month"])


def test_layers_of_one_kind_count_as_one():
    first = layer("businesses", [{"id": "B1"}, {"id": "B2"}], "a")
    second = layer("businesses", [{"id": "B2"}, {"id": "B3"}], "b")
    answer = assess(project(second, first))
    assert list(answer.businesses["id"]) == ["B1", "B2", "B3"]
    assert any("two layers" in warning for warning in answer.summary["warnings"])


def test_alike_provisions_and_supports_answer_in_one_order():
    """Rows that differ only in what no order of the answer names."""
    here = {"geometry": box(0, 0, 100, 100).centroid}
    kinds = {
        "businesses": [{"id": "B1", **here}],
        "evictions": [
            {
                "id": "E1",
                "geometry": box(0, 0, 100, 100),
                "stage": "sp2",
                "valid_from": "2026-01-01",
            }
        ],
        "supports": [
            {"business_id": "B1", "programme": "KUBE", "valid_from": day}
            for day in ("2026-01-01", "2026-02-01")
        ],
        "provisions": [
            {"applies_to": "E1", "stance": -2.0, "instrument": "Perda", "quote": quote}
            for quote in ("pasal satu", "pasal dua")
        ],
    }
    turned = {kind: rows[::-1] for kind, rows in kinds.items()}
    assert len(assess(project(**kinds)).pairs) == 4
    equal(assess(project(**kinds)), assess(project(**turned)))
