"""The main job on the bundled demo, its results written into one directory."""

import json
from pathlib import Path
from typing import Any

from gisapp.core.causes import why
from gisapp.core.errors import GisappError
from gisapp.core.progress import Progress
from gisapp.core.words import _
from gisapp.export import export_project
from gisapp.io.atomic import replacing
from gisapp.io.project_file import save_project
from gisapp.session.demo import build_demo
from gisapp.session.edits import add_export

# File, what is in it, preset. The table of conflicts names single subjects: internal.
DEMO_EXPORTS = (
    ("map.html", "map", "public"),
    ("map.png", "map", "public"),
    ("report.pdf", "report", "public"),
    ("conflicts.csv", "conflicts", "internal"),
)


def write_demo(
    directory: Path, lang: str, progress: Progress
) -> tuple[dict[str, Any], tuple[Path, ...]]:
    """Write ``demo.gpkg`` and its exports into `directory`, made where it is missing.

    Returns
    -------
    tuple
        The assessment's summary, and the paths written.
    """
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise GisappError(
            _("{path} cannot be made a folder: {reason}.").format(
                path=directory, reason=why(error)
            ),
            _("Name a folder that you may write to."),
        ) from error
    project = build_demo(progress)
    for name, what, preset in DEMO_EXPORTS:
        _written, records = export_project(
            project, directory / name, preset=preset, what=what, lang=lang, progress=progress
        )
        project = add_export(*records)(project)
    save_project(project, directory / "demo.gpkg")
    summary = dict(project.runs[-1].summary)
    with replacing(directory / "summary.json") as fresh:
        fresh.write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", "utf-8")
    names = ("demo.gpkg", *(name for name, _what, _preset in DEMO_EXPORTS), "summary.json")
    return summary, tuple(directory / name for name in names)
