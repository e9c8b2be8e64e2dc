"""How a layer is drawn: an ordered list of rules, the first that fits a feature draws it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Operator = Literal["eq", "ne", "in", "lt", "le", "gt", "ge", "missing"]
Shape = Literal["circle", "square", "triangle", "diamond", "star", "cross"]
Hatch = Literal["", "diagonal", "back", "cross", "dots"]


@dataclass(frozen=True)
class Condition:
    """One typed test on a column; a missing value fits ``missing`` only."""

    column: str
    op: Operator
    value: str | float | bool | tuple[str, ...] | None = None


@dataclass(frozen=True)
class Symbol:
    """What a rule paints; colours are ``#rrggbb``, lengths millimetres on screen and paper.

    A hatch lies over the fill, its lines in the stroke's colour (the fill's where there is none).
    """

    fill: str | None = None
    fill_opacity: float = 1.0
    hatch: Hatch = ""
    stroke: str | None = None
    stroke_mm: float = 0.26
    dash_mm: tuple[float, ...] = ()
    shape: Shape = "circle"
    size_mm: float = 2.0


@dataclass(frozen=True)
class Rule:
    """A legend entry: label, conditions that must all hold (none: everything), symbol."""

    labels: Mapping[str, str]
    symbol: Symbol
    when: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Style:
    """A named list of rules.

    `label_column` names the column whose text is written on the map, or is empty.
    """

    name: str
    rules: tuple[Rule, ...]
    titles: Mapping[str, str] = field(default_factory=dict)
    label_column: str = ""


# Where a style compares these columns so, it means the project's as-of date. Until there is one,
# the date is one that nothing reaches.
_AS_OF_TESTS = {("valid_from", "gt"): "9999-12-31", ("valid_to", "le"): "0001-01-01"}


def on_date(style: Style, as_of: str) -> Style:
    """Return the style that tells what is in force on `as_of` (ISO date; empty: not asked).

    A style without such conditions, or with this date in them, comes back as it is.
    """
    rules = tuple(
        replace(rule, when=tuple(_on_date(condition, as_of) for condition in rule.when))
        for rule in style.rules
    )
    return style if rules == style.rules else replace(style, rules=rules)


def _on_date(condition: Condition, as_of: str) -> Condition:
    never = _AS_OF_TESTS.get((condition.column, condition.op))
    return condition if never is None else replace(condition, value=as_of or never)
