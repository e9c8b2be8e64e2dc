"""Patterns of density stay on the machine: cells of few people name nobody, but nearly do."""

from __future__ import annotations

import pytest
from helpers.window import assessed_project

from gisapp.analysis.pattern_report import Question, ask_patterns, pattern_frame
from gisapp.privacy.redact import redact
from gisapp.session.patterns import put_patterns

WHATS = ("map", "report", "conflicts", "subjects", "project")


def with_patterns():
    project = assessed_project()
    frame = pattern_frame(ask_patterns(project, Question("families", "squares", cell_m=50.0)))
    return put_patterns(frame, "Families per km²")(project)


@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize("preset", ["partner", "public"])
def test_nothing_of_them_leaves_for_others(preset: str, what: str) -> None:
    release = redact(with_patterns(), preset, what=what, recipient="Mitra")
    assert not [x for x in release.layers if "patterns" in (x.name, x.kind)]
    assert "patterns" not in release.tables
    columns = {c for x in (*release.layers, *release.tables.values()) for c in x.frame.columns}
    assert not columns & {"density", "gi_z", "p_adjusted", "quadrant"}
    assert "patterns" not in str(dict(release.summary))


def test_they_are_on_the_machine_s_own_map() -> None:
    release = redact(with_patterns(), "internal")
    assert [x.name for x in release.layers if x.kind == "patterns"] == ["patterns"]
