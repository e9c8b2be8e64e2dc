"""The assessments of a project are listed, repeated and compared."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from helpers.window import assessed_project, jobs_at_once
from PySide6.QtCore import QItemSelectionModel, Qt

from gisapp.analysis.assess import assess
from gisapp.core.project import Project
from gisapp.core.words import speaking
from gisapp.io.catalogue import load_catalogue
from gisapp.session.edits import assessed
from gisapp.ui.analysis_evidence import EvidencePage
from gisapp.ui.run_rows import differences_view, run_text, runs_view, total_text


def twice() -> Project:
    first = assessed_project("2025-06-01")
    return assessed(first, assess(first, "2026-11-01"))


@pytest.fixture
def page(qtbot: Any) -> EvidencePage:
    page = EvidencePage(jobs_at_once())
    qtbot.addWidget(page)
    page.show()
    return page


def choose(page: EvidencePage, *places: int) -> None:
    flags = QItemSelectionModel.SelectionFlag
    page.table.clearSelection()
    for place in places:
        index = page.runs.index(place, 0)
        page.table.selectionModel().select(index, flags.Select | flags.Rows)


def test_without_an_assessment_it_says_what_to_do(page: EvidencePage) -> None:
    page.show_project(Project())
    assert "Press Assess" in page._said.text()


def test_the_last_assessment_comes_first_with_its_fingerprints(page: EvidencePage) -> None:
    project = twice()
    page.show_project(project)
    assert [page.runs.shown.text(n, 0) for n in range(2)] == ["2", "1"]
    for sha256 in project.runs[1].record.results.values():
        assert sha256 in page.said.text()


def test_one_is_repeated_by_the_keyboard(page: EvidencePage, qtbot: Any) -> None:
    page.show_project(twice())
    page.table.setCurrentIndex(page.runs.index(1, 0))
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert page.said.text() == "Assessment 1 was repeated: the same data give the same bytes."


def test_what_keeps_one_from_being_repeated_is_said(page: EvidencePage) -> None:
    project = twice()
    page.show_project(project.without_layer("evictions"))
    page.repeat.click()
    assert "evictions" in page.said.text()
    unrecorded = replace(project, runs=(replace(project.runs[0], record=None),))
    page.show_project(unrecorded)
    page.repeat.click()
    assert "before its results were recorded" in page.said.text()


def test_two_are_compared_total_by_total(page: EvidencePage) -> None:
    page.show_project(twice())
    choose(page, 0)
    assert not page.compare.isEnabled()
    choose(page, 0, 1)
    assert not page.repeat.isEnabled()
    page.compare.click()
    view = page.differing.shown
    rows = {view.text(n, 0): [view.text(n, c) for c in (1, 2, 3)] for n in range(len(view.rows))}
    assert rows["Conflicts"] == ["1", "4", "3"]


def test_rows_speak_both_languages() -> None:
    project = twice()
    english, catalogue = runs_view(project), load_catalogue()
    with speaking("id"):
        assert [runs_view(project).text(0, c) for c in (0, 3, 4)] == [
            english.text(0, c) for c in (0, 3, 4)
        ]
        assert total_text("families.direct", catalogue, {})
    path, names = "by_admin.31.75.09.1001.businesses.prohibited", {"31.75.09.1001": "Ciracas"}
    assert total_text(path, catalogue, names) == "Ciracas · businesses · Prohibited (X)"
    assert total_text(path, catalogue, {}) == "31.75.09.1001 · businesses · Prohibited (X)"
    assert "GEOS" not in run_text(1, replace(project.runs[0], record=None))


def test_no_total_is_told_by_its_key() -> None:
    catalogue = load_catalogue()
    found, of_nothing = twice().runs[0], replace(twice().runs[0], summary={})
    told = differences_view(of_nothing, found, catalogue)
    assert len(told.frame) > 50
    assert [x for x in told.frame.iloc[:, 0] if "_" in x or "%.0" in x] == []
    interval = total_text("intervals.families.direct.95%.1", catalogue, {})
    assert interval == "Interval · Families · Home · 95 %, to"


def test_a_run_differs_in_nothing_from_itself() -> None:
    run = twice().runs[0]
    assert len(differences_view(run, run, load_catalogue()).frame) == 0
