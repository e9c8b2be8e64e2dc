from collections.abc import Callable
from typing import Any

import pytest
from helpers.window import jobs_at_once

from gisapp.core.errors import GisappError
from gisapp.core.progress import Progress
from gisapp.core.project import Parameters, Project
from gisapp.ui.analysis_page import AnalysisPage
from gisapp.ui.analysis_window import AnalysisWindow
from gisapp.ui.jobs import Jobs


class Titles(AnalysisPage):
    """Shows a project's title."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__(jobs)
        self.asked: list[Project] = []
        self.shown: list[str] = []
        self.retranslate()

    def title(self) -> str:
        return "Titles"

    def lacking(self, project: Project) -> str:
        return "" if project.title else "Give it a title."

    def ask(self, project: Project, progress: Progress) -> str:
        self.asked.append(project)
        if project.title == "bad":
            raise GisappError("It is bad.", "Make it good.")
        return project.title

    def show_answer(self, answer: Any) -> None:
        self.shown.append(answer)


@pytest.fixture
def made(qtbot: Any) -> Callable[[], AnalysisWindow]:
    def make() -> AnalysisWindow:
        window = AnalysisWindow(jobs_at_once(), (Titles, Titles), None)
        qtbot.addWidget(window)
        return window

    return make


def test_only_the_page_on_show_asks(made: Callable[[], AnalysisWindow]) -> None:
    window = made()
    window.show_project(Project(title="one"))
    first, second = window.pages
    assert isinstance(first, Titles)
    assert isinstance(second, Titles)
    assert (first.shown, second.shown) == (["one"], [])
    window.list.setCurrentRow(1)
    assert second.shown == ["one"]


def test_the_same_project_is_not_asked_about_twice(made: Callable[[], AnalysisWindow]) -> None:
    window, project = made(), Project(title="one")
    window.show_project(project)
    window.show_project(project)
    assert isinstance(window.pages[0], Titles)
    assert window.pages[0].asked == [project]


def test_what_is_missing_is_said(made: Callable[[], AnalysisWindow]) -> None:
    window = made()
    window.show_project(Project())
    page = window.pages[0]
    assert isinstance(page, Titles)
    assert page._said.text() == "Give it a title."
    assert page.asked == []


def test_a_refusal_is_told_with_its_remedy(made: Callable[[], AnalysisWindow]) -> None:
    window = made()
    window.show_project(Project(title="bad"))
    assert window.pages[0]._said.text() == "It is bad.\nMake it good."
    assert not window.pages[0]._again.isHidden()


def test_an_answer_is_dated_and_says_who_alone_counts(made: Callable[[], AnalysisWindow]) -> None:
    window = made()
    page = window.pages[0]
    asked = Parameters("2026-11-01", known_on="2026-10-01", at="mon 19:30")
    window.show_project(Project(title="one", parameters=asked))
    assert page._asked.text().startswith(
        "As of 1 November 2026. Only what had been observed by 1 O"
    )
    assert "mon 19:30" in page._asked.text()
    window.show_project(Project())
    assert page._asked.text() == ""


def test_a_date_that_is_none_is_refused(made: Callable[[], AnalysisWindow]) -> None:
    window = made()
    window.show_project(Project(title="one", parameters=Parameters(known_on="soon")))
    assert "“soon” is not a date." in window.pages[0]._said.text()
