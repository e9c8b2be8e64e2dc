"""Bringing a source in: what the rows are, which column is which field, and what would come of it.

The preview is the import itself, run in the background on every change; OK takes its result.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.catalogue import RELATIONS
from gisapp.core.errors import GisappError
from gisapp.core.recipe import Recipe
from gisapp.core.words import _, number
from gisapp.io.catalogue import load_catalogue
from gisapp.ui.import_form import (
    Form,
    changes_text,
    counts_text,
    form_of,
    kind_choices,
    layer_read_from,
    other_notes,
    replaced_text,
    replaces_all,
)
from gisapp.ui.import_map import ImportMap
from gisapp.ui.import_mappings import MappingBar
from gisapp.ui.import_notes import NotesBox
from gisapp.ui.import_preview import SHOWN_ROWS, Preview, preview
from gisapp.ui.import_tables import CodeTable, FieldTable
from gisapp.ui.messages import plain_label
from gisapp.ui.tables import FrameModel, fit_columns, table_view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gisapp.core.layer import ImportReport
    from gisapp.core.project import Project
    from gisapp.io.source import RawTable, Source
    from gisapp.ui.jobs import Job, Jobs

SETTLED_MS = 250


class ImportDialog(QDialog):
    """Asks how a source is to be read.

    Parameters
    ----------
    kinds : mapping
        What the rows of each of the source's tables are taken for at first.
    jobs, drawing : Jobs
        Work the preview out; draw its map.

    Signals
    -------
    imported : the Layer or Table that the user took
    """

    imported = Signal(object)

    def __init__(
        self,
        project: Project,
        source: Source,
        kinds: Mapping[str, str],
        jobs: Jobs,
        drawing: Jobs,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kinds = kinds
        self._project, self._source, self._jobs = project, source, jobs
        self._tables = {table.name: table for table in source.tables}
        self._preview: Preview | None = None
        self._proposed = ""
        self._working: list[Job[Any]] = []
        self.recipe = Recipe("other", next(iter(self._tables)))
        self.setWindowTitle(_("Import {name}").format(name=source.name))
        self.resize(1180, 720)
        self._settled = QTimer(self, singleShot=True)
        self._settled.timeout.connect(self._work_out)
        self._make_widgets(drawing)
        self._build()
        self._connect()
        self._choose_table()

    @property
    def raw(self) -> RawTable:
        """The table of the source that is chosen."""
        return self._tables[self.recipe.table]

    def _make_widgets(self, drawing: Jobs) -> None:
        self.table, self.kind = QComboBox(), QComboBox()
        self.name, self.crs = QLineEdit(), QLineEdit()
        self.found = plain_label(name="quiet")
        self.fields, self.codes = FieldTable(), CodeTable()
        self.map = ImportMap(drawing)
        self.rows, self.refused = FrameModel(), FrameModel()
        self.rows_view = table_view(self.rows, _("Rows as they would be"))
        self.refused_view = table_view(self.refused, _("Rows not taken in"))
        self.counts = plain_label(name="heading")
        self.changes = plain_label()
        self.keep = QCheckBox(_("&Keep rows that are no longer in the file"))
        self.keep.hide()
        self.notes = NotesBox()
        self.bar = MappingBar(self._jobs)
        for name in self._tables:
            self.table.addItem(name, name)
        for name, title in kind_choices():
            self.kind.addItem(title, name)
        self.name.setPlaceholderText(_("as the kind"))
        self.crs.setPlaceholderText(_("as the file says, e.g. EPSG:4326"))

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self.bar)
        column.addWidget(self.found)
        column.addLayout(self._choices())
        column.addWidget(self._split(), 1)
        for widget in (self.counts, self.changes, self.keep, self.notes, self._buttons()):
            column.addWidget(widget)

    def _choices(self) -> QGridLayout:
        """Lay what is asked about the whole table out in two columns."""
        asked: list[tuple[str, QWidget]] = [
            (_("The rows &are"), self.kind),
            (_("Layer &name"), self.name),
            (_("&CRS of the source"), self.crs),
        ]
        self._of_layers: list[QWidget] = [self.name, self.crs]
        if len(self._tables) > 1:
            asked.insert(0, (_("&Sheet or layer"), self.table))
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        for place, (text, widget) in enumerate(asked):
            label = QLabel(text)
            label.setBuddy(widget)
            row, side = divmod(place, 2)
            if widget in self._of_layers:
                self._of_layers.append(label)
            grid.addWidget(label, row, side * 2)
            grid.addWidget(widget, row, side * 2 + 1)
        for side in (1, 3):
            grid.setColumnStretch(side, 1)
        return grid

    def _split(self) -> QSplitter:
        self.previews = QTabWidget()
        self.previews.setDocumentMode(True)
        self.previews.addTab(self.map, _("Map"))
        self.previews.addTab(self.rows_view, _("Rows as they would be"))
        self.previews.addTab(self.refused_view, _("Not taken in"))
        self.previews.addTab(self.codes, _("Codes"))
        most = _("At most {n} rows are shown; those that were repaired come first.")
        self.previews.setTabToolTip(1, most.format(n=number(SHOWN_ROWS)))
        split = QSplitter()
        split.addWidget(self.fields)
        split.addWidget(self.previews)
        split.setChildrenCollapsible(False)
        split.setSizes([540, 600])
        return split

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        self.take = buttons.addButton(_("Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        roles = QDialogButtonBox.ButtonRole
        self.load = buttons.addButton(_("&Load mapping…"), roles.ResetRole)
        self.save = buttons.addButton(_("&Save mapping…"), roles.ResetRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons

    def _connect(self) -> None:
        self.table.currentIndexChanged.connect(self._choose_table)
        self.kind.currentIndexChanged.connect(self._choose_kind)
        self.name.textChanged.connect(self._rename)
        self.crs.textChanged.connect(self._rename)
        self.fields.chosen.connect(self._map_field)
        self.codes.chosen.connect(self._map_code)
        self.keep.toggled.connect(
            lambda kept: self._decide(replace(self.recipe, keep_missing=kept))
        )
        self.bar.chosen.connect(self.use)
        self.load.clicked.connect(self.bar.load)
        self.save.clicked.connect(self._save_mapping)

    # ------------------------------------------------------------------ decisions

    def _choose_table(self) -> None:
        suggested = self.kind.findData(self._kinds[self.table.currentData()])
        self.kind.blockSignals(True)
        self.kind.setCurrentIndex(suggested)
        self.kind.blockSignals(False)
        self._choose_kind()
        self.bar.look_back(self.raw, self.recipe)

    def _choose_kind(self) -> None:
        kind = self.kind.currentData()
        self._ask_of_layers(kind)
        self._propose_name(kind)
        self._decide(
            Recipe(
                kind,
                self.table.currentData(),
                name=self.name.text().strip(),
                crs=self.crs.text().strip(),
                keep_missing=self.keep.isChecked(),
                replace=True,  # said before OK, and one step to undo
            )
        )

    def _propose_name(self, kind: str) -> None:
        """Name the layer that was read from such columns, unless the user has typed a name."""
        if self.name.text().strip() == self._proposed:
            raw = self._tables[self.table.currentData()]
            self._proposed = layer_read_from(raw, kind, self._project)
            self.name.blockSignals(True)
            self.name.setText(self._proposed)
            self.name.blockSignals(False)

    def use(self, recipe: Recipe) -> None:
        """Read the table as another recipe says; its layer keeps the name that was typed."""
        for widget in (self.kind, self.crs):
            widget.blockSignals(True)
        self.kind.setCurrentIndex(self.kind.findData(recipe.kind))
        self.crs.setText(recipe.crs)
        for widget in (self.kind, self.crs):
            widget.blockSignals(False)
        self._ask_of_layers(recipe.kind)
        self._propose_name(recipe.kind)
        now = replace(self.recipe, name=self.name.text().strip())
        self._decide(
            replace(
                recipe,
                table=now.table,
                name=now.name,
                keep_missing=now.keep_missing,
                replace=now.replace,
            )
        )

    def _ask_of_layers(self, kind: str) -> None:
        for widget in self._of_layers:
            widget.setVisible(kind not in RELATIONS)

    def _rename(self) -> None:
        name, crs = self.name.text().strip(), self.crs.text().strip()
        self._decide(replace(self.recipe, name=name, crs=crs), after_ms=SETTLED_MS)

    def _map_field(self, field: str, column: str) -> None:
        self._decide(replace(self.recipe, fields={**self.recipe.fields, field: column}))

    def _map_code(self, field: str, raw: str, code: str) -> None:
        words = {**self.recipe.values.get(field, {}), raw: code}
        self._decide(replace(self.recipe, values={**self.recipe.values, field: words}))

    def _save_mapping(self) -> None:
        if self._preview is not None:
            self.bar.save(self._preview.made, self.recipe)

    def _decide(self, recipe: Recipe, after_ms: int = 0) -> None:
        """Take the user's decisions; the form and the preview follow when they have settled."""
        self.recipe, self._preview = recipe, None
        for button in (self.take, self.save):
            button.setEnabled(False)
        self.counts.setText(_("Working out the preview…"))
        self._stop()
        self._settled.start(after_ms)

    # ------------------------------------------------------------------ form and preview

    def _work_out(self) -> None:
        project, source, raw, recipe = self._project, self._source, self.raw, self.recipe
        self._working = [
            self._jobs.start(
                lambda _progress: form_of(project, source, raw, recipe),
                title=_("Looking at the columns"),
                done=self._show_form,
                failed=self._refuse,
            ),
            self._jobs.start(
                lambda progress: preview(project, source, recipe, progress),
                title=_("Working out the preview"),
                done=self._show_preview,
                failed=self._refuse,
            ),
        ]

    def _show_form(self, form: Form) -> None:
        self.found.setText(form.found)
        self.fields.show_rows(form.fields, [str(name) for name in self.raw.columns.columns])
        self.codes.show_rows(form.codes, load_catalogue().kind(self.recipe.kind))
        self._name_tab(self.codes, _("Codes"), _("Codes ({n} unknown)"), form.unknown)

    def _show_preview(self, found: Preview) -> None:
        self._preview = found
        report = found.made.report
        if report is not None:
            self.counts.setText(counts_text(report))
            self._show_changes(report)
            self.keep.setVisible(bool(report.changes.get("removed")) or self.keep.isChecked())
            self.notes.show_notes(other_notes(found.made))
            self._name_tab(
                self.refused_view, _("Not taken in"), _("Not taken in ({n})"), report.quarantined
            )
        self.map.show_rows(found.places)
        self.rows_view.empty = _("No row would be taken in.")
        self.refused_view.empty = _("Every row would be taken in.")
        self.rows.show(found.rows)
        self.refused.show(found.refused)
        for view in (self.rows_view, self.refused_view):
            fit_columns(view)
        for button in (self.take, self.save):
            button.setEnabled(True)

    def _show_changes(self, report: ImportReport) -> None:
        """Say what becomes of the rows that are there; louder where none of them stays."""
        replaced = replaced_text(self._project, self.recipe)
        self.changes.setObjectName("stale" if replaced or replaces_all(report) else "")
        self.changes.style().unpolish(self.changes)
        self.changes.style().polish(self.changes)
        self.changes.setText(replaced or changes_text(report, self.recipe.kind not in RELATIONS))
        self.changes.updateGeometry()
        self.changes.setVisible(bool(self.changes.text()))

    def _name_tab(self, page: QWidget, plain: str, counted: str, n: int) -> None:
        text = counted.format(n=number(n)) if n else plain
        self.previews.setTabText(self.previews.indexOf(page), text)

    def _refuse(self, error: Exception) -> None:
        if not isinstance(error, GisappError):
            self._jobs.failed.emit(error)
            return
        self.changes.hide()
        self.counts.setText(error.message)
        self.notes.show_notes((error.remedy,))
        self.map.show_empty(error.remedy)
        for view, model in ((self.rows_view, self.rows), (self.refused_view, self.refused)):
            view.empty = error.message
            model.show(None)

    def _stop(self) -> None:
        for job in self._working:
            self._jobs.cancel(job)
        self._working = []

    def accept(self) -> None:
        """Take what the preview shows."""
        if self._preview is not None:
            super().accept()
            self.bar.remember(self.raw, self.recipe)
            self.imported.emit(self._preview.made)

    def done(self, result: int) -> None:
        """Close; a preview under way is worth nothing then."""
        self._settled.stop()
        self._stop()
        super().done(result)
