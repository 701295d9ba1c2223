"""Asking for the page about oneself without an invitation: by a licence number and the address a clinic registered.

A clinic that invited somebody registered that person's e-mail address. Whoever has an account of that very address, and
gives the number that a credential here or the official list has for the person, is linked; everybody else is looked at
by a checker. The comparison runs after the answer was given, so the answer tells nothing, in words or in time.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, exists, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from directory import mail, queue
from directory.accounts.models import User
from directory.accounts.registry import covers
from directory.cases.opening import open_case
from directory.credentials.issuers import Issuer
from directory.credentials.matching import CONFIRMED, Claim
from directory.credentials.models import Credential
from directory.credentials.numbers import MAX_NUMBER, number_key
from directory.credentials.registers import compare
from directory.credentials.transitions import HIDDEN
from directory.db import Base, UTCDateTime, db, now
from directory.errors import Refused
from directory.ledger import record
from directory.practitioners.accounts import PractitionerAccount, PractitionerInvitation, account_of
from directory.practitioners.models import Practitioner
from directory.practitioners.queries import engagements_of
from directory.words import new_public_id

KIND, JOB = "page_request", "credentials/page_request"


class PageRequest(Base):
    """One person's word that a page is about them, with the number of a licence of theirs."""

    __tablename__ = "page_request"
    __table_args__ = (
        CheckConstraint("state IN ('asked', 'linked', 'refused')", name="state"),
        Index("ix_page_request_user_id_id", "user_id", "id"),
        Index(
            "uq_page_request_open",
            "user_id",
            "practitioner_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    practitioner_id: Mapped[int] = mapped_column(ForeignKey("practitioner.id", ondelete="CASCADE"), index=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"), index=True)
    number: Mapped[str] = mapped_column(String(MAX_NUMBER))
    state: Mapped[str] = mapped_column(String(8), default="asked")
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    user: Mapped[User] = relationship()
    practitioner: Mapped[Practitioner] = relationship()
    issuer: Mapped[Issuer] = relationship()

    @property
    def subject(self) -> str:
        return f"{KIND}:{self.public_id}"

    @property
    def address_is_known(self) -> bool:
        """Whether a clinic that names the person invited this very address, however long ago."""
        invited = exists().where(
            PractitionerInvitation.practitioner_id == self.practitioner_id,
            PractitionerInvitation.email == self.user.email,
        )
        return bool(self.user.confirmed_at and db.session.scalar(select(invited)))

    @property
    def number_is_known(self) -> bool:
        """Whether a credential shown on the page has this number, or the official list has it for this person."""
        held = exists().where(
            Credential.practitioner_id == self.practitioner_id,
            Credential.issuer_id == self.issuer_id,
            Credential.number_key == number_key(self.number, self.issuer.prefixes or ()),
            Credential.number_key != "",
            Credential.status.not_in(HIDDEN),
        )
        if db.session.scalar(select(held)):
            return True
        places = [(one.clinic.city, one.clinic.postal_code) for one in engagements_of(self.practitioner_id)]
        claims = [Claim(self.number, self.practitioner.name, place=city, postal_code=code) for city, code in places]
        said = [compare(self.issuer.key, claim, today=now().date()) for claim in claims]
        return any(one is not None and one.finding.outcome == CONFIRMED for one in said)

    def link(self, *, role: str) -> None:
        """The page is the person's. Raises Refused when it is somebody's already: the primary key decides."""
        if self.state != "asked":
            raise Refused("This request was settled already.")
        try:
            with db.session.begin_nested():
                db.session.add(PractitionerAccount(practitioner_id=self.practitioner_id, user_id=self.user_id))
                db.session.flush()
        except IntegrityError as error:
            raise Refused("This page has an account already.") from error
        self.state = "linked"
        record("practitioner.linked", role=role, subject=f"practitioner:{self.practitioner.public_id}")
        home = mail.link("own_credentials.index")
        mail.post("credentials/page_linked", to=self.user.email, name=self.practitioner.name, link=home)

    def refuse(self) -> None:
        """Nothing here shows that the page is theirs; the statement says why."""
        if self.state != "asked":
            raise Refused("This request was settled already.")
        self.state = "refused"

    def reopen(self) -> None:
        """An appeal brought it back."""
        self.state = "asked"


def ask(user: User, page: Practitioner, issuer: Issuer, number: str) -> None:
    """Note it; what comes of it is found out afterwards. Asked again while it waits, nothing more happens."""
    made = PageRequest(user_id=user.id, practitioner_id=page.id, issuer_id=issuer.id, number=number)
    try:
        with db.session.begin_nested():
            db.session.add(made)
            db.session.flush()
    except IntegrityError:
        return
    queue.put(JOB, request_id=made.id)


@queue.carries_out(JOB)
def settle(row_id: str, request_id: int) -> None:
    """Link it when both agree and the page is nobody's; else a checker looks. Run twice it does nothing twice."""
    one = db.session.get(PageRequest, request_id, options=[joinedload(PageRequest.user)])
    if one is None or one.state != "asked":
        return
    if account_of(one.practitioner_id) is None and one.address_is_known and one.number_is_known:
        one.link(role="member")
    else:
        bring(one, "somebody asks for the page about them")


def bring(one: PageRequest, reason: str) -> None:
    """To the desk."""
    places = engagements_of(one.practitioner_id)
    open_case(
        KIND,
        subject=one.subject,
        subject_id=one.id,
        clock="credential",
        priority="low",
        reason=reason,
        clinic_id=places[0].clinic_id if places else None,
        author_id=one.user_id,
    )


def waiting_of(user: User) -> list[PageRequest]:
    """What the person asked for and was not answered yet."""
    query = select(PageRequest).options(joinedload(PageRequest.practitioner))
    query = query.where(PageRequest.user_id == user.id, PageRequest.state == "asked")
    return list(db.session.scalars(query.order_by(PageRequest.id)))


def _exported(user: User) -> list[dict[str, str]]:
    query = select(PageRequest).options(joinedload(PageRequest.practitioner), joinedload(PageRequest.issuer))
    found = db.session.scalars(query.where(PageRequest.user_id == user.id).order_by(PageRequest.id))
    return [
        {"page": one.practitioner.slug, "issuer": one.issuer.key, "number": one.number, "state": one.state}
        for one in found
    ]


covers("page_request", title="Pages about you that you asked for", export=_exported)
