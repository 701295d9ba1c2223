"""The rules of matching as tables: numbers, names, and what a claim against an entry comes to."""

from datetime import date

import pytest

from directory.credentials.matching import CONFIRMED, PREMISES, PROPOSED, REFUSED, Claim, Crowd, Listed, judge
from directory.credentials.names import Likeness, in_natural_order, likeness
from directory.credentials.numbers import number_key

TODAY = date(2026, 11, 28)
FULL, WEAK, NONE = Likeness.FULL, Likeness.WEAK, Likeness.NONE

NUMBERS = [
    ("12345", "12345"),
    ("00012345", "12345"),  # leading zeros
    ("12345.0", "12345"),  # a spreadsheet took it for an amount
    ("12 345", "12345"),
    ("12-345", "12345"),
    ("Lic. No. 00-123 45", "12345"),  # words before it
    ("licence#12345", "12345"),
    ("№ 7", "7"),
    ("１２３", "123"),  # full-width digits
    ("SP-00017", "17"),  # what the issuer prints before every number
    ("sp 17", "17"),
    ("TA-0017", "TA17"),  # letters that belong to the number stay
    ("TB-17", "TB17"),
    ("NOVA12", "NOVA12"),  # begins like "no", and is none
    ("", ""),
    ("--", ""),
]


@pytest.mark.parametrize(("written", "key"), NUMBERS)
def test_number(written: str, key: str) -> None:
    assert number_key(written, ["SP"]) == key


PERSONS = [
    ("John Smith", "JOHN SMITH", FULL),  # case
    ("John Smith", "Smith, John", FULL),  # order
    ("John Smith", "SMITH JOHN", FULL),
    ("Dr. John Smith", "John Smith", FULL),  # title
    ("José Núñez", "JOSE NUNEZ", FULL),  # accents
    ("Anna Müller", "ANNA MUELLER", FULL),  # umlaut spelt out
    ("Søren Ørsted", "Soeren Oersted", FULL),
    ("Kate O'Neil", "ONEIL, KATE", FULL),
    ("Anne-Marie Jones", "Annemarie Jones", FULL),  # hyphen
    ("Mary Ann Jones", "JONES MARYANN", FULL),  # words joined
    ("Pieter van den Berg", "VANDENBERG, PIETER", FULL),  # particles joined
    ("Pieter van den Berg", "Berg, Pieter", FULL),  # particles left out
    ("John Alan Smith", "John Smith", FULL),  # a middle name more
    ("John A. Smith", "John Alan Smith", FULL),  # its initial
    ("John Smith Jr", "John Smith", FULL),
    ("李 小龙", "李小龙", FULL),
    ("J. Smith", "John Smith", WEAK),  # an initial may be anybody's
    ("Anna Müller-Schmidt", "Anna Müller", WEAK),  # half of a double name
    ("Jon Smith", "John Smith", WEAK),  # a slip of the pen
    ("John B. Smith", "John Alan Smith", NONE),  # another middle name
    ("John Smith Jr", "John Smith Sr", NONE),  # father and son
    ("Jane Smith", "John Smith", NONE),
    ("Smith", "John Smith", NONE),
    ("J. S.", "John Smith", NONE),
    ("", "John Smith", NONE),
]


@pytest.mark.parametrize(("one", "other", "expected"), PERSONS)
def test_names_of_persons(one: str, other: str, expected: Likeness) -> None:
    assert likeness([one], [other], of_persons=True) == expected
    assert likeness([other], [one], of_persons=True) == expected


FIRMS = [
    ("Dot & Line Ltd", "DOT AND LINE LIMITED", FULL),  # legal form, ampersand
    ("The Scalp Studio, Inc.", "Scalp Studio", FULL),
    ("Scalp Studio", "Studio Scalp", FULL),
    ("Scalp Studios", "Scalp Studio", WEAK),
    ("Scalp Studio", "Crown Clinic", NONE),
]


@pytest.mark.parametrize(("one", "other", "expected"), FIRMS)
def test_names_of_firms(one: str, other: str, expected: Likeness) -> None:
    assert likeness([one], [other], of_persons=False) == expected


def test_a_former_or_trade_name_counts() -> None:
    assert likeness(["Ada Neu", "Ada Alt"], ["ALT, ADA"], of_persons=True) == FULL
    assert likeness(["Crown Clinic"], ["Ada Muster", "Crown Clinic Ltd"], of_persons=False) == FULL


@pytest.mark.parametrize(
    ("written", "order", "natural"),
    [
        ("Muster, Ada Maria", "", "Ada Maria Muster"),
        ("Muster Ada", "family given", "Ada Muster"),
        ("Smith, Jr", "", "Smith, Jr"),  # what stands behind the comma is no given name
        ("Ada Muster", "", "Ada Muster"),
    ],
)
def test_natural_order(written: str, order: str, natural: str) -> None:
    assert in_natural_order(written, order) == natural


def entry(**facts: object) -> Listed:
    return Listed(**{"number": "0123", "name": "SMITH, JOHN", "status": "active", "city": "Leeds", **facts})  # type: ignore[arg-type]


def claim(**facts: object) -> Claim:
    return Claim(**{"number": "123", "name": "John Smith", "place": "leeds", **facts})  # type: ignore[arg-type]


ALONE, ELSEWHERE, HERE = Crowd(), Crowd(9, 0), Crowd(9, 2)
ENDS = date(2027, 5, 1)
VERDICTS = [
    # number, name, status and place
    (claim(), entry(), ALONE, CONFIRMED, "agrees", False),
    # namesakes elsewhere do not matter where the place agrees
    (claim(), entry(), ELSEWHERE, CONFIRMED, "agrees", False),
    # the list says no place
    (claim(place=""), entry(city=""), ALONE, CONFIRMED, "agrees_without_place", False),
    # a name alone is never enough
    (claim(number=""), entry(), ALONE, PROPOSED, "name_alone", False),
    (claim(number="999"), entry(), ALONE, PROPOSED, "name_alone", False),
    (claim(number="999", name="Ada Muster"), entry(), ALONE, REFUSED, "nothing", False),
    # the same number under another name alarms
    (claim(name="Ada Muster"), entry(), ALONE, REFUSED, "number_of_another", True),
    # the status, and the date that overrules an "active"
    (claim(), entry(status="expired"), ALONE, REFUSED, "status_expired", False),
    (claim(), entry(status="suspended"), ALONE, REFUSED, "status_suspended", False),
    (claim(), entry(status="revoked"), ALONE, REFUSED, "status_revoked", False),
    (claim(), entry(status="inactive"), ALONE, REFUSED, "status_inactive", False),
    (claim(), entry(expires_on=date(2026, 11, 27)), ALONE, REFUSED, "status_expired", False),
    (claim(), entry(expires_on=TODAY), ALONE, CONFIRMED, "agrees", False),  # its last day
    # somebody else's number under the same name
    (claim(place="York"), entry(), ELSEWHERE, REFUSED, "namesake_elsewhere", True),
    (claim(place="York"), entry(), ALONE, PROPOSED, "place_differs", False),
    (claim(place=""), entry(), ALONE, PROPOSED, "place_not_said", False),
    # the same postal area is the same place, however the town is written
    (claim(place="Headingley", postal_code="LS6 3AA"), entry(postal_area="LS6"), ALONE, CONFIRMED, "agrees", False),
    (claim(place="St. Ives"), entry(city="SAINT IVES"), ALONE, CONFIRMED, "agrees", False),
    # a name that several share in one place asks for more than the number
    (claim(), entry(), HERE, PROPOSED, "shared_name", False),
    (claim(expires_on=ENDS), entry(expires_on=ENDS), HERE, CONFIRMED, "agrees", False),
    (claim(expires_on=TODAY), entry(expires_on=ENDS), ALONE, PROPOSED, "dates_differ", False),
    # names that agree in part go to a person
    (claim(name="J. Smith"), entry(), ALONE, PROPOSED, "name_in_part", False),
    # premises by trade name
    (
        claim(name="Crown Clinic"),
        entry(name="John Smith", other_names=("CROWN CLINIC LTD",), kind=PREMISES),
        ALONE,
        CONFIRMED,
        "agrees",
        False,
    ),
]


@pytest.mark.parametrize(("claimed", "listed", "crowd", "outcome", "reason", "alarm"), VERDICTS)
def test_verdict(claimed: Claim, listed: Listed, crowd: Crowd, outcome: str, reason: str, alarm: bool) -> None:
    finding = judge(claimed, listed, crowd, today=TODAY)
    assert (finding.outcome, finding.reason, finding.alarm) == (outcome, reason, alarm)


def test_a_finding_says_what_agrees_and_what_does_not() -> None:
    finding = judge(claim(name="Ada Muster", place="York"), entry(), ALONE, today=TODAY)
    assert finding.matched == ("number", "status")
    assert finding.mismatched == ("name", "place")
