"""The map as a picture: one sheet with legend, scale, sources, as PNG, SVG or PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QImage, QPainter

from gisapp.core.errors import GisappError
from gisapp.core.words import _, speaking
from gisapp.export.paper import MM_PER_INCH, a4_pdf, content_of, open_buffer
from gisapp.export.report_parts import subtitle
from gisapp.export.svg import draw_svg
from gisapp.io.atomic import replacing
from gisapp.render.application import drawing_application
from gisapp.render.basemap import under_of
from gisapp.render.geometry import total_bounds
from gisapp.render.layout import Sheet, SheetText, a4, paint_sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gisapp.io.tiles.source import TileSource
    from gisapp.privacy.release import Release
    from gisapp.render.basemap import Under

_PNG_DPI = 200
# Fine enough that rounding to the half pixel is finer than any printer.
_PAPER_DPI = 300


def write_picture(release: Release, path: Path, lang: str, tiles: TileSource | None = None) -> None:
    """Write the release's visible layers as a sheet; `path` ends in .png, .svg or .pdf.

    Parameters
    ----------
    tiles : TileSource, optional
        Of the release's basemap, opened by whoever knows what the user allowed.

    Raises
    ------
    GisappError
        Where the release has nothing with a place, the machine has no font, or `path` cannot be
        written.
    """
    application = drawing_application()
    with speaking(lang):
        if total_bounds([layer.frame for layer in release.layers if layer.visible]) is None:
            raise GisappError(
                _("There is nothing to draw: no visible layer holds a feature with a place."),
                _("Import a layer, or make one visible, and export again."),
            )
        under = under_of(release.basemap, tiles, release.crs)
        content = _ENCODERS[path.suffix.lower()](release, under)
        with replacing(path) as fresh:
            fresh.write_bytes(content)
    del application


def sheet_text(release: Release) -> SheetText:
    """Return what the sheet says besides the map, in the language in force."""
    sources = sorted({x.report.source for x in release.layers if x.report and x.report.source})
    told = _("Sources: {names}.").format(names=", ".join(sources)) if sources else ""
    return SheetText(
        release.title or _("Map"),
        subtitle(release),
        (release.notice, told, release.risk_statement),
    )


def _png(release: Release, under: Under) -> bytes:
    sheet = a4(release.layers, _PNG_DPI / MM_PER_INCH)
    image = QImage(sheet.width_px, sheet.height_px, QImage.Format.Format_RGB32)
    dots_per_metre = round(sheet.px_per_mm * 1000)
    image.setDotsPerMeterX(dots_per_metre)
    image.setDotsPerMeterY(dots_per_metre)
    painter = QPainter(image)
    _paint(painter, sheet, release, under)
    image.setText("Title", release.title)
    image.setText("Description", release.risk_statement)
    buffer = open_buffer()
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub asks for bytes
    return content_of(buffer)


def _svg(release: Release, under: Under) -> bytes:
    sheet = a4(release.layers, _PAPER_DPI / MM_PER_INCH)
    return draw_svg(
        sheet.width_px,
        sheet.height_px,
        sheet.px_per_mm,
        lambda painter: _paint_sheet(painter, sheet, release, under),
        release.title,
        release.risk_statement,
    ).encode()


def _pdf(release: Release, under: Under) -> bytes:
    sheet = a4(release.layers, _PAPER_DPI / MM_PER_INCH)
    buffer = open_buffer()
    upright = sheet.height_px >= sheet.width_px
    writer = a4_pdf(buffer, release.title, _PAPER_DPI, upright=upright)
    _paint(QPainter(writer), sheet, release, under)
    return content_of(buffer)


_ENCODERS: dict[str, Callable[[Release, Under], bytes]] = {".png": _png, ".svg": _svg, ".pdf": _pdf}


def _paint(painter: QPainter, sheet: Sheet, release: Release, under: Under) -> None:
    try:
        _paint_sheet(painter, sheet, release, under)
    finally:
        painter.end()


def _paint_sheet(painter: QPainter, sheet: Sheet, release: Release, under: Under) -> None:
    paint_sheet(painter, sheet, release.layers, sheet_text(release), under=under)
