"""From a release to the pages of its map: one sheet, one area's, or an atlas with an overview."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from gisapp.core.errors import GisappError
from gisapp.core.style import Labels, Rule, Style, Symbol
from gisapp.core.words import _, number
from gisapp.export.extent import (
    area_called,
    areas_of,
    everything,
    in_metres,
    layer_of_areas,
    refuse_empty,
)
from gisapp.export.figures import figures_of, index_of
from gisapp.export.sheet_text import sheet_text
from gisapp.render.layout import round_scale
from gisapp.render.page import Page, fitting_scale
from gisapp.render.sheet import Placed, placed

if TYPE_CHECKING:
    from gisapp.core.layer import Layer
    from gisapp.core.progress import Progress
    from gisapp.export.extent import Area
    from gisapp.export.settings import Bounds, PictureSettings
    from gisapp.privacy.release import Release

_ADMIN = "admin"
_LONGEST_NAME = 40
_PAGE = "page"
_BORDER = "#1f2933"


@dataclass(frozen=True)
class Leaf:
    """A placed page and what its file is called after, beside the number."""

    sheet: Placed
    name: str = ""


def sheets(
    release: Release, settings: PictureSettings, px_per_mm: float, progress: Progress
) -> tuple[Leaf, ...]:
    """Return the placed pages of a picture.

    Raises
    ------
    GisappError
        Where there is nothing to draw, no such area or layer of areas, or the scale asked for
        leaves out part of what is to be shown.
    Cancelled
        Where `progress` says so.
    """
    everything(release)
    pages = _atlas(release, settings) if settings.atlas and not settings.area else None
    if pages is None:
        pages = [(_single(release, settings), "")]
    leaves = []
    for done, (page, name) in enumerate(pages):
        progress.step(done, len(pages), _("Placing page by page"))
        leaf = Leaf(placed(page, settings.layout, px_per_mm), name)
        _check_scale(page, leaf.sheet, settings)
        leaves.append(leaf)
    return numbered(leaves) if len(leaves) > 1 else tuple(leaves)


def numbered(leaves: list[Leaf], more: int = 0) -> tuple[Leaf, ...]:
    """Write each page's number and how many there are, `more` of them after these."""
    total = len(leaves) + more
    return tuple(
        replace(leaf, sheet=leaf.sheet.numbered(folio(i, total)))
        for i, leaf in enumerate(leaves, start=1)
    )


def folio(page: int, total: int) -> str:
    """Write a page's number."""
    return f"{number(page)} / {number(total)}"


def safe_name(text: str) -> str:
    """Return what of a text may stand in a file's name: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_NAME].strip("-")


def shown(release: Release, settings: PictureSettings) -> tuple[Bounds, Area | None]:
    """Return the extent of a single picture, and the area that it is of."""
    if settings.area:
        layer = layer_of_areas(release, settings.atlas or _ADMIN)
        area = area_called(areas_of(layer), settings.area)
        return area.bounds, area
    if settings.bounds is not None:
        bounds = in_metres(settings.bounds, release.crs)
        refuse_empty(release, bounds)
        return bounds, None
    return everything(release), None


def _single(release: Release, settings: PictureSettings) -> Page:
    bounds, area = shown(release, settings)
    paper = settings.layout.paper
    if area is None:
        text = sheet_text(release, bounds, paper)
        return Page(release.layers, release.crs, text, bounds, settings.scale)
    layer = layer_of_areas(release, settings.atlas or _ADMIN)
    return _area_page(release, settings, layer, area, areas_of(layer))


def _area_page(
    release: Release, settings: PictureSettings, layer: Layer, area: Area, areas: list[Area]
) -> Page:
    return Page(
        release.layers,
        release.crs,
        sheet_text(release, area.bounds, settings.layout.paper, area.name),
        area.bounds,
        settings.scale,
        figures=figures_of(release, layer, area),
        focus=area.shape,
        areas=tuple(one.shape for one in areas) if len(areas) > 1 else (),
        whole_legend=False,
    )


def _atlas(release: Release, settings: PictureSettings) -> list[tuple[Page, str]]:
    layer = layer_of_areas(release, settings.atlas)
    areas = areas_of(layer)
    first = (_overview(release, settings, layer, areas), _("overview"))
    rest = [(_area_page(release, settings, layer, area, areas), area.name) for area in areas]
    return [first, *rest]


def _overview(release: Release, settings: PictureSettings, layer: Layer, areas: list[Area]) -> Page:
    shapes = np.array([area.shape for area in areas], dtype=object)
    bounds = tuple(shapely.total_bounds(shapes).tolist())
    pages = [(area, page) for page, area in enumerate(areas, start=2)]
    return Page(
        _with_page_numbers(release, layer, pages),
        release.crs,
        sheet_text(release, bounds, settings.layout.paper),
        bounds,
        figures=index_of(release, layer, pages),
    )


def _with_page_numbers(
    release: Release, layer: Layer, pages: list[tuple[Area, int]]
) -> tuple[Layer, ...]:
    """Return the layers to draw; the names of the atlas's areas begin with their page."""
    names = np.full(len(layer.frame), None, dtype=object)
    for area, page in pages:
        names[area.row] = f"{page} {area.name}"
    frame = layer.frame.assign(**{_PAGE: names})
    look = replace(layer.style.labels or Labels(_PAGE), column=_PAGE)
    if layer.visible and layer.style.rules:
        numbered_layer = replace(layer, frame=frame, style=replace(layer.style, labels=look))
        return tuple(numbered_layer if x is layer else x for x in release.layers)
    style = Style(layer.style.name, (Rule({}, Symbol(stroke=_BORDER)),), labels=look)
    return (replace(layer, frame=frame, style=style, visible=True), *release.layers)


def _check_scale(page: Page, sheet: Placed, settings: PictureSettings) -> None:
    """Refuse a scale at which an area or extent that was asked for would not be shown whole."""
    asked = bool(settings.area or settings.atlas or settings.bounds)
    if not asked or page.scale is None:
        return
    place = sheet.arrangement
    needed = fitting_scale(page.bounds, place.map, place.px_per_mm)
    min_x, min_y, max_x, max_y = page.bounds
    if (max_x > min_x or max_y > min_y) and needed > page.scale * 1.001:
        raise GisappError(
            _("{title} does not fit on the sheet at 1:{scale}.").format(
                title=page.text.title, scale=number(page.scale)
            ),
            _("Ask for 1:{scale}, a larger paper, or leave the scale out.").format(
                scale=number(round_scale(needed))
            ),
        )
