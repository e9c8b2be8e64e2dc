"""What the style editor offers and decides: columns, conditions, rules, classes, files. No Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from gisapp.core.errors import GisappError
from gisapp.core.memory import FrameMemory
from gisapp.core.style import Classes, Condition, Operator, Rule, Scheme, Style, Symbol
from gisapp.core.words import LANGUAGES, N_, _, label, language, ngettext, number
from gisapp.io.atomic import replacing
from gisapp.io.catalogue import load_catalogue
from gisapp.io.styles import format_style, load_style, parse_style
from gisapp.privacy.columns import fields_of
from gisapp.render.classes import is_numeric, nature_of, plain_value
from gisapp.render.symbols import NO_RULE, rule_of_each
from gisapp.render.vision import Alike, Vision, alike
from gisapp.ui.values import HIDDEN_COLUMNS, value_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd

    from gisapp.core.catalogue import Field
    from gisapp.core.layer import Layer
    from gisapp.render.legend import Nature

Holds = Literal["text", "number", "truth"]
MOST_VALUES, MOST_COUNTED = 200, 5_000
MOST_CATEGORIES = 12

OPERATORS: Mapping[Operator, str] = {
    "eq": N_("is"),
    "ne": N_("is not"),
    "in": N_("is one of"),
    "lt": N_("is less than"),
    "le": N_("is at most"),
    "gt": N_("is more than"),
    "ge": N_("is at least"),
    "missing": N_("is missing"),
}
_FITTING: Mapping[Holds, tuple[Operator, ...]] = {
    "text": tuple(OPERATORS),
    "number": ("eq", "ne", "lt", "le", "gt", "ge", "missing"),
    "truth": ("eq", "missing"),
}
SCHEMES: Mapping[Scheme, str] = {
    "categories": N_("One class a value"),
    "quantiles": N_("As many features in each (quantiles)"),
    "equal_interval": N_("Equal steps"),
    "pretty": N_("Round numbers"),
    "fisher_jenks": N_("Groups that lie close (Fisher–Jenks)"),
    "natural_breaks": N_("Groups that lie close (k-means)"),
    "std_mean": N_("Distance from the mean"),
    "head_tail": N_("Few large, many small (head and tail)"),
    "given": N_("Limits that I give"),
}
# Those that take the number of classes from the data, or from the limits.
SCHEMES_WITHOUT_K: frozenset[Scheme] = frozenset({"std_mean", "head_tail", "given"})
# Birch 2012, "Worldwide prevalence of red-green color deficiency"; of men of European descent,
# in whom it is most frequent.
SEEN_BY: Mapping[Vision, str] = {
    "normal": N_("everybody"),
    "deutan": N_("people who see green weakly (deutan, up to 6% of men)"),
    "protan": N_("people who see red weakly (protan, up to 2% of men)"),
    "tritan": N_("people who see blue weakly (tritan, rare)"),
}

_values: FrameMemory[dict[str, tuple[str | float | bool, ...]]] = FrameMemory()


@dataclass(frozen=True)
class Column:
    """A column that conditions, labels and classes can use."""

    name: str
    title: str
    holds: Holds
    field: Field | None = None


def columns_of(layer: Layer) -> tuple[Column, ...]:
    """Return the columns of a layer that tell something, in the frame's order."""
    fields = fields_of(layer.kind)
    return tuple(
        Column(name, _title(name, fields.get(name)), _holds(layer.frame[name]), fields.get(name))
        for name in layer.frame.columns
        if name not in HIDDEN_COLUMNS
    )


def _title(name: str, field: Field | None) -> str:
    if name == "id":
        return _("Identifier")
    return label(field.labels) if field else name


def _holds(column: pd.Series[Any]) -> Holds:
    if pd.api.types.is_bool_dtype(column):
        return "truth"
    if is_numeric(column):
        return "number"
    known = column.dropna() if column.dtype == object else None
    if known is not None and len(known) and all(isinstance(x, bool) for x in known):
        return "truth"
    return "text"


def operators_of(holds: Holds) -> tuple[tuple[Operator, str], ...]:
    """Return the operators that fit what a column holds, with their words."""
    return tuple((op, _(OPERATORS[op])) for op in _FITTING[holds])


def values_of(frame: gpd.GeoDataFrame, column: Column) -> tuple[tuple[str, str], ...]:
    """Return a column's values as typed and in words; the most frequent first, some 200 at most."""
    known = _values.get(frame) or {}
    if column.name not in known:
        counted = frame[column.name].value_counts().iloc[:MOST_COUNTED]
        ranked = sorted(counted.items(), key=lambda x: (-x[1], str(x[0])))[:MOST_VALUES]
        known = {**known, column.name: tuple(plain_value(x) for x, _count in ranked)}
        _values.put(frame, known)
    return tuple((typed_text(x), value_text(x, column.field)) for x in known[column.name])


def typed_text(value: object) -> str:
    """Return a condition's value as a user types it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        plain = repr(value).removesuffix(".0")  # read again, it is the same number
        return plain.replace(".", ",") if language() == "id" else plain
    if isinstance(value, tuple):
        return "; ".join(value)
    return "" if value is None else str(value)


def condition_of(column: Column, op: Operator, text: str) -> Condition:
    """Return the condition that a user wrote.

    Raises
    ------
    GisappError
        Where a column of numbers, or of yes and no, is compared with something else.
    """
    text = text.strip()
    if op == "missing":
        return Condition(column.name, op)
    if op == "in":
        return Condition(column.name, op, tuple(x.strip() for x in text.split(";") if x.strip()))
    if column.holds == "number":
        return Condition(column.name, op, _number(column, text))
    if column.holds == "truth":
        return Condition(column.name, op, _truth(column, text))
    return Condition(column.name, op, text)


def _number(column: Column, text: str) -> float:
    value = _read_number(text)
    if value is not None:
        return value
    raise GisappError(
        _("{column} is compared with {text}, which is no number.").format(
            column=column.title, text=text or "“”"
        ),
        _("Write a number, such as {example}.").format(example=number(1500.5, 1)),
    )


def _read_number(text: str) -> float | None:
    """Read a number in the manner of the language in force, else a plain one."""
    from babel.numbers import NumberFormatError, parse_decimal

    try:
        value = float(parse_decimal(text, locale=language(), strict=True))
    except NumberFormatError:
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            return None
    return value if math.isfinite(value) else None


def _truth(column: Column, text: str) -> bool:
    if text not in ("true", "false"):
        raise GisappError(
            _("{column} is compared with {text}, which is neither true nor false.").format(
                column=column.title, text=text or "“”"
            ),
            _("Choose true or false."),
        )
    return text == "true"


# ---------------------------------------------------------------- rules


def with_rule(rules: tuple[Rule, ...], at: int, rule: Rule) -> tuple[Rule, ...]:
    """Return the rules with `rule` in the place `at`."""
    return (*rules[:at], rule, *rules[at + 1 :])


def added(rules: tuple[Rule, ...], at: int, rule: Rule) -> tuple[Rule, ...]:
    """Return the rules with `rule` before the one in the place `at`."""
    return (*rules[:at], rule, *rules[at:])


def removed(rules: tuple[Rule, ...], at: int) -> tuple[Rule, ...]:
    """Return the rules without the one in the place `at`."""
    return (*rules[:at], *rules[at + 1 :])


def moved(rules: tuple[Rule, ...], at: int, to: int) -> tuple[Rule, ...]:
    """Return the rules with the one in the place `at` moved to the place `to`."""
    return added(removed(rules, at), to, rules[at])


def new_rule(column: Column | None, base: Symbol) -> Rule:
    """Return a rule to begin with: for one value still to be chosen, or for every feature."""
    when = () if column is None else (Condition(column.name, "missing"),)
    return Rule(dict.fromkeys(LANGUAGES, _("New rule")), base, when)


def problem_of(style: Style) -> GisappError | None:
    """Return why a style could not be read again, or None where it could."""
    try:
        parse_style(format_style(style), style.name)
    except GisappError as error:
        return error
    return None


def lacking_text(style: Style, layer: Layer) -> str:
    """Say which columns the rules compare and the layer lacks; empty where there are none.

    The program's own style may ask about columns that only some layers of the kind have.
    """
    known = {*layer.frame.columns, *_compared(bundled_style(layer))}
    lacking = [x for x in _compared(style) if x not in known]
    if not lacking:
        return ""
    return ngettext(
        "This layer has no column {columns}; rules that need it draw nothing.",
        "This layer has no columns {columns}; rules that need them draw nothing.",
        len(lacking),
    ).format(columns=", ".join(lacking))


def _compared(style: Style) -> dict[str, None]:
    return dict.fromkeys(x.column for r in style.rules for x in r.when if x.op != "missing")


def rule_counts(frame: gpd.GeoDataFrame, style: Style) -> tuple[int, ...]:
    """Return how many features each rule draws, and last how many none does."""
    rule = rule_of_each(frame, style)
    counts = np.bincount(rule[rule != NO_RULE], minlength=len(style.rules)).tolist()
    return (*counts, int(np.count_nonzero(rule == NO_RULE)))


# ---------------------------------------------------------------- classes


def default_classes(columns: tuple[Column, ...], column: str = "") -> Classes | None:
    """Return classes to begin with: of `column`, else of the first that is worth classing."""
    known = {x.name: x for x in columns}
    chosen = known.get(column) or next((x for x in columns if _is_worth_classing(x)), None)
    if chosen is None:
        return None
    if chosen.holds == "number":
        return Classes(chosen.name, "quantiles", 5)
    return Classes(chosen.name, "categories", MOST_CATEGORIES, "okabe_ito")


def _is_worth_classing(column: Column) -> bool:
    is_code = column.field is not None and column.field.type == "code"
    return is_code or column.holds != "text"


def fitting_schemes(column: Column) -> tuple[tuple[Scheme, str], ...]:
    """Return the ways to make classes of a column, with their words."""
    return tuple(
        (scheme, _(text))
        for scheme, text in SCHEMES.items()
        if scheme == "categories" or column.holds == "number"
    )


def breaks_of(text: str) -> tuple[float, ...]:
    """Read limits that a user gives, separated by semicolons or spaces, in any order.

    Raises
    ------
    GisappError
        For what is no number.
    """
    return tuple(sorted({_limit(x) for x in text.replace(";", " ").split()}))


def _limit(text: str) -> float:
    value = _read_number(text)
    if value is not None:
        return value
    raise GisappError(
        _("“{text}” is not a number.").format(text=text),
        _("Write a number, such as {example}.").format(example=number(1500.5, 1)),
    )


def sampled_text(sampled: int, rows: int) -> str:
    """Say that limits were worked out from some of the values; empty where from all."""
    if not sampled:
        return ""
    return _("The limits are worked out from {n} of {rows} values, evenly spaced by size.").format(
        n=number(sampled), rows=number(rows)
    )


# ---------------------------------------------------------------- colour vision


def vision_text(style: Style, nature: Nature, most: int = 1) -> str:
    """Say which classes cannot be told apart by whom: the worst pairs, a sentence each."""
    if style.heat is not None or not style.rules:
        return ""
    found = alike(style, nature)
    if not found:
        return _("Every class can be told apart, also by colour-blind people.")
    lines = [_alike_text(x, style) for x in found[:most]]
    more = len(found) - len(lines)
    if more:
        rest = ngettext("And {n} more pair.", "And {n} more pairs.", more)
        lines.append(rest.format(n=number(more)))
    return "\n".join(lines)


def _alike_text(pair: Alike, style: Style) -> str:
    one = label(style.rules[pair.first].labels)
    who = _(SEEN_BY[pair.vision])
    if pair.second is None:
        return _("“{one}” can hardly be seen on white paper by {who}.").format(one=one, who=who)
    other = label(style.rules[pair.second].labels)
    return _("“{one}” and “{other}” look alike to {who}.").format(one=one, other=other, who=who)


# ---------------------------------------------------------------- files


def bundled_style(layer: Layer) -> Style:
    """Return the style that a layer of this kind begins with."""
    kind = load_catalogue().kinds.get(layer.kind)
    return load_style(kind.style if kind and kind.style else "other")


def read_style(path: Path) -> Style:
    """Read a style from a file that a user chose.

    Raises
    ------
    GisappError
        Where the file cannot be read, or holds no style.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GisappError(
            _("{path} cannot be read as a style.").format(path=path),
            _("Choose a TOML file with a style, as docs/styles.md describes it."),
        ) from error
    return parse_style(text, path.name)


def write_style(style: Style, path: Path) -> None:
    """Write a style as TOML, whole or not at all.

    Raises
    ------
    GisappError
        Where the file cannot be written.
    """
    with replacing(path) as fresh:
        fresh.write_text(format_style(style), "utf-8")


def taken_over(style: Style, layer: Layer) -> Style:
    """Return a style of another layer as this layer's: under its own name and title."""
    return replace(style, name=layer.style.name, titles=layer.style.titles)


def nature_of_layer(layer: Layer) -> Nature:
    """Return what most of a layer's features are."""
    return nature_of(layer.frame)
