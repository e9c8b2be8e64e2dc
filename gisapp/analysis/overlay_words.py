"""What is said of an overlay's people, so that its numbers can be held against the assessment's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.analysis.overlay_table import OUTSIDE
from gisapp.core.policy import NEAR_BORDER_M
from gisapp.core.words import _, number

if TYPE_CHECKING:
    from gisapp.analysis.overlay_table import OverlayTable


def people_text(table: OverlayTable) -> tuple[str, ...]:
    """Return sentences on who is in no row, and who is counted elsewhere by the assessment."""
    return tuple(text for text in (_nowhere(table), _outside(table)) if text)


def _nowhere(table: OverlayTable) -> str:
    whom = _whom(table.no_location)
    return _("Without a known place, and so in no row: {whom}.").format(whom=whom) if whom else ""


def _outside(table: OverlayTable) -> str:
    rows = table.rows[table.rows["admin_code"] == OUTSIDE]
    whom = _whom({kind: int(rows[kind].sum()) for kind in ("businesses", "families")})
    text = _(
        "On ground outside the admin areas: {whom}. The assessment counts them in the nearest "
        "area, where it is within {reach} m."
    )
    return text.format(whom=whom, reach=number(NEAR_BORDER_M)) if whom else ""


def _whom(counts: dict[str, int]) -> str:
    """Return who is how many, of those that there are."""
    words = {"businesses": _("businesses"), "families": _("families")}
    return ", ".join(f"{words[kind]} {number(n)}" for kind, n in counts.items() if n)
