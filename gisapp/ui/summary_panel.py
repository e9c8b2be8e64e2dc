"""Who is affected: the key figures of the last assessment, and each admin area's share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QGridLayout,
    QHeaderView,
    QScrollArea,
    QStackedLayout,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.project import Project
from gisapp.core.words import _, number
from gisapp.ui.messages import plain_label
from gisapp.ui.summary import AreaRow, Figure, area_rows, figures, last_run

if TYPE_CHECKING:
    from collections.abc import Sequence

CARDS_A_ROW = 2
ROW_HEIGHT_PX = 24


class SummaryPanel(QWidget):
    """Shows the summary of a project's last assessment."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty = plain_label(name="quiet")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setMargin(20)
        self._cards = QGridLayout()
        self._cards.setSpacing(14)
        for column in range(CARDS_A_ROW):
            self._cards.setColumnStretch(column, 1)
        self._shown: list[QWidget] = []
        self.areas = QTableWidget()
        self.warnings = plain_label(name="quiet")
        self._project = Project()
        self._build()
        self.retranslate()

    def _build(self) -> None:
        table = self.areas
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.verticalHeader().setMinimumSectionSize(ROW_HEIGHT_PX)
        table.horizontalHeader().sectionResized.connect(self._fit_rows)
        table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QWidget()
        body.setObjectName("summaryBody")
        column = QVBoxLayout(body)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(14)
        column.addLayout(self._cards)
        column.addWidget(table)
        column.addWidget(self.warnings)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(scroll)

    def retranslate(self) -> None:
        """Take the words of the language in force."""
        self.setAccessibleName(_("Who is affected"))
        self.areas.setAccessibleName(_("Figures of each admin area"))
        self.empty.setText(_("Nothing assessed yet. Press Assess to see who is affected."))
        self.show_project(self._project)

    def show_project(self, project: Project) -> None:
        """Show the figures of a project's last assessment."""
        self._project = project
        run = last_run(project)
        self._stack.setCurrentIndex(int(run is not None))
        if run is not None:
            self._show_figures(figures(run.summary))
            self._show_areas(area_rows(run.summary))
            self.warnings.setText("\n".join(run.summary["warnings"]))

    def _show_figures(self, shown: Sequence[Figure]) -> None:
        for card in self._shown:
            card.hide()
            card.deleteLater()
        self._shown = [_card(figure) for figure in shown]
        for place, card in enumerate(self._shown):
            self._cards.addWidget(card, *divmod(place, CARDS_A_ROW))

    def _show_areas(self, rows: Sequence[AreaRow]) -> None:
        table = self.areas
        heads = (_("Area"), _("Businesses"), _("Restricted"), _("Families"), _("Affected"))
        table.setColumnCount(len(heads))
        table.setHorizontalHeaderLabels(heads)
        table.setRowCount(len(rows))
        for place, row in enumerate(rows):
            counts = (row.businesses, row.restricted, row.households, row.affected)
            for column, text in enumerate((row.name, *map(number, counts))):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if column:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                table.setItem(place, column, item)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        first = QTableWidgetItem(heads[0])
        first.setTextAlignment(left)
        table.setHorizontalHeaderItem(0, first)
        self._fit_rows()

    def _fit_rows(self) -> None:
        """Give each row the height that its area's name needs, and the table that of its rows."""
        self.areas.resizeRowsToContents()
        heights = (self.areas.rowHeight(row) for row in range(self.areas.rowCount()))
        self.areas.setFixedHeight(
            self.areas.horizontalHeader().sizeHint().height() + sum(heights) + 4
        )


def _card(figure: Figure) -> QWidget:
    card = QWidget()
    column = QVBoxLayout(card)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(1)
    column.addWidget(plain_label(figure.label, name="figureLabel"))
    column.addWidget(plain_label(figure.value, name="figure"))
    column.addWidget(plain_label(figure.note, name="quiet"))
    column.addStretch(1)
    card.setAccessibleName(f"{figure.label}: {figure.value} {figure.note}")
    return card
