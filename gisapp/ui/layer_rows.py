"""What the layer panel says of each layer: title, count, legend, where it came from. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gisapp.core.layer import Layer, Table
from gisapp.core.progress import SILENT
from gisapp.core.words import _, label, ngettext, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gisapp.core.catalogue import Catalogue
    from gisapp.core.progress import Progress
    from gisapp.render.legend import LegendEntry, LegendLayer
    from gisapp.render.viewport import Viewport


@dataclass(frozen=True)
class LayerRow:
    """One layer or table: `count` is the number of its records, `story` what a tooltip tells.

    The entries' totals and `undrawn` (text, number) of a visible layer add up to `count`;
    `in_view` is how many of its records show on the map, None where that is not known.
    """

    name: str
    title: str
    visible: bool
    count: int
    story: str
    entries: tuple[LegendEntry, ...]
    undrawn: tuple[tuple[str, int], ...] = ()
    in_view: int | None = None


def layer_rows(
    layers: Sequence[Layer], viewport: Viewport | None = None, progress: Progress = SILENT
) -> tuple[LayerRow, ...]:
    """Return a row for each layer, the top one first, with the legend of the visible ones.

    The legend is that of the viewport's scale and counts what is in view; without a viewport, of
    all scales. `progress` is told of every layer.
    """
    from gisapp.render.legend import legend  # imports pandas

    shown = {part.name: part for part in legend(layers, viewport, progress)}
    return tuple(_layer_row(layer, shown.get(layer.name)) for layer in layers)


def _layer_row(layer: Layer, shown: LegendLayer | None) -> LayerRow:
    from gisapp.render.legend import title_of  # imports pandas

    title, told = title_of(layer), story(layer)
    if shown is None:
        return LayerRow(layer.name, title, layer.visible, len(layer.frame), told, ())
    return LayerRow(
        layer.name,
        title,
        layer.visible,
        len(layer.frame),
        "\n".join((told, *shown.notes)),
        shown.entries,
        _undrawn(shown),
        shown.in_view,
    )


def _undrawn(shown: LegendLayer) -> tuple[tuple[str, int], ...]:
    counts = (
        (_("No place on the map"), shown.without_place),
        (_("Not drawn by the style"), shown.without_rule),
    )
    return tuple((text, n) for text, n in counts if n)


def table_rows(tables: Iterable[Table], catalogue: Catalogue) -> tuple[LayerRow, ...]:
    """Return a row for each table: relations, rules, the register, results."""
    return tuple(
        LayerRow(
            table.name,
            label(catalogue.kind(table.kind).labels),
            visible=False,
            count=len(table.frame),
            story=story(table),
            entries=(),
        )
        for table in tables
    )


def story(source: Layer | Table) -> str:
    """Say where rows came from, and how many were repaired, not taken in or fit no record."""
    report = source.report
    if report is None:
        return _("A result of the last assessment.")
    lines = [_("From {source}.").format(source=report.source)]
    if isinstance(source, Layer) and source.plan:
        lines.append(_("Plan: {plan}.").format(plan=source.plan))
    unmatched = source.unmatched if isinstance(source, Table) else 0
    counts = (
        (report.repaired, ngettext("{n} row repaired.", "{n} rows repaired.", report.repaired)),
        (
            report.quarantined,
            ngettext("{n} row not taken in.", "{n} rows not taken in.", report.quarantined),
        ),
        (
            unmatched,
            ngettext(
                "{n} row names no record of the project: kept, not used.",
                "{n} rows name no record of the project: kept, not used.",
                unmatched,
            ),
        ),
    )
    lines += [text.format(n=number(n)) for n, text in counts if n]
    return "\n".join(lines)
