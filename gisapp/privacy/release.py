"""What may leave: the only value that the export room takes, and only the gate makes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import InitVar, dataclass
from typing import TYPE_CHECKING, Any, Final

from gisapp.core.words import _
from gisapp.privacy.presets import PresetName, What, risk_statement

if TYPE_CHECKING:
    from gisapp.core.basemap import Basemap
    from gisapp.core.catalogue import Field
    from gisapp.core.layer import Layer, Table
    from gisapp.privacy.ledger import Together


class _Seal:
    """Known to `redact` alone."""


SEAL: Final = _Seal()


@dataclass(frozen=True)
class Care:
    """What was done so that nobody among those told one by one can be singled out.

    Parameters
    ----------
    coarser, alone : int
        Businesses of which less is told than the preset would; of `alone` nothing at all.
    area_only : int
        Masked businesses whose place tells their area only.
    families : int, optional
        Among how many families the least hidden of the others hides; None where there is none.
    """

    coarser: int = 0
    alone: int = 0
    area_only: int = 0
    families: int | None = None


@dataclass(frozen=True, eq=False)
class Release:
    """Layers, tables and numbers that a preset lets out.

    Made by `privacy.redact.redact` only: the seal is an init-only argument, so neither the
    constructor nor `dataclasses.replace` makes one with other content.

    Parameters
    ----------
    layers : tuple of Layer
        Redacted, in drawing order (the first on top), in the project's metric CRS. A layer of
        cells (`business_cells`, `household_cells`, `conflict_cells`) has a missing count where
        it was suppressed.
    tables : mapping
        Redacted tables by name.
    summary : mapping
        The keys of ``gisapp assess --json``; outside ``internal`` a suppressed number is None
        and keys that are not counts of subjects may be missing. Empty before an assessment.
    fields : mapping
        Layer or table name to its columns' catalogue fields (labels, units, codes).
    columns : tuple of str
        Every column that leaves, as ``layer.column``.
    k_min : int or None
        The smallest published count of subjects; None where nothing is aggregated.
    care : Care
        What was done for those that are told one by one.
    counts : mapping, optional
        The counts of subjects that are shown (None: hidden), for the ledger; None where nothing
        is aggregated.
    together : tuple of Together
        What this tells together with earlier exports.
    features : int
        Rows of all layers.
    """

    layers: tuple[Layer, ...]
    tables: Mapping[str, Table]
    summary: Mapping[str, Any]
    fields: Mapping[str, Mapping[str, Field]]
    preset: PresetName
    what: What
    recipient: str
    n: int
    as_of: str
    title: str
    notice: str
    crs: str
    k_min: int | None
    care: Care
    counts: Mapping[str, int | None] | None
    together: tuple[Together, ...]
    basemap: Basemap
    seal: InitVar[_Seal]

    def __post_init__(self, seal: _Seal) -> None:
        if seal is not SEAL:
            raise TypeError("a Release is made by privacy.redact.redact only")

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that leaves, as ``layer.column``, tables after layers."""
        parts: tuple[Layer | Table, ...] = (*self.layers, *self.tables.values())
        return tuple(f"{part.name}.{column}" for part in parts for column in part.frame.columns)

    @property
    def features(self) -> int:
        """Rows of all layers."""
        return sum(len(layer.frame) for layer in self.layers)

    @property
    def risk_statement(self) -> str:
        """What a reader must know about the people in it, in the language in force."""
        return risk_statement(self.preset, self.n)

    @property
    def preset_label(self) -> str:
        """The preset's name in the language in force."""
        return {"internal": _("internal"), "partner": _("partner"), "public": _("public")}[
            self.preset
        ]
