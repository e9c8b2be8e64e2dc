"""Short questions to the user: files, unsaved changes, what was typed; and what an import did."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gisapp.core.words import _, ngettext, number

if TYPE_CHECKING:
    from gisapp.core.layer import Layer, Table

SOURCE_PATTERNS = (
    "*.geojson *.json *.gpkg *.shp *.zip *.fgb *.kml *.kmz *.gpx *.gml *.csv *.tsv *.txt "
    "*.xlsx *.xls *.ods"
)


def ask_project(parent: QWidget, folder: Path) -> Path | None:
    """Ask for a project file to open."""
    kinds = _("gisapp projects (*.gpkg *.age)")
    name, _kind = QFileDialog.getOpenFileName(parent, _("Open a project"), str(folder), kinds)
    return Path(name) if name else None


def ask_sealed(parent: QWidget, folder: Path) -> Path | None:
    """Ask for a sealed project to open."""
    kinds = _("Sealed projects (*.age)")
    title = _("Open a sealed project")
    name, _kind = QFileDialog.getOpenFileName(parent, title, str(folder), kinds)
    return Path(name) if name else None


def ask_seal(parent: QWidget, project: Path) -> Path | None:
    """Ask where to write the sealed copy of `project`."""
    start, kinds = project.with_suffix(".age"), _("Sealed projects (*.age)")
    name, _kind = QFileDialog.getSaveFileName(parent, _("Seal the project"), str(start), kinds)
    return _with_ending(Path(name), ".age") if name else None


def ask_save_project(parent: QWidget, folder: Path, title: str) -> Path | None:
    """Ask where to save the project."""
    name = title or _("project")
    start = folder / f"{name}.gpkg"
    kinds = _("gisapp projects (*.gpkg)")
    name, _kind = QFileDialog.getSaveFileName(parent, _("Save the project"), str(start), kinds)
    return _with_ending(Path(name), ".gpkg") if name else None


def ask_document(parent: QWidget, folder: Path) -> Path | None:
    """Ask for a document or photo to attach."""
    kinds = _("All files") + " (*)"
    name, _kind = QFileDialog.getOpenFileName(parent, _("Attach a document"), str(folder), kinds)
    return Path(name) if name else None


def ask_copy(parent: QWidget, folder: Path, name: str) -> Path | None:
    """Ask where to write a copy of a document called `name`."""
    start, kinds = folder / Path(name).name, _("All files") + " (*)"
    chosen, _kind = QFileDialog.getSaveFileName(parent, _("Save a copy"), str(start), kinds)
    return Path(chosen) if chosen else None


def ask_source(parent: QWidget, folder: Path) -> Path | None:
    """Ask for a file to bring in."""
    data, everything = _("Data"), _("All files")
    kinds = f"{data} ({SOURCE_PATTERNS});;{everything} (*)"
    name, _kind = QFileDialog.getOpenFileName(parent, _("Import a file"), str(folder), kinds)
    return Path(name) if name else None


def ask_mapping(parent: QWidget) -> Path | None:
    """Ask for a saved mapping."""
    kinds = _("Mappings (*.toml)")
    name, _kind = QFileDialog.getOpenFileName(parent, _("Load a mapping"), "", kinds)
    return Path(name) if name else None


def ask_save_mapping(parent: QWidget, kind: str) -> Path | None:
    """Ask where to save a mapping of a kind's fields."""
    kinds = _("Mappings (*.toml)")
    name, _kind = QFileDialog.getSaveFileName(parent, _("Save the mapping"), f"{kind}.toml", kinds)
    return _with_ending(Path(name), ".toml") if name else None


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


def ask_discard(parent: QWidget, n: int) -> bool:
    """Ask whether `n` rows that were corrected and not taken in may be forgotten."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(_("Corrections not taken in"))
    box.setText(
        ngettext(
            "{n} corrected row has not been taken in.",
            "{n} corrected rows have not been taken in.",
            n,
        ).format(n=number(n))
    )
    leave = box.addButton(_("Forget what was typed"), QMessageBox.ButtonRole.DestructiveRole)
    stay = box.addButton(_("Stay"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.exec()
    return box.clickedButton() is leave


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


def _with_ending(path: Path, ending: str) -> Path:
    return path if path.suffix else path.with_suffix(ending)
