"""What a sheet says besides its map: title, edition, sources with dates, CRS, method."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyproj

from gisapp.core.words import _, day, number
from gisapp.export.report_numbers import HIDDEN
from gisapp.export.report_parts import subtitle
from gisapp.render.graticule import convergence
from gisapp.render.page import SheetText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gisapp.core.layer import ImportReport
    from gisapp.privacy.release import Release
    from gisapp.render.layout import Paper
    from gisapp.render.viewport import Bounds

# A smaller angle than this cannot be drawn or measured on a sheet.
_NEGLIGIBLE_DEGREES = 0.05


def sheet_text(release: Release, bounds: Bounds, paper: Paper, heading: str = "") -> SheetText:
    """Return what a sheet says, in the language in force.

    Parameters
    ----------
    bounds : tuple of float
        What the map is of, in metres: north depends on it.
    heading : str
        The area that the page is about; the project's title then stands below it.
    """
    title = release.title or _("Map")
    below = subtitle(release)
    notes = (
        release.notice,
        release.risk_statement,
        sources(release),
        _method(release),
        _plane(release.crs, bounds, paper),
    )
    if heading:
        return SheetText(heading, f"{title} · {below}", notes)
    return SheetText(title, below, notes)


def sources(release: Release) -> str:
    """Name the files that the layers came from, by the day they were brought in."""
    files: defaultdict[str, set[str]] = defaultdict(set)
    for report in _reports(release):
        files[report.imported_at[:10]].add(report.source)
    told = (
        _("{names} (read {day})").format(names=", ".join(sorted(files[date])), day=day(date))
        for date in sorted(files)
    )
    return _("Sources: {sources}.").format(sources="; ".join(told)) if files else ""


def _reports(release: Release) -> Sequence[ImportReport]:
    reports = [layer.report for layer in release.layers if layer.visible]
    return [report for report in reports if report is not None and report.source]


def _method(release: Release) -> str:
    if not release.summary:
        return ""
    told = _(
        "Method: a business is held against the zoning that covers it; it or a home is exposed "
        "inside an eviction area in force on the as-of date; each family counts once. What is "
        "lawful is not said."
    )
    hidden = _("{sign} stands for a number that this edition hides.").format(sign=HIDDEN)
    return f"{told} {hidden}" if release.n else told


def _plane(crs: str, bounds: Bounds, paper: Paper) -> str:
    plane = pyproj.CRS.from_user_input(crs)
    told = _("{name} ({crs}). {north} The scale holds on {paper} paper, printed at 100 %.")
    return told.format(name=plane.name, crs=crs, north=_north(crs, bounds), paper=paper.upper())


def _north(crs: str, bounds: Bounds) -> str:
    min_x, min_y, max_x, max_y = bounds
    angle = convergence((min_x + max_x) / 2, (min_y + max_y) / 2, crs)
    if abs(angle) < _NEGLIGIBLE_DEGREES:
        return _("The arrow points to true north.")
    text = (
        _("The arrow points to grid north, {angle}° east of true north.")
        if angle > 0
        else _("The arrow points to grid north, {angle}° west of true north.")
    )
    return text.format(angle=number(abs(angle), 1))
