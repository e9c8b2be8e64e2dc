"""Markers planted in field data, and a search of every byte that a program leaves behind.

The people are invented. Each source holds, in every way that a survey holds them, names, NIK, KK,
telephone numbers and e-mail addresses, and places whose digits are found again.
"""

from __future__ import annotations

import json
import re
import struct
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pyproj

PEOPLE = ("Zubaidah Kanaria", "Warsito Kenariwan", "Poniyem Kutilangsih", "Darsono Perkututan")
NIK = tuple(f"317509620130{n}" for n in (8796, 8797, 8798, 8799))
NIK_WRITTEN = ("3175 0962 0130 9901", "31.75.09.620130.9902", "3175-0962-0130-9903")
KK = tuple(f"317509010115{n}" for n in (7001, 7002, 7003, 7004))
PHONES = ("0812-7788-9901", "+62 813 7788 9902", "081477889903", "0815 7788 9904")
EMAIL = "zubaidah.kanaria@contoh.example"
PHOTO = "foto_zubaidah_kanaria.jpg"
PLACES = ((106.8801234567, -6.3301234567), (106.8812345678, -6.3312345678),
          (106.8823456789, -6.3323456789), (106.8834567891, -6.3334567891))  # fmt: skip

DIRECT = (*PEOPLE, *NIK, *NIK_WRITTEN, *KK, *PHONES, EMAIL, PHOTO, *PEOPLE[0].split())
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_TO_METRES = pyproj.Transformer.from_crs(4326, 32748, always_xy=True)


def write_sources(folder: Path) -> None:
    """Write businesses (CSV), households with a repeat group (XLSX), GeoJSON and GeoPackage."""
    folder.mkdir()
    _businesses(folder / "usaha.csv")
    _households(folder / "keluarga.xlsx")
    _areas(folder / "admin.geojson", code="31.75.09.1001", name="Ciracas")
    _areas(folder / "evictions.geojson", name="Kali", stage="sp2",
           valid_from="2026-01-01", nama_petugas=PEOPLE[3], hp_petugas=PHONES[3])  # fmt: skip
    _others(folder / "lain.gpkg")


def _businesses(path: Path) -> None:
    head = "id;nama_usaha;pemilik;nik pemilik;no hp;surel;foto_usaha;catatan;jenis_usaha;lat;lon"
    rows = [
        f"{NIK[n]};Warung {n};{PEOPLE[n]};{NIK_WRITTEN[n % 3]};{PHONES[n]};{EMAIL};{PHOTO};"
        f"hubungi {PHONES[n]};nasi uduk;{PLACES[n][1]};{PLACES[n][0]}"
        for n in range(4)
    ]
    lost = f"{KK[0]};Warung X;{PEOPLE[0]};{NIK[0]};{PHONES[0]};{EMAIL};{PHOTO};{NIK[1]};nasi;0;0"
    path.write_text("\n".join([head, *rows, lost]), "utf-8")


def _households(path: Path) -> None:
    book = openpyxl.Workbook()
    main, repeat = book.active, book.create_sheet("usaha")
    main.title = "survei"
    main.append(["nama_kk", "no_kk", "NIK", "telepon", "foto rumah", "anggota", "lokasi",
                 "_lokasi_latitude", "_lokasi_longitude", "_uuid", "_index"])  # fmt: skip
    repeat.append(["pengelola", "id_usaha", "bagian", "_parent_index", "_submission__uuid"])
    for n, (lon, lat) in enumerate(PLACES):
        uuid = f"550e8400-e29b-41d4-a716-44665544000{n}"
        main.append([PEOPLE[n], KK[n], NIK[n], PHONES[n], PHOTO, 4, f"{lat} {lon} 0 5", lat, lon,
                     uuid, n + 1])  # fmt: skip
        repeat.append([PEOPLE[n], NIK[n], 1.0, n + 1, uuid])
    book.save(path)


def _areas(path: Path, **properties: str) -> None:
    ring = [[106.87, -6.34], [106.89, -6.34], [106.89, -6.32], [106.87, -6.32], [106.87, -6.34]]
    feature = {"type": "Feature", "properties": {"id": "A1", **properties},
               "geometry": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")


def _others(path: Path) -> None:
    import geopandas as gpd

    frame = gpd.GeoDataFrame(
        {"nama": PEOPLE, "kontak": PHONES, "keterangan": [f"NIK {x}" for x in NIK]},
        geometry=gpd.points_from_xy(*zip(*PLACES, strict=True)),
        crs=4326,
    )
    frame.to_file(path, layer="lain")


def found_in(folder: Path, markers: tuple[str, ...], *, but: tuple[str, ...]) -> list[str]:
    """Return where a marker stands in anything below `folder`, files matching `but` left out."""
    needles = [(x, form) for x in markers for form in _forms(x)]
    return _hits(folder, needles, but)


def places_in(folder: Path, *, but: tuple[str, ...]) -> list[str]:
    """Return where an exact place stands: as text, or as doubles in degrees or metres."""
    needles = []
    for lon, lat in PLACES:
        for value in (lon, lat, *_TO_METRES.transform(lon, lat)):
            needles += [(str(value), struct.pack(x, value)) for x in ("<d", ">d")]
            needles += [(str(value), form) for form in _forms(f"{value:.7f}"[:-1])]
    return _hits(folder, needles, but)


def _forms(text: str) -> list[bytes]:
    return [form(x) for x in {text, text.lower(), text.upper()}
            for form in (str.encode, lambda t: t.encode("utf-16-le"))]  # fmt: skip


def _hits(folder: Path, needles: list[tuple[str, bytes]], but: tuple[str, ...]) -> list[str]:
    hits = []
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if any(inside.match(x) for x in but) or not path.is_file():
            continue
        held = readable(path.read_bytes()) + str(inside).encode()
        hits += [f"{inside}: {marker}" for marker, form in needles if form in held]
    return hits


def readable(raw: bytes) -> bytes:
    """Return bytes with what is packed in them: zips, and streams of PDF and PNG."""
    if raw.startswith(b"PK\x03\x04"):
        from io import BytesIO

        with zipfile.ZipFile(BytesIO(raw)) as packed:
            return raw + b"".join(readable(packed.read(name)) for name in packed.namelist())
    if raw.startswith(b"%PDF"):
        return raw + b"".join(_inflated(x[1]) for x in _STREAM.finditer(raw))
    return raw


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""
