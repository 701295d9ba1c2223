"""Handing a credential in: a draft, its papers, the case at the desk; the holder's answers and second thoughts.

A person speaks for their own page, a clinic's people for its premises; nobody claims a licence for somebody else.
"""

from datetime import date

from sqlalchemy import func, select

from directory.accounts.models import User
from directory.cases.opening import case_about, open_case
from directory.clinics.membership import Membership
from directory.clinics.models import Clinic
from directory.credentials.badges import names_match, verify
from directory.credentials.evidence import MOST_FILES, Evidence
from directory.credentials.holders import clinics_of
from directory.credentials.issuers import CredentialType
from directory.credentials.models import Credential
from directory.credentials.numbers import MAX_NUMBER
from directory.credentials.queries import credential_by_public_id, same_number
from directory.credentials.reference_files import reference
from directory.db import db, now
from directory.errors import Refused
from directory.practitioners.accounts import PractitionerAccount
from directory.practitioners.models import Practitioner

KIND, CLOCK = "credential", "credential"
OPEN_TO_CHANGE = ("draft", "needs_info")


def may_speak_for(user: User, credential: Credential) -> bool:
    """Whether it is the person's own, or one of premises whose listing they work on."""
    if credential.practitioner_id is not None:
        held = select(PractitionerAccount.user_id).where(
            PractitionerAccount.practitioner_id == credential.practitioner_id, PractitionerAccount.user_id == user.id
        )
    else:
        held = select(Membership.id).where(Membership.clinic_id == credential.clinic_id, Membership.user_id == user.id)
    return bool(db.session.scalar(select(held.exists())))


def own(user: User, public_id: str) -> Credential | None:
    """The credential, when this person speaks for it; None otherwise, whether or not there is one."""
    found = credential_by_public_id(public_id)
    return found if found is not None and may_speak_for(user, found) else None


def begin(
    kind: CredentialType,
    holder: Practitioner | Clinic,
    by: User,
    *,
    number: str,
    authority: str,
    title: str,
    issued_on: date | None,
    expires_on: date | None,
) -> Credential:
    """A draft of it. Raises Refused for a date to come, or a kind that such a holder does not have."""
    if issued_on is not None and issued_on > now().date():
        raise Refused("It was not issued yet.")
    made = Credential.of(
        kind,
        holder=holder,
        number=number,
        authority=authority,
        title=title if kind.scope == "training" else "",
        issued_on=issued_on,
        expires_on=expires_on,
        submitted_by_id=by.id,
    )
    db.session.add(made)
    db.session.flush()
    return made


def may_add_paper(credential: Credential) -> bool:
    """Whether another document fits: before it is handed in, or when the desk asked for something."""
    query = select(func.count()).select_from(Evidence).where(Evidence.credential_id == credential.id)
    return credential.status in OPEN_TO_CHANGE and (db.session.scalar(query) or 0) < MOST_FILES


def hand_in(credential: Credential, by: User) -> None:
    """To the desk. The same number with somebody else is an alarm, told to the checker and to nobody else."""
    credential.submit()
    _open(credential, by)


def answer(credential: Credential, words: str, by: User) -> None:
    """What the desk asked for; it goes back to the desk."""
    credential.answer(words, by)
    _open(credential, by)


def takes_badges(credential: Credential) -> bool:
    """Whether its issuer's file lists keys, and it is not handed in yet."""
    return credential.status == "draft" and bool(reference().badge_keys.get(credential.issuer.key))


def hand_in_badge(credential: Credential, text: str, by: User) -> None:
    """A signed badge speaks for itself: number and days are the badge's, and it counts as the issuer's word at once.

    Raises Refused for a badge that does not verify, or was given to another name.
    """
    badge = verify(text, reference().badge_keys.get(credential.issuer.key, []), moment=now())
    if not names_match(badge, credential.holder.name):
        raise Refused("The badge was given to another name than the one on this page.")
    number = badge.badge_id[-MAX_NUMBER:]
    if credential.type.has_number and not number:
        raise Refused("The badge has no number of its own.")
    credential.put_number(number, authority=credential.authority)
    credential.title = badge.achievement
    credential.issued_on, credential.expires_on = badge.issued_on, badge.expires_on
    credential.submitted_by_id = by.id
    credential.submit()
    credential.verify(method="badge", matched=["issued", "name", "number"], source=badge.issuer_id, role="member")


def _open(credential: Credential, by: User) -> None:
    alarm = [other.public_id for other in same_number(credential)]
    places = clinics_of(credential)
    open_case(
        KIND,
        subject=credential.subject,
        subject_id=credential.id,
        clock=CLOCK,
        priority="high" if alarm else "low",
        reason="the same number is held by somebody else" if alarm else "a credential was handed in",
        clinic_id=places[0].id if places else None,
        author_id=by.id,
        opened_by_id=by.id,
        alarm=alarm,
    )


def take_back(credential: Credential, by: User) -> None:
    """The holder takes it back: it is shown no more, and nobody checks it any further."""
    credential.withdraw(by)
    waiting = case_about(KIND, credential.subject)
    if waiting is not None:
        waiting.withdraw()
