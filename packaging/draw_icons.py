"""Draw the icon in the sizes and formats that each system wants: ``draw_icons.py FOLDER``."""

import sys
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

DRAWING = Path(__file__).parents[1] / "gisapp/ui/icons/gisapp.svg"
SIZES_PX = (16, 24, 32, 48, 64, 128, 256, 512)
WINDOWS_PX = 256


def drawn(size_px: int) -> QImage:
    """Draw the icon on nothing, `size_px` wide and high."""
    image = QImage(size_px, size_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(DRAWING.read_bytes())).render(painter)
    painter.end()
    return image


def main(folder: Path) -> None:
    """Write ``gisapp-N.png`` for each size, and ``gisapp.ico`` for Windows."""
    folder.mkdir(parents=True, exist_ok=True)
    images = {f"gisapp-{size_px}.png": drawn(size_px) for size_px in SIZES_PX}
    images["gisapp.ico"] = drawn(WINDOWS_PX)
    for name, image in images.items():
        if not image.save(str(folder / name)):
            raise SystemExit(f"{folder / name} cannot be written")


if __name__ == "__main__":
    app = QGuiApplication([*sys.argv[:1], "-platform", "offscreen"])
    main(Path(sys.argv[1]))
