"""Tables of records: the conflicts linked with the map, and the rows that were not taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.words import _, ngettext, number
from gisapp.ui import theme
from gisapp.ui.frame_view import FrameView
from gisapp.ui.messages import plain_label
from gisapp.ui.values import code_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from gisapp.core.catalogue import Kind

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
CONFLICT_COLUMNS = (
    "finding",
    "severity",
    "subject_kind",
    "subject_id",
    "area_kind",
    "area_id",
    "stage",
    "stance",
    "uncertain",
    "admin_code",
)
WIDEST_COLUMN_PX = 260
MEASURED_ROWS, MEASURED_COLUMNS = 50, 24
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class FrameModel(QAbstractTableModel):
    """Shows a `FrameView`."""

    def __init__(self, view: FrameView | None = None) -> None:
        super().__init__()
        self.shown = view

    def show(self, view: FrameView | None) -> None:
        """Show another frame."""
        self.beginResetModel()
        self.shown = view
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """Return how many rows are shown."""
        return len(self.shown.rows) if self.shown and not parent.isValid() else 0

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Return how many columns are shown."""
        return len(self.shown.columns) if self.shown and not parent.isValid() else 0

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text, or the side it is set to."""
        if self.shown is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.shown.text(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole and self.shown.is_number(index.column()):
            return RIGHT
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's heading and the side it is set to."""
        across = orientation == Qt.Orientation.Horizontal
        if self.shown is None or not across:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return RIGHT if self.shown.is_number(section) else LEFT
        return self.shown.title(section) if role == Qt.ItemDataRole.DisplayRole else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows by a column."""
        if self.shown is not None and 0 <= column < len(self.shown.columns):
            self.layoutAboutToBeChanged.emit()
            self.shown.sort(column, order == Qt.SortOrder.DescendingOrder)
            self.layoutChanged.emit()


class FrameTable(QTableView):
    """A table that says `empty` where it has no rows."""

    empty = ""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows, or the words in their place."""
        super().paintEvent(event)
        paint_empty(self, self.empty)


def paint_empty(table: QTableView, text: str) -> None:
    """Write `text` into the middle of a table that has no rows."""
    if text and table.model() is not None and not table.model().rowCount():
        painter = QPainter(table.viewport())
        painter.setPen(QColor(theme.QUIET_INK))
        wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(table.viewport().rect().adjusted(20, 20, -20, -20), wrapped, text)
        painter.end()


def table_view(model: FrameModel, name: str) -> FrameTable:
    """Make a table that is read row by row, sorted by its headings."""
    table = FrameTable()
    table.setModel(model)
    dress_table(table, name)
    # As the frame has them until a heading is pressed.
    table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
    table.setSortingEnabled(True)
    return table


def dress_table(table: QTableView, name: str) -> None:
    """Make a table look and behave like the others; `name` is what it is read out as."""
    table.setAccessibleName(name)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setAlternatingRowColors(True)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(26)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setResizeContentsPrecision(MEASURED_ROWS)


def fit_columns(table: QTableView) -> None:
    """Make each column as wide as its words, up to a limit; of many columns the first ones."""
    for column in range(min(table.model().columnCount(), MEASURED_COLUMNS)):
        table.resizeColumnToContents(column)
        width = min(table.columnWidth(column) + 12, WIDEST_COLUMN_PX)
        table.setColumnWidth(column, width)


class ConflictTable(QWidget):
    """The conflicts: choosing rows marks them on the map, activating one goes there.

    Signals
    -------
    chosen : rows of the conflicts' frame that are selected (a list of int)
    activated : the row of the frame to go to
    why_asked : why the current row is what it is
    """

    chosen = Signal(list)
    activated = Signal(int)
    why_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = FrameModel()
        self.table = table_view(self.model, "")
        self.finding = QComboBox()
        self.finding.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.count = plain_label(name="quiet", wrap=False)
        self.explanation = plain_label(name="explanation")
        self.empty = plain_label(name="quiet")
        self._kind: Kind | None = None
        self._build()
        self.finding.currentIndexChanged.connect(self._filter)
        self.table.selectionModel().selectionChanged.connect(self._choose)
        self.table.activated.connect(lambda index: self.activated.emit(self._row(index)))
        self.why = QAction(self.table)
        self.why.triggered.connect(self.why_asked)
        self.table.addAction(self.why)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.retranslate()

    def _build(self) -> None:
        self.explanation.setContentsMargins(10, 6, 10, 8)
        self.explanation.setMinimumHeight(self.fontMetrics().height() * 2 + 16)
        self.explanation.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setMargin(20)
        head = QHBoxLayout()
        head.setContentsMargins(8, 6, 10, 6)
        head.addWidget(self.finding)
        head.addStretch(1)
        head.addWidget(self.count)
        full = QWidget()
        column = QVBoxLayout(full)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.table, 1)
        column.addWidget(self.explanation)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(full)

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        self.table.setAccessibleName(_("Conflicts"))
        self.why.setText(_("Why?"))
        self.finding.setAccessibleName(_("Show findings of one kind"))
        self.empty.setText(
            _("No conflicts to show yet. Choose the as-of date above and press Assess.")
        )
        self._fill_findings()
        self.model.headerDataChanged.emit(
            Qt.Orientation.Horizontal, 0, max(self.model.columnCount() - 1, 0)
        )
        self._tell()

    def show_conflicts(self, frame: gpd.GeoDataFrame | None, kind: Kind) -> None:
        """Show the conflicts of the last assessment; None where there was none."""
        self._kind = kind
        columns = [c for c in CONFLICT_COLUMNS if frame is not None and c in frame.columns]
        self.model.show(FrameView(frame, columns, kind) if frame is not None else None)
        self._stack.setCurrentIndex(int(frame is not None and len(frame) > 0))
        self._fill_findings()
        self._filter()
        fit_columns(self.table)

    def choose_rows(self, rows: Sequence[int]) -> None:
        """Select rows of the conflicts' frame; the first is brought into sight and explained."""
        view = self.model.shown
        if view is None:
            return
        if rows and not view.places_of(rows):
            self.finding.setCurrentIndex(0)
        chosen = QItemSelection()
        for place in view.places_of(rows):
            chosen.select(self.model.index(place, 0), self.model.index(place, 0))
        selection, flags = self.table.selectionModel(), QItemSelectionModel.SelectionFlag
        for place in view.places_of(rows[:1]):
            selection.setCurrentIndex(self.model.index(place, 0), flags.NoUpdate)
            self.table.scrollTo(self.model.index(place, 0))
        selection.select(chosen, flags.ClearAndSelect | flags.Rows)

    def _fill_findings(self) -> None:
        chosen = self.finding.currentData()
        self.finding.blockSignals(True)
        self.finding.clear()
        self.finding.addItem(_("All findings"), "")
        view = self.model.shown
        if view is not None and self._kind is not None:
            field = self._kind.fields["finding"]
            for code in sorted(set(view.frame["finding"]), key=list(field.codes).index):
                self.finding.addItem(code_text(field, code), code)
        self.finding.setCurrentIndex(max(self.finding.findData(chosen), 0))
        self.finding.blockSignals(False)

    def _filter(self) -> None:
        view = self.model.shown
        if view is None:
            return
        code = self.finding.currentData()
        self.model.beginResetModel()
        view.show_only("finding", [code] if code else [])
        self.model.endResetModel()
        self._tell()

    @property
    def current_row(self) -> int | None:
        """The row of the frame that is selected and current; None where there is none."""
        selection = self.table.selectionModel()
        index = selection.currentIndex()
        return self._row(index) if index.isValid() and selection.isSelected(index) else None

    @property
    def in_use(self) -> bool:
        """Whether the keyboard is in the table."""
        return self.table.hasFocus()

    def _row(self, index: Index) -> int:
        view = self.model.shown
        return int(view.rows[index.row()]) if view is not None else -1

    def _choose(self) -> None:
        self._tell()
        self.chosen.emit(self._chosen_rows())

    def _chosen_rows(self) -> list[int]:
        """Return the rows selected; by ranges, because Qt's own list of them is slow to make."""
        view, chosen = self.model.shown, self.table.selectionModel().selection()
        if view is None:
            return []
        ranges = (chosen.at(i) for i in range(chosen.count()))
        places = sorted({n for part in ranges for n in range(part.top(), part.bottom() + 1)})
        return [int(view.rows[place]) for place in places]

    def _tell(self) -> None:
        view = self.model.shown
        if view is None:
            return
        n = len(view.rows)
        self.count.setText(ngettext("{n} conflict", "{n} conflicts", n).format(n=number(n)))
        index = self.table.selectionModel().currentIndex()
        selected = index.isValid() and self.table.selectionModel().isSelected(index)
        hint = _("Choose a conflict to see it on the map; Enter goes there, F9 tells why in full.")
        self.explanation.setText(
            str(view.frame["explanation"].iloc[self._row(index)]) if selected else hint
        )
