"""Choosing who may see an export, with what would leave shown before it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QRadioButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.errors import GisappError
from gisapp.core.words import LANGUAGES, _, language
from gisapp.privacy.presets import PRESETS, PresetName
from gisapp.ui.menus import LANGUAGE_NAMES
from gisapp.ui.messages import plain_label
from gisapp.ui.release_words import (
    care_taken,
    preset_explanation,
    preset_title,
    smallest_count,
    what_leaves,
)

if TYPE_CHECKING:
    from gisapp.core.project import Project
    from gisapp.privacy.release import Release
    from gisapp.ui.jobs import Job, Jobs

INDENT_PX = 24


@dataclass(frozen=True)
class ExportChoice:
    """What the user decided: preset, recipient (for partners), language of the page."""

    preset: PresetName
    recipient: str
    lang: str


class ExportDialog(QDialog):
    """Asks for a preset; the preview runs through `jobs`, off the GUI thread."""

    def __init__(self, project: Project, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._project, self._jobs = project, jobs
        self._previewing: Job[Release] | None = None
        self.setWindowTitle(_("Export the map as HTML"))
        self.resize(560, 620)
        self.presets = QButtonGroup(self)
        self.recipient = QLineEdit()
        self.recipient.setPlaceholderText(_("Name of the organisation that gets the file"))
        self.lang = QComboBox()
        self.leaves = QTreeWidget()
        self.note = plain_label(name="quiet")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self._build()
        self.presets.idToggled.connect(self._decide)
        self.recipient.editingFinished.connect(self._preview)
        self.recipient.textChanged.connect(self._allow)
        self.presets.buttons()[-1].setChecked(True)

    @property
    def choice(self) -> ExportChoice:
        """What is chosen now; public is chosen at first, the safest."""
        name = tuple(PRESETS.values())[self.presets.checkedId()].name
        recipient = self.recipient.text().strip() if name == "partner" else ""
        return ExportChoice(name, recipient, self.lang.currentData())

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(8)
        column.addWidget(plain_label(_("Who will see this map?"), name="heading"))
        self._add_presets(column)
        for code in LANGUAGES:
            self.lang.addItem(LANGUAGE_NAMES[code], code)
        self.lang.setCurrentIndex(self.lang.findData(language()))
        form = QFormLayout()
        form.addRow(_("&Recipient"), self.recipient)
        form.addRow(_("&Language"), self.lang)
        column.addLayout(form)
        column.addSpacing(6)
        column.addWidget(plain_label(_("What leaves"), name="heading"))
        self.leaves.setHeaderHidden(True)
        self.leaves.setAccessibleName(_("What leaves"))
        column.addWidget(self.leaves, 1)
        column.addWidget(self.note)
        self._add_buttons(column)

    def _add_presets(self, column: QVBoxLayout) -> None:
        for place, preset in enumerate(PRESETS.values()):
            button = QRadioButton(preset_title(preset))
            explanation = plain_label(preset_explanation(preset), name="quiet")
            explanation.setContentsMargins(INDENT_PX, 0, 0, 4)
            button.setAccessibleDescription(explanation.text())
            self.presets.addButton(button, place)
            column.addWidget(button)
            column.addWidget(explanation)

    def _add_buttons(self, column: QVBoxLayout) -> None:
        self.export = self.buttons.addButton(_("Export…"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(_("Cancel"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column.addWidget(self.buttons)

    def _decide(self, _place: int, checked: bool) -> None:
        if checked:
            self.recipient.setEnabled(self.choice.preset == "partner")
            self._allow()
            self._preview()

    def _allow(self) -> None:
        self.export.setEnabled(not self._lacks_recipient())

    def _lacks_recipient(self) -> bool:
        return self.choice.preset == "partner" and not self.choice.recipient

    def _preview(self) -> None:
        self._stop()
        self.leaves.clear()
        if self._lacks_recipient():
            self.note.setText(_("Name the recipient to see what leaves."))
            return
        self.note.setText(_("Working out what leaves…"))
        project, choice = self._project, self.choice
        self._previewing = self._jobs.start(
            lambda _progress: _released(project, choice),
            title=_("Working out what leaves"),
            done=self._show,
            failed=self._refuse,
        )

    def _show(self, release: Release) -> None:
        for title, columns in what_leaves(release):
            item = QTreeWidgetItem(self.leaves, [title])
            names = QTreeWidgetItem(item, [", ".join(columns)])
            names.setToolTip(0, names.text(0))
        self.leaves.expandAll()
        warnings = (other.sentence for other in release.together)
        said = (smallest_count(release), *care_taken(release), *warnings)
        self.note.setText("\n".join(said))

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, GisappError):
            self.export.setEnabled(False)
            self.note.setText(f"{error.message} {error.remedy}")
        else:
            self._jobs.failed.emit(error)

    def _stop(self) -> None:
        if self._previewing is not None:
            self._jobs.cancel(self._previewing)

    def done(self, result: int) -> None:
        """Close; a preview under way is worth nothing then."""
        self._stop()
        super().done(result)


def _released(project: Project, choice: ExportChoice) -> Release:
    from gisapp.privacy.redact import redact  # imports pandas

    return redact(project, choice.preset, recipient=choice.recipient)
