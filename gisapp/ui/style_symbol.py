"""The form of one symbol: what its layer's nature (points, lines, areas) can show of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from gisapp.core.style import Symbol
from gisapp.core.words import N_, _
from gisapp.io.icons import icon_names
from gisapp.ui.style_widgets import ColourField, ShareField, choices, choose, form, length

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gisapp.core.style import Hatch, Shape
    from gisapp.render.legend import Nature

SHAPES: Final[Mapping[Shape, str]] = {
    "circle": N_("Circle"),
    "square": N_("Square"),
    "triangle": N_("Triangle"),
    "diamond": N_("Diamond"),
    "star": N_("Star"),
    "cross": N_("Cross"),
}
HATCHES: Final[Mapping[Hatch, str]] = {
    "": N_("None"),
    "diagonal": N_("Diagonal"),
    "back": N_("Diagonal, the other way"),
    "cross": N_("Crossed"),
    "dots": N_("Dots"),
}
DASHES: Final[Mapping[tuple[float, ...], str]] = {
    (): N_("Solid"),
    (2.0, 1.0): N_("Dashed"),
    (0.5, 0.8): N_("Dotted"),
    (3.0, 1.0, 0.6, 1.0): N_("Dash and dot"),
    (5.0, 1.5): N_("Long dashes"),
}
ICON_PREFIX: Final = "icon:"


class SymbolForm(QWidget):
    """Shows and edits a symbol.

    Signals
    -------
    changed : the symbol is another one
    """

    changed = Signal()

    def __init__(self, nature: Nature) -> None:
        super().__init__()
        self._nature = nature
        self._symbol = Symbol()
        self._showing = False
        self.fill = ColourField(_("fill colour"), optional=True)
        self.fill_opacity = ShareField(_("Opacity of the fill"))
        self.hatch = choices(_("Hatch"), _worded(HATCHES))
        self.stroke = ColourField(_("outline colour"), optional=True)
        self.stroke_mm = length(_("Width of the outline"))
        self.dash = choices(_("Dashes"), _worded(DASHES))
        self.marker = choices(_("Marker"), _markers())
        self.size_mm = length(_("Size of the marker"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._form = form()
        column.addLayout(self._form)
        self._build()
        self._connect()

    def _build(self) -> None:
        is_line = self._nature == "line"
        rows: list[tuple[str, QWidget, bool]] = [
            (_("Marker"), self.marker, self._nature == "point"),
            (_("Size"), self.size_mm, self._nature == "point"),
            (_("Fill"), self.fill, not is_line),
            (_("Opacity"), self.fill_opacity, not is_line),
            (_("Hatch"), self.hatch, self._nature == "area"),
            (_("Colour") if is_line else _("Outline"), self.stroke, True),
            (_("Width"), self.stroke_mm, True),
            (_("Dashes"), self.dash, True),
        ]
        for text, part, is_offered in rows:
            if is_offered:
                self._form.addRow(text, part)
            else:
                part.setParent(self)
                part.hide()

    def _connect(self) -> None:
        for part in (self.fill, self.fill_opacity, self.stroke):
            part.changed.connect(self._edited)
        for spin in (self.stroke_mm, self.size_mm):
            spin.valueChanged.connect(self._edited)
        for combo in (self.hatch, self.dash, self.marker):
            combo.currentIndexChanged.connect(self._edited)

    @property
    def symbol(self) -> Symbol:
        """The symbol on show."""
        return self._symbol

    def show_symbol(self, symbol: Symbol) -> None:
        """Show a symbol without telling anybody."""
        self._symbol = symbol
        self._showing = True
        self.fill.show_colour(symbol.fill)
        self.fill_opacity.show_share(symbol.fill_opacity)
        self.stroke.show_colour(symbol.stroke)
        self.stroke_mm.setValue(symbol.stroke_mm)
        self.size_mm.setValue(symbol.size_mm)
        choose(self.hatch, symbol.hatch)
        _choose_dashes(self.dash, symbol.dash_mm)
        choose(self.marker, f"{ICON_PREFIX}{symbol.icon}" if symbol.icon else symbol.shape)
        self._enable()
        self._showing = False

    def _enable(self) -> None:
        filled, outlined = self._symbol.fill is not None, self._symbol.stroke is not None
        self.fill_opacity.setEnabled(filled)
        self.hatch.setEnabled(filled or outlined)
        self.stroke_mm.setEnabled(outlined)
        self.dash.setEnabled(outlined)

    def _edited(self, _value: object = None) -> None:
        if self._showing:
            return
        marker = str(self.marker.currentData())
        icon = marker.removeprefix(ICON_PREFIX) if marker.startswith(ICON_PREFIX) else ""
        edited: dict[str, Any] = {
            "fill": self.fill.colour,
            "fill_opacity": self.fill_opacity.share,
            "hatch": self.hatch.currentData(),
            "stroke": self.stroke.colour,
            "stroke_mm": self.stroke_mm.value(),
            "dash_mm": tuple(self.dash.currentData()),
            "size_mm": self.size_mm.value(),
            "icon": icon,
            "shape": self._symbol.shape if icon else marker,
        }
        self._symbol = replace(self._symbol, **edited)
        self._enable()
        self.changed.emit()


def _worded(texts: Mapping[Any, str]) -> list[tuple[object, str]]:
    return [(value, _(text)) for value, text in texts.items()]


def _markers() -> list[tuple[object, str]]:
    icons = [(f"{ICON_PREFIX}{x}", x.replace("_", " ").capitalize()) for x in icon_names()]
    return [*_worded(SHAPES), *icons]


def _choose_dashes(combo: QComboBox, dash_mm: tuple[float, ...]) -> None:
    """Choose dashes; those of no preset are offered as their lengths."""
    known = [tuple(combo.itemData(i)) for i in range(combo.count())]
    combo.blockSignals(True)
    if dash_mm not in known:
        combo.addItem(" – ".join(f"{x:g}" for x in dash_mm) + " mm", dash_mm)
        known.append(dash_mm)
    combo.setCurrentIndex(known.index(dash_mm))
    combo.blockSignals(False)
