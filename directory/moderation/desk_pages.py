"""The desk as the factory takes it: all its pages on one blueprint."""

from directory.moderation import desk_part_views
from directory.moderation.desk_views import bp

__all__ = ["bp", "desk_part_views"]
