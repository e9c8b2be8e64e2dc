"""The command line speaks the language that is asked for, help included."""

import pytest

from gisapp.cli import main
from gisapp.cli.spoken import asked_language


@pytest.mark.parametrize(
    ("args", "language"),
    [
        (["--lang", "id", "info", "p.gpkg"], "id"),
        (["import", "--help", "--lang=en"], "en"),
        (["info", "p.gpkg"], ""),
        (["info", "p.gpkg", "--lang"], ""),
        (["info", "p.gpkg", "--lang", "fr"], ""),
    ],
)
def test_the_language_is_heard_wherever_it_stands(args: list[str], language: str) -> None:
    assert asked_language(args) == language


def test_help_is_in_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "--help", "--lang", "id"]) == 0
    assert "Berkas proyek" in capsys.readouterr().out
    assert main(["import", "--help", "--lang", "en"]) == 0
    assert "The project file" in capsys.readouterr().out
