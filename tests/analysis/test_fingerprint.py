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
