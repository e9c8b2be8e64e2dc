"""What a user can do, as data: menus, tool bars and shortcut lists are made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gisapp.session.session import Session


@dataclass(frozen=True)
class Action:
    """One thing a user can do.

    Parameters
    ----------
    id : str
        Its name in the program.
    text : str
        In English; shown through `gisapp.core.words._`.
    shortcut : str
        In Qt's portable form; empty where it has none.
    icon : str
        Name of the icon; empty where it has none.
    enabled : callable
        Whether the open project allows it. What the window alone knows (a selection) it adds.
    """

    id: str
    text: str
    shortcut: str = ""
    icon: str = ""
    enabled: Callable[[Session], bool] = lambda _session: True


def _(message: str) -> str:
    # Marks the text for translation, which happens on display, in the language then in force.
    return message


def _has_layers(session: Session) -> bool:
    return bool(session.project.layers)


def _has_subjects(session: Session) -> bool:
    return bool(session.project.of_kind("businesses") or session.project.of_kind("households"))


def _has_results(session: Session) -> bool:
    return bool(session.project.of_kind("conflicts"))


def _can_save(session: Session) -> bool:
    changed = session.dirty or session.path is None
    return changed and not session.read_only and not session.saving


def _can_seal(session: Session) -> bool:
    return _has_layers(session) and not session.read_only and not session.saving


def _is_not_saving(session: Session) -> bool:
    return not session.saving


ACTIONS = (
    Action("new", _("New project"), "Ctrl+N", "new"),
    Action("open", _("Open…"), "Ctrl+O", "open"),
    Action("demo", _("Open the demo")),
    Action("save", _("Save"), "Ctrl+S", "save", _can_save),
    Action("save_as", _("Save as…"), "Ctrl+Shift+S", "save_as", _is_not_saving),
    Action("import", _("Import…"), "Ctrl+I", "import"),
    Action("import_service", _("Import from a service…"), "Ctrl+Shift+I"),
    Action("export_html", _("Export HTML…"), "Ctrl+E", "export", _has_results),
    Action("export_picture", _("Export picture…"), "Ctrl+Shift+E", "export", _has_layers),
    Action("seal", _("Seal for transport…"), "", "", _can_seal),
    Action("unseal", _("Open a sealed project…")),
    Action("quit", _("Quit"), "Ctrl+Q"),
    Action("undo", _("Undo"), "Ctrl+Z", "undo", lambda session: session.can_undo),
    Action("redo", _("Redo"), "Ctrl+Shift+Z", "redo", lambda session: session.can_redo),
    Action("layer_up", _("Move layer up"), "Ctrl+Up", "up", _has_layers),
    Action("layer_down", _("Move layer down"), "Ctrl+Down", "down", _has_layers),
    Action("layer_style", _("Style…"), "F7", "style", _has_layers),
    Action("layer_rename", _("Rename layer…"), "F2", "rename", _has_layers),
    Action("layer_quarantine", _("Show quarantined rows…"), "", "quarantine", _has_layers),
    Action("layer_remove", _("Remove layer"), "Ctrl+Del", "remove", _has_layers),
    Action("zoom_all", _("Zoom to everything"), "Ctrl+0", "zoom-all", _has_layers),
    Action("zoom_layer", _("Zoom to layer"), "Ctrl+L", "zoom-layer", _has_layers),
    Action("zoom_selection", _("Zoom to selection"), "Ctrl+J", "zoom-selection", _has_layers),
    Action("zoom_in", _("Zoom in"), "Ctrl++", "zoom-in", _has_layers),
    Action("zoom_out", _("Zoom out"), "Ctrl+-", "zoom-out", _has_layers),
    Action("basemap", _("Basemap…"), "Ctrl+B", "basemap"),
    Action("assess", _("Assess"), "Ctrl+R", "assess", _has_subjects),
    Action("analysis", _("Analysis…"), "F8", "", _has_subjects),
    Action("why", _("Why?"), "F9", "", _has_subjects),
)
