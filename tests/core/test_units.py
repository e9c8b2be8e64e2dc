"""Units: what the catalogue counts in is said in the reader's language."""

from gisapp.core.units import unit_text
from gisapp.core.words import speaking
from gisapp.io.catalogue import load_catalogue

SYMBOLS = {"", "m", "m²"}


def test_every_unit_of_the_catalogue_that_is_a_word_is_translated() -> None:
    units = {
        field.unit for kind in load_catalogue().kinds.values() for field in kind.fields.values()
    }
    assert {unit: unit_text(unit) for unit in units} == {unit: unit for unit in units}
    with speaking("id"):
        alike = {unit for unit in units if unit_text(unit) == unit}
        assert unit_text("persons") == "orang"
    assert alike <= SYMBOLS
