"""The page of classes: a column, a way to cut it, a ramp; what comes of it, counted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QCheckBox,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.errors import GisappError
from gisapp.core.style import Classes, Style
from gisapp.core.words import _, label, number
from gisapp.io.ramps import ramp, ramps
from gisapp.ui.messages import plain_label
from gisapp.ui.style_form import (
    MOST_CATEGORIES,
    SCHEMES_WITHOUT_K,
    Column,
    breaks_of,
    default_classes,
    fitting_schemes,
    typed_text,
)
from gisapp.ui.style_widgets import choices, choose, form, offer, strip
from gisapp.ui.swatches import SWATCH_PX, swatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gisapp.render.legend import Nature

STRIP_PX, STRIP_COLOURS = 120, 24


class ClassesPage(QWidget):
    """Asks how classes are made; the editor makes them.

    Signals
    -------
    asked : the classes that the user wants made
    refused : why what is written asks for none
    """

    asked = Signal(object)
    refused = Signal(object)

    def __init__(self, columns: Sequence[Column], nature: Nature) -> None:
        super().__init__()
        self._columns = {x.name: x for x in columns}
        self._nature = nature
        self._style = Style("", ())
        self.column = choices(_("Column"), [(x.name, x.title) for x in columns])
        self.scheme = choices(_("How"), ())
        self.k = QSpinBox()
        self.k.setRange(2, MOST_CATEGORIES)
        self.k.setAccessibleName(_("Number of classes"))
        self.breaks = QLineEdit()
        self.breaks.setPlaceholderText(_("Upper limits, for example 10; 20; 50"))
        self.breaks.setAccessibleName(_("Limits"))
        self.ramp = choices(_("Colour ramp"), ())
        self.reverse = QCheckBox(_("From the last colour to the first"))
        self.by_size = QCheckBox(_("Larger values are drawn larger"))
        self.make = QPushButton(_("Make classes"))
        self.note = plain_label(name="quiet")
        self.result = _class_list()
        self._build()
        self._connect()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 8)
        column.addWidget(
            plain_label(_("Makes the rules anew from the values of a column."), name="quiet")
        )
        self._form = form()
        self._form.addRow(_("Column"), self.column)
        self._form.addRow(_("How"), self.scheme)
        self._form.addRow(_("Number of classes"), self.k)
        self._form.addRow(_("Limits"), self.breaks)
        self._form.addRow(_("Colour ramp"), self.ramp)
        self._form.addRow("", self.reverse)
        self._form.addRow("", self.by_size)
        column.addLayout(self._form)
        self.ramp.setIconSize(QSize(STRIP_PX, SWATCH_PX))
        self.make.setAutoDefault(False)
        column.addWidget(self.make, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.note)
        column.addWidget(self.result, 1)

    def _connect(self) -> None:
        self.column.currentIndexChanged.connect(self._change_column)
        self.scheme.currentIndexChanged.connect(self._change_scheme)
        self.k.valueChanged.connect(lambda _value: self._offer_ramps())
        self.reverse.toggled.connect(lambda _on: self._offer_ramps())
        self.make.clicked.connect(self._ask)
        for signal in (
            self.column.currentIndexChanged,
            self.scheme.currentIndexChanged,
            self.k.valueChanged,
            self.ramp.currentIndexChanged,
            self.reverse.toggled,
            self.by_size.clicked,
            self.breaks.editingFinished,
        ):
            signal.connect(self._ask_again)

    @property
    def classes(self) -> Classes:
        """What is asked for.

        Raises
        ------
        GisappError
            Where limits are given that are no numbers.
        """
        scheme = self.scheme.currentData()
        return Classes(
            self.column.currentData(),
            scheme,
            self.k.value(),
            self.ramp.currentData(),
            self.reverse.isChecked(),
            self.by_size.isChecked() and scheme != "categories",
            breaks_of(self.breaks.text()) if scheme == "given" else (),
        )

    def show_style(self, style: Style) -> None:
        """Show how a style's classes were made; of a style without classes, a proposal."""
        self._style = style
        usual = default_classes(tuple(self._columns.values()), _tested_column(style))
        classes = style.classes or usual
        self.setEnabled(classes is not None)
        if classes is None:
            self.note.setText(_("This layer has no column to make classes of."))
            return
        choose(self.column, classes.column)
        self._show_classes(classes)
        self._list_classes()

    def show_counts(self, counts: Sequence[int]) -> None:
        """Show how many features fall in each class."""
        for i in range(self.result.topLevelItemCount()):
            item = self.result.topLevelItem(i)
            if item is not None and i < len(counts):
                item.setText(1, number(counts[i]))

    def tell(self, text: str) -> None:
        """Say what is to be known of the classes: work under way, a sample."""
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _show_classes(self, classes: Classes) -> None:
        column = self._columns.get(classes.column)
        offer(self.scheme, fitting_schemes(column) if column else [(classes.scheme, "")])
        choose(self.scheme, classes.scheme)
        self.k.blockSignals(True)
        self.k.setValue(classes.k)
        self.k.blockSignals(False)
        self.breaks.setText("; ".join(map(typed_text, classes.breaks)))
        self.reverse.blockSignals(True)
        self.reverse.setChecked(classes.reverse)
        self.reverse.blockSignals(False)
        self.by_size.setChecked(classes.by_size)
        self._offer_ramps(classes.ramp)
        self._enable()

    def _change_column(self, _index: int) -> None:
        name = self.column.currentData()
        usual = default_classes(tuple(self._columns.values()), name)
        if usual is not None:
            self._show_classes(replace(usual, by_size=self.by_size.isChecked()))

    def _change_scheme(self, _index: int) -> None:
        is_categories = self.scheme.currentData() == "categories"
        natures = {x.nature for x in ramps().values() if x.name == self.ramp.currentData()}
        if is_categories != ("qualitative" in natures):
            choose(self.ramp, "okabe_ito" if is_categories else "viridis")
        self._enable()

    def _enable(self) -> None:
        scheme = self.scheme.currentData()
        self._form.setRowVisible(self.k, scheme not in SCHEMES_WITHOUT_K)
        self._form.setRowVisible(self.breaks, scheme == "given")
        grows = scheme != "categories" and self._nature != "area"
        self._form.setRowVisible(self.by_size, grows)

    def _offer_ramps(self, chosen: str = "") -> None:
        chosen = chosen or self.ramp.currentData()
        offer(self.ramp, [(x.name, label(x.titles)) for x in ramps().values()])
        for i, found in enumerate(ramps().values()):
            n = self.k.value() if found.nature == "qualitative" else STRIP_COLOURS
            colours = ramp(found.name, n)
            shown = colours[::-1] if self.reverse.isChecked() else colours
            self.ramp.setItemIcon(i, QIcon(strip(shown, STRIP_PX, SWATCH_PX)))
        choose(self.ramp, chosen)

    def _ask(self) -> None:
        try:
            self.asked.emit(self.classes)
        except GisappError as error:
            self.refused.emit(error)

    def _ask_again(self, _value: object = None) -> None:
        """Follow every change once there are classes; limits are waited for."""
        is_waiting = self.scheme.currentData() == "given" and not self.breaks.text().strip()
        if self._style.classes is not None and not is_waiting:
            self._ask()

    def _list_classes(self) -> None:
        self.result.clear()
        self.result.setVisible(self._style.classes is not None)
        if self._style.classes is None:
            return
        for rule in self._style.rules:
            item = QTreeWidgetItem(self.result, [label(rule.labels)])
            item.setIcon(0, swatch(rule.symbol, self._nature))
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def _tested_column(style: Style) -> str:
    """Return the column that a style's rules ask about first."""
    return next((x.column for rule in style.rules for x in rule.when), "")


def _class_list() -> QTreeWidget:
    made = QTreeWidget()
    made.setColumnCount(2)
    made.setHeaderLabels([_("Class"), _("Features")])
    made.setAccessibleName(_("Classes"))
    made.setRootIsDecorated(False)
    keeps_room = made.sizePolicy()
    keeps_room.setRetainSizeWhenHidden(True)
    made.setSizePolicy(keeps_room)
    made.setIconSize(QSize(SWATCH_PX, SWATCH_PX))
    made.header().setStretchLastSection(False)
    made.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    made.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
    return made
