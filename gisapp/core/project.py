"""The project: one frozen value that everything is asked of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from gisapp.core.basemap import OUTLINES, Basemap
from gisapp.core.policy import POVERTY_LINE_IDR_MONTH, POVERTY_LINE_SOURCE

if TYPE_CHECKING:
    from gisapp.core.attachment import Attachment
    from gisapp.core.layer import Layer, Table

DEFAULT_CRS = "EPSG:32748"
FORMAT_VERSION = 2


@dataclass(frozen=True)
class MapView:
    """What the map looks at: centre in the project's CRS and metres per millimetre of map."""

    center_x: float
    center_y: float
    metres_per_mm: float


@dataclass(frozen=True)
class Parameters:
    """What an assessment depends on besides the data.

    `as_of` is an ISO date, empty until the user chooses one; `plan` names the zoning plan to
    assess against, empty for the project's only (or last-named) one. `known_on` is an ISO date:
    what was observed later does not count; `at` a weekday and time (``mon 19:30``): only who is
    there and what holds then counts. Empty, both leave nothing out. `admin_layer` names the layer
    of admin areas to count by, empty for all of them together.
    """

    as_of: str = ""
    plan: str = ""
    unlisted: Literal["no_rule", "prohibited"] = "no_rule"
    poverty_line_idr_month: float = POVERTY_LINE_IDR_MONTH
    poverty_line_source: str = POVERTY_LINE_SOURCE
    known_on: str = ""
    at: str = ""
    admin_layer: str = ""


@dataclass(frozen=True)
class RunRecord:
    """What shows whether an assessment comes out the same again.

    Parameters
    ----------
    results : mapping
        Each of its results (``businesses``, ``households``, ``conflicts``, ``pairs``,
        ``summary``) to the SHA-256 of its bytes.
    language : str
        The language in force: explanations are part of the results.
    libraries : mapping
        What worked the numbers out, to its version.
    """

    results: Mapping[str, str]
    language: str
    libraries: Mapping[str, str]


@dataclass(frozen=True)
class Run:
    """One assessment: what it was asked, of which data, and the totals it gave.

    `record` is None for assessments of before it was kept. Nothing in an assessment is drawn at
    random, so that there is no seed in it.
    """

    at: str
    program_version: str
    parameters: Parameters
    inputs: Mapping[str, str]
    summary: Mapping[str, Any]
    record: RunRecord | None = None


@dataclass(frozen=True)
class ExportRecord:
    """One line of the ledger of what left the machine.

    `counts` are the counts of subjects that it showed, None those that it hid; None where nothing
    was aggregated, and of exports before these were kept.
    """

    at: str
    file: str
    what: str
    preset: str
    recipient: str
    columns: tuple[str, ...]
    features: int
    k_min: int | None
    sha256: str
    counts: Mapping[str, int | None] | None = None


@dataclass(frozen=True, eq=False)
class Project:
    """Everything a project holds. Layers are in drawing order, the first lies on top.

    `key` is the project's secret (hex) for pseudonyms and stable masking; it is kept outside the
    project file, under `uuid`. It is empty where it is needed and not on this machine: `key_check`
    then tells which secret is meant.
    """

    crs: str = DEFAULT_CRS
    layers: tuple[Layer, ...] = ()
    tables: Mapping[str, Table] = field(default_factory=dict)
    parameters: Parameters = Parameters()
    view: MapView | None = None
    runs: tuple[Run, ...] = ()
    exports: tuple[ExportRecord, ...] = ()
    uuid: str = ""
    key: str = ""
    key_check: str = ""
    title: str = ""
    notice: str = ""
    basemap: Basemap = OUTLINES
    attachments: tuple[Attachment, ...] = ()

    def layer(self, name: str) -> Layer:
        """Return the layer called `name`; raises KeyError."""
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise KeyError(name)

    def of_kind(self, kind: str) -> tuple[Layer, ...]:
        """Return the layers of one kind, by name, so that their order changes nothing."""
        return tuple(sorted((x for x in self.layers if x.kind == kind), key=lambda x: x.name))

    def with_layer(self, layer: Layer) -> Project:
        """Put `layer` in the place of the one with its name, else on top."""
        if any(x.name == layer.name for x in self.layers):
            layers = tuple(layer if x.name == layer.name else x for x in self.layers)
        else:
            layers = (layer, *self.layers)
        return replace(self, layers=layers)

    def without_layer(self, name: str) -> Project:
        """Leave the layer called `name` out."""
        return replace(self, layers=tuple(x for x in self.layers if x.name != name))

    def with_table(self, table: Table) -> Project:
        """Put `table` in the place of the one with its name."""
        return replace(self, tables={**self.tables, table.name: table})
