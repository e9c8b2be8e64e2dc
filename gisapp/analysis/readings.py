"""Reading from a project, where what was read before from the same frames is taken again."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from gisapp.core.words import language

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    import pandas as pd

    from gisapp.core.layer import Layer, Table
    from gisapp.core.project import Project

Value = TypeVar("Value")


class Reading(NamedTuple):
    """What was read, and all that it depends on: what was asked, in which language, of what."""

    language: str
    asked: tuple[object, ...]
    names: tuple[tuple[str, str, str], ...]
    frames: tuple[weakref.ref[pd.DataFrame], ...]
    value: Any

    def holds_for(self, asked: tuple[object, ...], parts: Sequence[Layer | Table]) -> bool:
        """Say whether the same would be read of `parts` now."""
        return (
            self.language == language()
            and self.asked == asked
            and self.names == _names(parts)
            and all(was() is x.frame for was, x in zip(self.frames, parts, strict=True))
        )


def _names(parts: Sequence[Layer | Table]) -> tuple[tuple[str, str, str], ...]:
    return tuple((part.kind, part.name, getattr(part, "plan", "")) for part in parts)


def parts_of(project: Project, kinds: Collection[str]) -> list[Layer | Table]:
    """Return the layers and tables of some kinds, by kind and name."""
    layers = [layer for kind in sorted(kinds) for layer in project.of_kind(kind)]
    tables = [t for _name, t in sorted(project.tables.items()) if t.kind in kinds]
    return [*layers, *tables]


class Reader:
    """Reads from one project; `readings` is what it read.

    Parameters
    ----------
    project : Project
    before : mapping
        The readings of an earlier project.
    """

    def __init__(self, project: Project, before: Mapping[str, Reading]) -> None:
        self._project, self._before = project, before
        self.readings: dict[str, Reading] = {}

    def of(
        self, kinds: Sequence[str], asked: tuple[object, ...], read: Callable[[], Value]
    ) -> Value:
        """Return what `read` returns, which depends on the parts of `kinds` and on `asked` only."""
        parts, name = parts_of(self._project, kinds), " ".join(kinds)
        reading = self._before.get(name)
        if reading is None or not reading.holds_for(asked, parts):
            frames = tuple(weakref.ref(part.frame) for part in parts)
            reading = Reading(language(), asked, _names(parts), frames, read())
        self.readings[name] = reading
        value: Value = reading.value
        return value
