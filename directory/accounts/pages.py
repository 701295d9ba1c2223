"""The room as the factory takes it: all its pages on one blueprint, its doors, its holdings."""

from flask import Flask

from directory.accounts import doors, entry_views, factor_views, holdings, key_views, link_views, personal_keys
from directory.accounts.views import bp

__all__ = ["bp", "entry_views", "factor_views", "holdings", "init_app", "key_views", "link_views", "personal_keys"]


def init_app(app: Flask) -> None:
    doors.init_app(app)
    app.register_blueprint(bp)
