"""The layers in drawing order, each with its legend, count and visibility."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QTreeWidgetItemIterator,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.words import _, number
from gisapp.ui.swatches import SWATCH_PX, swatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QAction, QDropEvent, QResizeEvent

    from gisapp.render.legend import LegendEntry
    from gisapp.ui.layer_rows import LayerRow

    Index = QModelIndex | QPersistentModelIndex

TITLE, COUNT = 0, 1
NAME = Qt.ItemDataRole.UserRole
ROW = NAME + 1
TABLE = NAME + 2
TOTAL = NAME + 3
# Names keep the rest; the panel is never narrower than what shows both.
COUNT_SHARE, LEAST_PX = 0.35, 240
READ = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
Checked, Unchecked = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class CountDelegate(QStyledItemDelegate):
    """Writes how many there are in all, or, where there is room, how many of them are in view."""

    in_short = False

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Choose the text."""
        super().initStyleOption(option, index)
        if self.in_short:
            option.text = index.data(TOTAL) or option.text


def margins(widget: QWidget) -> int:
    """Return what a cell of a tree leaves free on both sides of its text together."""
    style = widget.style()
    return 2 * (style.pixelMetric(style.PixelMetric.PM_FocusFrameHMargin, None, widget) + 3)


class LayerTree(QTreeWidget):
    """Layers at the top level, legend entries below.

    Signals
    -------
    dropped : a layer's name and the place where it was dropped (0 is the top)
    """

    dropped = Signal(str, int)

    def __init__(self) -> None:
        super().__init__()
        self.setColumnCount(2)
        self.setIconSize(QSize(SWATCH_PX, SWATCH_PX))
        self.setIndentation(18)
        self.setUniformRowHeights(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._counts = CountDelegate(self)
        self.setItemDelegateForColumn(COUNT, self._counts)
        self.header().setStretchLastSection(False)
        self.header().setMinimumSectionSize(20)
        self.header().setSectionResizeMode(TITLE, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(COUNT, QHeaderView.ResizeMode.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        super().resizeEvent(event)
        self.share_width()

    def share_width(self) -> None:
        """Give the counts what they need, in short where that is too much beside the names.

        Their heading is written in full where that takes nothing from the names.
        """
        width, heading = self.viewport().width(), _("In view / all")
        full, short = self._widest(Qt.ItemDataRole.DisplayRole), self._widest(TOTAL)
        headed = max(full, self._room_of(heading))
        self._counts.in_short = full > COUNT_SHARE * width
        if self._counts.in_short:
            wide, shown = min(short, round(COUNT_SHARE * width)), _("All")
        elif headed == full or self.sizeHintForColumn(TITLE) + headed <= width:
            wide, shown = headed, heading
        else:
            wide, shown = full, _("Features")
        self.header().resizeSection(COUNT, wide)
        self.headerItem().setText(COUNT, shown)
        self.headerItem().setToolTip(COUNT, heading)

    def _room_of(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text) + margins(self)

    def _widest(self, role: int) -> int:
        items: Any = QTreeWidgetItemIterator(self)  # PySide does not type what it yields
        texts = (x.value().data(COUNT, role) or "" for x in items)
        return max(map(self._room_of, (_("All"), *texts)))

    def dropEvent(self, event: QDropEvent) -> None:
        """Say where the layer should go; the project is changed, not the tree."""
        item = layer_item(self.currentItem())
        target = layer_item(self.itemAt(event.position().toPoint()))
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if item is None or item.data(TITLE, NAME) is None:
            return
        was = self.indexOfTopLevelItem(item)
        place = self.indexOfTopLevelItem(target) if target else self.topLevelItemCount()
        below = self.dropIndicatorPosition() == QAbstractItemView.DropIndicatorPosition.BelowItem
        place += int(target is not None and below)
        self.dropped.emit(item.data(TITLE, NAME), place - int(place > was))


def layer_item(item: QTreeWidgetItem | None) -> QTreeWidgetItem | None:
    """Return the layer to which an item of the tree belongs."""
    return (item.parent() or item) if item is not None else None


class LayerPanel(QWidget):
    """The tree, and buttons for what can be done with the current layer.

    Signals
    -------
    visibility_asked : a layer's name, whether it should be drawn
    move_asked : a layer's name, its new place
    rename_asked : a layer's name, its new title
    style_asked : the place of a legend entry of the current layer, which was double-clicked
    chosen : the current layer changed
    """

    visibility_asked = Signal(str, bool)
    move_asked = Signal(str, int)
    rename_asked = Signal(str, str)
    style_asked = Signal(int)
    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tree = LayerTree()
        self._folded: set[str] = set()
        self._on_show: tuple[list[str], tuple[LayerRow, ...]] = ([], ())
        self._offered: Sequence[QAction] = ()
        self._buttons = QHBoxLayout()
        self._buttons.setContentsMargins(6, 4, 6, 4)
        self._buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tree, 1)
        column.addLayout(self._buttons)
        self.setMinimumWidth(LEAST_PX)
        self.setFocusProxy(self.tree)
        self.tree.dropped.connect(self.move_asked)
        self.tree.itemChanged.connect(self._edited)
        self.tree.itemDoubleClicked.connect(self._ask_style)
        self.tree.currentItemChanged.connect(self.chosen)
        self.tree.itemCollapsed.connect(lambda item: self._folded.add(item.data(TITLE, NAME)))
        self.tree.itemExpanded.connect(lambda item: self._folded.discard(item.data(TITLE, NAME)))
        self.tree.customContextMenuRequested.connect(self._menu)
        self.retranslate()

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        self.tree.setAccessibleName(_("Layers"))
        self.tree.setHeaderLabels([_("Layer"), _("In view / all")])
        self.tree.headerItem().setTextAlignment(COUNT, RIGHT)
        self.tree.share_width()
        self.tree.setAccessibleDescription(
            _("In drawing order, the first lies on top. Space shows or hides a layer.")
        )

    def offer(self, actions: Sequence[QAction]) -> None:
        """Offer `actions` on the current layer as buttons and in the context menu."""
        self._offered = tuple(actions)
        for place, action in enumerate(actions):
            button = QToolButton()
            button.setDefaultAction(action)
            button.setAutoRaise(True)
            self._buttons.insertWidget(place, button)

    @property
    def current(self) -> str:
        """The current layer's name; empty where there is none."""
        item = layer_item(self.tree.currentItem())
        return str(item.data(TITLE, NAME) or "") if item else ""

    @property
    def current_source(self) -> str:
        """The name of the current layer or table; empty where there is none."""
        item = self.tree.currentItem()
        return self.current or str((item.data(TITLE, TABLE) if item else "") or "")

    def show_rows(self, rows: Sequence[LayerRow], tables: Sequence[LayerRow] = ()) -> None:
        """Show layers and tables, keeping the current one, what is folded, where it stands.

        Where they are those on show, what is told of them changes and the user goes on undisturbed.
        """
        names, tables = [row.name for row in rows], tuple(tables)
        if (names, tables) == self._on_show:
            self._update(rows)
            return
        self._on_show = (names, tables)
        current, stood = self.current, self.tree.verticalScrollBar().value()
        self.tree.blockSignals(True)
        self.tree.clear()
        for row in rows:
            item = QTreeWidgetItem()
            self.tree.addTopLevelItem(item)
            _show_layer(item, row)
            item.setExpanded(row.name not in self._folded)
            if row.name == current:
                self.tree.setCurrentItem(item)
        if tables:
            item = _tables_item(tables)
            self.tree.addTopLevelItem(item)
            item.setExpanded(item.data(TITLE, NAME) not in self._folded)
        self.tree.blockSignals(False)
        self.tree.share_width()
        self.tree.verticalScrollBar().setValue(stood)
        self.chosen.emit()

    def _update(self, rows: Sequence[LayerRow]) -> None:
        self.tree.blockSignals(True)
        for place, row in enumerate(rows):
            item = self.tree.topLevelItem(place)
            if item is not None and item.data(TITLE, ROW) != row:
                _show_layer(item, row)
        self.tree.blockSignals(False)
        self.tree.share_width()

    def edit_title(self) -> None:
        """Let the user type the current layer's title."""
        item = layer_item(self.tree.currentItem())
        if item is not None:
            self.tree.editItem(item, TITLE)

    def _edited(self, item: QTreeWidgetItem, _column: int) -> None:
        shown: LayerRow = item.data(TITLE, ROW)
        visible, title = item.checkState(TITLE) == Checked, item.text(TITLE).strip()
        # The panel is shown anew a moment later; until then this is what it says.
        self.tree.blockSignals(True)
        item.setData(TITLE, ROW, replace(shown, visible=visible, title=title))
        self.tree.blockSignals(False)
        if visible != shown.visible:
            self.visibility_asked.emit(shown.name, visible)
        if title != shown.title:
            self.rename_asked.emit(shown.name, title)

    def _ask_style(self, item: QTreeWidgetItem, _column: int) -> None:
        layer = item.parent()
        if self.current and layer is not None:
            self.style_asked.emit(layer.indexOfChild(item))

    def _menu(self, at: QPoint) -> None:
        if self.current:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addActions(list(self._offered))
            menu.popup(self.tree.viewport().mapToGlobal(at))


def _show_layer(item: QTreeWidgetItem, row: LayerRow) -> None:
    """Put a layer and its legend into an item of the tree, anew or over what it showed."""
    item.setText(TITLE, row.title)
    item.setData(TITLE, NAME, row.name)
    item.setData(TITLE, ROW, row)
    item.setCheckState(TITLE, Checked if row.visible else Unchecked)
    item.setToolTip(TITLE, f"{row.title}\n{row.story}")
    _show_count(item, row.count, row.in_view)
    item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
    _set_bold(item)
    lines = _lines(item, len(row.entries) + len(row.undrawn), row.name)
    for line, entry in zip(lines, row.entries, strict=False):
        _show_entry(line, entry)
    for line, (text, n) in zip(lines[len(row.entries) :], row.undrawn, strict=True):
        _show_rest(line, text, n)


def _lines(item: QTreeWidgetItem, n: int, name: str) -> list[QTreeWidgetItem]:
    """Return the `n` items below a layer's, those that are there before new ones."""
    while item.childCount() > n:
        item.takeChild(n)
    for _missing in range(item.childCount(), n):
        line = QTreeWidgetItem(item)
        line.setData(TITLE, NAME, name)
        line.setFlags(READ)
    return [child for place in range(n) if (child := item.child(place)) is not None]


def _show_entry(item: QTreeWidgetItem, shown: LegendEntry) -> None:
    item.setText(TITLE, shown.label)
    item.setIcon(TITLE, swatch(shown.symbol, shown.nature, shown.ramp))
    item.setDisabled(shown.is_empty)
    item.setToolTip(TITLE, "\n".join(filter(None, (shown.label, shown.note))))
    _show_count(item, shown.total, shown.in_view)
    if shown.note:
        item.setText(COUNT, "–")
        item.setData(COUNT, TOTAL, "–")
        item.setToolTip(COUNT, _("Not at this scale: {note}.").format(note=shown.note))


def _show_rest(item: QTreeWidgetItem, text: str, n: int) -> None:
    item.setText(TITLE, text)
    item.setIcon(TITLE, QIcon())
    item.setDisabled(False)
    item.setToolTip(TITLE, text)
    _show_count(item, n, None)


def _show_count(item: QTreeWidgetItem, total: int, in_view: int | None) -> None:
    """Write how many there are, after how many of them are in view where that is known."""
    text, told = number(total), ""
    if in_view is not None:
        told = _("{seen} in view, {total} in all").format(seen=number(in_view), total=text)
        text = f"{number(in_view)} / {text}"
    item.setText(COUNT, text)
    item.setData(COUNT, TOTAL, number(total))
    item.setToolTip(COUNT, told)
    item.setTextAlignment(COUNT, RIGHT)


def _tables_item(rows: Sequence[LayerRow]) -> QTreeWidgetItem:
    """Return the item below the layers under which the tables stand."""
    head = QTreeWidgetItem([_("Tables")])
    head.setFlags(READ)
    _set_bold(head)
    for row in rows:
        item = QTreeWidgetItem(head, [row.title])
        item.setData(TITLE, TABLE, row.name)
        item.setToolTip(TITLE, f"{row.title}\n{row.story}")
        item.setFlags(READ)
        _show_count(item, row.count, None)
    return head


def _set_bold(item: QTreeWidgetItem) -> None:
    font = item.font(TITLE)
    font.setBold(True)
    item.setFont(TITLE, font)
