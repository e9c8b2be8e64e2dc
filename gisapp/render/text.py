"""Writing text so that nothing of it is cut off: measured, wrapped, and elided only as told."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption

INK = "#1f2933"
MUTED = "#52606d"
HAIRLINE = "#9aa5b1"


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
        return unhinted(font)


def unhinted(font: QFont) -> QFont:
    """Return `font` with its true widths; rounded to pixels, words in a PDF fall apart."""
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
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

    def lines(self, text: str, hand: Hand, width: float) -> list[str]:
        """Return `text` wrapped to `width`: between words, inside one only where it is too long."""
        lines = []
        for paragraph in text.splitlines():
            layout = QTextLayout(paragraph, hand.font(self.px_per_mm), self.painter.device())
            option = QTextOption()
            option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
            layout.setTextOption(option)
            layout.beginLayout()
            while (line := layout.createLine()).isValid():
                line.setLineWidth(width)
                # Qt counts UTF-16 units; a character beyond them would shift Python's.
                start, stop = line.textStart(), line.textStart() + line.textLength()
                units = paragraph.encode("utf-16-le")[2 * start : 2 * stop]
                lines.append(units.decode("utf-16-le").rstrip())
            layout.endLayout()
        return lines

    def height(self, text: str, hand: Hand, width: float) -> float:
        """Return how high `text` is when wrapped to `width`; 0 for no text."""
        return len(self.lines(text, hand, width)) * self.metrics(hand).lineSpacing()

    def write(self, text: str, hand: Hand, x: float, y: float, width: float) -> float:
        """Write `text` wrapped to `width` from `y` down; return where it ends."""
        metrics = self.metrics(hand)
        self._take(hand)
        for line in self.lines(text, hand, width):
            self.painter.drawText(QPointF(x, y + metrics.ascent()), line)
            y += metrics.lineSpacing()
        return y

    def write_line(self, text: str, hand: Hand, right: float, y: float) -> None:
        """Write one line that ends at `right`."""
        metrics = self.metrics(hand)
        self._take(hand)
        x = right - metrics.horizontalAdvance(text)
        self.painter.drawText(QPointF(x, y + metrics.ascent()), text)

    def shortened(self, text: str, hand: Hand, width: float, most_lines: int) -> str:
        """Return `text`, elided where it does not fit into `most_lines` lines of `width`."""
        lines = self.lines(text, hand, width)
        if len(lines) <= most_lines:
            return text
        kept, last = lines[: most_lines - 1], " ".join(lines[most_lines - 1 :])
        elide = Qt.TextElideMode.ElideRight
        return "\n".join([*kept, self.metrics(hand).elidedText(last, elide, width)])

    def _take(self, hand: Hand) -> None:
        self.painter.setFont(hand.font(self.px_per_mm))
        self.painter.setPen(QColor(hand.colour))
