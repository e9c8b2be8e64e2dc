"""What is said of a release before it leaves."""

from types import SimpleNamespace

from gisapp.core.words import speaking
from gisapp.privacy.release import Care
from gisapp.ui.release_words import care_taken


def said(care):
    with speaking("en"):
        return care_taken(SimpleNamespace(care=care, n=5))


def test_nothing_is_said_where_nothing_had_to_be_done():
    assert said(Care()) == ()


def test_each_care_is_told_with_its_number():
    assert said(Care(coarser=1200, alone=1, area_only=2, families=34)) == (
        "Each shifted place hides among at least 34 families.",
        "2 businesses would hide among too few: their places tell their area only.",
        "1,200 businesses are told less exactly, because fewer than 5 are like each.",
        "1 business is like no other of its area: nothing of it is told.",
    )
