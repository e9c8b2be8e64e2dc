"""Small parts of the style editor: colours, lengths, shares, scales, strips of colours."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QRegularExpression, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap, QRegularExpressionValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QColorDialog,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QSlider,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.errors import GisappError
from gisapp.core.style import ScaleRange, Style
from gisapp.core.words import _
from gisapp.ui import theme

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gisapp.render.legend import Nature

SIDE_PX = 18
SHARPNESS = 2
WRONG = "QLineEdit { color: #b3261e; border: 1px solid #b3261e; }"


class StylePage(QWidget):
    """A page of the editor: it edits a part of a style and holds the rest as it is.

    Signals
    -------
    edited : the style as it is now
    """

    edited = Signal(object)

    def __init__(self, nature: Nature) -> None:
        super().__init__()
        self._style = Style("", ())
        self._showing = False
        self._nature = nature

    def hold(self, style: Style) -> None:
        """Take note of what another page has edited; what this one shows is the same."""
        self._style = style


class ColourField(QWidget):
    """A colour as a swatch that opens a chooser, and as ``#rrggbb`` to type.

    Signals
    -------
    changed : another colour was chosen, or, where that is offered, none
    judged : what is typed is no colour any longer, or is one again
    """

    changed = Signal()
    judged = Signal()

    def __init__(self, name: str, *, optional: bool = False) -> None:
        super().__init__()
        self._colour = "#808080"
        self._is_wrong = False
        self._use = QCheckBox()
        self._use.setAccessibleName(_("Use {name}").format(name=name))
        self._use.setToolTip(self._use.accessibleName())
        self._use.setVisible(optional)
        self._button, self._code = QToolButton(), QLineEdit()
        self._button.setIconSize(QSize(2 * SIDE_PX, SIDE_PX))
        self._button.setAccessibleName(_("Choose {name}").format(name=name))
        self._button.setToolTip(self._button.accessibleName())
        self._code.setAccessibleName(_("{name} as #rrggbb").format(name=name))
        self._code.setValidator(
            QRegularExpressionValidator(QRegularExpression("#[0-9a-fA-F]{6}"), self)
        )
        self._code.setMinimumWidth(self._code.fontMetrics().horizontalAdvance("#mmmmmm") + 24)
        row = _row(self)
        for part in (self._use, self._button, self._code):
            row.addWidget(part)
        row.addStretch(1)
        self._use.toggled.connect(self._toggle)
        self._button.clicked.connect(self._choose)
        self._code.textEdited.connect(self._type)
        self.show_colour(self._colour)

    @property
    def colour(self) -> str | None:
        """The colour, None where none is used."""
        return self._colour if self._use.isChecked() else None

    @property
    def problem(self) -> GisappError | None:
        """Why what is typed is no colour; None where it is one, or none is used."""
        if self._code.hasAcceptableInput() or not self._code.isEnabled():
            return None
        return GisappError(
            _("“{text}” is not a colour.").format(text=self._code.text()),
            _("Write it as #rrggbb, such as {example}.").format(example=self._colour),
        )

    def show_colour(self, colour: str | None) -> None:
        """Show a colour without telling anybody; None takes the last one out of use."""
        self._colour = colour or self._colour
        self._use.blockSignals(True)
        self._use.setChecked(colour is not None)
        self._use.blockSignals(False)
        self._code.setText(self._colour)
        self._enable()

    def _toggle(self, _used: bool) -> None:
        self._enable()
        self.changed.emit()

    def _enable(self) -> None:
        used = self._use.isChecked()
        self._button.setEnabled(used)
        self._code.setEnabled(used)
        self._button.setIcon(QIcon(strip([self._colour], 2 * SIDE_PX, SIDE_PX)))
        self._mark()

    def _mark(self) -> None:
        """Have the field say whether what stands in it is a colour."""
        problem = self.problem
        was_wrong, self._is_wrong = self._is_wrong, problem is not None
        self._code.setStyleSheet(WRONG if problem else "")
        self._code.setToolTip(f"{problem.message} {problem.remedy}" if problem else "")
        if was_wrong != self._is_wrong:
            self.judged.emit()

    def _type(self, text: str) -> None:
        if self._code.hasAcceptableInput():
            self._take(text.lower())
        else:
            self._mark()

    def _choose(self) -> None:
        chosen = QColorDialog.getColor(QColor(self._colour), self, self._button.accessibleName())
        if chosen.isValid():
            self._code.setText(chosen.name())
            self._take(chosen.name())

    def _take(self, colour: str) -> None:
        self._colour = colour
        self._enable()
        self.changed.emit()


class ShareField(QWidget):
    """A share of 0 to 1 as a slider and as per cent.

    Signals
    -------
    changed : another share was chosen
    """

    changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._slider, self._percent = QSlider(Qt.Orientation.Horizontal), QSpinBox()
        self._slider.setRange(0, 100)
        self._percent.setRange(0, 100)
        self._percent.setSuffix(" %")
        for part in (self._slider, self._percent):
            part.setAccessibleName(name)
        row = _row(self)
        row.addWidget(self._slider, 1)
        row.addWidget(self._percent)
        self._slider.valueChanged.connect(self._percent.setValue)
        self._percent.valueChanged.connect(self._slider.setValue)
        self._percent.valueChanged.connect(lambda _value: self.changed.emit())

    @property
    def share(self) -> float:
        """The share, 0 to 1."""
        return self._percent.value() / 100

    def show_share(self, share: float) -> None:
        """Show a share without telling anybody."""
        self.blockSignals(True)
        self._percent.setValue(round(100 * share))
        self.blockSignals(False)


class ScaleField(QWidget):
    """The scales at which something is drawn; 0 is no limit.

    Signals
    -------
    changed : another range was chosen
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._nearest, self._furthest = _denominator(), _denominator()
        self._nearest.setAccessibleName(_("Not drawn nearer than"))
        self._furthest.setAccessibleName(_("Not drawn from this scale outward"))
        row = _row(self)
        for part, text in ((self._nearest, _("from")), (self._furthest, _("to"))):
            part.setToolTip(part.accessibleName())
            name = QLabel(text)
            name.setBuddy(part)
            row.addWidget(name)
            row.addWidget(part, 1)
            part.valueChanged.connect(lambda _value: self.changed.emit())

    @property
    def scales(self) -> ScaleRange:
        """The range; one that is empty keeps its outer limit only."""
        nearest, furthest = self._nearest.value(), self._furthest.value() or math.inf
        return ScaleRange(nearest if nearest < furthest else 0.0, furthest)

    def show_scales(self, scales: ScaleRange) -> None:
        """Show a range without telling anybody."""
        self.blockSignals(True)
        furthest = 0.0 if scales.max_denominator == math.inf else scales.max_denominator
        self._nearest.setValue(scales.min_denominator)
        self._furthest.setValue(furthest)
        self.blockSignals(False)


def _denominator() -> QDoubleSpinBox:
    spin = QDoubleSpinBox()
    spin.setRange(0, 1e9)
    spin.setDecimals(0)
    spin.setPrefix("1:")
    spin.setGroupSeparatorShown(True)
    spin.setSingleStep(1_000)
    spin.setSpecialValueText(_("no limit"))
    return spin


def length(name: str, unit: str = "mm", least: float = 0.05, most: float = 100) -> QDoubleSpinBox:
    """Make a field for a length."""
    spin = QDoubleSpinBox()
    spin.setRange(least, most)
    spin.setDecimals(2 if unit == "mm" else 0)
    spin.setSingleStep(0.1 if unit == "mm" else 50)
    spin.setSuffix(f" {unit}")
    spin.setAccessibleName(name)
    return spin


def choices(name: str, entries: Iterable[tuple[object, str]]) -> QComboBox:
    """Make a list of choices: what each stands for, and its words."""
    combo = QComboBox()
    combo.setAccessibleName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(12)
    offer(combo, entries)
    return combo


def offer(combo: QComboBox, entries: Iterable[tuple[object, str]]) -> None:
    """Offer other choices without telling anybody."""
    combo.blockSignals(True)
    combo.clear()
    for value, text in entries:
        combo.addItem(text, value)
    combo.blockSignals(False)


def choose(combo: QComboBox, value: object) -> None:
    """Choose an entry without telling anybody; one that is not offered is added as it is."""
    combo.blockSignals(True)
    at = next((i for i in range(combo.count()) if combo.itemData(i) == value), -1)
    if at < 0:
        combo.addItem(str(value), value)
        at = combo.count() - 1
    combo.setCurrentIndex(at)
    combo.blockSignals(False)


def tool(text: str, hint: str) -> QToolButton:
    """Make a small button of a sign, with words for those who hover or listen."""
    button = QToolButton()
    button.setText(text)
    button.setToolTip(hint)
    button.setAccessibleName(hint)
    return button


def form() -> QFormLayout:
    """Make a form whose long rows wrap instead of being cut."""
    layout = QFormLayout()
    layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
    return layout


def scrolled(*parts: QWidget) -> QScrollArea:
    """Put parts under each other where they can be scrolled."""
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(10, 8, 10, 8)
    for part in parts:
        column.addWidget(part)
    column.addStretch(1)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    return area


def strip(colours: Sequence[str], width_px: int, height_px: int) -> QPixmap:
    """Paint colours side by side, framed."""
    pixmap = QPixmap(width_px * SHARPNESS, height_px * SHARPNESS)
    pixmap.setDevicePixelRatio(SHARPNESS)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    step = width_px / max(len(colours), 1)
    for i, colour in enumerate(colours):
        painter.fillRect(QRectF(i * step, 0, step, height_px), QColor(colour))
    painter.setPen(QColor(theme.FAINT_INK))
    painter.drawRect(QRectF(0.5, 0.5, width_px - 1, height_px - 1))
    painter.end()
    return pixmap


def _row(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout(widget)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    return row
