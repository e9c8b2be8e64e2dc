"""What a picture is asked to be in the window, and the settings that come of it. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gisapp.core.words import _
from gisapp.export.settings import PictureSettings
from gisapp.render.layout import Layout

if TYPE_CHECKING:
    from gisapp.core.project import Project
    from gisapp.privacy.presets import PresetName
    from gisapp.render.layout import Graticule, GridUnit, Orientation, Paper
    from gisapp.render.viewport import Viewport

Ending = Literal["pdf", "png", "svg"]
Shown = Literal["all", "view", "atlas"]


@dataclass(frozen=True)
class PictureChoice:
    """What the user decided.

    `layer` names the areas that an atlas has a page of each; `scale` is 0 for the nearest round
    one; `dpi` is of a PNG.
    """

    preset: PresetName = "public"
    recipient: str = ""
    lang: str = "en"
    ending: Ending = "pdf"
    shown: Shown = "all"
    layer: str = ""
    alone: bool = False
    paper: Paper = "a4"
    orientation: Orientation = "auto"
    graticule: Graticule = "none"
    grid_unit: GridUnit = "metres"
    scale: float = 0.0
    dpi: int = 200

    @property
    def lacks_recipient(self) -> bool:
        """Whether a partner's name is still to be given."""
        return self.preset == "partner" and not self.recipient


def settings_of(choice: PictureChoice, view: Viewport | None) -> PictureSettings:
    """Return the settings of a picture.

    The present view alone is exported as it stands in the window, at its scale; on a sheet it is
    shown whole.

    Parameters
    ----------
    view : Viewport, optional
        What the window shows.
    """
    alone = choice.alone and choice.shown != "atlas"
    layout = Layout(
        choice.paper,
        choice.orientation,
        graticule="none" if alone else choice.graticule,
        grid_unit=choice.grid_unit,
    )
    scale, bounds, size_px = choice.scale or None, None, None
    if choice.shown == "view" and view is not None:
        bounds = view.bounds
        if alone or scale:
            bounds = (view.center_x, view.center_y, view.center_x, view.center_y)
        if alone:
            scale = view.scale
            size_px = _as_in_window(view, choice.dpi)
    return PictureSettings(
        layout,
        alone=alone,
        size_px=size_px,
        dpi=choice.dpi,
        scale=scale,
        bounds=bounds,
        atlas=choice.layer if choice.shown == "atlas" else "",
    )


def layers_of_areas(project: Project) -> tuple[tuple[str, str], ...]:
    """Return name and title of each layer that an atlas can go by; the administrative one first."""
    from gisapp.render.legend import title_of  # imports pandas

    able = [x for x in project.layers if x.frame.geom_type.isin(["Polygon", "MultiPolygon"]).any()]
    able.sort(key=lambda layer: layer.kind != "admin")
    return tuple((layer.name, title_of(layer)) for layer in able)


def pages_text(pages: int) -> str:
    """Say how many pages there are beside the number of the one shown."""
    return _("of {n}").format(n=pages)


def _as_in_window(view: Viewport, dpi: int) -> tuple[int, int]:
    """Return the view's size at `dpi`: as large on paper as on a screen of 96."""
    finer = dpi / (view.px_per_mm * 25.4)
    return round(view.width_px * finer), round(view.height_px * finer)
