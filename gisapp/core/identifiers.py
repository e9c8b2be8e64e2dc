"""What identifies a person: columns by their name, values by their content.

NIK and KK are never stored in clear, only as `pseudonym` under the project's key.
"""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gisapp.core.catalogue import Catalogue

# A 16-digit NIK or KK (the first two digits are a province, 11–99), an Indonesian mobile number,
# an e-mail address. Written for RE2 as well as for `re`: no look-around, so that a whole column
# is searched at once; the digits of a decimal or of a UUID are not a number of a person.
NATIONAL_NUMBER = r"(?:^|[^\w.,\-])[1-9][1-9]\d{14}(?:[^\w]|$)"
_PHONE = r"(?:^|[\s:;,(/])(?:\+?62|0)[\s\-]?8[1-9]\d(?:[\s.\-]?\d{2,4}){2,3}(?:[\s;,)/]|\.$|$)"
_EMAIL = r"(?:^|[\s:;,(<])[\w.+\-]+@[\w\-]+\.[\w.\-]+"
DIRECT_CONTENT = f"{NATIONAL_NUMBER}|{_PHONE}|{_EMAIL}"

_SEPARATORS = re.compile(r"[\W_]+")


def normal_name(column: str) -> str:
    """Return a column's name in lower case, words joined by ``_``, without its Kobo groups."""
    return _SEPARATORS.sub("_", column.rsplit("/", 1)[-1].strip()).strip("_").lower()


def is_direct_name(column: str, catalogue: Catalogue) -> bool:
    """Whether a column of this name identifies a person."""
    name = normal_name(column)
    return name in catalogue.direct_names or not catalogue.direct_words.isdisjoint(name.split("_"))


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
