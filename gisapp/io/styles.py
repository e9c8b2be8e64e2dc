"""Styles as TOML: one file a style, strict to read, written back the same."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from itertools import takewhile
from typing import Annotated, Any, Literal, get_args

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from gisapp.core.errors import GisappError
from gisapp.core.style import Condition, Hatch, Operator, Rule, Shape, Style, Symbol
from gisapp.core.words import _
from gisapp.io.bundled import bundled
from gisapp.io.catalogue import unknown_name

_Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$", to_lower=True)]
_Length = Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
_Labels = dict[Literal["id", "en"], str]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _ConditionKeys(_Strict):
    column: Annotated[str, StringConstraints(min_length=1)]
    op: Operator
    value: bool | float | str | list[str] | None = None


class _RuleKeys(_Strict):
    label: _Labels
    when: list[_ConditionKeys] = []
    fill: _Colour | None = None
    fill_opacity: Annotated[float, Field(ge=0, le=1)] = 1.0
    hatch: Hatch = ""
    stroke: _Colour | None = None
    stroke_mm: _Length = 0.26
    dash_mm: list[_Length] = []
    shape: Shape = "circle"
    size_mm: _Length = 2.0


class _StyleKeys(_Strict):
    name: Annotated[str, StringConstraints(min_length=1)]
    title: _Labels = {}
    label_column: str = ""
    rules: Annotated[list[_RuleKeys], Field(min_length=1)]


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
        TOML with ``name``, ``title``, ``label_column`` and ``[[rules]]``; each rule has ``label``
        (by language), ``when`` (``column``, ``op``, ``value``) and the keys of a `Symbol`.
    origin : str
        What to call the text in messages.

    Raises
    ------
    GisappError
        For TOML that cannot be parsed, an unknown key (the message names the rule and the nearest
        key), a wrong value, or a rule that no feature can reach.
    """
    try:
        keys = _StyleKeys.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _refused(origin, str(error)) from error
    except ValidationError as error:
        raise _refused(origin, _sentence(error)) from error
    rules = tuple(_rule(x, n, origin) for n, x in enumerate(keys.rules, 1))
    reached = len(list(takewhile(lambda rule: rule.when, rules)))
    if reached < len(rules) - 1:
        why = _("rule {n} takes every feature, so that the rules after it draw none")
        raise _refused(origin, why.format(n=reached + 1))
    return Style(keys.name, rules, _labels(keys.title), keys.label_column)


def format_style(style: Style) -> str:
    """Write a style as the TOML that `parse_style` reads, without what has its default value."""
    document: dict[str, Any] = {"name": style.name}
    if style.titles:
        document["title"] = dict(style.titles)
    if style.label_column:
        document["label_column"] = style.label_column
    document["rules"] = [_rule_keys(rule) for rule in style.rules]
    return tomli_w.dumps(document)


def _rule(keys: _RuleKeys, n: int, origin: str) -> Rule:
    symbol = Symbol(**{x.name: _plain(getattr(keys, x.name)) for x in fields(Symbol)})
    when = tuple(_condition(x, n, origin) for x in keys.when)
    return Rule(_labels(keys.label), symbol, when)


def _condition(keys: _ConditionKeys, n: int, origin: str) -> Condition:
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


def _rule_keys(rule: Rule) -> dict[str, Any]:
    keys: dict[str, Any] = {"label": dict(rule.labels)}
    if rule.when:
        keys["when"] = [_condition_keys(x) for x in rule.when]
    for x in fields(Symbol):
        value = getattr(rule.symbol, x.name)
        if value != x.default:
            keys[x.name] = list(value) if isinstance(value, tuple) else value
    return keys


def _condition_keys(condition: Condition) -> dict[str, Any]:
    keys: dict[str, Any] = {"column": condition.column, "op": condition.op}
    if condition.value is not None:
        value = condition.value
        keys["value"] = list(value) if isinstance(value, tuple) else value
    return keys


def _labels(texts: Mapping[Literal["id", "en"], str]) -> dict[str, str]:
    return {str(language): text for language, text in texts.items()}


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _sentence(error: ValidationError) -> str:
    # A misspelt key is also a missing one; the misspelling says more.
    errors = error.errors(include_url=False)
    first = min(errors, key=lambda x: x["type"] != "extra_forbidden")
    where = [x for x in first["loc"] if x != "[key]"]
    name = str(where.pop()) if where and isinstance(where[-1], str) else ""
    if first["type"] == "extra_forbidden" or "[key]" in first["loc"]:
        what = unknown_name(name, _keys_at(where))
    elif first["type"] == "string_pattern_mismatch":
        what = _("{name}: write a colour as #rrggbb").format(name=name)
    else:
        what = f"{name}: {first['msg']}" if name else first["msg"]
    if where[:1] == ["rules"] and len(where) > 1:
        return _("rule {n}: {what}").format(n=int(where[1]) + 1, what=what)
    return what


def _keys_at(where: list[int | str]) -> list[str]:
    model: type[BaseModel] = _StyleKeys
    if "when" in where:
        model = _ConditionKeys
    elif "label" in where or "title" in where:
        return list(get_args(get_args(_Labels)[0]))
    elif "rules" in where:
        model = _RuleKeys
    return list(model.model_fields)


def _refused(origin: str, why: str) -> GisappError:
    return GisappError(
        _("The style {origin} cannot be used: {why}.").format(origin=origin, why=why.rstrip(".")),
        _("Correct the style; docs/styles.md lists its keys and values."),
    )
