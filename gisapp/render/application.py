"""What Qt needs before it can write a word: an application object and a font."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QGuiApplication

from gisapp.core.errors import GisappError
from gisapp.core.words import _

_FONT_PACKAGE = "font_source_sans_pro"
_FONT_FAMILY = "Source Sans Pro"
_FONT_FACES = ("Regular", "It", "Semibold", "Bold")


def drawing_application() -> QCoreApplication:
    """Return the running application, or make one that needs no display.

    The caller keeps the reference while it draws. Must be called on the main thread where none
    runs yet.

    Raises
    ------
    GisappError
        Where the machine has no font at all: every word would be an empty box.
    """
    application = QCoreApplication.instance()
    if application is None:
        platform = [] if "QT_QPA_PLATFORM" in os.environ else ["-platform", "offscreen"]
        application = QGuiApplication([sys.argv[0] or "gisapp", *platform])
    ensure_font()
    return application


def ensure_font() -> None:
    """Give Qt the packaged font where the machine has none, as on a bare server.

    Raises
    ------
    GisappError
        Where there is neither.
    """
    # On a machine without fonts Qt still lists families, but none of them has a face.
    if QFontInfo(QFont()).family():
        return
    package = importlib.util.find_spec(_FONT_PACKAGE)
    if package is None or package.origin is None:
        raise GisappError(
            _("This machine has no font, so no text can be drawn."),
            _("Install one, for example the system package fonts-dejavu-core."),
        )
    folder = Path(package.origin).parent / "files"
    for face in _FONT_FACES:
        QFontDatabase.addApplicationFont(str(folder / f"SourceSansPro-{face}.ttf"))
    QGuiApplication.setFont(QFont(_FONT_FAMILY))
