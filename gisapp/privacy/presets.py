"""Who may see what: the three presets of ``domain.md``, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from gisapp.core.errors import GisappError
from gisapp.core.words import _

PresetName = Literal["internal", "partner", "public"]
What = Literal["map", "report", "conflicts", "subjects", "project"]

# Institutions' records: their places and their open fields leave under every preset.
INSTITUTIONAL_KINDS: Final = ("admin", "zoning", "evictions", "support_areas", "sites")
INSTITUTIONAL_TABLES: Final = ("provisions", "rules")


@dataclass(frozen=True)
class Preset:
    """What one circle of readers may see.

    Parameters
    ----------
    n : int
        Smallest number of subjects in a published cell; 0 where nothing is aggregated.
    area_level : str
        Level of the admin areas that homes are shown by; empty where they are shown exactly.
    hexagon_m : float
        Width between two sides of the hexagons used where there is no such area.
    businesses : {"exact", "masked", "consented"}
        Their points: all and exact, all and masked, or those whose owner agreed.
    business_columns : tuple of str
        Columns of a business that leave with its point, besides its id; empty: all but direct.
    mask_families : (float, float)
        A masked point hides among at least this many families, at most this many.
    """

    name: PresetName
    n: int
    area_level: Literal["", "rw", "kelurahan"]
    hexagon_m: float
    businesses: Literal["exact", "masked", "consented"]
    business_columns: tuple[str, ...] = ()
    mask_families: tuple[float, float] = (0.0, 0.0)

    @property
    def aggregates(self) -> bool:
        """Whether homes leave as cells only."""
        return self.n > 0


PRESETS: Final[Mapping[str, Preset]] = MappingProxyType(
    {
        "internal": Preset("internal", 0, "", 0.0, "exact"),
        "partner": Preset(
            "partner",
            5,
            "rw",
            250.0,
            "masked",
            (
                *("activity", "kbli", "kbli_edition", "form", "location_kind", "workers", "permit"),
                *("class", "uncertain", "stage", "contradiction", "admin_code"),
            ),
            (20.0, 100.0),
        ),
        # contradiction stays out: it would tell that a named stall's family receives support
        "public": Preset(
            "public",
            10,
            "kelurahan",
            500.0,
            "consented",
            ("name", "activity", "form", "location_kind", "class", "stage", "admin_code"),
        ),
    }
)


def preset_called(name: str, recipient: str) -> Preset:
    """Return the preset; a partner's needs a recipient.

    Raises
    ------
    GisappError
        For an unknown preset, or a partner export without a recipient.
    """
    if name not in PRESETS:
        raise GisappError(
            _("There is no preset {name}.").format(name=name),
            _("Choose one of {names}.").format(names=", ".join(PRESETS)),
        )
    if name == "partner" and not recipient.strip():
        raise GisappError(
            _("A partner export has no recipient."),
            _("Name who gets it: --recipient NAME."),
        )
    return PRESETS[name]


def risk_statement(name: PresetName, n: int) -> str:
    """Say, in the language in force, what a reader of this file must know about its people."""
    if name == "internal":
        return _(
            "Internal: exact places of homes and businesses. Whoever holds this file can find "
            "the people in it. Do not pass it on."
        )
    if name == "partner":
        return _(
            "For the named recipient only. Business places are shifted and carry no name; homes "
            "are counted by area, and counts below {n} are hidden. Somebody who knows the place "
            "may still recognise a business."
        ).format(n=n)
    return _(
        "Public: homes are counted by area only, and counts below {n} are hidden. A business is "
        "named and placed only where its owner agreed. Counts can still tell something about a "
        "group as a whole."
    ).format(n=n)
