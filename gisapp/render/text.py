"""Writing text so that nothing of it is cut off: measured, wrapped, and elided only as told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QTextLayout, QTextOption

INK = "#1f2933"
MUTED = "#52606d"
HAIRLINE = "#9aa5b1"
_LIGATURES = QFont.Tag("liga")


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
    """Return `font` with its true widths and a sign a letter.

    Rounded to pixels, words in a PDF fall apart; written as one sign, "ffi" is not found in it.
    """
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setFeature(_LIGATURES, 0)
    return font


@contextmanager
def measuring(px_per_mm: float) -> Iterator[Writer]:
    """Give a writer that only measures: no two devices of one resolution differ in widths."""
    device = QImage(1, 1, QImage.Format.Format_RGB32)
    painter = QPainter(device)
    try:
        yield Writer(painter, px_per_mm)
    finally:
        painter.end()


class Writer:
    """Writes on one painter; lengths in its pixels."""

    def __init__(self, painter: QPainter, px_per_mm: float) -> None:
        self.painter = painter
        self.px_per_mm = px_per_mm
        # A page's lines are measured many times until they have found their places.
        self._metrics: dict[Hand, QFontMetricsF] = {}
        self._wrapped: dict[tuple[str, Hand, float], list[str]] = {}

    def metrics(self, hand: Hand) -> QFontMetricsF:
        """Return the measures of `hand` on this device."""
        if hand not in self._metrics:
            font = hand.font(self.px_per_mm)
            self._metrics[hand] = QFontMetricsF(font, self.painter.device())
        return self._metrics[hand]

    def width(self, text: str, hand: Hand) -> float:
        """Return how wide one line of `text` is."""
        return self.metrics(hand).horizontalAdvance(text)

    def lines(self, text: str, hand: Hand, width: float) -> list[str]:
        """Return `text` wrapped to `width`: between words, inside one only where it is too long."""
        key = (text, hand, width)
        if key not in self._wrapped:
            self._wrapped[key] = self._wrap(text, hand, width)
        return self._wrapped[key]

    def _wrap(self, text: str, hand: Hand, width: float) -> list[str]:
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
