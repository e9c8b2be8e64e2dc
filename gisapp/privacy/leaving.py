"""A layer as it leaves: what of its style and report would tell of what stays goes as well."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gisapp.privacy.columns import fields_of, provenance
from gisapp.privacy.styles import leaving_style

if TYPE_CHECKING:
    import geopandas as gpd

    from gisapp.core.layer import Layer


def let_out(layer: Layer, frame: gpd.GeoDataFrame) -> Layer:
    """Return `layer` with `frame`, the part of its own that leaves."""
    withheld = set(layer.frame.columns) - set(frame.columns)
    return replace(
        layer,
        frame=frame,
        style=leaving_style(layer.style, withheld, _lost_texts(layer, frame)),
        report=provenance(layer.report),
        quarantine=None,
    )


def _lost_texts(layer: Layer, frame: gpd.GeoDataFrame) -> dict[str, set[str]]:
    """Return, by column, the free texts of a layer that are not in its leaving `frame`."""
    fields = fields_of(layer.kind)
    tested = {x.column for rule in layer.style.rules for x in rule.when}
    coded = {name for name, field in fields.items() if field.codes}
    common = (tested & set(layer.frame.columns) & set(frame.columns)) - coded
    return {
        x: set(layer.frame[x].dropna().astype("str")) - set(frame[x].dropna().astype("str"))
        for x in common
    }
