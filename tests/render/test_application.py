import os
import subprocess
import sys
from pathlib import Path

import pytest

NO_FONTS = (
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
    "<fontconfig><dir>{folder}/none</dir><cachedir>{folder}/cache</cachedir></fontconfig>"
)
ASK = """
from gisapp.core.errors import GisappError
from gisapp.render.application import drawing_application
try:
    application = drawing_application()
except GisappError as error:
    print("refused:", error.remedy)
else:
    from PySide6.QtGui import QFont, QFontInfo
    print("written in", QFontInfo(QFont()).family())
"""


def answer(environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_no_display_is_needed() -> None:
    bare = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "QT_QPA_PLATFORM")}
    assert answer(bare).startswith("written in ")


@pytest.mark.skipif(sys.platform != "linux", reason="fonts come through fontconfig on Linux only")
def test_a_machine_without_fonts_never_writes_empty_boxes(tmp_path: Path) -> None:
    (tmp_path / "fonts.conf").write_text(NO_FONTS.format(folder=tmp_path))
    said = answer({**os.environ, "FONTCONFIG_FILE": str(tmp_path / "fonts.conf")})
    assert said == "written in Source Sans Pro" or said.startswith("refused: Install")
