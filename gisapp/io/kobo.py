"""Repeat groups of KoboToolbox and ODK: tables of their own whose rows point at their form's.

Kobo writes ``_parent_index`` (the parent's ``_index``), ``_parent_table_name`` and
``_submission__uuid``; ODK writes ``PARENT_KEY``, the parent's ``KEY``, which begins with that of
the form: ``uuid:…/anggota[2]/usaha[1]``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from gisapp.core.words import ngettext, number
from gisapp.io.values import clean_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from gisapp.core.layer import Layer
    from gisapp.core.project import Project
    from gisapp.io.source import RawTable

INDEX, SUBMISSION = "_index", "_submission__uuid"
PARENT_INDEX, PARENT_TABLE, PARENT_KEY = "_parent_index", "_parent_table_name", "PARENT_KEY"
# Columns that hold a submission's uuid, by their names without groups, in lower case.
SUBMISSION_NAMES = ("_uuid", "key", "instanceid", "meta-instanceid", "__id")
_SUBMISSIONS = (SUBMISSION, "_submission_uuid", "__submissions-id")
_MOST_NESTED = 8


def points_at_parent(columns: Collection[str]) -> bool:
    """Whether a table of these columns is a repeat group's."""
    return PARENT_INDEX in columns or PARENT_KEY in columns


def at_root(raw: RawTable, tables: Iterable[RawTable]) -> RawTable:
    """Let the rows of a repeat group within another one point at the form.

    Parameters
    ----------
    raw : RawTable
        A repeat group's table.
    tables : iterable of RawTable
        All tables of its source.

    Returns
    -------
    RawTable
        With ``_parent_index`` and ``_parent_table_name`` of the form wherever the groups between
        are in `tables`; `raw` itself where it points there already.
    """
    groups = {
        table.name: _pointers(table) for table in tables if PARENT_INDEX in table.columns.columns
    }
    if PARENT_TABLE not in raw.columns or INDEX not in raw.columns:
        return raw
    above = _pointers(raw)
    for _level in range(_MOST_NESTED):
        nested = above["table"].isin(groups)
        if not nested.any():
            break
        for name in above.loc[nested, "table"].unique():
            rows = above.index[above["table"] == name]
            here = groups[name].drop_duplicates("own").set_index("own")
            above.loc[rows] = here.reindex(above.loc[rows, "index"]).assign(own=None).to_numpy()
    columns = raw.columns.assign(**{PARENT_INDEX: above["index"], PARENT_TABLE: above["table"]})
    return replace(raw, columns=columns)


def _pointers(table: RawTable) -> pd.DataFrame:
    """Return for each row where it points, ``index`` in ``table``, and its ``own`` index."""
    columns = table.columns
    absent = pd.Series(None, index=columns.index, dtype="str")
    return pd.DataFrame(
        {
            "index": clean_text(columns[PARENT_INDEX]),
            "table": clean_text(columns[PARENT_TABLE]) if PARENT_TABLE in columns else absent,
            "own": clean_text(columns[INDEX]) if INDEX in columns else absent,
        }
    )


def households_of(rows: pd.DataFrame, project: Project) -> tuple[pd.Series, tuple[str, ...]]:
    """Find the household of every row of a repeat group.

    A row belongs to the household that came from the form's row ``_index`` to which its
    ``_parent_index`` points, and only if ``_submission__uuid`` says the same; where there are no
    indices, the submission alone says it.

    Parameters
    ----------
    rows : DataFrame, shape (n, …)
        The repeat group's table, as it came (see `at_root` for one within another).
    project : Project
        Its household layers keep ``_index`` and, as a column or as their id, the submission.

    Returns
    -------
    tuple
        Household ids, shape (n,); where there is no such household, the submission's uuid (or
        its index), so that the key can be listed. And sentences about what did not agree.
    """
    wanted = _wanted(rows).reset_index(drop=True)
    parents = _parents(project)
    found = _by_index(wanted, parents)
    disagree = found.isna() & wanted["index"].isin(parents["index"].dropna())
    disagree &= wanted["uuid"].notna()
    unindexed = wanted["uuid"].where(wanted["index"].isna() | ~_are_indexed(wanted, parents))
    found = found.fillna(unindexed.map(_by_uuid(parents)))
    named = found.fillna(wanted["uuid"]).fillna(wanted["index"]).astype("str")
    return named.set_axis(rows.index), _disagreement(int(disagree.sum()))


def _wanted(rows: pd.DataFrame) -> pd.DataFrame:
    absent = pd.Series(None, index=rows.index, dtype="str")
    index = clean_text(rows[PARENT_INDEX]) if PARENT_INDEX in rows else absent
    if PARENT_KEY in rows:
        uuid = _plain(clean_text(rows[PARENT_KEY]).str.split("/").str[0])
    else:
        names = {str(c).lower(): c for c in rows.columns}
        said = next((names[x] for x in _SUBMISSIONS if x in names), None)
        uuid = absent if said is None else _plain(rows[said])
    return pd.DataFrame({"index": index, "uuid": uuid}, dtype="str")


def _by_index(wanted: pd.DataFrame, parents: pd.DataFrame) -> pd.Series:
    """Return the ids of the households that index and submission agree on.

    An index alone says it only where one household has it: another form counts from 1 too.
    """
    indexed = wanted.reset_index(names="row").dropna(subset="index")
    pairs = indexed.merge(parents.dropna(subset="index"), on="index", suffixes=("", "_of"))
    same = pairs["uuid"] == pairs["uuid_of"]
    unsaid = pairs["uuid"].isna() | pairs["uuid_of"].isna()
    agree = pairs[same | (unsaid & ~pairs["row"].isin(pairs.loc[same, "row"]))]
    return _only_one(agree, "row").reindex(wanted.index)


def _are_indexed(wanted: pd.DataFrame, parents: pd.DataFrame) -> pd.Series:
    """Whether the household of each row's submission came with an index, so that it must agree."""
    return wanted["uuid"].isin(parents.loc[parents["index"].notna(), "uuid"].dropna())


def _by_uuid(parents: pd.DataFrame) -> pd.Series:
    return _only_one(parents.dropna(subset="uuid"), "uuid")


def _only_one(parents: pd.DataFrame, key: str) -> pd.Series:
    """Return the household's id for each key that one household has."""
    found = parents.drop_duplicates([key, "id"]).drop_duplicates(key, keep=False)
    return found.set_index(key)["id"]


def _parents(project: Project) -> pd.DataFrame:
    """Return ``index``, ``uuid`` and ``id`` of the households that came from a form."""
    parts = [
        pd.DataFrame({"index": index, "uuid": _uuids(layer), "id": layer.frame["id"]}, dtype="str")
        for layer in project.of_kind("households")
        for index in [_indices(layer)]
    ]
    empty = pd.DataFrame({"index": [], "uuid": [], "id": []}, dtype="str")
    return pd.concat([empty, *parts], ignore_index=True)


def _indices(layer: Layer) -> pd.Series:
    if INDEX in layer.frame:
        return clean_text(layer.frame[INDEX])
    return pd.Series(None, index=layer.frame.index, dtype="str")


def _uuids(layer: Layer) -> pd.Series:
    """Return each household's submission: its id where that was read from one, else a column."""
    column = layer.report.mapping.get("id", "") if layer.report is not None else ""
    if is_submission(column):
        return _plain(layer.frame["id"])
    found = next((c for c in layer.frame.columns if is_submission(str(c))), None)
    if found is not None:
        return _plain(layer.frame[found])
    return pd.Series(None, index=layer.frame.index, dtype="str")


def is_submission(column: str) -> bool:
    """Whether a column of this name holds a submission's uuid."""
    return column.rsplit("/", 1)[-1].lower() in SUBMISSION_NAMES


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
