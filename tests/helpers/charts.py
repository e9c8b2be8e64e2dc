"""A chart of each kind, with long names and missing values."""

from __future__ import annotations

from gisapp.render.charts import (
    Bar,
    Bars,
    Chart,
    Line,
    Matrix,
    Step,
    Steps,
    Swing,
    Tornado,
)

LONG = "Dinas Perindustrian, Perdagangan, Koperasi, Usaha Kecil dan Menengah Provinsi DKI Jakarta"
OFFICES = ("Satpol PP", LONG, "Kelurahan Kelapa Dua Wetan", "Perumda Pasar Jaya")


def bars() -> Bars:
    return Bars(
        title="Businesses by class, with intervals",
        unit="businesses",
        note="Bars are what was found; the lines on them hold the true total with 95 %.",
        bars=(
            Bar("Permitted", 1_203, 1_180, 1_230),
            Bar("Limited", 85, 70, 99),
            Bar(LONG, 12, 2, 33),
            Bar("Nothing", 0, 0, 0),
            Bar("Not assessed", None),
        ),
    )


def tornado() -> Tornado:
    return Tornado(
        title="Families affected",
        base=124,
        swings=(
            Swing("As-of date", 90, "−90 days", 131, "+90 days"),
            Swing(LONG, 120, "−10 m", 124, "base"),
            Swing("Poverty line", 124, "base", 124, "base"),
        ),
    )


def steps() -> Steps:
    return Steps(
        title="Exposed over time",
        unit="businesses",
        until="2026-11-01",
        lines=(
            Line("Ciracas", (Step("2024-01-01", 0), Step("2024-05-04", 20))),
            Line(LONG, (Step("2024-01-01", 3), Step("2025-05-04", None), Step("2026-02-01", 58))),
            Line("Cibubur", (Step("2024-01-01", 3), Step("2025-08-04", 59))),
        ),
    )


def matrix() -> Matrix:
    n = len(OFFICES)
    values = tuple(tuple(None if i == j else float(7 * i * j) for j in range(n)) for i in range(n))
    return Matrix(title="Pairs", unit="families", rows=OFFICES, columns=OFFICES, values=values)


def charts() -> tuple[Chart, ...]:
    return bars(), tornado(), steps(), matrix()
