"""How a picture of the map is to look: a sheet or the map alone, its size, extent and pages."""

from __future__ import annotations

from dataclasses import dataclass, field

from gisapp.render.layout import Layout

Bounds = tuple[float, float, float, float]

SHEET_DPI = 200
SCREEN_DPI = 96


@dataclass(frozen=True)
class PictureSettings:
    """What a user may ask of a picture.

    Parameters
    ----------
    layout : Layout
        Of the sheet; of the map alone its paper and orientation count.
    alone : bool
        The map without a sheet around it.
    size_px : tuple of int, optional
        Width and height of a PNG of the map alone, instead of a paper's.
    dpi : int, optional
        Of a PNG; else 200, or 96 where `size_px` is given.
    scale : float, optional
        The denominator; of a sheet else the nearest round one.
    bounds : tuple of float, optional
        West, south, east, north in degrees, or min_x, min_y, max_x, max_y in metres of the
        project's CRS; a point is the middle of the map. Else all visible layers.
    area : str
        Id, code or name of an area of `atlas`, or of an `admin` layer: it alone.
    atlas : str
        Name of the layer of areas that get a page each.
    """

    layout: Layout = field(default_factory=Layout)
    alone: bool = False
    size_px: tuple[int, int] | None = None
    dpi: int | None = None
    scale: float | None = None
    bounds: Bounds | None = None
    area: str = ""
    atlas: str = ""

    @property
    def png_dpi(self) -> int:
        """The resolution of a PNG."""
        return self.dpi or (SCREEN_DPI if self.size_px else SHEET_DPI)


DEFAULT = PictureSettings()
