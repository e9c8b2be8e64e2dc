"""What the layer panel says of each layer: title, count, legend, where it came from. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gisapp.core.words import _, ngettext, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gisapp.core.layer import Layer
    from gisapp.render.legend import LegendEntry


@dataclass(frozen=True)
class LayerRow:
    """One layer: `count` is the number of its records, `story` what a tooltip tells of it."""

    name: str
    title: str
    visible: bool
    count: int
    story: str
    entries: tuple[LegendEntry, ...]


def layer_rows(layers: Sequence[Layer]) -> tuple[LayerRow, ...]:
    """Return a row for each layer, the top one first, with the legend of the visible ones."""
    from gisapp.render.legend import legend, title_of  # these import pandas

    entries = {shown.name: shown.entries for shown in legend(layers)}
    return tuple(
        LayerRow(
            layer.name,
            title_of(layer),
            layer.visible,
            len(layer.frame),
            layer_story(layer),
            entries.get(layer.name, ()),
        )
        for layer in layers
    )


def layer_story(layer: Layer) -> str:
    """Say where a layer came from and how many rows were repaired or not taken in."""
    report = layer.report
    if report is None:
        return _("A result of the last assessment.")
    lines = [_("From {source}.").format(source=report.source)]
    if layer.plan:
        lines.append(_("Plan: {plan}.").format(plan=layer.plan))
    if report.repaired:
        n = report.repaired
        lines.append(ngettext("{n} row repaired.", "{n} rows repaired.", n).format(n=number(n)))
    if report.quarantined:
        n = report.quarantined
        lines.append(
            ngettext("{n} row not taken in.", "{n} rows not taken in.", n).format(n=number(n))
        )
    return "\n".join(lines)
