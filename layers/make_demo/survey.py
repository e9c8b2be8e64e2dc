"""The sources as they would come from the field: a semicolon CSV and a Kobo workbook, with dirt."""

import numpy as np
from numpy.typing import NDArray

from families import Families
from geography import degrees
from policy import INVENTED
from trade import Trade, measured

SURVEY_DAYS = tuple(f"2026-09-{day:02d}" for day in range(1, 29))
MISSING_HOMES, MISSING_INCOMES = 18, 70


def business_id(number: int) -> str:
    """Name the business that is the `number`-th from 0."""
    return f"U{number + 1:04d}"


def family_id(number: int) -> str:
    """Name the family that is the `number`-th from 0 as Kobo would: by its submission's uuid."""
    return f"demo-{number + 1:04d}"


def business_rows(trade: Trade, seed: int) -> list[dict[str, object]]:
    """Return the businesses as answers, some of them with the mistakes that surveys have."""
    rng = np.random.default_rng([seed, 5])
    places_m, precision_m = measured(trade.true_m, rng)
    texts = [(f"{lat:.7f}", f"{lon:.7f}") for lon, lat in degrees(places_m)]
    rows: list[dict[str, object]] = [
        {
            "id": business_id(number),
            "jenis_usaha": trade.activity[number],
            **{name: values[number] for name, values in trade.columns.items()},
            "edisi_kbli": "2020",
            "bentuk": trade.form[number],
            "jenis_lokasi": trade.location_kind[number],
            "presisi_m": precision_m[number] if rng.random() > 0.04 else "",
            "lintang": texts[number][0],
            "bujur": texts[number][1],
            "tanggal_survei": rng.choice(SURVEY_DAYS),
            "sumber": INVENTED,
        }
        for number in range(len(texts))
    ]
    order = rng.permutation(len(rows))
    return _with_mistakes([rows[index] for index in order], rng)


def _with_mistakes(
    rows: list[dict[str, object]], rng: np.random.Generator
) -> list[dict[str, object]]:
    """Spoil a few places (repairable or not) and hand in three rows twice."""
    spoiled = iter(rng.choice(len(rows), 23, replace=False).tolist())
    for _count in range(6):
        row = rows[next(spoiled)]
        row["lintang"], row["bujur"] = row["bujur"], row["lintang"]
    for _count in range(5):
        row = rows[next(spoiled)]
        row["lintang"], row["bujur"] = (
            str(row[name]).replace(".", ",") for name in ("lintang", "bujur")
        )
    wrong = (
        ("", ""),
        ("", ""),
        ("", ""),
        ("0", "0"),
        ("0", "0"),
        ("-6.2349", "106.9896"),
        ("-6.3920", "106.8300"),
        ("-6.3x1", "106.87"),
        ("lupa", "106.88"),
    )
    for lat, lon in wrong:
        row = rows[next(spoiled)]
        row["lintang"], row["bujur"] = lat, lon
    return rows + [dict(rows[next(spoiled)]) for _count in range(3)]


def kobo_sheets(families: Families, seed: int) -> dict[str, list[dict[str, object]]]:
    """Return the workbook: sheet ``survei``, and the repeat group ``usaha`` that points to it."""
    rng = np.random.default_rng([seed, 6])
    places_m, precision_m = measured(families.true_m, rng)
    lonlat = degrees(places_m)
    no_home = set(rng.choice(len(lonlat), MISSING_HOMES, replace=False).tolist())
    no_income = set(rng.choice(len(lonlat), MISSING_INCOMES, replace=False).tolist())
    return {
        "survei": [
            {
                "tanggal_survei": str(rng.choice(SURVEY_DAYS)),
                "nama_kk": f"Keluarga rekaan {number + 1}",
                **_home(lonlat[number], precision_m[number], known=number not in no_home),
                **_answers(families, number, with_income=number not in no_income),
                "persetujuan": str(rng.choice(["internal", "mitra"], p=[0.7, 0.3])),
                "sumber": INVENTED,
                "_id": 710_001 + number,
                "_uuid": family_id(number),
                "_index": number + 1,
            }
            for number in range(len(lonlat))
        ],
        "usaha": _repeats(families),
    }


def _home(lonlat: NDArray[np.float64], precision_m: float, *, known: bool) -> dict[str, object]:
    lon, lat = (float(value) for value in lonlat)
    values = (
        (f"{lat} {lon} 0 {precision_m}", lat, lon, 0, float(precision_m)) if known else [""] * 5
    )
    names = ("rumah", "_rumah_latitude", "_rumah_longitude", "_rumah_altitude", "_rumah_precision")
    return dict(zip(names, values, strict=True))


def _answers(families: Families, number: int, *, with_income: bool) -> dict[str, object]:
    return {
        "anggota": int(families.members[number]),
        "anak": int(families.under18[number]),
        "lansia": int(families.over60[number]),
        "disabilitas": int(families.disability[number]),
        "jenis_kelamin_kk": str(families.head_sex[number]),
        "status_tinggal": str(families.tenure[number]),
        "pendapatan_bulan": float(families.income_idr_month[number]) if with_income else "",
        "desil": int(families.desil[number]),
    }


def _repeats(families: Families) -> list[dict[str, object]]:
    links = [
        (family, stall, share)
        for family, stalls in families.stalls.items()
        for stall, share in stalls
    ]
    return [
        {
            "id_usaha": business_id(stall),
            "bagian": share,
            "sumber": INVENTED,
            "_index": number,
            "_parent_table_name": "survei",
            "_parent_index": family + 1,
            "_submission__uuid": family_id(family),
        }
        for number, (family, stall, share) in enumerate(links, start=1)
    ]
