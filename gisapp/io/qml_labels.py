"""Names on the map as QGIS's simple labelling."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Final

from gisapp.core.style import ANY_SCALE
from gisapp.io.qml_parts import Nature, mm, rgba, scale_text

if TYPE_CHECKING:
    from gisapp.core.style import Labels

# QGIS's numbers for where names stand: around a point, curved or straight along a line, over a
# place inside an area.
_AROUND, _OVER, _LINE, _CURVED = "6", "1", "2", "3"
# Ours count from 0 upward without end, QGIS's from 0 to 10.
_MIDDLE_PRIORITY: Final = 5
_BOLD, _NORMAL = "75", "50"


def write_labels(root: ET.Element, labels: Labels, column: str, nature: Nature) -> None:
    """Add the labelling of a layer whose names lie in `column` (as it is stored)."""
    labelling = ET.SubElement(root, "labeling", type="simple")
    settings = ET.SubElement(labelling, "settings", calloutType="simple")
    text = ET.SubElement(
        settings,
        "text-style",
        fieldName=column,
        isExpression="0",
        fontSize=mm(labels.size_mm),
        fontSizeUnit="MM",
        fontWeight=_BOLD if labels.bold else _NORMAL,
        namedStyle="Bold" if labels.bold else "Regular",
        textColor=rgba(labels.colour),
        textOpacity="1",
    )
    ET.SubElement(
        text,
        "text-buffer",
        bufferDraw=str(int(labels.halo is not None)),
        bufferSize=mm(labels.halo_mm),
        bufferSizeUnits="MM",
        bufferColor=rgba(labels.halo),
        bufferOpacity="1",
    )
    ET.SubElement(settings, "placement", _placement(labels, nature))
    ET.SubElement(settings, "rendering", _rendering(labels))


def _placement(labels: Labels, nature: Nature) -> dict[str, str]:
    priority = min(max(_MIDDLE_PRIORITY + labels.priority, 0), 10)
    common = {"priority": str(priority)}
    if nature == "point":
        return common | {"placement": _AROUND, "dist": "1", "distUnits": "MM"}
    if nature == "line":
        # 1: on the line.
        return common | {"placement": _CURVED if labels.along else _LINE, "placementFlags": "9"}
    return common | {"placement": _OVER, "centroidInside": "1", "centroidWhole": "0"}


def _rendering(labels: Labels) -> dict[str, str]:
    scales = labels.scales
    furthest = 0 if math.isinf(scales.max_denominator) else scales.max_denominator
    return {
        "drawLabels": "1",
        "scaleVisibility": str(int(scales != ANY_SCALE)),
        "scaleMin": scale_text(scales.min_denominator),
        "scaleMax": scale_text(furthest),
    }
