"""What the page on overlays shows: ground, bars of a margin, evictions by sub-zone. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from gisapp.analysis.overlay_table import (
    OUTSIDE,
    displayed,
    eviction_ground,
    margin,
    overlay_frame,
    overlay_table,
    totals,
)
from gisapp.analysis.overlay_words import people_text
from gisapp.analysis.study import study
from gisapp.core.policy import stage_text
from gisapp.core.words import _, number
from gisapp.io.catalogue import load_catalogue
from gisapp.render.charts import Bar, Bars
from gisapp.ui.frame_view import FrameView

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from gisapp.analysis.overlay_table import Level, OverlayTable
    from gisapp.core.progress import Progress
    from gisapp.core.project import Project

COLUMNS = (
    "zone", "stage", "admin_name", "area_m2", "businesses", "families", "pieces", "slivers",
    "sliver_m2",
)  # fmt: skip
MARGINS = ("zone", "stage", "admin_code")
MOST_BARS = 25
M2_PER_HECTARE = 10_000.0


@dataclass(frozen=True, eq=False)
class Shown:
    """What the page shows of an answer.

    Parameters
    ----------
    claim, notes : str
        How much ground there is and how it adds up; overlaps, and who has no place.
    ground : FrameView
        A row for each zone, stage and admin area; areas as they are displayed.
    shapes : ndarray of geometries, shape (rows,)
        The ground of each row; None where there is none.
    evictions : FrameView
        Eviction areas by sub-zone, with `eviction_shapes`.
    charts : mapping
        A margin of `MARGINS` to its bars.
    frame : GeoDataFrame
        The rows as a layer has them.
    """

    claim: str
    notes: str
    ground: FrameView
    shapes: NDArray[np.object_]
    evictions: FrameView
    eviction_shapes: NDArray[np.object_]
    charts: dict[str, Bars]
    frame: gpd.GeoDataFrame


def show_overlay(project: Project, by: Level, progress: Progress) -> Shown:
    """Ask, and make what the page shows; for a worker."""
    table = overlay_table(project, by, progress=progress)
    ground = eviction_ground(study(project, progress=progress))
    keys = zip(table.by_eviction["eviction_id"], table.by_eviction["zone"], strict=True)
    shapes = np.empty(len(table.by_eviction), dtype=object)
    shapes[:] = [ground.get(key) for key in keys]
    return Shown(
        claim=_claim(table),
        notes=_notes(table),
        ground=FrameView(_displayed_rows(table), COLUMNS, load_catalogue().kind("overlay")),
        shapes=np.asarray(table.rows.geometry.array, dtype=object),
        evictions=_evictions(table),
        eviction_shapes=shapes,
        charts={key: _bars(table, key) for key in MARGINS},
        frame=overlay_frame(table),
    )


def offered_levels(levels: Sequence[str]) -> tuple[str, ...]:
    """Return the levels to count by, the finest first, of those that admin areas have."""
    told = {level or "kelurahan" for level in levels}
    return tuple(level for level in ("rw", "kelurahan") if level in told)


def margin_text(key: str) -> str:
    """Return a margin in words."""
    return {
        "zone": _("by sub-zone"),
        "stage": _("by eviction stage"),
        "admin_code": _("by admin area"),
    }[key]


def _displayed_rows(table: OverlayTable) -> pd.DataFrame:
    """Round areas so that what is on show adds up, and say what an empty key means."""
    rows = pd.DataFrame(table.rows.drop(columns="geometry"))
    for name in ("area_m2", "sliver_m2"):
        rows[name] = displayed(rows[name].tolist())
    rows["zone"] = rows["zone"].where(rows["zone"] != "", _("outside the plan"))
    rows["stage"] = [_stage(code) for code in rows["stage"]]
    return rows


def _stage(code: str) -> str:
    return stage_text(code) if code else _("no eviction")


def _evictions(table: OverlayTable) -> FrameView:
    rows = table.by_eviction
    columns = (_("eviction area"), _("sub-zone"), _("area (m²)"), _("share of it (%)"))
    frame = rows.assign(area_m2=rows["area_m2"].round(1), share=(100 * rows["share"]).round(1))
    return FrameView(frame.set_axis(columns, axis=1), columns)


def _bars(table: OverlayTable, key: str) -> Bars:
    """Return the ground of a margin as bars: stages in their order, else the largest first."""
    rows = margin(table, key)
    if key != "stage":
        rows.sort(key=lambda row: -row["area_m2"])
    note = _("The {n} largest of {total}.").format(
        n=number(min(MOST_BARS, len(rows))), total=number(len(rows))
    )
    if key == "stage":
        rows = [row for row in rows if row["stage"]]
        note = _("Ground without an eviction in force is in the table only.")
    names = dict(zip(table.rows["admin_code"], table.rows["admin_name"], strict=True))
    return Bars(
        title=_("Ground {by}").format(by=margin_text(key)),
        unit=_("ha"),
        decimals=2,
        note=note,
        bars=tuple(
            Bar(_key_text(key, row[key], names), row["area_m2"] / M2_PER_HECTARE)
            for row in rows[:MOST_BARS]
        ),
    )


def _key_text(key: str, value: str, names: dict[str, str]) -> str:
    if key == "stage":
        return _stage(value)
    if key == "zone":
        return value or _("outside the plan")
    return _("outside admin areas") if value == OUTSIDE else names[value] or value


def _claim(table: OverlayTable) -> str:
    whole = totals(table.rows)
    return _(
        "{area} ha in {pieces} pieces, each in one row; {slivers} of them are slivers "
        "({sliver} m²), counted and in every sum."
    ).format(
        area=number(whole["area_m2"] / M2_PER_HECTARE, 2),
        pieces=number(whole["pieces"]),
        slivers=number(whole["slivers"]),
        sliver=number(whole["sliver_m2"], 1),
    )


def _notes(table: OverlayTable) -> str:
    notes = _(
        "A sliver is narrower than {width} m on average. Covered more than once: by zoning "
        "{zoning} m², by evictions {evictions} m², by admin areas {admin} m²."
    ).format(
        width=number(table.sliver_m, 1),
        **{kind: number(area_m2, 1) for kind, area_m2 in table.overlap_m2.items()},
    )
    return " ".join((notes, *people_text(table)))
