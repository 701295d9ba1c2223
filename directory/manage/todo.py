"""What a clinic's people could do next: dated things first, then what changes most for a reader.

Each room with something to say has one function in ASKED. A task leads to the page where it is done, and goes when it
is done; nothing here is stored.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from directory.accounts.sessions import person
from directory.cases.moderated import PUBLIC
from directory.claims.queries import is_contested
from directory.clinics.drafts import drafts_of
from directory.clinics.filters import day
from directory.clinics.hours import zone
from directory.clinics.models import CLOSED, Clinic
from directory.clinics.organisations import requests_to
from directory.clinics.sections import SECTIONS
from directory.clinics.suspensions import open_suspension
from directory.consultations.inquiries import Inquiry
from directory.consultations.models import Consultation
from directory.credentials.lines import ENDS_SOON_DAYS
from directory.credentials.models import Credential
from directory.credentials.queries import shown_by
from directory.credentials.transitions import VERIFIED
from directory.db import db, now
from directory.manage.completeness import biggest_blanks, unconfirmed
from directory.manage.picture_tasks import consents, pictures
from directory.manage.task import DATED, URGENT, Task
from directory.practitioners.models import DENIED, NAMED
from directory.practitioners.naming import team_of
from directory.reviews.models import Review, Stage
from directory.reviews.replies import Reply

FACTS_AGE = timedelta(days=365)
MOST_BLANKS = 4


def _suspended(clinic: Clinic) -> Iterator[Task]:
    """Off the site for a technical cause: nothing to do but know why, and object."""
    held = open_suspension(clinic)
    if held is not None:
        yield Task(
            "suspended",
            _("Your listing is off the site since %(day)s", day=day(held.at)),
            url_for("guide.policy", page="contact"),
            held.reason,
            URGENT + 9,
            _("Write to us"),
        )


def _consultations(clinic: Clinic) -> Iterator[Task]:
    waiting = (
        select(func.count(), func.min(Consultation.state_at))
        .select_from(Consultation)
        .join(Consultation.inquiry)
        .where(Consultation.clinic_id == clinic.id, Consultation.state == "asked", Inquiry.sent_at.is_not(None))
    )
    number, oldest = db.session.execute(waiting).one()
    if number:
        yield Task(
            "consultations",
            ngettext(
                "%(num)s person asked for a consultation and has no answer",
                "%(num)s people asked for a consultation and have no answer",
                number,
            ),
            url_for("consultation_desk.index", slug=clinic.slug),
            _("Waiting since %(day)s. After two weeks a question ends by itself.", day=day(oldest)),
            URGENT,
            _("Answer"),
        )


def _credentials(clinic: Clinic) -> Iterator[Task]:
    """Checked credentials of the premises and of the people engaged here that have ended or soon will."""
    moment = now()
    today = moment.astimezone(zone(clinic.timezone)).date()
    for one in shown_by([clinic], today)[clinic.id].credentials:
        if one.status not in VERIFIED or one.expires_on is None:
            continue
        left = (one.expires_on - today).days
        if left <= ENDS_SOON_DAYS:
            yield _ending(clinic, one, left)


def _ending(clinic: Clinic, one: Credential, left: int) -> Task:
    what = _("%(what)s of %(who)s", what=one.title or one.type.title, who=one.holder.name)
    if left < 0:
        words, weight = _("%(what)s has expired", what=what), URGENT + 5
    else:
        words = ngettext("%(what)s ends in %(num)s day", "%(what)s ends in %(num)s days", left, what=what)
        weight = URGENT if left <= 7 else DATED
    return Task(
        f"credential-{one.public_id}",
        words,
        url_for("clinic_credentials.index", slug=clinic.slug),
        _("Your page says “expired” from the day after. Hand in the new one in time."),
        weight,
        _("Hand it in"),
    )


def _claims(clinic: Clinic) -> Iterator[Task]:
    if is_contested(clinic.id):
        yield Task(
            "claims",
            _("Somebody else claims this listing"),
            url_for("claim_answers.index", slug=clinic.slug),
            _("Two people decide when both sides were heard. Say what shows that it is yours."),
            URGENT + 9,
            _("Answer"),
        )


def _replies(clinic: Clinic) -> Iterator[Task]:
    answered = (
        select(Reply.id).where(Reply.review_id == Review.id, Reply.state != "withdrawn").correlate(Review).exists()
    )
    shown = Review.stages.any(Stage.state.in_(PUBLIC))
    waiting = select(func.count()).select_from(Review).where(Review.clinic_id == clinic.id, shown, ~answered)
    if number := db.session.scalar(waiting):
        yield Task(
            "replies",
            ngettext("%(num)s review has no reply", "%(num)s reviews have no reply", number),
            url_for("manage.reviews", slug=clinic.slug),
            _("You may reply once to each. A person reads replies before they appear."),
            50,
            _("Reply"),
        )


def _reply_edits(clinic: Clinic) -> Iterator[Task]:
    """Replies that a moderator sent back."""
    back = select(func.count()).select_from(Reply).join(Reply.review)
    if number := db.session.scalar(back.where(Review.clinic_id == clinic.id, Reply.state == "needs_edit")):
        yield Task(
            "reply-edits",
            ngettext("%(num)s reply needs a change", "%(num)s replies need a change", number),
            url_for("manage.reviews", slug=clinic.slug),
            _("A moderator read it and says what to change; until then it is not shown."),
            75,
            _("Read why"),
        )


def _old_facts(clinic: Clinic) -> Iterator[Task]:
    """Sections that nobody of the clinic said or confirmed for long; the page says of each when that was."""
    if old := unconfirmed(clinic, now() - FACTS_AGE):
        yield Task(
            "confirm",
            _("Say that what your page states is still true"),
            url_for("manage.clinic", slug=clinic.slug, _anchor="stated"),
            _("Nobody of the clinic has confirmed it within a year: %(sections)s.", sections=", ".join(old)),
            60,
            _("Look through it"),
        )


def _drafts(clinic: Clinic) -> Iterator[Task]:
    """What the one who looks typed and did not save; of others' drafts nobody hears."""
    drafted = drafts_of(person(), clinic)
    for section, words in SECTIONS.items():
        if section in drafted:
            yield Task(
                f"draft-{section}",
                _("Your draft of “%(section)s” is not saved", section=words),
                url_for("manage.profile", slug=clinic.slug, section=section),
                _("Only you see it; your page still says what it said."),
                65,
                _("Go on"),
            )


def _blanks(clinic: Clinic) -> Iterator[Task]:
    """The facts left open that would tell a reader most."""
    for point in biggest_blanks(clinic, MOST_BLANKS):
        yield Task(
            f"blank-{point.key}",
            _("Say it: %(what)s", what=point.words),
            url_for("manage.profile", slug=clinic.slug, section=point.section, line=point.key),
            _("“Not stated” today. It adds %(what)s.", what=", ".join(point.adds)),
            point.weight - 10,
            _("Fill in"),
        )


def _people(clinic: Clinic) -> Iterator[Task]:
    """Nobody named, or people named who have not said so themselves: nothing they hold counts."""
    team = [post for post in team_of(clinic) if post.until is None and post.standing != DENIED]
    alone = sum(post.standing == NAMED for post in team)
    if team and not alone:
        return
    if not team:
        words, act = _("Name the people who do the work"), _("Name a person")
        why = _("Readers ask first who would treat them, and no licence of a person can count before.")
    else:
        words, act = ngettext("%(num)s person is only named", "%(num)s people are only named", alone), _("Send a link")
        why = _("Their licences and training count here once they agree to being named.")
    yield Task("people", words, url_for("manage.people", slug=clinic.slug), why, 55, act)


def _offers(clinic: Clinic) -> Iterator[Task]:
    """An organisation that asks this clinic to join."""
    for asked in requests_to(clinic):
        yield Task(
            f"organisation-{asked.organisation.public_id}",
            _("%(name)s asks this clinic to stand under its name", name=asked.organisation.name),
            url_for("manage.organisation", slug=clinic.slug),
            _("Nothing changes before you say yes. Its owner decides."),
            DATED - 1,
            _("Answer"),
        )


# A room that has something to ask of clinics adds its function here.
ASKED: tuple[Callable[[Clinic], Iterator[Task]], ...] = (
    _suspended,
    _claims,
    _consultations,
    _credentials,
    _reply_edits,
    _replies,
    _drafts,
    _old_facts,
    _blanks,
    pictures,
    _people,
    _offers,
)
# Of an address where the clinic works no more: people wait for words, and nothing can be made better there.
ASKED_OF_CLOSED = (_suspended, _claims, _consultations, _reply_edits, _replies, consents)


def todo(clinic: Clinic) -> list[Task]:
    """Everything there is to do, in the order in which it should be done."""
    asked = ASKED_OF_CLOSED if clinic.status == CLOSED else ASKED
    tasks = [task for ask in asked for task in ask(clinic)]
    return sorted(tasks, key=lambda task: (-task.weight, task.key))
