"""The numbers in docs/security.md are those of the code."""

import importlib
import re
from pathlib import Path

import pytest

from gisapp.io.readers.gdal import DRIVERS

PAGE = (Path(__file__).parents[1] / "docs/security.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\|[^|]+\| (\d+)(?: (GiB|MiB|s|times))? \| `([\w.]+)\.(\w+)` \|$", re.MULTILINE)
UNITS = {"": 1, "s": 1, "times": 1, "MiB": 1 << 20, "GiB": 1 << 30}
STATED = ROW.findall(PAGE)


@pytest.mark.parametrize(("number", "unit", "module", "name"), STATED)
def test_a_limit_is_what_the_page_says(number: str, unit: str, module: str, name: str) -> None:
    assert getattr(importlib.import_module(module), name) == int(number) * UNITS[unit]


def test_every_row_of_limits_is_held() -> None:
    table = PAGE.split("### Limits")[1].split("### How")[0]
    rows = [line for line in table.splitlines() if line.startswith("|")]
    assert len(STATED) == len(rows) - 2


def test_every_limit_is_stated() -> None:
    limits = vars(importlib.import_module("gisapp.io.limits"))
    assert {name for name in limits if name.isupper()} <= {name for *_rest, name in STATED}


def test_the_number_of_drivers_is_stated() -> None:
    assert len(DRIVERS) == 11
    assert "eleven of its drivers" in PAGE
