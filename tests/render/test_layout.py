"""Where the parts of a sheet lie: nothing overlaps, nothing leaves the paper, nothing is lost."""

from itertools import combinations

import pytest
import shapely
from helpers.maps import RED, a_layer, a_rule, a_style
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from gisapp.core.style import Condition, Symbol
from gisapp.render.appendix import appendix
from gisapp.render.columns import Line, Setting, balanced, flowed, height_of
from gisapp.render.layout import PAPERS_MM, Layout, round_scale
from gisapp.render.page import Page, SheetText, fitting_scale, viewport_of
from gisapp.render.sheet import placed
from gisapp.render.swatch import LEAST_MM, paint_sample
from gisapp.render.text import Hand, measuring

PX_PER_MM = 6.0
AREA = shapely.box(706_000, 9_297_000, 708_000, 9_301_000)
LONG = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=600)


@pytest.fixture(scope="module", autouse=True)
def _application(qapp: QGuiApplication) -> None:
    """One for all."""


def a_page(title="Ciracas", notes=("A note.",), classes=3, bounds=None, **more):
    rules = [
        a_rule(f"Class number {i}", RED, Condition("n", "eq", float(i))) for i in range(classes)
    ]
    layer = a_layer([AREA], a_style(*rules), n=[1.0])
    text = SheetText(title, "As of 1 November 2026", tuple(notes))
    return Page((layer,), "EPSG:32748", text, bounds or AREA.bounds, **more)


def texts(columns):
    return [line.text for column in columns for line in column.lines]


def overlapping(boxes):
    shrunk = [box.adjusted(0.5, 0.5, -0.5, -0.5) for box in boxes]
    return [(a, b) for a, b in combinations(shrunk, 2) if a.intersects(b)]


@settings(max_examples=25, deadline=None)
@given(
    title=LONG,
    notes=st.lists(LONG, max_size=5),
    classes=st.integers(1, 60),
    layout=st.builds(
        Layout,
        st.sampled_from(["a4", "a3"]),
        st.sampled_from(["auto", "portrait", "landscape"]),
        st.sampled_from(["auto", "side", "below"]),
        st.sampled_from(["none", "ticks"]),
    ),
    located=st.booleans(),
)
def test_boxes_stay_on_the_paper_and_apart(title, notes, classes, layout, located):
    more = {"focus": AREA, "areas": (AREA, AREA)} if located else {}
    place = placed(a_page(title, notes, classes, **more), layout, PX_PER_MM).arrangement
    paper = QRectF(0, 0, place.width_px, place.height_px)
    assert all(paper.united(box) == paper for box in place.boxes())
    assert not overlapping(place.boxes())
    assert place.map.width() > 20 * PX_PER_MM
    assert place.map.height() > 20 * PX_PER_MM


@settings(max_examples=15, deadline=None)
@given(title=LONG, notes=st.lists(LONG, max_size=5), classes=st.integers(1, 60))
def test_what_is_set_in_a_box_is_no_higher_than_it(title, notes, classes):
    place = placed(a_page(title, notes, classes), Layout(), PX_PER_MM).arrangement
    with measuring(PX_PER_MM) as writer:
        for column in place.columns:
            setting = Setting(writer, column.box.width(), place.shrink)
            assert height_of(setting, column.lines) <= column.box.height() + 1
        for column in place.foot:
            setting = Setting(writer, column.box.width(), most=place.foot_lines)
            assert height_of(setting, column.lines) <= column.box.height() + 1


def test_a_long_legend_flows_on_into_other_columns():
    place = placed(a_page(classes=70), Layout(orientation="landscape"), PX_PER_MM).arrangement
    assert not place.cut
    assert len([column for column in place.columns if column.lines]) > 1
    assert sum(text.startswith("Class number") for text in texts(place.columns)) == 70


def test_a_legend_without_end_says_what_it_leaves_out_and_stands_whole_in_the_appendix():
    sheet = placed(a_page(classes=500), Layout(), PX_PER_MM)
    assert sheet.arrangement.cut
    shown = texts(sheet.arrangement.columns)
    left_out = 500 - sum(text.startswith("Class number") for text in shown)
    assert shown[-1] == f"… and {left_out} more"
    rest = [text for page in appendix(sheet) for text in texts(page.columns)]
    assert sum(text.startswith("Class number") for text in rest) == 500


def test_a_note_without_end_is_elided_and_stands_whole_in_the_appendix():
    note = " ".join(f"word{i}" for i in range(3000))
    sheet = placed(a_page(notes=[note]), Layout(), PX_PER_MM)
    assert sheet.arrangement.cut
    told = " ".join(text for page in appendix(sheet) for text in texts(page.columns))
    assert note in told


def test_the_appendix_keeps_within_its_pages():
    sheet = placed(a_page(notes=["word " * 20_000], classes=300), Layout(), PX_PER_MM)
    pages = appendix(sheet)
    assert len(pages) > 1
    with measuring(PX_PER_MM) as writer:
        for page in pages:
            for column in page.columns:
                setting = Setting(writer, column.box.width(), most=10**6)
                assert height_of(setting, column.lines) <= column.box.height() + 1


@pytest.mark.parametrize("paper", ["a4", "a3"])
@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
def test_the_sheet_has_the_size_asked_for(paper, orientation):
    place = placed(a_page(), Layout(paper, orientation), PX_PER_MM).arrangement
    width, height = sorted(PAPERS_MM[paper], reverse=orientation == "landscape")
    assert place.size_mm == (width, height)
    assert (place.width_px, place.height_px) == (width * PX_PER_MM, height * PX_PER_MM)


def test_a_wide_extent_lies_and_a_tall_one_stands():
    wide = placed(a_page(bounds=(0, 0, 9000, 3000)), Layout(legend="side"), PX_PER_MM)
    tall = placed(a_page(bounds=(0, 0, 3000, 9000)), Layout(legend="side"), PX_PER_MM)
    assert wide.arrangement.width_px > wide.arrangement.height_px
    assert tall.arrangement.width_px < tall.arrangement.height_px


@given(st.floats(1.0, 1e8))
def test_a_round_scale_is_the_next_that_a_ruler_reads(needed):
    scale = round_scale(needed)
    assert needed * (1 - 1e-8) <= scale <= needed * 1.34
    assert round_scale(scale) == pytest.approx(scale)
    mantissa = float(f"{scale:.6e}"[:8])
    assert mantissa in (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5)


@given(
    width=st.floats(1.0, 1e5), height=st.floats(1.0, 1e5),
    frame=st.tuples(st.floats(100, 2000), st.floats(100, 2000)),
)  # fmt: skip
def test_a_map_shows_all_it_must_at_a_round_scale(width, height, frame):
    page = a_page(bounds=(0.0, 0.0, width, height))
    view = viewport_of(page, QRectF(0, 0, *frame), PX_PER_MM)
    min_x, min_y, max_x, max_y = view.bounds
    assert min_x <= 0 <= width <= max_x
    assert min_y <= 0 <= height <= max_y
    assert view.scale == pytest.approx(round_scale(view.scale))
    assert view.scale >= fitting_scale(page.bounds, QRectF(0, 0, *frame), PX_PER_MM) * 0.999


def test_the_scale_asked_for_is_kept():
    sheet = placed(a_page(scale=5000.0), Layout(), PX_PER_MM)
    view = viewport_of(sheet.page, sheet.arrangement.map, PX_PER_MM)
    assert view.scale == pytest.approx(5000.0)


def test_lines_flow_in_order_and_a_heading_goes_with_what_it_heads():
    hand = Hand(2.6)
    lines = [Line(f"{i}", hand, heads=i % 5 == 0) for i in range(41)]
    with measuring(PX_PER_MM) as writer:
        setting = Setting(writer, 200.0)
        for height in (40.0, 90.0, 500.0):
            columns = flowed(setting, lines, height)
            assert [line for column in columns for line in column] == lines
            assert not any(column[-1].heads for column in columns[:-1])
        least = balanced(setting, lines, 3)
        assert len(flowed(setting, lines, least)) <= 3
        assert len(flowed(setting, lines, least * 0.9)) > 3


def test_counts_in_view_stand_beside_those_in_total_where_they_differ():
    whole = texts(placed(a_page(), Layout(), PX_PER_MM).arrangement.columns)
    assert "" not in whole
    away = (AREA.bounds[2] + 100_000, AREA.bounds[1], AREA.bounds[2] + 101_000, AREA.bounds[3])
    columns = placed(a_page(bounds=away), Layout(), PX_PER_MM).arrangement.columns
    lines = [line for column in columns for line in column.lines]
    assert lines[0].values == ("in view", "total")
    assert ("0", "1") in [line.values for line in lines]


def test_further_columns_begin_with_what_their_numbers_and_entries_belong_to():
    page = a_page(classes=60, bounds=(0, 0, 1000, 1000))
    columns = placed(page, Layout(), PX_PER_MM).arrangement.columns
    filled = [column.lines for column in columns if column.lines]
    assert len(filled) > 1
    for lines in filled:
        assert lines[0].values == ("in view", "total")
    assert all(lines[1].text.endswith(", continued") for lines in filled[1:])
    assert all(lines[2].entry is not None for lines in filled[1:])
    entries = [line.text for lines in filled for line in lines if line.entry is not None]
    assert len(entries) == len(set(entries))


@pytest.mark.parametrize(("size_mm", "drawn_mm"), [(0.4, LEAST_MM), (2.5, 2.5)])
def test_a_sample_is_as_large_as_on_the_map_but_never_a_speck(size_mm, drawn_mm):
    image = QImage(60, 60, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    symbol = Symbol(fill="#000000", size_mm=size_mm)
    paint_sample(painter, symbol, "point", (), QRectF(0, 0, 60, 60), 10.0)
    painter.end()
    dark = sum(image.pixelColor(x, 30).lightness() < 128 for x in range(60))
    assert dark == pytest.approx(drawn_mm * 10, abs=1.5)
