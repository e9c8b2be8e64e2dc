"""A bug is told with its frames and its kind; nobody's data is told with it."""

import subprocess
import sys
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.core.tracebacks import GONE, ElsewhereError, redacted

# Put together here, so that they do not stand in this file as they are looked for.
NAME, NIK, EMAIL = "Si" + "ti Amin" + "ah", "31750961" + "01308796", "si" + "ti@con" + "toh.id"
PLACE = "-6.3521" + "39247"


def caught(work):
    try:
        work()
    except Exception as error:
        return error
    raise AssertionError


def chained():
    try:
        float(NAME)
    except ValueError as error:
        raise KeyError(NIK) from error


def raises(error):
    raise error


@pytest.mark.parametrize(
    ("work", "kind", "said"),
    [
        (lambda: float(NAME), "ValueError", "could not convert string to float: '…'"),
        (lambda: int(NIK + "x"), "ValueError", "invalid literal for int"),
        (lambda: {}[NAME], "KeyError", "'…'"),
        (lambda: date.fromisoformat(NAME), "ValueError", "…"),
        (lambda: pd.to_numeric(pd.Series([NAME, EMAIL])), "ValueError", "at position 0"),
        (lambda: pd.Series([1], index=[NAME])[EMAIL], "KeyError", ""),
        (lambda: raises(RuntimeError(f"no place for {NAME} of {EMAIL}, {NIK} at {PLACE}")),
         "RuntimeError", f"no place for {GONE} {GONE} of {GONE}, {GONE} at -{GONE}"),
        (lambda: raises(OSError(2, "No such file", f"/home/{NAME}/{NIK}.csv")), "OSError", ""),
        (chained, "KeyError", "direct cause"),
    ],
)  # fmt: skip
def test_what_a_bug_says(work, kind, said):
    text = redacted(caught(work))
    assert kind in text or kind == "OSError"
    assert said in text
    assert "test_tracebacks.py" in text
    for mark in (*NAME.split(), NIK, EMAIL, PLACE[1:]):
        assert mark not in text


def test_what_stands_in_the_code_stays():
    error = caught(lambda: raises(ValueError("Expected axis has 3 elements in 'geometry'")))
    assert redacted(error).endswith("ValueError: Expected axis has 3 elements in 'geometry'\n")


def test_no_directory_of_the_machine_is_told():
    text = redacted(caught(lambda: pd.to_numeric(pd.Series([NAME]))))
    assert 'File "site-packages/pandas/' in text
    assert 'File "tests/core/test_tracebacks.py"' in text


def test_what_another_process_has_redacted_is_told_as_it_is():
    assert "File X, line 12345" in redacted(ElsewhereError("File X, line 12345"))
    assert "12345" not in redacted(RuntimeError("line 12345"))


def test_an_exception_that_is_not_given_is_named():
    assert redacted(None, MemoryError) == "MemoryError\n"


@given(st.text(st.characters(codec="utf-8"), min_size=4).filter(lambda x: not x.isspace()))
def test_a_quoted_value_is_never_told(value):
    planted = f"zq{value}zq"
    assert planted not in redacted(caught(lambda: {}[planted]))
    assert repr(planted)[1:-1] not in redacted(caught(lambda: {}[planted]))


def test_the_command_line_tells_a_bug_without_data(tmp_path):
    code = (
        "import sys\nfrom gisapp import cli\nimport gisapp.io.project_info as info\n"
        "def broken(_path): float('War' 'ni')\n"
        "info.project_info = broken\nsys.argv = ['gisapp', 'info', 'p.gpkg']\nsys.exit(cli.main())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1
    assert "Traceback" in ended.stderr
    assert "ValueError: could not convert string to float: '…'" in ended.stderr
    assert "Warni" not in ended.stderr
