"""What is asked of a picture in the window, and what is made of it."""

from dataclasses import replace

import pytest
from helpers.releases import assessed_town
from PySide6.QtGui import QImage

from gisapp.render.viewport import SCREEN_PX_PER_MM, Viewport
from gisapp.ui import work
from gisapp.ui.picture_dialog import PictureDialog
from gisapp.ui.picture_form import PictureChoice, layers_of_areas, settings_of

VIEW = Viewport(500.0, 250.0, 2.0, 800, 600, SCREEN_PX_PER_MM)


class Immediately:
    """Runs a job at once, as the window's tests do, and says what went wrong."""

    def __init__(self):
        self.refused = []

    def start(self, task, *, title, done, failed):
        from gisapp.core.errors import GisappError
        from gisapp.core.progress import SILENT

        try:
            done(task(SILENT))
        except GisappError as error:
            failed(error)

    def cancel(self, job):
        pass


@pytest.fixture
def dialog(qtbot):
    made = PictureDialog(assessed_town(), VIEW, None, Immediately())
    qtbot.addWidget(made)
    return made


def pick(combo, data):
    items = [combo.itemData(i) for i in range(combo.count())]
    combo.setCurrentIndex(items.index(data))


def test_the_present_view_alone_is_as_large_and_at_the_scale_that_it_has_in_the_window():
    settings = settings_of(PictureChoice(shown="view", alone=True, dpi=192), VIEW)
    assert settings.size_px == (1600, 1200)
    assert settings.scale == pytest.approx(VIEW.scale)
    assert settings.bounds == (500.0, 250.0, 500.0, 250.0)


def test_the_present_view_on_a_sheet_is_shown_whole():
    settings = settings_of(PictureChoice(shown="view"), VIEW)
    assert settings.bounds == VIEW.bounds
    assert settings.scale is None
    assert not settings.alone


def test_an_atlas_is_always_sheets():
    settings = settings_of(PictureChoice(shown="atlas", layer="admin", alone=True), VIEW)
    assert settings.atlas == "admin"
    assert not settings.alone


def test_an_atlas_goes_by_layers_of_areas_the_administrative_first():
    names = [name for name, _title in layers_of_areas(assessed_town())]
    assert names[0] == "admin"
    assert set(names) == {"admin", "zoning", "evictions"}


def test_the_first_page_is_shown_and_drawn_anew_for_another_choice(qtbot, dialog):
    qtbot.waitUntil(lambda: not dialog.preview.pixmap().isNull())
    pick(dialog.extent, ("atlas", "admin"))
    qtbot.waitUntil(lambda: dialog.page.maximum() == 3)
    assert dialog.choice.shown == "atlas"
    assert "3" in dialog.page.text()
    first = dialog.preview.pixmap().toImage()
    dialog.page.setValue(3)
    qtbot.waitUntil(lambda: dialog.preview.pixmap().toImage() != first)
    pick(dialog.extent, ("all", ""))
    qtbot.waitUntil(lambda: dialog.page.maximum() == 1)
    assert dialog.page.isHidden()


def test_a_partner_must_be_named(dialog):
    pick(dialog.preset, "partner")
    assert not dialog.export.isEnabled()
    dialog.recipient.setText("LBH")
    assert dialog.export.isEnabled()
    assert dialog.choice.recipient == "LBH"


def test_what_does_not_go_together_cannot_be_chosen(dialog):
    assert not dialog.dpi.isEnabled()
    pick(dialog.ending, "png")
    assert dialog.dpi.isEnabled()
    pick(dialog.kind, True)
    assert not dialog.graticule.isEnabled()
    pick(dialog.extent, ("atlas", "admin"))
    assert not dialog.kind.isEnabled()
    assert dialog.graticule.isEnabled()


def test_a_refusal_is_told_instead_of_a_preview(qtbot):
    town = assessed_town()
    hidden = replace(town, layers=tuple(replace(x, visible=False) for x in town.layers))
    dialog = PictureDialog(hidden, None, None, Immediately())
    qtbot.addWidget(dialog)
    pick(dialog.preset, "internal")
    qtbot.waitUntil(lambda: "nothing to draw" in dialog.note.text())
    assert not dialog.export.isEnabled()


def test_what_was_chosen_is_written_with_a_line_for_the_ledger(qtbot, tmp_path):
    from gisapp.core.progress import SILENT

    choice = PictureChoice(ending="png", shown="view", alone=True, dpi=96)
    records, missing = work.pictured(
        assessed_town(), None, tmp_path / "map.png", choice, settings_of(choice, VIEW), SILENT
    )
    image = QImage(str(tmp_path / "map.png"))
    assert (image.width(), image.height()) == (800, 600)
    assert [record.file for record in records] == ["map.png"]
    assert missing == ""
