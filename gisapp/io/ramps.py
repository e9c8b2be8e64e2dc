"""Colour ramps by name: ``styles/ramps.toml`` as values."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from gisapp.core.colour import blended
from gisapp.core.errors import GisappError
from gisapp.core.words import _
from gisapp.io.bundled import bundled
from gisapp.io.catalogue import unknown_name
from gisapp.io.style_keys import Colour, Strict, Texts

if TYPE_CHECKING:
    from collections.abc import Mapping

Nature = Literal["sequential", "diverging", "qualitative"]


@dataclass(frozen=True)
class Ramp:
    """A named row of colours ``#rrggbb``, from low to high, and what it is good for."""

    name: str
    nature: Nature
    titles: Mapping[str, str]
    colours: tuple[str, ...]


class _RampKeys(Strict):
    nature: Nature
    title: Texts
    colours: Annotated[list[Colour], Field(min_length=2)]


@cache
def ramps() -> dict[str, Ramp]:
    """Return the bundled ramps by name, in the order of the file; read once."""
    path = bundled("styles") / "ramps.toml"
    return parse_ramps(path.read_text("utf-8"), path.name)


def parse_ramps(text: str, origin: str) -> dict[str, Ramp]:
    """Read ramps; `origin` is what messages call the text.

    Raises
    ------
    GisappError
        For TOML that cannot be parsed, an unknown key or a wrong value.
    """
    try:
        keys = TypeAdapter(dict[str, _RampKeys]).validate_python(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise GisappError(
            _("The colour ramps of {origin} cannot be used: {why}").format(
                origin=origin, why=_reason(error)
            ),
            _("Correct the file or install gisapp again."),
        ) from error
    return {
        name: Ramp(name, x.nature, {str(a): b for a, b in x.title.items()}, tuple(x.colours))
        for name, x in keys.items()
    }


def ramp(name: str, n: int) -> tuple[str, ...]:
    """Return `n` colours of the ramp called `name`, from low to high.

    Sequential and diverging ramps are spread from end to end, between their colours evenly as the
    eye sees it (OKLab). Qualitative ramps give their first colours, and begin again, lighter, when
    they run out.

    Raises
    ------
    GisappError
        Where there is no such ramp (the message names the nearest).
    """
    if name not in ramps():
        raise GisappError(
            _("This colour ramp cannot be used: {why}").format(why=unknown_name(name, ramps())),
            _("Choose one of the ramps that docs/styles.md lists."),
        )
    found = ramps()[name]
    if found.nature == "qualitative":
        return tuple(_kind(found.colours, i) for i in range(n))
    if n == 1:
        return (_between(found.colours, 0.5),)
    return tuple(_between(found.colours, i / (n - 1)) for i in range(n))


def _between(colours: tuple[str, ...], share: float) -> str:
    place = share * (len(colours) - 1)
    lower = min(int(place), len(colours) - 2)
    return blended(colours[lower], colours[lower + 1], place - lower)


def _kind(colours: tuple[str, ...], i: int) -> str:
    round_, place = divmod(i, len(colours))
    return blended(colours[place], "#ffffff", 1 - 0.6**round_)


def _reason(error: tomllib.TOMLDecodeError | ValidationError) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        return f"{'.'.join(str(x) for x in first['loc'])}: {first['msg']}"
    return str(error)
