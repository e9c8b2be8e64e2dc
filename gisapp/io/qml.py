"""Styles for QGIS, as QML: derived one way from our own, never read back."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from gisapp.core.words import label
from gisapp.io.qml_labels import write_labels
from gisapp.io.qml_parts import Nature, mm, plain, quoted, rgba, scale_text, xml
from gisapp.io.qml_rules import Range, at_all_scales, category_column, filters, ranges_of
from gisapp.io.qml_symbols import write_cluster, write_symbol
from gisapp.io.ramps import ramp

if TYPE_CHECKING:
    from gisapp.core.style import Clusters, Heat, Rule, ScaleRange, Style

_QGIS_VERSION: Final = "3.22.0"
_BLENDS: Final = {"normal": 0, "lighten": 1, "screen": 2, "darken": 5, "multiply": 6}
# As the program's own surface: it fades out below these of its steps, and lets the map through.
_HEAT_STEPS, _FADED_STEPS, _HEAT_OPACITY = 20, 3, 0.85
_MAP_UNITS: Final = "1"


def to_qml(style: Style, nature: Nature, names: Mapping[str, str]) -> str:
    """Write `style` as a QGIS layer style with the same rules, colours and lengths.

    One rule without conditions becomes a single symbol; rules that each name one value of the
    same column become categories; adjoining ranges of one column become graduated classes; all
    others become a list of rules of which one fits. Clusters and heat are for points.

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
    root = ET.Element("qgis", version=_QGIS_VERSION)
    root.set("styleCategories", "Symbology|Labeling|Rendering")
    root.set("labelsEnabled", str(int(style.labels is not None)))
    if style.heat is not None and nature == "point":
        _heat(root, style.heat, names)
    elif style.clusters is not None and nature == "point":
        _clusters(root, style.clusters, style, names)
    else:
        _by_rules(root, style, nature, names)
    if style.labels is not None:
        column = names.get(style.labels.column, style.labels.column)
        write_labels(root, style.labels, column, nature)
    ET.SubElement(root, "blendMode").text = str(_BLENDS[style.blend])
    ET.SubElement(root, "layerOpacity").text = f"{style.opacity:g}"
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + xml(root)


def _by_rules(parent: ET.Element, style: Style, nature: Nature, names: Mapping[str, str]) -> None:
    """Add the plainest renderer that draws what the rules draw."""
    column, graduated = category_column(style), ranges_of(style)
    if not style.rules:
        _renderer(parent, "nullSymbol")
        return
    if not style.rules[0].when and at_all_scales(style):
        renderer = _renderer(parent, "singleSymbol")
    elif column is not None:
        renderer = _renderer(parent, "categorizedSymbol", attr=names.get(column, column))
        _categories(renderer, style.rules)
    elif graduated is not None:
        attr = names.get(graduated[0], graduated[0])
        renderer = _renderer(parent, "graduatedSymbol", attr=attr, graduatedMethod="GraduatedColor")
        _ranges(renderer, style.rules, graduated[1])
    else:
        renderer = _renderer(parent, "RuleRenderer")
        _rules(renderer, style.rules, names)
    symbols = ET.SubElement(renderer, "symbols")
    for n, rule in enumerate(style.rules):
        write_symbol(symbols, str(n), rule.symbol, nature)


def _renderer(parent: ET.Element, kind: str, **attributes: str) -> ET.Element:
    common = {"type": kind, "symbollevels": "0", "forceraster": "0"}
    return ET.SubElement(parent, "renderer-v2", common | attributes)


def _categories(renderer: ET.Element, rules: Sequence[Rule]) -> None:
    categories = ET.SubElement(renderer, "categories")
    for n, rule in enumerate(rules):
        value = rule.when[0].value if rule.when else ""
        attributes = {"symbol": str(n), "label": label(rule.labels), "render": "true"}
        ET.SubElement(categories, "category", attributes, value=plain(value), type=_variant(value))


def _variant(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    return "double" if isinstance(value, float | int) else "string"


def _ranges(renderer: ET.Element, rules: Sequence[Rule], ranges: Sequence[Range]) -> None:
    classes = ET.SubElement(renderer, "ranges")
    for n, (rule, (lower, upper)) in enumerate(zip(rules, ranges, strict=True)):
        attributes = {"symbol": str(n), "label": label(rule.labels), "render": "true"}
        ET.SubElement(classes, "range", attributes, lower=plain(lower), upper=plain(upper))


def _rules(renderer: ET.Element, rules: Sequence[Rule], names: Mapping[str, str]) -> None:
    root = ET.SubElement(renderer, "rules", key="gisapp")
    for n, (rule, text) in enumerate(zip(rules, filters(rules, names), strict=True)):
        attributes = {"symbol": str(n), "label": label(rule.labels), "filter": text}
        ET.SubElement(root, "rule", attributes | _scales(rule.scales), key=f"gisapp-{n}")


def _scales(scales: ScaleRange) -> dict[str, str]:
    limits = {}
    if scales.min_denominator > 0:
        limits["scalemindenom"] = scale_text(scales.min_denominator)
    if not math.isinf(scales.max_denominator):
        limits["scalemaxdenom"] = scale_text(scales.max_denominator)
    return limits


def _clusters(root: ET.Element, look: Clusters, style: Style, names: Mapping[str, str]) -> None:
    renderer = _renderer(root, "pointCluster", tolerance=mm(look.radius_mm), toleranceUnit="MM")
    _by_rules(renderer, style, "point", names)
    write_cluster(renderer, look)


def _heat(root: ET.Element, heat: Heat, names: Mapping[str, str]) -> None:
    weight = heat.weight_column
    renderer = _renderer(
        root,
        "heatmapRenderer",
        radius=mm(heat.radius_m),
        radius_unit=_MAP_UNITS,
        max_value="0",
        quality="1",
        weight_expression=quoted(names.get(weight, weight)) if weight else "",
    )
    gradient = ET.SubElement(renderer, "colorramp", type="gradient", name="[source]")
    options = ET.SubElement(gradient, "Option", type="Map")
    colours = ramp(heat.ramp, _HEAT_STEPS + 1)
    stops = [
        f"{n / _HEAT_STEPS:.4g};{rgba(colours[n], _HEAT_OPACITY)}"
        for n in range(_FADED_STEPS, _HEAT_STEPS)
    ]
    values = {
        "color1": rgba(colours[0], 0.0),
        "color2": rgba(colours[-1], _HEAT_OPACITY),
        "discrete": "0",
        "rampType": "gradient",
        "stops": ":".join(stops),
    }
    for name, value in values.items():
        ET.SubElement(options, "Option", name=name, value=value, type="QString")
