"""A source brought in as a recipe says: a layer, or a linked table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.core.catalogue import RELATIONS
from gisapp.io.importer import read_layer
from gisapp.io.linker import link_table

if TYPE_CHECKING:
    from gisapp.core.layer import Layer, Table
    from gisapp.core.progress import Progress
    from gisapp.core.project import Project
    from gisapp.core.recipe import Recipe
    from gisapp.io.source import Source
    from gisapp.io.understanding import Understood


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
    return read_layer(project, source, recipe, progress)
