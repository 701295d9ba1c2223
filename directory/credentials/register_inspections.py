"""Inspections that an official list tells of, beside a licence: entered for the desk, as a checker would.

A list never shows one by itself: it is proposed at the clinic whose licence the list bears out, and a checker compares
it with the authority's own page. What the desk dropped or took back is not proposed again. Two people stand behind
what is shown, so a list that nobody is named as the loader of (`registers load` without `--as`) brings none.
"""

from datetime import date

from sqlalchemy import select

from directory.credentials.models import Credential
from directory.credentials.outside import Inspection
from directory.credentials.outside_entry import enter_inspection
from directory.credentials.registers import RegisterEntry, RegisterLoad
from directory.db import db


def propose(credential: Credential, entry: RegisterEntry, load: RegisterLoad, *, today: date) -> Inspection | None:
    """The visit at the premises that hold this licence; None when there is none to tell, or it was entered before."""
    if credential.clinic is None or load.by_id is None or entry.inspected_on is None or entry.inspected_on > today:
        return None
    known = select(Inspection.id).where(
        Inspection.clinic_id == credential.clinic_id,
        Inspection.issuer_id == credential.issuer_id,
        Inspection.inspected_on == entry.inspected_on,
    )
    if db.session.execute(known.limit(1)).first() is not None:
        return None
    return enter_inspection(
        credential.clinic,
        by_id=load.by_id,
        issuer=credential.issuer,
        authority=credential.authority,
        on=entry.inspected_on,
        outcome=entry.outcome,
        words=entry.outcome_word,
        url=(entry.inspection_url or load.register.link_to(entry.number))[:300],
        role="register",
    )
