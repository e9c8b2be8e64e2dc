"""The gate: a project and a preset give what may leave, and nothing else can be exported."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast, get_args

import geopandas as gpd
import numpy as np
import pandas as pd

from gisapp.core.errors import GisappError
from gisapp.core.style import Rule, Style, Symbol
from gisapp.core.words import _
from gisapp.privacy import cells as cell_layers
from gisapp.privacy.columns import all_but_direct, fields_of, open_only, provenance, scrubbed
from gisapp.privacy.figures import figures
from gisapp.privacy.leaving import let_out
from gisapp.privacy.ledger import Together, counts_told, told_together
from gisapp.privacy.people import OUTSIDE, RESULT_KIND, People, SubjectKind, people
from gisapp.privacy.places import cells, ground, outlines
from gisapp.privacy.points import (
    Masked,
    agreed_points,
    consenting,
    masked_conflicts,
    masked_points,
)
from gisapp.privacy.presets import (
    INSTITUTIONAL_KINDS,
    INSTITUTIONAL_TABLES,
    Preset,
    What,
    preset_called,
)
from gisapp.privacy.release import SEAL, Care, Release
from gisapp.privacy.tally import Counted, Tally, tally

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gisapp.core.catalogue import Field
    from gisapp.core.layer import Layer, Table
    from gisapp.core.project import Project
    from gisapp.privacy.places import Ground

SUBJECTS: Final[tuple[SubjectKind, ...]] = ("businesses", "households")
SUBJECT_COLUMNS: Final = (
    "kind", "id", "class", "uncertain", "zones", "stage", "evictions", "contradiction",
    "admin_code", "family_impact",
)  # fmt: skip
# What a reader of single points can tell of each: these measures are known, not hidden.
SHOWN_MEASURES: Final = ("class", "restricted", "stage", "exposed")


def redact(project: Project, preset: str, *, what: str = "map", recipient: str = "") -> Release:
    """Return what `preset` lets out of `project`.

    Parameters
    ----------
    preset : {"internal", "partner", "public"}
    what : {"map", "report", "conflicts", "subjects", "project"}
    recipient : str
        Who gets it; a partner export needs one.

    Raises
    ------
    GisappError
        For an unknown preset or `what`, a partner export without a recipient, results asked
        of a project that has not been assessed, and places to be masked without the secret that
        masked them before.
    """
    chosen = preset_called(preset, recipient)
    gate = _Gate(_keyed(project, chosen), chosen, _content(what))
    if gate.what in ("report", "conflicts", "subjects"):
        gate.require_assessment()
    layers, tables = gate.layers(), gate.tables()
    return Release(
        layers=layers,
        tables=tables,
        summary=gate.summary(),
        fields=_fields((*layers, *tables.values())),
        preset=chosen.name,
        what=gate.what,
        recipient=recipient.strip(),
        n=chosen.n,
        as_of=gate.as_of,
        title=project.title,
        notice=project.notice,
        crs=project.crs,
        k_min=gate.k_min(),
        care=gate.care,
        counts=gate.counts(),
        together=gate.together(),
        basemap=project.basemap,
        seal=SEAL,
    )


def _keyed(project: Project, preset: Preset) -> Project:
    """Give a project whose secret is not on this machine one for this export, where that is safe.

    Names that no later export has to repeat may be of the moment; masked places may not, because
    two of one business would narrow it down.
    """
    if project.key:
        return project
    if preset.businesses == "masked":
        raise GisappError(
            _("The secret that masks this project's places is not on this machine."),
            _("Export where the project was made, or have it sealed there and open that here."),
        )
    return replace(project, key=secrets.token_hex(32))


def _content(what: str) -> What:
    if what not in get_args(What):
        raise GisappError(
            _("There is nothing called {what} to export.").format(what=what),
            _("Choose one of {names}.").format(names=", ".join(get_args(What))),
        )
    return cast("What", what)


def _fields(parts: Iterable[Layer | Table]) -> dict[str, Mapping[str, Field]]:
    return {part.name: fields_of(part.kind) for part in parts}


@dataclass(frozen=True)
class _Gate:
    project: Project
    preset: Preset
    what: What

    @cached_property
    def people(self) -> dict[SubjectKind, People]:
        found = {kind: people(self.project, kind) for kind in SUBJECTS}
        return {kind: subjects for kind, subjects in found.items() if subjects is not None}

    @cached_property
    def ground(self) -> Ground:
        return ground(self.project, self.preset)

    @property
    def as_of(self) -> str:
        runs = self.project.runs
        return runs[-1].parameters.as_of if runs else self.project.parameters.as_of

    @cached_property
    def told(self) -> Mapping[str, Any]:
        """The last assessment's own summary, where its results are in the project."""
        assessed = any(subjects.assessed for subjects in self.people.values())
        return self.project.runs[-1].summary if assessed and self.project.runs else {}

    def require_assessment(self) -> None:
        if not any(subjects.assessed for subjects in self.people.values()):
            raise GisappError(
                _("The project has not been assessed, so there is nothing to tell yet."),
                _("Assess it first: gisapp assess PROJECT."),
            )

    # ---------------------------------------------------------------- counts

    @cached_property
    def _counted(self) -> dict[str, tuple[Tally, dict[tuple[str, str], Any]]]:
        """Each kind's tally and the outlines its cells stand for."""
        counted: dict[str, tuple[Tally, dict[tuple[str, str], Any]]] = {}
        for kind, subjects in self.people.items():
            aggregated = self._aggregated(kind)
            shown = np.zeros(len(subjects.area), dtype=bool)
            if kind == "businesses":
                shown = consenting(subjects, self.preset)
            cell, places = None, outlines(self.ground)
            if aggregated:
                cell, places = cells(self.project, subjects, self.preset, self.ground)
            numbers = tally(
                Counted(
                    kind,
                    _told_apart(subjects.area, self.ground.codes),
                    subjects.measures(),
                    shown,
                    SHOWN_MEASURES,
                    cell,
                ),
                self.ground.codes,
                self.preset.n if aggregated else 1,
            )
            counted[kind] = numbers, places
        return counted

    def _aggregated(self, kind: str) -> bool:
        if kind == "households":
            return self.preset.aggregates
        return self.preset.businesses == "consented"

    def _tallies(self, *, aggregated: bool) -> dict[str, Tally]:
        return {
            kind: numbers
            for kind, (numbers, _places) in self._counted.items()
            if self._aggregated(kind) or not aggregated
        }

    def k_min(self) -> int | None:
        smallest = [t.smallest for t in self._tallies(aggregated=True).values()]
        return min((k for k in smallest if k is not None), default=None)

    def counts(self) -> dict[str, int | None] | None:
        if not self.preset.aggregates:
            return None
        return counts_told(self._tallies(aggregated=False).values())

    def together(self) -> tuple[Together, ...]:
        if not self.preset.aggregates:
            return ()
        tallies = self._tallies(aggregated=False).values()
        return told_together(tallies, self.preset.n, self.project.exports)

    def summary(self) -> Mapping[str, Any]:
        if not self.told or self.what in ("conflicts", "subjects"):
            return {}
        if not self.preset.aggregates:
            return self.told
        tallies = self._tallies(aggregated=False)
        households = self.people.get("households")
        return figures(tallies, households, self.ground, self.told, self.preset.n)

    # ---------------------------------------------------------------- layers

    def layers(self) -> tuple[Layer, ...]:
        if self.what == "conflicts":
            return (*self._conflicts(), *self._conflict_cells())
        if self.what == "subjects":
            return (self._subjects(),)
        return self._map_layers()

    def _map_layers(self) -> tuple[Layer, ...]:
        """Every layer in its project's order; the cells lie above the zoning."""
        leaving: list[Layer] = []
        for layer in self.project.layers:
            leaving.extend(self._released(layer))
        base = next((i for i, x in enumerate(leaving) if x.kind == "zoning"), len(leaving))
        made = self._cells()
        if any(layer.visible for layer in made):  # two fills over each other fit neither legend
            hidden = (replace(x, visible=False) if x.kind == "zoning" else x for x in leaving)
            leaving = list(hidden)
        return (*leaving[:base], *made, *leaving[base:])

    def _released(self, layer: Layer) -> tuple[Layer, ...]:
        shown = {s.layer.name: kind for kind, s in self.people.items()}
        if layer.name in shown:
            points = self._points(shown[layer.name])
            return () if points is None else (points,)
        if layer.kind in SUBJECTS or layer.kind in RESULT_KIND.values():
            return self._source(layer)
        if layer.kind == "conflicts":
            return self._conflicts()
        if layer.kind in INSTITUTIONAL_KINDS and self.preset.aggregates:
            frame = scrubbed(layer.frame[open_only(layer.frame, layer.kind)])
            return (let_out(layer, frame),)
        return () if self.preset.aggregates else (self._whole(layer),)

    def _source(self, layer: Layer) -> tuple[Layer, ...]:
        """Return what leaves of an imported layer beside the assessed one, which has its columns.

        What the user has on the map is on the map that leaves, as far as the preset lets it.
        """
        if not self.preset.aggregates:
            return (self._whole(layer),) if self.what == "project" or layer.visible else ()
        if layer.kind == "businesses" and layer.visible and len(self._told_points):
            return (let_out(layer, self._told_points),)
        return ()

    def _whole(self, layer: Layer) -> Layer:
        frame = scrubbed(layer.frame[all_but_direct(layer.frame, layer.kind)])
        return let_out(layer, frame)

    def _points(self, kind: SubjectKind) -> Layer | None:
        subjects = self.people[kind]
        if not self.preset.aggregates:
            return self._whole(subjects.layer)
        if kind == "households":
            return None
        return let_out(subjects.layer, self._told_points) if len(self._told_points) else None

    @cached_property
    def _masked(self) -> Masked:
        return masked_points(self.project, self.people["businesses"], self.preset, self.ground)

    @property
    def care(self) -> Care:
        """What was done for those that leave one by one."""
        if self.preset.businesses != "masked" or "businesses" not in self.people:
            return Care()
        return self._masked.care

    @cached_property
    def _told_points(self) -> gpd.GeoDataFrame:
        """The businesses that leave one by one outside ``internal``."""
        businesses = self.people["businesses"]
        if self.preset.businesses == "masked":
            return self._masked.frame
        return agreed_points(self.project, businesses, self.preset)

    def _cells(self) -> tuple[Layer, ...]:
        if not self.preset.aggregates:
            return ()
        made = []
        for kind in reversed(SUBJECTS):
            if kind in self._counted and self._aggregated(kind):
                numbers, places = self._counted[kind]
                subjects = self.people[kind]
                layer = cell_layers.cell_layer(
                    numbers,
                    places,
                    self.ground.names,
                    self.project.crs,
                    report=provenance(subjects.layer.report),
                    visible=kind == "households" or "households" not in self._counted,
                )
                made.append(layer)
        return tuple(made)

    # ---------------------------------------------------------------- tables of findings

    def _conflicts(self) -> tuple[Layer, ...]:
        """The conflict rows that may leave one by one."""
        layers = self.project.of_kind("conflicts")
        if not layers or self.preset.businesses == "consented":
            return ()
        if not self.preset.aggregates:
            return (self._whole(layers[0]),)
        if "businesses" not in self.people:  # the families' conflicts are counted, never told
            return ()
        frame = masked_conflicts(layers[0].frame, self._masked, self.project.key, self.preset.n)
        return (let_out(layers[0], frame),)

    def _conflict_cells(self) -> tuple[Layer, ...]:
        numbers = list(self._tallies(aggregated=True).values())
        if not numbers:
            return ()
        return (
            cell_layers.conflict_layer(
                numbers, outlines(self.ground), self.ground.names, self.project.crs, self.as_of
            ),
        )

    def _subjects(self) -> Layer:
        if self.preset.aggregates:
            numbers = list(self._tallies(aggregated=False).values())
            return cell_layers.subject_layer(
                numbers, outlines(self.ground), self.ground.names, self.project.crs
            )
        rows = [
            subjects.frame.reindex(columns=[*SUBJECT_COLUMNS, "geometry"]).assign(kind=kind)
            for kind, subjects in self.people.items()
        ]
        style = Style("subjects", (Rule({"en": "Subjects"}, Symbol(fill="#555555")),))
        frame = gpd.GeoDataFrame(pd.concat(rows, ignore_index=True), crs=self.project.crs)
        first = next(iter(self.people.values())).layer
        return replace(
            first, name="subjects", kind="subjects", frame=frame, style=style, report=None, title=""
        )

    # ---------------------------------------------------------------- tables

    def tables(self) -> dict[str, Table]:
        if self.what not in ("report", "project"):
            return {}
        leaving = {}
        for name, table in self.project.tables.items():
            if not self.preset.aggregates:
                frame = scrubbed(table.frame[all_but_direct(table.frame, table.kind)])
            elif table.kind in INSTITUTIONAL_TABLES:
                frame = scrubbed(table.frame[open_only(table.frame, table.kind)])
            elif table.kind == "contradiction_pairs":
                frame = self._pairs(table.frame)
            else:
                continue
            report = table.report if not self.preset.aggregates else provenance(table.report)
            leaving[name] = replace(table, frame=frame, report=report, quarantine=None)
        return leaving

    def _pairs(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Name the institutions that contradict each other over at least n subjects."""
        told = ("stance", "instrument", "institution", "quote", "coded_by")
        columns = ["subject_kind", *(f"{side}_{c}" for side in ("plus", "minus") for c in told)]
        subjects = frame.groupby(columns, dropna=False)["subject_id"].nunique().reset_index()
        enough = subjects[subjects["subject_id"] >= self.preset.n]
        return enough[columns].reset_index(drop=True)


def _told_apart(area: NDArray[np.object_], codes: tuple[str, ...]) -> NDArray[np.object_]:
    """Count subjects of an area that is no longer in the project as outside."""
    return np.where(np.isin(area, codes), area, OUTSIDE).astype(object) if codes else area
