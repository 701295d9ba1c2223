"""What a clinic shows of itself: pictures of its place, and results: one client's work at several points of healing.

No picture is seen without the consent of the person in it and before a moderator has read it; the database refuses the
rest. Whoever is in it takes it back with one press and without an account, and so does the clinic: its files go with
the commit.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, select
from sqlalchemy.orm import Mapped, mapped_column, object_session, relationship

from directory import ledger
from directory.cases.moderated import EXPLAINED, STATE_CHECK, Moderated
from directory.clinics.changes import note_change
from directory.clinics.models import Clinic
from directory.db import Base, UTCDateTime, db, now, one_of
from directory.imaging.stored import Stored
from directory.keyed import fingerprint, seal, unseal
from directory.portfolio import consent
from directory.portfolio.choices import DUE, HEALED, PLACES, STAGES, VARIANTS, months_between
from directory.portfolio.consent import CLINIC, PERSON, Consented
from directory.practitioners.models import Practitioner
from directory.words import new_public_id

MOST_SETS = 40
MOST_IN_SET = 12
MOST_OF_PLACE = 8
GONE = ("withdrawn", "refused", "removed")
# What a clinic may still change or throw away.
OPEN = ("draft", "needs_edit")


class ResultSet(Base):
    """One client's result. Nothing here names the person: `reference` is the clinic's own sign for them, sealed.

    `finished` is the month of the last session (YYYY-MM). `link` opens the page on which the person agrees and takes
    back; it is kept as a digest to be found by, and sealed for the clinic to give out again.
    """

    says_itself = True  # see clinics.changes
    __tablename__ = "result_set"
    __table_args__ = (CheckConstraint(one_of("variant", VARIANTS), name="variant"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"), index=True)
    practitioner_id: Mapped[int | None] = mapped_column(ForeignKey("practitioner.id", ondelete="SET NULL"), index=True)
    goal: Mapped[str] = mapped_column(String(24))
    variant: Mapped[str] = mapped_column(String(10))
    style: Mapped[str] = mapped_column(String(8), default="")
    hair: Mapped[str] = mapped_column(String(8), default="")
    skin: Mapped[str] = mapped_column(String(8), default="")
    sessions: Mapped[int | None]
    pigment: Mapped[str] = mapped_column(String(80), default="")
    finished: Mapped[str] = mapped_column(String(7))
    reference: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    link_digest: Mapped[str] = mapped_column(String(64), unique=True)
    link_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    clinic: Mapped[Clinic] = relationship()
    practitioner: Mapped[Practitioner | None] = relationship()
    pictures: Mapped[list["Picture"]] = relationship(
        back_populates="result", order_by="Picture.id", cascade="all, delete-orphan"
    )

    @classmethod
    def begin(cls, clinic: Clinic, *, reference: str, **facts: object) -> "ResultSet":
        """A set without pictures, with its person's link."""
        made = cls(public_id=new_public_id(), clinic_id=clinic.id, **facts)
        token = secrets.token_urlsafe(24)
        made.link_digest = fingerprint(token)
        made.link_sealed = seal("picture links", token.encode(), about=made.subject)
        made.refer(reference)
        return made

    @property
    def subject(self) -> str:
        return f"result:{self.public_id}"

    @property
    def link(self) -> str:
        """What stands in the address that the person was given; empty when the key is not this installation's."""
        found = unseal("picture links", self.link_sealed, about=self.subject)
        return found.decode() if found else ""

    def refer(self, reference: str) -> None:
        """Note how the clinic's own papers call the person."""
        self.reference = seal("picture references", reference.encode(), about=self.subject) if reference else b""

    @property
    def referred(self) -> str:
        """The clinic's own sign for the person; for its own people only."""
        found = unseal("picture references", self.reference, about=self.subject) if self.reference else None
        return found.decode() if found else ""

    @property
    def kept(self) -> list["Picture"]:
        """The pictures there still are."""
        return [picture for picture in self.pictures if picture.key]

    @property
    def waiting(self) -> list["Picture"]:
        return [picture for picture in self.pictures if picture.state == "pending"]

    def due(self, month: str) -> str:
        """The latest healed stage that could be shown by that month and is not; empty when none is due."""
        told = {picture.kind for picture in self.kept}
        if not told:
            return ""
        since = months_between(self.finished, month)
        later = [stage for stage in HEALED if stage in told]
        open_ones = [stage for stage, after in DUE.items() if since >= after and stage not in told]
        newest = open_ones[-1] if open_ones else ""
        return newest if newest and (not later or HEALED.index(newest) > HEALED.index(later[-1])) else ""

    def end_if_empty(self) -> None:
        """What is known of a person of whom no picture is left goes too."""
        if self.pictures and not self.kept:
            self.reference, self.hair, self.skin, self.style, self.pigment = b"", "", "", "", ""
            self.sessions, self.practitioner_id = None, None


def hold(pictures: Iterable["Picture"]) -> None:
    """Read these anew and hold them to the commit: of two who act at once, the second sees what the first did."""
    ids = [picture.id for picture in pictures]
    query = select(Picture).where(Picture.id.in_(ids)).order_by(Picture.id).with_for_update()
    db.session.scalars(query.execution_options(populate_existing=True)).all()


class Picture(Stored, Consented, Moderated, Base):
    """A picture of a clinic's place (no `result`), or of one stage of a result. `taken` is a month, YYYY-MM.

    `recognisable`: a face, or a mark by which somebody could be known, is in it; `unedited`: no filter, no retouching.
    """

    says_itself = True  # see clinics.changes
    FOLDER = "pictures"
    __tablename__ = "clinic_picture"
    __table_args__ = (
        CheckConstraint(STATE_CHECK, name="state"),
        CheckConstraint(EXPLAINED, name="explained"),
        CheckConstraint(one_of("kind", (*PLACES, *STAGES)), name="kind"),
        CheckConstraint(f"(result_id IS NULL) = ({one_of('kind', PLACES)})", name="of_a_place_or_a_result"),
        CheckConstraint(consent.HOW_CHECK, name="consent"),
        CheckConstraint(consent.ENDED_CHECK, name="consent_ended"),
        CheckConstraint(consent.SHOWN_ONLY_WITH_IT, name="shown_with_consent"),
        CheckConstraint(consent.FACE_ONLY_BY_LINK, name="face_by_link"),
        CheckConstraint(consent.NOBODY_ONLY_OF_PLACES, name="nobody_in_a_place"),
        Index("ix_clinic_picture_clinic_id_state", "clinic_id", "state", "id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=new_public_id)
    clinic_id: Mapped[int] = mapped_column(ForeignKey("clinic.id", ondelete="CASCADE"))
    result_id: Mapped[int | None] = mapped_column(ForeignKey("result_set.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    taken: Mapped[str] = mapped_column(String(7), default="")
    light: Mapped[str] = mapped_column(String(10), default="")
    hair_length: Mapped[str] = mapped_column(String(10), default="")
    recognisable: Mapped[bool] = mapped_column(default=False)
    unedited: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    clinic: Mapped[Clinic] = relationship()
    result: Mapped[ResultSet | None] = relationship(back_populates="pictures")

    @property
    def subject(self) -> str:
        return f"picture:{self.public_id}"

    @property
    def is_healed(self) -> bool:
        return self.kind in HEALED

    def changed(self) -> None:
        session = object_session(self)
        if session is not None:
            note_change(session, self.clinic_id)

    def publish(self) -> None:
        super().publish()
        self.published_at = self.published_at or now()

    def describe(self, **facts: object) -> None:
        """State what is in it. Whoever agreed did so to what was stated then: the consent is asked for anew."""
        for name, value in facts.items():
            setattr(self, name, value)
        self.disallow()

    @property
    def stated(self) -> str:
        """A digest of all that would stand beside it: whoever agrees sends back what they saw."""
        one = self.result
        about = (
            (one.goal, one.variant, one.finished, one.sessions, one.style, one.pigment, one.hair, one.skin)
            if one
            else ()
        )
        return fingerprint(repr((self.kind, self.taken, self.light, self.hair_length, self.recognisable, about)))[:16]

    @property
    def may_be_sent(self) -> bool:
        """Whether it can be put before a moderator now."""
        return self.state in OPEN and self.has_consent and self.unedited

    def withdraw(self, by: str = CLINIC) -> None:
        """Taken back, by the person in it or by the clinic: every size of it is gone with the commit."""
        was_shown = self.is_public
        super().withdraw()
        self.end_consent(by)
        self.forget()
        if was_shown:
            role = "person" if by == PERSON else "clinic"
            ledger.record("picture.withdrawn", role=role, subject=self.subject)
        if self.result is not None:
            self.result.end_if_empty()
