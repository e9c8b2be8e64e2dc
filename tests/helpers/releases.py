"""A small assessed project, and what the gate lets out of it."""

from dataclasses import replace
from typing import Any

from helpers.policy import AS_OF, point, project, square

from gisapp.analysis.assess import assess
from gisapp.core.layer import ImportReport
from gisapp.core.project import Project
from gisapp.io.styles import load_style
from gisapp.privacy.redact import redact
from gisapp.privacy.release import Release
from gisapp.session.edits import assessed

NAUGHTY = "</svg></style><script>alert(1)</script> {{7*7}} ${1} \"'& \u202e\u2028 x"


def assessed_town(title: str = "Ciracas", notice: str = "The people are invented.") -> Project:
    """Two zones, a clearance over one of them, 40 businesses and 30 families."""
    town = project(
        admin=[
            {"id": "1", "code": "31.01", "name": "Susukan", "geometry": square(0, 0, 500)},
            {"id": "2", "code": "31.02", "name": NAUGHTY, "geometry": square(500, 0, 500)},
        ],
        zoning=[
            {"id": "Z1", "KODSZN_1": "R.1", "IZN": "Warung", "geometry": square(0, 0, 500)},
            {"id": "Z2", "KODSZN_1": "K.1", "BST": "Warung", "geometry": square(500, 0, 500)},
        ],
        evictions=[
            {
                "id": "E1",
                "stage": "sp2",
                "actor": "Satpol PP",
                "valid_from": "2026-01-01",
                "geometry": square(0, 0, 200),
            }
        ],
        businesses=[
            {
                "id": f"B{i}",
                "activity": "Warung",
                "net_income_idr_month": 1e6,
                "geometry": point(25 * i + 3, 100),
            }
            for i in range(40)
        ],
        households=[
            {"id": f"H{i}", "members": 4, "income_idr_month": 4e6, "geometry": point(30 * i, 150)}
            for i in range(30)
        ],
        operates=[
            {"household_id": f"H{29 - i}", "business_id": f"B{i}", "income_share": 1.0}
            for i in range(10)
        ],
    )
    report = ImportReport(
        "survey.csv", "ab" * 32, "2026-10-01T00:00:00+00:00", 42, 40, 0, 2, {}, {"no_location": 2}
    )
    layers = tuple(
        replace(layer, style=load_style(layer.kind), report=report) for layer in town.layers
    )
    town = replace(town, layers=layers, title=title, notice=notice, key="00" * 32)
    return assessed(town, assess(town, AS_OF))


def a_release(preset: str = "internal", what: str = "map", **words: Any) -> Release:
    return redact(assessed_town(**words), preset, what=what, recipient="LBH")
