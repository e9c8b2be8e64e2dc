"""Run by QGIS's own Python: draws layers of a GeoPackage with QGIS's parallel renderer on request.

Reads one JSON object a line on standard input and answers each with one on standard output:

- ``load``: ``path``, ``layers`` (name and QML file, the first on top), ``memory``: copy them into
  memory layers; answers with the seconds that took.
- ``draw``: ``bounds``, ``width``, ``height``, ``dpi``, ``save`` (a PNG, or empty), and optionally
  ``qml`` (new styles, as ``load`` has them); answers with the seconds that drawing took.
"""

import json
import os
import sys
import time
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorSimplifyMethod,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtXml import QDomDocument


class Peer:
    """The layers at hand, and what draws them."""

    def __init__(self):
        self.layers = []

    def load(self, path, layers, memory):
        began = time.perf_counter()
        self.layers = []
        for name, _qml in layers:
            layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
            if not layer.isValid():
                raise ValueError(name)
            self.layers.append(in_memory(layer) if memory else layer)
        self.style(layers)
        return time.perf_counter() - began

    def style(self, layers):
        for layer, (_name, qml) in zip(self.layers, layers, strict=True):
            # `loadNamedStyle` would take the style that lies in the GeoPackage.
            document = QDomDocument()
            document.setContent(Path(qml).read_text(encoding="utf-8"))
            read, message = layer.importNamedStyle(document)
            if not read:
                raise ValueError(message)
            layer.setLabelsEnabled(False)
            method = layer.simplifyMethod()  # as the program sets it on a new layer
            method.setSimplifyHints(QgsVectorSimplifyMethod.GeometrySimplification)
            layer.setSimplifyMethod(method)

    def draw(self, bounds, width, height, dpi, save="", qml=()):
        if qml:
            self.style(qml)
        settings = QgsMapSettings()
        settings.setLayers(self.layers)
        settings.setDestinationCrs(self.layers[0].crs())
        settings.setOutputSize(QSize(width, height))
        settings.setOutputDpi(dpi)
        settings.setExtent(QgsRectangle(*bounds))
        settings.setBackgroundColor(QColor("#ffffff"))
        for flag in (QgsMapSettings.Antialiasing, QgsMapSettings.UseRenderingOptimization):
            settings.setFlag(flag, True)
        began = time.perf_counter()
        job = QgsMapRendererParallelJob(settings)
        job.start()
        job.waitForFinished()
        image = job.renderedImage()
        took = time.perf_counter() - began
        if job.errors():
            raise ValueError(job.errors()[0].message)
        if save:
            image.save(save)
        return took


def in_memory(layer):
    """Copy a layer into a memory layer with an index, as one keeps scratch layers."""
    kind = QgsWkbTypes.displayString(layer.wkbType())
    copy = QgsVectorLayer(f"{kind}?crs={layer.crs().authid()}", layer.name(), "memory")
    provider = copy.dataProvider()
    provider.addAttributes(layer.fields().toList())
    copy.updateFields()
    provider.addFeatures(list(layer.getFeatures()))
    provider.createSpatialIndex()
    copy.updateExtents()
    return copy


def main():
    app = QgsApplication([], False)
    app.initQgis()
    peer = Peer()
    say({"version": Qgis.QGIS_VERSION})
    for line in sys.stdin:
        asked = json.loads(line)
        command = getattr(peer, asked.pop("do"))
        say({"seconds": command(**asked)})
    peer.layers = []
    app.exitQgis()


def say(answer):
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


main()
