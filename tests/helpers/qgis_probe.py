"""Run by QGIS's own Python: says how QGIS sees the layers of a GeoPackage, as JSON."""

import json
import os
import sqlite3
import sys
import tempfile
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    QgsApplication,
    QgsExpressionContextUtils,
    QgsRenderContext,
    QgsUnitTypes,
    QgsVectorLayer,
)


def symbol_of(symbol):
    first = symbol.symbolLayer(0)
    return {
        "fill": first.fillColor().name() if hasattr(first, "fillColor") else None,
        "fill_alpha": first.fillColor().alphaF() if hasattr(first, "fillColor") else None,
        "stroke": first.strokeColor().name() if hasattr(first, "strokeColor") else None,
        "stroke_mm": first.strokeWidth() if hasattr(first, "strokeWidth") else None,
        "size_mm": first.size() if hasattr(first, "size") else None,
        "layers": [x.layerType() for x in symbol.symbolLayers()],
    }


def rules_of(renderer):
    if renderer.type() == "pointCluster":
        return rules_of(renderer.embeddedRenderer())
    if renderer.type() in ("heatmapRenderer", "nullSymbol"):
        return []
    if renderer.type() == "singleSymbol":
        return [{"label": "", **symbol_of(renderer.symbol())}]
    if renderer.type() == "graduatedSymbol":
        return [
            {
                "range": [x.lowerValue(), x.upperValue()],
                "label": x.label(),
                **symbol_of(x.symbol()),
            }
            for x in renderer.ranges()
        ]
    if renderer.type() == "categorizedSymbol":
        return [
            {"value": x.value(), "label": x.label(), **symbol_of(x.symbol())}
            for x in renderer.categories()
        ]
    return [
        {
            "filter": x.filterExpression(),
            "label": x.label(),
            "scales": [x.maximumScale(), x.minimumScale()],
            **symbol_of(x.symbol()),
        }
        for x in renderer.rootRule().children()
    ]


def look(symbol):
    return str([sorted(x.properties().items()) for x in symbol.symbolLayers()])


def labels_of(layer):
    """Return, for each feature by its id, the labels of the rules that draw it."""
    renderer = layer.renderer().clone()
    if renderer.type() in ("pointCluster", "heatmapRenderer"):
        return None
    context = QgsRenderContext()
    context.expressionContext().appendScopes(
        QgsExpressionContextUtils.globalProjectLayerScopes(layer)
    )
    renderer.startRender(context, layer.fields())
    label_of = {look(x.symbol()): x.label() for x in renderer.legendSymbolItems() if x.symbol()}
    drawn = {}
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        symbols = renderer.originalSymbolsForFeature(feature, context)
        drawn[str(feature["id"])] = sorted(label_of[look(x)] for x in symbols)
    renderer.stopRender(context)
    return drawn


def labelling_of(layer):
    settings = layer.labeling().settings()
    text = settings.format()
    return {
        "column": settings.fieldName,
        "size": [text.size(), QgsUnitTypes.encodeUnit(text.sizeUnit())],
        "colour": text.color().name(),
        "bold": text.font().bold(),
        "halo": text.buffer().color().name() if text.buffer().enabled() else None,
        "halo_mm": text.buffer().size(),
        "priority": settings.priority,
        "placement": int(settings.placement),
        "scales": [settings.maximumScale, settings.minimumScale]
        if settings.scaleVisibility
        else None,
    }


def grouping_of(renderer):
    """Return what clusters and heat say of themselves."""
    if renderer.type() == "pointCluster":
        unit = QgsUnitTypes.encodeUnit(renderer.toleranceUnit())
        circle = renderer.clusterSymbol().symbolLayer(0)
        return {"radius": [renderer.tolerance(), unit], "fill": circle.fillColor().name()}
    if renderer.type() == "heatmapRenderer":
        ramp = renderer.colorRamp()
        return {
            "radius": [renderer.radius(), QgsUnitTypes.encodeUnit(renderer.radiusUnit())],
            "weight": renderer.weightExpression(),
            "colours": [x.color.name() for x in ramp.stops()] + [ramp.color2().name()],
            "from_alpha": ramp.color1().alpha(),
        }
    return None


def sld_of(layer, sld):
    """Return what QGIS makes of the SLD beside the QML."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "style.sld")
        path.write_text(sld, encoding="utf-8")
        message, read = layer.loadSldStyle(str(path))
    assert read, message
    rules = rules_of(layer.renderer())
    return {"renderer": layer.renderer().type(), "rules": rules}


def describe(path, name):
    layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    if not layer.isValid():
        return {"valid": False}
    found = {
        "valid": True,
        "features": layer.featureCount(),
        "columns": [x.name() for x in layer.fields()],
        "crs": layer.crs().authid(),
        "spatial": layer.isSpatial(),
    }
    if layer.isSpatial():
        found |= {
            "renderer": layer.renderer().type(),
            "rules": rules_of(layer.renderer()),
            "drawn": labels_of(layer),
            "labelled_by": layer.labeling().settings().fieldName if layer.labelsEnabled() else "",
            "indexed": layer.hasSpatialIndex() == 2,
            "opacity": layer.opacity(),
            "blend": int(layer.blendMode()),
            "labelling": labelling_of(layer) if layer.labelsEnabled() else None,
            "grouping": grouping_of(layer.renderer()),
            "counted": sum(1 for _feature in layer.getFeatures()),
        }
        found["sld"] = sld_of(layer, kept_sld(path, name))
    return found


def kept_sld(path, name):
    with sqlite3.connect(path) as connection:
        query = "SELECT styleSLD FROM layer_styles WHERE f_table_name = ?"
        return connection.execute(query, (name,)).fetchone()[0]


app = QgsApplication([], False)
app.initQgis()
path, names = sys.argv[1], json.loads(sys.argv[2])
sys.stdout.write(json.dumps({name: describe(path, name) for name in names}, default=str))
