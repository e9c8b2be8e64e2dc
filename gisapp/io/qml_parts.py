"""Small pieces of QML: elements, colours, lengths, values as QGIS writes them."""

from __future__ import annotations

import math
import re
import sys
import xml.etree.ElementTree as ET
from typing import Final, Literal

Nature = Literal["point", "line", "area"]

_NOT_XML: Final = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml(root: ET.Element) -> str:
    """Write an XML document, leaving out the characters that XML cannot hold."""
    for element in root.iter():
        element.text = _NOT_XML.sub("", element.text) if element.text else element.text
        for key, value in element.items():
            element.set(key, _NOT_XML.sub("", value))
    return ET.tostring(root, encoding="unicode")


def symbol_layer(parent: ET.Element, kind: str, **options: str) -> ET.Element:
    """Add a layer of a symbol, of QGIS's class `kind`, with its properties."""
    layer = ET.SubElement(parent, "layer", {"class": kind}, enabled="1", locked="0")
    layer.set("pass", "0")
    values = ET.SubElement(layer, "Option", type="Map")
    for name, value in options.items():
        ET.SubElement(values, "Option", name=name, value=value, type="QString")
    return layer


def expression_properties(parent: ET.Element, **expressions: str) -> None:
    """Let properties of a symbol layer follow QGIS expressions."""
    holder = ET.SubElement(parent, "data_defined_properties")
    outer = ET.SubElement(holder, "Option", type="Map")
    ET.SubElement(outer, "Option", name="name", value="", type="QString")
    properties = ET.SubElement(outer, "Option", name="properties", type="Map")
    for name, expression in expressions.items():
        one = ET.SubElement(properties, "Option", name=name, type="Map")
        ET.SubElement(one, "Option", name="active", value="true", type="bool")
        ET.SubElement(one, "Option", name="expression", value=expression, type="QString")
        ET.SubElement(one, "Option", name="type", value="3", type="int")
    ET.SubElement(outer, "Option", name="type", value="collection", type="QString")


def rgba(colour: str | None, opacity: float = 1.0) -> str:
    """Write ``#rrggbb`` as QGIS's ``red,green,blue,alpha``; no colour is wholly transparent."""
    if colour is None:
        return "0,0,0,0"
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return ",".join(map(str, (*parts, round(opacity * 255))))


def mm(length: float) -> str:
    """Write a length to four digits."""
    return f"{length:.4g}"


def plain(value: object) -> str:
    """Write a value as text, truth values in lower case and whole numbers without a point.

    Infinities, which neither QGIS nor SLD can read, become the greatest numbers there are.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and math.isinf(value):
        value = math.copysign(sys.float_info.max, value)
    return value if isinstance(value, str) else str(value).removesuffix(".0")


def quoted(column: str) -> str:
    """Write a column's name as QGIS expressions have it."""
    return '"' + column.replace('"', '""') + '"'


def scale_text(denominator: float) -> str:
    """Write a scale's denominator."""
    return f"{denominator:.10g}"
