"""Painting a sheet: head, map with its furniture, legend, foot. The same on PNG, SVG and PDF."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gisapp.core.progress import SILENT
from gisapp.render.columns import Line, Setting, paint_lines
from gisapp.render.dense import for_paper
from gisapp.render.focus import paint_focus, paint_locator
from gisapp.render.furniture import (
    paint_attribution,
    paint_coordinates,
    paint_grid,
    paint_north_arrow,
    paint_scale_bar,
)
from gisapp.render.graticule import grid_lines
from gisapp.render.layout import MARGIN_MM, Layout
from gisapp.render.legend import legend
from gisapp.render.legend_box import legend_lines, lines_in_view
from gisapp.render.page import (
    NO_TEXT,
    NOTE,
    Arrangement,
    Column,
    Page,
    arranged,
    bodies,
    refilled,
    viewport_of,
)
from gisapp.render.painter import paint_groups, paint_labels
from gisapp.render.scene import build_scene
from gisapp.render.text import HAIRLINE, Writer, measuring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gisapp.core.layer import Layer
    from gisapp.core.progress import Progress
    from gisapp.render.basemap import Under
    from gisapp.render.graticule import GridLine
    from gisapp.render.viewport import Bounds, Viewport


@dataclass(frozen=True)
class Placed:
    """A page and where its parts lie."""

    page: Page
    layout: Layout
    arrangement: Arrangement

    def numbered(self, folio: str) -> Placed:
        """Return the page with its number."""
        return replace(self, page=replace(self.page, folio=folio))


def placed(page: Page, layout: Layout, px_per_mm: float) -> Placed:
    """Place a page's parts on the sheet that shows its extent largest."""
    with measuring(px_per_mm) as writer:
        sizes = layout.sizes_mm()
        width_mm, height_mm = sizes[0]
        nominal = QRectF(0, 0, width_mm / 2 * px_per_mm, height_mm / 2 * px_per_mm)
        lines = _lines(page, viewport_of(page, nominal, px_per_mm))
        found = [arranged(writer, page, layout, lines, size) for size in sizes]
        best = min(found, key=lambda one: one.cost)
        lines = _lines(page, viewport_of(page, best.map, px_per_mm))
        return Placed(page, layout, refilled(writer, best, lines))


def paint_sheet(
    painter: QPainter, sheet: Placed, progress: Progress = SILENT, under: Under | None = None
) -> None:
    """Paint a whole sheet.

    Parameters
    ----------
    painter : QPainter
        At the upper left corner of the page.
    progress : Progress
        Told while the map is worked out and painted; may raise `Cancelled`.
    under : callable, optional
        Works out what lies below the layers.
    """
    page, place = sheet.page, sheet.arrangement
    writer = Writer(painter, place.px_per_mm)
    paint_surround(writer, place, page.folio)
    paint_columns(writer, place.columns, place.shrink)
    if place.locator is not None and page.focus is not None:
        paint_locator(writer, place.locator, page.areas, page.focus)
    # Last, because Qt does not undo its clip in SVG.
    paint_framed(writer, page, sheet.layout, place.map, progress, under)


def paint_surround(writer: Writer, place: Arrangement, folio: str) -> None:
    """Paint what stands on every page of a map: paper, head, foot and the page's number."""
    painter, mm = writer.painter, place.px_per_mm
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillRect(QRectF(0, 0, place.width_px, place.height_px), QColor("#ffffff"))
    paint_columns(writer, place.head, 1.0)
    paint_columns(writer, place.foot, 1.0, place.foot_lines)
    left, right = MARGIN_MM * mm, place.width_px - MARGIN_MM * mm
    if place.foot:
        y = min(column.box.top() for column in place.foot) - 1.5 * mm
        painter.setPen(QPen(QColor(HAIRLINE), 0.2 * mm))
        painter.drawLine(QPointF(left, y), QPointF(right, y))
    writer.write_line(folio, NOTE, right, place.height_px - (MARGIN_MM - 2.5) * mm)


def paint_map(
    writer: Writer, layers: Sequence[Layer], crs: str, bounds: Bounds, box: QRectF
) -> None:
    """Paint a map of `bounds` with its legend into `box`, for a page that has its own head."""
    page = Page(tuple(layers), crs, NO_TEXT, bounds)
    layout = Layout()
    nominal = viewport_of(page, box, writer.px_per_mm)
    ways = bodies(writer, page, layout, _lines(page, nominal), box)
    body = min(ways, key=lambda one: one.cost)
    paint_columns(writer, body.columns, body.shrink)
    paint_framed(writer, page, layout, body.map)


def paint_framed(
    writer: Writer,
    page: Page,
    layout: Layout,
    frame: QRectF,
    progress: Progress = SILENT,
    under: Under | None = None,
) -> None:
    """Paint a page's map into `frame`, with what it is read by."""
    painter = writer.painter
    viewport = viewport_of(page, frame, writer.px_per_mm)
    lines: tuple[GridLine, ...] = ()
    if layout.graticule != "none":
        lines = grid_lines(viewport, page.crs, layout.grid_unit)
        paint_coordinates(writer, frame, lines)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(HAIRLINE), 0.5 * writer.px_per_mm))
    painter.drawRect(frame)
    painter.save()
    painter.setClipRect(frame)
    painter.translate(frame.topLeft())
    paint_view(writer, page, viewport, progress, under, lines if layout.graticule == "grid" else ())
    paint_scale_bar(writer, viewport, scale=True)
    paint_north_arrow(writer, viewport)
    painter.restore()


def paint_view(
    writer: Writer,
    page: Page,
    viewport: Viewport,
    progress: Progress = SILENT,
    under: Under | None = None,
    grid: Sequence[GridLine] = (),
) -> None:
    """Paint what a viewport shows of a page's map, from the ground up to the names."""
    painter = writer.painter
    ground = under(viewport, progress) if under else None
    scene = for_paper(painter, build_scene(page.layers, viewport, progress), progress)
    if ground is not None:
        paint_groups(painter, ground.scene, progress)
    paint_groups(painter, scene, progress)
    paint_grid(painter, grid, viewport)
    paint_labels(painter, scene)
    if page.focus is not None:
        paint_focus(painter, page.focus, viewport)
    if ground is not None and ground.attribution:
        paint_attribution(writer, viewport, ground.attribution)


def paint_columns(writer: Writer, columns: Sequence[Column], shrink: float, most: int = 0) -> None:
    """Paint columns of lines, each into its box."""
    for column in columns:
        setting = Setting(writer, column.box.width(), shrink)
        setting = replace(setting, most=most) if most else setting
        paint_lines(setting, column.lines, column.box.left(), column.box.top())


def _lines(page: Page, viewport: Viewport) -> list[Line]:
    lines = legend_lines if page.whole_legend else lines_in_view
    return [*page.figures, *lines(legend(page.layers, viewport))]
