"""A release as tables: the columns of each, in the order that the contract gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from gisapp.core.words import _, day

if TYPE_CHECKING:
    from gisapp.privacy.release import Release

CONFLICT_COLUMNS: Final = (
    "subject_kind", "subject_id", "area_kind", "area_id", "finding", "severity", "stage", "stance",
    "as_of", "uncertain", "admin_code", "explanation",
)  # fmt: skip


def sheets(release: Release) -> dict[str, pd.DataFrame]:
    """Return each layer and table of a release without its geometry, by name."""
    parts = {layer.name: layer.frame.drop(columns="geometry") for layer in release.layers}
    parts |= {name: table.frame for name, table in release.tables.items()}
    return {name: in_order(pd.DataFrame(frame)) for name, frame in parts.items()}


def columns_of_tables(release: Release) -> tuple[str, ...]:
    """Return what the tables of a release carry, as ``layer.column``: fewer than a map does."""
    return tuple(f"{name}.{x}" for name, frame in sheets(release).items() for x in frame.columns)


def one_table(release: Release) -> pd.DataFrame:
    """Return the layers of a release one below the other, for a format that holds one table."""
    frames = [pd.DataFrame(layer.frame.drop(columns="geometry")) for layer in release.layers]
    return in_order(pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0])


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Give a conflict row its columns in their order, without a number; leave other tables be."""
    if "finding" not in frame.columns:
        return frame
    first = [column for column in CONFLICT_COLUMNS if column in frame.columns]
    rest = [column for column in frame.columns if column not in (*CONFLICT_COLUMNS, "id")]
    return frame[[*first, *rest]]


def about(release: Release) -> list[tuple[str, str]]:
    """Return what a reader must know of a table, in the language in force."""
    smallest = "" if release.k_min is None else str(release.k_min)
    lines = (
        (_("Title"), release.title),
        (_("As of"), day(release.as_of)),
        (_("Edition"), release.preset_label),
        (_("Recipient"), release.recipient),
        (_("Notice"), release.notice),
        (_("Risk"), release.risk_statement),
        (_("Smallest count"), smallest),
        (_("Columns"), ", ".join(columns_of_tables(release))),
    )
    return [(name, text) for name, text in lines if text]
