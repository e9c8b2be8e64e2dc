"""What each action does: asks where it must, then changes the session's project or starts a job."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gisapp.core.errors import GisappError
from gisapp.core.words import _, ngettext, number
from gisapp.session.demo import demo_project_path
from gisapp.ui import dialogs, work
from gisapp.ui.exporting import Exporting
from gisapp.ui.importing import Importing
from gisapp.ui.saving import Saving
from gisapp.ui.sealing import SEALED_ENDING, Sealing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from gisapp.core.assessment import Assessment
    from gisapp.core.basemap import Basemap
    from gisapp.core.project import Project
    from gisapp.core.style import Style
    from gisapp.session.edits import Edit
    from gisapp.session.session import Session
    from gisapp.ui.main_window import MainWindow

# Rooms that import pandas are imported inside the commands: the window is shown before.


class Commands:
    """The handlers of the session's actions, and what the panels ask for."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.exporting = Exporting(window)
        self.importing = Importing(window)
        self.saving = Saving(window, self._guarded)
        self.sealing = Sealing(window, self.saving, self.open)
        self._demo: Session | None = None
        canvas, panel = window.canvas, window.layers
        commands: Mapping[str, Callable[[], object]] = {
            "new": partial(self.when_left, self.begin_empty),
            "open": partial(self.when_left, self.choose_and_open),
            "demo": partial(self.when_left, self.open_demo),
            "save": self.saving.save,
            "save_as": self.saving.save_as,
            "import": self.importing.import_source,
            "import_service": self.importing.import_service,
            "export_html": self.exporting.html,
            "export_picture": self.exporting.picture,
            "seal": self.sealing.seal,
            "unseal": partial(self.when_left, self.sealing.choose_and_unseal),
            "quit": window.close,
            "undo": self.undo,
            "redo": self.redo,
            "layer_up": partial(self._shift_layer, -1),
            "layer_down": partial(self._shift_layer, 1),
            "layer_style": self.edit_style,
            "layer_rename": panel.edit_title,
            "layer_quarantine": self.importing.show_quarantine,
            "layer_remove": self.remove_layer,
            "zoom_all": canvas.zoom_all,
            "zoom_layer": self.zoom_layer,
            "zoom_selection": canvas.zoom_to_marks,
            "zoom_in": canvas.zoom_in,
            "zoom_out": canvas.zoom_out,
            "basemap": self.choose_basemap,
            "assess": self.assess,
            "analysis": window.analysing.open,
            "why": window.evidencing.open,
        }
        self.handlers = {name: partial(self._guarded, run) for name, run in commands.items()}

    # ------------------------------------------------------------------ the project

    def begin_empty(self) -> None:
        """Begin an empty project in the place of the present one."""
        from gisapp.io.project_file import create_project
        from gisapp.session.session import Session

        self._window.use(Session(create_project()))

    def choose_and_open(self) -> None:
        """Ask for a project file and open it."""
        path = dialogs.ask_project(self._window, self._window.settings.folder)
        if path is not None:
            self.open(path)

    def open_other(self, path: Path) -> None:
        """Open the project file at `path` where the present project may be left."""
        self.when_left(lambda: self.open(path))

    def open(self, path: Path) -> None:
        """Open the project file at `path`; a sealed one is opened as a project first."""
        if path.suffix.lower() == SEALED_ENDING:
            self.sealing.unseal(path)
            return

        asked = self._window.project

        def opened(session: Session) -> None:
            if not self._may_still_leave(asked, lambda: self.open(path)):
                session.close()
                return
            self._window.settings.remember(path)
            self._window.use(session)
            if session.read_only:
                self._window.messages.tell(
                    _("This project is open in another gisapp window; here it is read-only."),
                    _("Save under another name to keep changes made here."),
                )

        self._window.empty.set_loading(True)
        self._window.jobs.start(
            lambda progress: work.open_project(path, progress),
            title=_("Opening {name}").format(name=path.name),
            done=opened,
        )

    def open_demo(self, then: Callable[[], object] = lambda: None) -> None:
        """Open the bundled demo; the first time it is built, which takes some seconds."""
        window = self._window
        asked = window.project

        def opened(session: Session) -> None:
            if not self._may_still_leave(asked, lambda: self.open_demo(then)):
                session.close()
                return
            self._demo = session
            window.use(session)
            then()

        window.empty.set_loading(True, is_built=not demo_project_path().is_file())
        window.jobs.start(work.open_demo, title=_("Opening the demo"), done=opened)

    def translate_demo(self) -> None:
        """Open an unchanged demo in the language in force: its own words are stored in it."""
        window = self._window
        if window.has_session and window.session is self._demo and not window.session.dirty:
            viewport = window.canvas.viewport
            view = viewport.view if viewport is not None else None
            self.open_demo(lambda: window.canvas.look_at(view) if view else None)

    def _may_still_leave(self, asked: Project, again: Callable[[], object]) -> bool:
        """Whether the project may be left, of whose value `asked` that was said a while ago."""
        return self._window.project is asked or self.saving.may_leave(again)

    def when_left(self, command: Callable[[], object]) -> None:
        """Run `command` where the present project may be left, or once it is saved."""
        again = partial(self._guarded, partial(self.when_left, command))
        if self.saving.may_leave(again):
            command()

    def undo(self) -> None:
        """Go back to the project before the last edit."""
        self._window.session.undo()

    def redo(self) -> None:
        """Do the last undone edit again."""
        self._window.session.redo()

    # ------------------------------------------------------------------ the main job

    def assess(self) -> None:
        """Assess the project on the date on show."""
        from gisapp.analysis.assess import assess
        from gisapp.session.edits import assessed

        window, project, as_of = self._window, self._window.project, self._window.as_of.iso_date

        def take(assessment: Assessment) -> None:
            self._apply(lambda now: assessed(now, assessment), _("assess"))
            n = assessment.summary["conflicts"]
            found = ngettext("Assessed: {n} conflict.", "Assessed: {n} conflicts.", n)
            window.messages.tell(
                found.format(n=number(n)), "\n".join(assessment.summary["warnings"]), "done"
            )

        window.jobs.start(
            lambda progress: assess(project, as_of, progress), title=_("Assessing"), done=take
        )

    def choose_basemap(self) -> None:
        """Ask what shall lie below the layers."""
        from gisapp.session.edits import set_basemap
        from gisapp.ui.basemap_dialog import ask_basemap

        def use(basemap: Basemap) -> None:
            self._apply(set_basemap(basemap), _("change the basemap"))
            window.basemap.renew()

        window = self._window
        ask_basemap(window, window.project, window.folder, window.canvas.viewport, use)

    # ------------------------------------------------------------------ layers

    def set_visible(self, name: str, visible: bool) -> None:
        """Draw a layer or leave it out."""
        from gisapp.session.edits import show_layer

        text = _("show {layer}") if visible else _("hide {layer}")
        self._apply(show_layer(name, visible), text.format(layer=self._title(name)))

    def move_layer(self, name: str, place: int) -> None:
        """Move a layer to a place in the drawing order, 0 on top."""
        from gisapp.session.edits import move_layer

        if self._names().index(name) != place:
            self._apply(move_layer(name, place), _("move {layer}").format(layer=self._title(name)))

    def rename_layer(self, name: str, title: str) -> None:
        """Call a layer `title`."""
        from gisapp.session.edits import retitle_layer

        self._apply(retitle_layer(name, title), _("rename {layer}").format(layer=self._title(name)))

    def edit_style(self, rule: int = 0) -> None:
        """Edit the style of the current layer, beginning with one of its rules."""
        window = self._window
        layer = window.project.layer(window.layers.current)
        if not window.styling.open(layer, rule, self._window.settings.folder):
            window.messages.tell(
                _("The style of another layer is being edited."),
                _("Choose OK or Cancel there first."),
            )

    def restyle_layer(self, name: str, style: Style) -> None:
        """Draw a layer by another style."""
        from gisapp.session.edits import restyle_layer

        text = _("style {layer}").format(layer=self._title(name))
        self._guarded(partial(self._apply, restyle_layer(name, style), text))

    def remove_layer(self) -> None:
        """Take the current layer out of the project; undo brings it back."""
        from gisapp.session.edits import remove_layer

        name = self._window.layers.current
        self._apply(remove_layer(name), _("remove {layer}").format(layer=self._title(name)))

    def zoom_layer(self) -> None:
        """Show the whole of the current layer."""
        layer = self._window.project.layer(self._window.layers.current)
        self._window.canvas.zoom_to_frames([layer.frame])

    def set_as_of(self, iso_date: str) -> None:
        """Ask about another date; results of an earlier one are then out of date."""
        from gisapp.session.edits import set_as_of

        self._apply(set_as_of(iso_date), _("change the as-of date"))

    def _shift_layer(self, step: int) -> None:
        name = self._window.layers.current
        place = self._names().index(name) + step
        if 0 <= place < len(self._names()):
            self.move_layer(name, place)

    def _names(self) -> list[str]:
        return [layer.name for layer in self._window.project.layers]

    def _title(self, name: str) -> str:
        from gisapp.render.legend import title_of

        return title_of(self._window.project.layer(name))

    def _apply(self, edit: Edit, text: str) -> None:
        self._window.session.apply(edit, text)

    def _guarded(self, command: Callable[[], object]) -> None:
        """Run a command; tell what the user has to mend first."""
        try:
            command()
        except GisappError as error:
            self._window.tell_error(error)
