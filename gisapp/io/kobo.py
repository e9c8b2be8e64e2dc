"""KoboToolbox repeat groups: a sheet of its own whose rows point at the form's main sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from gisapp.core.words import ngettext, number
from gisapp.io.mapping import PARENT_INDEX
from gisapp.io.values import clean_text

if TYPE_CHECKING:
    from gisapp.core.layer import Layer
    from gisapp.core.project import Project

INDEX, SUBMISSION = "_index", "_submission__uuid"
_UUID = "_uuid"


def households_of(rows: pd.DataFrame, project: Project) -> tuple[pd.Series, tuple[str, ...]]:
    """Find the household of every row of a repeat sheet.

    A row belongs to the household that came from the main sheet's row ``_index`` to which its
    ``_parent_index`` points, and only if ``_submission__uuid`` says the same.

    Parameters
    ----------
    rows : DataFrame, shape (n, …)
        The repeat sheet, as it came.
    project : Project
        Its household layers keep ``_index`` and, as a column or as their id, ``_uuid``.

    Returns
    -------
    tuple
        Household ids, shape (n,); where there is no such household, the submission's uuid (or
        its index), so that the key can be listed. And sentences about what did not agree.
    """
    wanted = pd.DataFrame({"index": clean_text(rows[PARENT_INDEX])}).reset_index(drop=True)
    wanted["uuid"] = _plain(rows[SUBMISSION]).to_numpy() if SUBMISSION in rows else None
    parents = _parents(project)
    pairs = wanted.reset_index(names="row").merge(parents, on="index", suffixes=("", "_of"))
    agree = (pairs["uuid"] == pairs["uuid_of"]) | pairs["uuid"].isna() | pairs["uuid_of"].isna()
    found = pairs[agree].drop_duplicates("row").set_index("row")["id"].reindex(wanted.index)
    disagree = found.isna() & wanted["index"].isin(parents["index"])
    named = found.fillna(wanted["uuid"]).fillna(wanted["index"]).astype("str")
    return named.set_axis(rows.index), _disagreement(int(disagree.sum()))


def _parents(project: Project) -> pd.DataFrame:
    """Return ``index``, ``uuid`` and ``id`` of the households that came from a Kobo sheet."""
    parts = [
        pd.DataFrame(
            {
                "index": clean_text(layer.frame[INDEX]),
                "uuid": _uuids(layer),
                "id": layer.frame["id"],
            }
        )
        for layer in project.of_kind("households")
        if INDEX in layer.frame
    ]
    empty = pd.DataFrame({"index": [], "uuid": [], "id": []}, dtype="str")
    return pd.concat([empty, *parts], ignore_index=True)


def _uuids(layer: Layer) -> pd.Series:
    if layer.report is not None and layer.report.mapping.get("id") == _UUID:
        return _plain(layer.frame["id"])
    if _UUID in layer.frame:
        return _plain(layer.frame[_UUID])
    return pd.Series(None, index=layer.frame.index, dtype="str")


def _plain(uuids: pd.Series) -> pd.Series:
    """Return uuids without the ``uuid:`` that some exports put before them."""
    return clean_text(uuids).str.removeprefix("uuid:")


def _disagreement(n: int) -> tuple[str, ...]:
    if not n:
        return ()
    return (
        ngettext(
            "{n} row's _submission__uuid is not that of the household its _parent_index points at.",
            "{n} rows' _submission__uuid is not that of the household their _parent_index "
            "points at.",
            n,
        ).format(n=number(n)),
    )
