import re
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pytest
from helpers.releases import NAUGHTY, a_release
from PySide6.QtGui import QGuiApplication
from PySide6.QtPdf import QPdfDocument

from gisapp.core.errors import GisappError
from gisapp.core.policy import IMPACTS
from gisapp.core.words import speaking
from gisapp.export import report
from gisapp.export.markup import paragraph, table
from gisapp.export.report import write_report
from gisapp.export.report_parts import in_short, income
from gisapp.privacy.release import Release


@pytest.fixture(autouse=True)
def _application(qapp: QGuiApplication) -> None:
    """One for all."""


@pytest.fixture(scope="module")
def release() -> Release:
    return a_release(what="report")


class Page(HTMLParser):
    """What a page holds: tags with their attributes, the text, the cells of each table."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.tables: list[list[list[str]]] = []
        self._in_cell = False
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_cell:
            self.tables[-1][-1][-1] += data


def page_of(release: Release, folder: Path, lang: str = "en") -> Page:
    write_report(release, folder / "report.html", lang)
    return Page(folder / "report.html")


def pdf_pages(path: Path) -> list[str]:
    document = QPdfDocument()
    document.load(str(path))
    pages = [
        " ".join(document.getAllText(page).text().split()) for page in range(document.pageCount())
    ]
    document.close()
    return pages


def test_both_forms_tell_the_whole_story(release: Release, tmp_path: Path) -> None:
    page = page_of(release, tmp_path)
    write_report(release, tmp_path / "report.pdf", "en")
    pdf = " ".join(pdf_pages(tmp_path / "report.pdf"))
    for heading in (
        "The question",
        "The answer in short",
        "Who is affected (terdampak)",
        "Map",
        "By kelurahan",
        "Contradictions",
        "Income and poverty",
        "What was not assessed, and why",
        "Method",
        "Data sources",
    ):
        assert heading in page.text
        assert heading in pdf
    assert release.risk_statement in page.text
    assert release.risk_statement in pdf


def test_every_page_of_the_pdf_says_which_it_is(release: Release, tmp_path: Path) -> None:
    write_report(release, tmp_path / "report.pdf", "en")
    pages = pdf_pages(tmp_path / "report.pdf")
    assert len(pages) >= 3
    for i, text in enumerate(pages, 1):
        assert f"Page {i} of {len(pages)}" in text


def test_every_column_adds_up_to_its_total(release: Release, tmp_path: Path) -> None:
    page = page_of(release, tmp_path)
    summed = [rows for rows in page.tables if rows[-1][0] == "Total"]
    assert len(summed) == 5
    for _, *rows, total in summed:
        for column in range(1, len(total)):
            assert sum(int(row[column]) for row in rows) == int(total[column])


def test_the_numbers_are_those_of_the_assessment(release: Release, tmp_path: Path) -> None:
    page = page_of(release, tmp_path)
    families = {row[0]: row[1] for row in page.tables[0][1:]}
    found = release.summary["families"]
    assert families["Home"] == str(found["direct"])
    assert families["Total"] == str(found["total"]) == "30"
    assert f"{found['direct'] + found['livelihood'] + found['both']} of 30 families" in page.text


def test_a_page_runs_nothing_and_loads_nothing(tmp_path: Path) -> None:
    page = page_of(a_release(what="report", title=NAUGHTY, notice=NAUGHTY), tmp_path)
    assert not {"script", "link", "iframe", "object", "img"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "style"]
    links = [value for name, value in page.attributes if name in ("href", "src", "xlink:href")]
    assert all(value is None or value.startswith("#") for value in links)
    policy = [value for name, value in page.attributes if value and "default-src" in value]
    assert policy[0].startswith("default-src 'none'; style-src 'sha256-")
    assert NAUGHTY.split("\u202e")[0] in page.text


def test_an_area_with_a_naughty_name_is_shown_as_it_is(release: Release, tmp_path: Path) -> None:
    page = page_of(release, tmp_path)
    names = {row[0].replace("\u200b", "") for rows in page.tables for row in rows}
    assert NAUGHTY in names


def test_hidden_numbers_are_marked_and_not_zero(tmp_path: Path) -> None:
    release = a_release("public", what="report")
    page = page_of(release, tmp_path)
    hidden = sum(release.summary["families"][impact] is None for impact in IMPACTS)
    assert hidden
    assert [row[1] for row in page.tables[0]].count("•") == hidden
    assert "stands for a number that this edition hides" in page.text


def test_a_sentence_with_a_hidden_number_is_left_out(release: Release) -> None:
    told = dict(release.summary)
    told["families"] = {**told["families"], "direct": None}
    assert "at home" not in in_short(told)
    assert "businesses" in in_short(told)


def test_numbers_follow_the_language() -> None:
    families = {"direct": 1200, "livelihood": 34, "both": 0, "none": 0, "total": 1234}
    found = {
        "families": families,
        "conformity": {"businesses": {"total": 5000}},
        "exposure": {"businesses": {}},
        "contradictions": {"businesses": 0, "households": 0},
    }
    with speaking("id"):
        assert "1.234" in in_short(found)
    assert "1,234" in in_short(found)


def test_a_word_longer_than_the_page_can_break() -> None:
    word = "x" * 500
    cell = table(["a"], [[word]]).html
    assert max(len(run) for run in re.findall("x+", cell)) <= 32
    assert paragraph(word).html.count("x") == 500


def test_an_unwritable_place_is_an_error_with_a_remedy(release: Release, tmp_path: Path) -> None:
    with pytest.raises(GisappError) as caught:
        write_report(release, tmp_path / "nowhere" / "report.pdf", "en")
    assert caught.value.remedy


def test_a_page_that_breaks_off_leaves_nothing_painted_on(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = []

    def break_off(pages: report._Pages) -> None:
        begun.append(pages.painter)
        raise KeyboardInterrupt

    monkeypatch.setattr(report._Pages, "paint_map", break_off)
    with pytest.raises(KeyboardInterrupt):
        write_report(release, tmp_path / "report.pdf", "en")
    assert [painter.isActive() for painter in begun] == [False]
    assert not (tmp_path / "report.pdf").exists()


def test_where_no_income_is_known_there_is_no_poverty_to_tell() -> None:
    nothing = {"line": 897_768, "source": "DKI", "before": None, "after": None}
    summary = {"poverty": nothing | {"assessed_families": 0}}
    page = str(income(SimpleNamespace(summary=summary)))  # type: ignore[arg-type]
    assert "Foster" not in page
    assert "Families with a known income: 0" in page
