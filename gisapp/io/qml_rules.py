"""Which of QGIS's renderers says the same as a list of rules, and its expressions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from gisapp.core.style import ANY_SCALE
from gisapp.io.qml_parts import plain, quoted

if TYPE_CHECKING:
    from gisapp.core.style import Condition, Rule, ScaleRange, Style

Range = tuple[float, float]

_OPERATORS: Final = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def category_column(style: Style) -> str | None:
    """Return the column whose values alone choose among the rules; None where more does."""
    chosen = [rule.when for rule in style.rules if rule.when]
    simple = all(len(when) == 1 and when[0].op == "eq" for when in chosen)
    columns = {when[0].column for when in chosen}
    values = [when[0].value for when in chosen]
    distinct = len(values) == len(set(values)) and "" not in values
    if not (chosen and simple and distinct and len(columns) == 1 and at_all_scales(style)):
        return None
    return columns.pop()


def ranges_of(style: Style) -> tuple[str, list[Range]] | None:
    """Return the column and the ranges (lower, upper) that the rules cut it into.

    None where the rules are anything else than ranges of one column, each from above the limit of
    the one before to its own limit: then QGIS's graduated renderer, which gives a value on a limit
    to the first range that has it and draws nothing else, would not say the same.
    """
    spans = [_range(rule) for rule in style.rules]
    known = [span for span in spans if span is not None]
    if len(known) < max(len(spans), 1) or not at_all_scales(style):
        return None
    column, _, (first, _) = known[0]
    ranges = [ends for _, _, ends in known]
    follows = all(
        op == "gt" and at == column and lower == before[1]
        for (at, op, (lower, _)), before in zip(known[1:], ranges, strict=False)
    )
    opens = known[0][1] == "ge" or first == -math.inf
    return (column, ranges) if opens and follows else None


def filters(rules: Sequence[Rule], names: Mapping[str, str]) -> list[str]:
    """Return a QGIS expression for each rule: its conditions, and those of no rule before it.

    A rule excludes those after it only at the scales at which it is drawn itself.
    """
    own = [" AND ".join(_condition(x, names) for x in rule.when) for rule in rules]
    taken = [_taken(rule, text) for rule, text in zip(rules, own, strict=True)]
    return [
        " AND ".join(
            [*([f"({text})"] if text else []), *(f"NOT {before}" for before in taken[:n] if before)]
        )
        for n, text in enumerate(own)
    ]


def at_all_scales(style: Style) -> bool:
    """Say whether every rule is drawn at every scale."""
    return all(rule.scales == ANY_SCALE for rule in style.rules)


def _range(rule: Rule) -> tuple[str, str, Range] | None:
    """Return the column, the operator of the lower end and both ends of a rule that is a range."""
    by_op = {x.op: x for x in rule.when}
    columns = {x.column for x in rule.when}
    upper = by_op.pop("le", None)
    if len(by_op) + (upper is not None) < len(rule.when) or len(columns) != 1 or len(by_op) > 1:
        return None
    op, lower = next(iter(by_op.items()), ("", None))
    ends = [x.value for x in (lower, upper) if x is not None]
    if op not in ("", "ge", "gt") or not all(type(x) in (int, float) for x in ends):
        return None
    low = -math.inf if lower is None else float(str(lower.value))
    high = math.inf if upper is None else float(str(upper.value))
    return (columns.pop(), op, (low, high)) if low <= high else None


def _taken(rule: Rule, conditions: str) -> str:
    """Return the expression that says whether a rule takes a feature; empty where it takes all."""
    parts = [*([conditions] if conditions else []), *_scale_tests(rule.scales)]
    return f"coalesce({' AND '.join(parts)}, FALSE)" if parts else ""


def _scale_tests(scales: ScaleRange) -> list[str]:
    tests = []
    if scales.min_denominator > 0:
        tests.append(f"@map_scale >= {plain(float(scales.min_denominator))}")
    if not math.isinf(scales.max_denominator):
        tests.append(f"@map_scale < {plain(float(scales.max_denominator))}")
    return tests


def _condition(condition: Condition, names: Mapping[str, str]) -> str:
    column = quoted(names.get(condition.column, condition.column))
    if condition.op == "missing":
        return f"{column} IS NULL"
    if isinstance(condition.value, tuple):
        return f"{column} IN ({', '.join(map(_literal, condition.value))})"
    return f"{column} {_OPERATORS[condition.op]} {_literal(condition.value)}"


def _literal(value: object) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace("'", "''").replace("\n", "\\n")
        return "'" + escaped.replace("\t", "\\t") + "'"
    return plain(value)
