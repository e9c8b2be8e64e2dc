"""The tables of an OpenStreetMap extract as the one layer that a topic is."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from gisapp.core.errors import GisappError
from gisapp.core.words import _

if TYPE_CHECKING:
    from gisapp.io.services.overpass_topics import Topic
    from gisapp.io.source import RawTable

# Tables of the reader, in the order in which they are laid after each other.
_PARTS = {
    "point": ("points", "lines", "roads", "areas"),
    "line": ("roads", "lines", "routes"),
    "area": ("areas",),
}
_WAY, _OWN, _OTHERS = "osm_way_id", "osm_id", "other_tags"


def of_topic(read: tuple[RawTable, ...], topic: Topic) -> RawTable:
    """Return the rows that carry a tag of `topic`, drawn as it is drawn.

    An extract also holds the corners of what was asked for, which have tags of their own: a gate
    of a market is no market.

    Raises
    ------
    GisappError
        Where there are none.
    """
    tables = {x.name: x for x in read}
    found = [_tagged(tables[x], topic) for x in _PARTS[topic.form] if x in tables]
    found = [x for x in found if len(x.columns)]
    if not found:
        raise GisappError(
            _("OpenStreetMap knows nothing of the kind “{name}” there.").format(name=topic.name),
            _("Choose another area or another kind; it may just not be mapped."),
        )
    columns = pd.concat([x.columns for x in found], ignore_index=True)
    shapes = np.concatenate([x.geometry for x in found if x.geometry is not None])
    if topic.form == "point":
        shapes = shapely.to_wkb(shapely.point_on_surface(shapely.from_wkb(shapes)))
    kinds = {x.geometry_type for x in found}
    kind = "Point" if topic.form == "point" else kinds.pop() if len(kinds) == 1 else "Unknown"
    return replace(found[0], columns=columns, geometry=shapes, geometry_type=kind, unreadable={})


def _tagged(table: RawTable, topic: Topic) -> RawTable:
    """Keep the rows with the topic's tag, named as OpenStreetMap names them (``way/7``)."""
    columns = table.columns
    tags = _values(columns, topic.key)
    keep = (tags.isin(topic.values) if topic.values else tags.notna()).to_numpy(dtype=bool)
    kept = columns[keep].reset_index(drop=True)
    kept = kept.assign(id=_names(kept, table.name)).drop(columns=[_OWN, _WAY], errors="ignore")
    geometry = table.geometry[keep] if table.geometry is not None else None
    return replace(table, columns=kept, geometry=geometry, row_numbers=None)


def _values(rows: pd.DataFrame, key: str) -> pd.Series:
    """Return the value of a tag in each row: in a column of its own, or among the others."""
    if key in rows:
        return rows[key]
    if _OTHERS not in rows:
        return pd.Series(None, index=rows.index, dtype="str")
    others = rows[_OTHERS].map(json.loads, na_action="ignore")
    return others.map(lambda tags: tags.get(key), na_action="ignore")


def _names(rows: pd.DataFrame, part: str) -> pd.Series:
    absent = pd.Series(None, index=rows.index, dtype="str")
    own = rows[_OWN].astype("str") if _OWN in rows else absent
    way = rows[_WAY].astype("str") if _WAY in rows else absent
    kind = {"points": "node", "areas": "relation", "routes": "relation"}.get(part, "way")
    return (f"{kind}/" + own).where(way.isna(), "way/" + way)
