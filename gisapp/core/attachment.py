"""Documents and photos that belong to an area, an event, a site or a provision."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from gisapp.core.errors import GisappError
from gisapp.core.words import _

# Never a family or a business: a photo of a stall is a photo of its owner.
ATTACHABLE: Final = ("admin", "zoning", "evictions", "support_areas", "sites", "provisions")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Attachment:
    """What is known of a document; its bytes lie in the project file and are read when asked for.

    Parameters
    ----------
    id : str
        Unique in the project.
    to_kind, to_id : str
        What it belongs to: one of `ATTACHABLE`, and the id of a record of that kind.
    name : str
        The file's name, without its folder.
    title : str
        What the user calls it; empty: its name.
    media_type : str
        As its name suggests (``image/jpeg``).
    size_bytes : int
    sha256 : str
        Of its bytes, hexadecimal.
    added_at : str
        An ISO time with its zone.
    source, dated, note : str
        Who it comes from, the ISO date that it bears, and what else is to be said; may be empty.

    Raises
    ------
    ValueError
        For what is no SHA-256.
    """

    id: str
    to_kind: str
    to_id: str
    name: str
    title: str
    media_type: str
    size_bytes: int
    sha256: str
    added_at: str
    source: str = ""
    dated: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if not _SHA256.fullmatch(self.sha256):
            raise ValueError("an attachment's fingerprint is no SHA-256")

    @property
    def shown_title(self) -> str:
        """Its title, else its name."""
        return self.title or self.name


def with_id(attachments: Iterable[Attachment], identifier: str) -> Attachment:
    """Return the one with an id.

    Raises
    ------
    GisappError
        Where there is none.
    """
    known = {x.id: x for x in attachments}
    if identifier in known:
        return known[identifier]
    raise GisappError(
        _("There is no attachment {id}.").format(id=identifier),
        _("Choose one of: {ids}.").format(ids=", ".join(known) or "–"),
    )
