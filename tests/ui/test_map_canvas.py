from concurrent.futures import Future
from dataclasses import replace

import numpy as np
import pytest
import shapely
from helpers.maps import a_city, a_layer, a_rule, a_style
from helpers.window import AtOnce, assessed_project, jobs_at_once
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from gisapp.core.progress import SILENT
from gisapp.core.project import MapView
from gisapp.core.style import Symbol
from gisapp.render.picture import draw_ground
from gisapp.render.viewport import SCREEN_PX_PER_MM, Viewport
from gisapp.ui import map_drawing, theme
from gisapp.ui.jobs import Jobs
from gisapp.ui.map_canvas import MapCanvas
from gisapp.ui.map_frames import Shown, Wanted, next_work, place_of
from gisapp.ui.map_marks import _drawn
from gisapp.ui.map_picture import Picture, draw, rect_of


class Later(AtOnce):
    """Keeps the work until it is told to run it."""

    def __init__(self):
        self.waiting = []

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        self.waiting.append((future, lambda: fn(*args, **kwargs)))
        return future

    def run_all(self):
        while self.waiting:
            self.run_next()

    def run_until(self, qtbot, holds):
        """Run what is submitted, now and later, until something holds."""

        def works_on():
            self.run_all()
            return holds()

        qtbot.waitUntil(works_on)

    def run_next(self):
        future, work = self.waiting.pop(0)
        if future.set_running_or_notify_cancel():
            work()


def shown(qtbot, jobs):
    canvas = MapCanvas(jobs)
    qtbot.addWidget(canvas)
    canvas.resize(600, 400)
    canvas.show()
    qtbot.waitExposed(canvas)
    return canvas


@pytest.fixture
def canvas(qtbot):
    made = shown(qtbot, jobs_at_once())
    with qtbot.waitSignal(made.drawn):
        made.show_layers(assessed_project().layers)
    return made


def wheel(canvas, at, notches):
    event = QWheelEvent(
        QPointF(at), canvas.mapToGlobal(QPointF(at)), QPoint(), QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    canvas.wheelEvent(event)


def map_at(canvas, at):
    return canvas.viewport.to_map(np.array([[at.x(), at.y()]]))[0]


def test_the_first_layers_are_shown_whole(canvas):
    west, south, east, north = canvas.viewport.bounds
    assert west < 0 < 300 < east
    assert south < 0 < 300 < north
    assert canvas.is_current


def test_the_wheel_zooms_at_the_pointer(qtbot, canvas):
    at = QPoint(150, 90)
    before, scale = map_at(canvas, at), canvas.viewport.metres_per_px
    with qtbot.waitSignal(canvas.drawn):
        wheel(canvas, at, 2)
    assert canvas.viewport.metres_per_px < scale
    assert map_at(canvas, at) == pytest.approx(before)


def test_a_drag_moves_the_map_with_the_pointer(qtbot, canvas):
    before = map_at(canvas, QPoint(200, 200))
    asked = []
    canvas.asked.connect(lambda x, y: asked.append((x, y)))
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    qtbot.mouseMove(canvas, QPoint(260, 230))
    qtbot.mouseMove(canvas, QPoint(280, 150))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(280, 150))
    assert map_at(canvas, QPoint(280, 150)) == pytest.approx(before)
    assert asked == []
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(33, 44))
    assert asked == [(33, 44)]


def test_keys_do_what_the_mouse_does(qtbot, canvas):
    whole = canvas.viewport
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.viewport.center_x > whole.center_x
    qtbot.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.viewport.metres_per_px < whole.metres_per_px
    qtbot.keyClick(canvas, Qt.Key.Key_Home)
    assert canvas.viewport == whole
    with qtbot.waitSignal(canvas.asked) as asked:
        qtbot.keyClick(canvas, Qt.Key.Key_Return)
    assert asked.args == [300, 200]


def test_a_fitted_extent_stays_whole_on_a_resize_and_a_moved_map_keeps_its_centre(canvas):
    canvas.resize(300, 500)
    west, _south, east, _north = canvas.viewport.bounds
    assert west < 0 < 300 < east
    canvas.pan(40, 0)
    center, scale = canvas.viewport.center_x, canvas.viewport.metres_per_px
    canvas.resize(500, 300)
    assert (canvas.viewport.center_x, canvas.viewport.metres_per_px) == (center, scale)
    assert (canvas.viewport.width_px, canvas.viewport.height_px) == (500, 300)


def measured(qtbot, later):
    """Let the worker find the extent, so that the first frame waits for it."""
    later.run_next()
    qtbot.waitUntil(lambda: len(later.waiting) == 1)


def ground_of(canvas):
    return canvas._drawing._ground


def test_the_last_picture_lies_where_it_belongs_until_the_next_is_drawn(qtbot):
    later = Later()
    canvas = shown(qtbot, Jobs(later))
    canvas.show_layers(assessed_project().layers)
    measured(qtbot, later)
    later.run_next()
    was = ground_of(canvas).viewport
    assert rect_of(was, canvas.viewport).getRect() == pytest.approx((0, 0, 600, 400))
    canvas.pan(30, -20)
    assert rect_of(was, canvas.viewport).getRect() == pytest.approx((30, -20, 600, 400))
    canvas.zoom(2, QPointF(0, 0))
    assert rect_of(was, canvas.viewport).getRect() == pytest.approx((60, -40, 1200, 800))
    assert ground_of(canvas).viewport is was


def test_a_coarse_frame_comes_first_and_the_full_one_after_it(qtbot):
    later = Later()
    canvas = shown(qtbot, Jobs(later))
    canvas.show_layers(assessed_project().layers)
    measured(qtbot, later)
    later.run_next()
    assert ground_of(canvas).viewport == canvas.viewport
    assert not canvas.is_current
    later.run_next()
    assert not canvas.is_current  # it has no names yet
    with qtbot.waitSignal(canvas.drawn):
        later.run_next()
    assert canvas.is_current
    assert later.waiting == []


def test_a_late_picture_of_other_layers_is_dropped(qtbot):
    later = Later()
    canvas = shown(qtbot, Jobs(later))
    project = assessed_project()
    canvas.show_layers(project.layers)
    measured(qtbot, later)
    canvas.show_layers(project.layers[:1])
    qtbot.waitUntil(lambda: len(later.waiting) == 2)
    later.run_next()
    assert ground_of(canvas) is None
    with qtbot.waitSignal(canvas.drawn):
        later.run_all()
    assert canvas.is_current


def test_a_full_frame_of_another_scale_is_stopped_on_its_way(qtbot):
    later = Later()
    canvas = shown(qtbot, Jobs(later))
    canvas.show_layers(assessed_project().layers)
    measured(qtbot, later)
    later.run_next()
    (full, _draw) = later.waiting[0]
    canvas.zoom_in()
    assert full.cancelled()
    with qtbot.waitSignal(canvas.drawn):
        later.run_until(qtbot, lambda: canvas.is_current)


def test_a_picture_drawn_during_a_drag_is_shown_and_completed(qtbot):
    later = Later()
    canvas = shown(qtbot, Jobs(later))
    canvas.show_layers(assessed_project().layers)
    measured(qtbot, later)
    later.run_next()
    canvas.pan(10, 0)
    later.run_next()
    assert ground_of(canvas).viewport == canvas.viewport.panned(-10, 0)
    assert not canvas.is_current
    later.run_until(qtbot, lambda: canvas.is_current)
    assert canvas.is_current


def test_a_view_that_is_asked_for_goes_before_the_extent_under_way(qtbot):
    later = Later()
    canvas = shown(qtbot, Jobs(later))
    canvas.show_layers(assessed_project().layers)
    canvas.look_at(MapView(7.0, 8.0, 1.0))
    later.run_all()
    assert canvas.viewport.center_x == 7.0


def test_a_drawing_that_fails_is_told_once_and_the_next_one_goes_on(qtbot, canvas, monkeypatch):
    def fail(*_asked):
        raise ValueError("no ink")

    told = []
    canvas._jobs.failed.connect(told.append)
    with monkeypatch.context() as broken:
        broken.setattr(map_drawing, "draw", fail)
        with qtbot.waitSignal(canvas._jobs.failed):
            canvas.pan(10, 0)
        qtbot.wait(2 * map_drawing.REST_MS)
    assert [str(error) for error in told] == ["no ink"]
    with qtbot.waitSignal(canvas.drawn):
        canvas.pan(10, 0)


def test_a_forgotten_map_leaves_no_picture_even_where_one_is_under_way(qtbot):
    later = Later()
    canvas = shown(qtbot, Jobs(later))
    canvas.show_layers(assessed_project().layers)
    measured(qtbot, later)
    canvas.forget_view()
    canvas.show_layers(())
    later.run_all()
    assert canvas._drawing.pictures == ()
    assert not canvas.is_current
    assert later.waiting == []


WAYS = [(37, -23), (-37, 23), (120, 0), (0, -90), (-1, 1), (599, 399)]


@pytest.mark.parametrize("ratio", [1, 1.25, 2])
def test_moved_pictures_with_strips_are_those_that_would_be_drawn_whole(ratio):
    layers = (*a_city(2_000, 120), HATCHED)
    view = Viewport.fitting((706e3, 9_297e3, 708e3, 9_300e3), 600, 400, SCREEN_PX_PER_MM * ratio)
    for way in WAYS:
        now = view.panned(*way)
        work = next_work(Wanted(layers, now), Shown(ground=Wanted(layers, view)), 0)
        assert work.kind == "strips"
        ground = Picture(draw_ground(layers, view), view)
        moved = draw(work, ground, None, SILENT).ground.image
        anew = draw_ground(layers, now)
        # Qt rounds coverage along the edge of an image a little differently.
        assert differing(moved, anew, by=5) == 0


HATCHED = a_layer(
    [shapely.box(706_300, 9_297_300, 707_600, 9_299_400)],
    a_style(a_rule("all", Symbol("#d62728", 0.3, hatch="cross", stroke="#d62728", stroke_mm=0.5))),
    "hatched",
)


def differing(one, other, by=0):
    """The number of pixels that differ by more than `by` of 255 in any channel."""
    pixels = [
        np.frombuffer(x.constBits(), np.uint8).reshape(x.height(), x.width(), 4).astype(int)
        for x in (one, other)
    ]
    return np.count_nonzero(np.abs(pixels[0] - pixels[1]).max(axis=2) > by)


class Tiles(QObject):
    """A basemap of one colour that counts how often it is drawn."""

    changed = Signal()
    attribution = "© Somebody"

    def __init__(self, colour):
        super().__init__()
        self.colour, self.asked = colour, []

    def picture(self, viewport):
        self.asked.append(viewport)
        image = QImage(viewport.width_px, viewport.height_px, QImage.Format.Format_RGB32)
        image.fill(QColor(self.colour))
        return image


def test_a_basemap_lies_below_and_is_drawn_anew_when_it_changes(qtbot, canvas):
    tiles = Tiles("#123456")
    ground = ground_of(canvas)
    with qtbot.waitSignal(canvas.drawn):
        canvas.lay_under(tiles)
    assert canvas.grab().toImage().pixelColor(5, 5).name() == "#123456"
    tiles.colour = "#654321"
    with qtbot.waitSignal(canvas.drawn):
        tiles.changed.emit()
    assert canvas.grab().toImage().pixelColor(5, 5).name() == "#654321"
    assert ground_of(canvas) is ground  # tiles that arrive late touch nothing else
    with qtbot.waitSignal(canvas.drawn):
        canvas.pan(20, 0)
    assert tiles.asked[-1] == canvas.viewport
    canvas.lay_under(None)
    assert canvas.grab().toImage().pixelColor(5, 5).name() == "#ffffff"


def test_a_drag_on_a_dense_screen_keeps_to_whole_pixels(qtbot, canvas, monkeypatch):
    monkeypatch.setattr(canvas, "devicePixelRatioF", lambda: 1.25)
    start = canvas.viewport
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    for x in range(215, 264, 3):
        qtbot.mouseMove(canvas, QPoint(x, 200))
        assert place_of(start, canvas.viewport) is not None
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(263, 200))
    moved = (start.center_x - canvas.viewport.center_x) / start.metres_per_px
    assert moved == pytest.approx(63 * 1.25, abs=1)


def test_a_screen_of_another_density_keeps_the_scale(canvas, monkeypatch):
    canvas.pan(40, 0)
    before = canvas.viewport
    monkeypatch.setattr(canvas, "devicePixelRatioF", lambda: 2.0)
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.DevicePixelRatioChange))
    assert canvas.viewport.scale == pytest.approx(before.scale)
    assert canvas.viewport.px_per_mm == pytest.approx(2 * before.px_per_mm)
    assert canvas.viewport.width_px == 1200
    assert canvas.viewport.center_x == before.center_x


def test_marks_are_painted_over_the_map(canvas):
    at = shapely.Point(150, 150)
    plain = canvas.grab().toImage()
    canvas.mark([at, shapely.box(20, 20, 80, 80)])
    marked = canvas.grab().toImage()
    colours = {
        marked.pixelColor(x, y).name()
        for x in range(marked.width())
        for y in range(marked.height())
        if marked.pixel(x, y) != plain.pixel(x, y)
    }
    assert QColor(theme.HIGHLIGHT).name() in colours
    canvas.zoom_to_marks()
    west, south, east, north = canvas.viewport.bounds
    assert west < 20 < 150 < east
    assert south < 20 < 150 < north


def test_a_marked_district_is_outlined_without_its_parts_out_of_view(qtbot, canvas):
    turn = np.linspace(0, 2 * np.pi, 200_001)
    ring = 1_000 * np.column_stack([np.cos(turn), np.sin(turn)]) + (150, 150)
    district = shapely.Polygon(ring, [shapely.box(140, 140, 160, 160).exterior.coords])
    plain = canvas.grab().toImage()
    canvas.mark([district])
    assert 10 < differing(plain, canvas.grab().toImage()) < 2_000  # the hole alone
    canvas.zoom_to_marks()
    assert sum(len(x) for x in _drawn(canvas._marks._outlines, canvas.viewport)) < 5_000


def test_hidden_layers_do_not_count_for_the_whole(canvas):
    project = assessed_project()
    far = replace(project.layer("zoning"), name="far", visible=False)
    far = replace(far, frame=far.frame.set_geometry(far.frame.geometry.translate(1e6)))
    canvas.show_layers((*project.layers, far))
    canvas.zoom_all()
    assert canvas.viewport.bounds[2] < 1000


def test_the_map_says_how_it_is_used(canvas):
    assert canvas.accessibleName() == "Map"
    assert "Arrow keys" in canvas.accessibleDescription()
