"""What a layer of each kind holds: kinds, fields, codes and who may see them.

The values are read from ``layers/catalogue.toml`` by ``io.catalogue``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Sensitivity = Literal["open", "quasi", "direct"]
FieldType = Literal["text", "number", "integer", "date", "code", "boolean"]
GeometryType = Literal["point", "polygon", "polygon_or_point", "table", "any"]

# What a user can bring in: layers (`gisapp import --as`) and tables (`gisapp link`). A test holds
# them against the catalogue; they stand here so that parsing a command reads no file.
LayerKind = Literal[
    "admin",
    "businesses",
    "households",
    "zoning",
    "evictions",
    "support_areas",
    "sites",
    "other",
]
Relation = Literal["operates", "supports", "rules", "provisions", "codings"]
LAYER_KINDS: tuple[str, ...] = get_args(LayerKind)
RELATIONS: tuple[str, ...] = get_args(Relation)


@dataclass(frozen=True)
class Field:
    """One column of a kind.

    Parameters
    ----------
    name : str
        The column's name in the project.
    type : {"text", "number", "integer", "date", "code", "boolean"}
        Numbers are held as float64 with NaN for "not known", integers as Int64,
        dates as ISO text, codes as one of `codes` or ``"unknown"``; booleans occur in results.
    sensitivity : {"open", "quasi", "direct"}
        Who may see it; ``direct`` identifies a person.
    labels : mapping
        Language code to label.
    unit : str
        Shown through `gisapp.core.units.unit_text`; empty where it has none.
    codes : mapping
        Code to its two-language label, for ``type="code"``.
    aliases : tuple of str
        Other column names under which field data brings it, in lower case.
    required : bool
        For tables: a row means nothing without it.
    code_aliases : mapping
        Other words for a code, in lower case, to the code.
    minimum, maximum : float, optional
        A number outside them is not believed.
    verbatim : bool
        An official column name, kept only where the source has it.
    """

    name: str
    type: FieldType
    sensitivity: Sensitivity
    labels: Mapping[str, str]
    unit: str = ""
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    required: bool = False
    code_aliases: Mapping[str, str] = field(default_factory=dict)
    minimum: float | None = None
    maximum: float | None = None
    verbatim: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of layer or table, as ``domain.md`` and the catalogue define it."""

    name: str
    geometry: GeometryType
    labels: Mapping[str, str]
    fields: Mapping[str, Field]
    style: str = ""
    location_required: bool = True
    result: bool = False


@dataclass(frozen=True)
class Catalogue:
    """All kinds by name.

    A column called one of `direct_names`, with one of `direct_words` in its name, or with one of
    `direct_persons` and a word for “name”, identifies a person (`core.identifiers`).
    """

    kinds: Mapping[str, Kind]
    direct_names: frozenset[str] = frozenset()
    direct_words: frozenset[str] = frozenset()
    direct_persons: frozenset[str] = frozenset()

    def kind(self, name: str) -> Kind:
        """Return the kind called `name`; raises KeyError for an unknown one."""
        return self.kinds[name]
