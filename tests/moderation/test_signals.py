"""Each signal as a table: what makes it speak, how strongly, and what leaves it silent."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from directory.accounts.addresses import mailbox
from directory.moderation.signals import account, burst, context, near_copies, origin, ring, ties, verdict
from directory.moderation.signals.arrivals import Arrival
from directory.moderation.signals.finding import Finding
from directory.moderation.signals.ties import Tie

DAY = timedelta(days=1)
TODAY = datetime(2026, 11, 1, tzinfo=UTC)


def arrival(
    number: int, days: float, overall: int = 5, *, proven: bool = False, author: int = 0, **more: object
) -> Arrival:
    """Review `number`, so many days ago, from an account opened an hour before unless said otherwise."""
    at = TODAY - days * DAY
    age = timedelta(days=float(str(more.get("age", 1 / 24))))
    return Arrival(
        number, f"r{number}", int(str(more.get("clinic", 1))), author or number, at, overall, proven, at - age
    )


def many(days: list[float], overall: int = 5, *, first: int = 100, **more: object) -> list[Arrival]:
    return [arrival(first + n, ago, overall, **more) for n, ago in enumerate(days)]  # type: ignore[arg-type]


QUIET = [350, 290, 220, 150, 90]  # a review in two months or so
STEADY = [step * 4.0 for step in range(90, 4, -1)]  # one in four days, all year


CALM = many([d + 120 for d in QUIET])
WEEKS = [9.0 * week for week in range(1, 6)]


def spoken(own: Arrival, others: list[Arrival], listed: float = 400) -> dict[str, str]:
    """{kind: strength} of what time alone says about the newest review."""
    all_ = sorted([*others, own], key=lambda one: one.at)
    return {one.kind: one.strength for one in burst.find(own, all_, burst.Past(TODAY - listed * DAY))}


@pytest.mark.parametrize(
    ("own", "others", "expected"),
    [
        # Seven in six days where one in two months is usual.
        (arrival(1, 0), many(QUIET) + many([1, 2, 3, 4, 5, 6], first=200), "high"),
        # The same seven where one in four days is usual are no wonder.
        (arrival(1, 0), many(STEADY) + many([3, 6], first=300), None),
        # Three are no burst anywhere.
        (arrival(1, 0), many(QUIET) + many([1, 2], first=200), None),
        # A review that came three weeks after a rush is not of it.
        (arrival(1, 0), many(QUIET) + many([21, 21.5, 22, 22.5, 23, 23.5], first=200), None),
        # Complaints are counted apart: six in ten days stand out at a busy, well liked clinic.
        (arrival(1, 0, 1), many(STEADY) + many([2, 3, 5, 7, 9], 1, first=300), "high"),
        # A complaint with proof of a visit is no part of a smear.
        (arrival(1, 0, 1, proven=True), many(QUIET) + many([2, 3, 5, 7, 9], 1, first=300), None),
        # Praise with proof in the midst of bought praise is one step weaker.
        (arrival(1, 2.5, proven=True), many(QUIET) + many([0.5, 1, 2, 3, 4, 5, 6], first=200), "medium"),
        # So is praise from an account much older than the burst.
        (arrival(1, 0, age=200), many(QUIET) + many([0.5, 1, 2, 3, 4, 5, 6], first=200), "medium"),
        # But not from an account that lay ready: the very clinic that orders praise may hand out the codes.
        (arrival(1, 2.5, proven=True, age=10), many(QUIET) + many([0.5, 1, 2, 3, 4, 5, 6], first=200), "high"),
        # Five in eight days are little, and much when the accounts of all five lay ready.
        (arrival(1, 0), many(QUIET) + many([2, 4, 6, 8], first=200), "low"),
        (arrival(1, 0, age=10), many(QUIET) + many([2, 4, 6, 8], first=200, age=10), "high"),
        # Who signed up to write in the midst of them is one step weaker, whose account is old by two.
        (arrival(1, 0), many(QUIET) + many([2, 4, 6, 8], first=200, age=10), "medium"),
        (arrival(1, 0, age=200), many(QUIET) + many([2, 4, 6, 8], first=200, age=10), "low"),
        # A clinic that invites its clients gets many reviews, with proof.
        (arrival(1, 0, proven=True), many(QUIET) + many([1, 2, 3, 4, 5, 6], first=200, proven=True), None),
    ],
)
def test_burst(own: Arrival, others: list[Arrival], expected: str | None) -> None:
    assert spoken(own, others).get("burst") == expected


@pytest.mark.parametrize(
    ("own", "others", "expected"),
    [
        # One in six days for three months, all delighted, where one in two months was usual.
        (arrival(1, 0), many([d + 100 for d in QUIET], 4) + many([6.0 * n for n in range(1, 16)], first=200), "high"),
        # The clinic was as busy before.
        (arrival(1, 0), many([6.0 * n for n in range(1, 60)], first=200), None),
        # Growth with proof of visits is growth.
        (arrival(1, 0), many(QUIET) + many([6.0 * n for n in range(1, 16)], first=200, proven=True), None),
        # Whoever grows honestly hears complaints too.
        (
            arrival(1, 0),
            many([d + 60 for d in QUIET])
            + many([9.0 * n for n in range(1, 8)], first=200)
            + many([9.0 * n + 4 for n in range(8)], 3, first=300),
            None,
        ),
        # Six in seven weeks by people who signed up to write are growth; by accounts that lay ready they are not.
        (arrival(1, 0), CALM + many(WEEKS, first=200), None),
        (arrival(1, 0, age=10), CALM + many(WEEKS, first=200, age=10), "high"),
        (arrival(1, 0), CALM + many(WEEKS, first=200, age=10), "medium"),
        (arrival(1, 0, age=200), CALM + many(WEEKS, first=200, age=10), None),
        # A proof of a visit speaks for somebody who signed up to write, and not for an account that lay ready.
        (arrival(1, 5, proven=True), CALM + many([0, *WEEKS], first=200, age=10), None),
        (arrival(1, 5, proven=True, age=10), CALM + many([0, *WEEKS], first=200, age=10), "high"),
        # What is not full praise is not part of it.
        (arrival(1, 0, 3), many(QUIET) + many([6.0 * n for n in range(1, 16)], first=200), None),
    ],
)
def test_rise(own: Arrival, others: list[Arrival], expected: str | None) -> None:
    assert spoken(own, others).get("rise") == expected


def test_a_burst_is_told_in_numbers() -> None:
    own = arrival(1, 0)
    others = sorted([*many(QUIET), *many([1, 2, 3, 4, 5, 6], first=200), own], key=lambda one: one.at)
    (found,) = [one for one in burst.find(own, others, burst.Past(TODAY - 400 * DAY)) if one.kind == "burst"]
    assert re.fullmatch(
        r"7 unproven reviews that praise in 6 days; this clinic's usual is one in \d+ days; "
        r"7 of them by accounts opened within the day before",
        found.words,
    )
    assert set(found.others) == {f"r{number}" for number in range(200, 206)}


def test_accounts_that_lay_ready_are_told_beside_the_share_of_the_site() -> None:
    own = arrival(1, 0, age=10)
    others = sorted([*many(QUIET), *many([2, 4, 6, 8], first=200, age=10), own], key=lambda one: one.at)
    past = burst.Past(TODAY - 400 * DAY, ready=lambda: 0.2)
    (found,) = [one for one in burst.find(own, others, past) if one.kind == "burst"]
    assert found.words.endswith("5 by accounts that had lain ready for 1 to 60 days (on the whole site 20%)")
    # Where that many accounts lie ready everywhere, it says nothing about this clinic.
    past = burst.Past(TODAY - 400 * DAY, ready=lambda: 0.99)
    (found,) = [one for one in burst.find(own, others, past) if one.kind == "burst"]
    assert (found.strength, "lain ready" in found.words) == ("low", True)


@pytest.mark.parametrize(
    ("least", "shape", "scale", "expected"),
    [
        (1, 1.0, 1.0, 0.5),  # geometric: the next review is as likely inside as outside
        (3, 1.0, 1.0, 0.125),
        (0, 2.0, 5.0, 1.0),
        (2, 2.0, 1.0, 0.5),  # 1 - (1/4 + 2/8)
    ],
)
def test_the_tail_is_that_of_the_negative_binomial(least: int, shape: float, scale: float, expected: float) -> None:
    assert burst.tail(least, shape, scale) == pytest.approx(expected)


TEMPLATE = (
    "I recently had my sessions at this studio and I am truly delighted with the result. The staff were friendly from "
    "the moment I walked in and answered all my questions. The pain was minimal and the room was spotless."
)
SPUN = (
    "I just had my sessions at this studio and I am truly thrilled with the look. The staff were kind from "
    "the minute I walked in and answered all my doubts. The discomfort was minimal and the room was very clean."
)
TURNED = (
    "The pain was minimal and the room was spotless. The staff were friendly from the moment I walked in and answered "
    "all my questions. I recently had my sessions at this studio and I am truly delighted with the result."
)
OWN = (
    "My barber sent me there after the second transplant left a band you could see in every photo. Four hours, a break "
    "for tea, hardly any pain. By now the dots match what is left of my own hair and nobody asks."
)
KOREAN_FREE = "施術は三回に分けて行われ、毎回とても丁寧に説明してくれました。仕上がりは自然で、満足しています。"
KOREAN_LIKE = "施術は三回に分けて行われ、毎回とても丁寧に説明してくれました。仕上がりも自然で、本当に満足です。"


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        (TEMPLATE, TEMPLATE, True),
        (TEMPLATE, TEMPLATE.upper().replace(".", " !"), True),  # case and punctuation are no difference
        (TEMPLATE, SPUN, True),  # every third word changed
        (TEMPLATE, TURNED, True),  # sentences in another order
        (TEMPLATE, OWN, False),
        (KOREAN_FREE, KOREAN_LIKE, True),  # a script without spaces
        (KOREAN_FREE, OWN, False),
    ],
)
def test_near_copies(one: str, other: str, near: bool) -> None:
    assert (
        near_copies.Copy("x", 1, 1, *near_copies.likeness(near_copies.Read.of(one), near_copies.Read.of(other))).is_near
        is near
    )
    assert bool(set(near_copies.sketch(one)) & set(near_copies.sketch(other))) is near


@pytest.mark.parametrize(
    ("copies", "expected"),
    [
        ([], None),
        ([(1, 0.55, 0.2)], "medium"),  # one other text resembles
        ([(1, 0.55, 0.2), (2, 0.52, 0.2)], "high"),  # two people's do
        ([(1, 0.9, 0.8)], "high"),  # nearly word for word
        ([(1, 0.3, 0.35)], "medium"),  # the runs are the same, the order is not
        ([(1, 0.3, 0.1), (2, 0.4, 0.2)], None),  # the trade has its phrases
    ],
)
def test_copies_are_judged(copies: list[tuple[int, float, float]], expected: str | None) -> None:
    found = near_copies.find([near_copies.Copy(f"r{who}", who, 1, order, runs) for who, order, runs in copies])
    assert (found.strength if found else None) == expected


def test_short_praise_is_nobodys_property() -> None:
    assert near_copies.sketch("Natural look, no pain, highly recommend to anyone.") == []


def neighbour(author: int, clinic: int = 1, *, device: bool = False) -> origin.Neighbour:
    return origin.Neighbour(f"r{author}", author, clinic, device)


@pytest.mark.parametrize(
    ("near", "reviews_here", "shared", "expected"),
    [
        ([], 10, False, None),
        ([neighbour(1)], 5, False, "low"),  # a brother
        ([neighbour(1), neighbour(2)], 5, False, "medium"),
        ([neighbour(1), neighbour(2), neighbour(3)], 8, False, "high"),
        ([neighbour(1), neighbour(2), neighbour(3)], 60, False, None),  # four of sixty: a phone company's network
        ([neighbour(1), neighbour(2), neighbour(3)], 8, True, None),  # strangers use it
        ([neighbour(1, device=True)], 60, True, "medium"),  # one device is never shared by strangers
        ([neighbour(1, device=True), neighbour(2, 2, device=True)], 60, True, "high"),
        ([neighbour(1, 2), neighbour(2, 3)], 5, False, None),  # about other clinics
    ],
)
def test_origin(near: list[origin.Neighbour], reviews_here: int, shared: bool, expected: str | None) -> None:
    found = origin.find(1, near, reviews_here, shared=shared)
    assert (found.strength if found else None) == expected


@pytest.mark.parametrize(
    ("near", "signed_in", "expected"),
    [
        ([neighbour(1), neighbour(2)], [], False),  # all about this clinic
        ([neighbour(1, 2), neighbour(2, 3), neighbour(3, 4)], [], True),
        ([neighbour(1)], [7, 8, 9], True),  # members who sign in there and never wrote
        ([neighbour(1), neighbour(2), neighbour(3), neighbour(4)], [7, 8, 9], False),  # outnumbered
    ],
)
def test_a_network_of_strangers_is_known_by_what_they_do(
    near: list[origin.Neighbour], signed_in: list[int], expected: bool
) -> None:
    assert origin.is_shared(1, near, signed_in) is expected


@pytest.mark.parametrize(
    ("tie", "overall", "shared", "expected"),
    [
        (Tie("account", "owner", None), 5, False, "high"),  # the owner, of all people
        (Tie("account", "editor", None), 1, False, "high"),
        (Tie("device", "owner", None), 5, True, "high"),  # a device is not shared by strangers
        (Tie("network", "owner", None), 5, False, "high"),
        (Tie("network", "owner", None), 5, True, "low"),  # a phone company's
        (Tie("network", "owner", None, common=True), 5, False, "low"),  # owners of several clinics use it
        (Tie("domain", "clinic", None), 5, False, "high"),
        (Tie("account", "owner", 49.0), 1, False, "high"),  # a rival
        (Tie("account", "owner", 49.0), 5, False, "high"),  # praise of the trade next door: both signs
        (Tie("account", "owner", 51.0), 1, False, "medium"),  # too far to gain by it
        (Tie("network", "owner", 10.0), 1, False, "high"),
        (Tie("network", "owner", 10.0), 5, False, "low"),
        (Tie("network", "owner", 10.0), 1, True, None),
    ],
)
def test_ties(tie: Tie, overall: int, shared: bool, expected: str | None) -> None:
    found = ties.find([tie], overall, shared=shared)
    assert (found.strength if found else None) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ann@gmail.com", "a.n.n+smp@googlemail.com", True),
        ("ann@clinic.test", "ann+reviews@clinic.test", True),
        ("a.nn@clinic.test", "ann@clinic.test", False),  # dots matter elsewhere
        ("ann@gmail.com", "ann@outlook.com", False),
    ],
)
def test_mailboxes(one: str, other: str, same: bool) -> None:
    assert (mailbox(one) == mailbox(other)) is same


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ([(0, 5, 1)], "low"),  # signed up an hour ago, 5 stars: most honest people
        ([(0, 4, 1)], None),
        ([(200, 1, 1), (0, 5, 2)], None),  # mended elsewhere
        ([(60, 5, 1), (0, 5, 2)], "low"),
        ([(200, 2, 1), (100, 4, 2), (0, 5, 3)], "medium"),
        ([(90, 5, 1), (60, 5, 2), (0, 5, 3)], "high"),  # three clinics, one number of stars
        ([(200, 1, 1), (150, 3, 2), (90, 4, 3), (0, 5, 4)], "high"),
        ([(900, 1, 1), (800, 3, 2), (700, 4, 3), (0, 4, 4)], None),  # over years
    ],
)
def test_account(written: list[tuple[float, int, int]], expected: str | None) -> None:
    signed_up = written[0][0] + 1 / 24
    all_ = [
        arrival(n, ago, stars, author=9, clinic=at, age=signed_up - ago)
        for n, (ago, stars, at) in enumerate(written, 1)
    ]
    found = account.find(all_[-1], all_)
    assert (found.strength if found else None) == expected


@pytest.mark.parametrize(
    ("own", "earlier", "rivals", "speaks"),
    [
        (arrival(1, 0), [], [], True),  # praise where there is none yet
        (arrival(1, 0), many([5], 1), [], True),  # praise after a bad one
        (arrival(1, 0), many([40, 50, 60, 70, 80]), [], False),
        (arrival(1, 0, proven=True), [], [], False),
        (arrival(1, 0, 1), many([40]), [context.Rival(2, 3.0, TODAY - 20 * DAY)], True),  # a new rival
        (arrival(1, 0, 1), many([40]), [], False),
        (arrival(1, 0, 4), [], [context.Rival(2, 3.0, TODAY - 20 * DAY)], False),
    ],
)
def test_context(own: Arrival, earlier: list[Arrival], rivals: list[context.Rival], speaks: bool) -> None:
    found = context.find(own, [*earlier, own], rivals)
    assert (found is not None) is speaks
    assert found is None or found.strength == "low"


def test_ring_finds_the_group_and_leaves_those_beside_it() -> None:
    """Eight accounts go from buyer to buyer; their buyers' honest clients, and honest people with two clinics, stay."""
    group = [
        (account_, clinic) for account_ in range(1, 9) for clinic in (account_ % 4, 4 + account_ % 3, 7 + account_ % 2)
    ]
    clients = [(100 + number, number % 9) for number in range(27)]
    twice = [(200 + number, clinic) for number in range(4) for clinic in (20 + number, 30 + number)]
    elsewhere = [(300 + number, 20 + number % 20) for number in range(60)]
    edges = group + clients + twice + elsewhere
    believed = {who: ring.find(who, edges) for who in (1, 5, 100, 200)}
    assert [found.strength if (found := believed[who]) else None for who in (1, 5)] == ["high", "high"]
    assert believed[100] is believed[200] is None
    assert "at least two with it" in believed[1].words  # type: ignore[union-attr]


HIGH, MEDIUM, LOW = "high", "medium", "low"


@pytest.mark.parametrize(
    ("signals", "act"),
    [
        ({}, "nothing"),
        ({"account": LOW}, "nothing"),
        ({"account": LOW, "origin": LOW, "burst": LOW}, "prioritise"),
        ({"burst": MEDIUM}, "prioritise"),
        ({"burst": MEDIUM, "account": LOW}, "prioritise"),
        ({"burst": MEDIUM, "account": LOW, "context": LOW}, "prioritise"),  # context never holds
        ({"burst": MEDIUM, "account": LOW, "origin": LOW}, "hold"),
        ({"burst": MEDIUM, "near_copy": MEDIUM}, "hold"),
        ({"tie": HIGH}, "hold"),
        ({"context": HIGH}, "prioritise"),
    ],
)
def test_verdicts(signals: dict[str, str], act: str) -> None:
    assert verdict.judge(Finding(kind, strength, "words") for kind, strength in signals.items()).act == act


def test_more_evidence_never_does_less() -> None:
    """Every set of four signals against the same with one of them stronger or one more."""
    order = ["nothing", "prioritise", "hold"]
    kinds, levels = ("burst", "tie", "origin", "account"), (None, LOW, MEDIUM, HIGH)

    def act(choice: tuple[str | None, ...]) -> int:
        found = [Finding(kind, level, "w") for kind, level in zip(kinds, choice, strict=True) if level]
        return order.index(verdict.judge(found).act)

    choices = [(a, b, c, d) for a in levels for b in levels for c in levels for d in levels]
    for choice in choices:
        for place in range(4):
            at = levels.index(choice[place])
            if at < 3:
                assert act((*choice[:place], levels[at + 1], *choice[place + 1 :])) >= act(choice)
