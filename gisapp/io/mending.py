"""Rows that were not taken in, corrected and taken in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gisapp.core.layer import Layer, Table
    from gisapp.core.project import Project


@dataclass(frozen=True, eq=False)
class Mended:
    """What became of corrected rows.

    Parameters
    ----------
    part : Layer or Table
        With the rows that were taken in.
    refused : mapping
        Row number of the source to the reason why a corrected row still cannot be.
    notes : tuple of str
        Sentences about what could not be read of the rows.
    """

    part: Layer | Table
    refused: Mapping[int, str]
    notes: tuple[str, ...] = ()


def mend(
    project: Project, part: Layer | Table, corrections: Mapping[int, Mapping[str, str]]
) -> Mended:
    """Take rows in that an import refused, with corrections.

    Parameters
    ----------
    project : Project
    part : Layer or Table
        With its report and its quarantine.
    corrections : mapping
        Row number of the source to column (or ``id``) to text.
    """
    raise NotImplementedError
