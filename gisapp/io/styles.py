"""Styles as TOML: one file a style, strict to read, written back the same."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

import tomli_w
from pydantic import BaseModel, ValidationError

from gisapp.core.causes import why_no_toml
from gisapp.core.errors import GisappError
from gisapp.core.style import (
    ANY_SCALE,
    Classes,
    Clusters,
    Condition,
    Heat,
    Labels,
    Rule,
    ScaleRange,
    Style,
    Symbol,
)
from gisapp.core.words import N_, _, number
from gisapp.io.bundled import bundled
from gisapp.io.catalogue import unknown_name
from gisapp.io.icons import icon_names
from gisapp.io.ramps import ramps
from gisapp.io.style_keys import (
    ClassesKeys,
    ClustersKeys,
    ConditionKeys,
    HeatKeys,
    LabelsKeys,
    RuleKeys,
    Scaled,
    StyleKeys,
    Texts,
)

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Value = TypeVar("Value")

# The tables of a style and what their keys are checked by.
_TABLES: dict[str, type[BaseModel]] = {
    "labels": LabelsKeys,
    "classes": ClassesKeys,
    "clusters": ClustersKeys,
    "heat": HeatKeys,
}
# What pydantic finds wrong with a value, in our words.
_WRONG: dict[str, str] = {
    "missing": N_("it is missing"),
    "greater_than": N_("it must be more than {limit}"),
    "greater_than_equal": N_("it must be at least {limit}"),
    "less_than": N_("it must be less than {limit}"),
    "less_than_equal": N_("it must be at most {limit}"),
    "finite_number": N_("it must be a finite number"),
    "string_type": N_("it must be a text in quotation marks"),
    "string_too_short": N_("it must not be empty"),
    "string_too_long": N_("it is too long"),
    "string_pattern_mismatch": N_("an icon has a plain name, not a path"),
    "int_type": N_("it must be a whole number"),
    "int_from_float": N_("it must be a whole number"),
    "float_type": N_("it must be a number"),
    "bool_type": N_("it must be true or false"),
    "literal_error": N_("it must be one of {allowed}"),
    "list_type": N_("it must be a list in square brackets"),
    "dict_type": N_("it must be a table of keys and values"),
    "model_type": N_("it must be a table of keys and values"),
    "model_attributes_type": N_("it must be a table of keys and values"),
}
_MISPLACED = N_("it does not go here")


@cache
def load_style(name: str) -> Style:
    """Return the bundled style called `name` (each kind's style has the kind's name)."""
    path = bundled("styles") / f"{name}.toml"
    return parse_style(path.read_text("utf-8"), path.name)


def parse_style(text: str, origin: str) -> Style:
    """Read a style.

    Parameters
    ----------
    text : str
        TOML with the keys that docs/styles.md lists.
    origin : str
        What to call the text in messages.

    Raises
    ------
    GisappError
        For TOML that cannot be parsed, an unknown key (the message names the rule and the nearest
        key), a wrong value, a rule that no feature can reach, or a style that draws nothing.
    """
    try:
        keys = StyleKeys.model_validate(tomllib.loads(text))
    except ValidationError as error:
        raise _refused(origin, _sentence(error)) from error
    except ValueError as error:
        raise _refused(origin, why_no_toml(error)) from error
    rules = tuple(_rule(x, n, origin) for n, x in enumerate(keys.rules, 1))
    _check_reach(rules, origin)
    if not rules and keys.classes is None and keys.heat is None:
        raise _refused(origin, _("it has no rules, and neither classes nor heat"))
    return Style(
        keys.name,
        rules,
        _texts(keys.title),
        None if keys.labels is None else _labels(keys.labels, origin),
        keys.opacity,
        keys.blend,
        None if keys.classes is None else _classes(keys.classes, origin),
        None if keys.clusters is None else _made(Clusters, keys.clusters),
        None if keys.heat is None else _heat(keys.heat, origin),
    )


def format_style(style: Style) -> str:
    """Write a style as the TOML that `parse_style` reads, without what has its default value."""
    document: dict[str, Any] = {"name": style.name}
    if style.titles:
        document["title"] = dict(style.titles)
    document |= _changed(style, but=("name", "titles", "rules", *_TABLES))
    for name in _TABLES:
        table = getattr(style, name)
        if table is not None:
            document[name] = _table_keys(table)
    if style.rules:
        document["rules"] = [_rule_keys(rule) for rule in style.rules]
    return tomli_w.dumps(document)


def _rule(keys: RuleKeys, n: int, origin: str) -> Rule:
    when = tuple(_condition(x, n, origin) for x in keys.when)
    where = _("rule {n}").format(n=n)
    if keys.icon and keys.icon not in icon_names():
        raise _refused(origin, f"{where}: {unknown_name(keys.icon, icon_names())}")
    return Rule(_texts(keys.label), _made(Symbol, keys), when, _scales(keys, origin, where))


def _condition(keys: ConditionKeys, n: int, origin: str) -> Condition:
    value = _plain(keys.value)
    wanted: tuple[type, ...] = (str, float, bool)
    if keys.op == "in":
        wanted = (tuple,)
    elif keys.op == "missing":
        wanted = (type(None),)
    elif keys.op in ("lt", "le", "gt", "ge"):
        wanted = (str, float)
    if type(value) not in wanted:
        why = _("rule {n}: {op} does not go with the value {value}")
        raise _refused(origin, why.format(n=n, op=keys.op, value=value))
    return Condition(keys.column, keys.op, value)


def _labels(keys: LabelsKeys, origin: str) -> Labels:
    scales = _scales(keys, origin, "labels")
    halo = None if keys.halo == "none" else keys.halo
    return _made(Labels, keys, halo=halo, scales=scales)


def _classes(keys: ClassesKeys, origin: str) -> Classes:
    if any(a >= b for a, b in zip(keys.breaks, keys.breaks[1:], strict=False)):
        raise _refused(origin, _("classes: the breaks must grow from each to the next"))
    _check_ramp(keys.ramp, "classes", origin)
    return _made(Classes, keys)


def _heat(keys: HeatKeys, origin: str) -> Heat:
    _check_ramp(keys.ramp, "heat", origin)
    return _made(Heat, keys)


def _check_ramp(name: str, where: str, origin: str) -> None:
    if name not in ramps():
        raise _refused(origin, f"{where}: {unknown_name(name, ramps())}")


def _scales(keys: Scaled, origin: str, where: str) -> ScaleRange:
    scales = _made(ScaleRange, keys)
    if scales.min_denominator >= scales.max_denominator:
        why = _("{where}: min_denominator must be less than max_denominator")
        raise _refused(origin, why.format(where=where))
    return scales


def _check_reach(rules: tuple[Rule, ...], origin: str) -> None:
    reached = len(list(takewhile(lambda x: x.when or x.scales != ANY_SCALE, rules)))
    if reached < len(rules) - 1:
        why = _("rule {n} takes every feature, so that the rules after it draw none")
        raise _refused(origin, why.format(n=reached + 1))


def _made(what: type[Value], keys: BaseModel, **given: Any) -> Value:
    """Return the value whose fields have the names of the keys."""
    assert is_dataclass(what)
    named = {x.name: _plain(getattr(keys, x.name)) for x in fields(what) if x.name not in given}
    return what(**named, **given)


def _rule_keys(rule: Rule) -> dict[str, Any]:
    keys: dict[str, Any] = {"label": dict(rule.labels)}
    if rule.when:
        keys["when"] = [_condition_keys(x) for x in rule.when]
    return keys | _changed(rule.scales) | _changed(rule.symbol)


def _condition_keys(condition: Condition) -> dict[str, Any]:
    keys: dict[str, Any] = {"column": condition.column, "op": condition.op}
    if condition.value is not None:
        value = condition.value
        keys["value"] = list(value) if isinstance(value, tuple) else value
    return keys


def _table_keys(table: Labels | Classes | Clusters | Heat) -> dict[str, Any]:
    keys = _changed(table, but=("halo", "scales"))
    if isinstance(table, Labels):
        keys |= _changed(table.scales)
        if table.halo != Labels("").halo:
            keys["halo"] = table.halo or "none"
    return keys


def _changed(value: Any, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the fields of a value that differ from their default, as TOML holds them."""
    return {
        x.name: list(found) if isinstance(found, tuple) else found
        for x in fields(value)
        if x.name not in but and (found := getattr(value, x.name)) != x.default
    }


def _texts(texts: Mapping[Literal["id", "en"], str]) -> dict[str, str]:
    return {str(language): text for language, text in texts.items()}


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _sentence(error: ValidationError) -> str:
    # A misspelt key is also a missing one; the misspelling says more.
    errors = error.errors(include_url=False)
    first = min(errors, key=lambda x: x["type"] != "extra_forbidden")
    is_unknown = first["type"] == "extra_forbidden" or "[key]" in first["loc"]
    where = [x for x in first["loc"] if x != "[key]"]
    while not is_unknown and _is_inside_a_value(where):
        where.pop()
    name = str(where.pop()) if where and isinstance(where[-1], str) else ""
    if is_unknown:
        what = unknown_name(name, _keys_at(where))
    elif first["type"] == "string_pattern_mismatch" and name != "icon":
        what = _("{name}: write a colour as #rrggbb").format(name=name)
    else:
        what = _wrong(first, name)
    if where[:1] == ["rules"] and len(where) > 1:
        return _("rule {n}: {what}").format(n=int(where[1]) + 1, what=what)
    return f"{where[0]}: {what}" if where and where[0] in _TABLES else what


def _wrong(error: ErrorDetails, name: str) -> str:
    """Say what is wrong with the value of the key `name`."""
    ctx = error.get("ctx", {})
    limit = next((ctx[x] for x in ("gt", "ge", "lt", "le") if x in ctx), 0)
    named = re.findall(r"'([^']*)'", str(ctx.get("expected", "")))
    if name == "value" and error["type"] != "missing":
        # It may have several types, of which pydantic names the first.
        what = _("it must be a text, a number, true or false, or a list of texts")
    else:
        what = _(_WRONG.get(error["type"], _MISPLACED))
    what = what.format(limit=number(limit), allowed=", ".join(filter(None, named)))
    return f"{name}: {what}" if name else what


def _is_inside_a_value(where: list[int | str]) -> bool:
    """Say whether a place ends in what only the check of a key's value calls so."""
    if len(where) < 2 or where[-2] in ("rules", "when"):
        return False
    return where[-1] not in _keys_at(where[:-1])


def _keys_at(where: list[int | str]) -> list[str]:
    model: type[BaseModel] = StyleKeys
    if "when" in where:
        model = ConditionKeys
    elif "label" in where or "title" in where:
        return list(get_args(get_args(Texts)[0]))
    elif "rules" in where:
        model = RuleKeys
    elif where and where[0] in _TABLES:
        model = _TABLES[str(where[0])]
    return list(model.model_fields)


def _refused(origin: str, why: str) -> GisappError:
    return GisappError(
        _("The style {origin} cannot be used: {why}.").format(origin=origin, why=why.rstrip(".")),
        _("Correct the style; docs/styles.md lists its keys and values."),
    )
