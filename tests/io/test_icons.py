import pytest

from gisapp.core.errors import GisappError
from gisapp.io.icons import ICON_GRID, icon_names, icon_strokes
from gisapp.io.styles import parse_style

STYLE = 'name = "x"\n[[rules]]\nlabel = {{ en = "All" }}\nfill = "#112233"\nicon = "{}"\n'


@pytest.mark.parametrize("name", icon_names())
def test_every_drawing_is_read_closed_and_on_its_grid(name: str) -> None:
    strokes = icon_strokes(name)
    assert strokes[0][0] == "M"
    assert strokes[-1][0] == "Z"
    assert all(0 <= n <= ICON_GRID for _, numbers in strokes for n in numbers)


def test_a_style_names_a_drawing_and_never_a_path() -> None:
    assert parse_style(STYLE.format("market"), "x").rules[0].symbol.icon == "market"
    with pytest.raises(GisappError, match="market"):
        parse_style(STYLE.format("markt"), "x")
    for bad in ("../icons/market", "market.svg", "/etc/passwd"):
        with pytest.raises(GisappError):
            parse_style(STYLE.format(bad), "x")
