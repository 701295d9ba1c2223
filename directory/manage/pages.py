"""The room as the factory takes it: all its pages on one blueprint, and the page that invitations lead to."""

from directory.manage import complaint_views, invitation_views, numbers_views, overview_views, reply_views
from directory.manage.invitation_views import invited_bp
from directory.manage.views import bp

__all__ = [
    "bp",
    "complaint_views",
    "invitation_views",
    "invited_bp",
    "numbers_views",
    "overview_views",
    "reply_views",
]
