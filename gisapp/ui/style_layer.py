"""The pages of what a style does with the whole layer: opacity, crowds of points, names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QGroupBox,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.style import Clusters, Heat, Labels
from gisapp.core.words import N_, _, label
from gisapp.io.ramps import ramp, ramps
from gisapp.ui.messages import plain_label
from gisapp.ui.style_widgets import (
    ColourField,
    ScaleField,
    ShareField,
    StylePage,
    choices,
    choose,
    form,
    length,
    scrolled,
    strip,
)
from gisapp.ui.swatches import SWATCH_PX

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gisapp.core.style import Blend, Style
    from gisapp.render.legend import Nature
    from gisapp.ui.style_form import Column

STRIP_PX, STRIP_COLOURS = 120, 24
BLENDS: Final[Mapping[Blend, str]] = {
    "normal": N_("Lies over what is below"),
    "multiply": N_("Darkens what is below (multiply)"),
    "screen": N_("Lightens what is below (screen)"),
    "darken": N_("The darker of both"),
    "lighten": N_("The lighter of both"),
}


class LayerPage(StylePage):
    """Opacity and blending of the layer; clusters and heat of points."""

    def __init__(self, columns: Sequence[Column], nature: Nature) -> None:
        super().__init__(nature)
        self.opacity = ShareField(_("Opacity of the layer"))
        self.blend = choices(_("Blending"), [(x, _(text)) for x, text in BLENDS.items()])
        self.clusters = QGroupBox(_("Draw crowded points together, with their number"))
        self.radius_mm = length(_("Closer than"), least=1)
        self.cluster_fill = ColourField(_("circle colour"))
        self.heat = QGroupBox(_("Draw the density of points instead of the rules"))
        self.radius_m = length(_("Spread over"), "m", least=1, most=100_000)
        self.heat_ramp = choices(_("Colour ramp"), _ramps())
        numbers = [(x.name, x.title) for x in columns if x.holds == "number"]
        self.weight = choices(_("Weight"), [("", _("Each point counts once")), *numbers])
        self._build()
        self._connect()

    def _build(self) -> None:
        whole, layer = QWidget(), form()
        whole.setLayout(layer)
        layer.addRow(_("Opacity"), self.opacity)
        layer.addRow(_("Blending"), self.blend)
        for group in (self.clusters, self.heat):
            group.setCheckable(True)
            group.setVisible(self._nature == "point")
        clusters, heat = form(), form()
        clusters.addRow(_("Closer than"), self.radius_mm)
        clusters.addRow(_("Circle"), self.cluster_fill)
        self.clusters.setLayout(clusters)
        self.heat_ramp.setIconSize(QSize(STRIP_PX, SWATCH_PX))
        for i, found in enumerate(ramps()):
            icon = QIcon(strip(ramp(found, STRIP_COLOURS), STRIP_PX, SWATCH_PX))
            self.heat_ramp.setItemIcon(i, icon)
        heat.addRow(_("Spread over"), self.radius_m)
        heat.addRow(_("Colour ramp"), self.heat_ramp)
        heat.addRow(_("Weight"), self.weight)
        self.heat.setLayout(heat)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolled(whole, self.clusters, self.heat))

    def _connect(self) -> None:
        for part in (self.opacity, self.cluster_fill):
            part.changed.connect(self._change)
        for combo in (self.blend, self.heat_ramp, self.weight):
            combo.currentIndexChanged.connect(self._change)
        for spin in (self.radius_mm, self.radius_m):
            spin.valueChanged.connect(self._change)
        for group in (self.clusters, self.heat):
            group.toggled.connect(self._change)

    def show_style(self, style: Style) -> None:
        """Show what a style does with its layer, without telling anybody."""
        self._style, self._showing = style, True
        clusters, heat = style.clusters or Clusters(), style.heat or Heat()
        self.opacity.show_share(style.opacity)
        choose(self.blend, style.blend)
        self.clusters.setChecked(style.clusters is not None)
        self.radius_mm.setValue(clusters.radius_mm)
        self.cluster_fill.show_colour(clusters.fill)
        self.heat.setChecked(style.heat is not None)
        self.radius_m.setValue(heat.radius_m)
        choose(self.heat_ramp, heat.ramp)
        choose(self.weight, heat.weight_column)
        self._showing = False

    def _change(self, _value: object = None) -> None:
        if self._showing:
            return
        clusters, heat = self._style.clusters or Clusters(), None
        clusters = replace(
            clusters,
            radius_mm=self.radius_mm.value(),
            fill=self.cluster_fill.colour or clusters.fill,
        )
        if self.heat.isChecked():
            column = self.weight.currentData()
            heat = Heat(self.radius_m.value(), self.heat_ramp.currentData(), column)
        self._style = replace(
            self._style,
            opacity=self.opacity.share,
            blend=self.blend.currentData(),
            clusters=clusters if self.clusters.isChecked() else None,
            heat=heat,
        )
        self.edited.emit(self._style)


class NamesPage(StylePage):
    """Names on the map: of which column, how large, in what colours, at which scales."""

    def __init__(self, columns: Sequence[Column], nature: Nature) -> None:
        super().__init__(nature)
        self.box = QGroupBox(_("Write names on the map"))
        self.column = choices(_("Column"), [(x.name, x.title) for x in columns])
        self.size_mm = length(_("Height of the letters"), least=0.5, most=30)
        self.bold = QCheckBox(_("Bold"))
        self.colour = ColourField(_("letter colour"))
        self.halo = ColourField(_("halo colour"), optional=True)
        self.halo_mm = length(_("Width of the halo"), most=10)
        self.priority = QSpinBox()
        self.priority.setRange(-99, 99)
        self.priority.setAccessibleName(_("Priority"))
        self.along = QCheckBox(_("Along the lines"))
        self.scales = ScaleField()
        self._build()
        self._connect()

    def _build(self) -> None:
        self.box.setCheckable(True)
        rows = form()
        rows.addRow(_("Column"), self.column)
        rows.addRow(_("Size"), self.size_mm)
        rows.addRow("", self.bold)
        rows.addRow(_("Letters"), self.colour)
        rows.addRow(_("Halo"), self.halo)
        rows.addRow(_("Width of the halo"), self.halo_mm)
        rows.addRow(_("Priority"), self.priority)
        rows.addRow("", plain_label(_("Where names compete, the higher number is written.")))
        rows.addRow("", self.along)
        rows.addRow(_("At scales"), self.scales)
        rows.setRowVisible(self.along, self._nature == "line")
        self.box.setLayout(rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolled(self.box))

    def _connect(self) -> None:
        spins: tuple[QDoubleSpinBox | QSpinBox, ...] = (self.size_mm, self.halo_mm, self.priority)
        for spin in spins:
            spin.valueChanged.connect(self._change)
        for part in (self.colour, self.halo, self.scales):
            part.changed.connect(self._change)
        for box in (self.box, self.bold, self.along):
            box.toggled.connect(self._change)
        self.column.currentIndexChanged.connect(self._change)

    def show_style(self, style: Style) -> None:
        """Show how a style writes names, without telling anybody."""
        self._style, self._showing = style, True
        labels = style.labels or Labels(_usual_column(self.column.itemData(0), self._names()))
        self.box.setChecked(style.labels is not None)
        self.box.setEnabled(bool(self.column.count()))
        choose(self.column, labels.column)
        self.size_mm.setValue(labels.size_mm)
        self.bold.setChecked(labels.bold)
        self.colour.show_colour(labels.colour)
        self.halo.show_colour(labels.halo)
        self.halo_mm.setValue(labels.halo_mm)
        self.priority.setValue(labels.priority)
        self.along.setChecked(labels.along)
        self.scales.show_scales(labels.scales)
        self._showing = False

    def _names(self) -> list[str]:
        return [self.column.itemData(i) for i in range(self.column.count())]

    def _change(self, _value: object = None) -> None:
        if self._showing:
            return
        labels = None
        if self.box.isChecked():
            labels = Labels(
                self.column.currentData(),
                self.size_mm.value(),
                self.colour.colour or Labels("").colour,
                self.bold.isChecked(),
                self.halo.colour,
                self.halo_mm.value(),
                self.priority.value(),
                self.along.isChecked(),
                self.scales.scales,
            )
        self._style = replace(self._style, labels=labels)
        self.edited.emit(self._style)


def _usual_column(first: str | None, names: Sequence[str]) -> str:
    return "name" if "name" in names else first or ""


def _ramps() -> list[tuple[object, str]]:
    return [(x.name, label(x.titles)) for x in ramps().values()]
