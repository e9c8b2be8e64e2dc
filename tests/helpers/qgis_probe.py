"""Run by QGIS's own Python: says how QGIS sees the layers of a GeoPackage, as JSON."""

import json
import os
import sys

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    QgsApplication,
    QgsExpressionContextUtils,
    QgsRenderContext,
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
    if renderer.type() == "singleSymbol":
        return [{"label": "", **symbol_of(renderer.symbol())}]
    if renderer.type() == "categorizedSymbol":
        return [
            {"value": x.value(), "label": x.label(), **symbol_of(x.symbol())}
            for x in renderer.categories()
        ]
    return [
        {"filter": x.filterExpression(), "label": x.label(), **symbol_of(x.symbol())}
        for x in renderer.rootRule().children()
    ]


def look(symbol):
    return str([sorted(x.properties().items()) for x in symbol.symbolLayers()])


def labels_of(layer):
    """Return, for each feature by its id, the labels of the rules that draw it."""
    renderer = layer.renderer().clone()
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
            "counted": sum(1 for _feature in layer.getFeatures()),
        }
    return found


app = QgsApplication([], False)
app.initQgis()
path, names = sys.argv[1], json.loads(sys.argv[2])
sys.stdout.write(json.dumps({name: describe(path, name) for name in names}, default=str))
