"""Opening the style editor, showing what it says on the map, and keeping it or going back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gisapp.core.errors import GisappError
from gisapp.core.words import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTreeWidgetItem

    from gisapp.core.layer import Layer
    from gisapp.core.project import Project
    from gisapp.core.style import Style
    from gisapp.ui.jobs import Jobs
    from gisapp.ui.main_window import MainWindow
    from gisapp.ui.style_editor import StyleEditor

# What imports pandas is imported when an editor is opened: the window is shown before.

BESIDE_PX, BELOW_PX = 24, 96


class Styling:
    """The one style editor of a window, and the preview that it lays over the project.

    Parameters
    ----------
    jobs : Jobs
        Where the editor counts and makes classes.
    """

    def __init__(self, window: MainWindow, jobs: Jobs) -> None:
        self._window, self._jobs = window, jobs
        self._preview: Style | None = None
        self._styled: tuple[Project, Project] | None = None  # as it is, and as it is previewed
        self._layer: Layer | None = None
        self.editor: StyleEditor | None = None

    def open_current(self) -> None:
        """Edit the style of the layer that is chosen in the panel."""
        if self._window.layers.current:
            self.open(self._window.layers.current)

    def open_entry(self, item: QTreeWidgetItem, _column: int = 0) -> None:
        """Edit the rule whose legend entry was double-clicked."""
        parent = item.parent()
        if parent is not None and self._window.layers.current:
            self.open(self._window.layers.current, parent.indexOfChild(item))

    def open(self, name: str, rule: int = 0) -> None:
        """Edit the style of the layer called `name`, beginning with one of its rules.

        Another layer's style that is being edited is decided about first.
        """
        from gisapp.ui.style_editor import StyleEditor

        window = self._window
        if self.editor is None:
            recent = window.settings.recent
            folder = recent[0].parent if recent else Path.home()
            self._layer = window.project.layer(name)
            self.editor = StyleEditor(self._layer, self._jobs, folder, window)
            self.editor.previewed.connect(self._show)
            self.editor.applied.connect(self._keep)
            self.editor.finished.connect(self._forget)
            self._place(self.editor)
        if self.editor.layer_name == name:
            self.editor.choose_rule(rule)
        else:
            window.messages.tell(
                _("The style of another layer is being edited."),
                _("Choose OK or Cancel there first."),
            )
        self.editor.show()
        self.editor.raise_()
        self.editor.activateWindow()

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
        if self.editor is None:
            return
        name, style, rule = self.editor.layer_name, self.editor.held, self.editor.rules.current
        self.close()
        self.open(name, rule)
        self.editor.show_style(style)

    def _show(self, style: Style) -> None:
        """Lay a style over the project; the layer's own one takes the preview away."""
        is_own = self._layer is not None and style == self._layer.style
        preview = None if is_own else style
        if preview != self._preview:
            self._preview, self._styled = preview, None
            self._window.show_layers_anew()

    def _keep(self, style: Style) -> None:
        """Make a style the layer's: one step to undo."""
        from gisapp.render.legend import title_of
        from gisapp.session.edits import restyle_layer

        layer = self._layer
        if layer is None or style == layer.style:
            return
        self._preview = self._styled = None
        text = _("style {layer}").format(layer=title_of(layer))
        try:
            self._window.session.apply(restyle_layer(layer.name, style), text)
        except GisappError as error:
            self._window.tell_error(error)

    def _forget(self, _result: int) -> None:
        """Show the project as it is: what was not kept is gone."""
        if self.editor is not None:
            self.editor.deleteLater()
        was_previewed = self._preview is not None
        self.editor = self._preview = self._styled = self._layer = None
        if was_previewed:
            self._window.show_layers_anew()

    def _place(self, editor: StyleEditor) -> None:
        """Put the editor over the right side of the window, so that the map stays in view."""
        window = self._window.geometry()
        screen = self._window.screen().availableGeometry()
        height = min(editor.height(), screen.height() - 2 * BESIDE_PX)
        editor.resize(editor.width(), height)
        left = min(window.right() - editor.width() - BESIDE_PX, screen.right() - editor.width())
        top = min(window.top() + BELOW_PX, screen.bottom() - height)
        editor.move(max(left, screen.left()), max(top, screen.top()))
