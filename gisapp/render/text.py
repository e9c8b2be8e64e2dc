"""Writing text so that nothing of it is cut off: measured, wrapped, and elided only as told."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

INK = "#1f2933"
MUTED = "#52606d"
HAIRLINE = "#9aa5b1"

_WRAP = Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere
# `drawText` and `boundingRect` take an int of flags.
_FLAGS = int(Qt.AlignmentFlag.AlignLeft.value) | int(_WRAP.value)
_WITHOUT_END = 1e6


@dataclass(frozen=True)
class Hand:
    """A size and weight of writing."""

    size_mm: float
    bold: bool = False
    colour: str = INK

    def font(self, px_per_mm: float) -> QFont:
        """Return the font on a device of `px_per_mm`."""
        font = QFont()
        font.setPixelSize(max(1, round(self.size_mm * px_per_mm)))
        font.setWeight(QFont.Weight.DemiBold if self.bold else QFont.Weight.Normal)
        return font


class Writer:
    """Writes on one painter; lengths in its pixels."""

    def __init__(self, painter: QPainter, px_per_mm: float) -> None:
        self.painter = painter
        self.px_per_mm = px_per_mm

    def metrics(self, hand: Hand) -> QFontMetricsF:
        """Return the measures of `hand` on this device."""
        return QFontMetricsF(hand.font(self.px_per_mm), self.painter.device())

    def width(self, text: str, hand: Hand) -> float:
        """Return how wide one line of `text` is."""
        return self.metrics(hand).horizontalAdvance(text)

    def height(self, text: str, hand: Hand, width: float) -> float:
        """Return how high `text` is when wrapped to `width`; 0 for no text."""
        if not text:
            return 0.0
        room = QRectF(0, 0, width, _WITHOUT_END)
        return self.metrics(hand).boundingRect(room, _FLAGS, text).height()

    def write(self, text: str, hand: Hand, x: float, y: float, width: float) -> float:
        """Write `text` wrapped to `width` from `y` down; return where it ends."""
        height = self.height(text, hand, width)
        self._take(hand)
        # A whole pixel more, so that rounding never drops the last line.
        self.painter.drawText(QRectF(x, y, width, height + 1), _FLAGS, text)
        return y + height

    def write_line(self, text: str, hand: Hand, right: float, y: float) -> None:
        """Write one line that ends at `right`."""
        metrics = self.metrics(hand)
        self._take(hand)
        x = right - metrics.horizontalAdvance(text)
        self.painter.drawText(QRectF(x, y, right - x + 1, metrics.height()), 0, text)

    def shortened(self, text: str, hand: Hand, width: float, lines: int) -> str:
        """Return `text`, elided where it does not fit into `lines` lines of `width`."""
        metrics = self.metrics(hand)
        if self.height(text, hand, width) <= lines * metrics.lineSpacing() + 1:
            return text
        # Wrapping loses up to a word a line.
        return metrics.elidedText(text, Qt.TextElideMode.ElideRight, (lines - 0.3) * width)

    def _take(self, hand: Hand) -> None:
        self.painter.setFont(hand.font(self.px_per_mm))
        self.painter.setPen(QColor(hand.colour))
