"""Choosing what a picture of the map is to be, with its pages shown as they will be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.errors import GisappError
from gisapp.core.words import LANGUAGES, _, language
from gisapp.privacy.presets import PRESETS
from gisapp.ui import work
from gisapp.ui.menus import LANGUAGE_NAMES
from gisapp.ui.messages import plain_label
from gisapp.ui.picture_form import (
    PictureChoice,
    layers_of_areas,
    pages_text,
    settings_of,
)
from gisapp.ui.release_words import preset_explanation, preset_title

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gisapp.core.project import Project
    from gisapp.render.viewport import Viewport
    from gisapp.ui.jobs import Job, Jobs

_PREVIEW_PX = 420
_PAUSE_MS = 250
_SCALES = (0, 1_000, 2_500, 5_000, 7_500, 10_000, 15_000, 20_000, 25_000, 50_000, 100_000)


class PictureDialog(QDialog):
    """Asks what to export; the preview is drawn by `jobs`, off the GUI thread.

    Parameters
    ----------
    view : Viewport, optional
        What the window shows.
    folder : Path, optional
        Where the project lies: its basemap may be a file there.
    """

    def __init__(
        self,
        project: Project,
        view: Viewport | None,
        folder: Path | None,
        jobs: Jobs,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._project, self._view, self._folder, self._jobs = project, view, folder, jobs
        self._drawing: Job[tuple[QImage, int]] | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._draw)
        self.setWindowTitle(_("Export a picture"))
        self.preview = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.preview.setAccessibleName(_("Preview"))
        self.preview.setFixedSize(_PREVIEW_PX, _PREVIEW_PX)
        self.page = QSpinBox(minimum=1, maximum=1)
        self.page.setPrefix(_("Page") + " ")
        self.page.setAccessibleName(_("Page"))
        self.page.hide()
        self.page.valueChanged.connect(self._changed)
        self.note = plain_label(name="quiet")
        self.explanation = plain_label(name="quiet")
        self.recipient = QLineEdit()
        self._make_choices()
        self._build()
        self._changed()

    @property
    def choice(self) -> PictureChoice:
        """What is chosen now; public is chosen at first, the safest."""
        shown, layer = self.extent.currentData()
        return PictureChoice(
            preset=self.preset.currentData(),
            recipient=self.recipient.text().strip() if self._is_for_partner() else "",
            lang=self.lang.currentData(),
            ending=self.ending.currentData(),
            shown=shown,
            layer=layer,
            alone=self.kind.currentData(),
            paper=self.paper.currentData(),
            orientation=self.orientation.currentData(),
            graticule=self.graticule.currentData()[0],
            grid_unit=self.graticule.currentData()[1],
            scale=self.scale.currentData(),
            dpi=self.dpi.value(),
        )

    def _make_choices(self) -> None:
        self.preset = _combo([(preset_title(p), p.name) for p in PRESETS.values()])
        self.preset.setCurrentIndex(self.preset.count() - 1)
        self.lang = _combo([(LANGUAGE_NAMES[code], code) for code in LANGUAGES])
        self.lang.setCurrentIndex(self.lang.findData(language()))
        self.ending = _combo(
            [
                (_("PDF, for printing"), "pdf"),
                (_("PNG, a picture"), "png"),
                (_("SVG, to edit"), "svg"),
            ]
        )
        self.kind = _combo([(_("Sheet with legend and sources"), False), (_("Map alone"), True)])
        self.extent = _combo([(_("Everything"), ("all", ""))])
        if self._view is not None:
            self.extent.addItem(_("The present view"), ("view", ""))
        for name, title in layers_of_areas(self._project):
            self.extent.addItem(_("Atlas: a page for each of {title}").format(title=title),
                                ("atlas", name))  # fmt: skip
        self.paper = _combo([("A4", "a4"), ("A3", "a3")])
        self.orientation = _combo(
            [
                (_("Whichever shows more"), "auto"),
                (_("Upright"), "portrait"),
                (_("Lying"), "landscape"),
            ]
        )
        self.graticule = _combo(_graticules())
        self.scale = _combo([(_scale_name(n), float(n)) for n in _SCALES])
        self.dpi = QSpinBox(minimum=30, maximum=1200, value=200, singleStep=50)
        self.dpi.setSuffix(" dpi")

    def _build(self) -> None:
        form = QFormLayout()
        form.addRow(_("&Who will see it"), self.preset)
        form.addRow(self.explanation)
        form.addRow(_("&Recipient"), self.recipient)
        form.addRow(_("&Language"), self.lang)
        form.addRow(_("&File"), self.ending)
        form.addRow(_("Re&solution"), self.dpi)
        form.addRow(_("&Show"), self.extent)
        form.addRow(_("&As"), self.kind)
        form.addRow(_("&Paper"), self.paper)
        form.addRow(_("&Orientation"), self.orientation)
        form.addRow(_("S&cale"), self.scale)
        form.addRow(_("&Coordinates"), self.graticule)
        self.explanation.setWordWrap(True)
        self.explanation.setMinimumWidth(300)
        sides = QHBoxLayout()
        sides.addLayout(form, 1)
        shown = QVBoxLayout()
        shown.addWidget(self.preview)
        shown.addWidget(self.page, alignment=Qt.AlignmentFlag.AlignHCenter)
        shown.addWidget(self.note)
        sides.addLayout(shown)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.addLayout(sides)
        self._add_buttons(column)
        for combo in self.findChildren(QComboBox):
            combo.currentIndexChanged.connect(self._changed)
        self.dpi.valueChanged.connect(self._changed)
        self.recipient.textChanged.connect(self._changed)

    def _add_buttons(self, column: QVBoxLayout) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.export = buttons.addButton(_("Export…"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(_("Cancel"))
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    def _is_for_partner(self) -> bool:
        return bool(self.preset.currentData() == "partner")

    def _changed(self) -> None:
        """Offer what the choices so far leave open, and draw the preview anew a little later."""
        choice = self.choice
        atlas, alone = choice.shown == "atlas", choice.alone and choice.shown != "atlas"
        self.explanation.setText(preset_explanation(PRESETS[choice.preset]))
        self.recipient.setEnabled(self._is_for_partner())
        self.kind.setEnabled(not atlas)
        as_in_window = alone and choice.shown == "view"
        self.paper.setEnabled(not as_in_window)
        self.orientation.setEnabled(not as_in_window)
        self.scale.setEnabled(not as_in_window)
        self.graticule.setEnabled(not alone)
        self.dpi.setEnabled(choice.ending == "png")
        self.export.setEnabled(not choice.lacks_recipient)
        self._stop()
        if choice.lacks_recipient:
            self._tell(_("Name the recipient to see the picture."))
        else:
            self._pause.start()

    def _draw(self) -> None:
        project, folder, choice = self._project, self._folder, self.choice
        settings, page = settings_of(choice, self._view), self.page.value() - 1
        self._tell(_("Drawing…"))
        self._drawing = self._jobs.start(
            lambda progress: work.previewed(project, folder, choice, settings, progress, page),
            title=_("Drawing the preview"),
            done=self._show,
            failed=self._refuse,
        )

    def _show(self, drawn: tuple[QImage, int]) -> None:
        image, pages = drawn
        ratio = self.devicePixelRatioF()
        side = round(_PREVIEW_PX * ratio)
        smooth = Qt.TransformationMode.SmoothTransformation
        small = image.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, smooth)
        pixmap = QPixmap.fromImage(small)
        pixmap.setDevicePixelRatio(ratio)
        self.preview.setPixmap(pixmap)
        self._tell("")
        with QSignalBlocker(self.page):
            self.page.setMaximum(pages)
        self.page.setSuffix(" " + pages_text(pages))
        self.page.setVisible(pages > 1)

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, GisappError):
            self.export.setEnabled(False)
            self.preview.clear()
            self._tell(f"{error.message} {error.remedy}")
        else:
            self._jobs.failed.emit(error)

    def _tell(self, text: str) -> None:
        self.note.setText(text)

    def _stop(self) -> None:
        self._pause.stop()
        if self._drawing is not None:
            self._jobs.cancel(self._drawing)
            self._drawing = None

    def done(self, result: int) -> None:
        """Close; a preview under way is worth nothing then."""
        self._stop()
        super().done(result)


def _combo(items: Iterable[tuple[str, Any]]) -> QComboBox:
    combo = QComboBox()
    for text, data in items:
        combo.addItem(text, data)
    return combo


def _scale_name(denominator: int) -> str:
    from gisapp.render.scale import scale_text

    return scale_text(denominator) if denominator else _("A round one that fits")


def _graticules() -> list[tuple[str, tuple[str, str]]]:
    return [
        (_("None"), ("none", "metres")),
        (_("Metres at the frame"), ("ticks", "metres")),
        (_("Metres, with lines"), ("grid", "metres")),
        (_("Degrees at the frame"), ("ticks", "degrees")),
        (_("Degrees, with lines"), ("grid", "degrees")),
    ]
