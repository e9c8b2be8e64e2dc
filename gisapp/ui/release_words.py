"""What each preset lets out, said before anything leaves. No Qt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gisapp.core.words import _, ngettext, number

if TYPE_CHECKING:
    import pandas as pd

    from gisapp.privacy.presets import Preset
    from gisapp.privacy.release import Release


def preset_title(preset: Preset) -> str:
    """Return a preset's name in the language in force."""
    return {"internal": _("Internal"), "partner": _("Partner"), "public": _("Public")}[preset.name]


def preset_explanation(preset: Preset) -> str:
    """Say what a preset shows of homes and businesses, from the preset's own numbers."""
    return f"{_homes(preset)} {_businesses(preset)}"


def _homes(preset: Preset) -> str:
    if not preset.aggregates:
        return _("Homes at their exact place.")
    areas = {"rw": _("RW"), "kelurahan": _("kelurahan")}
    return _(
        "Homes only as counts per {area} or {width} m hexagon; cells with fewer than {n} "
        "families are hidden."
    ).format(area=areas[preset.area_level], width=number(preset.hexagon_m), n=number(preset.n))


def _businesses(preset: Preset) -> str:
    return {
        "exact": _("Businesses at their exact place, with the stall's name."),
        "masked": _("Businesses shifted by a stable random distance, without a name."),
        "consented": _(
            "Businesses with name and place only where their owner agreed to it; the others "
            "are counted by area."
        ),
    }[preset.businesses]


def what_leaves(release: Release) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return each layer and table that leaves with its row count, and its columns."""
    from gisapp.render.legend import title_of  # imports pandas

    parts: list[tuple[str, pd.DataFrame]] = [(title_of(x), x.frame) for x in release.layers]
    parts += [(name, table.frame) for name, table in release.tables.items()]
    return tuple(
        (
            _("{title} ({n} rows)").format(title=title, n=number(len(frame))),
            tuple(str(column) for column in frame.columns if column != "geometry"),
        )
        for title, frame in parts
    )


def smallest_count(release: Release) -> str:
    """Say how many people the smallest published count stands for."""
    if release.k_min is None:
        return _("Nothing is aggregated: single records leave.")
    return _("The smallest published count is {n}.").format(n=number(release.k_min))


def care_taken(release: Release) -> tuple[str, ...]:
    """Say who could have been singled out, and what was done about it."""
    care, said = release.care, []
    if care.families is not None:
        said.append(
            _("Each shifted place hides among at least {n} families.").format(
                n=number(care.families)
            )
        )
    if care.area_only:
        said.append(
            ngettext(
                "{n} business would hide among too few: its place tells its area only.",
                "{n} businesses would hide among too few: their places tell their area only.",
                care.area_only,
            ).format(n=number(care.area_only))
        )
    if care.coarser:
        said.append(
            ngettext(
                "{n} business is told less exactly, because fewer than {k} are like it.",
                "{n} businesses are told less exactly, because fewer than {k} are like each.",
                care.coarser,
            ).format(n=number(care.coarser), k=number(release.n))
        )
    if care.alone:
        said.append(
            ngettext(
                "{n} business is like no other of its area: nothing of it is told.",
                "{n} businesses are like too few others of their area: nothing of them is told.",
                care.alone,
            ).format(n=number(care.alone))
        )
    return tuple(said)
