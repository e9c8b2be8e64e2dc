"""Run by another interpreter: counts the pairs of two joins as one engine does, and times it.

    python covering_peer.py sedonadb|duckdb|qgis FOLDER RUNS

FOLDER holds businesses, zoning and evictions as Parquet and GeoPackage. Prints one JSON object.
"""

import json
import os
import sys
import time
from statistics import median

AREAS = ("zoning", "evictions")


def sedonadb(folder):
    import sedonadb as engine

    session = engine.connect()
    for name in ("businesses", *AREAS):
        session.read_parquet(f"{folder}/{name}.parquet").to_memtable().to_view(name)

    def count(areas):
        found = session.sql(
            f"SELECT count(*) AS n FROM businesses b JOIN {areas} a "
            "ON ST_Intersects(b.geometry, a.geometry)"
        )
        return int(found.to_pandas()["n"][0])

    return engine.__version__, count


def duckdb(folder):
    import duckdb as engine

    session = engine.connect()
    session.execute("LOAD spatial")
    for name in ("businesses", *AREAS):
        session.execute(
            f"CREATE TABLE {name} AS SELECT id, geometry FROM read_parquet(?)",
            [f"{folder}/{name}.parquet"],
        )

    def count(areas):
        return session.execute(
            f"SELECT count(*) FROM businesses b JOIN {areas} a "
            "ON ST_Intersects(b.geometry, a.geometry)"
        ).fetchone()[0]

    return engine.__version__, count


def qgis(folder):
    """Count points in polygons, QGIS's quickest way to the same numbers."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    sys.path.append("/usr/share/qgis/python/plugins")
    from qgis.core import Qgis, QgsApplication, QgsFeatureRequest, QgsVectorLayer

    app = QgsApplication([], False)
    app.initQgis()
    import processing
    from processing.core.Processing import Processing

    Processing.initialize()
    layers = {}
    for name in ("businesses", *AREAS):
        source = QgsVectorLayer(f"{folder}/{name}.gpkg|layername={name}", name, "ogr")
        layers[name] = source.materialize(QgsFeatureRequest())
        layers[name].dataProvider().createSpatialIndex()

    def count(areas):
        found = processing.run(
            "native:countpointsinpolygon",
            {
                "POLYGONS": layers[areas],
                "POINTS": layers["businesses"],
                "FIELD": "n",
                "OUTPUT": "memory:",
            },
        )
        return int(sum(feature["n"] for feature in found["OUTPUT"].getFeatures()))

    count.kept = app  # without it QGIS ends
    return Qgis.QGIS_VERSION, count


def main():
    engine, folder, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
    version, count = {"sedonadb": sedonadb, "duckdb": duckdb, "qgis": qgis}[engine](folder)
    times = []
    for _run in range(runs):
        began = time.perf_counter()
        pairs = [count(areas) for areas in AREAS]
        times.append(time.perf_counter() - began)
    print(json.dumps({"version": version, "pairs": pairs, "seconds": median(times)}))


main()
