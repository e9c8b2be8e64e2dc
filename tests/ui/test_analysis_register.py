"""The page with the provision register."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from helpers.policy import point, project, square
from helpers.window import jobs_at_once

from gisapp.io.provisions import bundled_provisions
from gisapp.ui.analysing import pages
from gisapp.ui.analysis_register import RegisterPage
from gisapp.ui.register_fields import choose

if TYPE_CHECKING:
    from collections.abc import Callable

    from gisapp.core.project import Project

ROW = {
    "id": "P1", "applies_to": "evictions", "status": "in_force", "stance": -1.0,
    "instrument": "Perda DKI", "number": "8", "article": "25", "institution": "Pemprov",
}  # fmt: skip
PLACES: dict[str, Any] = {
    "households": [{"id": "H1", "geometry": point(50, 50)}],
    "evictions": [
        {"id": "E1", "geometry": square(0, 0), "stage": "sp2", "valid_from": "2026-01-01",
         "name": "Penertiban"}
    ],
    "supports": [{"id": "T1", "household_id": "H1", "programme": "PKH"}],
}  # fmt: skip


class Shown:
    """The page, and the project that its edits lead to."""

    def __init__(self, page: RegisterPage, project: Project) -> None:
        self.page, self.projects = page, [project]
        page.edit_asked.connect(self._edit)

    def _edit(self, edit: Any, _text: str) -> None:
        self.projects.append(edit(self.projects[-1]))
        self.page.show_project(self.projects[-1])

    @property
    def rows(self) -> dict[str, dict[str, Any]]:
        frame = self.projects[-1].tables["provisions"].frame
        return {row["id"]: row for row in frame.to_dict("records")}

    def cell(self, row: int, column: int) -> str:
        return str(self.page._model.shown.text(row, column))


@pytest.fixture
def opened(qtbot: Any) -> Callable[[Project], Shown]:
    def make(project: Project) -> Shown:
        page = RegisterPage(jobs_at_once())
        qtbot.addWidget(page)
        page.show()
        shown = Shown(page, project)
        page.show_project(project)
        return shown

    return make


def test_the_window_has_the_page() -> None:
    assert RegisterPage in pages()


def test_every_row_says_whom_it_reaches_and_an_idle_one_that_it_reaches_nobody(opened: Any) -> None:
    idle = {**ROW, "id": "P2", "applies_to": "E9", "article": "27"}
    unused = {**ROW, "id": "P3", "stance": None, "article": "30"}
    shown = opened(project(provisions=[unused, idle, ROW], **PLACES))
    assert [shown.cell(n, 0) for n in range(3)] == [
        "Perda DKI 8 art. 25", "Perda DKI 8 art. 27", "Perda DKI 8 art. 30",
    ]  # fmt: skip
    assert [shown.cell(n, 2) for n in range(3)] == ["1", "0", ""]
    assert "names no policy in force" in shown.cell(1, 4)
    assert "no stance" in shown.cell(2, 4)
    marked: list[Any] = []
    shown.page.mark_asked.connect(marked.append)
    shown.page.mark.click()
    assert len(marked[0]) == 1


def test_an_edit_is_one_step_and_leaves_the_rest_alone(opened: Any) -> None:
    shown = opened(project(provisions=[{**ROW, "own": "kept"}], **PLACES))
    choose(shown.page.form.entries["stance"], "-3")
    choose(shown.page.form.target, "E1")
    choose(shown.page.form.form, "pkl")
    assert shown.page.keep.isEnabled()
    shown.page.keep.click()
    row = shown.rows["P1"]
    assert (row["stance"], row["applies_to"], row["own"]) == (-3, "E1:form=pkl", "kept")
    assert len(shown.projects) == 2
    assert "codings" not in shown.projects[-1].tables


def test_rows_are_added_duplicated_and_removed(opened: Any) -> None:
    shown = opened(project(**PLACES))
    assert "register is empty" in shown.page.table.empty
    shown.page.add.click()
    shown.page.form.entries["instrument"].setText("Perpres")
    shown.page._check()
    shown.page.keep.click()
    assert list(shown.rows) == ["P-1"]
    shown.page.copy.click()
    assert list(shown.rows) == ["P-1", "P-2"]
    assert shown.rows["P-2"]["instrument"] == "Perpres"
    shown.page.remove.click()
    assert list(shown.rows) == ["P-1"]


def test_what_is_wrong_is_told_and_cannot_be_kept(opened: Any) -> None:
    shown = opened(project(provisions=[ROW], **PLACES))
    form, page = shown.page.form, shown.page
    for field, wrong, said in (
        ("instrument", "", "needs its instrument"),
        ("year", "07", "four digits"),
        ("valid_from", "1 Jan", "Valid from"),
    ):
        earlier = form.typed()[field]
        form.entries[field].setText(wrong)
        page._check()
        assert said in page.wrong.text()
        assert not page.keep.isEnabled()
        form.entries[field].setText(earlier)
    form.entries["valid_from"].setText("2026-01-02")
    form.entries["valid_to"].setText("2026-01-02")
    page._check()
    assert "end after it began" in page.wrong.text()
    form.entries["valid_to"].setText("")
    page._check()
    assert page.keep.isEnabled()
    assert page.wrong.isHidden()


def test_several_people_code_a_provision(opened: Any) -> None:
    shown = opened(project(provisions=[{**ROW, "stance": None}], **PLACES))
    codings = shown.page.form.codings
    for coder, stance in (("RS", "-1"), ("TU", "-3")):
        codings.add.click()
        codings.table.item(codings.table.rowCount() - 1, 0).setText(coder)
        assert not shown.page.keep.isEnabled()
        choose(codings._stance(codings.table.rowCount() - 1), stance)
    shown.page.keep.click()
    frame = shown.projects[-1].tables["codings"].frame
    assert frame[["provision_id", "coder", "stance"]].to_numpy().tolist() == [
        ["P1", "RS", -1], ["P1", "TU", -3],
    ]  # fmt: skip
    assert "coders disagree" in shown.cell(0, 4)
    codings.table.setCurrentCell(1, 0)
    codings.remove.click()
    shown.page.keep.click()
    assert shown.cell(0, 2) == "1"


def test_what_it_applies_to_is_chosen_not_typed(opened: Any) -> None:
    shown = opened(project(provisions=[ROW], **PLACES))
    box = shown.page.form.target
    offered = {box.itemData(n): box.itemText(n) for n in range(box.count())}
    assert offered["evictions"] == "all of: Evictions and clearances"
    assert offered["E1"] == "area: Penertiban (E1)"
    assert offered["PKH"] == "programme: PKH"
    assert box.currentData() == "evictions"


def test_a_target_that_is_not_here_is_kept(opened: Any) -> None:
    shown = opened(project(provisions=[{**ROW, "applies_to": "loksem-7:form=pkl"}], **PLACES))
    assert shown.page.form.typed()["applies_to"] == "loksem-7:form=pkl"


def test_the_bundled_register_is_offered_and_changes_no_result(opened: Any) -> None:
    shown = opened(project(provisions=[ROW], **PLACES))
    assert list(shown.rows) == ["P1"]
    shown.page.start.click()
    assert len(shown.rows) == 1 + len(bundled_provisions())
    assert not shown.page.start.isEnabled()
    before, after = shown.projects
    from gisapp.analysis.assess import assess

    told = [assess(p).summary for p in (before, after)]
    assert told[0] == told[1]


def test_what_was_typed_is_kept_when_another_row_is_chosen(opened: Any) -> None:
    other = {**ROW, "id": "P2", "article": "27"}
    shown = opened(project(provisions=[ROW, other], **PLACES))
    page = shown.page
    page.form.entries["quote"].setPlainText("Setiap orang dilarang")
    page.table.selectRow(1)
    assert shown.rows["P1"]["quote"] == "Setiap orang dilarang"
    assert page.form.typed()["article"] == "27"
    page.form.entries["quote"].setPlainText("Lain")
    page.add.click()
    assert shown.rows["P2"]["quote"] == "Lain"
    assert page.form.typed()["instrument"] == ""
    page.form.entries["instrument"].setText("Perpres")
    page._check()
    page.keep.click()
    assert set(shown.rows) == {"P1", "P2", "P-1"}


def test_what_is_typed_wrong_stays_on_show_until_it_is_right(opened: Any) -> None:
    other = {**ROW, "id": "P2", "article": "27"}
    shown = opened(project(provisions=[ROW, other], **PLACES))
    page = shown.page
    page.form.entries["year"].setText("20x1")
    page._check()
    for leave in (lambda: page.table.selectRow(1), page.add.click, page.copy.click):
        leave()
        assert page.form.typed()["year"] == "20x1"
        assert page.wrong.isVisible()
        assert [i.row() for i in page.table.selectionModel().selectedRows()] == [0]
    assert len(shown.projects) == 1


def test_a_change_elsewhere_leaves_what_is_typed(opened: Any) -> None:
    shown = opened(project(provisions=[ROW], **PLACES))
    shown.page.form.entries["quote"].setPlainText("Setiap orang dilarang")
    shown.page.show_project(project(provisions=[ROW], **PLACES))
    assert shown.page.form.typed()["quote"] == "Setiap orang dilarang"
    assert shown.page.keep.isEnabled()
