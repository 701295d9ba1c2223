"""Opening hours: what is understood, and when a clinic is open by its own clock."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from directory.clinics.hours import LONGEST, flips, open_state, valid_hours, week
from directory.clinics.ordinary import ordinary


class Place(NamedTuple):
    opening_hours: str
    timezone: str = "Europe/Berlin"
    country: str = "DE"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Mo-Fr 09:00-18:00", "Mo-Fr 09:00-18:00"),
        ("mo-fr 9:00-17:00", "Mo-Fr 09:00-17:00"),
        ("Monday - Friday 9.00 - 17.00", "Mo-Fr 09:00-17:00"),
        ("Mon,Wed 10-18", "Mo,We 10:00-18:00"),
        ("Mo-Fr 9:00-17:00; sa 10-12", "Mo-Fr 09:00-17:00; Sa 10:00-12:00"),
        ("We22:00-22:00", "We 22:00-22:00"),
        ("10:00-12:00,", "10:00-12:00"),
        ("Mo–Fr 09:00–17:00;", "Mo-Fr 09:00-17:00"),
        ("24/7", "24/7"),
        ("Mo-Sa 09:00-18:00; PH off", "Mo-Sa 09:00-18:00; PH closed"),
        ("Dec 25-26 off", "Dec 25-Dec 26 closed"),  # days of a month, not hours
        ("Mo-Fr 9-5", None),  # five in the morning, or in the afternoon?
        ("by appointment", None),
        ("Monday 9am-5pm", None),
        ("25:00-99:00", None),
        ("", None),
        ("   ", None),
        ("\x00", None),
        ("<script>", None),
        ("24/7;" * LONGEST, None),
    ],
)
def test_what_is_plain_is_mended_and_what_is_not_is_refused(typed, kept):
    assert valid_hours(typed) == kept
    if kept is not None:
        assert valid_hours(kept) == kept


@pytest.mark.parametrize(
    ("hours", "begin", "opened"),
    [
        # the whole week of 1 October 2012 in Berlin, whichever way it is written
        *(
            (hours, "2012-10-01", [(f"2012-10-0{day} 10:00", f"2012-10-0{day} 12:00") for day in range(1, 8)])
            for hours in (
                "10:00-12:00",
                "10-12",
                "10:00-11:00,11:00-12:00",
                "10:00-12:00,10:30-11:30",
                "10:00-14:00; 12:00-14:00 off",
                "08:00-09:00; 10:00-12:00",
            )
        ),
        ("Tu 23:59-48:00", "2012-10-01", [("2012-10-02 23:59", "2012-10-04 00:00")]),
        ("We 22:00-22:00", "2012-10-01", [("2012-10-03 22:00", "2012-10-04 22:00")]),
    ],
)
def test_open_stretches_are_those_of_the_specification(hours, begin, opened):
    from zoneinfo import ZoneInfo

    berlin = ZoneInfo("Europe/Berlin")
    start = datetime.fromisoformat(begin).replace(tzinfo=berlin)
    kept = valid_hours(hours)
    assert kept is not None
    at_start, changes = flips(kept, "Europe/Berlin", "DE", start)
    assert at_start is False
    local = [change.astimezone(berlin).strftime("%Y-%m-%d %H:%M") for change in changes]
    assert list(zip(local[::2], local[1::2], strict=False))[: len(opened)] == opened


def test_a_holiday_is_that_of_the_country():
    christmas = datetime(2026, 12, 25, 11, 0, tzinfo=UTC)
    hours = "Mo-Su 09:00-18:00; PH off"
    assert open_state(Place(hours), christmas).is_open is False
    assert open_state(Place(hours, "Asia/Tokyo", "JP"), datetime(2026, 12, 25, 3, 0, tzinfo=UTC)).is_open is True
    assert open_state(Place(hours, "Europe/Berlin", "XX"), christmas).is_open is True  # no calendar: only the hours


def test_the_next_change_is_told_in_the_clinics_own_time():
    noon = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    state = open_state(Place("Mo-Fr 09:00-18:00", "America/New_York", "US"), noon)
    assert (state.is_open, state.at.strftime("%H:%M %Z")) == (False, "09:00 EST")
    assert open_state(Place("24/7"), noon) == (True, None)
    assert open_state(Place("Mo-Su off"), noon) == (False, None)
    for unstated in ("", "nonsense"):
        assert open_state(Place(unstated), noon) is None
    assert open_state(Place("24/7", "Mars/Olympus"), noon).is_open  # a broken row does not stop a search


def test_an_hour_is_an_hour_when_clocks_change():
    """On 29 March 2026 Berlin has no 02:30; the shop that shuts at 03:00 is open for one hour less."""
    before = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)
    opened, changes = flips("Mo-Su 00:00-04:00", "Europe/Berlin", "DE", before)
    assert opened is True
    assert changes[0] - before == timedelta(hours=2)


def test_a_week_is_seven_days_from_today_with_night_hours_under_the_day_they_begin():
    monday = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    days = week(Place("Mo-Th 22:00-02:00; Sa 00:00-24:00; Su 10:00-12:00,13:00-15:00"), monday)
    assert [day.date.weekday() for day in days] == list(range(7))
    assert [day.ranges for day in days] == [
        *[(("22:00", "02:00"),)] * 4,
        (),
        (("00:00", "24:00"),),
        (("10:00", "12:00"), ("13:00", "15:00")),
    ]
    assert [day.ranges for day in week(Place("24/7"), monday)] == [(("00:00", "24:00"),)] * 7
    assert week(Place(""), monday) == []


# 28 November 2026 is a Saturday, Christmas Day a Friday.
WEEKDAYS = "Mo-Fr 09:00-17:00"
DIFFERS = [
    (WEEKDAYS, []),
    ("24/7", []),
    ("Mo-Fr 22:00-02:00", []),
    ("week 1-53/2 Mo 09:00-17:00; week 2-53/2 Mo 10:00-12:00", []),  # nothing is usual
    # as it was typed, weekends included; what is over is gone, what began goes on from today
    (f"{WEEKDAYS}; 2026 Dec 24-2027 Jan 3 off", ["2026-12-24..2027-01-03 "]),
    (f"{WEEKDAYS}; 2026 Nov 26-27 off; 2026 Dec 5 10:00-12:00", ["2026-12-05..2026-12-05 10:00-12:00"]),
    (f"{WEEKDAYS}; 2026 Nov 20-Dec 1 off", ["2026-11-28..2026-12-01 "]),
    (f"{WEEKDAYS}; 2027 Aug 2-13 off", ["2027-08-02..2027-08-13 "]),  # far ahead
    # holidays by the calendar, unless something else is said of the day
    (f"{WEEKDAYS}; PH off", ["2026-12-25..2026-12-25 ", "2027-01-01..2027-01-01 "]),
    (
        f"{WEEKDAYS}; PH off; 2026 Dec 25 10:00-12:00",
        ["2026-12-25..2026-12-25 10:00-12:00", "2027-01-01..2027-01-01 "],
    ),
    # what no table can say: seen in the calendar; the weekend between does not part it
    (f"{WEEKDAYS}; Dec 24-Jan 3 off", ["2026-12-24..2027-01-01 "]),
]


@pytest.mark.parametrize(("hours", "said"), DIFFERS)
def test_the_coming_days_that_differ_are_told_with_their_dates(hours, said):
    told = ordinary(Place(hours), datetime(2026, 11, 28, 12, 0, tzinfo=UTC))
    lines = [
        f"{one.first}..{one.last} " + ",".join("-".join(ranges) for ranges in one.ranges) for one in told.differing
    ]
    assert lines == said


def test_the_usual_week_is_not_that_of_a_holiday():
    told = ordinary(Place(f"{WEEKDAYS}; 2026 Nov 28-Dec 6 off"), datetime(2026, 11, 28, 12, 0, tzinfo=UTC))
    assert told.days == [(("09:00", "17:00"),)] * 5 + [()] * 2
    assert ordinary(Place(""), datetime(2026, 11, 28, 12, 0, tzinfo=UTC)) is None
