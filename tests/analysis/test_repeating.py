"""A run is repeated from its record: the same bytes, or the name of what differs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from helpers.evidence import many_reasons

from gisapp.analysis import covering
from gisapp.analysis.assess import assess
from gisapp.analysis.repeating import differences, repeat
from gisapp.core.errors import GisappError
from gisapp.core.words import speaking
from gisapp.io.project_file import load_project, save_project
from gisapp.io.styles import load_style
from gisapp.session.edits import assessed, set_as_of

if TYPE_CHECKING:
    from pathlib import Path

    from gisapp.core.project import Project

UUID = "6f1c2f0e-8f3f-4a54-9a0e-0d7b8b0a1c13"


@cache
def project() -> Project:
    plain = many_reasons(seed=2)
    layers = tuple(replace(x, style=load_style("other")) for x in plain.layers)
    blank = replace(plain, layers=layers, uuid=UUID, key="0f" * 32)
    return assessed(blank, assess(blank))


def without_first(project: Project, name: str) -> Project:
    layer = project.layer(name)
    return project.with_layer(replace(layer, frame=layer.frame.iloc[1:].reset_index(drop=True)))


def test_the_same_data_give_the_same_bytes() -> None:
    repeated = repeat(project(), project().runs[-1])
    assert repeated.same
    assert not repeated.made_with


def test_the_order_of_the_rows_changes_no_byte() -> None:
    layers = tuple(
        replace(x, frame=x.frame.iloc[::-1].reset_index(drop=True)) for x in project().layers
    )
    tables = {
        name: replace(x, frame=x.frame.iloc[::-1].reset_index(drop=True))
        for name, x in project().tables.items()
    }
    turned = replace(project(), layers=layers[::-1], tables=tables)
    assert repeat(turned, project().runs[-1]).same


def test_compiled_kernels_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    monkeypatch.setattr(covering, "_MANY_POINTS", 1)
    assert repeat(project(), project().runs[-1]).same


def test_a_run_is_repeated_with_its_own_parameters_and_language() -> None:
    with speaking("id"):
        earlier = set_as_of("2025-06-01")(replace(project(), runs=()))
        earlier = assessed(earlier, assess(earlier))
    later = set_as_of("2026-11-01")(earlier)
    assert later.runs[-1].record.language == "id"
    assert repeat(later, later.runs[-1]).same


def test_another_process_on_one_core_gives_the_same_bytes(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    save_project(project(), file)
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cores)})  # what is started inherits it
    try:
        done = subprocess.run(
            [sys.executable, "-m", "gisapp", "repeat", str(file), "--json", "--lang", "id"],
            env={**os.environ, "PYTHONHASHSEED": "7"},
            capture_output=True,
            text=True,
            check=True,
        )
    finally:
        os.sched_setaffinity(0, cores)
    said = json.loads(done.stdout)
    assert said["same"]
    assert said["results"] == dict(project().runs[-1].record.results)


def test_inputs_that_are_others_are_named_and_nothing_is_worked_out() -> None:
    other = without_first(project(), "households").without_layer("evictions")
    other = other.with_layer(replace(project().layer("zoning"), name="zoning 2"))
    repeated = repeat(other, project().runs[-1])
    assert repeated.inputs == {"households": "changed", "evictions": "missing", "zoning 2": "new"}
    assert not repeated.same
    assert "evictions" in repeated.refusal().message


def test_a_result_that_is_another_is_named() -> None:
    run = project().runs[-1]
    record = replace(run.record, results={**run.record.results, "pairs": "0" * 64})
    record = replace(record, libraries={**record.libraries, "geos": "3.0"})
    repeated = repeat(project(), replace(run, record=record))
    assert repeated.differing == ("pairs",)
    assert repeated.made_with["geos"][0] == "3.0"


def test_what_was_never_recorded_is_refused() -> None:
    with pytest.raises(GisappError, match="before its results were recorded"):
        repeat(project(), replace(project().runs[-1], record=None))


def test_every_value_of_a_result_counts() -> None:
    """Changing one cell, one type or the order of the columns changes the fingerprint."""
    from gisapp.analysis.recording import frame_sha256

    frame = project().layer("assessed_businesses").frame
    plain = frame_sha256(frame)
    for column in frame.columns.drop(["geometry", "id"]):
        changed = frame.copy()
        dtype = changed[column].dtype
        if dtype == "bool":
            changed.loc[3, column] = not changed[column].iloc[3]
        else:
            changed.loc[3, column] = "other" if dtype == "str" else 7
        assert frame_sha256(changed) != plain, column
    assert frame_sha256(frame[frame.columns[::-1]]) != plain
    assert frame_sha256(frame.astype({"zone_count": "float64"})) != plain
    assert frame_sha256(frame.iloc[::-1].reset_index(drop=True)) == plain


def test_a_record_is_kept_in_the_project_file(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    save_project(project(), file)
    assert load_project(file).runs[-1].record == project().runs[-1].record


def test_two_summaries_are_compared_key_by_key() -> None:
    one = {"a": {"x": 1, "y": 2}, "by_admin": [{"code": "1", "n": 3}], "gone": True}
    other = {"a": {"x": 1, "y": 5}, "by_admin": [{"code": "2", "n": 3}]}
    assert differences(one, other) == [
        ("a.y", 2, 5),
        ("by_admin.1.code", "1", None),
        ("by_admin.1.n", 3, None),
        ("gone", True, None),
        ("by_admin.2.code", None, "2"),
        ("by_admin.2.n", None, 3),
    ]
