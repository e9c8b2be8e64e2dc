"""The rows that were not taken in: seen with their reasons, corrected, and taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.errors import GisappError
from gisapp.core.words import _, ngettext, number
from gisapp.io.mending import Mended, mend
from gisapp.ui import dialogs
from gisapp.ui.import_map import ImportMap
from gisapp.ui.import_notes import NotesBox
from gisapp.ui.import_preview import Quarantined, quarantined
from gisapp.ui.mending_form import ID, MendingForm, answer_text, count_text
from gisapp.ui.mending_table import MendingModel, MendingTable
from gisapp.ui.messages import plain_label
from gisapp.ui.tables import fit_columns

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

    from gisapp.core.layer import Layer, Table
    from gisapp.core.project import Project
    from gisapp.ui.jobs import Job, Jobs

_SIZE_PX, _EMPTY_PX = (1080, 620), (460, 200)


class QuarantineDialog(QDialog):
    """Shows what was not taken in of a layer or table, and takes in what is corrected.

    Parameters
    ----------
    jobs, drawing : Jobs
        Look for places and take rows in; draw the map.

    Signals
    -------
    mended : the Layer or Table with the rows that were taken in; the others stay corrected
    """

    mended = Signal(object)

    def __init__(
        self,
        project: Project,
        part: Layer | Table,
        jobs: Jobs,
        drawing: Jobs,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._project, self._part, self._jobs = project, part, jobs
        self._found: Quarantined | None = None
        self._looking: Job[Quarantined] | None = None
        self._mending: Job[Mended] | None = None
        self._asks = True
        self.setWindowTitle(_("Rows not taken in: {layer}").format(layer=part.name))
        self.resize(
            *(_SIZE_PX if part.quarantine is not None and len(part.quarantine) else _EMPTY_PX)
        )
        self.model = MendingModel(MendingForm(part))
        self.table = MendingTable(self.model)
        self.map = ImportMap(drawing)
        self._build()
        self._connect()
        self._show(self.model.form)
        fit_columns(self.table)
        self.table.setFocus()

    def _build(self) -> None:
        self.count = plain_label(name="heading")
        self.remedy = plain_label()
        self.answer = plain_label(name="stale")
        self.answer.hide()
        self.reason = QComboBox()
        self.reason.setAccessibleName(_("Show rows with one reason"))
        self.empty = plain_label(_("Every row was taken in."), name="quiet")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.notes = NotesBox()
        self.notes.show_notes(self._part.report.notes if self._part.report else ())
        head = QHBoxLayout()
        head.addWidget(self.count, 1)
        head.addWidget(self.reason)
        self.split = QSplitter()
        self.split.addWidget(self.table)
        self.split.addWidget(self.map)
        self.split.setChildrenCollapsible(False)
        self.split.setSizes([700, 360])
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.split, 1)
        column.addWidget(self.empty, 1)
        for widget in (self.remedy, self.answer, self.notes, self._buttons()):
            column.addWidget(widget)

    def _buttons(self) -> QDialogButtonBox:
        buttons, roles = QDialogButtonBox(), QDialogButtonBox.ButtonRole
        self.take = buttons.addButton("", roles.AcceptRole)
        self.forget = buttons.addButton(_("&Undo what was typed"), roles.ResetRole)
        close = buttons.addButton(_("Close"), roles.RejectRole)
        for button in (self.take, self.forget, close):
            button.setAutoDefault(False)  # Enter belongs to the table
            button.setDefault(False)
        buttons.rejected.connect(self.reject)
        return buttons

    def _connect(self) -> None:
        self.model.typed.connect(self._tell)
        self.table.selectionModel().currentChanged.connect(lambda now, _was: self._go_to(now.row()))
        self.reason.currentIndexChanged.connect(self._filter)
        self.take.clicked.connect(self._mend)
        self.forget.clicked.connect(self._forget)

    # ------------------------------------------------------------------ what is shown

    def _show(self, form: MendingForm) -> None:
        self.model.show(form)
        self.reason.blockSignals(True)
        self.reason.clear()
        self.reason.addItem(_("All reasons"), "")
        for reason, text in form.reasons:
            self.reason.addItem(text, reason)
        self.reason.blockSignals(False)
        some = len(form.places) > 0
        for widget in (self.count, self.split, self.reason, self.remedy, self.take, self.forget):
            widget.setVisible(some)
        self.empty.setVisible(not some)
        self._tell()
        if some:
            self.table.setCurrentIndex(self.model.index(0, ID + 1))
            self._look()

    def _filter(self) -> None:
        self.model.form.show_only(self.reason.currentData())
        self.model.show(self.model.form)
        self.table.setCurrentIndex(self.model.index(0, ID + 1))

    def _look(self) -> None:
        """Look for the places of the rows, in the background."""
        project, part = self._project, self._part
        self._looking = self._jobs.start(
            lambda _progress: quarantined(project, part),
            title=_("Looking for places"),
            done=self._place,
        )

    def _place(self, found: Quarantined) -> None:
        self._found = found
        self.map.show_rows(found.places)
        self._go_to(self.table.currentIndex().row())

    def _go_to(self, place: int) -> None:
        """Say what can be done about a row, and mark it on the map where its place is known."""
        form = self.model.form
        if not 0 <= place < len(form.places):
            return
        self.remedy.setText(form.remedy(place))
        row = form.row_of(place)
        if self._found is not None and row < len(self._found.of_row):
            where = self._found.of_row[row]
            self.map.mark([where] if where is not None else [])

    def _tell(self) -> None:
        form, n = self.model.form, len(self.model.form.corrections)
        self.count.setText(count_text(self._part, len(form.places)))
        text = ngettext("&Take in {n} corrected row", "&Take in {n} corrected rows", n)
        self.take.setText(text.format(n=number(n)) if n else _("&Take in corrected rows"))
        under_way = self._mending is not None and self._mending.under_way
        self.take.setEnabled(n > 0 and not under_way)
        self.forget.setEnabled(n > 0 and not under_way)

    # ------------------------------------------------------------------ what is typed

    def _forget(self) -> None:
        self.model.form.forget_typed()
        self.model.show(self.model.form)
        self._tell()

    def _mend(self) -> None:
        project, part, corrections = self._project, self._part, self.model.form.corrections
        self._mending = self._jobs.start(
            lambda _progress: mend(project, part, corrections),
            title=_("Taking corrected rows in"),
            done=self._take_in,
            failed=self._refuse,
        )
        self._tell()

    def _take_in(self, mended: Mended) -> None:
        """Hand over what became of the corrections, and show what is still refused."""
        told = answer_text(len(self.model.form.corrections), mended.refused)
        self._part = mended.part
        self._answer(" ".join((told, *mended.notes)))
        self.mended.emit(mended.part)
        self._show(MendingForm(mended.part))

    def take_project(self, project: Project) -> None:
        """Go on with the project that holds what was mended."""
        self._project = project

    def _refuse(self, error: Exception) -> None:
        self._tell()
        if isinstance(error, GisappError):
            self._answer(f"{error.message} {error.remedy}")
        else:
            self._jobs.failed.emit(error)

    def _answer(self, text: str) -> None:
        self.answer.setText(text)
        self.answer.show()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask the user who closes; not where the program does, because the system ends it."""
        self._asks = event.spontaneous()
        super().closeEvent(event)

    def done(self, result: int) -> None:
        """Close, unless the user wants to keep what was typed and not taken in."""
        n = len(self.model.form.corrections)
        if n and self._asks and not dialogs.ask_discard(self, n):
            return
        for job in (self._looking, self._mending):
            if job is not None:
                self._jobs.cancel(job)
        super().done(result)
