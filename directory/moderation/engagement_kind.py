"""A person says that they never worked at a clinic: how the desk shows it, and what it can end with."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from directory import mail
from directory.cases.decisions import Statement
from directory.clinics.colleagues import addresses_at
from directory.db import db
from directory.errors import Refused
from directory.moderation.acts import Work
from directory.moderation.carrying import KINDS, Act, Kind
from directory.practitioners.models import DENIED, Engagement


def _of(work: Work) -> Engagement:
    if not isinstance(work.thing, Engagement) or work.thing.standing != DENIED:
        raise Refused(_("This was settled already."))
    return work.thing


def _stands(work: Work) -> None:
    """The person's word stands; the clinic is told, with reasons, and may appeal."""
    post = _of(work)
    told = Statement(
        decision=work.decision,
        to_clinic_id=post.clinic_id,
        restriction="name_hidden",
        facts=work.decision.statement,
    )
    db.session.add(told)
    link = mail.link("manage.decisions", slug=post.clinic.slug)
    for address in addresses_at(post.clinic):
        mail.post("desk/decided", to=address, link=link)


def _restore(work: Work) -> None:
    """The person did work there: the name is shown again, as the clinic's word and no more."""
    post = _of(work)
    work.restrict("name_shown")
    post.name_again()


KINDS["engagement"] = Kind(
    _l("Named, and says: I never worked there"),
    "desk/items/engagement.html",
    {
        "keep": Act(
            _l("The name stays away"),
            "a",
            _stands,
            _l("The clinic reads your words, may appeal, and cannot name this person again."),
        ),
        "restore": Act(
            _l("Show the name again"),
            "r",
            _restore,
            _l("It shows as the clinic's word; nothing the person holds counts there. The person reads your words."),
            grave=True,
        ),
    },
)
