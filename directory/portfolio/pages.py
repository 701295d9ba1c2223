"""The room as the factory takes it: the clinic's desk, the page of the person in the pictures, what everybody sees."""

from directory.portfolio import file_views
from directory.portfolio.person_views import bp as pictured_bp
from directory.portfolio.public_views import bp as results_bp
from directory.portfolio.views import bp

__all__ = ["bp", "file_views", "pictured_bp", "results_bp"]
