"""What the exports that Qt draws share: a buffer to write to, an A4 page as PDF."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter

MM_PER_INCH = 25.4


def open_buffer() -> QBuffer:
    """Return a buffer in memory, open for writing."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def content_of(buffer: QBuffer) -> bytes:
    """Return what was written to a buffer."""
    return bytes(buffer.data().data())


def a4_pdf(buffer: QBuffer, title: str, dpi: int, *, upright: bool = True) -> QPdfWriter:
    """Return a PDF of A4 pages without margins, written to `buffer`."""
    writer = QPdfWriter(buffer)
    writer.setResolution(dpi)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    orientation = QPageLayout.Orientation
    writer.setPageOrientation(orientation.Portrait if upright else orientation.Landscape)
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(title)
    writer.setCreator("gisapp")
    return writer
