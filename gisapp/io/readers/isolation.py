"""Foreign files under plain names in a folder of our own.

GDAL reads ``!``, ``;`` and newlines in names as something else, writes side files next to what
it opens and takes up those that lie there.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def link(source: Path, target: Path) -> Path:
    """Make `source` readable as `target`: by a link where the system allows, else by a copy."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.symlink_to(source)
    except OSError:  # Windows, without the right to make links
        shutil.copyfile(source, target)
    return target
