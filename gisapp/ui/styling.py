"""The one style editor of a window, and the preview that it lays over the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gisapp.ui.jobs import Jobs

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from gisapp.core.layer import Layer
    from gisapp.core.project import Project
    from gisapp.core.style import Style
    from gisapp.ui.style_editor import StyleEditor

# What imports pandas is imported when an editor is opened: the window is shown before.

BESIDE_PX, BELOW_PX = 24, 96


class Styling(QObject):
    """Opens the style editor and knows what it previews.

    Parameters
    ----------
    window : QWidget
        Beside what the editor is shown.
    jobs : Jobs
        Where the editor counts and makes classes.

    Signals
    -------
    previewed : `styled` returns something else
    kept : a layer's name and the style that it shall have
    """

    previewed = Signal()
    kept = Signal(str, object)

    def __init__(self, window: QWidget, jobs: Jobs) -> None:
        super().__init__(window)
        self._window, self._jobs = window, jobs
        self.preparing = Jobs(parent=self)
        self._preview: Style | None = None
        self._styled: tuple[Project, Project] | None = None  # as it is, and as it is previewed
        self._layer: Layer | None = None
        self.editor: StyleEditor | None = None

    def open(self, layer: Layer, rule: int, folder: Path) -> bool:
        """Edit the style of a layer, beginning with one of its rules.

        Returns
        -------
        bool
            Whether that is so: the style of another layer that is being edited is shown instead,
            to be decided about first.
        """
        from gisapp.ui.style_editor import StyleEditor

        if self.editor is None:
            self._layer = layer
            self.editor = StyleEditor(layer, self._jobs, self.preparing, folder, self._window)
            self.editor.previewed.connect(self._show)
            self.editor.applied.connect(self._keep)
            self.editor.finished.connect(self._forget)
            self._place(self.editor)
        is_its = self.editor.layer_name == layer.name
        if is_its:
            self.editor.choose_rule(rule)
        self.editor.show()
        self.editor.raise_()
        self.editor.activateWindow()
        return is_its

    def styled(self, project: Project) -> Project:
        """Return the project as the map shows it while a style is edited."""
        if self.editor is None or self._preview is None:
            return project
        if self._styled is None or self._styled[0] is not project:
            from gisapp.session.edits import restyle_layer

            preview = restyle_layer(self.editor.layer_name, self._preview)(project)
            self._styled = project, preview
        return self._styled[1]

    def follow(self, project: Project) -> None:
        """Take note that the project is another one: undone, assessed anew, without the layer."""
        if self.editor is None:
            return
        layer = next((x for x in project.layers if x.name == self.editor.layer_name), None)
        if layer is None:
            self.editor.reject()
        elif layer is not self._layer:
            self._layer = layer
            self.editor.show_layer(layer)

    def close(self) -> None:
        """Leave the editor without keeping anything."""
        if self.editor is not None:
            self.editor.reject()

    def retranslate(self) -> None:
        """Open the editor anew in the language in force, with the style that it holds."""
        if self.editor is None or self._layer is None:
            return
        layer, was = self._layer, self.editor
        self.close()
        self.open(layer, was.rules.current, was.folder)
        self.editor.show_style(was.held)

    def _show(self, style: Style) -> None:
        """Lay a style over the project; the layer's own one takes the preview away."""
        is_own = self._layer is not None and style == self._layer.style
        preview = None if is_own else style
        if preview != self._preview:
            self._preview, self._styled = preview, None
            self.previewed.emit()

    def _keep(self, style: Style) -> None:
        """Have a style made the layer's, where it is another one."""
        layer = self._layer
        if layer is not None and style != layer.style:
            self._preview = self._styled = None
            self.kept.emit(layer.name, style)

    def _forget(self, _result: int) -> None:
        """Show the project as it is: what was not kept is gone."""
        if self.editor is not None:
            self.editor.deleteLater()
        was_previewed = self._preview is not None
        self.editor = self._preview = self._styled = self._layer = None
        if was_previewed:
            self.previewed.emit()

    def _place(self, editor: StyleEditor) -> None:
        """Put the editor over the right side of the window, so that the map stays in view."""
        window = self._window.geometry()
        screen = self._window.screen().availableGeometry()
        height = min(editor.height(), screen.height() - 2 * BESIDE_PX)
        editor.resize(editor.width(), height)
        left = min(window.right() - editor.width() - BESIDE_PX, screen.right() - editor.width())
        top = min(window.top() + BELOW_PX, screen.bottom() - height)
        editor.move(max(left, screen.left()), max(top, screen.top()))
