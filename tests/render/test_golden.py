"""Pictures of everything a style can say, against those that were looked at and kept.

`GISAPP_GOLDEN=write python -m pytest -n 0 tests/render/test_golden.py` draws them anew; look at
them before keeping them. Texts are written in the font that comes with the program.
"""

import importlib.util
import os
from pathlib import Path

import numpy as np
import pytest
from helpers import golden
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QImage, QPainter

FOLDER = Path(__file__).parent / "golden"
PICTURES = {
    "markers": golden.markers,
    "icons": golden.icons(("market", "kiosk", "food_cart", "home", "school", "mosque", "bus")),
    "hatches": golden.hatches,
    "lines": golden.lines,
    "classes": golden.classes,
    "clusters": golden.clusters,
    "heat": golden.heat,
    "blends": golden.blends,
    "names": golden.names,
    "legend_sheet": golden.legend_sheet,
}
# Colours, of 255, are averaged over squares of two pixels before they are compared: another version
# of Qt moves edges by a share of a pixel. Another version of the font moves letters by a whole one.
SQUARE_PX, SQUARE_MAX = 2, 60
MEAN_MAX, SQUARES_OFF_MAX = 1.5, 0.006
WRITTEN = ("names", "legend_sheet")
WRITTEN_MEAN_MAX, WRITTEN_OFF_MAX = 4.0, 0.02


@pytest.fixture(autouse=True)
def _font(qapp):
    """Write with the packaged font, whatever this machine has."""
    package = importlib.util.find_spec("font_source_sans_pro")
    assert package is not None
    assert package.origin is not None
    before = QGuiApplication.font()
    for face in ("Regular", "Semibold", "Bold"):
        path = Path(package.origin).parent / "files" / f"SourceSansPro-{face}.ttf"
        assert QFontDatabase.addApplicationFont(str(path)) >= 0
    QGuiApplication.setFont(QFont("Source Sans Pro"))
    yield
    QGuiApplication.setFont(before)


def squares(image):
    """Return the mean colours of squares of pixels, (rows, columns, 3)."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows, columns = plain.height() // SQUARE_PX, plain.width() // SQUARE_PX
    flat = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), -1)
    rgb = flat[: rows * SQUARE_PX, : 3 * columns * SQUARE_PX].astype(float)
    return rgb.reshape(rows, SQUARE_PX, columns, SQUARE_PX, 3).mean(axis=(1, 3))


def difference(one, other):
    """Return the mean difference of colours, and the share of squares that are clearly others."""
    off = np.abs(squares(one) - squares(other)).max(axis=-1)
    return off.mean(), (off > SQUARE_MAX).mean()


def alike(drawn, name):
    mean, share = difference(drawn, QImage(str(FOLDER / f"{name}.png")))
    limits = (WRITTEN_MEAN_MAX, WRITTEN_OFF_MAX) if name in WRITTEN else (MEAN_MAX, SQUARES_OFF_MAX)
    return mean <= limits[0] and share <= limits[1]


@pytest.mark.parametrize("name", PICTURES)
def test_it_looks_as_it_was_kept(name, tmp_path):
    drawn = PICTURES[name]()
    path = FOLDER / f"{name}.png"
    if os.environ.get("GISAPP_GOLDEN") == "write":
        FOLDER.mkdir(exist_ok=True)
        assert drawn.save(str(path))
    assert path.stat().st_size < 40_000
    assert drawn.size() == QImage(str(path)).size()
    drawn.save(str(tmp_path / "drawn.png"))
    assert alike(drawn, name), f"{difference(drawn, QImage(str(path)))}: {tmp_path / 'drawn.png'}"


@pytest.mark.parametrize(
    ("name", "of", "without"),
    [
        ("hatches", "HATCHES", ("", "diagonal", "back", "cross", "")),
        ("lines", "DASHES", ((), (2.0, 1.0), (), (3.0, 1.0, 0.5, 1.0))),
        ("markers", "SHAPES", ("circle", "square", "triangle", "square", "star", "cross")),
    ],
)
def test_what_is_missing_is_seen(monkeypatch, name, of, without):
    assert alike(PICTURES[name](), name)
    monkeypatch.setattr(golden, of, without)
    assert not alike(PICTURES[name](), name)


def test_a_text_that_is_missing_is_seen(monkeypatch):
    monkeypatch.setattr(QPainter, "drawText", lambda *_what: None)
    monkeypatch.setattr(QPainter, "strokePath", lambda *_what: None)
    assert not alike(golden.names(), "names")
    assert not alike(golden.legend_sheet(), "legend_sheet")
