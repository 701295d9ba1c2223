"""What there is to do about pictures of results."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from directory.clinics.filters import goal_words, month_words
from directory.clinics.models import Clinic
from directory.db import now
from directory.manage.task import Task
from directory.portfolio.choices import STAGES
from directory.portfolio.models import ResultSet
from directory.portfolio.queries import sets_of


def consents(clinic: Clinic) -> Iterator[Task]:
    """Pictures that wait for the person in them."""
    yield from _consents(clinic, sets_of(clinic))


def _consents(clinic: Clinic, sets: list[ResultSet]) -> Iterator[Task]:
    if number := sum(1 for one in sets for picture in one.kept if picture.state == "draft" and not picture.has_consent):
        yield Task(
            "consents",
            ngettext("%(num)s picture has no consent yet", "%(num)s pictures have no consent yet", number),
            url_for("portfolio.results", slug=clinic.slug),
            _("Give the link to the person in it. Without their consent it is never shown, and erased after 90 days."),
            45,
            _("See them"),
        )


def pictures(clinic: Clinic) -> Iterator[Task]:
    """Results that healed on since their last picture, and pictures that wait for a consent or to be sent in."""
    month, sets = f"{now():%Y-%m}", sets_of(clinic)
    for one in sets:
        if stage := one.due(month):
            yield Task(
                f"result-{one.public_id}",
                _("%(goal)s, finished %(month)s: add the picture of %(stage)s", **_result_words(one, stage)),
                url_for("portfolio.result", slug=clinic.slug, public_id=one.public_id, _anchor="add"),
                _("Seekers look for work that has healed; it is shown as missing until then."),
                40,
                _("Add it"),
            )
    yield from _consents(clinic, sets)
    if number := sum(1 for one in sets for picture in one.kept if picture.may_be_sent):
        yield Task(
            "agreed",
            ngettext("%(num)s picture was agreed to", "%(num)s pictures were agreed to", number),
            url_for("portfolio.results", slug=clinic.slug),
            _("Send them in: a moderator looks at them, then everybody sees them."),
            50,
            _("Send in"),
        )
    if not sets:
        yield Task(
            "results",
            _("No healed result is shown"),
            url_for("portfolio.results", slug=clinic.slug),
            _("Fresh work always looks good. What is healed for months, in plain light, is what people look for."),
            20,
            _("Begin one"),
        )


def _result_words(one: ResultSet, stage: str) -> dict[str, str]:
    goal, short = goal_words(one.goal), str(STAGES[stage].short)
    return {"goal": goal, "month": month_words(one.finished), "stage": short}
