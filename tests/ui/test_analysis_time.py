"""The page on time shows a project's history and leads to its dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from helpers.policy import point, project, square
from helpers.window import assessed_project, jobs_at_once
from PySide6.QtCore import QDate, Qt

from gisapp.core.progress import SILENT
from gisapp.core.project import Parameters, Project
from gisapp.core.words import speaking
from gisapp.io.catalogue import load_catalogue
from gisapp.render.charts import Steps
from gisapp.render.pick import Hit
from gisapp.session.session import Session
from gisapp.ui import dialogs
from gisapp.ui.analysis_time import TimePage
from gisapp.ui.main_window import MainWindow
from gisapp.ui.messages import BugReporter
from gisapp.ui.presence_bar import PresenceBar
from gisapp.ui.settings import Settings
from gisapp.ui.time_view import MOST_EVENTS, areas_view, runs_view, subjects_view, time_answer

AS_OF = "2026-11-01"


def made_project(parameters: Parameters | None = None) -> Project:
    return project(
        parameters=parameters or Parameters(AS_OF),
        businesses=[
            {"id": "B1", "geometry": point(50, 50), "schedule": "setiap hari 17-23"},
            {"id": "B2", "geometry": point(500, 50)},
        ],
        households=[{"id": "H1", "geometry": point(60, 50)}],
        evictions=[
            {"id": "E1", "name": "Jalan Baru", "stage": "sp1", "geometry": square(0, 0),
             "valid_from": "2026-01-01", "valid_to": "2026-02-01"},
            {"id": "E2", "stage": "sp3", "geometry": square(0, 0), "valid_from": "2026-03-01"},
        ],
        support_areas=[
            {"id": "S1", "name": "Lokbin", "geometry": square(0, 0), "valid_from": "2026-04-01"},
        ],
    )  # fmt: skip


@pytest.fixture
def page(qtbot: Any) -> TimePage:
    made = TimePage(jobs_at_once())
    qtbot.addWidget(made)
    made.show_project(made_project())
    return made


@pytest.fixture
def window(qtbot: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Any:
    monkeypatch.setenv("GISAPP_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(dialogs, "ask_unsaved", lambda _parent: "discard")
    made = MainWindow(jobs_at_once(), jobs_at_once(), Settings(), BugReporter(print))
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitSignal(made.canvas.drawn):
        made.use(Session(assessed_project()))
    yield made
    made.close()


def texts(view: Any) -> list[list[str]]:
    return [[view.text(row, column) for column in range(len(view.columns))]
            for row in range(len(view.rows))]  # fmt: skip


def test_the_chart_counts_from_date_to_date_and_marks_evictions() -> None:
    chart = time_answer(made_project(), "", SILENT).chart
    assert isinstance(chart, Steps)
    families = chart.lines[0]
    assert [(s.since, s.value) for s in families.steps][:3] == [
        ("2026-01-01", 1.0),
        ("2026-02-01", 0.0),
        ("2026-03-01", 1.0),
    ]
    assert [(e.on, e.label) for e in chart.events] == [
        ("2026-01-01", "begins: Jalan Baru (E1)"),
        ("2026-02-01", "ends: Jalan Baru (E1)"),
        ("2026-03-01", "begins: E2"),
    ]
    assert chart.until == AS_OF
    assert any("1 January 2026: begins: Jalan Baru" in reading for reading in chart.readings())


def test_of_many_events_the_first_are_marked_and_the_note_says_so() -> None:
    evictions = [
        {"id": f"E{n}", "stage": "sp1", "geometry": square(0, 0),
         "valid_from": date.fromordinal(date(2026, 1, 1).toordinal() + n).isoformat()}
        for n in range(MOST_EVENTS + 1)
    ]  # fmt: skip
    asked = project(businesses=[{"id": "B1", "geometry": point(1, 1)}], evictions=evictions)
    chart = time_answer(asked, "", SILENT).chart
    assert len(chart.events) == MOST_EVENTS
    assert str(MOST_EVENTS) in chart.note


def test_tables_speak_the_language_in_force() -> None:
    answer = time_answer(made_project(), "", SILENT)
    catalogue = load_catalogue()
    with speaking("en"):
        subjects = subjects_view(answer, catalogue)
        assert texts(subjects)[0][:4] == ["Business", "B1", "1 January 2026", "1 November 2026"]
        assert [row[1] for row in texts(subjects)] == ["B1", "H1"]  # B2 never was
        assert texts(runs_view(answer, 1, catalogue))[0][:4] == [
            "1 January 2026", "1 February 2026", "Home", "First warning (SP 1)",
        ]  # fmt: skip
    with speaking("id"):
        assert areas_view(answer, catalogue).title(0) == "Berlaku sejak"


def test_choosing_a_subject_shows_its_own_days(page: TimePage) -> None:
    page.tabs.setCurrentIndex(1)
    assert not page.mark.isEnabled()
    page.subjects.selectRow(0)
    assert page.about.text().startswith("B1: exposed on 277 days")
    assert page._runs_model.rowCount() == 4
    marked: list[Any] = []
    page.mark_asked.connect(marked.append)
    page.mark.click()
    assert [shape.wkt for shape in marked[0]] == ["POINT (50 50)"]


def test_the_first_day_of_a_chosen_row_becomes_the_as_of_date(page: TimePage) -> None:
    edits: list[Any] = []
    page.edit_asked.connect(lambda edit, text: edits.append((edit, text)))
    assert not page.go.isEnabled()
    page.areas.selectRow(1)
    page.go.click()
    page.tabs.setCurrentIndex(1)
    assert not page.go.isEnabled()
    page.subjects.selectRow(0)
    page.runs.selectRow(1)
    page.go.click()
    dates = [edit(page.project).parameters.as_of for edit, _text in edits]
    assert dates == ["2026-03-01", "2026-02-01"]


def test_a_chosen_first_day_shortens_the_history(page: TimePage) -> None:
    assert page.first.date() == QDate(2026, 1, 1)
    page.asks_from.setChecked(True)
    page.first.setDate(QDate(2026, 10, 1))
    page.tabs.setCurrentIndex(1)
    page.subjects.selectRow(0)
    assert "exposed on 32 days" in page.about.text()


def test_who_and_what_counts_is_an_edit_of_the_project(page: TimePage) -> None:
    edits: list[Any] = []
    page.edit_asked.connect(lambda edit, text: edits.append(edit(page.project).parameters))
    page.presence.asks_at.setChecked(True)
    page.presence.weekday.setCurrentIndex(6)
    page.presence.asks_known.setChecked(True)
    page.presence.known_on.setDate(QDate(2026, 5, 1))
    assert [p.at for p in edits][:2] == ["mon 19:00", "sun 19:00"]
    assert edits[-1].known_on == "2026-05-01"


def test_showing_parameters_asks_for_nothing(qtbot: Any) -> None:
    bar = PresenceBar()
    qtbot.addWidget(bar)
    asked: list[Any] = []
    bar.changed.connect(asked.append)
    bar.show_parameters(Parameters(AS_OF, known_on="2026-05-01", at="Minggu 7 malam"))
    assert (bar.weekday.currentIndex(), bar.time.time().hour()) == (6, 19)
    assert bar.known_on.date().toString(Qt.DateFormat.ISODate) == "2026-05-01"
    bar.show_parameters(Parameters(AS_OF))
    assert not bar.asks_at.isChecked()
    assert asked == []


def test_a_stall_that_is_closed_then_has_no_days(page: TimePage) -> None:
    page.show_project(made_project(replace(Parameters(AS_OF), at="mon 08:00")))
    shown = page._subjects_model.shown
    assert shown is not None
    assert [row[1] for row in texts(shown)] == ["H1"]


def test_without_anybody_it_says_what_to_do(qtbot: Any) -> None:
    page = TimePage(jobs_at_once())
    qtbot.addWidget(page)
    page.show_project(Project())
    assert page._said.text() == "Import businesses or households first."


def test_a_record_that_was_clicked_on_is_looked_at(page: TimePage) -> None:
    page.look_at("households", "H1")
    assert page.tabs.currentIndex() == 1
    assert page.about.text().startswith("H1: exposed on")
    page.look_at("businesses", "B2")
    assert (
        page.about.text() == "B2: never exposed, nor under contradicting policies, in these days."
    )


def test_what_is_sought_before_there_is_an_answer_is_found_with_it(qtbot: Any) -> None:
    made = TimePage(jobs_at_once())
    qtbot.addWidget(made)
    made.look_at("businesses", "B1")
    made.show_project(made_project())
    assert made.about.text().startswith("B1: exposed on 277 days")


def test_from_a_click_on_the_map_to_its_days(window: Any) -> None:
    window._show_hits([Hit("businesses", 1, "", 0.0)])
    assert window.identified.time.isVisible()
    window.identified.time.click()
    shown = window.analysing.shown
    page = shown.page_of(TimePage)
    assert shown.isVisible()
    assert page.about.text().startswith("B2: exposed on")
    page.runs.selectRow(page._runs_model.rowCount() - 1)
    page.go.click()
    assert window.project.parameters.as_of == "2026-01-01"
    window.session.undo()
    assert window.project.parameters.as_of == AS_OF


def test_what_is_no_business_or_family_has_no_days(window: Any) -> None:
    window._show_hits([Hit("evictions", 0, "", 0.0)])
    assert not window.identified.time.isVisible()
