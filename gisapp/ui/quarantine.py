"""The rows that were not taken in: row, id, reason in words, then their values. No Qt."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gisapp.core.reasons import reason_text
from gisapp.core.words import _
from gisapp.ui.frame_view import FrameView

if TYPE_CHECKING:
    import pandas as pd

    from gisapp.core.layer import Layer, Table


def quarantine_view(layer: Layer | Table, most: int | None = None) -> FrameView:
    """Return a layer's or table's first `most` quarantined rows; none where all were taken in."""
    rows = None if layer.quarantine is None else layer.quarantine.iloc[:most]
    return FrameView(frame := _spread(rows), tuple(map(str, frame.columns)))


def _spread(quarantine: pd.DataFrame | None) -> pd.DataFrame:
    """Give each value that the rows came with a column of its own."""
    import pandas as pd  # after the first window

    if quarantine is None or not len(quarantine):
        return pd.DataFrame()
    head = pd.DataFrame(
        {
            _("Row"): quarantine["row"],
            _("Id"): quarantine["id"],
            _("Reason"): quarantine["reason"].map(reason_text),
        }
    ).reset_index(drop=True)
    values = pd.DataFrame([json.loads(text) for text in quarantine["values"]])
    return pd.concat([head, values.rename(columns={name: f"{name} *" for name in head})], axis=1)
