"""How a layer is drawn: an ordered list of rules, the first that fits a feature draws it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

Operator = Literal["eq", "ne", "in", "lt", "le", "gt", "ge", "missing"]
Shape = Literal["circle", "square", "triangle", "diamond", "star", "cross"]
Hatch = Literal["", "diagonal", "back", "cross", "dots"]
Blend = Literal["normal", "multiply", "screen", "darken", "lighten"]
Scheme = Literal[
    "categories",
    "equal_interval",
    "quantiles",
    "fisher_jenks",
    "natural_breaks",
    "std_mean",
    "head_tail",
    "pretty",
    "given",
]

# How a hatch looks wherever it is drawn: spacing measured along the axes, thickness of the lines,
# which is also the radius of the dots. Lines this far apart read as a tint at arm's length.
HATCH_SPACING_MM = 2.0
HATCH_LINE_MM = 0.3


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
    `icon` names a drawing of ``styles/icons`` that takes the place of the shape, in the fill's
    colour.
    """

    fill: str | None = None
    fill_opacity: float = 1.0
    hatch: Hatch = ""
    stroke: str | None = None
    stroke_mm: float = 0.26
    dash_mm: tuple[float, ...] = ()
    shape: Shape = "circle"
    icon: str = ""
    size_mm: float = 2.0


@dataclass(frozen=True)
class ScaleRange:
    """The scales at which something is drawn, as denominators: ``[min, max)``.

    0 and infinity are no limit: ``ScaleRange(0, 25_000)`` is everything nearer than 1:25,000.
    """

    min_denominator: float = 0.0
    max_denominator: float = float("inf")

    def holds(self, denominator: float) -> bool:
        """Say whether a map of 1:`denominator` lies in the range."""
        return self.min_denominator <= denominator < self.max_denominator


ANY_SCALE = ScaleRange()


@dataclass(frozen=True)
class Rule:
    """A legend entry: label, conditions that must all hold (none: everything), symbol.

    At other scales than its own a rule is as if it were not there: its features are for the rules
    after it.
    """

    labels: Mapping[str, str]
    symbol: Symbol
    when: tuple[Condition, ...] = ()
    scales: ScaleRange = ANY_SCALE


@dataclass(frozen=True)
class Labels:
    """Names on the map: the text of `column`, in millimetres and ``#rrggbb``.

    Where names compete for room, those of the higher `priority` are placed first, whatever layer
    they belong to; of one layer, those of larger features. `along` lets the names of lines follow
    them. `halo` is the colour behind the letters; None: no halo.
    """

    column: str
    size_mm: float = 2.8
    colour: str = "#1f2933"
    bold: bool = True
    halo: str | None = "#ffffff"
    halo_mm: float = 0.7
    priority: int = 0
    along: bool = False
    scales: ScaleRange = ANY_SCALE


@dataclass(frozen=True)
class Classes:
    """How the rules of a style were made from a column, so that they can be made anew.

    Parameters
    ----------
    column : str
        Whose values were classed.
    scheme : Scheme
        ``categories``: one rule a value; else how numbers were cut into classes.
    k : int
        How many classes were asked for; the data may give fewer.
    ramp : str
        A colour ramp of ``styles/ramps.toml``.
    reverse : bool
        Whether the ramp runs from its last colour to its first.
    by_size : bool
        Whether classes of numbers also grow: points in size, lines in width.
    breaks : tuple of float
        The upper limits of the classes, the last one the greatest value; a value on a limit
        belongs to the lower class. Empty for categories, and until there are data.
    """

    column: str
    scheme: Scheme
    k: int = 5
    ramp: str = "viridis"
    reverse: bool = False
    by_size: bool = False
    breaks: tuple[float, ...] = ()


@dataclass(frozen=True)
class Clusters:
    """Points drawn as one circle with their number where they are closer than `radius_mm`."""

    radius_mm: float = 8.0
    fill: str = "#3d434d"
    text: str = "#ffffff"


@dataclass(frozen=True)
class Heat:
    """Points drawn as a surface of their density, each spread over `radius_m` on the ground.

    `weight_column` counts a point more than once; a missing weight counts nothing and is told.
    """

    radius_m: float = 250.0
    ramp: str = "heat"
    weight_column: str = ""


@dataclass(frozen=True)
class Style:
    """A named list of rules, and what is done with the whole layer.

    `clusters` draws crowded points together and the rest by the rules; `heat` takes the place of
    the rules. `opacity` and `blend` are the layer's as a whole, over what lies below. `classes`
    says how the rules were made; rules are empty only where there were no data to make them from.
    """

    name: str
    rules: tuple[Rule, ...]
    titles: Mapping[str, str] = field(default_factory=dict)
    labels: Labels | None = None
    opacity: float = 1.0
    blend: Blend = "normal"
    classes: Classes | None = None
    clusters: Clusters | None = None
    heat: Heat | None = None


def at_scale(style: Style, denominator: float) -> Style:
    """Return the style with the rules and names of a map of 1:`denominator`; itself where all are.

    A style whose every rule is for other scales comes back without rules: nothing is drawn.
    """
    rules = tuple(rule for rule in style.rules if rule.scales.holds(denominator))
    labels = style.labels
    if labels is not None and not labels.scales.holds(denominator):
        labels = None
    if len(rules) == len(style.rules) and labels is style.labels:
        return style
    return replace(style, rules=rules, labels=labels)


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
