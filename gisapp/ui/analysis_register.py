"""The page with the provision register: its rows, whom they reach, and the form to edit one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QVBoxLayout, QWidget

from gisapp.core.words import _, label
from gisapp.io.provisions import bundled_provisions
from gisapp.session.register import (
    put_codings,
    put_provision,
    put_provisions,
    remove_provision,
)
from gisapp.ui.analysis_page import AnalysisPage
from gisapp.ui.messages import plain_label
from gisapp.ui.register_fields import ProvisionForm
from gisapp.ui.register_form import (
    Register,
    as_record,
    coding_problems,
    empty_record,
    field_of,
    free_id,
    places_reached,
    problems,
    read_register,
    records_of,
)
from gisapp.ui.tables import FrameModel, fit_columns, table_view

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gisapp.core.progress import Progress
    from gisapp.core.project import Project
    from gisapp.session.edits import Edit
    from gisapp.ui.jobs import Jobs


class RegisterPage(AnalysisPage):
    """Edits the register row by row; what is kept is one step to undo."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__(jobs)
        self._register: Register | None = None
        self._current = ""
        self._is_edited = self._is_new = False
        self._build()
        self.retranslate()
        self.table.selectionModel().selectionChanged.connect(self._choose)
        self.form.edited.connect(self._check)
        self.add.clicked.connect(self._add)
        self.copy.clicked.connect(self._copy)
        self.remove.clicked.connect(self._remove)
        self.keep.clicked.connect(self._keep)
        self.mark.clicked.connect(self._mark)
        self.start.clicked.connect(self._start)

    def title(self) -> str:
        """Return what the page is called in the list."""
        return _("Provision register")

    def lacking(self, project: Project) -> str:  # noqa: ARG002 - a page answers so
        """Nothing: a register can be begun in an empty project."""
        return ""

    def ask(self, project: Project, progress: Progress) -> Register:
        """Read the register and whom it reaches; runs on a worker."""
        return read_register(project, progress)

    def show_answer(self, answer: Any) -> None:
        """Show the rows, and the one that was chosen before."""
        self._register = answer
        self.form.offer(self.project)
        self._model.show(answer.view)
        fit_columns(self.table)
        ids = list(answer.frame["id"])
        self.start.setEnabled(not {x["id"] for x in bundled_provisions()} <= set(ids))
        if self._current not in ids and not (self._is_new or self._is_edited):
            self._current = ids[0] if ids else ""
        self._select(self._current)
        if not self._is_edited:
            self._show_current()

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        self.table.setAccessibleName(_("Provisions"))
        self.table.empty = _(
            "The register is empty. Add a provision, start from the bundled register, or bring "
            "one in: Import…, or gisapp link PROJECT provisions FILE."
        )
        self.add.setText(_("Add"))
        self.copy.setText(_("Duplicate"))
        self.remove.setText(_("Remove"))
        self.keep.setText(_("Keep changes"))
        self.mark.setText(_("Show whom it reaches"))
        self.start.setText(_("Start from the bundled register"))
        self.form.retranslate()
        super().retranslate()

    # ---------------------------------------------------------------- how it is built

    def _build(self) -> None:
        self._model = FrameModel()
        self.table = table_view(self._model, "")
        self.form, self.wrong = ProvisionForm(), plain_label(name="stale")
        self.add, self.copy, self.remove = QPushButton(), QPushButton(), QPushButton()
        self.keep, self.mark, self.start = QPushButton(), QPushButton(), QPushButton()
        left, right = QWidget(), QWidget()
        rows, edits = QVBoxLayout(left), QVBoxLayout(right)
        for column, widget, buttons in (
            (rows, self.table, (self.add, self.copy, self.remove, self.mark)),
            (edits, self.form, (self.keep,)),
        ):
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(widget, 1)
            line = QHBoxLayout()
            for button in buttons:
                line.addWidget(button)
            line.addStretch(1)
            if column is edits:
                column.addWidget(self.wrong)
            column.addLayout(line)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(left)
        split.addWidget(right)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        self.body.addWidget(split)
        self.controls.addWidget(self.start)
        self.controls.addStretch(1)

    # ---------------------------------------------------------------- what the user does

    @property
    def _ids(self) -> list[str]:
        return list(self._register.frame["id"]) if self._register is not None else []

    def _choose(self) -> None:
        chosen = self.table.selectionModel().selectedRows()
        if self._register is not None and chosen:
            row = int(self._register.view.rows[chosen[0].row()])
            self._go_to(self._ids[row])

    def _go_to(self, identifier: str) -> None:
        """Show another row, unless what was typed must be put right first."""
        if identifier == self._current:
            return
        if self._left():
            self._current, self._is_new = identifier, False
            self._show_current()
        self._select(self._current)

    def _left(self) -> bool:
        """Keep what was typed; False where it is wrong, so that it must stay on show."""
        if self._is_edited and not self.keep.isEnabled():
            return False
        if self._is_edited:
            self._keep()
        return True

    def _select(self, identifier: str) -> None:
        if self._register is None or identifier not in self._ids:
            self.table.clearSelection()
        else:
            row = self._ids.index(identifier)
            self.table.selectRow(self._register.view.places_of([row])[0])

    def _show_current(self) -> None:
        register, ids = self._register, self._ids
        there = register is not None and self._current in ids
        if register is not None and there:
            codings = register.codings
            of_it = codings[codings["provision_id"] == self._current]
            rows = of_it.assign(stance=[f"{x:.0f}" for x in of_it["stance"]]).to_dict("records")
            record = records_of(register)[ids.index(self._current)]
            self.form.show_record(record, [{str(k): str(v) for k, v in x.items()} for x in rows])
        else:
            self.form.show_record(empty_record(ids))
        for button in (self.copy, self.remove, self.mark):
            button.setEnabled(there)
        self.wrong.hide()
        self.keep.setEnabled(False)
        self._is_edited = False

    def _check(self) -> None:
        """Say what is wrong with what is typed; what is right can be kept."""
        found = _told(problems(self.form.typed()), self.form.codings.typed())
        self.wrong.setText("\n".join(found))
        self.wrong.setVisible(bool(found))
        self.keep.setEnabled(not found)
        self._is_edited = True

    def _keep(self) -> None:
        record = as_record(self.form.typed())
        if self._is_new:
            record["id"] = free_id(self._ids)
        codings = [as_coding(row) for row in self.form.codings.typed()]
        self._current = str(record["id"])
        self._is_edited = self._is_new = False
        self.edit_asked.emit(_kept(record, codings), _("Edit a provision"))

    def _add(self) -> None:
        if not self._left():
            return
        self._current, self._is_new = "", True
        self._select(self._current)
        self._show_current()
        self.form.entries["instrument"].setFocus()

    def _copy(self) -> None:
        if not self._left():
            return
        record = {**self.form.typed(), "id": free_id(self._ids)}
        self._current = record["id"]
        self.edit_asked.emit(put_provision(as_record(record)), _("Duplicate a provision"))

    def _remove(self) -> None:
        self._is_edited = False
        self.edit_asked.emit(remove_provision(self._current), _("Remove a provision"))

    def _start(self) -> None:
        absent = [row for row in bundled_provisions() if row["id"] not in self._ids]
        self.edit_asked.emit(put_provisions(absent), _("Start from the bundled register"))

    def _mark(self) -> None:
        if self._register is not None:
            self.mark_asked.emit(places_reached(self._register, self._current))


def as_coding(row: Mapping[str, str]) -> dict[str, Any]:
    """Return a coding as it is typed as values of the table."""
    return {**row, "stance": int(row["stance"])}


def _kept(record: Mapping[str, Any], codings: Sequence[Mapping[str, Any]]) -> Edit:
    """Return one edit that keeps a provision and its codings."""
    provision, coded = put_provision(record), put_codings(str(record["id"]), codings)

    def edit(project: Project) -> Project:
        had = project.tables.get("codings")
        changed = provision(project)
        return coded(changed) if codings or had is not None else changed

    return edit


def _told(found: Mapping[str, str], codings: Sequence[Mapping[str, str]]) -> list[str]:
    sentences = [f"{label(field_of(name).labels)}: {why}" for name, why in found.items()]
    return [*sentences, *filter(None, [coding_problems(codings)])]
