"""What an assessment leaves in its record, so that it can be shown to come out the same again."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pyproj
import shapely

from gisapp.analysis.fingerprint import rows_sha256
from gisapp.core.project import RunRecord
from gisapp.core.words import language

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

FRAMES = ("businesses", "households", "conflicts", "pairs")
SUMMARY = "summary"
_PACKAGES = ("numpy", "pandas", "shapely", "pyproj")


def record_of(frames: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> RunRecord:
    """Return the record of an assessment in the language in force.

    Parameters
    ----------
    frames : mapping
        `FRAMES` to what was found.
    summary : mapping
        The object that ``gisapp assess --json`` prints.
    """
    results = {name: frame_sha256(frames[name]) for name in FRAMES}
    return RunRecord(
        results={**results, SUMMARY: summary_sha256(summary)},
        language=language(),
        libraries=libraries(),
    )


def frame_sha256(frame: pd.DataFrame) -> str:
    """Return the SHA-256 of a result: its columns in their order, their types, and its rows.

    Rows with an ``id`` are taken in the order of their ids, others as they lie: the assessment
    has put those in an order of their own.
    """
    head = json.dumps([[str(name), str(frame[name].dtype)] for name in frame.columns])
    return hashlib.sha256(f"{head}\n{rows_sha256(frame)}".encode()).hexdigest()


def summary_sha256(summary: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the totals, written as JSON with sorted keys."""
    written = json.dumps(summary, ensure_ascii=False, allow_nan=False, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()


def libraries() -> dict[str, str]:
    """Return the versions of what works the numbers out."""
    return {
        "python": platform.python_version(),
        **{name: version(name) for name in _PACKAGES},
        "geos": shapely.geos_version_string,
        "proj": pyproj.proj_version_str,
    }
