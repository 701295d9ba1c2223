"""The operators' first page, settings, storage, and what must be gone."""

from flask import Blueprint, current_app, render_template
from flask.sansio.blueprints import BlueprintSetupState
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from directory import heads, ledger, queue
from directory.access import operators
from directory.config import Settings
from directory.credentials.registers import Register, RegisterLoad
from directory.db import db
from directory.operating.forms import CAUSE_WORDS
from directory.operating.retention import destroyed, proofs
from directory.operating.running import timetable_lines
from directory.operating.seen import settings_seen
from directory.operating.storage import stored

bp = Blueprint("operator", __name__, url_prefix="/operator")
LOADS = 20


@bp.record_once
def _prepare(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals["suspension_causes"] = CAUSE_WORDS


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


@bp.get("/")
@operators()
def home() -> str:
    """Whether anything needs a hand: failed jobs, the queue, what is overdue, the record, the registers."""
    loads = select(RegisterLoad).options(joinedload(RegisterLoad.register)).join(Register)
    loads = loads.order_by(RegisterLoad.id.desc()).limit(LOADS)
    published = heads.newest()
    return render_template(
        "operator/home.html",
        failed=[line for line in timetable_lines() if line.fault],
        counts=queue.counts(),
        overdue=sum(proof.left for proof in proofs()),
        head=ledger.head(),
        published=published,
        published_on=ledger.date_of(published.at) if published else None,
        loads=list(db.session.scalars(loads)),
    )


@bp.get("/settings")
@operators()
def settings() -> str:
    """What the processes run with; never a secret."""
    return render_template("operator/settings.html", seen=settings_seen(_settings()))


@bp.get("/storage")
@operators()
def storage() -> str:
    """How much is stored, and how old the oldest evidence is."""
    return render_template("operator/storage.html", stored=stored(_settings()))


@bp.get("/retention")
@operators()
def retention() -> str:
    """What must be gone, and the proof that it is."""
    return render_template("operator/retention.html", proofs=proofs(), destroyed=destroyed())
