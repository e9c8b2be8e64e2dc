"""Asking for a passphrase: a new one to seal with, twice, or the one that opens."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.words import _
from gisapp.ui.messages import plain_label
from gisapp.ui.passphrase_form import verdict

WIDTH_PX = 480


class _PassphraseDialog(QDialog):
    """What both dialogs share: a hidden field, a way to look at it, a line that says how it is."""

    def __init__(self, title: str, explanation: str, agree: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(WIDTH_PX)
        self.passphrase = self._hidden_field()
        self.shown = QCheckBox(_("&Show what is typed"))
        self.shown.toggled.connect(self._show)
        self.state = plain_label(name="quiet")
        self.form = QFormLayout()
        self.form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.agree = self.buttons.addButton(agree, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setText(_("Cancel"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(plain_label(title.rstrip("…"), name="heading"))
        column.addWidget(plain_label(explanation, name="quiet"))
        column.addLayout(self.form)
        column.addWidget(self.state)
        column.addStretch(1)
        column.addWidget(self.buttons)

    def done(self, result: int) -> None:
        """Close; the fields are emptied once whoever listens has read them."""
        super().done(result)
        for field in self.findChildren(QLineEdit):
            field.clear()

    def _hidden_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setEchoMode(QLineEdit.EchoMode.Password)
        field.textChanged.connect(self._judge)
        return field

    def _show(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        for field in self._hidden():
            field.setEchoMode(mode)

    def _hidden(self) -> tuple[QLineEdit, ...]:
        return (self.passphrase,)

    def _judge(self) -> None:
        self.agree.setEnabled(bool(self.passphrase.text()))


class SealDialog(_PassphraseDialog):
    """Asks for a new passphrase and for who gets the file."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(
            _("Seal {name} for transport").format(name=name),
            _(
                "Everything in the project is sealed, exact places and its secret among it. "
                "Whoever has the file and the passphrase can open it: send the passphrase by "
                "another way. Without it nobody can, and it cannot be recovered."
            ),
            _("Seal…"),
            parent,
        )
        self.again = self._hidden_field()
        self.recipient = QLineEdit()
        self.recipient.setPlaceholderText(_("Who gets it, for the ledger"))
        self.form.addRow(_("&Recipient"), self.recipient)
        self.form.addRow(_("&Passphrase"), self.passphrase)
        self.form.addRow(_("The same &again"), self.again)
        self.form.addRow("", self.shown)
        self._judge()
        self.passphrase.setFocus()

    def _hidden(self) -> tuple[QLineEdit, ...]:
        return (self.passphrase, self.again)

    def _judge(self) -> None:
        said = verdict(self.passphrase.text(), self.again.text())
        self.agree.setEnabled(said.will_do)
        self.state.setText(said.words)


class UnsealDialog(_PassphraseDialog):
    """Asks for the passphrase that opens a file; `problem` is why it is asked again."""

    def __init__(self, name: str, problem: str = "", parent: QWidget | None = None) -> None:
        super().__init__(
            _("Open {name}").format(name=name),
            _("It was sealed with a passphrase, which its sender told you."),
            _("Open"),
            parent,
        )
        self.form.addRow(_("&Passphrase"), self.passphrase)
        self.form.addRow("", self.shown)
        self.state.setText(problem)
        self._judge()
        self.passphrase.setFocus()
