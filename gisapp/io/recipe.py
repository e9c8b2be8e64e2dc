"""How a source is brought in: what the user decided of it, completed by what is recognised."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gisapp.core.catalogue import RELATIONS
from gisapp.io.importer import read_layer
from gisapp.io.linker import link_table
from gisapp.io.mapping import suggest_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gisapp.core.layer import Layer, Table
    from gisapp.core.progress import Progress
    from gisapp.core.project import Project
    from gisapp.io.mapping import ColumnMapping
    from gisapp.io.source import RawTable, Source
    from gisapp.io.understanding import Understood


@dataclass(frozen=True)
class Recipe:
    """What the user has decided; what is not decided is found by the importer.

    Parameters
    ----------
    kind : str
        A kind of layer, or a relation.
    table : str
        The layer or sheet of the source.
    fields : mapping
        Field to column; to an empty text where no column is to be taken.
    values : mapping
        Field to raw text to code.
    name, crs : str
        The layer's name and the CRS of the source; empty: the kind's, what the source says.
    keep_missing : bool
        Whether rows stay that an earlier import brought and the source has no longer.
    replace : bool
        Whether a layer of the same name and another kind is replaced; otherwise it is refused.
    """

    kind: str
    table: str
    fields: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    name: str = ""
    crs: str = ""
    keep_missing: bool = False
    replace: bool = False


def mapping_of(raw: RawTable, recipe: Recipe) -> ColumnMapping:
    """Return what the user has decided, completed by what is recognised."""
    return suggest_mapping(raw, recipe.kind, fields=recipe.fields, values=recipe.values)


def bring_in(project: Project, source: Source, recipe: Recipe, progress: Progress) -> Layer | Table:
    """Import as the recipe says.

    Raises
    ------
    GisappError
        As `import_layer` and `link_table`.
    """
    return try_out(project, source, recipe, progress)[0]


def try_out(
    project: Project, source: Source, recipe: Recipe, progress: Progress
) -> tuple[Layer | Table, Understood | None]:
    """Do as `bring_in`; of a layer, also return the source's rows as they were understood.

    The window's preview is this too, so that it shows what will be.
    """
    if recipe.kind in RELATIONS:
        table = link_table(
            project,
            source,
            recipe.kind,
            sheet=recipe.table,
            fields=recipe.fields,
            values=recipe.values,
            keep_missing=recipe.keep_missing,
            progress=progress,
        )
        return table, None
    return read_layer(
        project,
        source,
        recipe.kind,
        name=recipe.name,
        sheet=recipe.table,
        fields=recipe.fields,
        values=recipe.values,
        crs=recipe.crs,
        keep_missing=recipe.keep_missing,
        replace=recipe.replace,
        progress=progress,
    )
