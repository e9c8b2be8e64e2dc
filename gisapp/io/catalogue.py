"""The layer catalogue: ``layers/catalogue.toml`` as values."""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from gisapp.core.catalogue import Catalogue, Field, Kind
from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.bundled import bundled

_DIRECT = ("direct_names", "direct_words", "direct_persons")


@cache
def load_catalogue() -> Catalogue:
    """Return the program's catalogue; read once."""
    path = bundled("layers") / "catalogue.toml"
    return parse_catalogue(path.read_text(encoding="utf-8"), path.name)


def parse_catalogue(text: str, origin: str) -> Catalogue:
    """Read a catalogue.

    Parameters
    ----------
    text : str
        TOML: ``direct_names``, ``direct_words``, ``direct_persons``, shared ``[fields.NAME]`` and
        ``[kinds.NAME]``, whose ``common`` lists the shared fields it has.
    origin : str
        What to call the text in messages.

    Raises
    ------
    GisappError
        For TOML that cannot be parsed, an unknown key (the message names the nearest) or a value
        of the wrong type.
    """
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _refused(origin, str(error)) from error
    _known(document, (*_DIRECT, "fields", "kinds"), origin)
    shared = document.get("fields", {})
    kinds = {
        name: _kind_keys(name, dict(values), shared, origin)
        for name, values in document.get("kinds", {}).items()
    }
    names = {key: frozenset(document.get(key, ())) for key in _DIRECT}
    try:
        return TypeAdapter(Catalogue).validate_python({"kinds": kinds, **names})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _refused(origin, f"{where}: {first['msg']}") from error


def _kind_keys(
    name: str, values: dict[str, Any], shared: Mapping[str, Any], origin: str
) -> dict[str, Any]:
    _known(values, (*_keys(Kind), "common"), f"{origin}, kinds.{name}")
    common = values.pop("common", ())
    _known(common, shared, f"{origin}, kinds.{name}.common")
    fields = {**values.get("fields", {}), **{x: shared[x] for x in common}}
    for field, keys in fields.items():
        _known(keys, _keys(Field), f"{origin}, kinds.{name}.fields.{field}")
    return {
        **values,
        "name": name,
        "fields": {field: {**keys, "name": field} for field, keys in fields.items()},
    }


def _keys(value: type[Field | Kind]) -> tuple[str, ...]:
    return tuple(x.name for x in dataclasses.fields(value) if x.name != "name")


def _known(keys: Iterable[str], allowed: Iterable[str], where: str) -> None:
    for key in keys:
        if key not in allowed:
            raise _refused(where, unknown_name(key, allowed))


def unknown_name(name: str, allowed: Iterable[str]) -> str:
    """Say that there is no `name`, and which of `allowed` is nearest or what they are."""
    names = sorted(allowed)
    nearest = difflib.get_close_matches(name, names, n=1)
    if nearest:
        return _("there is no {name}; did you mean {nearest}?").format(
            name=name, nearest=nearest[0]
        )
    return _("there is no {name}; there are {names}.").format(name=name, names=", ".join(names))


def _refused(where: str, why: str) -> GisappError:
    return GisappError(
        _("The catalogue cannot be used ({where}): {why}").format(where=where, why=why),
        _("Correct the catalogue or install gisapp again."),
    )
