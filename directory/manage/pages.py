"""The room as the factory takes it: all its pages on one blueprint, and the pages that invitations lead to."""

from directory.manage import (
    closing_views,
    colleague_views,
    complaint_views,
    history_views,
    invitation_views,
    numbers_views,
    organisation_views,
    overview_views,
    people_views,
    profile_views,
    reply_views,
)
from directory.manage.colleague_views import invitation_bp
from directory.manage.invitation_views import invited_bp
from directory.manage.views import bp

__all__ = [
    "bp",
    "closing_views",
    "colleague_views",
    "complaint_views",
    "history_views",
    "invitation_bp",
    "invitation_views",
    "invited_bp",
    "numbers_views",
    "organisation_views",
    "overview_views",
    "people_views",
    "profile_views",
    "reply_views",
]
