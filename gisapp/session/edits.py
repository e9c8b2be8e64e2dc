"""Edits: each a pure function from a project to the next one.

`Session.apply` takes what these return; nothing here knows a session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

import pandas as pd
import shapely

from gisapp import __version__
from gisapp.core.attachment import with_id
from gisapp.core.dates import checked_date
from gisapp.core.layer import Layer, Table
from gisapp.core.project import ExportRecord, MapView, Parameters, Project, Run
from gisapp.core.style import on_date
from gisapp.io.styles import load_style

if TYPE_CHECKING:
    import geopandas as gpd

    from gisapp.core.assessment import Assessment
    from gisapp.core.attachment import Attachment
    from gisapp.core.basemap import Basemap
    from gisapp.core.style import Style

Edit = Callable[[Project], Project]

# From the top: findings, then subjects, places, areas; zoning is the ground.
DRAWING_ORDER = (
    "conflicts",
    "assessed_businesses",
    "assessed_households",
    "sites",
    "businesses",
    "households",
    "points",
    "evictions",
    "support_areas",
    "admin",
    "overlay",
    "patterns",
    "contradiction_cells",
    "areas",
    "zoning",
)
_SUBJECTS = ("businesses", "households")


def add_layer(layer: Layer) -> Edit:
    """Put `layer` in the place of the one with its name, else where its kind is drawn."""

    def edit(project: Project) -> Project:
        if any(x.name == layer.name for x in project.layers):
            return _dated(project.with_layer(layer))
        rank = _rank(layer)
        at = next(
            (n for n, x in enumerate(project.layers) if _rank(x) >= rank), len(project.layers)
        )
        return _dated(replace(project, layers=(*project.layers[:at], layer, *project.layers[at:])))

    return edit


def remove_layer(name: str) -> Edit:
    """Leave the layer called `name` out."""
    return lambda project: project.without_layer(name)


def retitle_layer(name: str, title: str) -> Edit:
    """Call the layer `title`; an empty one gives it its kind's label back."""
    return _changed(name, title=title.strip())


def show_layer(name: str, visible: bool) -> Edit:
    """Draw the layer, or not."""
    return _changed(name, visible=visible)


def restyle_layer(name: str, style: Style) -> Edit:
    """Draw the layer by `style`; what it says of dates follows the as-of date.

    Classes without rules get them from the layer's values, which may refuse (`render.classes`).
    """

    def edit(project: Project) -> Project:
        made = style
        if style.classes is not None and not style.rules:
            made = _classed(style, project.layer(name))
        return _changed(name, style=on_date(made, project.parameters.as_of))(project)

    return edit


def move_layer(name: str, position: int) -> Edit:
    """Move the layer to `position`, counted from the top, 0 first, without itself."""

    def edit(project: Project) -> Project:
        others = project.without_layer(name).layers
        layers = (*others[:position], project.layer(name), *others[position:])
        return replace(project, layers=layers)

    return edit


def add_table(table: Table) -> Edit:
    """Put `table` in the place of the one with its name."""
    return lambda project: project.with_table(table)


def put_part(part: Layer | Table) -> Edit:
    """Put a layer or a table in the place of the one with its name, else where it belongs."""
    return add_layer(part) if isinstance(part, Layer) else add_table(part)


def put_result(kind: str, frame: gpd.GeoDataFrame) -> Edit:
    """Show a result as the layer of its kind; what the user made of the earlier one's style stays.

    An earlier one is shown again where it was hidden.
    """

    def edit(project: Project) -> Project:
        layer = replace(_result_layer(project, kind, frame), visible=True)
        return add_layer(layer)(project)

    return edit


def remove_table(name: str) -> Edit:
    """Leave the table called `name` out."""
    return lambda project: replace(
        project, tables={x: table for x, table in project.tables.items() if x != name}
    )


def set_as_of(iso_date: str) -> Edit:
    """Ask about another date.

    Raises
    ------
    GisappError
        For what is no ISO date.
    """
    day = checked_date(iso_date) if iso_date else ""
    return lambda project: set_parameters(replace(project.parameters, as_of=day))(project)


def set_parameters(parameters: Parameters) -> Edit:
    """Ask with other parameters; styles tell what is in force on their date."""
    return lambda project: _dated(replace(project, parameters=parameters))


def set_view(view: MapView) -> Edit:
    """Look elsewhere."""
    return lambda project: replace(project, view=view)


def set_basemap(basemap: Basemap) -> Edit:
    """Lay the layers over another ground."""
    return lambda project: (
        project if basemap == project.basemap else replace(project, basemap=basemap)
    )


def set_title(title: str) -> Edit:
    """Call the project `title`."""
    return lambda project: replace(project, title=title.strip())


def attach(attachment: Attachment) -> Edit:
    """Let a document belong to a record; where its id was given meanwhile it gets another."""

    def edit(project: Project) -> Project:
        taken = {x.id for x in project.attachments}
        fresh = (str(n) for n in count(1))
        own = (
            attachment.id
            if attachment.id not in taken
            else next(x for x in fresh if x not in taken)
        )
        return replace(project, attachments=(*project.attachments, replace(attachment, id=own)))

    return edit


def detach(identifier: str) -> Edit:
    """Take the attachment with an id away.

    Raises
    ------
    GisappError
        Where there is none.
    """

    def edit(project: Project) -> Project:
        gone = with_id(project.attachments, identifier)
        return replace(project, attachments=tuple(x for x in project.attachments if x is not gone))

    return edit


def add_export(*records: ExportRecord) -> Edit:
    """Enter an export in the ledger, one record a file."""
    return lambda project: replace(project, exports=(*project.exports, *records))


def assessed(project: Project, assessment: Assessment) -> Project:
    """Make the results of an assessment ordinary layers and tables, and keep the run.

    What the user made of earlier results (style, title, visibility, place) stays; the first time
    the layers of plain subjects are hidden, because the assessed ones lie on the same points.
    """
    first = not any(x.kind == "conflicts" for x in project.layers)
    frames = {
        "assessed_households": assessment.households,
        "assessed_businesses": assessment.businesses,
        "conflicts": _numbered(assessment.conflicts),
    }
    for kind, frame in frames.items():
        project = add_layer(_result_layer(project, kind, frame))(project)
    if first:
        hidden = (replace(x, visible=False) if x.kind in _SUBJECTS else x for x in project.layers)
        project = replace(project, layers=tuple(hidden))
    project = project.with_table(
        Table("contradiction_pairs", "contradiction_pairs", assessment.pairs)
    )
    project = project.with_table(Table("totals", "totals", totals(assessment.summary)))
    used = assessment.parameters
    asked = replace(project.parameters, as_of=used.as_of, known_on=used.known_on, at=used.at)
    return _dated(replace(project, parameters=asked, runs=(*project.runs, _run(assessment))))


def totals(summary: Mapping[str, Any]) -> pd.DataFrame:
    """Return the totals by area as a table: area, kind of subject, class, count."""
    rows = [
        (area["code"], area["name"], kind, name, count)
        for area in summary["by_admin"]
        for kind in _SUBJECTS
        for name, count in area[kind].items()
    ]
    columns = ("admin_code", "admin_name", "subject_kind", "class", "count")
    frame = pd.DataFrame(rows, columns=pd.Index(columns))
    return frame.astype({**dict.fromkeys(columns, "str"), "count": "Int64"})


def _result_layer(project: Project, kind: str, frame: gpd.GeoDataFrame) -> Layer:
    earlier = next((x for x in project.layers if x.name == kind), None)
    if earlier is not None:
        return replace(earlier, frame=frame)
    return Layer(kind, kind, frame, load_style(kind))


def _numbered(conflicts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give conflict rows the id that every layer has: their number in the canonical order."""
    numbered = conflicts.copy(deep=False)
    numbered.insert(0, "id", pd.Series(range(1, len(conflicts) + 1)).astype("str"))
    return numbered


def _run(assessment: Assessment) -> Run:
    return Run(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        program_version=__version__,
        parameters=assessment.parameters,
        inputs=assessment.inputs,
        summary=assessment.summary,
        record=assessment.record,
    )


def _changed(name: str, **values: Any) -> Edit:
    return lambda project: project.with_layer(replace(project.layer(name), **values))


def _dated(project: Project) -> Project:
    """Let every style tell what is in force on the project's as-of date."""
    as_of = project.parameters.as_of
    layers = tuple(
        x if (style := on_date(x.style, as_of)) is x.style else replace(x, style=style)
        for x in project.layers
    )
    unchanged = all(now is was for now, was in zip(layers, project.layers, strict=True))
    return project if unchanged else replace(project, layers=layers)


def _classed(style: Style, layer: Layer) -> Style:
    from gisapp.privacy.columns import fields_of
    from gisapp.render.classes import classed  # both only where there is something to class

    column = style.classes.column if style.classes else ""
    return classed(style, layer.frame, fields_of(layer.kind).get(column))


def _rank(layer: Layer) -> int:
    kind = layer.kind
    if kind not in DRAWING_ORDER:
        kind = "areas" if _has_areas(layer.frame.geometry.array) else "points"
    return DRAWING_ORDER.index(kind)


def _has_areas(geometries: Iterable[Any]) -> bool:
    return bool((shapely.get_dimensions(geometries) == 2).any())
