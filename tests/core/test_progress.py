"""How fast long work goes."""

from gisapp.core.progress import Pace


def test_a_rate_is_told_of_many_units_after_a_moment_and_begins_anew_with_each_step():
    now = [0.0]
    pace = Pace(clock=lambda: now[0])

    def after(seconds, done, text):
        now[0] += seconds
        return pace.units_per_s(done, text)

    assert after(0, 0, "reading") == 0
    assert after(0.1, 50_000, "reading") == 0
    assert after(0.9, 400_000, "reading") == 400_000
    assert after(1, 500_000, "reading") == 250_000
    assert after(0, 0, "placing") == 0
    assert after(1, 3, "placing") == 0
    assert after(1, 2_003, "placing") == 2_003 / 2
