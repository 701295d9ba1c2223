"""The room as the factory takes it: all its pages on one blueprint."""

from directory.operating import clinic_views, job_views, people_views
from directory.operating.views import bp

__all__ = ["bp", "clinic_views", "job_views", "people_views"]
