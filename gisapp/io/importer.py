"""A foreign table to a layer of the project, with the story of how it came in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import shapely

from gisapp.core.errors import GisappError
from gisapp.core.layer import Layer
from gisapp.core.progress import SILENT, Progress
from gisapp.core.reasons import reason_text
from gisapp.core.recipe import Recipe
from gisapp.core.words import _, label
from gisapp.io.catalogue import load_catalogue, unknown_name
from gisapp.io.mapping import choose_table, mapping_of
from gisapp.io.reports import import_report, kept_note
from gisapp.io.styles import load_style
from gisapp.io.understanding import understand
from gisapp.io.updating import updated

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd

    from gisapp.core.catalogue import Kind
    from gisapp.core.project import Project
    from gisapp.core.style import Style
    from gisapp.io.source import Source
    from gisapp.io.understanding import Understood

_OTHER = "other"
_LINES = 1
_RESERVED_NAMES = re.compile(r"(gisapp|gpkg|rtree|sqlite|idx)_.*|layer_styles", re.IGNORECASE)


def import_layer(
    project: Project,
    source: Source,
    kind: str,
    *,
    name: str = "",
    sheet: str = "",
    fields: Mapping[str, str] | None = None,
    values: Mapping[str, Mapping[str, str]] | None = None,
    crs: str = "",
    keep_missing: bool = False,
    replace: bool = False,
    progress: Progress = SILENT,
) -> Layer:
    """Bring one table of a source in as a layer; `read_layer` also says what became of each row.

    Parameters
    ----------
    project : Project
        Gives the CRS, the area that points must lie in, and the secret for pseudonyms.
    source : Source
        As `reading.read_source` gives it.
    kind : str
        A kind of the catalogue that is drawn, or ``other``.
    name : str
        The layer's name; by default the kind's. A layer of that name and kind is updated by its
        rows' ids (see `updating.updated`); one of another kind is refused. Neither is emptied by
        a source of which no row can be used.
    sheet : str
        The table to read where the source has several.
    fields : mapping, optional
        Field (``id``, ``lat``, ``lon``, … too) to column; the rest is found.
    values : mapping, optional
        Field to raw text to code.
    crs : str
        The CRS of the source; where empty, what the source says.
    keep_missing : bool
        Whether rows stay that the layer has and the source has no longer.
    replace : bool
        Whether a layer of that name and another kind is replaced.
    progress : Progress

    Returns
    -------
    Layer
        With its report and its quarantine.

    Raises
    ------
    GisappError
        Where the request or the source cannot be served; rows never raise.
    """
    recipe = Recipe(
        kind,
        sheet,
        fields=fields or {},
        values=values or {},
        name=name,
        crs=crs,
        keep_missing=keep_missing,
        replace=replace,
    )
    return read_layer(project, source, recipe, progress)[0]


def read_layer(
    project: Project, source: Source, recipe: Recipe, progress: Progress
) -> tuple[Layer, Understood]:
    """Do as `import_layer`; also return the source's rows as they were understood."""
    kind, name = recipe.kind, recipe.name or recipe.kind
    definition = _importable(kind)
    earlier = _check_name(name, project)
    replaced = _replaced(earlier, definition, recipe.replace)
    raw = choose_table(source, kind, recipe.table, recipe.fields)
    mapping = mapping_of(raw, recipe)
    read = understand(project, raw, kind, mapping, name=name, crs=recipe.crs, progress=progress)
    notes = (*source.warnings, *replaced, *read.notes, *kept_note(read.frame, definition))
    layer = Layer(
        name=name,
        kind=kind,
        frame=read.frame,
        style=_style_of(definition, read.frame),
        title="" if name == kind else name,
        report=import_report(
            source, mapping, read.repairs, read.quarantine, notes=notes, crs=read.crs
        ),
        quarantine=read.quarantine,
        plan=_plan(read.frame, name) if kind == "zoning" else "",
    )
    if earlier is not None:
        _refuse_to_empty(earlier, layer)
        if earlier.kind == kind:
            layer = updated(earlier, layer, keep_missing=recipe.keep_missing)
    return layer, read


def _style_of(kind: Kind, frame: gpd.GeoDataFrame) -> Style:
    """Return the kind's style; lines of no kind are drawn as streets, named along them."""
    dimensions = shapely.get_dimensions(frame.geometry.array)
    if kind.name != _OTHER or not (dimensions == _LINES).any() or (dimensions > _LINES).any():
        return load_style(kind.style)
    return load_style("roads")


def _importable(kind: str) -> Kind:
    kinds = load_catalogue().kinds
    layers = [x.name for x in kinds.values() if x.geometry != "table" and not x.result]
    if kind in layers:
        return kinds[kind]
    if kind in kinds and not kinds[kind].result:
        raise GisappError(
            _("{kind} is a table, not a layer.").format(kind=kind),
            _("Bring it in with gisapp link PROJECT {kind} SOURCE.").format(kind=kind),
        )
    raise GisappError(
        _("Nothing can be imported as {kind}: {why}").format(
            kind=kind, why=unknown_name(kind, layers)
        ),
        _("Name one of these kinds with --as: {kinds}.").format(kinds=", ".join(layers)),
    )


def _check_name(name: str, project: Project) -> Layer | None:
    """Refuse a name the project file cannot use for a table; return the layer that has it."""
    taken = {x.name.lower(): x.name for x in project.layers} | {
        x.lower(): "" for x in project.tables
    }
    clash = taken.get(name.lower(), name) != name
    if clash or not name.isprintable() or _RESERVED_NAMES.fullmatch(name) or name != name.strip():
        raise GisappError(
            _("A layer cannot be called {name}.").format(name=name),
            _("Choose another name; this one is in use or reserved."),
        )
    return project.layer(name) if name in taken.values() else None


def _replaced(earlier: Layer | None, kind: Kind, replace: bool) -> tuple[str, ...]:
    """Say that a layer of another kind is replaced; refuse it where that was not asked for."""
    if earlier is None or earlier.kind == kind.name:
        return ()
    if replace:
        return (replaced_note(earlier.name),)
    before = load_catalogue().kind(earlier.kind)
    raise GisappError(
        _("The layer {name} is there already and holds {before}, not {kind}.").format(
            name=earlier.name, before=label(before.labels), kind=label(kind.labels)
        ),
        _("Choose another name with --layer, or say --replace to lose the layer that is there."),
    )


def replaced_note(name: str) -> str:
    """Return the note of an import that replaced a layer of another kind."""
    return _("The layer {name} was there before and is replaced.").format(name=name)


def _refuse_to_empty(earlier: Layer, fresh: Layer) -> None:
    """Refuse a source that would leave nothing of a layer: a wrong file or kind, most likely.

    The source that the layer came from, read in the same way, is neither: its rows were mended.
    """
    if len(fresh.frame) or not len(earlier.frame) or _is_same_import(earlier, fresh):
        return
    assert fresh.quarantine is not None
    reasons = fresh.quarantine["reason"].value_counts().sort_index()
    told = "; ".join(f"{reason_text(str(reason))}: {n}" for reason, n in reasons.items())
    raise GisappError(
        _("None of {n} rows can be used as {kind}: {reasons}.").format(
            n=len(fresh.quarantine), kind=fresh.kind, reasons=told or "–"
        ),
        _(
            "The layer {name} stays as it is. Check the file and its kind, "
            "or bring it in under another layer name."
        ).format(name=earlier.name),
    )


def _is_same_import(earlier: Layer, fresh: Layer) -> bool:
    one, other = earlier.report, fresh.report
    if one is None or other is None or earlier.kind != fresh.kind:
        return False
    return (one.sha256, one.source_crs, one.mapping) == (
        other.sha256,
        other.source_crs,
        other.mapping,
    )


def _plan(frame: gpd.GeoDataFrame, name: str) -> str:
    """Return the instrument that a zoning layer names, else the layer's name."""
    plans = frame["plan"].dropna().unique() if "plan" in frame else []
    if len(plans) > 1:
        raise GisappError(
            _("The source holds several plans: {plans}.").format(plans=", ".join(plans)),
            _("Import each plan as a layer of its own: their codes are not to be mixed."),
        )
    return str(plans[0]) if len(plans) else name
