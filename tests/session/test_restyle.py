import pytest
from helpers.window import AS_OF, plain_project

from gisapp.core.errors import GisappError
from gisapp.core.style import Classes, Style
from gisapp.session.edits import restyle_layer, set_as_of


def test_classes_without_rules_get_them_from_the_layer():
    style = Style("evictions", (), classes=Classes("stage", "categories", 12, "okabe_ito"))
    project = restyle_layer("evictions", style)(plain_project())
    made = project.layer("evictions").style
    assert [x.labels["en"] for x in made.rules] == ["Second warning (SP 2)"]
    assert made.classes == style.classes


def test_rules_that_are_there_are_kept_as_they_are():
    project = set_as_of(AS_OF)(plain_project())
    style = project.layer("evictions").style
    assert restyle_layer("zoning", style)(project).layer("zoning").style == style


def test_classes_that_cannot_be_made_are_refused():
    style = Style("evictions", (), classes=Classes("stage", "quantiles"))
    with pytest.raises(GisappError, match="holds no numbers"):
        restyle_layer("evictions", style)(plain_project())
