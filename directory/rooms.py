"""The rooms in order: their views, and what they share in one process (the gazetteer, the live index)."""

from typing import Any

from flask import Flask, current_app
from flask_babel import get_locale

from directory.accounts import pages as accounts
from directory.api import review_views, robots
from directory.api import views as api
from directory.cases import holdings as cases
from directory.cases import views as decisions
from directory.claims import clinic_views as claim_answers
from directory.claims import holdings as claim_holdings
from directory.claims import views as claims
from directory.clinics import colleagues, deeds, membership, organisations, shortlist, sightings_writer
from directory.clinics import views as clinics
from directory.config import Settings
from directory.consultations import asking_views, photo_views
from directory.consultations import clinic_views as consultation_desk
from directory.consultations import holdings as consultation_holdings
from directory.consultations import views as consultations
from directory.credentials import clinic_views as clinic_credentials
from directory.credentials import holdings as credential_holdings
from directory.credentials import own_views as own_credentials
from directory.credentials import page_views, register_holdings, register_jobs
from directory.credentials import views as credentials
from directory.errors import Misconfigured
from directory.following import holdings as following_holdings
from directory.following import views as following
from directory.guide import views as guide
from directory.manage import pages as manage
from directory.moderation import (
    alerts,
    claim_views,
    credential_views,
    desk_pages,
    evidence_views,
    finding_views,
    notice_views,
    record_views,
    report_views,
    suspicion,
)
from directory.moderation import holdings as moderation
from directory.moderation.signals import holdings as signals
from directory.operating import pages as operating
from directory.places.gazetteer import Gazetteer
from directory.places.geocoders import BadGeocoderAddress, from_address
from directory.portfolio import joining as portfolio_joining
from directory.portfolio import pages as portfolio
from directory.practitioners import views as practitioners
from directory.practitioners import work_views
from directory.reviews import file_views, own_views, reading_views, result_views, sign_views
from directory.reviews import holdings as reviews
from directory.reviews import joining as review_joining
from directory.reviews import views as writing
from directory.search import views as search
from directory.search.live import LiveIndex
from directory.vocabulary import GOALS

# Rooms without pages of their own: loaded so that their tables exist and what they keep about people is covered.
GROUND = (
    cases,
    deeds,
    colleagues,
    organisations,
    credential_holdings,
    reviews,
    moderation,
    consultation_holdings,
    claim_holdings,
    signals,
    suspicion,
    alerts,
    register_holdings,
    register_jobs,
    following_holdings,
    review_joining,
    portfolio_joining,
)
# Pages on a room's blueprint that stand in files of their own.
MORE = (
    file_views,
    own_views,
    page_views,
    reading_views,
    result_views,
    sign_views,
    review_views,
    asking_views,
    photo_views,
)
# Rooms with pages on a blueprint.
ROOMS = (
    search,
    clinics,
    practitioners,
    work_views,
    credentials,
    own_credentials,
    clinic_credentials,
    credential_views,
    guide,
    decisions,
    writing,
    report_views,
    notice_views,
    evidence_views,
    finding_views,
    desk_pages,
    claims,
    claim_answers,
    claim_views,
    consultations,
    consultation_desk,
    following,
    portfolio,
    manage,
    operating,
)


def _page_context() -> dict[str, Any]:
    """What every page may show; read from memory, never from the database, so that error pages need none."""
    settings: Settings = current_app.config["SETTINGS"]
    live: LiveIndex = current_app.extensions["live"]
    return {
        "site_name": settings.site_name,
        "invented": live.invented,
        "locale": str(get_locale() or "en"),
        "tiles_url": settings.tiles_url,
        "contact_email": settings.contact_email,
        "goal_table": GOALS,
    }


def init_app(app: Flask, settings: Settings) -> None:
    gazetteer = Gazetteer.open(settings.data)
    app.extensions["gazetteer"] = gazetteer
    try:
        named = f"{settings.site_name} ({settings.base_url})"
        app.extensions["geocoder"] = from_address(settings.geocoder_url, user_agent=named)
    except BadGeocoderAddress as error:
        raise Misconfigured([f"GEOCODER_URL: {error}"]) from error
    app.extensions["live"] = live = LiveIndex(app, settings)
    app.extensions["search_ready"] = live.readiness
    sightings_writer.init_app(app)
    app.context_processor(_page_context)
    for room in ROOMS:
        app.register_blueprint(room.bp)
    accounts.init_app(app)
    app.extensions["is_staff"] = membership.is_staff
    app.register_blueprint(shortlist.bp)
    app.register_blueprint(manage.invited_bp)
    app.register_blueprint(manage.invitation_bp)
    app.register_blueprint(clinic_credentials.invited_bp)
    app.register_blueprint(portfolio.pictured_bp)
    app.register_blueprint(portfolio.results_bp)
    app.register_blueprint(record_views.bp)
    app.register_blueprint(api.bp)
    app.register_blueprint(robots.bp)
