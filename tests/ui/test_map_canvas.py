from concurrent.futures import Future
from dataclasses import replace

import numpy as np
import pytest
import shapely
from helpers.window import AtOnce, assessed_project, jobs_at_once
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent

from gisapp.ui import theme
from gisapp.ui.jobs import Jobs
from gisapp.ui.map_canvas import MapCanvas
from gisapp.ui.map_picture import place_of


class Later(AtOnce):
    """Keeps the work until it is told to run it."""

    def __init__(self):
        self.waiting = []

    def submit(self, fn, /, *args, **kwargs):
        future = Future()
        self.waiting.append((future, lambda: fn(*args, **kwargs)))
        return future

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


def test_the_last_picture_lies_where_it_belongs_until_the_next_is_drawn(qtbot):
    later = Later()
    canvas = shown(qtbot, Jobs(later))
    canvas.show_layers(assessed_project().layers)
    qtbot.waitUntil(lambda: bool(later.waiting))
    later.run_next()
    picture = canvas._picture
    assert place_of(picture, canvas.viewport).getRect() == pytest.approx((0, 0, 600, 400))
    canvas.pan(30, -20)
    assert place_of(picture, canvas.viewport).getRect() == pytest.approx((30, -20, 600, 400))
    canvas.zoom(2, QPointF(0, 0))
    assert place_of(picture, canvas.viewport).getRect() == pytest.approx((60, -40, 1200, 800))
    assert canvas._picture is picture


def test_a_late_picture_of_other_layers_is_dropped(qtbot):
    later = Later()
    canvas = shown(qtbot, Jobs(later))
    project = assessed_project()
    canvas.show_layers(project.layers)
    qtbot.waitUntil(lambda: len(later.waiting) == 1)
    canvas.show_layers(project.layers[:1])
    qtbot.waitUntil(lambda: len(later.waiting) == 2)
    later.run_next()
    assert canvas._picture is None
    with qtbot.waitSignal(canvas.drawn):
        later.run_next()
    assert canvas.is_current


def test_a_picture_drawn_during_a_drag_is_shown_and_the_next_one_asked_for(qtbot):
    later = Later()
    canvas = shown(qtbot, Jobs(later))
    canvas.show_layers(assessed_project().layers)
    qtbot.waitUntil(lambda: len(later.waiting) == 1)
    canvas.pan(10, 0)
    later.run_next()
    assert canvas._picture is not None
    assert not canvas.is_current
    with qtbot.waitSignal(canvas.drawn):
        later.run_next()
    assert canvas.is_current


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
