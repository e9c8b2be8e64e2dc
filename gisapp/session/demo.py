"""The bundled demo: the main job on invented people and a schematic Ciracas."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from gisapp import __version__
from gisapp.core.errors import GisappError
from gisapp.core.progress import SILENT, Progress
from gisapp.core.words import _, language
from gisapp.io.bundled import bundled
from gisapp.io.folders import cache_folder

if TYPE_CHECKING:
    from gisapp.core.project import Project
    from gisapp.io.source import Source

AS_OF = "2026-11-01"
REPORTED = "evictions_reported"


class Step(NamedTuple):
    """One source of the demo: what it is brought in as, its file, the sheet in it, its name."""

    kind: str
    file: str
    sheet: str = ""
    name: str = ""


# In the order of the work: the areas first, because they say where points may lie.
LAYERS = (
    Step("admin", "admin.geojson"),
    Step("zoning", "zoning_rdtr.geojson"),
    Step("evictions", "evictions.geojson"),
    Step("evictions", "evictions_reported.geojson", name=REPORTED),
    Step("support_areas", "support_areas.geojson"),
    Step("businesses", "businesses.csv"),
    Step("households", "households_kobo.xlsx", "survei"),
    Step("sites", "sites.csv"),
)
TABLES = (
    Step("operates", "households_kobo.xlsx", "usaha"),
    Step("supports", "supports.csv"),
    Step("rules", "itbx_rules.csv"),
    Step("provisions", "provisions.csv"),
)


def build_demo(progress: Progress = SILENT) -> Project:
    """Bring the demo's sources in and assess them, as a user would.

    Parameters
    ----------
    progress : Progress
        Told of each source and of the assessment.

    Returns
    -------
    Project
        Assessed as of `AS_OF`, with a secret of its own; it lies in no file.
    """
    from gisapp.analysis.assess import assess
    from gisapp.io.project_file import create_project
    from gisapp.session.edits import assessed, retitle_layer, set_as_of, show_layer

    project = replace(create_project(), title=_title(), notice=_notice())
    project = _with_sources(project, progress)
    project = retitle_layer(REPORTED, _("Press reports, 2014–2022"))(project)
    project = set_as_of(AS_OF)(show_layer(REPORTED, visible=False)(project))
    return assessed(project, assess(project, progress=progress))


def open_demo(progress: Progress = SILENT) -> Project:
    """Return the demo as it was built before on this machine; the first time, build and keep it."""
    from gisapp.io.project_file import load_project, save_project

    path = demo_project_path()
    with suppress(GisappError):  # not there yet, or damaged: it is built anew
        return load_project(path)
    project = build_demo(progress)
    with suppress(GisappError, OSError):  # a cache that cannot be written costs time, not the demo
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        save_project(project, path)
    return project


def demo_project_path() -> Path:
    """Return where the built demo is kept: another path for each program, data and language."""
    return cache_folder() / f"demo-{__version__}-{_digest()[:16]}-{language()}.gpkg"


def _with_sources(project: Project, progress: Progress) -> Project:
    from gisapp.io.importer import import_layer
    from gisapp.io.linker import link_table
    from gisapp.io.reading import read_source
    from gisapp.session.edits import add_layer

    sources: dict[str, Source] = {}
    for done, step in enumerate((*LAYERS, *TABLES)):
        progress.step(
            done, len(LAYERS) + len(TABLES), _("Bringing {file} in").format(file=step.file)
        )
        if step.file not in sources:
            sources[step.file] = read_source(bundled("layers") / "demo" / step.file)
        source = sources[step.file]
        if step in LAYERS:
            layer = import_layer(project, source, step.kind, sheet=step.sheet, name=step.name)
            project = add_layer(layer)(project)
        else:
            table = link_table(project, source, step.kind, sheet=step.sheet)
            project = project.with_table(table)
    return project


def _digest() -> str:
    """Name what the built demo depends on: the bundled data, the styles and the code."""
    code = Path(__file__).parents[1]
    files = [
        *bundled("layers").rglob("*.*"),
        *bundled("styles").glob("*.toml"),
        *code.rglob("*.py"),
    ]
    digest = hashlib.sha256()
    for file in sorted(file for file in files if file.is_file() and file.suffix != ".pyc"):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _title() -> str:
    return _("Ciracas, East Jakarta: demo")


def _notice() -> str:
    return _(
        "Demo: informal businesses and families against zoning and clearances. The people, the"
        " businesses and the 2026 clearances are invented, the outlines are schematic; earlier"
        " clearances are dated after press reports."
    )
