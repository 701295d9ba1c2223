"""Somebody says that a page is about them, and could not be linked by number and address alone: a checker looks."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from directory.credentials.page_requests import PageRequest
from directory.errors import Refused
from directory.moderation.acts import Work
from directory.moderation.carrying import KINDS, Act, Kind


def _of(work: Work) -> PageRequest:
    if not isinstance(work.thing, PageRequest):
        raise Refused(_("This request is gone."))
    return work.thing


def link(work: Work) -> None:
    _of(work).link(role=work.role)


def refuse(work: Work) -> None:
    work.restrict("page_refused")
    _of(work).refuse()


KINDS["page_request"] = Kind(
    _l("Asks for a page"),
    "desk/items/page_request.html",
    {
        "link": Act(_l("It is this person"), "a", link, _l("The page is theirs from now on, and a letter tells them.")),
        "refuse": Act(
            _l("Refuse with this statement"),
            "r",
            refuse,
            _l("The page stays as it is; whoever asked reads your words and may appeal."),
            grave=True,
        ),
    },
    "checker",
)
