"""An answer becomes a layer of the project, and a later answer takes its place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gisapp.core.layer import Layer
from gisapp.io.styles import load_style
from gisapp.session.edits import Edit, add_layer

if TYPE_CHECKING:
    import geopandas as gpd

    from gisapp.core.project import Project


def put_result(kind: str, frame: gpd.GeoDataFrame, title: str) -> Edit:
    """Show `frame` as a layer of `kind` called `title`, in the place of an earlier one.

    What the user made of the earlier one's style stays.
    """

    def edit(project: Project) -> Project:
        earlier = next(iter(project.of_kind(kind)), None)
        if earlier is None:
            layer = Layer(_free_name(project, kind), kind, frame, load_style(kind), title=title)
        else:
            layer = replace(earlier, frame=frame, title=title, visible=True)
        return add_layer(layer)(project)

    return edit


def _free_name(project: Project, kind: str) -> str:
    """Return a name that no layer of the user's has."""
    taken = {layer.name for layer in project.layers}
    names = (kind, *(f"{kind}_{n}" for n in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
