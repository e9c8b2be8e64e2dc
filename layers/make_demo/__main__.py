"""Make the bundled demo: ``python layers/make_demo [FOLDER]`` writes the same bytes every time.

The provision register, the rule table and the candidate sites (``provisions.csv``,
``itbx_rules.csv``, ``sites.csv``) are kept by hand beside what this script writes.
"""

import sys
from pathlib import Path

from families import settle, supports
from files import write_csv, write_geojson, write_workbook
from geography import kelurahan
from plan import LISTS, PLAN, SUBZONES, Zone, draw_plan
from policy import reported_clearances, scenario_clearances, support_areas
from survey import business_id, business_rows, family_id, kobo_sheets
from trade import open_businesses

SEED = 3175_09
BUSINESSES, FAMILIES = 2_000, 1_500
OUTLINE_SOURCE = "schematic outline drawn for the gisapp demo, not an official boundary"


def make_demo(folder: Path) -> None:
    """Write the demo's sources into `folder`."""
    zones = draw_plan(SEED)
    trade = open_businesses(zones, BUSINESSES, SEED)
    families = settle(zones, trade, FAMILIES, SEED)
    ids = [business_id(n) for n in range(BUSINESSES)], [family_id(n) for n in range(FAMILIES)]
    folder.mkdir(parents=True, exist_ok=True)
    write_geojson(folder / "admin.geojson", "admin", _areas())
    write_geojson(
        folder / "zoning_rdtr.geojson", "zoning_rdtr", map(_zone, range(1, len(zones) + 1), zones)
    )
    policy = {
        "evictions": scenario_clearances(),
        "evictions_reported": reported_clearances(),
        "support_areas": support_areas(),
    }
    for name, areas in policy.items():
        write_geojson(
            folder / f"{name}.geojson", name, ((area.polygon, area.values) for area in areas)
        )
    write_csv(folder / "businesses.csv", business_rows(trade, SEED))
    write_workbook(folder / "households_kobo.xlsx", kobo_sheets(families, SEED))
    write_csv(folder / "supports.csv", supports(families, *ids, SEED))


def _areas() -> list[tuple[object, dict[str, object]]]:
    return [
        (
            area.polygon,
            {
                "code": area.code,
                "name": area.name,
                "level": "kelurahan",
                "population": area.population,
                "source": OUTLINE_SOURCE,
            },
        )
        for area in kelurahan()
    ]


def _zone(number: int, zone: Zone) -> tuple[object, dict[str, object]]:
    permitted, limited, conditional = LISTS.get(zone.subzone, ("", "", ""))
    return zone.polygon, {
        "OBJECTID": number,
        "KODZON_1": zone.subzone.split("-")[0],
        "KODSZN_1": zone.subzone,
        "NAMOBJ": SUBZONES[zone.subzone],
        "WADMKD": zone.kelurahan,
        "WADMKC": "Ciracas",
        "TPZ_00": "",
        "IZN": permitted,
        "TBT": limited,
        "BST": conditional,
        "plan": PLAN,
        "source": "gisapp demo, invented plan with RDTR 2022 column names",
    }


if __name__ == "__main__":
    make_demo(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "demo")
