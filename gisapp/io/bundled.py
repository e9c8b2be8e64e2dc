"""Where the data that ships with the program lies."""

from pathlib import Path
from typing import Literal

_PACKAGE = Path(__file__).parents[1]


def bundled(folder: Literal["layers", "styles"]) -> Path:
    """Return the folder of bundled data: in the package where installed, else in the checkout.

    The wheel and the PyInstaller folder carry both folders inside the package as
    ``gisapp/bundled``; an editable checkout has them beside it.
    """
    installed = _PACKAGE / "bundled" / folder
    return installed if installed.is_dir() else _PACKAGE.parent / folder
