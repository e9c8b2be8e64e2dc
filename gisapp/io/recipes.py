"""Recipes as files: those a user saves, and those the window remembers of the tables it saw."""

from __future__ import annotations

import contextlib
import re
import tomllib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import tomli_w

from gisapp.core.catalogue import LAYER_KINDS, RELATIONS
from gisapp.core.causes import why, why_no_toml
from gisapp.core.errors import GisappError
from gisapp.core.identifiers import DIRECT_CONTENT, normal_name
from gisapp.core.recipe import Recipe
from gisapp.core.words import _
from gisapp.io.atomic import replacing
from gisapp.io.catalogue import load_catalogue, unknown_name
from gisapp.io.folders import data_folder
from gisapp.io.locations import LOCATION_NAMES
from gisapp.io.mapping import parted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path

    from gisapp.core.layer import ImportReport
    from gisapp.io.source import RawTable

_KEYS = ("kind", "table", "name", "crs", "fields", "values")
_COLUMNS = "columns"  # only in what is remembered: the table's columns, to find it again
# A table that shares less of its columns with a remembered one is another table.
_LEAST_LIKENESS = 0.6
_MOST_REMEMBERED = 200
_DIRECT = re.compile(DIRECT_CONTENT)


@dataclass(frozen=True)
class Remembered:
    """A recipe that was used before for a table with these columns, or nearly these.

    Parameters
    ----------
    recipe : Recipe
        For the table at hand: it names only columns that the table has.
    likeness : float
        Columns that both tables have, as a share of those that either has; 1 where they have
        the same, whatever their order and case.
    missing : tuple of str
        Mapped columns that this table lacks; their fields are left to be found.
    extra : tuple of str
        Columns of this table that the other one did not have.
    used_on : str
        ISO date of the last import that read a table so.
    """

    recipe: Recipe
    likeness: float
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    used_on: str = ""


def completed(decided: Recipe, saved: Path | None) -> Recipe:
    """Return what the user decided now, and for the rest what a saved recipe says.

    Raises
    ------
    GisappError
        As `read_recipe`, and where the saved recipe is of another kind.
    """
    if saved is None:
        return decided
    before = read_recipe(saved)
    if before.kind != decided.kind:
        raise GisappError(
            _("The mapping {file} is for {saved}, not for {kind}.").format(
                file=saved.name, saved=before.kind, kind=decided.kind
            ),
            _("Choose the mapping that was saved for this kind."),
        )
    placed = not decided.fields.keys().isdisjoint(LOCATION_NAMES)
    fields = {x: c for x, c in before.fields.items() if not (placed and x in LOCATION_NAMES)}
    return replace(
        decided,
        table=decided.table or before.table,
        fields=fields | dict(decided.fields),
        values={
            name: {**before.values.get(name, {}), **decided.values.get(name, {})}
            for name in dict.fromkeys([*before.values, *decided.values])
        },
        name=decided.name or before.name,
        crs=decided.crs or before.crs,
    )


def recipe_of(report: ImportReport, decided: Recipe) -> Recipe:
    """Return how a source was read, every column named: what `write_recipe` is to save.

    Parameters
    ----------
    report : ImportReport
        Of the layer or table that was made.
    decided : Recipe
        By which it was made.
    """
    fields, values = parted(report.mapping)
    left_out = {name: "" for name, column in decided.fields.items() if not column}
    return replace(decided, fields=left_out | fields, values=values)


def write_recipe(recipe: Recipe, path: Path) -> None:
    """Write a recipe as TOML.

    Of values only the words of code fields are written, and none that is a person's number or
    address.

    Raises
    ------
    GisappError
        Where the file cannot be written.
    """
    _write(_document(recipe), path)


def read_recipe(path: Path) -> Recipe:
    """Read a recipe that `write_recipe` wrote, or a person.

    Raises
    ------
    GisappError
        Where the file cannot be read, holds an unknown key (the message names the nearest), or a
        value of the wrong type.
    """
    document = _parsed(path)
    _known(document, _KEYS, path.name)
    return _recipe(document, path.name)


def remember(raw: RawTable, recipe: Recipe) -> None:
    """Keep a recipe for tables with the columns of `raw`, in the user's own folder.

    A table whose columns' names hold a person's number or address is not remembered: its
    header is a row of data.

    Raises
    ------
    GisappError
        Where the folder cannot be written.
    """
    columns = sorted(_names(raw))
    if any(_DIRECT.search(str(name)) for name in raw.columns.columns):
        return
    folder = _folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise GisappError(
            _("{path} cannot be written: {reason}.").format(path=folder, reason=why(error)),
            _("Allow access to that folder, or set GISAPP_HOME to one that you may write to."),
        ) from error
    digest = sha256("\n".join(columns).encode()).hexdigest()[:32]
    document = _document(replace(recipe, table="", name="")) | {_COLUMNS: columns}
    _write(document, folder / f"{digest}.toml")
    for path in _newest_first()[_MOST_REMEMBERED:]:
        path.unlink(missing_ok=True)


def remembered(raw: RawTable) -> Remembered | None:
    """Return the recipe of the remembered table whose columns are nearest; None where none is."""
    names = _names(raw)
    found = [
        (len(names & columns) / len(names | columns), recipe, columns, used_on)
        for recipe, columns, used_on in _memories()
        if names & columns
    ]
    likeness, recipe, columns, used_on = max(
        found, key=lambda x: x[0], default=(0.0, Recipe("other", ""), set(), "")
    )
    if likeness < _LEAST_LIKENESS:
        return None
    own = {normal_name(str(x)): str(x) for x in reversed(list(raw.columns.columns))}
    fields = {
        name: column and own.get(normal_name(column), column)
        for name, column in recipe.fields.items()
    }
    missing = {name for name, x in fields.items() if x and x not in raw.columns}
    return Remembered(
        replace(
            recipe,
            table=raw.name,
            fields={name: column for name, column in fields.items() if name not in missing},
        ),
        likeness,
        tuple(sorted(recipe.fields[name] for name in missing)),
        tuple(str(x) for x in raw.columns.columns if normal_name(str(x)) not in columns),
        used_on,
    )


def _folder() -> Path:
    return data_folder() / "mappings"


def _newest_first() -> list[Path]:
    written = {}
    for path in _folder().glob("*.toml"):
        with contextlib.suppress(FileNotFoundError):  # another window has just forgotten it
            written[path] = path.stat().st_mtime_ns
    return sorted(written, key=lambda x: (-written[x], x.name))


def _memories() -> Iterator[tuple[Recipe, set[str], str]]:
    """Give what is remembered, the newest first; a file that cannot be read is no memory."""
    for path in _newest_first():
        with contextlib.suppress(GisappError, FileNotFoundError):
            document = _parsed(path)
            columns = document.pop(_COLUMNS, [])
            if not isinstance(columns, list):
                continue
            used_at = datetime.fromtimestamp(path.stat().st_mtime, UTC).astimezone()
            yield _recipe(document, path.name), {str(x) for x in columns}, f"{used_at:%Y-%m-%d}"


def _names(raw: RawTable) -> set[str]:
    return {normal_name(str(name)) for name in raw.columns.columns}


def _document(recipe: Recipe) -> dict[str, Any]:
    kind = load_catalogue().kind(recipe.kind)
    values = {
        name: {raw: code for raw, code in codes.items() if not _DIRECT.search(raw)}
        for name, codes in recipe.values.items()
        if name in kind.fields and kind.fields[name].type == "code"
    }
    texts = {"table": recipe.table, "name": recipe.name, "crs": recipe.crs}
    return {
        "kind": recipe.kind,
        **{key: text for key, text in texts.items() if text},
        **({"fields": dict(recipe.fields)} if recipe.fields else {}),
        **({"values": values} if any(values.values()) else {}),
    }


def _write(document: Mapping[str, Any], path: Path) -> None:
    with replacing(path) as fresh:
        fresh.touch(mode=0o600)
        fresh.write_text(tomli_w.dumps(document), encoding="utf-8")


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise GisappError(
            _("{file} cannot be opened: {reason}.").format(file=path, reason=why(error)),
            _("Check the path, and that you may read the file."),
        ) from error
    except ValueError as error:
        raise _refused(path.name, why_no_toml(error) + ".") from error


def _recipe(document: Mapping[str, Any], origin: str) -> Recipe:
    kind = document.get("kind", "")
    _known([kind], (*LAYER_KINDS, *RELATIONS), f"{origin}, kind")
    definition = load_catalogue().kind(kind)
    fields = _texts(document.get("fields", {}), f"{origin}, fields")
    _known(fields, (*definition.fields, "id", *LOCATION_NAMES), f"{origin}, fields")
    values = document.get("values", {})
    if not isinstance(values, dict):
        raise _refused(f"{origin}, values", _("it is no table of texts."))
    _known(values, definition.fields, f"{origin}, values")
    codes = {name: _texts(words, f"{origin}, values.{name}") for name, words in values.items()}
    texts = _texts({key: document.get(key, "") for key in ("table", "name", "crs")}, origin)
    return Recipe(kind, texts["table"], fields, codes, texts["name"], texts["crs"])


def _texts(values: object, where: str) -> dict[str, str]:
    if not isinstance(values, dict):
        raise _refused(where, _("it is no table of texts."))
    for key, value in values.items():
        if not isinstance(value, str):
            raise _refused(f"{where}.{key}", _("it is no text."))
    return dict(values)


def _known(keys: Iterable[object], allowed: Collection[str], where: str) -> None:
    for key in keys:
        if key not in allowed:
            raise _refused(where, unknown_name(str(key), allowed))


def _refused(where: str, why: str) -> GisappError:
    return GisappError(
        _("The mapping cannot be used ({where}): {why}").format(where=where, why=why),
        _("Correct the file, or save the mapping again with --save-mapping."),
    )
