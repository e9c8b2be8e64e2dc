"""The answer of an assessment: frames, totals and where they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from gisapp.core.project import Parameters, RunRecord


@dataclass(frozen=True, eq=False)
class Assessment:
    """What `analysis.assess` answers.

    Parameters
    ----------
    parameters : Parameters
        As asked, with the as-of date and the plan that were used filled in.
    businesses : GeoDataFrame
        One row per business, in the order of its layer: ``id``, ``class``, ``uncertain`` (bool),
        ``probability`` (Φ(d/σ), NaN where not assessed), ``sigma_m``, ``sigma_known`` (bool),
        ``zones`` (codes joined by ``;``), ``zone_count``, ``tie`` (bool), ``stage``, ``evictions``
        (ids joined by ``;``), ``contradiction`` (C, 0–1), ``admin_code``, ``admin_how``
        (inside, nearest, outside, no_location), ``geometry``. ``stage`` is missing where nothing
        exposes the subject, ``unknown`` where no exposing area has a known one; ``zones`` and
        ``evictions`` are empty texts where there are none; ``admin_code`` is missing outside.
    households : GeoDataFrame
        One row per family: ``id``, ``family_impact``, ``stage``, ``evictions``, ``contradiction``,
        ``uncertain``, ``probability``, ``sigma_m``, ``sigma_known``, ``admin_code``, ``admin_how``,
        ``exposed_income_idr_month`` (the known part; NaN where nothing of it is known),
        ``income_unknown`` (bool), ``newly_poor`` (True, False or missing), ``geometry``.
    conflicts : GeoDataFrame
        One row per (subject, policy area): the columns of a conflict row, and the subject's point.
        ``uncertain`` is about the row's own finding.
    pairs : DataFrame
        The pairs behind each contradiction: ``subject_kind``, ``subject_id``, ``score`` (the
        pair's own; the highest of a subject is its contradiction), and for either side
        (``plus_``, ``minus_``) ``stance``, ``area_kind``, ``area_id``, ``instrument``,
        ``institution``, ``quote``, ``coded_by``.
    summary : mapping
        The object that ``gisapp assess --json`` prints.
    inputs : mapping
        Layer or table name to the SHA-256 of its rows.
    record : RunRecord
        Fingerprints of the results, and what they were made with.
    """

    parameters: Parameters
    businesses: gpd.GeoDataFrame
    households: gpd.GeoDataFrame
    conflicts: gpd.GeoDataFrame
    pairs: pd.DataFrame
    summary: Mapping[str, Any]
    inputs: Mapping[str, str]
    record: RunRecord
