"""Rows for tests, each with every needed fact and only the stated ones."""

from itertools import count
from typing import Any

from directory.clinics.models import Clinic, Service
from directory.db import db, writing
from directory.practitioners.models import Engagement, Practitioner
from directory.words import name_key

_numbers = count(1)

LEEDS = {
    "lat": 53.7997,
    "lon": -1.5492,
    "city": "Leeds",
    "region": "England",
    "country": "GB",
    "timezone": "Europe/London",
    "postal_code": "LS1 4AP",
}


def clinic(name: str = "", **facts: Any) -> Clinic:
    """A published clinic in Leeds unless told otherwise; added to the session, not committed."""
    number = next(_numbers)
    name = name or f"Clinic {number}"
    made = Clinic(
        slug=facts.pop("slug", f"clinic-{number}"), name=name, name_key=name_key(name)[:200], **{**LEEDS, **facts}
    )
    made.city_key = name_key(made.city)
    db.session.add(made)
    return made


def practitioner(name: str = "", *, at: Clinic | None = None, role: str = "", **facts: Any) -> Practitioner:
    """A person, engaged at the clinic when one is given; added to the session, not committed."""
    number = next(_numbers)
    name = name or f"Person {number}"
    made = Practitioner(slug=facts.pop("slug", f"person-{number}"), name=name, name_key=name_key(name), **facts)
    db.session.add(made)
    if at is not None:
        db.session.add(Engagement(practitioner=made, clinic=at, role=role, standing="agreed"))
    return made


def price(goal: str, low: int, high: int | None = None, currency: str = "GBP", **facts: Any) -> Service:
    """A line of a price list, in minor units."""
    return Service(goal=goal, price_min=low, price_max=high or low, currency=currency, **facts)


def commit() -> None:
    """Commit what was made, as a view would."""
    db.session.commit()


def saved(app: Any, *makers: Any) -> None:
    """Run the makers inside an application context and commit: saved(app, lambda: clinic("X"))."""
    with app.app_context(), writing():
        for make in makers:
            make()
        commit()
