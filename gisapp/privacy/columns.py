"""Which columns of which layer leave: by the catalogue's sensitivity, never by guessing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pandas as pd

from gisapp.core.identifiers import DIRECT_CONTENT, is_direct_name
from gisapp.io.catalogue import load_catalogue
from gisapp.privacy.cells import CELL_KINDS
from gisapp.privacy.people import RESULT_KIND

FrameT = TypeVar("FrameT", bound=pd.DataFrame)

if TYPE_CHECKING:
    from gisapp.core.catalogue import Field
    from gisapp.core.layer import ImportReport

ID_COLUMNS: Final = ("id", "code", "admin_code", "subject_id", "area_id", "business_id")
# An assessed layer also carries the columns that were imported.
_IMPORTED_KIND: Final = {result: kind for kind, result in RESULT_KIND.items()}


def fields_of(kind: str) -> Mapping[str, Field]:
    """Return the catalogue's fields of a kind, those of the imported layer included."""
    if kind in CELL_KINDS:
        return CELL_KINDS[kind].fields
    kinds = load_catalogue().kinds
    own = kinds[kind].fields if kind in kinds else {}
    imported = _IMPORTED_KIND.get(kind)
    return {**kinds[imported].fields, **own} if imported else own


def all_but_direct(frame: pd.DataFrame, kind: str) -> list[str]:
    """Return the columns that no one's identity stands in, for the internal preset.

    A column of the catalogue follows its sensitivity; any other one is left out where its name or
    its content is a direct identifier's.
    """
    fields, catalogue = fields_of(kind), load_catalogue()
    return [
        column
        for column in frame.columns
        if column in ("id", "geometry")
        or (column in fields and fields[column].sensitivity != "direct")
        or (
            column not in fields
            and not is_direct_name(str(column), catalogue)
            and not _identifying(frame[column]).any()
        )
    ]


def open_only(frame: pd.DataFrame, kind: str) -> list[str]:
    """Return the columns that anybody may see; one that maps to no field is none of them."""
    fields = fields_of(kind)
    return [
        column
        for column in frame.columns
        if column in ("id", "geometry")
        or (column in fields and fields[column].sensitivity == "open")
    ]


def scrubbed(frame: FrameT) -> FrameT:
    """Blank every text in which a NIK, a phone number or an e-mail address stands."""
    found = {
        column: marks
        for column in frame.columns
        if column not in (*ID_COLUMNS, "geometry") and (marks := _identifying(frame[column])).any()
    }
    clean: dict[str, Any] = {column: frame[column].mask(marks) for column, marks in found.items()}
    return frame.assign(**clean)


def _identifying(column: pd.Series) -> pd.Series:
    if not isinstance(column.dtype, pd.StringDtype) and column.dtype != object:
        return pd.Series(False, index=column.index)
    return column.astype("str").str.contains(DIRECT_CONTENT, regex=True, na=False)


def provenance(report: ImportReport | None) -> ImportReport | None:
    """Keep what a reader may know of a source: its name, its fingerprint, its counts.

    Notes and mappings name columns and ids; a path names a machine's user.
    """
    if report is None:
        return None
    names = "; ".join(PurePath(part).name for part in report.source.split("; "))
    return replace(report, source=names, notes=(), mapping={})
