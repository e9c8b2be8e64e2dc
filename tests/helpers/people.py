"""An assessed project of invented people on five square kilometres, its answers made by rule."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gisapp.core.layer import Layer, Table
from gisapp.core.policy import COVERED_CLASSES, STAGE_STANCE, STAGES, ZONING_STANCE
from gisapp.core.project import Parameters, Project, Run
from gisapp.core.style import Condition, Rule, Style, Symbol

CRS = "EPSG:32748"
WEST, SOUTH, SIDE_M = 706_000.0, 9_298_000.0, 1_000.0
KEY = "0f" * 32
AS_OF = "2026-11-01"
NAMES = ("Ciracas", "Cibubur", "Kelapa Dua Wetan", "Susukan", "Rambutan")
CODES = tuple(f"31.75.09.100{i}" for i in range(1, 6))
FILLS = ("#d73027", "#fc8d59", "#fee090", "#4575b4", "#91bfdb", "#666666", "#999999")


def style(name, column="", values=(), shape="circle", **symbol):
    """One rule a value and one for the rest."""
    rules = [
        Rule({"id": f"id {v}", "en": v}, Symbol(fill=FILLS[i % 7], shape=shape, **symbol),
             (Condition(column, "eq", v),))
        for i, v in enumerate(values)
    ]  # fmt: skip
    rest = Rule({"id": "lainnya", "en": "other"}, Symbol(fill="#bbbbbb", shape=shape, **symbol))
    return Style(name, (*rules, rest), {"id": f"{name} (id)", "en": name})


def layer(name, frame, geometry, **options):
    made = gpd.GeoDataFrame(frame, geometry=geometry, crs=CRS)
    return Layer(
        name, options.pop("kind", name), made, options.pop("style", style(name)), **options
    )


def admin_layer():
    squares = [shapely.box(WEST + i * SIDE_M, SOUTH, WEST + (i + 1) * SIDE_M, SOUTH + SIDE_M)
               for i in range(5)]  # fmt: skip
    frame = pd.DataFrame({"id": CODES, "code": CODES, "name": NAMES, "level": "kelurahan",
                          "families": [5000] * 5})  # fmt: skip
    outline = Style("admin", (Rule({"en": "Area"}, Symbol(stroke="#444444")),), {"en": "Areas"})
    return layer("admin", frame.astype({"id": "str"}), squares, style=outline)


def points(rng, n):
    return rng.uniform((WEST, SOUTH), (WEST + 5 * SIDE_M, SOUTH + SIDE_M), (n, 2)).round(3)


def codes_of(xy):
    return np.array(CODES)[((xy[:, 0] - WEST) // SIDE_M).astype(int)]


def businesses(rng, n):
    xy = points(rng, n)
    raw = pd.DataFrame({
        "id": [f"B{i:05d}" for i in range(n)],
        "name": [f"Warung {i}" for i in range(n)],
        "activity": rng.choice(["warung makan", "bengkel", "kelontong"], n),
        "net_income_idr_month": rng.uniform(1e6, 9e6, n).round(-3),
        "form": "warung",
        "consent": rng.choice(["internal", "partner", "public"], n, p=[0.6, 0.2, 0.2]),
        "catatan_lapangan": [f"cttn {i}" for i in range(n)],
    })  # fmt: skip
    raw = raw.astype(
        dict.fromkeys(("id", "name", "activity", "form", "consent", "catatan_lapangan"), "str")
    )
    stage = rng.choice(["", *STAGES], n, p=[0.85, 0.03, 0.02, 0.03, 0.03, 0.02, 0.02])
    results = pd.DataFrame({
        "id": raw["id"],
        "class": pd.array(rng.choice(COVERED_CLASSES, n, p=[0.4, 0.3, 0.05, 0.15, 0.1]), "str"),
        "uncertain": rng.random(n) < 0.1,
        "zones": pd.array(["R-1"] * n, "str"),
        "stage": pd.array(stage, "str"),
        "evictions": pd.array(np.where(stage == "", "", "E01"), "str"),
        "contradiction": np.where(rng.random(n) < 0.2, 1 / 3, 0.0),
        "admin_code": pd.array(codes_of(xy), "str"),
        "admin_how": pd.array(["inside"] * n, "str"),
    })  # fmt: skip
    return raw, results, xy


def households(rng, n):
    xy = points(rng, n)
    raw = pd.DataFrame({
        "id": pd.array([f"H{i:05d}" for i in range(n)], "str"),
        "members": pd.array(rng.integers(1, 8, n), "Int64"),
        "income_idr_month": rng.uniform(1e6, 9e6, n).round(-3),
        "nama_kk": pd.array([f"Ibu Rahasia {i}" for i in range(n)], "str"),
        "nik": pd.array([f"3175{i:012d}" for i in range(n)], "str"),
    })  # fmt: skip
    impact = rng.choice(["direct", "livelihood", "both", "none"], n, p=[0.08, 0.12, 0.02, 0.78])
    home = np.isin(impact, ("direct", "both"))
    results = pd.DataFrame({
        "id": raw["id"],
        "family_impact": pd.array(impact, "str"),
        "stage": pd.array(np.where(home, rng.choice(STAGES, n), ""), "str"),
        "evictions": pd.array(np.where(home, "E01", ""), "str"),
        "contradiction": np.where(rng.random(n) < 0.1, 2 / 3, 0.0),
        "uncertain": False,
        "admin_code": pd.array(codes_of(xy), "str"),
        "admin_how": pd.array(["inside"] * n, "str"),
        "exposed_income_idr_month": np.where(impact == "livelihood", 1e6, 0.0),
        "income_unknown": rng.random(n) < 0.05,
        "newly_poor": pd.array(rng.random(n) < 0.02, "boolean"),
    })  # fmt: skip
    return raw, results, xy


def conflict_rows(found, kind, xy):
    rows = []
    for i, row in enumerate(found.to_dict("records")):
        common = {"subject_kind": kind, "subject_id": row["id"], "as_of": AS_OF,
                  "uncertain": bool(row["uncertain"]), "admin_code": row["admin_code"],
                  "explanation": f"because of {row['id']}", "place": xy[i]}  # fmt: skip
        cls = row.get("class", "")
        if ZONING_STANCE.get(cls, 0) < 0:
            stance = ZONING_STANCE[cls]
            rows.append({**common, "area_kind": "zoning", "area_id": f"Z{i % 4}", "finding": cls,
                         "severity": -stance, "stage": "", "stance": stance})  # fmt: skip
        if row["stage"]:
            stance = STAGE_STANCE[row["stage"]]
            rows.append({**common, "area_kind": "evictions", "area_id": "E01",
                         "finding": "eviction", "severity": -stance, "stage": row["stage"],
                         "stance": stance})  # fmt: skip
    return rows


def conflicts_layer(found):
    rows = [row for kind, (_raw, results, xy) in found.items()
            for row in conflict_rows(results, kind, xy)]  # fmt: skip
    frame = pd.DataFrame(rows)
    frame["id"] = [f"C{i}" for i in range(len(frame))]
    spots = gpd.points_from_xy(*np.array(frame.pop("place").tolist()).T)
    texts = ("id", "subject_kind", "subject_id", "area_kind", "area_id", "finding", "stage",
             "as_of", "admin_code", "explanation")  # fmt: skip
    shown = style("conflicts", "finding", ("prohibited", "conditional", "limited", "eviction"),
                  shape="diamond")  # fmt: skip
    return layer("conflicts", frame.astype(dict.fromkeys(texts, "str")), spots, style=shown)


def zone_layers():
    quarters = [shapely.box(WEST, SOUTH + i * 250, WEST + 5 * SIDE_M, SOUTH + (i + 1) * 250)
                for i in range(4)]  # fmt: skip
    zoning = pd.DataFrame({"id": [f"Z{i}" for i in range(4)], "KODSZN_1": ["R-1", "K-1", "BJ", "H"],
                           "NAMOBJ": ["Perumahan", "Perdagangan", "Jalan", "Hijau"],
                           "petugas": ["Pak Budi"] * 4}).astype("str")  # fmt: skip
    clearing = pd.DataFrame({"id": ["E01"], "name": ["Penertiban"], "stage": ["sp2"],
                             "valid_from": ["2026-01-01"], "reported_units": [40]})  # fmt: skip
    clearing = clearing.astype(dict.fromkeys(("id", "name", "stage", "valid_from"), "str"))
    ring = shapely.Point(WEST + 2500, SOUTH + 500).buffer(400)
    hatched = style("evictions", "stage", STAGES, stroke="#b2182b", hatch="diagonal")
    return (
        layer("evictions", clearing, [ring], style=hatched),
        layer("zoning", zoning, quarters, style=style("zoning", "KODSZN_1", ("R-1", "K-1"))),
    )


def pairs_table(found):
    rows = [
        {"subject_kind": kind, "subject_id": row["id"], "score": row["contradiction"],
         **{f"plus_{c}": v for c, v in PLUS.items()}, **{f"minus_{c}": v for c, v in MINUS.items()}}
        for kind, (_raw, results, _xy) in found.items()
        for row in results[results["contradiction"] > 0].to_dict("records")
    ]  # fmt: skip
    return Table("contradiction_pairs", "contradiction_pairs", pd.DataFrame(rows))


PLUS = {"stance": 2, "area_kind": "supports", "area_id": "S-rahasia", "instrument": "PKH",
        "institution": "Kemensos", "quote": "", "coded_by": ""}  # fmt: skip
MINUS = {"stance": -3, "area_kind": "zoning", "area_id": "Z2", "instrument": "RDTR 2022",
         "institution": "DKI", "quote": "dilarang", "coded_by": "tim"}  # fmt: skip


def people_project(n_businesses=400, n_households=600, seed=1, assessed=True, notice=""):
    """A project whose results agree with each other, though no plan gave them."""
    rng = np.random.default_rng(seed)
    found = {
        "businesses": businesses(rng, n_businesses),
        "households": households(rng, n_households),
    }
    raw = [
        layer(kind, frame, gpd.points_from_xy(*xy.T), visible=not assessed)
        for kind, (frame, _results, xy) in found.items()
    ]
    project = Project(crs=CRS, key=KEY, title="Ciracas", notice=notice,
                      layers=(*raw, admin_layer(), *zone_layers()))  # fmt: skip
    return with_results(project, found) if assessed else project


def with_results(project, found):
    column = {"businesses": "class", "households": "family_impact"}
    values = {"businesses": COVERED_CLASSES, "households": ("direct", "livelihood", "both", "none")}
    results = [
        layer(f"assessed_{kind}", frame, gpd.points_from_xy(*xy.T),
              style=style(f"assessed_{kind}", column[kind], values[kind]))
        for kind, (_raw, frame, xy) in found.items()
    ]  # fmt: skip
    run = Run(f"{AS_OF}T10:00:00", "0.1.0", Parameters(as_of=AS_OF), {}, summary_of(found))
    pairs = pairs_table(found)
    return Project(
        crs=project.crs, key=project.key, title=project.title, notice=project.notice,
        layers=(conflicts_layer(found), *results, *project.layers),
        tables={**project.tables, pairs.name: pairs},
        parameters=Parameters(as_of=AS_OF), runs=(run,),
    )  # fmt: skip


def summary_of(found):
    _raw, b, _xy = found["businesses"]
    _raw, h, _xy = found["households"]
    return {
        "as_of": AS_OF, "plan": {"used": "RDTR 2022", "not_used": []},
        "conformity": {"businesses": {**b["class"].value_counts().to_dict(), "total": len(b)}},
        "families": {**h["family_impact"].value_counts().to_dict(), "total": len(h)},
        "contradictions": {"businesses": int((b["contradiction"] > 0).sum()),
                           "households": int((h["contradiction"] > 0).sum())},
        "conflicts": len(conflicts_layer(found).frame),
        "by_admin": [], "exposed_income_idr_month": float(h["exposed_income_idr_month"].sum()),
        "income_unknown": int(h["income_unknown"].sum()), "newly_poor": int(h["newly_poor"].sum()),
    }  # fmt: skip
