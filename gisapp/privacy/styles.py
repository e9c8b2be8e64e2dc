"""What of a layer's style leaves: no legend tells a value that its table keeps back."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from gisapp.core.identifiers import DIRECT_CONTENT

if TYPE_CHECKING:
    from gisapp.core.style import Rule, Style

_DIRECT = re.compile(DIRECT_CONTENT)


def leaving_style(
    style: Style, withheld: Collection[str], lost: Mapping[str, Collection[str]]
) -> Style:
    """Return the style without what was made from columns that stay here.

    Rules made from a column's values carry those values, as conditions and as their names; classes
    carry the least and the greatest. Neither does a rule leave that asks for a text with a NIK, a
    phone number or an e-mail address. Where none is left, the first one's symbol draws everything,
    without a name.

    Parameters
    ----------
    withheld : collection of str
        The layer's columns that do not leave.
    lost : mapping
        Column that leaves to the texts of it that do not, because they were masked.
    """
    rules = tuple(rule for rule in style.rules if _may_leave(rule, withheld, lost))
    if style.rules and not rules:
        rules = (replace(style.rules[0], labels={}, when=()),)
    classes, labels, heat = style.classes, style.labels, style.heat
    if classes is not None and (classes.column in withheld or len(rules) < len(style.rules)):
        classes = None
    if labels is not None and labels.column in withheld:
        labels = None
    if heat is not None and heat.weight_column in withheld:
        heat = replace(heat, weight_column="")
    return replace(style, rules=rules, classes=classes, labels=labels, heat=heat)


def _may_leave(rule: Rule, withheld: Collection[str], lost: Mapping[str, Collection[str]]) -> bool:
    for condition in rule.when:
        value = condition.value
        texts = [x for x in (value if isinstance(value, tuple) else (value,)) if isinstance(x, str)]
        hidden = lost.get(condition.column, ())
        if condition.column in withheld or any(x in hidden or _DIRECT.search(x) for x in texts):
            return False
    return True
