"""Older files are read as what they meant."""

from gisapp.core.style import Labels
from gisapp.io.styles import parse_style
from gisapp.io.upgrades import style_as_now

OLD = 'name = "x"\nlabel_column = "name"\n[[rules]]\nlabel = { en = "All" }\n'


def test_a_style_of_version_1_keeps_its_names_on_the_map():
    assert parse_style(style_as_now(OLD, 1), "x").labels == Labels("name")


def test_a_style_of_today_is_left_alone():
    text = OLD.replace('label_column = "name"\n', "")
    assert style_as_now(text, 2) == text
