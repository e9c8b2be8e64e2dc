"""A small assessed project and the window's parts around it, with jobs that run at once."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from helpers import policy
from helpers.policy import point, square

from gisapp.analysis.assess import assess
from gisapp.core.layer import ImportReport
from gisapp.io.catalogue import load_catalogue
from gisapp.io.styles import load_style
from gisapp.session.edits import assessed
from gisapp.ui.jobs import Jobs

if TYPE_CHECKING:
    from gisapp.core.project import Project

AS_OF = policy.AS_OF
KEY = "0f" * 32
UUID = "6f1c2f0e-8f3f-4a54-9a0e-0d7b8b0a1c12"
BUSINESSES = (
    {"id": "B1", "name": "Warung Satu", "activity": "Warung Makan", "geometry": point(50, 50)},
    {"id": "B2", "name": "Warung Dua", "activity": "Warung Makan", "geometry": point(150, 50)},
    {"id": "B3", "name": "<b>Tiga</b>", "activity": "Bengkel", "geometry": point(250, 50)},
)
HOUSEHOLDS = (
    {"id": "H1", "members": 4, "geometry": point(60, 60)},
    {"id": "H2", "members": 2, "geometry": point(260, 60)},
)
ZONES = (
    {"id": "Z1", "KODSZN_1": "R-1", "BST": "Warung Makan", "geometry": square(0, 0, 100)},
    {"id": "Z2", "KODSZN_1": "K-1", "IZN": "Warung Makan", "geometry": square(100, 0, 100)},
)
EVICTIONS = (
    {
        "id": "E1",
        "name": "Kali",
        "stage": "sp2",
        "valid_from": "2026-01-01",
        "geometry": square(140, 40, 20),
    },
)
ADMIN = ({"id": "A1", "code": "31.75.09.1001", "name": "Ciracas", "geometry": square(0, 0, 300)},)


class AtOnce(Executor):
    """Runs what is submitted before `submit` returns."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def jobs_at_once() -> Jobs:
    return Jobs(AtOnce())


def plain_project() -> Project:
    """A project as after its imports: three businesses, two families, an eviction in force."""
    project = policy.project(
        businesses=BUSINESSES,
        households=HOUSEHOLDS,
        zoning=ZONES,
        evictions=EVICTIONS,
        admin=ADMIN,
        operates=({"id": "O1", "household_id": "H1", "business_id": "B2", "income_share": 1.0},),
        supports=(
            {
                "id": "S1",
                "household_id": "H1",
                "programme": "PKH",
                "amount_idr": 750_000.0,
                "valid_from": "2026-01-01",
            },
        ),
    )
    kinds = load_catalogue().kinds
    report = ImportReport("survey.csv", "0" * 64, "2026-10-01T00:00:00+00:00", 3, 3, 0, 0)
    layers = tuple(
        replace(layer, style=load_style(kinds[layer.kind].style), report=report)
        for layer in project.layers
    )
    return replace(
        project,
        layers=layers,
        title="Ciracas",
        notice="The people are invented.",
        uuid=UUID,
        key=KEY,
    )


def assessed_project(as_of: str = AS_OF) -> Project:
    """The same, assessed."""
    project = plain_project()
    return assessed(project, assess(project, as_of))


@contextmanager
def without_collecting() -> Iterator[None]:
    """Keep the garbage of all earlier tests from being looked through in what is measured."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
