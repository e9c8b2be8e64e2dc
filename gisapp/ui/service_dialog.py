"""Choosing a layer of a service on the web, and bringing it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.services.bringing import list_layers
from gisapp.io.services.extent import project_bounds
from gisapp.io.services.tokens import keep_token
from gisapp.ui import work
from gisapp.ui.messages import plain_label
from gisapp.ui.service_form import (
    found_words,
    layer_cells,
    progress_words,
    state_of,
    suggestions,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gisapp.core.progress import Progress
    from gisapp.core.project import Project
    from gisapp.io.services.service import Listing
    from gisapp.io.source import Source
    from gisapp.ui.jobs import Job, Jobs
    from gisapp.ui.settings import Settings

T = TypeVar("T")
_NAME, _ROWS = 0, 2


class ServiceDialog(QDialog):
    """Asks for an address, lists its layers, and brings one.

    `brought` carries what was read: the source, and what its tables may be.

    Parameters
    ----------
    project : Project
        Its area is what may be asked for.
    jobs : Jobs
        Where the asking runs.
    settings : Settings
        Keeps the last addresses.
    """

    brought = Signal(object)

    def __init__(
        self, project: Project, jobs: Jobs, settings: Settings, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._jobs, self._settings = jobs, settings
        self._bounds = project_bounds(project)
        self._state = state_of("")
        self._job: Job[Any] | None = None
        self._began = 0.0
        self.setWindowTitle(_("Import from a service"))
        self.resize(620, 560)
        self.address = QComboBox()
        self.ask = QPushButton(_("List layers"))
        self.said = plain_label(name="quiet")
        self.token = QLineEdit()
        self.keep = QCheckBox(_("Keep the token in this computer's keyring"))
        self.layers = QTreeWidget()
        self.area = QCheckBox(_("Only what lies in the project's area"))
        self.state = plain_label()
        self.bar = QProgressBar()
        self.moved = plain_label(name="quiet", wrap=False)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._build()
        self._connect()
        self._look_at_address()

    # ------------------------------------------------------------------ the form

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(8)
        column.addWidget(plain_label(_("Which service holds the data?"), name="heading"))
        column.addLayout(self._address_row())
        column.addWidget(self.said)
        column.addLayout(self._token_row())
        column.addWidget(self.keep)
        self._build_layers()
        column.addWidget(self.layers, 1)
        column.addWidget(self.area)
        column.addWidget(self.state)
        column.addWidget(self.bar)
        column.addWidget(self.moved)
        column.addWidget(self.buttons)
        self.bar.setTextVisible(False)
        self._show_work(False)
        self._import.setText(_("Continue"))
        self._import.setEnabled(False)
        cancel = self.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        cancel.setText(_("Cancel"))

    def _address_row(self) -> QHBoxLayout:
        self.address.setEditable(True)
        self.address.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.address.setMinimumContentsLength(24)
        self.address.addItems(suggestions(self._settings.addresses))
        self.address.setCurrentIndex(-1)
        self.address.setAccessibleName(_("Address of the service"))
        edit = self.address.lineEdit()
        assert edit is not None
        edit.setPlaceholderText("https://…/FeatureServer/0")
        row = QHBoxLayout()
        row.addWidget(self.address, 1)
        row.addWidget(self.ask)
        return row

    def _token_row(self) -> QHBoxLayout:
        self._token_label = QLabel(_("&Token"))
        self._token_label.setBuddy(self.token)
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self.token.setPlaceholderText(_("Left empty, the one that is kept is used"))
        row = QHBoxLayout()
        row.addWidget(self._token_label)
        row.addWidget(self.token, 1)
        return row

    def _build_layers(self) -> None:
        self.layers.setRootIsDecorated(False)
        self.layers.setUniformRowHeights(True)
        self.layers.setHeaderLabels([_("Layer"), _("Geometry"), _("Rows")])
        self.layers.setAccessibleName(_("Layers of the service"))
        header = self.layers.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)

    @property
    def _import(self) -> QPushButton:
        return self.buttons.button(QDialogButtonBox.StandardButton.Ok)

    def _connect(self) -> None:
        self.address.editTextChanged.connect(lambda _text: self._look_at_address())
        self.ask.clicked.connect(self._list)
        self.layers.itemSelectionChanged.connect(self._allow)
        self.layers.itemDoubleClicked.connect(lambda _item, _column: self._bring())
        self.buttons.accepted.connect(self._bring)
        self.buttons.rejected.connect(self.reject)
        self._jobs.progressed.connect(self._move)

    # ------------------------------------------------------------------ the address

    def _look_at_address(self) -> None:
        """Say what the address is; its layers are not those of the one before."""
        self._state = state = state_of(self.address.currentText())
        self.said.setText(state.said)
        for widget in (self._token_label, self.token, self.keep):
            widget.setVisible(state.takes_token)
        self.area.setVisible(state.takes_area)
        self.area.setEnabled(self._bounds is not None and not state.needs_area)
        self.area.setChecked(self._bounds is not None and state.takes_area)
        self.layers.clear()
        self._tell("")
        self.ask.setEnabled(state.address is not None and self._job is None)
        self.ask.setDefault(True)
        self._allow()

    def _list(self) -> None:
        address, token = self._state.address, self.token.text().strip()
        if address is None:
            return

        def found(listing: Listing) -> None:
            self._settings.remember_address(address.shown)
            self._show_layers(listing, found_words(address, listing))
            self._keep(address.host, token)

        self._start(
            lambda progress: list_layers(address, token, progress),
            _("Asking {host}").format(host=address.host),
            found,
        )

    def _keep(self, host: str, token: str) -> None:
        """Keep a token that has opened the service, where the user says so."""
        if not (token and self.keep.isVisible() and self.keep.isChecked()):
            return
        try:
            keep_token(host, token)
        except GisappError as error:
            self._tell(f"{error.message} {error.remedy}")

    def _show_layers(self, listing: Listing, words: str) -> None:
        self.layers.clear()
        items = [QTreeWidgetItem(self.layers, list(cells)) for cells in layer_cells(listing)]
        for item in items:
            item.setTextAlignment(_ROWS, Qt.AlignmentFlag.AlignRight)
        self._tell(words)
        if items and (listing.alone or len(items) == 1):
            self.layers.setCurrentItem(items[0])
        self.layers.setFocus()
        self._import.setDefault(bool(listing.layers))
        self._allow()

    # ------------------------------------------------------------------ the layer

    def _bring(self) -> None:
        address, chosen = self._state.address, self.layers.selectedItems()
        if address is None or not chosen or self._job is not None:
            return
        name, token = chosen[0].text(_NAME), self.token.text().strip()
        bounds = self._bounds if self.area.isChecked() else None

        def read(found: tuple[Source, Mapping[str, str]]) -> None:
            self.accept()
            self.brought.emit(found)

        self._start(
            lambda progress: work.bring(address, name, bounds, token, progress),
            _("Downloading {layer}").format(layer=name),
            read,
        )

    def _allow(self) -> None:
        self._import.setEnabled(bool(self.layers.selectedItems()) and self._job is None)

    # ------------------------------------------------------------------ the work

    def _start(self, ask: Callable[[Progress], T], title: str, done: Callable[[T], None]) -> None:
        def answered(answer: T) -> None:
            self._end()
            done(answer)

        def failed(error: Exception) -> None:
            self._end()
            if isinstance(error, GisappError):
                self._tell(f"{error.message} {error.remedy}")
            else:
                self._jobs.failed.emit(error)

        self._began = time.monotonic()
        self._tell(title)
        self._show_work(True)
        job = self._jobs.start(ask, title=title, done=answered, failed=failed)
        if job.under_way:
            self._job = job
            for widget in (self.address, self.token, self.ask):  # the answer is to these
                widget.setEnabled(False)
            self._allow()

    def _end(self) -> None:
        self._job = None
        self._tell("")
        self._show_work(False)
        for widget in (self.address, self.token):
            widget.setEnabled(True)
        self.ask.setEnabled(self._state.address is not None)
        self._allow()

    def _tell(self, words: str) -> None:
        self.state.setText(words)
        self.state.setVisible(bool(words))

    def _show_work(self, shown: bool) -> None:
        self.bar.setRange(0, 0)
        self.moved.setText("")
        for widget in (self.bar, self.moved):
            widget.setVisible(shown)

    def _move(self, job: Job[Any], done: int, total: int, text: str) -> None:
        if job is self._job:
            self.bar.setRange(0, total)
            self.bar.setValue(done)
            self._tell(text)
            self.moved.setText(progress_words(done, total, time.monotonic() - self._began))

    def done(self, result: int) -> None:
        """Close; what is under way ends."""
        if self._job is not None:
            self._jobs.cancel(self._job)
            self._job = None
        super().done(result)
