"""The contradictions in a report: which institution promotes what another represses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from gisapp.core.words import _, number
from gisapp.export.markup import Markup, heading, joined, paragraph, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gisapp.privacy.release import Release

_PAIRS = "contradiction_pairs"
_SIDE = ("stance", "instrument", "institution", "quote", "coded_by")
_COLUMNS = [f"{side}_{name}" for side in ("plus", "minus") for name in _SIDE]
# A page's worth; the table export holds all of them.
_MOST_SHOWN = 25


def contradictions(release: Release) -> Markup:
    """Return the pairs with their institutions, quotes and coders, the most frequent first."""
    pieces = [heading(_("Contradictions")), paragraph(_explanation())]
    pairs = release.tables.get(_PAIRS)
    if pairs is None or pairs.frame.empty:
        return joined([*pieces, paragraph(_("No contradiction is told in this edition."))])
    grouped = _grouped(pairs.frame)
    shown = grouped.head(_MOST_SHOWN)
    counted = "subjects" in grouped
    head = [_("Promotes"), _("Represses"), *([_("Subjects")] if counted else [])]
    rows = [
        [
            _side(row, "plus"),
            _side(row, "minus"),
            *([number(row["subjects"])] if counted else []),
        ]
        for row in shown.to_dict("records")
    ]
    left_out = len(grouped) - len(shown)
    more = _("{n} rarer pairs are in the project's table.").format(n=number(left_out))
    return joined(
        [*pieces, table(head, rows, text_columns=2), paragraph(more if left_out else "", "remark")]
    )


def _explanation() -> str:
    return _(
        "A pair is two provisions that apply to the same subject on the as-of date, one with a "
        "positive and one with a negative stance. Each stance is a person's coding."
    )


def _grouped(frame: pd.DataFrame) -> pd.DataFrame:
    """Return distinct pairs, with the number of subjects where the release names them."""
    plain = frame.assign(**{column: frame[column].astype("object") for column in _COLUMNS})
    groups = plain.groupby(_COLUMNS, dropna=False, sort=False)
    if "subject_id" not in frame:
        return plain[_COLUMNS].drop_duplicates().reset_index(drop=True)
    counted = groups["subject_id"].nunique().rename("subjects").reset_index()
    return counted.sort_values(["subjects", *_COLUMNS[:3]], ascending=False, kind="stable")


def _side(row: Mapping[Any, Any], side: str) -> str:
    """Return one provision in a cell: stance, instrument, institution, quote and coder."""
    known = {
        name: str(row[f"{side}_{name}"]) for name in _SIDE if not pd.isna(row[f"{side}_{name}"])
    }
    stance = f"{int(row[f'{side}_stance']):+d}".replace("-", "−")
    parts = [f"{stance} {known.get('instrument', '')}".strip()]
    if known.get("institution"):
        parts.append(known["institution"])
    if known.get("quote"):
        parts.append(f"“{known['quote']}”")
    if known.get("coded_by"):
        parts.append(_("coded by {name}").format(name=known["coded_by"]))
    return " · ".join(parts)
