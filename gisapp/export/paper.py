"""What the exports that Qt draws share: a buffer to write to, pages of a PDF."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QSizeF
from PySide6.QtGui import QPageSize, QPdfWriter

from gisapp.render.layout import PAPERS_MM

MM_PER_INCH = 25.4

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmp:CreatorTool="gisapp"><dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""


def open_buffer() -> QBuffer:
    """Return a buffer in memory, open for writing."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer


def content_of(buffer: QBuffer) -> bytes:
    """Return what was written to a buffer."""
    return bytes(buffer.data().data())


class PdfPages(QPdfWriter):
    """A PDF whose pages may differ in size; none has margins."""

    def size(self, size_mm: tuple[float, float]) -> None:
        """Set the width and height of the page that begins next."""
        size = QSizeF(*size_mm)
        match = QPageSize.SizeMatchPolicy.ExactMatch
        self.setPageSize(QPageSize(size, QPageSize.Unit.Millimeter, "", match))
        self.setPageMargins(QMarginsF(0, 0, 0, 0))

    def turn(self, size_mm: tuple[float, float]) -> None:
        """Begin a page of that size."""
        self.size(size_mm)
        self.newPage()


def pdf(
    buffer: QBuffer, title: str, subject: str, dpi: int, size_mm: tuple[float, float]
) -> PdfPages:
    """Return a PDF written to `buffer`.

    Parameters
    ----------
    title, subject : str
        What a reader's program shows of it; plain text.
    size_mm : tuple of float
        Width and height of the first page.
    """
    writer = PdfPages(buffer)
    writer.setResolution(dpi)
    writer.size(size_mm)
    writer.setTitle(title)
    writer.setCreator("gisapp")
    xmp = _XMP.format(title=_plain(title), subject=_plain(subject))
    writer.setDocumentXmpMetadata(xmp.encode())
    return writer


def a4_pdf(buffer: QBuffer, title: str, subject: str, dpi: int) -> PdfPages:
    """Return a PDF of upright A4 pages, written to `buffer`."""
    return pdf(buffer, title, subject, dpi, PAPERS_MM["a4"])


def _plain(text: str) -> str:
    """Return text that XML can hold."""
    return escape("".join(c if c.isprintable() else " " for c in text))
