import hashlib

import numpy as np
import shapely
from helpers.policy import layer, point

from gisapp.analysis.fingerprint import rows_sha256

ROWS = [
    {"id": "B1", "geometry": point(1, 2), "name": "a", "members": 3.0},
    {"id": "B2", "geometry": None, "name": None, "members": None},
]


def digest(rows):
    return rows_sha256(layer("businesses", rows).frame)


def test_the_order_of_rows_and_columns_changes_nothing():
    frame = layer("businesses", ROWS).frame
    assert digest(ROWS) == digest(ROWS[::-1]) == rows_sha256(frame[frame.columns[::-1]])


def test_any_value_changes_it():
    changes = [{"geometry": point(1, 2.5)}, {"name": ""}, {"members": 4.0}, {"id": "B9"}]
    digests = {digest([{**ROWS[0], **change}, ROWS[1]]) for change in changes}
    digests |= {digest([ROWS[0], {**ROWS[1], "name": ""}]), digest(ROWS), digest(ROWS[:1])}
    assert len(digests) == len(changes) + 3


def test_it_is_the_sha256_of_the_columns_as_they_are_written_down():
    written = {
        "geometry": b"\x1e".join(
            [shapely.to_wkb(shapely.Point(1, 2)), shapely.to_wkb(shapely.Point(3, 4))]
        ),
        "id": b"B1\x1eB2",
        "members": np.array([3.0, np.nan]).tobytes(),
        "name": b"a\x1e\x00",
    }
    digest = hashlib.sha256()
    for name, values in written.items():
        digest.update(f"\x1d{name}\x1d".encode() + values)
    located = [ROWS[0], {**ROWS[1], "geometry": point(3, 4)}]
    assert rows_sha256(layer("businesses", located).frame) == digest.hexdigest()


def test_a_missing_place_is_not_one_at_the_origin():
    nowhere, at_origin = ({**ROWS[1], "geometry": g} for g in (None, point(0, 0)))
    assert digest([ROWS[0], nowhere]) != digest([ROWS[0], at_origin])
