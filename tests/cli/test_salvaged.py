"""What is said of a project that was saved from damage."""

from gisapp.cli.answers import salvaged
from gisapp.io.salvage import Salvaged, SalvagedPart


def test_layers_found_without_the_list_of_layers_are_named_in_one_sentence(capsys):
    parts = tuple(SalvagedPart(x, x, 5, 0, 0, ("entry",)) for x in ("admin", "zoning"))
    odd = SalvagedPart("sites", "sites", 5, 0, 0, ("style",))
    salvaged(Salvaged("new.gpkg", (*parts, odd), (), 0, 0, ()), as_json=False)
    said = capsys.readouterr().out
    assert said.count("list of layers is damaged: admin, zoning.") == 1
    assert said.count("the usual ones are in their place") == 1
