"""Every worked example of docs/methods.md is what the program answers."""

import doctest
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[1] / "docs/methods.md").read_text(encoding="utf-8")
HEAD, *SECTIONS = PAGE.split("\n## ")
TITLES = [section.splitlines()[0] for section in SECTIONS]
NOT_FOR = "**Not for**"


@pytest.mark.parametrize("section", SECTIONS, ids=TITLES)
def test_a_worked_example_is_what_the_program_answers(section: str) -> None:
    test = doctest.DocTestParser().get_doctest(section, {}, section.splitlines()[0], None, 0)
    assert test.examples, "the section has no worked example"
    said: list[str] = []
    failed, _tried = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=said.append)
    assert not failed, "".join(said)


@pytest.mark.parametrize("section", SECTIONS, ids=TITLES)
def test_a_section_names_its_source_and_its_limits(section: str) -> None:
    assert "**Source**" in section
    assert NOT_FOR in section
