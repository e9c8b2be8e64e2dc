"""What older project files wrote otherwise, as it is written now."""

from __future__ import annotations

import tomllib

import tomli_w


def style_as_now(text: str, format_version: int) -> str:
    """Return a style's TOML of an older file in today's keys.

    Until version 2 ``label_column`` was the whole of the names on the map.

    Raises
    ------
    ValueError
        Where it is not TOML.
    """
    if format_version >= 2:
        return text
    document = tomllib.loads(text)
    column = document.pop("label_column", "")
    if column:
        document["labels"] = {"column": column}
    return tomli_w.dumps(document)
