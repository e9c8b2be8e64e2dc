"""What of OpenStreetMap can be asked for by a name, and how it is drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from gisapp.core.errors import GisappError
from gisapp.core.words import _

_TAG = re.compile(r"[A-Za-z][\w:.-]{0,60}(?:=[^\"\\\[\]\n]{1,100})?")
Form = Literal["point", "line", "area"]


@dataclass(frozen=True)
class Topic:
    """What one layer shows: a tag, with one of `values` or (without) any, and how it is drawn."""

    name: str
    key: str
    values: tuple[str, ...] = ()
    form: Form = "point"


TOPICS = (
    Topic("markets", "amenity", ("marketplace",)),
    Topic("shops", "shop"),
    Topic("food", "amenity", ("restaurant", "fast_food", "cafe", "food_court")),
    Topic("schools", "amenity", ("school", "kindergarten", "college", "university")),
    Topic("health", "amenity", ("hospital", "clinic", "doctors", "pharmacy")),
    Topic("roads", "highway", form="line"),
    Topic("railways", "railway", form="line"),
    Topic("waterways", "waterway", form="line"),
    Topic("buildings", "building", form="area"),
    Topic("land_use", "landuse", form="area"),
    Topic("parks", "leisure", ("park", "garden", "pitch"), "area"),
)


def topic_of(name: str) -> Topic:
    """Return the topic of this name, or the one that a tag (``key`` or ``key=value``) makes."""
    for topic in TOPICS:
        if topic.name == name:
            return topic
    if "=" not in name or not _TAG.fullmatch(name):
        raise GisappError(
            _("There is no topic “{name}”.").format(name=name[:80]),
            _("Choose one of {names}, or a tag such as amenity=bank.").format(
                names=", ".join(x.name for x in TOPICS)
            ),
        )
    key, _equals, value = name.partition("=")
    return Topic(name, key, () if value == "*" else (value,))
