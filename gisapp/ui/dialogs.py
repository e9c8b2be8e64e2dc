"""Short questions to the user: files, unsaved changes; and the rows that were not taken in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.words import _, ngettext, number
from gisapp.ui.messages import plain_label

if TYPE_CHECKING:
    from gisapp.core.layer import Layer, Table

SOURCE_PATTERNS = (
    "*.geojson *.json *.gpkg *.shp *.zip *.fgb *.kml *.kmz *.gpx *.gml *.csv *.tsv *.txt "
    "*.xlsx *.xls *.ods"
)


def ask_project(parent: QWidget, folder: Path) -> Path | None:
    """Ask for a project file to open."""
    kinds = _("gisapp projects (*.gpkg)")
    name, _kind = QFileDialog.getOpenFileName(parent, _("Open a project"), str(folder), kinds)
    return Path(name) if name else None


def ask_save_project(parent: QWidget, folder: Path, title: str) -> Path | None:
    """Ask where to save the project."""
    name = title or _("project")
    start = folder / f"{name}.gpkg"
    kinds = _("gisapp projects (*.gpkg)")
    name, _kind = QFileDialog.getSaveFileName(parent, _("Save the project"), str(start), kinds)
    return _with_ending(Path(name), ".gpkg") if name else None


def ask_source(parent: QWidget, folder: Path) -> Path | None:
    """Ask for a file to bring in."""
    data, everything = _("Data"), _("All files")
    kinds = f"{data} ({SOURCE_PATTERNS});;{everything} (*)"
    name, _kind = QFileDialog.getOpenFileName(parent, _("Import a file"), str(folder), kinds)
    return Path(name) if name else None


def ask_export(parent: QWidget, folder: Path, preset: str) -> Path | None:
    """Ask where to write the map."""
    start = folder / f"map-{preset}.html"
    kinds = _("Web pages (*.html)")
    name, _kind = QFileDialog.getSaveFileName(parent, _("Export the map"), str(start), kinds)
    return _with_ending(Path(name), ".html") if name else None


def ask_picture(parent: QWidget, folder: Path, preset: str, ending: str) -> Path | None:
    """Ask where to write a picture that ends in `ending`, which has no dot."""
    start = folder / f"map-{preset}.{ending}"
    kinds = f"{ending.upper()} (*.{ending})"
    name, _kind = QFileDialog.getSaveFileName(parent, _("Export a picture"), str(start), kinds)
    return Path(name).with_suffix(f".{ending}") if name else None


def ask_unsaved(parent: QWidget) -> Literal["save", "discard", "stay"]:
    """Ask what becomes of the changes that are not saved."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(_("Unsaved changes"))
    box.setText(_("This project has changes that are not saved."))
    save = box.addButton(_("Save"), QMessageBox.ButtonRole.AcceptRole)
    discard = box.addButton(_("Leave without saving"), QMessageBox.ButtonRole.DestructiveRole)
    stay = box.addButton(_("Stay"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(save)
    box.setEscapeButton(stay)
    box.exec()
    if box.clickedButton() is save:
        return "save"
    return "discard" if box.clickedButton() is discard else "stay"


def import_words(made: Layer | Table) -> tuple[str, str]:
    """Return what to tell of an import: the counts, and the notes of the importer."""
    report = made.report
    if report is None:
        return _("{name} was brought in.").format(name=made.name), ""
    counts = ngettext(
        "{name}: {n} row read, {accepted} accepted, {repaired} repaired, "
        "{quarantined} not taken in.",
        "{name}: {n} rows read, {accepted} accepted, {repaired} repaired, "
        "{quarantined} not taken in.",
        report.rows_read,
    ).format(
        name=made.name,
        n=number(report.rows_read),
        accepted=number(report.accepted),
        repaired=number(report.repaired),
        quarantined=number(report.quarantined),
    )
    return counts, "\n".join(report.notes)


class QuarantineDialog(QDialog):
    """The rows of a layer or table that were not taken in, and what else its import had to say."""

    def __init__(self, layer: Layer | Table, parent: QWidget | None = None) -> None:
        from gisapp.ui.quarantine import quarantine_view
        from gisapp.ui.tables import FrameModel, fit_columns, table_view

        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Rows not taken in: {layer}").format(layer=layer.name))
        self.resize(820, 460)
        view = quarantine_view(layer)
        self.model = FrameModel(view)
        table = table_view(self.model, _("Rows not taken in"))
        fit_columns(table)
        n = len(view.rows)
        self.count = plain_label(
            ngettext(
                "{n} row of {source} was not taken in. Mend it there and import again.",
                "{n} rows of {source} were not taken in. Mend them there and import again.",
                n,
            ).format(n=number(n), source=layer.report.source if layer.report else layer.name)
            if n
            else _("Every row was taken in.")
        )
        buttons = QDialogButtonBox()
        buttons.addButton(_("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.count)
        column.addWidget(table, 1)
        column.addWidget(plain_label("\n".join(layer.report.notes if layer.report else ())))
        column.addWidget(buttons)


def _with_ending(path: Path, ending: str) -> Path:
    return path if path.suffix else path.with_suffix(ending)
