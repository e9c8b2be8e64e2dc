"""The page that shows a style's colours as colour-blind people see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gisapp.core.words import _
from gisapp.render.vision import VISIONS, ink, simulated
from gisapp.ui.messages import plain_label
from gisapp.ui.style_form import SEEN_BY, vision_text
from gisapp.ui.style_widgets import scrolled, strip

if TYPE_CHECKING:
    from gisapp.core.style import Style
    from gisapp.render.legend import Nature

STRIP_PX, HEIGHT_PX = 440, 26
MOST_PAIRS = 30


class VisionPage(QWidget):
    """The colours of the rules in four visions, and the pairs that cannot be told apart."""

    def __init__(self, nature: Nature) -> None:
        super().__init__()
        self._nature = nature
        self._strips = {vision: QLabel() for vision in VISIONS}
        self.pairs = plain_label()
        parts: list[QWidget] = [
            plain_label(_("The colours of the rules, in their order, as seen by"), name="quiet")
        ]
        for vision, shown in self._strips.items():
            title = plain_label(_(SEEN_BY[vision]))
            shown.setAccessibleName(title.text())
            parts += [title, shown]
        heading = plain_label(_("What cannot be told apart"), name="heading")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scrolled(*parts, heading, self.pairs))

    def show_style(self, style: Style) -> None:
        """Show a style's colours."""
        inks = [ink(rule.symbol, self._nature, style.opacity) for rule in style.rules]
        for vision, shown in self._strips.items():
            colours = [simulated(x, vision) for x in inks]
            shown.setPixmap(strip(colours, STRIP_PX, HEIGHT_PX))
        self.pairs.setText(vision_text(style, self._nature, MOST_PAIRS))
