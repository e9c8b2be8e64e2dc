"""What is here: the records under a click, layer by layer, as a tree of plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStackedLayout,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.words import _
from gisapp.ui.messages import plain_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import SignalInstance

    from gisapp.ui.identify import Found, FoundLayer

PLACE = Qt.ItemDataRole.UserRole
ATTACHED = Qt.ItemDataRole.UserRole + 1
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
        font = index.data(Qt.ItemDataRole.FontRole)  # bold words are wider
        metrics = QFontMetrics(font) if font is not None else self._tree.fontMetrics()
        words = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, str(index.data()))
        more = words.height() - metrics.height()
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
    why_asked : why the current record is found as it is
    time_asked : what was found of the current record over time
    attach_asked : the kind and id of the record that a document is to belong to
    open_asked, save_asked, remove_asked : the id of an attachment
    """

    chosen = Signal(str, int)
    why_asked = Signal()
    time_asked = Signal()
    attach_asked = Signal(str, str)
    open_asked = Signal(str)
    save_asked = Signal(str)
    remove_asked = Signal(str)

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
        self.why, self.time, self.attach = QPushButton(), QPushButton(), QPushButton()
        self.open, self.save, self.remove = QPushButton(), QPushButton(), QPushButton()
        self._records: dict[tuple[str, int], Found] = {}
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self._found_page())
        self.tree.currentItemChanged.connect(self._choose)
        self.tree.itemActivated.connect(self._activate)
        self.why.clicked.connect(self.why_asked)
        self.time.clicked.connect(self.time_asked)
        self.attach.clicked.connect(self._ask_to_attach)
        for button, signal in self._of_attachment():
            button.clicked.connect(lambda _checked=False, ask=signal: ask.emit(self._attachment))
        self.retranslate()

    def retranslate(self) -> None:
        """Take the words of the language in force; what was found is asked for anew."""
        self.tree.setAccessibleName(_("What is here"))
        self.why.setText(_("Why?"))
        self.time.setText(_("Over time"))
        self.attach.setText(_("Attach a document…"))
        self.open.setText(_("Open"))
        self.save.setText(_("Save a copy…"))
        self.remove.setText(_("Remove"))
        self.empty.setText(_("Click on the map to see what is there, in every visible layer."))

    @property
    def current(self) -> tuple[str, int] | None:
        """The layer's name and the row of the current record; None where nothing was found."""
        item: QTreeWidgetItem | None = self.tree.currentItem()
        while item is not None and item.data(0, PLACE) is None:
            item = item.parent()
        return None if item is None else item.data(0, PLACE)

    @property
    def _attachment(self) -> str:
        """The id of the attachment that is chosen; empty where none is."""
        item = self.tree.currentItem()
        return str(item.data(0, ATTACHED) or "") if item is not None else ""

    def _of_attachment(self) -> tuple[tuple[QPushButton, SignalInstance], ...]:
        return (
            (self.open, self.open_asked),
            (self.save, self.save_asked),
            (self.remove, self.remove_asked),
        )

    def _found_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 6)
        column.addWidget(self.tree, 1)
        for buttons in ((self.why, self.time, self.attach), (self.open, self.save, self.remove)):
            row = QHBoxLayout()
            row.setContentsMargins(6, 0, 6, 0)
            for button in buttons:
                row.addWidget(button)
            row.addStretch(1)
            column.addLayout(row)
        return page

    def _offer(self) -> None:
        """Offer what can be done with the current record and attachment."""
        record = self._records.get(self.current) if self.current else None
        for about_findings in (self.why, self.time):
            about_findings.setVisible(record is not None and record.explained)
        self.attach.setVisible(record is not None and record.attachable is not None)
        for button, _signal in self._of_attachment():
            button.setVisible(bool(self._attachment))

    def _ask_to_attach(self) -> None:
        record = self._records.get(self.current) if self.current else None
        if record is not None and record.attachable is not None:
            self.attach_asked.emit(*record.attachable)

    def _activate(self, item: QTreeWidgetItem) -> None:
        if item.data(0, ATTACHED):
            self.open_asked.emit(item.data(0, ATTACHED))

    def show_found(self, layers: Sequence[FoundLayer]) -> None:
        """Show the records found, the first one unfolded."""
        self.tree.blockSignals(True)
        self._records = {(x.layer, x.row): x for layer in layers for x in layer.records}
        self.tree.clear()
        for layer in layers:
            top = QTreeWidgetItem(self.tree, [f"{layer.title} ({len(layer.records)})"])
            set_bold(top)
            top.setFirstColumnSpanned(True)
            records = [_record_item(top, record) for record in layer.records]
            top.setExpanded(True)
            records[0].setExpanded(True)
            if layer is layers[0]:
                self.tree.setCurrentItem(records[0])
        self.tree.blockSignals(False)
        self._stack.setCurrentIndex(int(bool(layers)))
        self._offer()

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        self._offer()
        if item is not None and self.current is not None:
            self.chosen.emit(*self.current)


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
        set_bold(head)
        head.setFirstColumnSpanned(True)
        for line in lines:
            related = QTreeWidgetItem(head, [line])
            related.setFirstColumnSpanned(True)
            related.setToolTip(0, line)
        head.setExpanded(True)
    if record.attached:
        _attached_items(item, record)
    return item


def _attached_items(item: QTreeWidgetItem, record: Found) -> None:
    head = QTreeWidgetItem(item, [_("Attached documents ({n})").format(n=len(record.attached))])
    set_bold(head)
    head.setFirstColumnSpanned(True)
    for identifier, title in record.attached:
        attached = QTreeWidgetItem(head, [title])
        attached.setFirstColumnSpanned(True)
        attached.setData(0, ATTACHED, identifier)
    head.setExpanded(True)


def set_bold(item: QTreeWidgetItem) -> None:
    """Set the first column of an item in bold."""
    font = QFont(item.font(0))
    font.setBold(True)
    item.setFont(0, font)
