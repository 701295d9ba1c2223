"""The desk as the factory takes it: all its pages on one blueprint."""

from directory.moderation import (
    again_views,
    claim_kind,
    credential_kind,
    desk_part_views,
    engagement_kind,
    finding_acts,
    looking,
    page_request_kind,
    pair_views,
    picture_kind,
)
from directory.moderation.desk_views import bp

__all__ = [
    "again_views",
    "bp",
    "claim_kind",
    "credential_kind",
    "desk_part_views",
    "engagement_kind",
    "finding_acts",
    "looking",
    "page_request_kind",
    "pair_views",
    "picture_kind",
]
