import pytest

from gisapp.core.colour import Triple, blended, colour_of, laid_over, light_of, oklab


@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#a5281b", "#0072b2", "#010203"])
def test_light_and_back_is_the_same_colour(colour):
    assert colour_of(light_of(colour)) == colour
    assert blended(colour, "#123456", 0) == colour
    assert blended("#123456", colour, 1) == colour


@pytest.mark.parametrize(
    ("light", "lab"),
    # Values of CSS Color 4 for the sRGB primaries.
    [
        (Triple(1, 1, 1), (1.000, 0.000, 0.000)),
        (Triple(1, 0, 0), (0.628, 0.225, 0.126)),
        (Triple(0, 1, 0), (0.866, -0.234, 0.179)),
        (Triple(0, 0, 1), (0.452, -0.032, -0.312)),
    ],
)
def test_oklab_of_the_primaries_is_as_published(light, lab):
    assert oklab(light) == pytest.approx(lab, abs=1e-3)


def test_a_colour_of_no_opacity_leaves_the_ground_and_a_full_one_covers_it():
    assert laid_over("#a5281b", 0, "#f3f5f7") == "#f3f5f7"
    assert laid_over("#a5281b", 1, "#f3f5f7") == "#a5281b"
    assert laid_over("#000000", 0.5, "#ffffff") == "#808080"
