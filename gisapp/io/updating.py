"""Importing again: rows with the same id take each other's place, and what changed is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gisapp.core.layer import Layer


def updated(earlier: Layer, fresh: Layer, *, keep_missing: bool = False) -> Layer:
    """Return `earlier` with the rows of `fresh`, found by their ids."""
    raise NotImplementedError
