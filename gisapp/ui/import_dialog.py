"""Bringing a source in: what the rows are, which column is which field, and what would come of it.

The preview is the import itself, run in the background on every change; OK takes its result.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.catalogue import RELATIONS
from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.catalogue import load_catalogue
from gisapp.io.recipe import Recipe, bring_in, mapping_of
from gisapp.ui.frame_view import FrameView
from gisapp.ui.import_form import (
    code_rows,
    counts_text,
    field_rows,
    kind_choices,
    location_note,
)
from gisapp.ui.import_tables import CodeTable, FieldTable
from gisapp.ui.messages import plain_label
from gisapp.ui.quarantine import quarantine_view
from gisapp.ui.tables import FrameModel, fit_columns, table_view
from gisapp.ui.values import HIDDEN_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gisapp.core.layer import Layer, Table
    from gisapp.core.project import Project
    from gisapp.io.source import RawTable, Source
    from gisapp.ui.jobs import Job, Jobs

SETTLED_MS = 250
SHOWN_ROWS = 200


class ImportDialog(QDialog):
    """Asks how a source is to be read.

    Parameters
    ----------
    kinds : mapping
        What the rows of each of the source's tables are taken for at first.

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
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._kinds = kinds
        self._project, self._source, self._jobs = project, source, jobs
        self._tables = {table.name: table for table in source.tables}
        self._made: Layer | Table | None = None
        self._previewing: Job[Layer | Table] | None = None
        self.recipe = Recipe("other", next(iter(self._tables)))
        self.setWindowTitle(_("Import {name}").format(name=source.path.rsplit("/", 1)[-1]))
        self.resize(1080, 700)
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settled.timeout.connect(self._preview)
        self._build()
        self._choose_table()

    @property
    def raw(self) -> RawTable:
        """The table of the source that is chosen."""
        return self._tables[self.recipe.table]

    def _build(self) -> None:
        self.table, self.kind = QComboBox(), QComboBox()
        self.name, self.crs = QLineEdit(), QLineEdit()
        self.place = plain_label(name="quiet")
        self.fields, self.codes = FieldTable(), CodeTable()
        self.rows, self.refused = FrameModel(), FrameModel()
        self.counts = plain_label(name="heading")
        self.notes = plain_label(name="quiet")
        for name in self._tables:
            self.table.addItem(name, name)
        for name, title in kind_choices():
            self.kind.addItem(title, name)
        self.name.setPlaceholderText(_("as the kind"))
        self.crs.setPlaceholderText(_("as the file says, e.g. EPSG:4326"))
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 14)
        column.setSpacing(10)
        column.addLayout(self._form())
        column.addWidget(self._split(), 1)
        column.addWidget(self.counts)
        column.addWidget(self.notes)
        column.addWidget(self._buttons())
        self.table.currentIndexChanged.connect(self._choose_table)
        self.kind.currentIndexChanged.connect(self._choose_kind)
        self.name.textChanged.connect(self._rename)
        self.crs.textChanged.connect(self._rename)
        self.fields.chosen.connect(self._map_field)
        self.codes.chosen.connect(self._map_code)

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        if len(self._tables) > 1:
            form.addRow(_("&Sheet or layer"), self.table)
        form.addRow(_("The rows &are"), self.kind)
        form.addRow(_("Layer &name"), self.name)
        form.addRow(_("&CRS of the source"), self.crs)
        form.addRow(_("Where the rows lie"), self.place)
        return form

    def _split(self) -> QSplitter:
        self.previews = QTabWidget()
        self.previews.setDocumentMode(True)
        self.rows_view = table_view(self.rows, _("Rows as they would be"))
        self.refused_view = table_view(self.refused, _("Rows not taken in"))
        self.previews.addTab(self.rows_view, _("Rows as they would be"))
        self.previews.addTab(self.refused_view, _("Not taken in"))
        self.previews.addTab(self.codes, _("Codes"))
        split = QSplitter()
        split.addWidget(self.fields)
        split.addWidget(self.previews)
        split.setChildrenCollapsible(False)
        split.setSizes([520, 520])
        return split

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        self.take = buttons.addButton(_("Import"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(_("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons

    def _choose_table(self) -> None:
        suggested = self.kind.findData(self._kinds[self.table.currentData()])
        self.kind.blockSignals(True)
        self.kind.setCurrentIndex(suggested)
        self.kind.blockSignals(False)
        self._choose_kind()

    def _choose_kind(self) -> None:
        kind = self.kind.currentData()
        self.recipe = Recipe(
            kind, self.table.currentData(), name=self.name.text(), crs=self.crs.text()
        )
        for edit in (self.name, self.crs):
            edit.setEnabled(kind not in RELATIONS)
        self._show_recipe()

    def _rename(self) -> None:
        name, crs = self.name.text().strip(), self.crs.text().strip()
        self._decide(replace(self.recipe, name=name, crs=crs))

    def _map_field(self, field: str, column: str) -> None:
        fields = {**self.recipe.fields, field: column}
        self.recipe = replace(self.recipe, fields=fields)
        self._show_recipe()

    def _map_code(self, field: str, raw: str, code: str) -> None:
        words = {**self.recipe.values.get(field, {}), raw: code}
        self._decide(replace(self.recipe, values={**self.recipe.values, field: words}))

    def _show_recipe(self) -> None:
        columns = [str(column) for column in self.raw.columns.columns]
        kind = load_catalogue().kind(self.recipe.kind)
        mapping = mapping_of(self.raw, self.recipe)
        self.fields.show_rows(field_rows(self.raw, mapping, kind), columns)
        self.place.setText(location_note(self.raw, mapping, kind))
        self.codes.show_rows(code_rows(self.raw, mapping, kind, self.recipe.values), kind)
        self._decide(self.recipe)

    def _decide(self, recipe: Recipe) -> None:
        """Take the user's decisions; the preview follows when they have settled."""
        self.recipe, self._made = recipe, None
        self.take.setEnabled(False)
        self.counts.setText(_("Working out the preview…"))
        self._stop()
        self._settled.start()

    def _preview(self) -> None:
        project, source, recipe = self._project, self._source, self.recipe
        self._previewing = self._jobs.start(
            lambda progress: bring_in(project, source, recipe, progress),
            title=_("Working out the preview"),
            done=self._show,
            failed=self._refuse,
        )

    def _show(self, made: Layer | Table) -> None:
        self._made = made
        if made.report is not None:
            self.counts.setText(counts_text(made.report))
            self.notes.setText("\n".join(made.report.notes))
        frame = made.frame.head(SHOWN_ROWS)
        shown = [str(name) for name in frame.columns if name not in HIDDEN_COLUMNS]
        self.rows.show(FrameView(frame, shown, load_catalogue().kinds.get(made.kind)))
        self.refused.show(quarantine_view(made))
        for view in (self.rows_view, self.refused_view):
            fit_columns(view)
        self.take.setEnabled(True)

    def _refuse(self, error: Exception) -> None:
        if not isinstance(error, GisappError):
            self._jobs.failed.emit(error)
            return
        self.counts.setText(error.message)
        self.notes.setText(error.remedy)
        for model in (self.rows, self.refused):
            model.show(None)

    def _stop(self) -> None:
        if self._previewing is not None:
            self._jobs.cancel(self._previewing)

    def accept(self) -> None:
        """Take what the preview shows."""
        if self._made is not None:
            super().accept()
            self.imported.emit(self._made)

    def done(self, result: int) -> None:
        """Close; a preview under way is worth nothing then."""
        self._settled.stop()
        self._stop()
        super().done(result)
