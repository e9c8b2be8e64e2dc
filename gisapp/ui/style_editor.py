"""The style editor: rules, classes, the whole layer, names, colour vision; the map shows it live.

It holds a style and tells it: whoever opened it previews it, keeps it or goes back.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFrame,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.render.breaks import is_prepared, prepare
from gisapp.render.classes import classing
from gisapp.render.legend import title_of
from gisapp.ui.messages import plain_label
from gisapp.ui.style_classes import ClassesPage
from gisapp.ui.style_form import (
    bundled_style,
    columns_of,
    lacking_text,
    nature_of_layer,
    problem_of,
    read_style,
    rule_counts,
    sampled_text,
    taken_over,
    vision_text,
    write_style,
)
from gisapp.ui.style_layer import LayerPage, NamesPage
from gisapp.ui.style_rules import RulesPage
from gisapp.ui.style_vision import VisionPage
from gisapp.ui.style_widgets import ColourField

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import SignalInstance

    from gisapp.core.layer import Layer
    from gisapp.core.style import Classes, Style
    from gisapp.render.classes import Classing
    from gisapp.ui.jobs import Job, Jobs

PREVIEW_AFTER_MS = 60


class StyleEditor(QDialog):
    """Edits the style of one layer, beside the window, which stays usable.

    Parameters
    ----------
    layer : Layer
        Its style is what editing begins with.
    jobs : Jobs
        For counting and for making classes, off the GUI thread.
    preparing : Jobs
        For the imports that classes of numbers need, which hold nothing else up.
    folder : Path
        Where style files are looked for first.

    Signals
    -------
    previewed : the style, a moment after it was changed; only ever one that can be drawn
    applied : the style, which the user wants kept
    """

    previewed = Signal(object)
    applied = Signal(object)

    def __init__(
        self, layer: Layer, jobs: Jobs, preparing: Jobs, folder: Path, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self._layer, self._jobs, self.folder = layer, jobs, folder
        self._preparing = preparing
        self._preparation: Job[None] | None = None
        self._wished: Classes | None = None  # to be made when all is prepared
        self._style = layer.style
        self._counting: Job[tuple[int, ...]] | None = None
        self._classing: Job[Classing] | None = None
        nature, columns = nature_of_layer(layer), columns_of(layer)
        self._nature = nature
        self.rules = RulesPage(layer.frame, columns, nature)
        self.classes = ClassesPage(columns, nature)
        self.layer = LayerPage(columns, nature)
        self.names = NamesPage(columns, nature)
        self.vision = VisionPage(nature)
        self.hidden = plain_label(_("The layer is hidden on the map."), name="quiet")
        self.seen = plain_label(name="quiet")
        self.problem = plain_label(name="styleProblem")
        self.pages = QTabWidget()
        self._soon = QTimer(self, singleShot=True, interval=PREVIEW_AFTER_MS)
        self._soon.timeout.connect(self._preview)
        self._build()
        self._connect()
        self.show_style(layer.style)

    @property
    def held(self) -> Style:
        """The style as it is now."""
        return self._style

    @property
    def layer_name(self) -> str:
        """The name of the layer whose style it is."""
        return self._layer.name

    def _build(self) -> None:
        self.setWindowTitle(_("Style of {layer}").format(layer=title_of(self._layer)))
        self.resize(560, 760)
        self.pages.setDocumentMode(True)
        for page, title in (
            (self.rules, _("Rules")),
            (self.classes, _("Classes")),
            (self.layer, _("Layer")),
            (self.names, _("Names")),
            (self.vision, _("Colour vision")),
        ):
            self.pages.addTab(page, title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(8)
        column.addWidget(self.pages, 1)
        foot = QFrame()
        below = QVBoxLayout(foot)
        below.setContentsMargins(14, 4, 14, 0)
        for part in (self.hidden, self.seen, self.problem, self._files(), self._decisions()):
            below.addWidget(part)
        column.addWidget(foot)
        self.problem.hide()
        self.hidden.setVisible(not self._layer.visible)

    def _files(self) -> QDialogButtonBox:
        box = QDialogButtonBox()
        role = QDialogButtonBox.ButtonRole.ResetRole
        for text, act in (
            (_("Import…"), self._import),
            (_("Export…"), self._export),
            (_("Back to the program's style"), self._reset),
        ):
            self._button(box, text, role, act)
        return box

    def _decisions(self) -> QDialogButtonBox:
        box = QDialogButtonBox()
        roles = QDialogButtonBox.ButtonRole
        self.ok = self._button(box, _("OK"), roles.AcceptRole, self._finish)
        self._button(box, _("Cancel"), roles.RejectRole, self.reject)
        self.apply = self._button(box, _("Apply"), roles.ApplyRole, self._apply)
        return box

    def _button(
        self,
        box: QDialogButtonBox,
        text: str,
        role: QDialogButtonBox.ButtonRole,
        act: Callable[[], object],
    ) -> QPushButton:
        button = box.addButton(text, role)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _checked=False: act())
        return button

    def _connect(self) -> None:
        edited: tuple[SignalInstance, ...] = (
            self.rules.edited,
            self.layer.edited,
            self.names.edited,
        )
        for signal in edited:
            signal.connect(self._take)
        self.rules.refused.connect(self._refuse)
        for field in self.findChildren(ColourField):
            field.judged.connect(lambda: self._refuse(self._problem()))
        self.classes.refused.connect(self._tell)
        self.classes.asked.connect(self._make_classes)
        self.pages.currentChanged.connect(self._turn_to)

    def choose_rule(self, at: int) -> None:
        """Show the rule in the place `at`."""
        self.pages.setCurrentWidget(self.rules)
        self.rules.show_style(self._style, at)
        self._count()

    def show_style(self, style: Style) -> None:
        """Show another style on every page; it is previewed where it is not the layer's own."""
        self.rules.show_style(style, self.rules.current)
        self.layer.show_style(style)
        self.names.show_style(style)
        self._take(style)
        self.classes.show_style(style)

    def show_layer(self, layer: Layer) -> None:
        """Take over a layer that was changed elsewhere: by undo, or by another assessment."""
        self._layer = layer
        self.hidden.setVisible(not layer.visible)
        if layer.style != self._style:
            self.show_style(layer.style)

    def _take(self, style: Style) -> None:
        """Hold a style that a page has edited; every page knows it from now on."""
        self._style = style
        for page in (self.rules, self.layer, self.names):
            page.hold(style)
        self.vision.show_style(style)
        self.seen.setText(vision_text(style, self._nature))
        self._refuse(self._problem())
        self._soon.start()

    def _problem(self) -> GisappError | None:
        """Return why the style cannot be kept as it is, a half-typed colour included."""
        half = (x.problem for x in self.findChildren(ColourField))
        return problem_of(self._style) or next((x for x in half if x is not None), None)

    def _tell(self, error: GisappError | None) -> None:
        """Say what could not be done, or what of the style on show draws nothing here."""
        lacking = lacking_text(self._style, self._layer)
        text = f"{error.message} {error.remedy}" if error else lacking
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def _refuse(self, error: GisappError | None) -> None:
        """Say why the style on show cannot be used, or that it can."""
        self._tell(error)
        for button in (self.ok, self.apply):
            button.setEnabled(error is None)

    def _preview(self) -> None:
        lacks_rules = self._style.classes is not None and not self._style.rules
        if problem_of(self._style) is None and not lacks_rules:
            self.previewed.emit(self._style)
            self._count()

    def _count(self) -> None:
        if self._counting is not None:
            self._jobs.cancel(self._counting)
        frame, style = self._layer.frame, self._style
        self._counting = self._jobs.start(
            lambda _progress: rule_counts(frame, style),
            title=_("Counting for the style"),
            done=self._show_counts,
        )

    def _show_counts(self, counts: tuple[int, ...]) -> None:
        self.rules.show_counts(counts)
        self.classes.show_counts(counts)

    def _turn_to(self, page: int) -> None:
        if page == self.pages.indexOf(self.classes):
            self._prepare()

    def _prepare(self) -> None:
        """Import what classes of numbers need while the user still chooses how to make them."""
        if is_prepared() or self._preparation is not None:
            return
        self.classes.tell(_("Preparing to make classes; this takes some seconds the first time."))
        self._preparation = self._preparing.start(
            lambda _progress: prepare(),
            title=_("Preparing to make classes"),
            done=self._be_prepared,
            failed=self._fail_preparing,
        )

    def _be_prepared(self, _nothing: None) -> None:
        self._preparation = None
        self.classes.tell("")
        if self._wished is not None:
            self._make_classes(self._wished)

    def _fail_preparing(self, error: Exception) -> None:
        self._preparation = self._wished = None
        self._fail_classes(error)

    def _make_classes(self, classes: Classes) -> None:
        if self._classing is not None:
            self._jobs.cancel(self._classing)
        self._refuse(self._problem())
        must_wait = classes.scheme not in ("categories", "given") and not is_prepared()
        self._wished = classes if must_wait else None
        if must_wait:
            self._prepare()
            return
        frame, style = self._layer.frame, replace(self._style, classes=classes)
        field = next((x.field for x in columns_of(self._layer) if x.name == classes.column), None)
        self.classes.tell(_("Making classes…"))
        self._classing = self._jobs.start(
            lambda _progress: classing(style, frame, field),
            title=_("Making classes"),
            done=self._take_classes,
            failed=self._fail_classes,
        )

    def _take_classes(self, made: Classing) -> None:
        self.classes.tell(sampled_text(made.sampled, len(self._layer.frame)))
        self.show_style(made.style)

    def _fail_classes(self, error: Exception) -> None:
        self.classes.tell("")
        if isinstance(error, GisappError):
            self._tell(error)
        else:
            self._jobs.failed.emit(error)

    def _import(self) -> None:
        path = ask_style(self, self.folder)
        if path is None:
            return
        try:
            style = taken_over(read_style(path), self._layer)
        except GisappError as error:
            self._tell(error)
            return
        self.show_style(style)
        if style.classes is not None and not style.rules:
            self._make_classes(style.classes)

    def _export(self) -> None:
        problem = problem_of(self._style)
        if problem is not None:  # a file that could not be read again
            self._tell(problem)
            return
        path = ask_save_style(self, self.folder, self._style.name)
        if path is None:
            return
        try:
            write_style(self._style, path)
        except GisappError as error:
            self._tell(error)

    def _reset(self) -> None:
        self.show_style(taken_over(bundled_style(self._layer), self._layer))

    def _apply(self) -> None:
        self._soon.stop()
        self.applied.emit(self._style)

    def _finish(self) -> None:
        self._apply()
        self.accept()

    def done(self, result: int) -> None:
        """Close; what is under way is worth nothing then."""
        self._soon.stop()
        for jobs, job in (
            (self._jobs, self._counting),
            (self._jobs, self._classing),
            (self._preparing, self._preparation),
        ):
            if job is not None:
                jobs.cancel(job)
        super().done(result)


def ask_style(parent: QWidget, folder: Path) -> Path | None:
    """Ask for a style file to read."""
    name, _kind = QFileDialog.getOpenFileName(
        parent, _("Import a style"), str(folder), _("Styles (*.toml)")
    )
    return Path(name) if name else None


def ask_save_style(parent: QWidget, folder: Path, name: str) -> Path | None:
    """Ask where to write a style."""
    start = str(folder / f"{name}.toml")
    chosen, _kind = QFileDialog.getSaveFileName(
        parent, _("Export the style"), start, _("Styles (*.toml)")
    )
    path = Path(chosen)
    return (path if path.suffix else path.with_suffix(".toml")) if chosen else None
