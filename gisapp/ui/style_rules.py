"""The page of rules: the list in drawing order, and below it the chosen rule."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QGroupBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.errors import GisappError
from gisapp.core.style import Rule, Style, Symbol
from gisapp.core.words import _, label, number
from gisapp.ui.menus import LANGUAGE_NAMES
from gisapp.ui.style_conditions import ConditionList
from gisapp.ui.style_form import added, moved, new_rule, removed, with_rule
from gisapp.ui.style_symbol import SymbolForm
from gisapp.ui.style_widgets import ScaleField, StylePage, form, scrolled
from gisapp.ui.swatches import SWATCH_PX, swatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from gisapp.render.legend import Nature
    from gisapp.ui.style_form import Column

NAME, COUNT = 0, 1


class RulesPage(StylePage):
    """Shows and edits a style's rules.

    Signals
    -------
    refused : why what is written is no rule
    """

    refused = Signal(object)

    def __init__(self, frame: gpd.GeoDataFrame, columns: Sequence[Column], nature: Nature) -> None:
        super().__init__(nature)
        self._columns = tuple(columns)
        self._items: list[QTreeWidgetItem] = []
        self.list = _rule_list()
        self.labels = {code: QLineEdit() for code in LANGUAGE_NAMES}
        self.conditions = ConditionList(frame, columns)
        self.symbol = SymbolForm(nature)
        self.scales = ScaleField()
        self.buttons = {
            "add": QPushButton(_("Add")),
            "duplicate": QPushButton(_("Duplicate")),
            "remove": QPushButton(_("Remove")),
            "up": QPushButton(_("Up")),
            "down": QPushButton(_("Down")),
        }
        self._build()
        self._connect()

    def _build(self) -> None:
        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(10, 10, 10, 6)
        column.addWidget(self.list, 1)
        row = QHBoxLayout()
        for button in self.buttons.values():
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        self._rule = scrolled(self._names_box(), self._when_box(), self._symbol_box())
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(upper)
        split.addWidget(self._rule)
        split.setSizes([230, 400])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)

    def _names_box(self) -> QGroupBox:
        box = QGroupBox(_("In the legend"))
        names = form()
        for code, field in self.labels.items():
            field.setAccessibleName(LANGUAGE_NAMES[code])
            names.addRow(LANGUAGE_NAMES[code], field)
        box.setLayout(names)
        return box

    def _when_box(self) -> QGroupBox:
        box = QGroupBox(_("Draws features where all of this holds"))
        column = QVBoxLayout(box)
        column.addWidget(self.conditions)
        scales = form()
        scales.addRow(_("At scales"), self.scales)
        column.addLayout(scales)
        return box

    def _symbol_box(self) -> QGroupBox:
        box = QGroupBox(_("Symbol"))
        QVBoxLayout(box).addWidget(self.symbol)
        return box

    def _connect(self) -> None:
        self.list.currentItemChanged.connect(lambda _now, _was: self._show_rule())
        for field in self.labels.values():
            field.textEdited.connect(self._change)
        for part in (self.conditions, self.symbol, self.scales):
            part.changed.connect(self._change)
        does = {
            "add": self._add,
            "duplicate": self._duplicate,
            "remove": self._remove,
            "up": lambda: self._move(-1),
            "down": lambda: self._move(1),
        }
        for name, act in does.items():
            self.buttons[name].clicked.connect(act)

    @property
    def current(self) -> int:
        """The place of the chosen rule; −1 where there is none."""
        return self.list.currentIndex().row()

    def show_style(self, style: Style, current: int = 0) -> None:
        """Show a style's rules and choose one, without telling anybody."""
        self._style = style
        self.list.blockSignals(True)
        self.list.clear()
        self._items = [QTreeWidgetItem(self.list) for _rule in style.rules]
        for item, rule in zip(self._items, style.rules, strict=True):
            _fill(item, rule, self._nature)
        at = min(max(current, 0), len(style.rules) - 1)
        self.list.setCurrentIndex(self.list.model().index(at, NAME))
        self.list.blockSignals(False)
        self._show_rule()

    def show_counts(self, counts: Sequence[int]) -> None:
        """Show how many features each rule draws."""
        for item, n in zip(self._items, counts, strict=False):
            item.setText(COUNT, number(n))

    def _show_rule(self) -> None:
        at = self.current
        self._rule.setEnabled(at >= 0)
        last = len(self._style.rules) - 1
        for name, allowed in {
            "duplicate": at >= 0,
            "remove": at >= 0,
            "up": at > 0,
            "down": 0 <= at < last,
        }.items():
            self.buttons[name].setEnabled(allowed)
        if at < 0:
            return
        rule = self._style.rules[at]
        self._showing = True
        for code, field in self.labels.items():
            field.setText(rule.labels.get(code, ""))
        self.conditions.show_conditions(rule.when)
        self.symbol.show_symbol(rule.symbol)
        self.scales.show_scales(rule.scales)
        self._showing = False

    def _change(self, _value: object = None) -> None:
        """Take what the form says into the rule."""
        at = self.current
        if self._showing or at < 0:
            return
        labels = {code: field.text().strip() for code, field in self.labels.items()}
        try:
            when = self.conditions.conditions
        except GisappError as error:
            self.refused.emit(error)
            return
        rule = replace(
            self._style.rules[at],
            labels={code: text for code, text in labels.items() if text},
            when=when,
            symbol=self.symbol.symbol,
            scales=self.scales.scales,
        )
        self._style = replace(self._style, rules=with_rule(self._style.rules, at, rule))
        _fill(self._items[at], rule, self._nature)
        self.edited.emit(self._style)

    def _take(self, rules: tuple[Rule, ...], current: int) -> None:
        self.show_style(replace(self._style, rules=rules), current)
        self.edited.emit(self._style)

    def _add(self) -> None:
        at = max(self.current, 0)
        base = self._style.rules[at].symbol if self._style.rules else Symbol(fill="#7b8794")
        column = self._column_at(at) if self._style.rules else None
        self._take(added(self._style.rules, at, new_rule(column, base)), at)
        self.labels[next(iter(self.labels))].setFocus()

    def _column_at(self, at: int) -> Column | None:
        """Return the column that a rule asks about, else the layer's first."""
        asked = [x.column for x in self._style.rules[at].when]
        known = sorted(self._columns, key=lambda x: x.name not in asked)
        return known[0] if known else None

    def _duplicate(self) -> None:
        at = self.current
        self._take(added(self._style.rules, at, self._style.rules[at]), at)

    def _remove(self) -> None:
        at = self.current
        self._take(removed(self._style.rules, at), at)

    def _move(self, step: int) -> None:
        at = self.current
        self._take(moved(self._style.rules, at, at + step), at + step)


def _rule_list() -> QTreeWidget:
    made = QTreeWidget()
    made.setColumnCount(2)
    made.setHeaderLabels([_("Rule, the first that fits draws"), _("Features")])
    made.setAccessibleName(_("Rules"))
    made.setRootIsDecorated(False)
    made.setUniformRowHeights(True)
    made.setIconSize(QSize(SWATCH_PX, SWATCH_PX))
    made.header().setStretchLastSection(False)
    made.header().setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
    made.header().setSectionResizeMode(COUNT, QHeaderView.ResizeMode.ResizeToContents)
    return made


def _fill(item: QTreeWidgetItem, rule: Rule, nature: Nature) -> None:
    item.setText(NAME, label(rule.labels) or _("(no label)"))
    item.setIcon(NAME, swatch(rule.symbol, nature))
    item.setTextAlignment(COUNT, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
