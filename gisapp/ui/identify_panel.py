"""What is here: the records under a click, layer by layer, as a tree of plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QHeaderView,
    QStackedLayout,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from gisapp.core.words import _
from gisapp.ui.messages import plain_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gisapp.ui.identify import Found, FoundLayer

PLACE = Qt.ItemDataRole.UserRole
MARGIN_PX = 4


class Wrapping(QStyledItemDelegate):
    """Gives an item the height that its words need in the width they have.

    QTreeView wraps words but measures them as one line.
    """

    def __init__(self, tree: QTreeWidget) -> None:
        super().__init__(tree)
        self._tree = tree

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the size of an item's words, wrapped."""
        plain = super().sizeHint(option, index)
        room = QRect(0, 0, self._room(index), plain.height())
        words = self._tree.fontMetrics().boundingRect(
            room, Qt.TextFlag.TextWordWrap, str(index.data())
        )
        more = words.height() - self._tree.fontMetrics().height()
        return QSize(plain.width(), plain.height() + max(more, 0))

    def _room(self, index: QModelIndex | QPersistentModelIndex) -> int:
        """Return the width in pixels that an item's words have; the first column fits its own."""
        if index.column() == 1:
            return self._tree.columnWidth(1) - 2 * MARGIN_PX
        depth, parent = 1, index.parent()
        while parent.isValid():
            depth, parent = depth + 1, parent.parent()
        return self._tree.viewport().width() - depth * self._tree.indentation() - 2 * MARGIN_PX


class IdentifyPanel(QWidget):
    """Shows what a click found.

    Signals
    -------
    chosen : the layer's name and the row of the record that the user moved to
    """

    chosen = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tree = QTreeWidget()
        self.tree.setColumnCount(2)
        self.tree.setHeaderHidden(True)
        self.tree.setWordWrap(True)
        self.tree.setIndentation(14)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setMaximumSectionSize(220)
        self.tree.header().sectionResized.connect(self.tree.scheduleDelayedItemsLayout)
        self.tree.setItemDelegate(Wrapping(self.tree))
        self.empty = plain_label(name="quiet")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setMargin(20)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.tree)
        self.tree.currentItemChanged.connect(self._choose)
        self.retranslate()

    def retranslate(self) -> None:
        """Take the words of the language in force; what was found is asked for anew."""
        self.tree.setAccessibleName(_("What is here"))
        self.empty.setText(_("Click on the map to see what is there, in every visible layer."))

    def show_found(self, layers: Sequence[FoundLayer]) -> None:
        """Show the records found, the first one unfolded."""
        self.tree.blockSignals(True)
        self.tree.clear()
        for layer in layers:
            top = QTreeWidgetItem(self.tree, [f"{layer.title} ({len(layer.records)})"])
            _set_bold(top)
            top.setFirstColumnSpanned(True)
            records = [_record_item(top, record) for record in layer.records]
            top.setExpanded(True)
            records[0].setExpanded(True)
            if layer is layers[0]:
                self.tree.setCurrentItem(records[0])
        self.tree.blockSignals(False)
        self._stack.setCurrentIndex(int(bool(layers)))

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        while item is not None and item.data(0, PLACE) is None:
            item = item.parent()
        if item is not None:
            self.chosen.emit(*item.data(0, PLACE))


def _record_item(top: QTreeWidgetItem, record: Found) -> QTreeWidgetItem:
    item = QTreeWidgetItem(top, [record.title])
    item.setData(0, PLACE, (record.layer, record.row))
    item.setFirstColumnSpanned(True)
    for name, text in record.facts:
        fact = QTreeWidgetItem(item, [name, text])
        fact.setToolTip(1, text)
        for column in (0, 1):
            fact.setTextAlignment(column, Qt.AlignmentFlag.AlignTop)
    for heading, lines in record.related:
        head = QTreeWidgetItem(item, [f"{heading} ({len(lines)})"])
        _set_bold(head)
        head.setFirstColumnSpanned(True)
        for line in lines:
            related = QTreeWidgetItem(head, [line])
            related.setFirstColumnSpanned(True)
            related.setToolTip(0, line)
        head.setExpanded(True)
    return item


def _set_bold(item: QTreeWidgetItem) -> None:
    font = QFont(item.font(0))
    font.setBold(True)
    item.setFont(0, font)
