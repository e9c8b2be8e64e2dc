"""Conformity, exposure and admin area of parts of the subjects are the whole's, in parts."""

import numpy as np
import pytest
import shapely
from helpers.policy import AS_OF, project

from gisapp.analysis import covering
from gisapp.analysis.admin import membership
from gisapp.analysis.case import read_case
from gisapp.analysis.conformity import PlanReader, conformity
from gisapp.analysis.exposure import exposure
from gisapp.analysis.subjects import Subjects


def a_case(seed):
    rng = np.random.default_rng(seed)
    discs = shapely.buffer(shapely.points(rng.uniform(0, 1000, (60, 2))), rng.uniform(20, 200, 60))
    zoning = [
        {"id": f"Z{i}", "geometry": d, "KODSZN_1": f"R-{i % 7}", ("IZN", "TBT")[i % 2]: "Warung"}
        for i, d in enumerate(discs[:40])
    ]
    evictions = [
        {"id": f"E{i}", "geometry": d, "stage": ("sp1", "executed")[i % 2], "valid_from": "2026"}
        for i, d in enumerate(discs[40:])
    ]
    stalls = [
        {"id": f"B{i}", "activity": a, "geometry": None if i % 50 == 7 else shapely.Point(p)}
        for i, (p, a) in enumerate(
            zip(rng.uniform(0, 1000, (500, 2)), rng.choice(["warung", "bengkel"], 500), strict=True)
        )
    ]
    admin = [
        {
            "id": f"A{i}",
            "code": f"{i}",
            "level": "kelurahan",
            "geometry": shapely.box(x, 0, x + 300, 900),
        }
        for i, x in enumerate((0, 300, 600))
    ]
    kinds = {"businesses": stalls, "zoning": zoning, "evictions": evictions, "admin": admin}
    return read_case(project(**kinds), AS_OF)


def found(case, businesses):
    conforms = conformity(businesses, case.plan, PlanReader(case.plan, businesses))
    exposed, member = exposure(businesses, case.evictions), membership(businesses, case.admin)
    return (
        conforms.classes, conforms.zones, conforms.zone_count, conforms.tie,
        exposed.stage, exposed.areas, member.place, member.how,
    )  # fmt: skip


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_any_parts_put_together_are_the_whole(seed, compiled, monkeypatch):
    if compiled and covering.KERNELS.load() is None:
        pytest.skip("numba is not here")
    if not compiled:
        monkeypatch.setattr(covering, "KERNELS", covering.Compiled("gisapp.not_there"))
    case = a_case(seed)
    cuts = np.sort(np.random.default_rng(seed).integers(0, 500, 4))
    rows = np.split(np.random.default_rng(seed + 1).permutation(500), cuts)
    frame = case.businesses.frame
    parts = [
        found(case, Subjects("businesses", frame.iloc[part].reset_index(drop=True)))
        for part in rows
    ]
    whole = found(case, case.businesses)
    assert len(set(whole[0])) > 3
    for one, in_parts in zip(whole, zip(*parts, strict=True), strict=True):
        np.testing.assert_array_equal(one[np.concatenate(rows)], np.concatenate(in_parts))
