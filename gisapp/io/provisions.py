"""The provision register that comes with the program, to start from."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.bundled import bundled
from gisapp.io.catalogue import load_catalogue, unknown_name

FILE = "provisions.toml"


@cache
def bundled_provisions() -> tuple[dict[str, Any], ...]:
    """Return the rows of the bundled register: ``id`` and fields of the catalogue; read once."""
    text = (bundled("layers") / FILE).read_text(encoding="utf-8")
    return parse_provisions(text)


def parse_provisions(text: str) -> tuple[dict[str, Any], ...]:
    """Read a register from TOML.

    Raises
    ------
    GisappError
        For a key that is no field, or a code that the field does not have.
    """
    rows = tomllib.loads(text)["provisions"]
    for row in rows:
        _check(row)
    return tuple(rows)


def _check(row: dict[str, Any]) -> None:
    fields = load_catalogue().kind("provisions").fields
    for name, value in row.items():
        if name != "id" and name not in fields:
            raise _refused(row, unknown_name(name, fields))
        codes = fields[name].codes if name in fields else {}
        if codes and value not in codes:
            raise _refused(row, unknown_name(str(value), codes))


def _refused(row: dict[str, Any], why: str) -> GisappError:
    return GisappError(
        _("The bundled register cannot be used ({row}): {why}").format(row=row.get("id"), why=why),
        _("Install gisapp again."),
    )
