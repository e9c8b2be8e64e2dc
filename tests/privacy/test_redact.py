"""What each preset lets out, and that nothing else can be exported."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
import shapely
from helpers.people import CODES, CRS, KEY, people_project

from gisapp.core.errors import GisappError
from gisapp.privacy.masking import pseudonym
from gisapp.privacy.presets import PRESETS
from gisapp.privacy.redact import redact
from gisapp.privacy.release import Release

WHATS = ("map", "report", "conflicts", "subjects", "project")


@pytest.fixture(scope="module")
def project():
    return people_project(900, 1500)


def release(project, preset, what="map"):
    return redact(project, preset, what=what, recipient="LBH Jakarta")


def frames(released):
    return {layer.name: layer.frame for layer in released.layers}


def test_only_the_gate_makes_a_release(project):
    made = release(project, "public")
    with pytest.raises(TypeError):
        Release(**{f.name: getattr(made, f.name) for f in dataclasses.fields(made)}, seal=object())
    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(made, layers=project.layers)
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.layers = project.layers


@pytest.mark.parametrize("preset", ["partner", "public"])
@pytest.mark.parametrize("what", WHATS)
def test_no_point_of_a_household_leaves(project, preset, what):
    homes = project.layer("households").frame.geometry.get_coordinates().to_numpy()
    tree = shapely.STRtree(shapely.points(homes))
    for name, frame in frames(release(project, preset, what)).items():
        points = frame.geometry[frame.geom_type == "Point"]
        near = tree.query(points.to_numpy(), predicate="dwithin", distance=0.001)
        assert not near.size, name


@pytest.mark.parametrize("what", ["map", "project", "conflicts"])
def test_public_places_only_businesses_that_agreed(project, what):
    raw = project.layer("businesses").frame
    agreed = set(raw.loc[raw["consent"] == "public", "name"])
    shown = [f for f in frames(release(project, "public", what)).values()
             if (f.geom_type == "Point").any()]  # fmt: skip
    for frame in shown:
        assert set(frame["name"]) <= agreed
        assert not {"net_income_idr_month", "contradiction", "catatan_lapangan"} & set(
            frame.columns
        )


def test_partner_businesses_are_masked_inside_their_area_under_a_pseudonym(project):
    frame = frames(release(project, "partner"))["assessed_businesses"]
    raw = project.layer("businesses").frame
    raw = raw.set_index(pd.Index([pseudonym(KEY, x) for x in raw["id"]])).sort_index()
    assert frame["id"].tolist() == raw.index.tolist()
    assert not {"name", "net_income_idr_month", "catatan_lapangan", "consent"} & set(frame.columns)
    away = frame.geometry.distance(raw.geometry.reset_index(drop=True))
    density = 5000 / 1e6
    low, high = (np.sqrt(k / (np.pi * density)) for k in PRESETS["partner"].mask_families)
    assert away.min() >= low * 0.999
    assert away.max() <= high * 1.001
    areas = dict(zip(CODES, project.layer("admin").frame.geometry, strict=True))
    assert all(
        areas[c].contains(p) for c, p in zip(frame["admin_code"], frame.geometry, strict=True)
    )


def test_a_conflict_stands_where_its_masked_business_stands(project):
    shown = frames(release(project, "partner"))
    at = dict(
        zip(shown["assessed_businesses"]["id"], shown["assessed_businesses"].geometry, strict=True)
    )
    conflicts = shown["conflicts"]
    assert set(conflicts["subject_kind"]) == {"businesses"}
    assert all(at[i] == p for i, p in zip(conflicts["subject_id"], conflicts.geometry, strict=True))
    assert "explanation" not in conflicts.columns


def test_a_policy_area_is_named_only_where_enough_subjects_share_it(project):
    conflicts = frames(release(project, "partner", "conflicts"))["conflicts"]
    sizes = conflicts.groupby(["area_kind", "area_id"])["subject_id"].nunique()
    assert sizes.min() >= PRESETS["partner"].n


def published_counts(released):
    """Every count of families in a release, wherever it stands."""
    for layer in released.layers:
        if layer.kind in ("household_cells", "conflict_cells", "subject_cells"):
            frame = layer.frame
            for column in ("subject_kind", "kind"):
                frame = frame[frame[column] == "households"] if column in frame else frame
            for column in frame.columns:
                if str(frame[column].dtype) == "Int64":
                    yield from frame[column].dropna().tolist()
    summary = released.summary
    for block in (*summary.get("exposure", {}).values(), summary.get("families", {})):
        yield from (x for x in block.values() if x is not None)
    for area in summary.get("by_admin", ()):
        yield from (x for x in area["households"].values() if x is not None)
    for key in ("newly_poor", "income_unknown"):
        if summary.get(key) is not None:
            yield summary[key]


@pytest.mark.parametrize("what", WHATS)
def test_no_published_count_of_families_is_below_n(project, what):
    for name in ("partner", "public"):
        released = release(project, name, what)
        counts = [c for c in published_counts(released) if c]
        assert not counts or min(counts) >= PRESETS[name].n
        assert released.k_min >= PRESETS[name].n


def test_a_shown_number_is_the_true_one_and_hidden_ones_are_none(project):
    households = project.layer("assessed_households").frame
    truth = households["family_impact"].value_counts().to_dict()
    families = release(project, "public").summary["families"]
    assert families["total"] == len(households)
    assert all(n is None or n == truth.get(kind, n) for kind, n in families.items()
               if kind in truth)  # fmt: skip


def test_consenting_businesses_do_not_give_the_others_away():
    """Counts of all businesses minus those shown one by one are never 1…n−1."""
    project = people_project(900, 50, seed=4)
    released = release(project, "public")
    cells, shown = frames(released)["business_cells"], frames(released)["assessed_businesses"]
    for row in cells.itertuples():
        here = shown[shown["admin_code"] == row.id]
        for cls in ("prohibited", "limited", "conditional", "permitted", "no_rule"):
            told = getattr(row, cls)
            if not pd.isna(told):
                rest = int(told) - int((here["class"] == cls).sum())
                assert rest == 0 or rest >= 10, (row.id, cls)


@pytest.mark.parametrize("preset", PRESETS)
def test_direct_identifiers_and_foreign_columns(project, preset):
    released = release(project, preset, "project")
    columns = {column.split(".", 1)[1] for column in released.columns}
    assert not {"nama_kk", "nik"} & columns
    assert ("catatan_lapangan" in columns) == (preset == "internal")
    assert ("petugas" in columns) == (preset == "internal")
    assert all(layer.quarantine is None for layer in released.layers)


def test_a_phone_number_in_an_open_text_does_not_leave(project):
    layer = project.layer("evictions")
    told = layer.frame.assign(name="tanya Pak Joko 0812-3456-7890")
    changed = project.with_layer(dataclasses.replace(layer, frame=told))
    for preset in PRESETS:
        assert frames(release(changed, preset))["evictions"]["name"].isna().all()


def test_a_rare_activity_does_not_leave_because_it_may_name_somebody(project):
    layer = project.layer("businesses")
    activity = layer.frame["activity"].mask(layer.frame.index == 3, "jahit Ibu Sumarni Blok C2")
    changed = project.with_layer(
        dataclasses.replace(layer, frame=layer.frame.assign(activity=activity))
    )
    shown = frames(release(changed, "partner"))["assessed_businesses"]["activity"]
    assert shown.isna().sum() == 1
    assert set(shown.dropna()) == {"warung makan", "bengkel", "kelontong"}


def test_layers_of_unknown_kind_stay_at_home_outside_internal(project):
    other = dataclasses.replace(project.layer("households"), name="rumah", kind="other")
    extended = project.with_layer(other)
    assert "rumah" in frames(release(extended, "internal"))
    assert "rumah" not in frames(release(extended, "partner"))
    assert "rumah" not in frames(release(extended, "public"))


def test_contradictions_name_institutions_but_no_subject(project):
    pairs = release(project, "public", "report").tables["contradiction_pairs"].frame
    assert not {"subject_id", "plus_area_id", "minus_area_id"} & set(pairs.columns)
    assert set(pairs["plus_institution"]) == {"Kemensos"}


def test_a_partner_export_needs_a_recipient(project):
    with pytest.raises(GisappError, match="recipient"):
        redact(project, "partner")


def test_unknown_presets_and_contents_are_refused(project):
    with pytest.raises(GisappError, match="everyone"):
        redact(project, "everyone")
    with pytest.raises(GisappError, match="poster"):
        redact(project, "public", what="poster")


@pytest.mark.parametrize("what", ["report", "conflicts", "subjects"])
def test_results_of_a_project_that_was_not_assessed_are_refused(what):
    with pytest.raises(GisappError, match="assessed") as caught:
        redact(people_project(40, 40, assessed=False), "internal", what=what)
    assert "assess" in caught.value.remedy


@pytest.mark.parametrize("preset", PRESETS)
def test_a_project_that_was_not_assessed_can_be_shown(preset):
    released = release(people_project(300, 400, assessed=False), preset)
    assert released.summary == {}
    assert {str(layer.frame.crs) for layer in released.layers} == {CRS}


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("sizes", [(0, 0), (1, 1), (3, 40), (40, 3)])
def test_few_or_no_subjects_are_no_error(preset, sizes):
    project = people_project(*sizes) if sizes != (0, 0) else people_project(5, 5, assessed=False)
    if sizes == (0, 0):
        for kind in ("businesses", "households"):
            layer = project.layer(kind)
            project = project.with_layer(dataclasses.replace(layer, frame=layer.frame.iloc[:0]))
    released = release(project, preset)
    if preset == "public":
        assert not [c for c in published_counts(released) if 0 < c < 10]


def test_the_partner_sees_rw_where_the_project_knows_them(project):
    admin = project.layer("admin")
    halves = admin.frame.copy()
    halves["geometry"] = [shapely.box(b[0], b[1], (b[0] + b[2]) / 2, b[3])
                          for b in admin.frame.bounds.to_numpy()]  # fmt: skip
    halves = halves.assign(id=halves["id"] + ".01", code=halves["code"] + ".01", level="rw")
    both = dataclasses.replace(admin, name="rw", frame=halves)
    cells = frames(release(project.with_layer(both), "partner"))["household_cells"]
    assert cells["id"].str.endswith(".01").all()
    assert len(cells) == 5


def shown(project, name):
    layer = dataclasses.replace(project.layer(name), visible=True)
    return project.with_layer(layer)


def test_an_imported_layer_that_is_on_the_map_is_on_the_map_that_leaves(project):
    assert "businesses" not in {x.name for x in redact(project, "internal").layers}
    release = redact(shown(project, "businesses"), "internal")
    assert "businesses" in {x.name for x in release.layers if x.visible}


@pytest.mark.parametrize("preset", ["partner", "public"])
def test_it_leaves_there_as_the_assessed_one_does_and_homes_do_not(project, preset):
    both = shown(shown(project, "businesses"), "households")
    layers = {x.name: x for x in redact(both, preset, recipient="LBH").layers}
    assert "households" not in layers
    plain, assessed = layers["businesses"].frame, layers["assessed_businesses"].frame
    assert plain["id"].tolist() == assessed["id"].tolist()
    assert plain.geometry.geom_equals(assessed.geometry).all()


def test_zones_are_not_drawn_under_counted_areas_and_stay_in_the_file(project):
    zones = [x for x in redact(project, "public").layers if x.kind == "zoning"]
    assert zones
    assert not any(x.visible for x in zones)
    assert any(x.visible for x in redact(project, "internal").layers if x.kind == "zoning")


def test_a_column_that_somebody_added_to_the_conflicts_stays_here(project):
    conflicts = project.layer("conflicts")
    frame = conflicts.frame.assign(note="Siti Rahayu 0812-3456-7890")
    added = project.with_layer(dataclasses.replace(conflicts, frame=frame))
    for what in ("map", "conflicts"):
        release = redact(added, "partner", what=what, recipient="LBH")
        assert not any("note" in x.frame.columns for x in release.layers)


def test_a_masked_business_hides_among_enough_families_or_in_its_whole_area(project):
    made = release(project, "partner")
    assert made.care.families is None or made.care.families >= PRESETS["partner"].mask_families[0]
    frame = frames(made)["assessed_businesses"]
    xy = frame.geometry.get_coordinates()
    crowded = xy.duplicated(keep=False).sum()
    assert crowded >= made.care.area_only - project.layer("admin").frame.shape[0]


def test_of_a_business_that_nobody_is_like_nothing_is_told(project):
    layer = project.layer("businesses")
    odd = layer.frame["id"].iloc[0]
    unlike = layer.frame["activity"].mask(layer.frame["id"] == odd, "Penjinak ular")
    changed = project.with_layer(
        dataclasses.replace(layer, frame=layer.frame.assign(activity=unlike))
    )
    made = release(changed, "partner")
    assert "Penjinak ular" not in set(frames(made)["assessed_businesses"]["activity"].dropna())
    told = frames(made)["assessed_businesses"]
    quasi = [
        c for c in ("activity", "kbli", "form", "location_kind", "workers", "permit") if c in told
    ]
    blank = told[quasi].isna().all(axis=1)
    for _values, group in told[~blank].groupby(["admin_code", *quasi], dropna=False):
        assert len(group) >= PRESETS["partner"].n
    nameless = blank & told["class"].isna()
    assert int(nameless.sum()) == made.care.alone
    conflicts = frames(release(changed, "partner", "conflicts"))["conflicts"]
    assert not set(told["id"][nameless]) & set(conflicts["subject_id"])


@pytest.mark.parametrize("what", ["map", "conflicts", "project"])
def test_conflicts_of_families_alone_are_no_error(project, what):
    layers = tuple(x for x in project.layers if "businesses" not in x.name)
    told = frames(release(dataclasses.replace(project, layers=layers), "partner", what))
    assert "conflicts" not in told
