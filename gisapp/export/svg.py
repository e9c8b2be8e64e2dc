"""Drawing to SVG with Qt, made fit for browsers."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFont, QPainter
from PySide6.QtSvg import QSvgGenerator

from gisapp.export.paper import MM_PER_INCH, content_of, open_buffer

# Widths were measured in the first that this machine has; the last is every browser's own.
_FAMILIES = "{own}, 'DejaVu Sans', Verdana, sans-serif"


def draw_svg(
    width_px: int,
    height_px: int,
    px_per_mm: float,
    draw: Callable[[QPainter], None],
    title: str,
    description: str,
) -> str:
    """Return what `draw` paints as an SVG document.

    Parameters
    ----------
    width_px, height_px : int
        The document's size.
    px_per_mm : float
        Resolution: what Qt scales its fonts by.
    draw : callable
        Paints with the painter it is given.
    title, description : str
        What a browser shows and reads out of the document; plain text.
    """
    buffer = open_buffer()
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)  # 1.2 Tiny cannot clip
    generator.setOutputDevice(buffer)
    generator.setResolution(round(px_per_mm * MM_PER_INCH))
    generator.setSize(QSize(width_px, height_px))
    generator.setViewBox(QRect(0, 0, width_px, height_px))
    generator.setTitle(title)
    generator.setDescription(description)
    painter = QPainter(generator)
    try:
        draw(painter)
    finally:
        painter.end()
    own = escape(QFont().family())
    families = f'font-family="{_FAMILIES.format(own=own)}"'
    return content_of(buffer).decode().replace(f'font-family="{own}"', families)
