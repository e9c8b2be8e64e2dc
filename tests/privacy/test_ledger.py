"""Two exports that together tell more than either are noticed, others are not."""

import dataclasses

import pytest
from helpers.people import people_project

from gisapp.core.project import ExportRecord
from gisapp.core.words import speaking
from gisapp.privacy.ledger import Together, _revealed, counts_told, told_together
from gisapp.privacy.redact import redact
from gisapp.privacy.tally import Tally

AREAS = ("A", "B", "C")
AT = "2026-11-01T08:00:00+00:00"


def key(area, category=""):
    return (area, "", "impact" if category else "", category)


def a_tally(hidden, totals=(40, 30, 20), direct=(3, 4, 12)):
    """Three areas with their families and those hit directly; `hidden` keys are not told."""
    numbers = {key(""): sum(totals), key("", "direct"): sum(direct)}
    numbers[key("", "none")] = sum(totals) - sum(direct)
    sums = [(key(""), (key("", "direct"), key("", "none")))]
    for area, total, hit in zip(AREAS, totals, direct, strict=True):
        numbers |= {key(area): total, key(area, "direct"): hit, key(area, "none"): total - hit}
        sums.append((key(area), (key(area, "direct"), key(area, "none"))))
    for category in ("", "direct", "none"):
        sums.append((key("", category), tuple(key(area, category) for area in AREAS)))
    told = {k: None if k in hidden else v for k, v in numbers.items()}
    return Tally("households", AREAS, True, told, 10, tuple(sums))


def record(counts, preset="partner"):
    return ExportRecord(AT, "map.html", "map", preset, "LBH", (), 0, 5, "0" * 64, counts)


ONE = {key(a, c) for a in ("A", "B") for c in ("direct", "none")}
OTHER = {key(a, c) for a in ("A", "C") for c in ("direct", "none")}


def test_what_one_hides_only_to_protect_may_not_be_shown_by_the_other():
    now, before = a_tally(ONE), a_tally(OTHER)
    (found,) = told_together((now,), 10, [record(counts_told([before]))])
    # B's numbers are shown by the earlier, so A's follow from the sums
    assert found.revealed == 2
    assert found.differing == 0
    assert found.file == "map.html"


def test_the_same_export_again_tells_nothing_new():
    now = a_tally(ONE)
    assert told_together((now,), 10, [record(counts_told([now]))]) == ()


def test_a_difference_of_few_tells_about_them():
    now, before = a_tally(set(), direct=(13, 14, 12)), a_tally(set(), direct=(15, 14, 12))
    (found,) = told_together((now,), 10, [record(counts_told([before]))])
    assert (found.differing, found.revealed) == (4, 0)


def test_a_difference_of_many_does_not():
    now, before = a_tally(set(), direct=(13, 14, 12)), a_tally(set(), direct=(30, 14, 12))
    assert told_together((now,), 10, [record(counts_told([before]))]) == ()


def test_the_stricter_of_two_presets_counts():
    now, before = a_tally(set(), direct=(13, 14, 12)), a_tally(set(), direct=(20, 14, 12))
    assert told_together((now,), 5, [record(counts_told([before]))]) == ()
    assert told_together((now,), 5, [record(counts_told([before]), "public")])


def test_an_export_that_kept_no_counts_is_not_compared():
    assert told_together((a_tally(ONE),), 10, [record(None)]) == ()


def test_what_follows_is_what_the_audit_of_one_table_would_find():
    assert _revealed(a_tally(ONE), {}) == 0
    assert _revealed(a_tally({key("A", "direct")}), {}) == 1


@pytest.mark.parametrize("n", [1, 4])
def test_both_are_said(n):
    with speaking("en"):
        assert f"{n} count" in Together("a.html", AT, "", n, 0).sentence
        assert "single families" in Together("a.html", AT, "", 0, n).sentence


def test_a_release_compares_itself_with_the_ledger():
    project = people_project(120, 160)
    first = redact(project, "public")
    kept = dataclasses.replace(project, exports=(record(first.counts, "public"),))
    assert redact(kept, "public").together == ()
    layer = project.layer("assessed_businesses")
    permitted = layer.frame["class"] == "permitted"
    other = layer.frame["class"].mask(permitted & (permitted.cumsum() <= 3), "prohibited")
    changed = kept.with_layer(
        dataclasses.replace(layer, frame=layer.frame.assign(**{"class": other}))
    )
    (found,) = redact(changed, "public").together
    assert found.differing > 0
    assert redact(kept, "internal").together == ()
    assert redact(kept, "internal").counts is None
