"""What the window says, decided without Qt."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from helpers.window import assessed_project, plain_project

from gisapp.core.layer import ImportReport
from gisapp.core.words import set_language
from gisapp.io.catalogue import load_catalogue
from gisapp.privacy.presets import PRESETS
from gisapp.session.edits import add_layer, set_as_of
from gisapp.ui import identify, summary
from gisapp.ui.coordinates import place_text, scale_text
from gisapp.ui.frame_view import FrameView
from gisapp.ui.layer_rows import layer_rows, story, table_rows
from gisapp.ui.quarantine import quarantine_view
from gisapp.ui.release_words import preset_explanation
from gisapp.ui.values import facts, value_text

KINDS = load_catalogue().kinds


def field(kind, name):
    return KINDS[kind].fields[name]


PKL = field("businesses", "form").codes["pkl"]


@pytest.mark.parametrize(
    ("value", "kind", "name", "english", "indonesian"),
    [
        (None, "businesses", "workers", "", ""),
        (1.5e6, "supports", "amount_idr", "1,500,000 IDR", "1.500.000 rupiah"),
        (0.35, "operates", "income_share", "0.35", "0,35"),
        ("pkl", "businesses", "form", PKL["en"], PKL["id"]),
        ("unheard", "businesses", "form", "unheard", "unheard"),
        ("2026-11-01", "evictions", "valid_from", "1 November 2026", "1 November 2026"),
        ("2026", "evictions", "valid_from", "2026", "2026"),
        (True, "conflicts", "uncertain", "yes", None),
    ],
)  # fmt: skip
def test_values_are_written_as_the_language_has_them(value, kind, name, english, indonesian):
    assert value_text(value, field(kind, name)) == english
    if indonesian is not None:
        set_language("id")
        assert value_text(value, field(kind, name)) == indonesian


def test_facts_leave_out_what_is_missing_and_keep_unknown_columns():
    frame = pd.DataFrame(
        {"id": ["B1"], "workers": [np.nan], "form": ["pkl"], "catatan": ["{{7*7}}"], "sigma_m": [1]}
    )
    shown = dict(facts(frame, 0, KINDS["businesses"], {}, leave_out=("id",)))
    assert list(shown) == ["Form", "catatan"]
    assert shown["catatan"] == "{{7*7}}"


def test_a_frame_is_sorted_with_missing_last_and_filtered_by_code():
    frame = pd.DataFrame({"finding": ["b", "a", "b", "c"], "severity": [2.0, np.nan, 1.0, 2.0]})
    view = FrameView(frame, ("severity", "finding"))
    view.sort(0, descending=True)
    assert view.rows.tolist() == [0, 3, 2, 1]
    view.show_only("finding", ["b"])
    assert view.rows.tolist() == [0, 2]
    view.sort(0, descending=False)
    assert view.rows.tolist() == [2, 0]
    assert view.places_of([0, 1]) == [1]
    view.show_only("finding", [])
    assert view.rows.tolist() == [2, 0, 3, 1]
    assert (view.text(3, 0), view.text(0, 1)) == ("", "b")


def test_the_summary_adds_up_to_the_run():
    found = assessed_project().runs[-1].summary
    figures = {figure.label: figure.value for figure in summary.figures(found)}
    assert figures["Families affected"] == "1"
    assert figures["Businesses in restrictive zones"] == "1"
    assert figures["Businesses exposed to eviction"] == "1"
    assert figures["Contradictions"] == "1"
    rows = summary.area_rows(found)
    assert [row.name for row in rows] == ["Ciracas", "Outside admin areas", "No location"]
    assert sum(row.businesses for row in rows) == 3
    assert sum(row.affected for row in rows) == 1


def test_the_sentence_says_what_is_shown():
    assert "no layers" in summary.sentence(replace(plain_project(), layers=()))
    assert "not assessed yet" in summary.sentence(plain_project())
    assert "4 conflicts" in summary.sentence(assessed_project())
    assert "1 November 2026" in summary.sentence(assessed_project())
    run = assessed_project().runs[-1]
    asked = replace(run, parameters=replace(run.parameters, known_on="2026-10-01", at="mon 19:30"))
    told = summary.sentence(replace(assessed_project(), runs=(asked,)))
    assert "observed by 1 October 2026" in told
    assert "mon 19:30" in told


def test_results_are_stale_after_another_date_or_a_later_import():
    project = assessed_project()
    assert not summary.is_stale(plain_project())
    assert not summary.is_stale(project)
    assert summary.is_stale(set_as_of("2026-12-01")(project))
    zoning = project.layer("zoning")
    later = replace(zoning.report, imported_at="2999-01-01T00:00:00+00:00", rows_changed_at="")
    assert summary.is_stale(add_layer(replace(zoning, report=later))(project))
    same_rows = replace(later, rows_changed_at="2020-01-01T00:00:00+00:00")
    assert not summary.is_stale(add_layer(replace(zoning, report=same_rows))(project))


def test_a_layers_row_counts_every_record_and_tells_its_story():
    project = assessed_project()
    rows = {row.name: row for row in layer_rows(project.layers)}
    assert [*rows] == [layer.name for layer in project.layers]
    assert rows["zoning"].count == 2
    for row in rows.values():
        if row.visible:
            drawn = sum(entry.total for entry in row.entries)
            assert drawn + sum(n for _text, n in row.undrawn) == row.count
    assert rows["businesses"].entries == ()  # hidden: the assessed ones lie on the same points
    assert "survey.csv" in rows["zoning"].story
    report = ImportReport("b.csv", "0", "2026", 9, 3, 1, 5)
    told = story(replace(project.layer("businesses"), report=report))
    assert "1 row repaired" in told
    assert "5 rows not taken in" in told


def test_tables_are_listed_with_what_fits_no_record():
    tables = assessed_project().tables
    operates = replace(
        tables["operates"], unmatched=2, report=ImportReport("o.csv", "0", "2026", 9, 9, 0, 0)
    )
    rows = {x.name: x for x in table_rows({**tables, "o": operates}.values(), load_catalogue())}
    assert rows["operates"].title == "Operates"
    assert rows["operates"].count == 1
    assert "2 rows name no record" in rows["operates"].story
    assert "result" in rows["contradiction_pairs"].story


def test_a_business_shows_its_family_its_supports_and_its_evictions():
    project = assessed_project()
    found = identify.describe(project, project.layer("businesses"), 1, load_catalogue())
    related = dict(found.related)
    assert found.title == "Warung Dua · B2"
    assert related["Run by families"] == (
        "H1 · Members: 4 persons · Impact on the family: Livelihood",
    )
    assert related["Eviction areas"][0].startswith("E1 · Name: Kali")
    assert "Conformity: Permitted (I)" in related["Assessment"]
    judged = identify.describe(project, project.layer("assessed_businesses"), 1, load_catalogue())
    assert judged.title == "Permitted (I) · B2"
    assert dict(judged.related)["As surveyed"] == (
        "Activity: Warung Makan",
        "Stall's name: Warung Dua",
    )
    family = identify.describe(project, project.layer("households"), 0, load_catalogue())
    assert dict(family.related)["Businesses it runs"][0].startswith("B2 · Activity: Warung Makan")
    assert "PKH" in dict(family.related)["Supports"][0]


def test_a_policy_area_shows_the_findings_in_it():
    project = assessed_project()
    area = identify.describe(project, project.layer("evictions"), 0, load_catalogue())
    assert area.related == (("Conflicts here", ("Eviction: 1",)),)


def test_a_feature_leads_to_its_conflicts_and_they_to_their_places():
    project = assessed_project()
    conflicts = project.layer("conflicts").frame
    rows = identify.conflict_rows(project, project.layer("businesses"), 1)
    assert set(conflicts["subject_id"].iloc[rows]) == {"B2"}
    assert len(rows) == 3
    assert identify.conflict_rows(project, project.layer("evictions"), 0) == [
        int(np.flatnonzero(conflicts["finding"] == "eviction")[0])
    ]
    places = identify.places_of_conflicts(project, rows)
    kinds = sorted(place.geom_type for place in places)
    assert kinds == ["Point"] * 3 + ["Polygon"] * 2
    assert identify.conflict_rows(plain_project(), plain_project().layer("businesses"), 0) == []


def test_quarantined_rows_show_why_and_what_they_held():
    project = plain_project()
    refused = pd.DataFrame(
        {
            "row": [7, 9],
            "id": ["B7", None],
            "reason": ["null_island", "bad_number"],
            "values": ['{"lat": "0", "nama": "=1+1"}', '{"lat": "-6.3x1"}'],
        }
    )
    view = quarantine_view(replace(project.layer("businesses"), quarantine=refused))
    assert [view.title(i) for i in range(5)] == ["Row", "Id", "Reason", "lat", "nama"]
    assert [view.text(0, i) for i in range(5)] == ["7", "B7", "at 0, 0", "0", "=1+1"]
    assert view.text(1, 4) == ""
    assert len(quarantine_view(project.layer("businesses")).rows) == 0


def test_every_preset_says_what_it_lets_out_from_its_own_numbers():
    texts = {name: preset_explanation(preset) for name, preset in PRESETS.items()}
    assert len(set(texts.values())) == len(PRESETS)
    assert "exact place" in texts["internal"]
    assert "fewer than 5" in texts["partner"]
    assert "250 m" in texts["partner"]
    assert "fewer than 10" in texts["public"]


def test_places_and_scales_are_written_as_the_language_has_them():
    assert place_text(707_000.0, 9_300_000.0, "EPSG:32748") == "6.32949° S  106.87126° E"
    assert scale_text(63_217.3) == "1:63,200"
    assert scale_text(987.6) == "1:988"
    set_language("id")
    assert place_text(707_000.0, 9_300_000.0, "EPSG:32748").startswith("6,32949°")


def test_a_record_shows_its_id_first_and_its_area_by_name():
    project = assessed_project()
    found = identify.describe(project, project.layer("assessed_businesses"), 1, load_catalogue())
    assert found.facts[0] == ("Identifier", "B2")
    assert dict(found.facts)["Admin code"] == "Ciracas (31.75.09.1001)"
    assert all(text for _title, text in found.facts)
    conflict = identify.describe(project, project.layer("conflicts"), 0, load_catalogue())
    assert [title for title, _text in conflict.facts[:2]] == ["Kind of subject", "Subject"]
