"""What large collections of files hold: each gets the answer that it must."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from helpers.siblings import SIBLINGS, with_journal

from gisapp.io.checking import check_source
from gisapp.io.reading import read_source

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", SIBLINGS)
def test_a_file_of_a_collection(name: str, tmp_path: Path) -> None:
    sibling = SIBLINGS[name]
    answer = check_source(sibling.build(tmp_path))
    told = answer.warnings if answer.ok else answer.errors
    if sibling.features is None:
        assert not answer.ok, answer
        assert answer.remedy.endswith(".")
    else:
        assert answer.ok, answer
        assert answer.features == sibling.features
    assert not sibling.says or any(re.search(sibling.says, each) for each in told), told


def test_text_in_a_stated_encoding_is_read_in_it(tmp_path: Path) -> None:
    for name, expected in (("Korean", "시장"), ("an old Macintosh", "café")):
        folder = tmp_path / name
        folder.mkdir()
        columns = read_source(SIBLINGS[name].build(folder)).tables[0].columns
        assert list(columns["NAME"]) == [expected]


def test_what_lies_beside_a_geopackage_is_neither_played_back_nor_taken_away(
    tmp_path: Path,
) -> None:
    path = with_journal(tmp_path)
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    read_source(path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_no_warning_names_a_folder_of_ours(tmp_path: Path) -> None:
    path = SIBLINGS["only tiles"].build(tmp_path)
    assert "/" not in check_source(path).errors[0]


def test_a_layer_without_a_name_has_the_files(tmp_path: Path) -> None:
    path = SIBLINGS["a page of Esri JSON"].build(tmp_path)
    assert [table.name for table in read_source(path).tables] == [path.stem]
