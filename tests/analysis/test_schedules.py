"""Schedules as people write them, and the minutes of the week that they mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gisapp.analysis.schedule_reading import parsed, week_minute
from gisapp.analysis.schedules import DAY, HOUR, WEEK, overlap_minutes, schedule_text, weekly
from gisapp.core.errors import GisappError
from gisapp.core.words import speaking

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
EVERY = tuple(range(7))


def spans(days, *hours):
    return weekly(
        (day * DAY + round(a * HOUR), day * DAY + round(b * HOUR)) for day in days for a, b in hours
    )


@pytest.mark.parametrize(
    ("text", "days", "hours"),
    [
        ("Senin-Jumat 06.00-14.00", EVERY[:5], [(6, 14)]),
        ("Senin s/d Jum'at pukul 06.00 s/d 14.00 WIB", EVERY[:5], [(6, 14)]),
        ("setiap hari 17:00–01:00", EVERY, [(17, 25)]),
        ("Setiap hari 06.00-14.00 kecuali Jumat", (0, 1, 2, 3, 5, 6), [(6, 14)]),
        ("06.00-14.00, Minggu libur", EVERY[:6], [(6, 14)]),
        ("hari kerja 7-15", EVERY[:5], [(7, 15)]),
        ("setiap hari kerja 7-15", EVERY[:5], [(7, 15)]),
        ("Sabtu & Minggu pagi", (SAT, SUN), [(6, 11)]),
        ("Senin, Rabu dan Jumat malam", (MON, WED, FRI), [(18, 24)]),
        ("Sen,Rab,Jum 18-23", (MON, WED, FRI), [(18, 23)]),
        ("Mon–Fri 6am-2pm", EVERY[:5], [(6, 14)]),
        ("Mo-Fr 06:00-14:00, 16:00-20:00", EVERY[:5], [(6, 14), (16, 20)]),
        ("Mo-Su 17:00-01:00; Su off", EVERY[:6], [(17, 25)]),
        ("05.30 - 09.00 Senin-Jumat", EVERY[:5], [(5.5, 9)]),
        ("24 jam", EVERY, [(0, 24)]),
        ("24/7", EVERY, [(0, 24)]),
        ("1-5pm", EVERY, [(13, 17)]),
        ("6-2pm", EVERY, [(6, 14)]),
        ("10pm-2am", EVERY, [(22, 26)]),
        ("6 pagi sampai 2 siang", EVERY, [(6, 14)]),
        ("7 malam - 1 malam", EVERY, [(19, 25)]),
        ("malam 7-10", EVERY, [(19, 22)]),
        ("Jumat-Senin 18-24", (FRI, SAT, SUN, MON), [(18, 24)]),
        ("tutup", (), []),
    ],
)
def test_what_people_write(text, days, hours):
    assert parsed(text) == spans(days, *hours)


def test_a_clause_after_a_semicolon_has_its_own_days():
    both = parsed("Mo-Fr 06:00-14:00; Sa 08:00-12:00")
    assert both == weekly(
        [*((d * DAY + 6 * HOUR, d * DAY + 14 * HOUR) for d in range(5)),
         (SAT * DAY + 8 * HOUR, SAT * DAY + 12 * HOUR)]
    )  # fmt: skip
    assert parsed("Senin-Jumat 06.00-14.00, Sabtu 08.00-12.00") == both


@pytest.mark.parametrize(
    "text",
    ["", "tidak tentu", "sampai habis", "Senin", "Senin-Jumat", "25.00-26.00", "06.00", "06.70-08",
     "00.00-00.00", "8-5", "10.00-2.00", "6am-2", "12 pagi - 14", "Mo-Fr 06:00+", "PH off",
     "Mo-Fr 06:00-14:00+", "Jumat libur", "kecuali Minggu", "libur Jumat 08.00-12.00",
     "Senin-Sabtu 08.00-17.00, hari libur tutup", "08.00-17.00 tutup",
     "setiap hari 8.00-17.00, Jumat libur 11.00-13.00",
     "kecuali", "06.00-14.00 kadang-kadang", "seminggu sekali"],
)  # fmt: skip
def test_what_cannot_be_read_whole_is_not_known(text):
    assert parsed(text) is None


def test_what_was_not_written_is_marked_as_assumed():
    assert [parsed(text).assumed for text in ("Senin malam", "06.00-14.00", "Senin 18-23")] == [
        True,
        True,
        False,
    ]


def test_past_midnight_is_the_next_day_and_past_sunday_monday():
    night = parsed("Minggu 22.00-03.00")
    assert night.open_at(SUN, 23 * HOUR)
    assert night.open_at(MON, 2 * HOUR + 59)
    assert not night.open_at(MON, 3 * HOUR)
    assert not night.open_at(TUE, 0)
    assert night.minutes == 5 * HOUR


@pytest.mark.parametrize(
    ("text", "minute"),
    [("MON 19:30", 19 * HOUR + 30), ("senin 19.30", 19 * HOUR + 30),
     ("Minggu pukul 7 malam", SUN * DAY + 19 * HOUR), ("Sunday 24:00", 0)],
)  # fmt: skip
def test_a_weekday_and_a_time(text, minute):
    assert week_minute(text) == minute


@pytest.mark.parametrize("text", ["", "monday", "19:30", "mon-tue 19:30", "mon 19:30-20:00", "x"])
def test_less_or_more_than_a_weekday_and_a_time_is_refused(text):
    with pytest.raises(GisappError, match="not a weekday"):
        week_minute(text)


raw_spans = st.lists(
    st.tuples(st.integers(0, WEEK - 1), st.integers(1, WEEK)).map(lambda x: (x[0], x[0] + x[1])),
    max_size=6,
)
schedules = raw_spans.map(weekly)


@given(raw_spans)
def test_a_schedule_covers_the_minutes_of_its_spans_and_no_others(raw):
    wanted = {minute % WEEK for start, end in raw for minute in range(start, end)}
    made = weekly(raw)
    assert {m for start, end in made.spans for m in range(start, end)} == wanted
    assert made.minutes == len(wanted)
    ends = [end for _start, end in made.spans][:-1]
    assert all(end < start for end, (start, _e) in zip(ends, made.spans[1:], strict=True))


@given(schedules, schedules)
def test_overlap_is_what_both_cover(a, b):
    minutes = [{m for s, e in x.spans for m in range(s, e)} for x in (a, b)]
    assert overlap_minutes(a, b) == overlap_minutes(b, a) == len(minutes[0] & minutes[1])


@pytest.mark.parametrize("language", ["id", "en"])
@given(schedule=schedules)
def test_what_is_written_is_read_back(language, schedule):
    with speaking(language):
        text = schedule_text(schedule)
    assert parsed(text) == schedule


@given(st.text("senijumatbrk0126.:-,; &pag", max_size=30))
def test_any_text_is_read_or_not_known(text):
    schedule = parsed(text)
    assert schedule is None or schedule.minutes <= WEEK
