"""Businesses and families with what was found of them, and the area each belongs to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import pandas as pd
import shapely

from gisapp.analysis.admin import admin_areas, membership
from gisapp.analysis.columns import text
from gisapp.analysis.subjects import gather
from gisapp.core.policy import NOT_ASSESSED, RESTRICTIVE_CLASSES, STAGES

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from gisapp.analysis.subjects import Subjects
    from gisapp.core.layer import ImportReport, Layer
    from gisapp.core.project import Project

    Texts = NDArray[np.object_]

SubjectKind = Literal["businesses", "households"]
OUTSIDE: Final = "outside"
NO_LOCATION: Final = "no_location"
RESULT_KIND: Final = {"businesses": "assessed_businesses", "households": "assessed_households"}


@dataclass(frozen=True, eq=False)
class People:
    """The subjects of one kind, one row an id.

    Parameters
    ----------
    layer : Layer
        The layer they are shown as: the assessed one, else the imported one; its frame holds the
        imported columns and, once assessed, the results.
    area : ndarray of str, shape (n,)
        Code of the admin area, ``outside`` or ``no_location``.
    assessed : bool
        Whether the results are in.
    """

    kind: SubjectKind
    layer: Layer
    area: Texts
    assessed: bool

    @property
    def frame(self) -> gpd.GeoDataFrame:
        """The layer's frame."""
        return self.layer.frame

    @property
    def coordinates(self) -> NDArray[np.float64]:
        """Where they are, shape (n, 2), NaN without a location."""
        points = self.frame.geometry
        return np.column_stack([points.x, points.y]).astype(np.float64)

    def measures(self) -> dict[str, Texts]:
        """Return the category of every subject in every measure that `tally` counts."""
        if not self.assessed:
            return {}
        found = self._findings()
        stage = _known(text(self.frame, "stage"), STAGES, "none")
        unseen = found == NOT_ASSESSED if self.kind == "businesses" else _homeless(self.frame)
        stage = np.where(unseen, NOT_ASSESSED, stage)
        contradiction = self.frame["contradiction"].to_numpy(np.float64, na_value=0.0)
        main, hit, categories = MAIN_MEASURE[self.kind]
        return {
            main: found,
            hit: _yes_no(np.isin(found, categories)),
            "stage": stage,
            "exposed": np.where(unseen, NOT_ASSESSED, _yes_no(np.isin(stage, STAGES))),
            "contradictory": _yes_no(contradiction > 0),
        }

    def _findings(self) -> Texts:
        column = "class" if self.kind == "businesses" else "family_impact"
        found = text(self.frame, column)
        return np.where(found == "", NOT_ASSESSED, found).astype(object)


# Measure, the yes/no measure above it, and the categories that count as yes.
MAIN_MEASURE: Final = {
    "businesses": ("class", "restricted", RESTRICTIVE_CLASSES),
    "households": ("impact", "affected", ("direct", "livelihood", "both")),
}


def people(project: Project, kind: SubjectKind) -> People | None:
    """Gather the subjects of a kind with their results; None where the project has none."""
    layers = project.of_kind(kind)
    if not layers:
        return None
    subjects = gather(project, kind)
    results = project.of_kind(RESULT_KIND[kind])
    if not results:
        frame, shown = subjects.frame, layers[0]
        area = _areas_now(project, subjects)
    else:
        shown = results[0]
        frame = _with_results(subjects.frame, shown.frame)
        area = _areas_found(frame)
    report = _together([x.report for x in layers if x.report is not None])
    layer = replace(shown, frame=frame, report=report, quarantine=None)
    return People(kind, layer, area, assessed=bool(results))


def _with_results(frame: gpd.GeoDataFrame, results: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    found = pd.DataFrame(results.drop(columns="geometry"))
    others = [c for c in frame.columns if c == "id" or c not in found.columns]
    return frame[others].merge(found, on="id", how="left", validate="one_to_one")


def _areas_now(project: Project, subjects: Subjects) -> Texts:
    admin = admin_areas(project)
    member = membership(subjects, admin)
    codes = np.array([*admin.codes, ""], dtype=object)[member.place]
    return np.where(codes != "", codes, member.how).astype(object)


def _areas_found(frame: gpd.GeoDataFrame) -> Texts:
    code, how = text(frame, "admin_code"), text(frame, "admin_how")
    missing = np.isin(code, ("", OUTSIDE, NO_LOCATION))
    unplaced = np.where(_homeless(frame), NO_LOCATION, OUTSIDE)
    named = np.where(np.isin(how, (OUTSIDE, NO_LOCATION)), how, unplaced)
    return np.where(missing, named, code).astype(object)


def _together(reports: list[ImportReport]) -> ImportReport | None:
    """Name the sources of several layers as one; the first layer's report where it is alone."""
    if len(reports) < 2:
        return reports[0] if reports else None
    first = reports[0]
    return replace(
        first,
        source="; ".join(r.source for r in reports),
        sha256="; ".join(r.sha256 for r in reports),
        rows_read=sum(r.rows_read for r in reports),
        accepted=sum(r.accepted for r in reports),
        repaired=sum(r.repaired for r in reports),
        quarantined=sum(r.quarantined for r in reports),
        repairs={},
        reasons={},
    )


def _homeless(frame: gpd.GeoDataFrame) -> NDArray[np.bool_]:
    points = np.asarray(frame.geometry.array, dtype=object)
    without: NDArray[np.bool_] = shapely.is_missing(points) | shapely.is_empty(points)
    return without


def _known(values: Texts, allowed: tuple[str, ...], otherwise: str) -> Texts:
    return np.where(np.isin(values, allowed), values, otherwise).astype(object)


def _yes_no(yes: NDArray[np.bool_]) -> Texts:
    return np.where(yes, "yes", "no").astype(object)
