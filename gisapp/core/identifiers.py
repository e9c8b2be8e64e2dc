"""What identifies a person: columns by their name, values by their content.

NIK and KK are never stored in clear, only as `pseudonym` under the project's key.
"""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gisapp.core.catalogue import Catalogue

# A 16-digit NIK or KK (the first two digits are a province, 11–99), in one piece, in groups as it
# is printed on the card, or spoilt by a spreadsheet; an Indonesian telephone number; an e-mail
# address. Written for RE2 as well as for `re`: no look-around, so that a whole column is searched
# at once; the digits of a decimal or of a UUID are not a number of a person.
_BEFORE = r"(?:^|[^\w.,\-]|(?i:nik|kk|ktp)[.:]?)"
_PRINTED = (
    r"[1-9][1-9]\d\d[ .\-]\d{4}[ .\-]\d{4}[ .\-]\d{4}"
    r"|[1-9][1-9][ .\-]?\d\d[ .\-]?\d\d[ .\-]\d{6}[ .\-]?\d{4}"
)
NATIONAL_NUMBER = (
    rf"{_BEFORE}(?:[1-9][1-9]\d{{14}}(?:[^\w]|$)"
    rf"|(?:{_PRINTED})(?:[^\w.\-]|[.\-]?(?:\s|$))"
    r"|[1-9][.,]\d{4,15}[eE]\+?15(?:[^\w]|$))"
)
_END = r"(?:[\s;,)/]|\.$|$)"
_MOBILE = rf"(?:\+?62|0)[\s\-]?8[1-9]\d\)?(?:[\s.\-]?\d{{2,4}}){{2,3}}{_END}"
_LANDLINE = rf"\(?02[1-9]\)?[\s\-]\d{{3,4}}[\s\-]?\d{{3,4}}{_END}"
_PHONE = rf"(?:^|[\s:;,(/])(?:{_MOBILE}|{_LANDLINE})"
_EMAIL = r"[^\s@:;,(<]@[^\s@.]+\.[^\s@.]"
DIRECT_CONTENT = f"{NATIONAL_NUMBER}|{_PHONE}|{_EMAIL}"

_NAME_WORDS = frozenset({"nama", "nm", "name"})
_SEPARATORS = re.compile(r"[\W_]+")
# Groups stand before a bare slash; people write "Laba / bulan (Rp/bln)".
_GROUPS = re.compile(r"^(?:[^()]|\([^()]*\))*(?<=\S)/(?=\S)")


def normal_name(column: str) -> str:
    """Return a column's name in lower case, words joined by ``_``, without its Kobo groups."""
    return _SEPARATORS.sub("_", _GROUPS.sub("", column)).strip("_").lower()


def is_direct_name(column: str, catalogue: Catalogue) -> bool:
    """Whether a column of this name identifies a person; a number at the end changes nothing."""
    words = [word.rstrip("0123456789") or word for word in normal_name(column).split("_")]
    if not catalogue.direct_words.isdisjoint(words):
        return True
    of_somebody = not catalogue.direct_persons.isdisjoint(words)
    if of_somebody and not _NAME_WORDS.isdisjoint((words[0], words[-1])):
        return True
    name = "_".join(word for word in words if not word.isdigit())
    return name in catalogue.direct_names


def pseudonym(value: str, key: str) -> str:
    """Return the name under which an identifier may be stored.

    Parameters
    ----------
    value : str
        A NIK, a KK or another direct identifier.
    key : str
        The project's secret, hexadecimal.

    Returns
    -------
    str
        The first 32 hexadecimal digits of its HMAC-SHA-256.
    """
    return hmac.new(bytes.fromhex(key), value.strip().encode(), "sha256").hexdigest()[:32]
