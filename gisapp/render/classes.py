"""Rules made from the values of a column: one a category, or one a class of numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely

from gisapp.core.errors import GisappError
from gisapp.core.style import Classes, Condition, Operator, Rule, Style, Symbol
from gisapp.core.words import LANGUAGES, _, number, speaking
from gisapp.io.catalogue import unknown_name
from gisapp.io.ramps import ramp
from gisapp.render.breaks import Limits, limits_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from gisapp.core.catalogue import Field
    from gisapp.render.legend import Nature

NO_DATA_GREY, NO_DATA_LINE = "#e4e7eb", "#8a94a0"
OTHER_GREY = "#a3acb5"
POINT_MM, LINE_MM = (1.4, 4.6), (0.25, 1.4)
MOST_DECIMALS = 6
# Up to here whole numbers are counted one by one: after 5 comes 6. A rupiah more says nothing.
COUNTED_UP_TO = 10_000
Conditions = tuple[Condition, ...]


@dataclass(frozen=True)
class Classing:
    """A style with its new rules, and of how many values the limits are (0: of all)."""

    style: Style
    sampled: int = 0


def classed(style: Style, frame: gpd.GeoDataFrame, field: Field | None = None) -> Style:
    """Return the style with rules made anew from its `classes`; see `classing`."""
    return classing(style, frame, field).style


def classing(style: Style, frame: gpd.GeoDataFrame, field: Field | None = None) -> Classing:
    """Make rules from a style's `classes` and a layer's values.

    The first rule's symbol is kept but for its colour. Where values are missing they get a rule of
    their own, and what is neither missing nor in a class (infinities, rarer categories) one after
    it.

    Parameters
    ----------
    style : Style
        Has `classes`.
    frame : GeoDataFrame
        The layer's; the order of its rows changes nothing.
    field : Field, optional
        What the catalogue says of the column: its codes give categories their names and order.

    Raises
    ------
    GisappError
        Where the layer has no such column, or one that is not of numbers is to be cut into
        classes, or no breaks are given, or there is no such ramp.
    """
    asked = style.classes
    assert asked is not None
    if asked.column not in frame.columns or asked.column == frame.geometry.name:
        raise GisappError(
            _("Classes cannot be made: {why}").format(
                why=unknown_name(asked.column, frame.columns.drop(frame.geometry.name))
            ),
            _("Choose one of the layer's columns."),
        )
    column, nature = frame[asked.column], nature_of(frame)
    base = next((rule.symbol for rule in style.rules), Symbol())
    if asked.scheme == "categories":
        rules = _categories(column, asked, base, nature, field)
        return Classing(replace(style, rules=rules, classes=replace(asked, breaks=())))
    return _graduated(style, column, asked, base, nature)


def nature_of(frame: gpd.GeoDataFrame) -> Nature:
    """Return what most of a frame's geometries are; of an empty frame, points."""
    dimensions = shapely.get_dimensions(frame.geometry.array)
    counts = np.bincount(dimensions[dimensions >= 0], minlength=3)
    natures: tuple[Nature, ...] = ("point", "line", "area")
    return natures[int(counts.argmax())]


def is_numeric(column: pd.Series[Any]) -> bool:
    """Whether a column holds numbers, which can be cut into classes."""
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


# ---------------------------------------------------------------- categories


def _categories(
    column: pd.Series[Any], asked: Classes, base: Symbol, nature: Nature, field: Field | None
) -> tuple[Rule, ...]:
    counted = column.value_counts()
    # Equally frequent values stand in the order of the alphabet, whatever the rows' order.
    ranked = sorted(counted.items(), key=lambda x: (-x[1], str(x[0])))
    named = [plain_value(value) for value, _count in ranked[: asked.k]]
    if field is not None and field.codes:
        codes = list(field.codes)
        named.sort(key=lambda x: codes.index(x) if x in codes else len(codes))
    colours = _colours(asked, len(named))
    rules = [
        Rule(
            _category_label(value, field),
            _coloured(base, nature, colour),
            (Condition(asked.column, "eq", value),),
        )
        for value, colour in zip(named, colours, strict=True)
    ]
    rest = (_other(base, nature),) if len(ranked) > len(named) else ()
    return (*rules, *_no_data(column, asked, base, nature), *rest)


def plain_value(value: Any) -> str | float | bool:
    """Return a column's value as a condition compares with it."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | float | np.number):
        return float(value)
    return str(value)


def _category_label(value: str | float | bool, field: Field | None) -> dict[str, str]:
    if field is not None and value in field.codes:
        return dict(field.codes[str(value)])
    if isinstance(value, bool):
        return _in_both(lambda: _("yes") if value else _("no"))
    if isinstance(value, float):
        return _in_both(lambda: _written(value, MOST_DECIMALS))
    return _in_both(lambda: value or _("(empty)"))


# ---------------------------------------------------------------- classes of numbers


def _graduated(
    style: Style, column: pd.Series[Any], asked: Classes, base: Symbol, nature: Nature
) -> Classing:
    if not is_numeric(column):
        raise GisappError(
            _("{column} holds no numbers, so it cannot be cut into classes.").format(
                column=asked.column
            ),
            _("Choose categories, or a column of numbers."),
        )
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    limits = _given(asked) if asked.scheme == "given" else limits_of(values, asked.scheme, asked.k)
    spans = _spans(asked, limits)
    names = _span_labels(limits, whole=_are_whole(values, limits), is_given=asked.scheme == "given")
    colours = _colours(asked, len(spans))
    rules = [
        Rule(name, _grown(_coloured(base, nature, colour), nature, asked, i / len(spans)), when)
        for i, (when, name, colour) in enumerate(zip(spans, names, colours, strict=True), 1)
    ]
    beyond = (_other(base, nature),) if np.isinf(values).any() else ()
    made = (*rules, *_no_data(column, asked, base, nature), *beyond)
    breaks = asked.breaks if asked.scheme == "given" else limits.upper
    return Classing(
        replace(style, rules=made, classes=replace(asked, breaks=breaks)), limits.sampled
    )


def _given(asked: Classes) -> Limits:
    if not asked.breaks:
        raise GisappError(
            _("No limits are given for the classes of {column}.").format(column=asked.column),
            _("Write the upper limit of each class, or choose another way to make classes."),
        )
    return Limits(-math.inf, (*asked.breaks, math.inf))


def _spans(asked: Classes, limits: Limits) -> list[Conditions]:
    """Return each class's conditions: above the limit before it, at most its own."""
    spans = []
    above: tuple[Operator, float] = ("ge", limits.lowest)
    for upper in limits.upper:
        ends: tuple[tuple[Operator, float], ...] = (above, ("le", upper))
        spans.append(tuple(Condition(asked.column, *x) for x in ends if math.isfinite(x[1])))
        above = ("gt", upper)
    return spans


def _span_labels(limits: Limits, *, whole: bool, is_given: bool) -> list[dict[str, str]]:
    ends = [x for x in (limits.lowest, *limits.upper) if math.isfinite(x)]
    decimals = 0 if whole else _decimals(ends)

    def text(lower: float, upper: float, first: bool) -> Callable[[], str]:
        if is_given and not math.isfinite(lower):
            return lambda: _("up to {n}").format(n=_written(upper, decimals))
        if is_given and not math.isfinite(upper):
            return lambda: _("more than {n}").format(n=_written(lower, decimals))
        start = lower + 1 if whole and not first else lower
        if start == upper:
            return lambda: _written(upper, decimals)
        return lambda: f"{_written(start, decimals)} – {_written(upper, decimals)}"

    pairs = pairwise((limits.lowest, *limits.upper))
    return [_in_both(text(lower, upper, i == 0)) for i, (lower, upper) in enumerate(pairs)]


def _are_whole(values: NDArray[np.float64], limits: Limits) -> bool:
    """Whether values and limits are all integers that are counted one by one."""
    finite = values[np.isfinite(values)]
    ends = np.array([x for x in limits.upper if math.isfinite(x)])
    return all(np.all((x == np.floor(x)) & (np.abs(x) <= COUNTED_UP_TO)) for x in (finite, ends))


def _decimals(ends: Sequence[float]) -> int:
    """Return the fewest decimals with which no limit moves by a thousandth of the least class."""
    steps = [b - a for a, b in pairwise(ends) if b > a]
    allowed = min(steps, default=1.0) / 1000
    fits = (n for n in range(MOST_DECIMALS) if all(abs(round(x, n) - x) <= allowed for x in ends))
    return next(fits, MOST_DECIMALS)


def _written(value: float, most: int) -> str:
    if not math.isfinite(value):
        return str(value)
    rounded = round(value, most)
    return number(value, next(n for n in range(most + 1) if round(rounded, n) == rounded))


# ---------------------------------------------------------------- symbols


def _colours(asked: Classes, n: int) -> tuple[str, ...]:
    colours = ramp(asked.ramp, n)
    return colours[::-1] if asked.reverse else colours


def _coloured(base: Symbol, nature: Nature, colour: str) -> Symbol:
    plain = replace(base, hatch="", dash_mm=())
    if nature == "line":
        return replace(plain, stroke=colour, fill=None)
    # What had no fill was all outline: its colour is not one of the classes.
    stroke = base.stroke if base.fill is not None else "#ffffff"
    opacity = base.fill_opacity if base.fill is not None else 0.75
    if nature == "point" and base.fill is None:
        opacity = 1.0
    return replace(plain, fill=colour, fill_opacity=opacity, stroke=stroke)


def _grown(symbol: Symbol, nature: Nature, asked: Classes, share: float) -> Symbol:
    """Return the symbol at the size of a class: areas of points and widths of lines grow evenly."""
    if not asked.by_size or nature == "area":
        return symbol
    if nature == "line":
        return replace(symbol, stroke_mm=round(LINE_MM[0] + share * (LINE_MM[1] - LINE_MM[0]), 2))
    least, most = (x * x for x in POINT_MM)
    return replace(symbol, size_mm=round(math.sqrt(least + share * (most - least)), 2))


def _no_data(
    column: pd.Series[Any], asked: Classes, base: Symbol, nature: Nature
) -> tuple[Rule, ...]:
    if not column.isna().any():
        return ()
    grey = replace(base, fill=NO_DATA_GREY, stroke=NO_DATA_LINE, icon="", hatch="", dash_mm=())
    if nature == "line":
        grey = replace(grey, fill=None, dash_mm=(1.0, 1.0))
    elif nature == "area":
        grey = replace(grey, hatch="back", stroke_mm=min(base.stroke_mm, 0.2))
    else:
        grey = replace(grey, fill="#ffffff", stroke_mm=0.25)
    return (Rule(_in_both(lambda: _("No data")), grey, (Condition(asked.column, "missing"),)),)


def _other(base: Symbol, nature: Nature) -> Rule:
    symbol = _coloured(base, nature, OTHER_GREY)
    return Rule(_in_both(lambda: _("Other values")), symbol)


def _in_both(text: Callable[[], str]) -> dict[str, str]:
    texts = {}
    for code in LANGUAGES:
        with speaking(code):
            texts[code] = text()
    return texts
