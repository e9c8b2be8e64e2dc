"""The same extent and style give the same picture in the window and on paper."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from helpers.releases import assessed_town
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtPdf import QPdfDocument

from gisapp.core.basemap import Basemap
from gisapp.export.picture import write_picture
from gisapp.export.settings import PictureSettings
from gisapp.privacy.redact import redact
from gisapp.render.picture import draw_ground, draw_names
from gisapp.render.viewport import SCREEN_PX_PER_MM, Viewport

WIDTH, HEIGHT = 760, 420
VIEW = Viewport(500.0, 240.0, 1.5, WIDTH, HEIGHT, SCREEN_PX_PER_MM)
# Share of pixels that have none like them on the other within a pixel.
MOST = 0.0017
# Where the scale bar stands, which the window paints in its own way.
BAR = (slice(HEIGHT - 60, HEIGHT), slice(0, 260))


@pytest.fixture(scope="module", autouse=True)
def _application(qapp: QGuiApplication) -> None:
    """One for all."""


@pytest.fixture(scope="module")
def release():
    town = replace(assessed_town(), basemap=Basemap("none"))
    return redact(town, "internal")


def on_screen(layers) -> QImage:
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.drawImage(0, 0, draw_ground(layers, VIEW))
    painter.drawImage(0, 0, draw_names(layers, VIEW))
    painter.end()
    return image


def on_paper(release, path: Path) -> QImage:
    center = (VIEW.center_x, VIEW.center_y)
    settings = PictureSettings(
        alone=True, size_px=(WIDTH, HEIGHT), dpi=96, scale=VIEW.scale, bounds=(*center, *center)
    )
    write_picture(release, path, "en", settings=settings)
    document = QPdfDocument()
    document.load(str(path))
    image = document.render(0, QSize(WIDTH, HEIGHT))
    document.close()
    paper = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    paper.fill(Qt.GlobalColor.white)
    painter = QPainter(paper)
    painter.drawImage(0, 0, image)
    painter.end()
    return paper


def pixels(image: QImage) -> np.ndarray:
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)[..., :3]
    rows = rows.astype(float)
    rows[BAR] = 255.0
    return rows


def far_apart(one: np.ndarray, other: np.ndarray, reach_px: int = 1) -> np.ndarray:
    """Say of each pixel of `one` whether none like it lies within `reach_px` in `other`."""
    least = np.full(one.shape[:2], np.inf)
    for dy in range(-reach_px, reach_px + 1):
        for dx in range(-reach_px, reach_px + 1):
            moved = np.roll(other, (dy, dx), axis=(0, 1))
            least = np.minimum(least, np.abs(one - moved).max(axis=2))
    return least > 70


def differing(screen: QImage, paper: QImage) -> float:
    one, other = pixels(screen), pixels(paper)
    return float(max(far_apart(one, other).mean(), far_apart(other, one).mean()))


@pytest.fixture(scope="module")
def paper(release, tmp_path_factory) -> QImage:
    return on_paper(release, tmp_path_factory.mktemp("paper") / "map.pdf")


def test_the_window_and_a_pdf_show_the_same(release, paper):
    assert differing(on_screen(release.layers), paper) < MOST


@pytest.mark.parametrize("larger", [0.75, 1.25])
def test_symbols_of_another_size_would_be_noticed(release, paper, larger):
    def resized(layer):
        rules = tuple(
            replace(rule, symbol=replace(rule.symbol, size_mm=rule.symbol.size_mm * larger))
            for rule in layer.style.rules
        )
        return replace(layer, style=replace(layer.style, rules=rules))

    screen = on_screen(tuple(resized(layer) for layer in release.layers))
    assert differing(screen, paper) > MOST


def test_names_stand_at_the_same_places(release, paper):
    names = draw_names(release.layers, VIEW).convertToFormat(QImage.Format.Format_ARGB32)
    alpha = np.frombuffer(names.constBits(), np.uint8).reshape(HEIGHT, WIDTH, 4)[..., 3]
    written = np.argwhere(alpha > 0)
    (top, left), (bottom, right) = written.min(axis=0), written.max(axis=0) + 1
    box = (slice(top, bottom), slice(left, right))
    screen = pixels(on_screen(release.layers))
    assert far_apart(screen, pixels(paper))[box].mean() < 0.01
    moved = np.roll(pixels(paper), (4, 4), axis=(0, 1))
    assert far_apart(screen, moved)[box].mean() > 0.01
