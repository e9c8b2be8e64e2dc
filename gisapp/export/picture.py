"""The map as a picture: sheets with legend, scale, sources, or the map alone; PNG, SVG or PDF."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from gisapp.core.errors import GisappError
from gisapp.core.progress import SILENT
from gisapp.core.words import _, number, speaking
from gisapp.export.pages import Leaf, numbered, safe_name, sheets, shown
from gisapp.export.paper import MM_PER_INCH, content_of, open_buffer, pdf
from gisapp.export.settings import DEFAULT, PictureSettings
from gisapp.export.svg import draw_svg
from gisapp.io.atomic import replacing
from gisapp.render.appendix import appendix, paint_appendix
from gisapp.render.application import drawing_application
from gisapp.render.basemap import under_of
from gisapp.render.furniture import paint_scale_bar
from gisapp.render.page import NO_TEXT, Page, fitting_scale, viewport_of
from gisapp.render.sheet import paint_sheet, paint_view
from gisapp.render.text import Writer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gisapp.core.progress import Progress
    from gisapp.io.tiles.source import TileSource
    from gisapp.privacy.release import Release
    from gisapp.render.basemap import Under

# Fine enough that rounding to the half pixel is finer than any printer.
_PAPER_DPI = 300
_PREVIEW_DPI = 120
# A3 at 600 dpi; an image of so many pixels takes 280 MB, and painting it as much again.
_MOST_PX = 72_000_000
_LONGEST_PX = 30_000  # Qt paints no further


def write_picture(
    release: Release,
    path: Path,
    lang: str,
    tiles: TileSource | None = None,
    settings: PictureSettings = DEFAULT,
    progress: Progress = SILENT,
) -> tuple[Path, ...]:
    """Write the release's visible layers as a picture; `path` ends in .png, .svg or .pdf.

    Parameters
    ----------
    tiles : TileSource, optional
        Of the release's basemap, opened by whoever knows what the user allowed.

    Returns
    -------
    tuple of Path
        The files written: `path`, or for an atlas of PNG or SVG one a page, named after `path`,
        the page's number and its area.

    Raises
    ------
    GisappError
        Where the release has nothing with a place, nothing is called as asked, the picture would
        be too large, the machine has no font, or `path` cannot be written.
    Cancelled
        Where `progress` says so; nothing is written then.
    """
    application = drawing_application()
    with speaking(lang):
        made = _Pictures(release, settings, path.suffix.lower(), tiles, progress).made()
        written = []
        with ExitStack() as files:
            for name, content in made:
                target = path.with_name(f"{path.stem}-{name}{path.suffix}") if name else path
                files.enter_context(replacing(target)).write_bytes(content)
                written.append(target)
    del application
    return tuple(written)


def preview(
    release: Release,
    lang: str,
    tiles: TileSource | None = None,
    settings: PictureSettings = DEFAULT,
    progress: Progress = SILENT,
    page: int = 0,
) -> tuple[QImage, int]:
    """Return a page as an image some thousand pixels wide, and how many pages there are.

    Parameters
    ----------
    page : int
        Counted from 0; the last where there are fewer.

    Raises
    ------
    GisappError, Cancelled
        As `write_picture` does, but for what concerns the file.
    """
    application = drawing_application()
    with speaking(lang):
        pictures = _Pictures(release, settings, ".png", tiles, progress)
        pictures.px_per_mm = _PREVIEW_DPI / MM_PER_INCH
        shown_page = pictures.page(page)
    del application
    return shown_page


class _Pictures:
    """Encodes the pages of one release; nothing outlives the call that makes it."""

    def __init__(
        self,
        release: Release,
        settings: PictureSettings,
        ending: str,
        tiles: TileSource | None,
        progress: Progress,
    ) -> None:
        self.release, self.settings, self.ending = release, settings, ending
        self.progress = progress
        self.under: Under = under_of(release.basemap, tiles, release.crs)
        dpi = settings.png_dpi if ending == ".png" else _PAPER_DPI
        self.px_per_mm = dpi / MM_PER_INCH

    def made(self) -> list[tuple[str, bytes]]:
        """Return names and contents of the files; the name of an only one is empty."""
        if self.settings.alone:
            return [("", self._alone())]
        width_mm, height_mm = self.settings.layout.sizes_mm()[0]
        self._check_size(round(width_mm * self.px_per_mm), round(height_mm * self.px_per_mm))
        leaves = sheets(self.release, self.settings, self.px_per_mm, self.progress)
        if self.ending == ".pdf":
            return [("", self._pdf(list(leaves)))]
        digits = max(len(str(len(leaves))), 2)
        files = []
        for n, leaf in enumerate(leaves, start=1):
            self.progress.step(n - 1, len(leaves), _("Painting page by page"))
            named = "-".join(filter(None, (f"{n:0{digits}}", safe_name(leaf.name))))
            files.append((named if len(leaves) > 1 else "", self._encoded(leaf)))
        return files

    def _encoded(self, leaf: Leaf) -> bytes:
        place = leaf.sheet.arrangement
        size = place.width_px, place.height_px
        return self._image(size, lambda painter: self._paint(painter, leaf))

    def _paint(self, painter: QPainter, leaf: Leaf) -> None:
        paint_sheet(painter, leaf.sheet, self.progress, self.under)

    def page(self, n: int) -> tuple[QImage, int]:
        """Return page `n`, or the last, and how many there are."""
        if self.settings.alone:
            return self._pixels(*self._drawing()), 1
        leaves = sheets(self.release, self.settings, self.px_per_mm, self.progress)
        leaf = leaves[min(n, len(leaves) - 1)]
        place = leaf.sheet.arrangement
        size = place.width_px, place.height_px
        return self._pixels(size, lambda painter: self._paint(painter, leaf)), len(leaves)

    # ------------------------------------------------------------------ the map alone

    def _alone(self) -> bytes:
        size, draw = self._drawing()
        if self.ending != ".pdf":
            return self._image(size, draw)
        buffer = open_buffer()
        width_mm, height_mm = (side / self.px_per_mm for side in size)
        device = pdf(buffer, self.release.title, self._told(), _PAPER_DPI, (width_mm, height_mm))
        _painted(QPainter(device), draw)
        return content_of(buffer)

    def _drawing(self) -> tuple[tuple[int, int], Callable[[QPainter], None]]:
        """Return the size of a picture of the map alone, in pixels, and what paints it."""
        size = self._asked_px() or self._paper_px()
        self._check_size(*size)
        bounds, _area = shown(self.release, self.settings)
        frame = QRectF(0, 0, *size)
        scale = self.settings.scale or fitting_scale(bounds, frame, self.px_per_mm)
        page = Page(self.release.layers, self.release.crs, NO_TEXT, bounds, scale)
        viewport = viewport_of(page, frame, self.px_per_mm)

        def draw(painter: QPainter) -> None:
            writer = Writer(painter, self.px_per_mm)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(frame, QColor("#ffffff"))
            painter.setClipRect(frame)
            paint_view(writer, page, viewport, self.progress, self.under)
            paint_scale_bar(writer, viewport)

        return size, draw

    def _asked_px(self) -> tuple[int, int] | None:
        """Return the size asked for in pixels of this device."""
        if self.settings.size_px is None:
            return None
        width, height = self.settings.size_px
        finer = self.px_per_mm * MM_PER_INCH / self.settings.png_dpi
        return round(width * finer), round(height * finer)

    def _paper_px(self) -> tuple[int, int]:
        """Return the size of the paper, lying where that shows the extent larger."""
        bounds, _area = shown(self.release, self.settings)
        sizes = [
            (round(width * self.px_per_mm), round(height * self.px_per_mm))
            for width, height in self.settings.layout.sizes_mm()
        ]
        return min(sizes, key=lambda px: fitting_scale(bounds, QRectF(0, 0, *px), self.px_per_mm))

    # ------------------------------------------------------------------ encoders

    def _image(self, size: tuple[int, int], draw: Callable[[QPainter], None]) -> bytes:
        if self.ending == ".svg":
            title, told = self.release.title, self._told()
            return draw_svg(*size, self.px_per_mm, draw, title, told).encode()
        image = self._pixels(size, draw)
        image.setText("Title", self.release.title)
        image.setText("Description", self._told())
        buffer = open_buffer()
        image.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub asks for bytes
        return content_of(buffer)

    def _pixels(self, size: tuple[int, int], draw: Callable[[QPainter], None]) -> QImage:
        image = QImage(*size, QImage.Format.Format_RGB32)
        if image.isNull():
            raise _too_large(*size)
        dots_per_metre = round(self.px_per_mm * 1000)
        image.setDotsPerMeterX(dots_per_metre)
        image.setDotsPerMeterY(dots_per_metre)
        _painted(QPainter(image), draw)
        return image

    def _pdf(self, leaves: list[Leaf]) -> bytes:
        """Paint all pages; what one of them could not hold follows on pages of its own."""
        cut = next((leaf.sheet for leaf in leaves if leaf.sheet.arrangement.cut), None)
        more = appendix(cut) if cut is not None else []
        if len(leaves) + len(more) > 1:
            leaves = list(numbered(leaves, len(more)))
        buffer = open_buffer()
        size = leaves[0].sheet.arrangement.size_mm
        device = pdf(buffer, self.release.title, self._told(), _PAPER_DPI, size)
        painter = QPainter(device)
        try:
            for done, leaf in enumerate(leaves):
                self.progress.step(done, len(leaves), _("Painting page by page"))
                if done:
                    device.turn(leaf.sheet.arrangement.size_mm)
                self._paint(painter, leaf)
            for done, page in enumerate(more, start=len(leaves) + 1):
                device.turn(size)
                paint_appendix(painter, page, f"{done} / {len(leaves) + len(more)}")
        finally:
            painter.end()  # Qt crashes where a device goes that is still painted on
        return content_of(buffer)

    def _told(self) -> str:
        """Return what whoever opens the file must know."""
        release = self.release
        notes = (release.recipient, release.risk_statement, release.notice)
        return " ".join(note for note in notes if note)

    def _check_size(self, width_px: int, height_px: int) -> None:
        if self.ending == ".png" and (
            width_px * height_px > _MOST_PX or max(width_px, height_px) > _LONGEST_PX
        ):
            raise _too_large(width_px, height_px)


def _painted(painter: QPainter, draw: Callable[[QPainter], None]) -> None:
    try:
        draw(painter)
    finally:
        painter.end()


def _too_large(width_px: int, height_px: int) -> GisappError:
    return GisappError(
        _("A picture of {width} × {height} pixels would take more memory than is sane.").format(
            width=number(width_px), height=number(height_px)
        ),
        _(
            "Ask for at most {most} million pixels, or for a PDF, which is sharp at any size."
        ).format(most=number(_MOST_PX / 1e6)),
    )
