"""The overlay stays on the machine: its rows count businesses and families in small places."""

from __future__ import annotations

import pytest
from helpers.window import assessed_project

from gisapp.analysis.overlay_table import overlay_frame, overlay_table
from gisapp.privacy.redact import redact
from gisapp.session.result_layers import put_result

WHATS = ("map", "report", "conflicts", "subjects", "project")


def with_overlay():
    project = assessed_project()
    return put_result("overlay", overlay_frame(overlay_table(project)), "Overlay")(project)


@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize("preset", ["partner", "public"])
def test_nothing_of_it_leaves_for_others(preset: str, what: str) -> None:
    release = redact(with_overlay(), preset, what=what, recipient="Mitra")
    assert not [x for x in release.layers if "overlay" in (x.name, x.kind)]
    columns = {c for x in (*release.layers, *release.tables.values()) for c in x.frame.columns}
    assert not columns & {"slivers", "sliver_m2", "pieces"}


def test_it_is_on_the_machine_s_own_map() -> None:
    release = redact(with_overlay(), "internal")
    assert [x.name for x in release.layers if x.kind == "overlay"] == ["overlay"]
