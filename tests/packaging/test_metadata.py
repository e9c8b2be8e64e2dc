"""What is said in several places is said alike."""

import re
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import gisapp

ROOT = Path(__file__).parents[2]
METAINFO = ROOT / "packaging" / "linux" / "id.gisapp.gisapp.metainfo.xml"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_the_newest_release_is_this_version() -> None:
    newest = ET.parse(METAINFO).find("releases/release")
    assert newest is not None
    assert newest.get("version") == gisapp.__version__


def test_the_desktop_entry_and_the_metainfo_name_each_other() -> None:
    launchable = ET.parse(METAINFO).findtext("launchable")
    assert launchable is not None
    assert METAINFO.with_name(launchable).is_file()


@pytest.mark.parametrize("requirement", PROJECT["dependencies"])
def test_each_dependency_says_why_it_is_here(requirement: str) -> None:
    name, floor, ceiling = re.fullmatch(r"([\w-]+)>=([\d.]+)(?:,<([\d.]+))?", requirement).groups()
    row = re.search(
        rf"^\| {re.escape(name)} \| ([^|]+) \| [^|]+ \| [^|]+ \|$",
        (ROOT / "docs" / "dependencies.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assert row, f"docs/dependencies.md has no row for {name}"
    assert row[1] == (f"{floor}, below {ceiling}" if ceiling else floor)


def test_what_testing_needs_is_named_too() -> None:
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    names = [re.split(r"[<>=]", one)[0] for one in PROJECT["optional-dependencies"]["dev"]]
    assert [name for name in names if name not in text] == []
