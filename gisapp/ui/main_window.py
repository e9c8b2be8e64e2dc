"""The window: puts the map, the panels and the session together.

Panels ask through signals, commands change the session's project, and the window shows the new
project: `_show` is the only way a widget learns of a change.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from gisapp.core.errors import GisappError
from gisapp.core.project import Project
from gisapp.core.words import _, language, set_language
from gisapp.ui import identify
from gisapp.ui.analysing import Analysing
from gisapp.ui.as_of import AsOf
from gisapp.ui.attaching import Attaching
from gisapp.ui.banner import Banner
from gisapp.ui.basemap_picture import BasemapPicture
from gisapp.ui.commands import Commands
from gisapp.ui.coordinates import place_text, scale_text
from gisapp.ui.docks import Docks
from gisapp.ui.empty_state import EmptyState
from gisapp.ui.evidencing import Evidencing
from gisapp.ui.identify_panel import IdentifyPanel
from gisapp.ui.layer_panel import LayerPanel
from gisapp.ui.layer_rows import table_rows
from gisapp.ui.legend_count import LegendCount
from gisapp.ui.map_canvas import MapCanvas
from gisapp.ui.menus import Menus
from gisapp.ui.messages import BugReporter, MessageBar, show_error
from gisapp.ui.status_bar import StatusBar
from gisapp.ui.styling import Styling
from gisapp.ui.summary_panel import SummaryPanel
from gisapp.ui.tables import ConflictTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtGui import QCloseEvent, QKeyEvent

    from gisapp.core.catalogue import Catalogue
    from gisapp.render.pick import Hit
    from gisapp.render.viewport import Viewport
    from gisapp.session.session import Session
    from gisapp.ui.jobs import Job, Jobs
    from gisapp.ui.settings import Settings

MARKED_MAX = 500


class MainWindow(QMainWindow):
    """Shows one session.

    Parameters
    ----------
    jobs : Jobs
        For long work, one piece after the other, followed by the status bar.
    drawing : Jobs
        For the map's picture and the legend's counts, so that long work does not hold them up.

    Signals
    -------
    session_changed : another session is shown
    """

    session_changed = Signal()

    def __init__(self, jobs: Jobs, drawing: Jobs, settings: Settings, bugs: BugReporter) -> None:
        super().__init__()
        self.jobs, self.settings = jobs, settings
        self._session: Session | None = None
        self.drawing, self._bugs = drawing, bugs
        self._shown: Project | None = None  # None: everything is to be shown anew
        self._hits: Sequence[Hit] = ()
        self._legend = LegendCount(drawing, self)
        self.canvas = MapCanvas(drawing)
        self.basemap = BasemapPicture(parent=self)
        self.layers = LayerPanel()
        self.conflicts = ConflictTable()
        self.summary = SummaryPanel()
        self.identified = IdentifyPanel()
        self.banner = Banner()
        self.messages = MessageBar()
        self.empty = EmptyState()
        self.status = StatusBar(jobs)
        self.as_of = AsOf()
        self.styling = Styling(self, drawing)
        self.analysing = Analysing(self)
        self.evidencing = Evidencing(self)
        self.attaching = Attaching(self)
        self.commands = Commands(self)
        self.menus = Menus(self, self.commands.handlers)
        self._unlisten: Callable[[], None] = lambda: None
        self._build()
        self._connect()
        self.retranslate()

    @property
    def has_session(self) -> bool:
        """Whether a project is open; not so while the first one is read."""
        return self._session is not None

    @property
    def session(self) -> Session:
        """The session on show; there must be one."""
        if self._session is None:
            raise RuntimeError("no project is open yet")
        return self._session

    @property
    def project(self) -> Project:
        """The project on show; an empty one while the first is read."""
        return self._session.project if self._session else Project()

    @property
    def folder(self) -> Path | None:
        """Where the project on show lies; None for one that was never saved."""
        path = self._session.path if self._session else None
        return path.parent if path else None

    def _build(self) -> None:
        self._middle = QStackedWidget()
        self._middle.addWidget(self.empty)
        self._middle.addWidget(self.canvas)
        center = QWidget()
        column = QVBoxLayout(center)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self.banner, self.messages):
            column.addWidget(part)
        column.addWidget(self._middle, 1)
        self.setCentralWidget(center)
        self.setStatusBar(self.status)
        self.docks = Docks(
            self,
            {
                "layers": self.layers,
                "summary": self.summary,
                "identified": self.identified,
                "conflicts": self.conflicts,
            },
        )
        self.layers.offer(self.menus.named("layer"))
        self.empty.offer(self.menus.named("start"))
        self.resize(1280, 800)
        geometry, docks = self.settings.layout
        self.restoreGeometry(geometry)
        self.restoreState(docks)
        self.docks.keep_widths()

    def _connect(self) -> None:
        self.jobs.failed.connect(self.tell_error)
        self.jobs.started.connect(self.menus.enable)
        self.jobs.finished.connect(self._settle)
        self.drawing.failed.connect(self.tell_error)
        self.canvas.lay_under(self.basemap)
        self.basemap.failed.connect(self._tell_quietly)
        self.canvas.moved.connect(self._show_scale)
        self.canvas.moved.connect(lambda _viewport: self._legend.stop())
        self.canvas.drawn.connect(self._count)
        self.canvas.pointed.connect(self._show_place)
        self.canvas.asked.connect(self._identify)
        self.layers.visibility_asked.connect(self.commands.set_visible)
        self.layers.move_asked.connect(self.commands.move_layer)
        self.layers.rename_asked.connect(self.commands.rename_layer)
        self.layers.chosen.connect(self.menus.enable)
        self.layers.style_asked.connect(self.commands.edit_style)
        self.styling.kept.connect(self.commands.restyle_layer)
        self.styling.previewed.connect(lambda: self._show_layers(self.project))
        self.as_of.chosen.connect(self.commands.set_as_of)
        order = (self.layers.tree, self.canvas, self.identified.tree, self.conflicts.finding)
        for one, next_one in pairwise((*order, self.conflicts.table)):
            self.setTabOrder(one, next_one)
        self.conflicts.chosen.connect(self._mark_conflicts)
        self.conflicts.activated.connect(self._go_to_conflict)
        self.identified.chosen.connect(self._mark_record)
        for panel in (self.conflicts, self.identified):
            panel.why_asked.connect(self.evidencing.open)
        self.identified.time_asked.connect(self.analysing.open_time)
        self.attaching.listen_to(self.identified)

    def retranslate(self) -> None:
        """Take the words of the language in force, everywhere."""
        QLocale.setDefault(QLocale({"id": "id_ID", "en": "en_GB"}[language()]))
        self.docks.retranslate()
        parts = (self.canvas, self.layers, self.conflicts, self.summary, self.identified)
        for part in (*parts, self.banner, self.messages, self.empty, self.status, self.as_of):
            part.retranslate()
        self.menus.retranslate()
        self._hits = ()
        self.identified.show_found(())
        self._shown = None
        self._show()
        self.styling.retranslate()
        self.analysing.retranslate()
        self.evidencing.retranslate()

    def speak(self, code: str) -> None:
        """Change the language of everything on show, and remember it."""
        set_language(code)
        self.settings.language = code
        self.retranslate()
        self.commands.translate_demo()

    def use(self, session: Session) -> None:
        """Show another session."""
        self._leave()
        for job in self.jobs.running:
            self.jobs.cancel(job)
        self._session = session
        self._unlisten = session.listen(self._show)
        self._shown = None
        self.canvas.mark(())
        self._hits = ()
        self.identified.show_found(())
        self.messages.hide()
        self.canvas.forget_view()
        self._show()
        if session.project.view is not None:
            self.canvas.look_at(session.project.view)
        (self.canvas if session.project.layers else self.empty).setFocus()
        self.session_changed.emit()

    def _leave(self) -> None:
        self.styling.close()
        self.evidencing.close()
        self.commands.saving.leave()
        if self._session is not None:
            self._unlisten()
            self._session.close()

    def _settle(self, _job: Job[object]) -> None:
        self.menus.enable()
        self.empty.set_loading(bool(self.jobs.running))

    def tell_error(self, error: Exception) -> None:
        """Show an error that a job or a command ended with."""
        if not self.has_session and isinstance(error, GisappError):
            self.commands.begin_empty()
        show_error(self.messages, self._bugs, error)

    def _tell_quietly(self, error: GisappError) -> None:
        """Tell what is wrong with the basemap; the layers do not need it."""
        self.messages.tell(error.message, error.remedy)

    def _show(self) -> None:
        self.menus.enable()
        self._show_title()
        self.banner.setVisible(self.has_session)
        if not self.has_session:
            return
        was, project = self._shown, self.project
        self._shown = project
        self.styling.follow(project)
        self.basemap.show_basemap(project.basemap, project.crs, self.folder)
        if was is None or project.layers is not was.layers or project.tables is not was.tables:
            self._show_layers(project)
        if was is None or project.of_kind("conflicts") != was.of_kind("conflicts"):
            self._show_conflicts(project)
        if was is None or project.runs is not was.runs:
            self.summary.show_project(project)
        if was is not None and _frames(project) != _frames(was):
            self._show_hits(())  # it told of records that are no longer so
        elif was is not None and project.attachments is not was.attachments:
            self._show_hits(self._hits)
        self.as_of.show_project(project)
        self.banner.show_project(project)
        self.analysing.follow()
        self.evidencing.follow()

    def _show_hits(self, hits: Sequence[Hit]) -> None:
        self._hits = hits
        self.identified.show_found(identify.identified(self.project, hits, catalogue()))

    def _show_layers(self, project: Project) -> None:
        self._middle.setCurrentWidget(self.canvas if project.layers else self.empty)
        self.canvas.show_layers(self.styling.styled(project).layers)
        self._legend.stop()
        self._count()

    def _count(self) -> None:
        """Have the legend counted, as it is at this scale and in this view."""
        project = self.styling.styled(self.project)
        tables = table_rows(project.tables.values(), catalogue())
        self._legend.count(
            project, self.canvas.viewport, lambda rows: self.layers.show_rows(rows, tables)
        )

    def _show_conflicts(self, project: Project) -> None:
        found = project.of_kind("conflicts")
        kind = catalogue().kind("conflicts")
        self.conflicts.show_conflicts(found[0].frame if found else None, kind)

    def _show_title(self) -> None:
        if self._session is None:
            self.setWindowTitle("gisapp")
            return
        path, title = self._session.path, self.project.title
        name = title or (path.stem if path else _("New project"))
        self.setWindowTitle(f"{name}[*] — gisapp")
        self.setWindowModified(self._session.dirty)

    def _show_scale(self, viewport: Viewport) -> None:
        self.status.scale.setText(scale_text(viewport.scale))

    def _show_place(self, x: float, y: float) -> None:
        self.status.place.setText(place_text(x, y, self.project.crs))

    def _identify(self, x_px: float, y_px: float) -> None:
        from gisapp.render.pick import pick  # imports pandas

        if self.canvas.viewport is None:
            return
        project = self.project
        hits = pick(project.layers, self.canvas.viewport, x_px, y_px)
        self._show_hits(hits)
        rows = identify.conflicts_of_hits(project, hits)
        self.conflicts.choose_rows(rows)
        self.canvas.mark([identify.place_of(project, hit.layer, hit.row) for hit in hits[:1]])
        self.docks.raise_("identified")

    def _mark_record(self, layer: str, row: int) -> None:
        self.canvas.mark([identify.place_of(self.project, layer, row)])

    def _mark_conflicts(self, rows: Sequence[int]) -> None:
        self.canvas.mark(identify.places_of_conflicts(self.project, rows[:MARKED_MAX]))
        self.menus.enable()

    def _go_to_conflict(self, row: int) -> None:
        self._mark_conflicts([row])
        self.canvas.zoom_to_marks()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes the message, stops the work, or takes the marks away, in this order."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.messages.isVisible():
            self.messages.hide()
        elif self.jobs.running:
            self.jobs.cancel(self.jobs.running[0])
        else:
            self.canvas.mark(())
            self.menus.enable()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about unsaved changes, then end the work and remember the layout.

        A save under way, or the one that is asked for, ends first; it closes the window then.
        """
        if not self.commands.saving.may_leave(self.close):
            event.ignore()
            return
        if self.has_session:  # a window closed while it came up has no layout worth keeping
            self.settings.layout = self.saveGeometry(), self.saveState()
        self._leave()
        self.basemap.close()
        self.canvas.forget_view()  # a timer of its own would ask for one more picture
        for jobs in (self.jobs, self.drawing, self.styling.preparing, self.commands.saving.jobs):
            jobs.shutdown()
        event.accept()


def catalogue() -> Catalogue:
    """Return the layer catalogue; read when the first layer is shown."""
    from gisapp.io.catalogue import load_catalogue  # imports pydantic

    return load_catalogue()


def _frames(project: Project) -> dict[str, int]:
    return {layer.name: id(layer.frame) for layer in project.layers}
