"""Run by QGIS's own Python: intersects two layers of a GeoPackage and says how long that took.

    python3 benchmarks/qgis_overlay.py FILE LAYER OTHER

Both are copied into memory layers with an index first, as a user of QGIS would to have it quick.
"""

import json
import os
import sys
import time

os.environ["QT_QPA_PLATFORM"] = "offscreen"
sys.path.append("/usr/share/qgis/python/plugins")

from qgis.analysis import QgsNativeAlgorithms
from qgis.core import QgsApplication, QgsFeatureRequest, QgsVectorLayer


def in_memory(path, name):
    layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    copy = layer.materialize(QgsFeatureRequest())
    copy.dataProvider().createSpatialIndex()
    return copy


def main(path, name, other):
    application = QgsApplication([], False)
    application.initQgis()
    application.processingRegistry().addProvider(QgsNativeAlgorithms())
    import processing

    left, right = in_memory(path, name), in_memory(path, other)
    began = time.perf_counter()
    answer = processing.run(
        "native:intersection", {"INPUT": left, "OVERLAY": right, "OUTPUT": "memory:"}
    )
    seconds = time.perf_counter() - began
    area_m2 = sum(feature.geometry().area() for feature in answer["OUTPUT"].getFeatures())
    print(json.dumps({"seconds": seconds, "area_m2": area_m2}))


if __name__ == "__main__":
    main(*sys.argv[1:])
