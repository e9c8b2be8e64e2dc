"""Where contradictions concentrate: counts by admin area and by hexagon.

Counts only; what they are per inhabitant or beyond chance `patterns` tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.analysis.columns import as_text
from gisapp.analysis.counting_units import CELL_M, NO_UNIT, counting_units
from gisapp.analysis.summary import counts_by_area

if TYPE_CHECKING:
    from gisapp.analysis.columns import Bools, Texts
    from gisapp.analysis.findings import About
    from gisapp.analysis.study import Study
    from gisapp.core.project import Project

OWN, LIVELIHOOD, NEITHER = "contradiction", "through_livelihood", "none"
WORDS = (OWN, LIVELIHOOD, NEITHER)


def standing(studied: Study) -> dict[str, Texts]:
    """Say of each subject how it stands between contradicting policies.

    Returns
    -------
    dict
        ``businesses`` and ``households`` to ``contradiction``, ``through_livelihood`` (a family
        that is not itself under contradiction but operates a business that is) or ``none``.
    """
    found, links = studied.found, studied.case.links
    businesses = found.businesses.contradiction.contradictory
    families = found.households.contradiction.contradictory
    passed = np.zeros(len(families), dtype=bool)
    passed[links.household[businesses[links.business]]] = True
    return {
        "businesses": _words(businesses, np.zeros(len(businesses), dtype=bool)),
        "households": _words(families, passed),
    }


def _words(own: Bools, passed: Bools) -> Texts:
    return np.select([own, passed], [OWN, LIVELIHOOD], NEITHER).astype(object)


def contradictions_by_area(studied: Study) -> list[dict[str, Any]]:
    """Count them in every admin area, then ``outside`` and ``no_location``: columns add up."""
    words, found = standing(studied), studied.found
    columns = {
        "businesses": (found.businesses.member, words["businesses"], (OWN, NEITHER)),
        "households": (found.households.member, words["households"], WORDS),
    }
    return counts_by_area(studied.case.admin, columns)


def contradiction_cells(
    project: Project, studied: Study, cell_m: float = CELL_M
) -> gpd.GeoDataFrame:
    """Count them in hexagons over the admin areas.

    Parameters
    ----------
    project : Project
    studied : Study
        Of this project.
    cell_m : float
        Width of a hexagon between two opposite sides, metres.

    Returns
    -------
    GeoDataFrame
        ``id``, ``businesses``, ``families``, ``families_through_livelihood``, their sum
        ``subjects``, and ``geometry``; hexagons without any are left out. Who has no location is
        in none.

    Raises
    ------
    GisappError
        Where there is no admin layer, or there would be too many cells.
    """
    units, words = counting_units(project, "hexagons", cell_m), standing(studied)

    def counted(about: About, word: str) -> pd.Series:
        unit = units.unit_of(about.subjects)
        there = unit[(unit != NO_UNIT) & (words[about.subjects.kind] == word)]
        return pd.Series(np.bincount(there, minlength=len(units)), dtype="Int64")

    found = studied.found
    frame = gpd.GeoDataFrame(
        {
            "id": as_text(units.codes),
            "businesses": counted(found.businesses, OWN),
            "families": counted(found.households, OWN),
            "families_through_livelihood": counted(found.households, LIVELIHOOD),
        },
        geometry=units.polygons,
        crs=project.crs,
    )
    frame.insert(4, "subjects", frame.iloc[:, 1:4].sum(axis=1).astype("Int64"))
    return frame[frame["subjects"] > 0].reset_index(drop=True)
