"""Why a finding is what it is: the chain behind it, as a tree that can be marked and copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gisapp.analysis.chain import Chain, Step, as_text
from gisapp.core.words import _
from gisapp.ui.identify_panel import Wrapping, set_bold
from gisapp.ui.messages import plain_label

if TYPE_CHECKING:
    from collections.abc import Iterator

STEP = Qt.ItemDataRole.UserRole
NAME_WIDTH_PX = 300


class EvidenceWindow(QDialog):
    """Stands beside the main window, which stays usable.

    Signals
    -------
    mark_asked : geometries to be marked on the map and zoomed to
    again_asked : the chain is to be made anew, of the project as it is now
    """

    mark_asked = Signal(object)
    again_asked = Signal()

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.chain: Chain | None = None
        self.said = plain_label(name="heading")
        self.stale = plain_label(name="quiet")
        self.again, self.mark, self.copy_all = QPushButton(), QPushButton(), QPushButton()
        self.tree = QTreeWidget()
        self._build()
        self.again.clicked.connect(self.again_asked)
        self.mark.clicked.connect(self._mark)
        self.copy_all.clicked.connect(self._copy_all)
        self.tree.currentItemChanged.connect(self._choose)
        self.tree.itemActivated.connect(self._mark)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self.tree)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self._copy_current)
        self.retranslate()

    def show_chain(self, chain: Chain, about: tuple[str, str] | None = None) -> None:
        """Show a chain, unfolded to the steps that speak of `about` (a kind and an id)."""
        self.chain = chain
        self.setWindowTitle(_("Why: {title}").format(title=chain.title))
        self.said.setText("\n".join((chain.title, *chain.conclusions)))
        self.tree.clear()
        for step in chain.steps:
            _step_item(self.tree.invisibleRootItem(), step)
        self._unfold(about)
        self.set_stale(False)
        self.tree.setFocus()

    def set_stale(self, stale: bool) -> None:
        """Say that the project is another now than the chain was made of."""
        self.stale.setVisible(stale)
        self.again.setVisible(stale)

    def retranslate(self) -> None:
        """Take the words of the language in force; a chain is asked for anew."""
        self.setWindowTitle(_("Why?"))
        self.tree.setAccessibleName(_("The chain behind the finding"))
        self.stale.setText(_("The project has changed since this was worked out."))
        self.again.setText(_("Ask again"))
        self.mark.setText(_("Show on the map"))
        self.copy_all.setText(_("Copy as text"))

    def _build(self) -> None:
        self.tree.setColumnCount(2)
        self.tree.setHeaderHidden(True)
        self.tree.setWordWrap(True)
        self.tree.setIndentation(16)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setMaximumSectionSize(NAME_WIDTH_PX)
        self.tree.setItemDelegate(Wrapping(self.tree))
        renewing = QHBoxLayout()
        renewing.addWidget(self.stale, 1)
        renewing.addWidget(self.again)
        buttons = QHBoxLayout()
        buttons.addWidget(self.mark)
        buttons.addStretch(1)
        buttons.addWidget(self.copy_all)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addWidget(self.said)
        column.addLayout(renewing)
        column.addWidget(self.tree, 1)
        column.addLayout(buttons)
        for button in (self.again, self.mark, self.copy_all):
            button.setAutoDefault(False)  # Enter belongs to the tree
        self.resize(720, 680)

    def _items(self) -> Iterator[QTreeWidgetItem]:
        waiting = [self.tree.topLevelItem(n) for n in range(self.tree.topLevelItemCount())]
        while waiting:
            item = waiting.pop(0)
            if item is not None:
                yield item
                waiting[:0] = [item.child(n) for n in range(item.childCount())]

    def _unfold(self, about: tuple[str, str] | None) -> None:
        first = None
        for item in self._items():
            step = item.data(0, STEP)
            if about is not None and step is not None and step.about == about:
                first = first or item
                item.setExpanded(True)
                above = item.parent()
                while above is not None:
                    above.setExpanded(True)
                    above = above.parent()
        current = first or self.tree.topLevelItem(0)
        if current is not None:
            self.tree.setCurrentItem(current)

    def _step(self) -> Step | None:
        """Return the step of the current item: its own, or the one whose fact it is."""
        item: QTreeWidgetItem | None = self.tree.currentItem()
        while item is not None and item.data(0, STEP) is None:
            item = item.parent()
        return None if item is None else item.data(0, STEP)

    def _choose(self) -> None:
        step = self._step()
        self.mark.setEnabled(step is not None and step.geometry is not None)

    def _mark(self) -> None:
        step = self._step()
        if step is not None and step.geometry is not None:
            self.mark_asked.emit([step.geometry])

    def _copy_current(self) -> None:
        item = self.tree.currentItem()
        texts = [item.text(0), item.text(1)] if item is not None else []
        QGuiApplication.clipboard().setText(": ".join(x for x in texts if x))

    def _copy_all(self) -> None:
        if self.chain is not None:
            QGuiApplication.clipboard().setText(as_text(self.chain))


def _step_item(parent: QTreeWidgetItem, step: Step) -> None:
    item = QTreeWidgetItem(parent, [step.text])
    item.setData(0, STEP, step)
    item.setFirstColumnSpanned(True)
    set_bold(item)
    for fact in step.facts:
        below = QTreeWidgetItem(item, [fact.label, fact.text])
        below.setToolTip(1, fact.text)
        for column in (0, 1):
            below.setTextAlignment(column, Qt.AlignmentFlag.AlignTop)
    for inner in step.steps:
        _step_item(item, inner)
