"""Dense points on paper: an image in the midst of vectors."""

import numpy as np
import pytest
import shapely
from helpers.maps import a_city, a_layer
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPdfWriter

from gisapp.render import dense
from gisapp.render.batches import ImageBatch, PointBatch
from gisapp.render.scene import build_scene
from gisapp.render.viewport import Viewport

VIEW = Viewport(707_000.0, 9_299_500.0, 6.0, 700, 1500, 11.8)


@pytest.fixture(scope="module", autouse=True)
def _application(qapp: QGuiApplication) -> None:
    """One for all."""


@pytest.fixture
def pdf():
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    painter = QPainter(writer)
    yield painter
    painter.end()


def kinds(scene):
    return [{type(batch) for batch in group.batches} for group in scene.groups]


def test_few_marks_stay_vectors(pdf):
    scene = build_scene(a_city(500, 10), VIEW)
    assert dense.for_paper(pdf, scene) is not None
    assert kinds(dense.for_paper(pdf, scene)) == kinds(scene)


def test_of_many_the_layer_becomes_an_image_and_the_others_stay(pdf, monkeypatch):
    monkeypatch.setattr(dense, "MOST_MARKS", 400)
    roads = a_layer([shapely.LineString([(705_000, 9_296_000), (708_000, 9_303_000)])])
    scene = build_scene([*a_city(500, 10), roads], VIEW)
    made = dense.for_paper(pdf, scene)
    dense_group = next(i for i, group in enumerate(scene.groups) if group.name == "businesses"
                       and any(isinstance(b, PointBatch) for b in group.batches))  # fmt: skip
    assert kinds(made)[dense_group] == {ImageBatch}
    others = [k for i, k in enumerate(kinds(made)) if i != dense_group]
    assert others == [k for i, k in enumerate(kinds(scene)) if i != dense_group]


def test_the_image_shows_the_marks_where_they_were(pdf, monkeypatch):
    monkeypatch.setattr(dense, "MOST_MARKS", 2)
    layer = a_layer([shapely.Point(706_000 + 200 * i, 9_299_500) for i in range(5)])
    scene = build_scene([layer], VIEW)
    (batch,) = next(g for g in dense.for_paper(pdf, scene).groups if g.batches).batches
    inked = batch.rgba[..., 3] > 0
    for x, y in scene.batches[0].xy:
        assert inked[int(y), int(x)]
    assert inked.mean() < 0.01
    assert np.array_equal(batch.corners[2], [700, 1500])


def test_on_pixels_nothing_changes(monkeypatch):
    monkeypatch.setattr(dense, "MOST_MARKS", 1)
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    scene = build_scene(a_city(50, 1), VIEW)
    assert dense.for_paper(painter, scene) is scene
    painter.end()
