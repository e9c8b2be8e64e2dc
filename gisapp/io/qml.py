"""Styles for QGIS, as QML: derived one way from our own, never read back."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal

from gisapp.core.words import label

if TYPE_CHECKING:
    from gisapp.core.style import Condition, Rule, Style, Symbol

Nature = Literal["point", "line", "area"]

# How the program's own painter draws: spacing along the axes, thickness of lines, dots' radius.
HATCH_SPACING_MM: Final = 2.0
HATCH_LINE_MM: Final = 0.3
LABEL_MM: Final = 2.8

_QGIS_VERSION: Final = "3.22.0"
_SYMBOL_TYPE: Final = {"point": "marker", "line": "line", "area": "fill"}
# QGIS's name for a shape, its size against ours (ours look equally large), its turn in degrees.
_MARKERS: Final = {
    "circle": ("circle", 1.0, 0),
    "square": ("square", 0.89, 0),
    "triangle": ("triangle", 1.05, 0),
    "diamond": ("diamond", 1.25, 0),
    "star": ("star", 1.25, 0),
    "cross": ("cross_fill", 1.25, 45),
}
_HATCH_ANGLES: Final = {"diagonal": (45,), "back": (135,), "cross": (45, 135)}
_OPERATORS: Final = {"eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_NOT_XML: Final = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_qml(style: Style, nature: Nature, names: Mapping[str, str]) -> str:
    """Write `style` as a QGIS layer style with the same rules, colours and lengths.

    One rule without conditions becomes a single symbol; rules that each name one value of the
    same column become categories; all others become a list of rules of which one fits.

    Parameters
    ----------
    nature : {"point", "line", "area"}
        What the layer's geometries are.
    names : mapping
        Column name to the name it is stored under.

    Returns
    -------
    str
        An XML document, labels in the language in force.
    """
    root = ET.Element("qgis", version=_QGIS_VERSION, styleCategories="Symbology|Labeling")
    root.set("labelsEnabled", str(int(style.labels is not None)))
    column = category_column(style)
    if not style.rules[0].when:
        renderer = _renderer(root, "singleSymbol")
    elif column is not None:
        renderer = _renderer(root, "categorizedSymbol", attr=names.get(column, column))
        _categories(renderer, style.rules)
    else:
        renderer = _renderer(root, "RuleRenderer")
        _rules(renderer, style.rules, names)
    symbols = ET.SubElement(renderer, "symbols")
    for n, rule in enumerate(style.rules):
        _symbol(symbols, str(n), rule.symbol, nature)
    if style.labels is not None:
        _labelling(root, names.get(style.labels.column, style.labels.column))
    ET.SubElement(root, "layerOpacity").text = "1"
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + xml(root)


def category_column(style: Style) -> str | None:
    """Return the column whose values alone choose among the rules; None where more does."""
    chosen = [rule.when for rule in style.rules if rule.when]
    simple = all(len(when) == 1 and when[0].op == "eq" for when in chosen)
    columns = {when[0].column for when in chosen}
    values = [when[0].value for when in chosen]
    distinct = len(values) == len(set(values)) and "" not in values
    return columns.pop() if chosen and simple and distinct and len(columns) == 1 else None


def filters(rules: Sequence[Rule], names: Mapping[str, str]) -> list[str]:
    """Return a QGIS expression for each rule: its conditions, and those of no rule before it."""
    own = [" AND ".join(_condition(x, names) for x in rule.when) for rule in rules]
    return [
        " AND ".join(
            [
                *([f"({text})"] if text else []),
                *(f"NOT coalesce({before}, FALSE)" for before in own[:n] if before),
            ]
        )
        for n, text in enumerate(own)
    ]


def xml(root: ET.Element) -> str:
    """Write an XML document, leaving out the characters that XML cannot hold."""
    for element in root.iter():
        element.text = _NOT_XML.sub("", element.text) if element.text else element.text
        for key, value in element.items():
            element.set(key, _NOT_XML.sub("", value))
    return ET.tostring(root, encoding="unicode")


def _renderer(root: ET.Element, kind: str, attr: str = "") -> ET.Element:
    renderer = ET.SubElement(root, "renderer-v2", type=kind, symbollevels="0", forceraster="0")
    if attr:
        renderer.set("attr", attr)
    return renderer


def _categories(renderer: ET.Element, rules: Sequence[Rule]) -> None:
    categories = ET.SubElement(renderer, "categories")
    for n, rule in enumerate(rules):
        value = rule.when[0].value if rule.when else ""
        attributes = {"symbol": str(n), "label": label(rule.labels), "render": "true"}
        ET.SubElement(categories, "category", attributes, value=plain(value), type=_variant(value))


def _rules(renderer: ET.Element, rules: Sequence[Rule], names: Mapping[str, str]) -> None:
    root = ET.SubElement(renderer, "rules", key="gisapp")
    for n, (rule, text) in enumerate(zip(rules, filters(rules, names), strict=True)):
        ET.SubElement(
            root, "rule", key=f"gisapp-{n}", symbol=str(n), label=label(rule.labels), filter=text
        )


def _condition(condition: Condition, names: Mapping[str, str]) -> str:
    column = '"' + names.get(condition.column, condition.column).replace('"', '""') + '"'
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


def plain(value: object) -> str:
    """Write a value as text, truth values in lower case and whole numbers without a point."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).removesuffix(".0")


def _variant(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    return "double" if isinstance(value, float | int) else "string"


def _symbol(parent: ET.Element, name: str, symbol: Symbol, nature: Nature) -> None:
    element = ET.SubElement(
        parent, "symbol", name=name, type=_SYMBOL_TYPE[nature], alpha="1", clip_to_extent="1"
    )
    if nature == "point":
        _marker(element, symbol)
    elif nature == "line":
        _line(element, symbol)
    else:
        _area(element, symbol)


def _marker(parent: ET.Element, symbol: Symbol) -> None:
    shape, scale, angle = _MARKERS[symbol.shape]
    _layer(
        parent,
        "SimpleMarker",
        name=shape,
        angle=str(angle),
        color=_colour(symbol.fill, symbol.fill_opacity),
        size=_mm(symbol.size_mm * scale),
        size_unit="MM",
        **_outline(symbol),
    )


def _line(parent: ET.Element, symbol: Symbol) -> None:
    _layer(
        parent,
        "SimpleLine",
        line_color=_colour(symbol.stroke or symbol.fill),
        line_style="solid",
        line_width=_mm(symbol.stroke_mm),
        line_width_unit="MM",
        joinstyle="round",
        capstyle="flat",
        use_custom_dash=str(int(bool(symbol.dash_mm))),
        customdash=";".join(map(_mm, symbol.dash_mm)) or "5;2",
        customdash_unit="MM",
    )


def _area(parent: ET.Element, symbol: Symbol) -> None:
    dashed = bool(symbol.dash_mm) and symbol.stroke is not None
    _layer(
        parent,
        "SimpleFill",
        color=_colour(symbol.fill, symbol.fill_opacity),
        style="solid" if symbol.fill else "no",
        joinstyle="round",
        **_outline(symbol, drawn=not dashed),
    )
    colour = _colour(symbol.stroke or symbol.fill)
    for angle in _HATCH_ANGLES.get(symbol.hatch, ()):
        _hatch(parent, angle, colour)
    if symbol.hatch == "dots":
        _dots(parent, colour)
    if dashed:
        _line(parent, symbol)


def _hatch(parent: ET.Element, angle: int, colour: str) -> None:
    # The distance of QGIS is measured across the lines, ours along the axes.
    layer = _layer(
        parent,
        "LinePatternFill",
        angle=str(angle),
        color=colour,
        distance=_mm(HATCH_SPACING_MM / 2**0.5),
        distance_unit="MM",
        line_width=_mm(HATCH_LINE_MM),
        line_width_unit="MM",
    )
    line = ET.SubElement(layer, "symbol", name="@0@1", type="line", alpha="1")
    _layer(
        line,
        "SimpleLine",
        line_color=colour,
        line_style="solid",
        line_width=_mm(HATCH_LINE_MM),
        line_width_unit="MM",
    )


def _dots(parent: ET.Element, colour: str) -> None:
    layer = _layer(
        parent,
        "PointPatternFill",
        distance_x=_mm(HATCH_SPACING_MM),
        distance_x_unit="MM",
        distance_y=_mm(HATCH_SPACING_MM),
        distance_y_unit="MM",
    )
    dot = ET.SubElement(layer, "symbol", name="@0@1", type="marker", alpha="1")
    _layer(
        dot,
        "SimpleMarker",
        name="circle",
        color=colour,
        outline_style="no",
        size=_mm(2 * HATCH_LINE_MM),
        size_unit="MM",
    )


def _outline(symbol: Symbol, *, drawn: bool = True) -> dict[str, str]:
    return {
        "outline_color": _colour(symbol.stroke),
        "outline_style": "solid" if symbol.stroke and drawn else "no",
        "outline_width": _mm(symbol.stroke_mm),
        "outline_width_unit": "MM",
    }


def _layer(parent: ET.Element, kind: str, **options: str) -> ET.Element:
    layer = ET.SubElement(parent, "layer", {"class": kind}, enabled="1", locked="0")
    layer.set("pass", "0")
    values = ET.SubElement(layer, "Option", type="Map")
    for name, value in options.items():
        ET.SubElement(values, "Option", name=name, value=value, type="QString")
    return layer


def _labelling(root: ET.Element, column: str) -> None:
    labelling = ET.SubElement(root, "labeling", type="simple")
    settings = ET.SubElement(labelling, "settings", calloutType="simple")
    text = ET.SubElement(
        settings,
        "text-style",
        fieldName=column,
        isExpression="0",
        fontSize=_mm(LABEL_MM),
        fontSizeUnit="MM",
        textColor="31,36,48,255",
    )
    ET.SubElement(
        text,
        "text-buffer",
        bufferDraw="1",
        bufferSize="0.6",
        bufferSizeUnits="MM",
        bufferColor="255,255,255,230",
    )
    ET.SubElement(settings, "placement", placement="1", centroidInside="1")
    ET.SubElement(settings, "rendering", drawLabels="1")


def _colour(colour: str | None, opacity: float = 1.0) -> str:
    if colour is None:
        return "0,0,0,0"
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return ",".join(map(str, (*parts, round(opacity * 255))))


def _mm(length: float) -> str:
    return f"{length:.4g}"
