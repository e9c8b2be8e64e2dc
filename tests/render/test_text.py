from dataclasses import replace

import pytest
import shapely
from helpers.maps import RED, a_layer, a_rule, a_style
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from gisapp.core.style import Condition
from gisapp.core.words import speaking
from gisapp.render.legend import legend
from gisapp.render.legend_box import paint_legend
from gisapp.render.scale import distance_text, scale_bar
from gisapp.render.text import Hand, Writer

HAND = Hand(3.0)
PLAIN = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=80)


class Recording(Writer):
    """A writer that keeps where it was asked to write."""

    def __init__(self, image: QImage) -> None:
        super().__init__(QPainter(image), 4.0)
        self.image = image  # must outlive the painter
        self.written: list[tuple[str, float]] = []

    def write(self, text: str, hand: Hand, x: float, y: float, width: float) -> float:
        end = super().write(text, hand, x, y, width)
        self.written.append((text, end))
        return end


@pytest.fixture
def writer(qapp: QGuiApplication) -> Recording:
    return Recording(QImage(400, 400, QImage.Format.Format_RGB32))


@given(text=PLAIN)
def test_wrapping_loses_no_character(text: str) -> None:
    image = QImage(400, 400, QImage.Format.Format_RGB32)
    lines = Recording(image).lines(text, HAND, 90.0)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_wrapping_breaks_between_words_and_inside_one_only_where_it_must(
    writer: Recording,
) -> None:
    assert writer.lines("Satu dua tiga", HAND, writer.width("Satu dua ", HAND)) == [
        "Satu dua",
        "tiga",
    ]
    pieces = writer.lines("Penggusuran" * 5, HAND, 90.0)
    assert len(pieces) > 3
    assert all(writer.width(piece, HAND) <= 90.0 for piece in pieces)


def test_a_character_beyond_utf16_does_not_shift_the_lines(writer: Recording) -> None:
    lines = writer.lines("😀😀 warung 😀 kopi", HAND, 60.0)
    assert "".join(lines).replace(" ", "") == "😀😀warung😀kopi"


def test_what_is_shortened_says_so_and_fits(writer: Recording) -> None:
    text = "Relokasi " * 100
    short = writer.shortened(text, HAND, 120.0, 2)
    assert short.endswith("…")
    assert len(writer.lines(short, HAND, 121.0)) == 2
    assert writer.shortened("Relokasi", HAND, 120.0, 2) == "Relokasi"


def test_a_legend_that_is_too_long_says_what_it_leaves_out(writer: Recording) -> None:
    rules = [a_rule(f"Class {i}", RED, Condition("n", "eq", float(i))) for i in range(60)]
    layer = a_layer([shapely.Point(0, 0)], a_style(*rules), n=[1])
    end = paint_legend(writer, legend([layer]), 0, 0, 200, 300)
    assert end <= 300
    (last, _) = writer.written[-1]
    shown = sum(text.startswith("Class ") for text, _ in writer.written)
    assert last == f"… and {60 - shown} more"


def test_a_legend_that_fits_is_whole(writer: Recording) -> None:
    layer = a_layer([shapely.Point(0, 0), None], a_style(a_rule("Only")))
    paint_legend(writer, legend([replace(layer, title="Usaha")]), 0, 0, 200, 300)
    assert [text for text, _ in writer.written] == ["Usaha", "Only", "1 without a location"]


@given(metres_per_px=st.floats(1e-3, 1e4), most_px=st.floats(20, 2000))
def test_a_scale_bar_is_round_and_as_long_as_it_may_be(
    metres_per_px: float, most_px: float
) -> None:
    bar = scale_bar(metres_per_px, most_px)
    assert bar.length_px <= most_px * (1 + 1e-9)
    assert bar.length_px > most_px * 0.399
    assert f"{bar.length_m:.6e}"[0] in "125"
    assert bar.length_px * metres_per_px == pytest.approx(bar.length_m)


@pytest.mark.parametrize(
    ("metres", "text"),
    [(0.5, "0.5 m"), (2.5, "2.5 m"), (500, "500 m"), (1000, "1 km"), (2500, "2.5 km")],
)
def test_distances_take_the_unit_that_keeps_them_short(metres: float, text: str) -> None:
    assert distance_text(metres) == text
    with speaking("id"):
        assert distance_text(metres) == text.replace(".", ",")
