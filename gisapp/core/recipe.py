"""What the user decided of a source that is to be brought in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Recipe:
    """What the user has decided; what is not decided is found by the importer.

    Parameters
    ----------
    kind : str
        A kind of layer, or a relation.
    table : str
        The layer or sheet of the source.
    fields : mapping
        Field to column; to an empty text where no column is to be taken.
    values : mapping
        Field to raw text to code.
    name, crs : str
        The layer's name and the CRS of the source; empty: the kind's, what the source says.
    keep_missing : bool
        Whether rows stay that an earlier import brought and the source has no longer.
    replace : bool
        Whether a layer of the same name and another kind is replaced; otherwise it is refused.
    """

    kind: str
    table: str
    fields: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    name: str = ""
    crs: str = ""
    keep_missing: bool = False
    replace: bool = False
