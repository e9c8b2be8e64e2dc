"""Patterns of density become a layer of the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.session.result_layers import put_result

if TYPE_CHECKING:
    import geopandas as gpd

    from gisapp.session.edits import Edit

KIND = "patterns"


def put_patterns(frame: gpd.GeoDataFrame, title: str) -> Edit:
    """Show the units of `frame` as a layer called `title`, in the place of an earlier one."""
    return put_result(KIND, frame, title)
