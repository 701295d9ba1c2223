"""Who is told of a decision, and where they read it: the reasons where there are some, or else the thing itself."""

from typing import Any, NamedTuple

from directory import mail
from directory.accounts.links import link_for
from directory.accounts.models import User
from directory.cases.decisions import Decision
from directory.cases.models import Case
from directory.clinics.models import Clinic
from directory.credentials.models import Credential
from directory.db import db
from directory.moderation.acts import KEPT
from directory.moderation.subjects import Thing, review_of, thing_of
from directory.moderation.ties import appeals_of
from directory.portfolio.models import Picture, ResultSet
from directory.reviews.replies import Reply

TOLD_OF_CLAIMS = {"ask", "refuse", "take_away", "put_back"}


class Page(NamedTuple):
    """Where a letter leads. `about` names the thing in a letter without reasons; "" is the letter with them."""

    about: str
    endpoint: str
    values: dict[str, Any]


def tell(case: Case, decision: Decision) -> None:
    """Letters that say that there is a decision to read, and nothing of its reasons."""
    page = _page(case, decision)
    for number in _readers(case, decision):
        reader = db.session.get(User, number) if number else None
        if reader is None:
            continue
        link = link_for(reader, page.endpoint, **page.values)
        if page.about:
            mail.post("desk/settled", to=reader.email, link=link, about=page.about)
        else:
            mail.post("desk/decided", to=reader.email, link=link)


def _readers(case: Case, decision: Decision) -> list[int | None]:
    thing = thing_of(case)
    if case.kind == "appeal":
        return [appeal.by_id for appeal in appeals_of(case)]
    if decision.act in KEPT or (case.kind == "claim" and decision.act not in TOLD_OF_CLAIMS):
        return []  # a claim has letters of its own
    if isinstance(thing, Reply):
        return [thing.by_id]
    if isinstance(thing, Picture | ResultSet):
        return [case.opened_by_id] if case.kind == "result" else []
    return [case.author_id]


def _page(case: Case, decision: Decision) -> Page:
    """What was told to a clinic stands at its desk, and what was told to a person in their account."""
    thing = thing_of(case)
    told = thing.statements if case.kind == "appeal" and isinstance(thing, Decision) else decision.statements
    clinic = next((db.session.get(Clinic, one.to_clinic_id) for one in told if one.to_clinic_id), None)
    if clinic is not None:
        return Page("", "manage.decisions", {"slug": clinic.slug})
    if told or case.kind == "appeal":
        return Page("", "cases.statements", {})
    return _itself(thing, decision.act) or Page("", "accounts.home", {})


def _itself(thing: Thing | None, act: str) -> Page | None:
    """The thing, where nothing was restricted and nobody needs reasons."""
    if isinstance(thing, Credential):
        return Page("credential", "own_credentials.show", {"public_id": thing.public_id})
    if act != "publish":
        return None
    if isinstance(thing, Reply):
        return Page("reply", "manage.reviews", {"slug": thing.review.clinic.slug})
    if isinstance(thing, Picture | ResultSet):
        there = "portfolio.results" if isinstance(thing, ResultSet) or thing.result_id else "portfolio.pictures"
        return Page("pictures", there, {"slug": thing.clinic.slug})
    review = review_of(thing)
    return Page("review", "reviews.own", {"public_id": review.public_id}) if review is not None else None
