"""What an import would make of a source: rows, what is refused, the points on a map. No Qt."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.core.layer import Layer
from gisapp.core.project import Project
from gisapp.core.reasons import repair_text
from gisapp.core.style import Rule, Style, Symbol
from gisapp.core.words import _, number
from gisapp.io.catalogue import load_catalogue
from gisapp.io.locations import LOCATION_NAMES, find_location
from gisapp.io.mapping import ColumnMapping
from gisapp.io.recipe import try_out
from gisapp.io.source import RawTable
from gisapp.io.understanding import understand
from gisapp.render.geometry import total_bounds
from gisapp.ui.frame_view import FrameView
from gisapp.ui.quarantine import quarantine_view
from gisapp.ui.values import HIDDEN_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from gisapp.core.layer import ImportReport, Table
    from gisapp.core.progress import Progress
    from gisapp.core.recipe import Recipe
    from gisapp.io.source import Source
    from gisapp.io.understanding import Understood
    from gisapp.render.legend import Nature
    from gisapp.render.viewport import Bounds

SHOWN_ROWS = 200
MOST_REFUSED = 5_000
SYMBOLS: Mapping[str, Symbol] = {
    "accepted": Symbol(fill="#0b6985", fill_opacity=0.8, stroke="#ffffff", stroke_mm=0.12),
    "repaired": Symbol(
        fill="#e08a00", fill_opacity=0.8, stroke="#5c3900", stroke_mm=0.2, shape="diamond",
        size_mm=2.8,
    ),
    "refused": Symbol(fill="#b3261e", stroke="#ffffff", stroke_mm=0.15, shape="cross", size_mm=3.2),
    "ground": Symbol(stroke="#6b7785", stroke_mm=0.4),
}  # fmt: skip


@dataclass(frozen=True)
class LegendItem:
    """A line of the preview map's legend; an empty `symbol` is drawn nowhere."""

    symbol: str
    text: str
    nature: Nature = "point"


@dataclass(frozen=True, eq=False)
class PlacedRows:
    """Where the rows of a source lie.

    Parameters
    ----------
    layers : tuple of Layer
        To draw, the first on top; none where no row has a place.
    bounds : tuple of float, optional
        The extent of the rows that are taken in, else of all, in metres.
    legend : tuple of LegendItem
    empty : str
        Why there is nothing to draw; empty where there is something.
    """

    layers: tuple[Layer, ...] = ()
    bounds: Bounds | None = None
    legend: tuple[LegendItem, ...] = ()
    empty: str = ""


@dataclass(frozen=True, eq=False)
class Preview:
    """An import as it would be: what is taken by OK, and what is shown of it before."""

    made: Layer | Table
    rows: FrameView
    refused: FrameView
    places: PlacedRows


def preview(project: Project, source: Source, recipe: Recipe, progress: Progress) -> Preview:
    """Import as the recipe says, and prepare what is shown of it; meant for a worker.

    Raises
    ------
    GisappError
        As `bring_in`.
    """
    made, read = try_out(project, source, recipe, progress)
    return Preview(
        made,
        _sample(made, read),
        quarantine_view(made, most=SHOWN_ROWS),
        placed_rows(project, made, read),
    )


def _sample(made: Layer | Table, read: Understood | None) -> FrameView:
    """Return some rows as they would be, those that were repaired first, with what was done."""
    kind = load_catalogue().kinds.get(made.kind)
    if read is None:
        frame = made.frame.head(SHOWN_ROWS)
        return FrameView(frame, [str(name) for name in frame.columns], kind)
    mended = read.repairs != ""
    chosen = np.sort(np.argsort(~mended, kind="stable")[:SHOWN_ROWS])
    chosen = chosen[np.argsort(~mended[chosen], kind="stable")]
    frame = pd.DataFrame(read.frame.drop(columns="geometry").iloc[chosen]).reset_index(drop=True)
    row, repair = _("Row"), _("Repaired")
    frame = frame.rename(columns={name: f"{name} *" for name in (row, repair)})
    frame.insert(0, row, read.rows[chosen])
    frame.insert(1, repair, [_repairs(words) for words in read.repairs[chosen]])
    return FrameView(frame, [str(x) for x in frame.columns if x not in HIDDEN_COLUMNS], kind)


def _repairs(words: str) -> str:
    return ", ".join(repair_text(word) for word in words.split())


def placed_rows(project: Project, made: Layer | Table, read: Understood | None) -> PlacedRows:
    """Return the rows of an import as layers of a map, over the project's areas."""
    if read is None or not isinstance(made, Layer):
        return PlacedRows(empty=_("A table: its rows lie nowhere."))
    mended = read.repairs != ""
    refused = refused_places(made, project.crs)
    frames = {
        "refused": _places(refused, project.crs),
        "repaired": _places(read.frame.geometry.array[mended], project.crs),
        "accepted": _places(read.frame.geometry.array[~mended], project.crs),
    }
    if not any(len(frame) for frame in frames.values()):
        return PlacedRows(empty=_("No row has a place that could be shown."))
    counts = {
        "refused": len(read.quarantine),
        "repaired": int(mended.sum()),
        "accepted": int((~mended).sum()),
    }
    taken = len(frames["repaired"]) + len(frames["accepted"])
    layers = [preview_layer(name, frame) for name, frame in frames.items() if len(frame)]
    return PlacedRows(
        layers=(*layers, *_ground(project, made.name)),
        bounds=total_bounds(
            [frames["repaired"], frames["accepted"]] if taken else [*frames.values()]
        ),
        legend=_legend(counts, frames),
    )


@dataclass(frozen=True, eq=False)
class Quarantined:
    """Where refused rows lie: on a map, and row by row (as `refused_places` says it)."""

    places: PlacedRows
    of_row: NDArray[np.object_]


def quarantined(project: Project, part: Layer | Table) -> Quarantined:
    """Return where the rows of a quarantine lie, over what was taken in; meant for a worker."""
    of_row = refused_places(part, project.crs)
    refused = _places(of_row, project.crs)
    if not len(refused) or not isinstance(part, Layer):
        return Quarantined(PlacedRows(empty=_("No row says where it lies.")), of_row)
    taken = _places(part.frame.geometry.array, project.crs)
    layers = [preview_layer("refused", refused)]
    layers += [preview_layer("accepted", taken)] if len(taken) else []
    counts = {"accepted": len(part.frame), "refused": len(of_row)}
    legend = _legend(counts, {"accepted": taken, "refused": refused})
    shown = total_bounds([taken] if len(taken) else [refused])
    rows = PlacedRows((*layers, *_ground(project, part.name)), shown, legend)
    return Quarantined(rows, of_row)


def preview_layer(symbol: str, frame: gpd.GeoDataFrame) -> Layer:
    """Return places as a layer that is drawn by one of `SYMBOLS`."""
    return Layer(symbol, "other", frame, Style(symbol, (Rule({}, SYMBOLS[symbol]),)))


def refused_places(part: Layer | Table, crs: str) -> NDArray[np.object_]:
    """Return where the rows that were not taken in lie, as far as the source says.

    Parameters
    ----------
    part : Layer or Table
    crs : str
        The project's; places beyond where it can be used count as unknown.

    Returns
    -------
    ndarray of shapely geometry or None, shape (n,)
        For the first `MOST_REFUSED` rows of the quarantine.
    """
    report, quarantine = part.report, part.quarantine
    if report is None or quarantine is None or not len(quarantine) or not report.source_crs:
        return np.full(0 if quarantine is None else min(len(quarantine), MOST_REFUSED), None)
    values = [json.loads(text) for text in quarantine["values"].head(MOST_REFUSED)]
    named = _place_columns(report, values)
    places = np.full(len(values), None, dtype=object)
    if not named:
        return places
    columns = {column: [row.get(column) for row in values] for column in named.values()}
    raw = RawTable("", pd.DataFrame(columns, dtype="str"))
    mapping = ColumnMapping(location=find_location(raw, named))
    nowhere = Project(crs=crs)
    read = understand(nowhere, raw, "other", mapping, crs=report.source_crs)
    places[read.rows - 1] = read.frame.geometry.to_numpy()
    return places


def _place_columns(report: ImportReport, values: list[dict[str, str]]) -> dict[str, str]:
    """Return the columns of refused rows that say where they lie, by their name for ``--map``."""
    known = {column for row in values for column in row}
    named = {name: report.mapping[name] for name in LOCATION_NAMES if name in report.mapping}
    if not named and "geometry" in known:  # as `understanding.quarantine` writes points
        return {"wkt": "geometry"}
    return named if known.intersection(named.values()) else {}


def _places(geometry: NDArray[np.object_], crs: str) -> gpd.GeoDataFrame:
    there = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    return gpd.GeoDataFrame(geometry=np.asarray(geometry)[there], crs=crs)


def _ground(project: Project, name: str) -> list[Layer]:
    """Return the outlines to lie below: the admin areas, else every other layer's areas."""
    areas = [x for x in project.layers if x.name != name and _has_areas(x)]
    admin = [x for x in areas if x.kind == "admin"]
    return [preview_layer("ground", x.frame[["geometry"]]) for x in admin or areas]


def _has_areas(layer: Layer) -> bool:
    dimensions = shapely.get_dimensions(layer.frame.geometry.array)
    return bool((dimensions == shapely.get_dimensions(shapely.box(0, 0, 1, 1))).any())


def _legend(
    counts: Mapping[str, int], frames: Mapping[str, gpd.GeoDataFrame]
) -> tuple[LegendItem, ...]:
    texts = {
        "accepted": _("{n} accepted"),
        "repaired": _("{n} repaired"),
        "refused": _("{n} of {all} not taken in"),
    }
    items = [
        LegendItem(
            name,
            text.format(n=number(len(frames[name])), all=number(counts[name])),
            _nature(frames[name]),
        )
        for name, text in texts.items()
        if len(frames.get(name, ()))
    ]
    taken = sum(n - len(frames[name]) for name, n in counts.items() if name != "refused")
    if taken:
        items.append(LegendItem("", _("{n} without a place").format(n=number(taken))))
    return tuple(items)


def _nature(frame: gpd.GeoDataFrame) -> Nature:
    natures: tuple[Nature, ...] = ("point", "line", "area")
    return natures[int(shapely.get_dimensions(frame.geometry.array).max())]
