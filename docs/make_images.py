"""Make the pictures in ``docs/images``: the real window on the demo, and the exported page.

Run from the checkout after ``make setup``: ``.venv/bin/python docs/make_images.py``.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--no-sandbox --disable-gpu")
os.environ["GISAPP_HOME"] = tempfile.mkdtemp(prefix="gisapp-images-")

from PySide6.QtCore import QUrl
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication, QWidget

from gisapp.core.progress import SILENT
from gisapp.core.words import set_language
from gisapp.export import export_project
from gisapp.io.importer import import_layer
from gisapp.io.project_file import create_project
from gisapp.io.reading import read_source
from gisapp.render.application import ensure_font
from gisapp.session.demo import open_demo
from gisapp.ui import theme, work
from gisapp.ui.import_dialog import ImportDialog
from gisapp.ui.jobs import Jobs
from gisapp.ui.main_window import MainWindow
from gisapp.ui.messages import BugReporter
from gisapp.ui.quarantine_dialog import QuarantineDialog
from gisapp.ui.settings import Settings

IMAGES = Path(__file__).parent / "images"
DEMO = Path(__file__).parents[1] / "layers/demo"
PATIENCE_S = 60
LEGEND = "document.getElementById('legend-toggle').click()"
POPUP = """const field = document.getElementById('search-field');
field.value = 'Susukan';
field.dispatchEvent(new Event('input'));
setTimeout(() => field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' })), 300);"""
EARLIER = "for (let i = 0; i < 3; i++) document.querySelector('#time .row button').click()"


def main() -> None:
    """Make them all."""
    app = QApplication(["gisapp"])
    ensure_font()
    theme.dress(app)
    for language in ("en", "id"):
        picture_the_window(language)
    for language in ("en", "id"):
        picture_the_page(language)


def picture_the_window(language: str) -> None:
    """The demo as it opens, a record looked at, and a later date assessed."""
    set_language(language)
    window = MainWindow(Jobs(), Jobs(), Settings(), BugReporter(show=print))
    window.resize(1280, 800)
    window.show()
    window.commands.open_demo()
    wait(lambda: window.has_session and window.canvas.is_current)
    save(window, f"window-{language}.png")

    conflicts = window.project.layer("conflicts").frame
    contradicted = conflicts.index[conflicts["finding"] == "contradiction"][0]
    window.canvas.mark([conflicts.geometry[contradicted]])
    window.canvas.zoom_to_marks()
    wait(lambda: window.canvas.is_current)
    window.canvas.ask_at_center()
    wait(lambda: window.canvas.is_current)
    save(window, f"identify-{language}.png")

    window.canvas.zoom_all()
    window.commands.set_as_of("2026-12-15")
    window.commands.assess()
    wait(lambda: len(window.project.runs) > 1 and window.canvas.is_current)
    window.docks.raise_("summary")
    save(window, f"assessed-{language}.png")
    while window.session.can_undo:  # else closing asks whether to save
        window.session.undo()
    picture_the_analysis(window, language)
    picture_the_import(window, language)
    window.close()


def picture_the_analysis(window: MainWindow, language: str) -> None:
    """Every page of the analysis window, and why something was found."""
    window.commands.handlers["analysis"]()
    analysis = window.analysing.shown
    assert analysis is not None
    for place, page in enumerate(analysis.pages):
        analysis.list.setCurrentRow(place)
        wait(lambda: not window.jobs.running, then_s=0.8)
        name = type(page).__name__.removesuffix("Page").lower()
        save(analysis, f"analysis-{name}-{language}.png")
    analysis.close()


def picture_the_import(window: MainWindow, language: str) -> None:
    """The assistant on the demo's own table of businesses, and rows that were not taken in."""
    source, project = DEMO / "businesses.csv", create_project()
    admin = import_layer(project, read_source(DEMO / "admin.geojson"), "admin")
    project = project.with_layer(admin)
    found = work.read(source, project, SILENT)
    dialog = ImportDialog(project, *found, window.jobs, window.drawing, window)
    dialog.open()
    wait(dialog.take.isEnabled, then_s=1.5)
    save(dialog, f"import-{language}.png")
    dialog.reject()
    layer = import_layer(project, found[0], "businesses")
    rows = QuarantineDialog(project.with_layer(layer), layer, window.jobs, window.drawing, window)
    rows.open()
    wait(lambda: True, then_s=1.5)
    save(rows, f"mend-{language}.png")
    rows.reject()


def picture_the_page(language: str) -> None:
    """The exported page, on a desk and on a phone."""
    set_language(language)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "map.html"
        export_project(open_demo(), page, preset="public", lang=language)
        views = (
            ("page", 1280, 800, ""),
            ("phone", 390, 844, ""),
            ("phone-legend", 390, 844, LEGEND),
            ("page-popup", 1280, 800, POPUP),
            ("page-time", 1280, 800, EARLIER),
        )
        for name, width, height, script in views:
            view = QWebEngineView()
            view.resize(width, height)
            loaded: list[bool] = []
            view.loadFinished.connect(loaded.append)
            view.load(QUrl.fromLocalFile(str(page)))
            view.show()
            wait(lambda: bool(loaded), then_s=1.5)  # noqa: B023
            if script:
                view.page().runJavaScript(script)
                wait(lambda: True, then_s=1.0)
            save(view, f"{name}-{language}.png")
            view.close()


def wait(holds: Callable[[], bool], then_s: float = 0.3) -> None:
    """Let the program work until `holds`, then a moment longer for the last paint."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError("nothing more happens")
        _work_on()
    rest = time.monotonic() + then_s
    while time.monotonic() < rest:
        _work_on()


def _work_on() -> None:
    """Deal with events, then let the workers have the interpreter (QTest.qWait would keep it)."""
    QApplication.processEvents()
    time.sleep(0.01)


def save(widget: QWidget, name: str) -> None:
    """Keep what `widget` shows."""
    IMAGES.mkdir(exist_ok=True)
    assert widget.grab().save(str(IMAGES / name))


main()
