"""The points of an import on a small map, with what each symbol means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.words import _
from gisapp.ui.import_preview import SYMBOLS, PlacedRows
from gisapp.ui.map_canvas import MapCanvas
from gisapp.ui.map_picture import at_least_a_street
from gisapp.ui.messages import plain_label
from gisapp.ui.swatches import SWATCH_PX, swatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

    from gisapp.render.viewport import Bounds
    from gisapp.ui.import_preview import LegendItem
    from gisapp.ui.jobs import Jobs


class ImportMap(QWidget):
    """Shows `PlacedRows`; drag, wheel and keys move the map as in the window.

    Parameters
    ----------
    drawing : Jobs
        Draws the map.
    """

    def __init__(self, drawing: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = MapCanvas(drawing)
        self.legend = QHBoxLayout()
        self.legend.setSpacing(4)
        self.empty = plain_label(name="quiet")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setMargin(24)
        self.all = QToolButton()
        self.all.setText(_("Show all"))
        self.all.setToolTip(_("Show the whole of what is drawn, the rows not taken in too"))
        self.all.clicked.connect(self.canvas.zoom_all)
        self._bounds: Bounds | None = None
        self._build()
        self.show_empty("")

    def _build(self) -> None:
        line = QHBoxLayout()
        line.setContentsMargins(8, 4, 8, 4)
        line.addLayout(self.legend)
        line.addStretch(1)
        over = QVBoxLayout(self.canvas)
        over.setContentsMargins(8, 8, 8, 8)
        over.addWidget(self.all, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.canvas, 1)
        column.addLayout(line)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(full)

    def show_empty(self, text: str) -> None:
        """Say why there is no map."""
        self.empty.setText(text)
        self._stack.setCurrentIndex(0)

    def show_rows(self, rows: PlacedRows) -> None:
        """Draw rows; the view stays unless they now lie elsewhere."""
        if rows.empty:
            self.show_empty(rows.empty)
            return
        self._stack.setCurrentIndex(1)
        self._fill_legend(rows.legend)
        self.canvas.mark(())
        self.canvas.show_layers(rows.layers)
        if rows.bounds is not None and rows.bounds != self._bounds:
            self.canvas.zoom_to(at_least_a_street(rows.bounds))
        self._bounds = rows.bounds

    def mark(self, places: Sequence[BaseGeometry]) -> None:
        """Mark places and show them together with what the map showed at first."""
        self.canvas.mark(places)
        boxes = [shapely.total_bounds(list(places))] if places else []
        if boxes and self._bounds is not None:
            boxes.append(self._bounds)
        if boxes:
            low, high = np.min(boxes, axis=0)[:2], np.max(boxes, axis=0)[2:]
            self.canvas.zoom_to(at_least_a_street((*low, *high)))

    def _fill_legend(self, items: Sequence[LegendItem]) -> None:
        while item := self.legend.takeAt(0):
            if widget := item.widget():
                widget.deleteLater()
        for entry in items:
            if entry.symbol:
                self.legend.addWidget(_picture(entry))
            self.legend.addWidget(plain_label(entry.text, wrap=False, name="quiet"))
            self.legend.addSpacing(10)


def _picture(entry: LegendItem) -> QLabel:
    label = QLabel()
    icon = swatch(SYMBOLS[entry.symbol], entry.nature)
    label.setPixmap(icon.pixmap(QSize(SWATCH_PX, SWATCH_PX)))
    return label
