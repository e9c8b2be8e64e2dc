"""Choosing what lies below the layers, with the question whether a provider may be asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QRadioButton,
    QSlider,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.basemap import Basemap, BasemapKind
from gisapp.core.errors import GisappError
from gisapp.core.words import _, number
from gisapp.io.tiles.choices import BasemapChoices, change_choices, load_choices
from gisapp.io.tiles.opening import open_tile_file, tile_cache
from gisapp.io.tiles.providers import Provider, providers
from gisapp.ui.basemap_choice import found_providers, seen_area, stored_path, what_it_learns
from gisapp.ui.messages import plain_label

if TYPE_CHECKING:
    from collections.abc import Callable

    from gisapp.core.project import Project
    from gisapp.io.tiles.source import LonLatBounds
    from gisapp.render.viewport import Viewport

KINDS: tuple[BasemapKind, ...] = get_args(BasemapKind)
CACHE_MB_MIN, CACHE_MB_MAX = 10, 5_000
MB = 2**20


def ask_basemap(
    parent: QWidget,
    project: Project,
    folder: Path | None,
    viewport: Viewport | None,
    use: Callable[[Basemap], None],
) -> BasemapDialog:
    """Ask for a basemap and give `use` the one that was chosen; what is allowed is kept."""
    around = seen_area(viewport, project.crs)
    dialog = BasemapDialog(project.basemap, load_choices(), folder, around, parent)

    dialog.accepted.connect(lambda: use(dialog.answer))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


class BasemapDialog(QDialog):
    """Asks for a basemap.

    Parameters
    ----------
    basemap : Basemap
        The project's.
    choices : BasemapChoices
        What the user allowed so far; only what is decided here is kept, over what then holds.
    folder : Path, optional
        Where the project lies.
    around : tuple of float, optional
        What the map shows, in degrees: only providers that show it are listed.
    """

    def __init__(
        self,
        basemap: Basemap,
        choices: BasemapChoices,
        folder: Path | None = None,
        around: LonLatBounds | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._was, self._choices = basemap, choices
        self._folder, self._around = folder, around
        self._agreed: dict[str, bool] = {}
        self.setWindowTitle(_("Basemap"))
        self.resize(560, 660)
        self.kinds = QButtonGroup(self)
        self.path = QLineEdit(basemap.name if basemap.kind == "file" else "")
        self.browse = QPushButton(_("Browse…"))
        self.search = QLineEdit()
        self.found = QListWidget()
        self.learns = plain_label(name="quiet")
        self.agree = QCheckBox()
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.cache_mb = QSpinBox()
        self.cache_size = plain_label(name="quiet", wrap=False)
        self.clear = QPushButton(_("Clear"))
        self.problem = plain_label(name="quiet")
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self._build()
        self._connect()
        self._show_choice()

    @property
    def answer(self) -> Basemap:
        """What is chosen now; nothing where the consent to the chosen provider is taken back."""
        kind, provider, name = KINDS[self.kinds.checkedId()], self._provider(), ""
        if kind == "tiles" and provider is not None:
            if self._agrees(provider):
                name = provider.name
            else:
                kind = "none"
        elif kind == "file":
            name = stored_path(self._file(), self._folder)
        return Basemap(kind, name, self.opacity.value() / 100)

    def decided(self, choices: BasemapChoices) -> BasemapChoices:
        """Return `choices` with what was decided here, and nothing else, changed."""
        for name, agreed in self._agreed.items():
            choices = choices.with_provider(name) if agreed else choices.without_provider(name)
        if self.cache_mb.value() != self._choices.cache_mb:
            choices = replace(choices, cache_mb=self.cache_mb.value())
        if KINDS[self.kinds.checkedId()] == "file":
            choices = choices.with_file(self._file())
        return choices

    def accept(self) -> None:
        """Keep what the user allows and close, where what was chosen can be used."""
        try:
            if KINDS[self.kinds.checkedId()] == "file":
                open_tile_file(self._file()).close()
            change_choices(self.decided)
        except GisappError as error:
            self.problem.setText(f"{error.message} {error.remedy}")
        else:
            super().accept()

    def _file(self) -> Path:
        path = Path(self.path.text().strip())
        return path if self._folder is None else self._folder / path

    # ------------------------------------------------------------------ the form

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(8)
        column.addWidget(plain_label(_("What lies below your layers?"), name="heading"))
        for place, (title, note) in enumerate(_kind_words()):
            button = QRadioButton(title)
            button.setAccessibleDescription(note)
            self.kinds.addButton(button, place)
            column.addWidget(button)
            explanation = plain_label(note, name="quiet")
            explanation.setContentsMargins(24, 0, 0, 4)
            column.addWidget(explanation)
            if KINDS[place] == "file":
                column.addLayout(_row(self.path, self.browse))
            if KINDS[place] == "tiles":
                self._build_online(column)
        self._build_foot(column)
        self._choose(self._was.kind)

    def _build_online(self, column: QVBoxLayout) -> None:
        self.search.setPlaceholderText(_("Search the whole catalogue"))
        self.search.setAccessibleName(_("Search the whole catalogue"))
        self.search.setClearButtonEnabled(True)
        self.found.setAccessibleName(_("Providers of map tiles"))
        column.addWidget(self.search)
        column.addWidget(self.found, 1)
        column.addWidget(self.learns)
        column.addWidget(self.agree)
        self._list()

    def _build_foot(self, column: QVBoxLayout) -> None:
        self.opacity.setRange(10, 100)
        self.opacity.setValue(round(self._was.opacity * 100))
        self.opacity.setAccessibleName(_("Opacity"))
        self.cache_mb.setRange(CACHE_MB_MIN, CACHE_MB_MAX)
        self.cache_mb.setSuffix(" MB")
        self.cache_mb.setValue(self._choices.cache_mb)
        kept = QLabel(_("&Keep at most"))
        kept.setBuddy(self.cache_mb)
        column.addLayout(_row(plain_label(_("Opacity"), wrap=False), self.opacity))
        column.addLayout(_row(kept, self.cache_mb, self.cache_size, self.clear))
        column.addWidget(self.problem)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(_("Cancel"))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(_("Use"))
        column.addWidget(self.buttons)
        self._measure()

    def _connect(self) -> None:
        self.kinds.idToggled.connect(lambda _place, _checked: self._show_choice())
        self.browse.clicked.connect(self._browse)
        self.search.textChanged.connect(self._list)
        self.found.currentItemChanged.connect(lambda _now, _was: self._show_provider())
        self.found.itemClicked.connect(lambda _item: self._choose("tiles"))
        self.agree.toggled.connect(self._agree)
        self.path.textChanged.connect(lambda _text: self._allow())
        self.clear.clicked.connect(self._clear)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    # ------------------------------------------------------------------ what is chosen

    def _list(self) -> None:
        """List what the search finds; the provider in use stays to be seen."""
        chosen = self._provider()
        wanted = chosen.name if chosen else self._was.name
        self.found.clear()
        names = [provider.name for provider in found_providers(self.search.text(), self._around)]
        if not self.search.text() and self._was.kind == "tiles" and self._was.name in providers():
            names = list(dict.fromkeys((self._was.name, *names)))
        for name in names:
            item = QListWidgetItem(name.replace(".", " · "), self.found)
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setToolTip(providers()[name].attribution)
            if name == wanted:
                self.found.setCurrentItem(item)
        self._show_provider()

    def _provider(self) -> Provider | None:
        item = self.found.currentItem()
        return providers().get(item.data(Qt.ItemDataRole.UserRole)) if item else None

    def _show_provider(self) -> None:
        provider = self._provider()
        self.agree.setVisible(provider is not None)
        self.learns.setText(what_it_learns(provider) if provider else "")
        if provider is not None:
            text = _("I agree that gisapp asks {host} for map tiles")
            self.agree.setText(text.format(host=provider.host).replace("&", "&&"))
            self.agree.blockSignals(True)
            self.agree.setChecked(self._agrees(provider))
            self.agree.blockSignals(False)
        self._allow()

    def _agree(self, agreed: bool) -> None:
        provider = self._provider()
        if provider is not None:
            self._agreed[provider.name] = agreed
            if agreed == self._choices.allows_provider(provider.name):
                del self._agreed[provider.name]  # ticked to and fro: nothing was decided
        self._allow()

    def _agrees(self, provider: Provider) -> bool:
        return self._agreed.get(provider.name, self._choices.allows_provider(provider.name))

    def _choose(self, kind: BasemapKind) -> None:
        self.kinds.button(KINDS.index(kind)).setChecked(True)

    def _show_choice(self) -> None:
        kind = KINDS[self.kinds.checkedId()]
        for widget in (self.path, self.browse):
            widget.setEnabled(kind == "file")
        self.opacity.setEnabled(kind != "none")
        self._allow()

    def _allow(self) -> None:
        """Let the user end only with what can be used."""
        kind, provider = KINDS[self.kinds.checkedId()], self._provider()
        agreed = provider is not None and self._agrees(provider)
        taken_back = provider is not None and self._agreed.get(provider.name) is False
        online = agreed or taken_back
        complete = {"tiles": online, "file": bool(self.path.text().strip())}.get(kind, True)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(complete)
        without = kind == "tiles" and taken_back
        self.problem.setText(_("Use takes your consent back; no tiles are shown.") * without)

    def _browse(self) -> None:
        start = str(self._folder or Path.home())
        tiles, everything = _("Map tiles"), _("All files")
        kinds = f"{tiles} (*.mbtiles *.pmtiles);;{everything} (*)"
        name, _kind = QFileDialog.getOpenFileName(self, _("Choose map tiles"), start, kinds)
        if name:
            self.path.setText(name)

    def _measure(self) -> None:
        cache = tile_cache(self._choices)
        size = cache.size_bytes() / MB
        cache.close()
        text = _("of tiles from the internet; now {size} MB")
        self.cache_size.setText(text.format(size=number(size, 1)))

    def _clear(self) -> None:
        cache = tile_cache(self._choices)
        cache.clear()
        cache.close()
        self._measure()


def _kind_words() -> tuple[tuple[str, str], ...]:
    """Return title and explanation of each of `KINDS`."""
    return (
        (_("&Nothing"), _("Plain paper.")),
        (
            _("&Outlines"),
            _("Provinces, bundled with gisapp; too coarse for a city, so shown from 1:500,000."),
        ),
        (
            _("&Tiles from the internet"),
            _("Streets or imagery; its provider learns where you look."),
        ),
        (
            _("Tiles from a &file"),
            _("An MBTiles or PMTiles file on this computer; nobody learns anything."),
        ),
    )


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget, int(isinstance(widget, QLineEdit | QSlider)))
    return row
