"""The report: the same sections as a PDF with page numbers and as one HTML file."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QPainter,
    QPdfWriter,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextOption,
)

from gisapp.core.words import _, language, speaking
from gisapp.export import report_notes, report_parts
from gisapp.export.markup import Markup, heading, joined
from gisapp.export.paper import MM_PER_INCH, a4_pdf, content_of, open_buffer
from gisapp.export.report_pairs import contradictions
from gisapp.export.svg import draw_svg
from gisapp.io.atomic import replacing
from gisapp.render.application import drawing_application
from gisapp.render.geometry import total_bounds
from gisapp.render.sheet import paint_map
from gisapp.render.text import MUTED, Hand, Writer, unhinted

if TYPE_CHECKING:
    from pathlib import Path

    from gisapp.privacy.release import Release

_DPI = 300
_PX_PER_MM = _DPI / MM_PER_INCH
_MARGIN_MM = 18.0
_FOOT_MM = 8.0
_FOOT = Hand(2.4, colour=MUTED)
# A table that fills less of a page than this is not broken over two.
_SMALL_TABLE = 0.5
_BELOW_TABLE = 10.0  # in the text engine's own pixels, 96 an inch
_MAP_TITLE = Hand(4.6, bold=True)
_HTML_MAP_MM = (190.0, 230.0)
_NOWHERE = (0.0, 0.0, 1000.0, 1000.0)  # shown of a release without a place

# QTextDocument reads this subset of CSS; the browser reads it too.
_TYPE_CSS = """
body { font-size: 9.5pt; }
h1, h2, h3, p, li, th, td { color: #1f2933; }
h1 { font-size: 20pt; margin-top: 0; margin-bottom: 2pt; }
h2 { font-size: 13pt; margin-top: 14pt; margin-bottom: 4pt; }
h3 { font-size: 10.5pt; margin-top: 8pt; margin-bottom: 3pt; }
p, li { line-height: 135%; }
table { border-collapse: collapse; font-size: 8.5pt; margin-top: 2pt; }
th { font-weight: 600; }
th, td { border-bottom: 1px solid #cbd2d9; }
.subtitle, .remark { color: #52606d; }
.notice { background-color: #f0f4f8; }
"""
_PAGE_CSS = """
body { max-width: 190mm; margin: 2rem auto; padding: 0 1rem;
  font-family: system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; font-size: 1rem; }
table { font-size: 0.9rem; width: 100%; margin-bottom: 1rem; font-variant-numeric: tabular-nums; }
th, td { vertical-align: top; padding: 0.3rem 0.4rem; }
.text { min-width: 9rem; }
.notice { padding: 0.6rem 0.8rem; border-radius: 4px; }
figure { margin: 1rem 0; }
figure svg { width: 100%; height: auto; }
.wide { overflow-x: auto; }
@media print { h2, h3 { break-after: avoid; } tr, figure { break-inside: avoid; } }
"""


def write_report(release: Release, path: Path, lang: str) -> None:
    """Write the report in `lang`; `path` ends in .pdf or .html.

    Raises
    ------
    GisappError
        Where the machine has no font, or `path` cannot be written.
    """
    application = drawing_application()
    with speaking(lang):
        content = _pdf(release) if path.suffix.lower() == ".pdf" else _html(release)
        with replacing(path) as fresh:
            fresh.write_bytes(content)
    del application


def _before_map(release: Release) -> Markup:
    return joined([report_parts.front(release), report_parts.affected(release)])


def _after_map(release: Release) -> Markup:
    return joined(
        [
            report_parts.exposure(release),
            report_parts.conformity(release),
            report_parts.by_area(release),
            contradictions(release),
            report_parts.income(release),
            report_notes.not_assessed(release),
            report_notes.method(release),
            report_notes.sources(release),
        ]
    )


# -------------------------------------------------------------------------------------- HTML


def _html(release: Release) -> bytes:
    css = _TYPE_CSS + _PAGE_CSS
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    title = escape(release.title or _("Policy and livelihood"))
    page = f"""<!DOCTYPE html>
<html lang="{language()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{css}</style>
</head>
<body>
{_before_map(release).html}
{heading(_("Map")).html}
<figure>{_map_svg(release)}</figure>
{_after_map(release).html}
</body>
</html>
"""
    return page.encode()


def _map_svg(release: Release) -> str:
    """Return the map with its legend as an SVG element."""
    width_px, height_px = (round(mm * _PX_PER_MM) for mm in _HTML_MAP_MM)
    inset = _PX_PER_MM / 2  # half a millimetre, for the frame's own line
    box = QRectF(0, 0, width_px, height_px).adjusted(inset, inset, -inset, -inset)

    def draw(painter: QPainter) -> None:
        _paint_map(Writer(painter, _PX_PER_MM), release, box)

    svg = draw_svg(width_px, height_px, _PX_PER_MM, draw, _("Map"), release.title)
    return svg[svg.index("<svg") :]


def _paint_map(writer: Writer, release: Release, box: QRectF) -> None:
    bounds = total_bounds([layer.frame for layer in release.layers if layer.visible])
    paint_map(writer, release.layers, release.crs, bounds or _NOWHERE, box)


# --------------------------------------------------------------------------------------- PDF


def _pdf(release: Release) -> bytes:
    buffer = open_buffer()
    device = a4_pdf(buffer, release.title, release.risk_statement, _DPI)
    pages = _Pages(device, release)
    try:
        before, after = (
            pages.laid_out(markup) for markup in (_before_map(release), _after_map(release))
        )
        pages.total = before.pageCount() + 1 + after.pageCount()
        pages.paint_text(before)
        pages.paint_map()
        pages.paint_text(after)
    finally:
        pages.painter.end()  # Qt crashes where a device goes that is still painted on
    return content_of(buffer)


class _Pages:
    """Paints one page after the other, each with its foot."""

    def __init__(self, device: QPdfWriter, release: Release) -> None:
        self.device = device
        self.release = release
        self.painter = QPainter(device)
        self.writer = Writer(self.painter, _PX_PER_MM)
        margin = _MARGIN_MM * _PX_PER_MM
        self.body = QRectF(0, 0, device.width(), device.height()).adjusted(
            margin, margin, -margin, -margin - _FOOT_MM * _PX_PER_MM
        )
        self.done = 0
        self.total = 0

    def laid_out(self, markup: Markup) -> QTextDocument:
        """Return the markup set for this device, broken into pages of the body's size."""
        document = QTextDocument()
        document.documentLayout().setPaintDevice(self.device)
        document.setDocumentMargin(0)
        document.setDefaultFont(unhinted(QFont()))
        document.setDefaultStyleSheet(_TYPE_CSS)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WordWrap)  # columns as wide as their words
        document.setDefaultTextOption(option)
        document.setHtml(markup.html)
        _space_tables(document)
        document.setPageSize(QSizeF(self.body.width(), self.body.height()))
        _keep_together(document)
        return document

    def paint_text(self, document: QTextDocument) -> None:
        """Paint all pages of a laid-out document."""
        height = self.body.height()
        for page in range(document.pageCount()):
            self._begin()
            self.painter.save()
            self.painter.translate(self.body.left(), self.body.top() - page * height)
            context = QAbstractTextDocumentLayout.PaintContext()
            context.clip = QRectF(0, page * height, self.body.width(), height)
            self.painter.setClipRect(context.clip)
            document.documentLayout().draw(self.painter, context)
            self.painter.restore()

    def paint_map(self) -> None:
        """Paint the map with its legend on a page of its own."""
        self._begin()
        title = self.writer.write(
            _("Map"), _MAP_TITLE, self.body.left(), self.body.top(), self.body.width()
        )
        room = self.body.adjusted(0, title - self.body.top() + 3 * _PX_PER_MM, 0, 0)
        _paint_map(self.writer, self.release, room)

    def _begin(self) -> None:
        if self.done:
            self.device.newPage()
        self.done += 1
        y = self.body.bottom() + 4 * _PX_PER_MM
        number_text = _("Page {n} of {total}").format(n=self.done, total=self.total)
        room = self.body.width() - self.writer.width(number_text, _FOOT) - 4 * _PX_PER_MM
        title = self.writer.shortened(self.release.title, _FOOT, room, 1)
        self.writer.write(title, _FOOT, self.body.left(), y, room)
        self.writer.write_line(number_text, _FOOT, self.body.right(), y)


def _space_tables(document: QTextDocument) -> None:
    """Leave room below tables: the text engine reads no such margin from CSS."""
    for frame in document.rootFrame().childFrames():
        form = frame.frameFormat()
        form.setBottomMargin(_BELOW_TABLE)
        frame.setFrameFormat(form)


def _keep_together(document: QTextDocument) -> None:
    """Start a new page before what would else be torn from its heading, and before small tables."""
    block = document.begin()
    while block.isValid():
        if block.blockFormat().headingLevel() and _torn(document, block):
            form = block.blockFormat()
            form.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
            QTextCursor(block).setBlockFormat(form)
        block = block.next()


def _torn(document: QTextDocument, heading: QTextBlock) -> bool:
    """Whether what follows a heading would begin, or if it is a small table end, a page later."""
    layout, height = document.documentLayout(), document.pageSize().height()
    own = layout.blockBoundingRect(heading)
    page = own.top() // height
    if own.top() == 0 or page < own.bottom() // height:  # the engine moves it by itself
        return False
    following = heading.next()
    while following.isValid() and following.blockFormat().headingLevel():
        following = following.next()
    frame = document.frameAt(following.position())
    if frame == document.rootFrame():
        bottom = layout.blockBoundingRect(following).bottom()
    else:
        box = layout.frameBoundingRect(frame)
        small = box.height() < height * _SMALL_TABLE
        bottom = box.bottom() if small else layout.blockBoundingRect(following).bottom()
    return bool(page < bottom // height)
