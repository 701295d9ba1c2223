"""What a clinic can say to the moderators: that a review is not true, that somebody makes threats."""

from secrets import token_urlsafe

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from directory.access import clinic_staff
from directory.accounts.allowances import refuse_unless
from directory.accounts.models import User
from directory.accounts.sessions import person
from directory.allowance import spend
from directory.cases.appealing import appeal as appeal_against
from directory.cases.appealing import may_appeal
from directory.cases.clocks import CLOCKS
from directory.cases.forms import AppealForm
from directory.clinics.models import Clinic
from directory.db import db
from directory.errors import Refused
from directory.forms import show
from directory.imaging.bounds import DOCUMENT_BYTES
from directory.imaging.redraw import Unreadable, studio
from directory.manage.complaints import appeals_against, statement_to, statements_to
from directory.manage.forms import DisputeForm, EvidenceForm, ThreatForm
from directory.manage.replying import review_at
from directory.manage.views import bp, clinic_named
from directory.moderation.evidence import Evidence, open_dispute
from directory.moderation.grounds import DAY, EVIDENCE_ACCOUNT, REPORT_ACCOUNT, REPORT_CLINIC
from directory.moderation.reported import Reported, reported_by_subject
from directory.moderation.reports import DISPUTE, THREAT, file_report, reports_by, token_of
from directory.once import claim
from directory.transit import announce, arrived
from directory.uploads import content_of, takes_file


def _spend(clinic: Clinic, user: User) -> None:
    allowed = [spend(REPORT_ACCOUNT, user.public_id), spend(REPORT_CLINIC, clinic.public_id)]
    db.session.commit()
    refuse_unless(all(allowed), REPORT_CLINIC.seconds)


def _filed(form: DisputeForm | ThreatForm, reported: Reported, kind: str, ground: str) -> str:
    """File it once, however often it is sent; the report's public id."""
    user = person()
    sent = claim(user.public_id, form.once.data or token_urlsafe())
    if not sent.result:
        report = file_report(reported, kind=kind, ground=ground, text=form.text.data, email=user.email, by=user)
        if kind == DISPUTE and reported.review is not None:
            reported.review.dispute()
        sent.result = report.public_id
    led = sent.result
    db.session.commit()
    return led


@bp.route("/<slug>/reviews/<public_id>/dispute", methods=["GET", "POST"])
@clinic_staff()
def dispute(slug: str, public_id: str) -> ResponseReturnValue:
    """Say that a review is not true; it stays up, marked as disputed, until a moderator decided."""
    clinic = clinic_named(slug)
    review = review_at(clinic, public_id) or abort(404)
    form = DisputeForm()
    if not form.validate_on_submit():
        return show("manage/dispute.html", form, clinic=clinic, review=review)
    _spend(clinic, person())
    filed = _filed(form, reported_by_subject(f"review:{public_id}") or abort(404), DISPUTE, "disputed")
    return redirect(url_for(".evidence", slug=slug, public_id=filed), 303)


@bp.route("/<slug>/disputes/<public_id>/evidence", methods=["GET", "POST"])
@takes_file
@clinic_staff()
def evidence(slug: str, public_id: str) -> ResponseReturnValue:
    """Add one document to a dispute that is not decided; it is drawn anew and sealed."""
    clinic = clinic_named(slug)
    dispute_id = (open_dispute(clinic.id, public_id) or abort(404)).id
    form = EvidenceForm()
    allowed = not form.is_submitted() or spend(EVIDENCE_ACCOUNT, person().public_id)
    db.session.commit()  # opening a stranger's file takes seconds: no transaction waits for it
    refuse_unless(allowed, DAY)
    if not form.validate_on_submit():
        return show("manage/evidence.html", form, clinic=clinic)
    try:
        drawn = studio().document(content_of(form.document.data, DOCUMENT_BYTES))
    except Unreadable as reason:
        form.document.errors = [str(reason)]
        return show("manage/evidence.html", form, clinic=clinic)
    kept = Evidence.of(dispute_id, drawn)
    announce(kept.keys)
    db.session.commit()
    kept.seal(drawn)
    try:
        db.session.add(kept)
        arrived(kept.keys)
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        form.document.errors = [_("There is a document with this dispute already.")]
        return show("manage/evidence.html", form, clinic=clinic_named(slug))
    flash(_("The document is with the moderators."))
    return redirect(url_for(".decisions", slug=slug), 303)


@bp.route("/<slug>/threat", methods=["GET", "POST"])
@clinic_staff()
def threat(slug: str) -> ResponseReturnValue:
    """Tell of somebody who wants something in exchange for a review."""
    clinic, form = clinic_named(slug), ThreatForm()
    if not form.validate_on_submit():
        return show("manage/threat.html", form, clinic=clinic)
    _spend(clinic, person())
    filed = _filed(form, reported_by_subject(f"clinic:{clinic.public_id}") or abort(404), THREAT, "extortion")
    return redirect(url_for("reports.status", token=token_of(filed)), 303)


@bp.get("/<slug>/decisions")
@clinic_staff()
def decisions(slug: str) -> str:
    """What this clinic's people complained of, and the statements of reasons that the clinic was given."""
    clinic = clinic_named(slug)
    told = statements_to(clinic)
    return render_template(
        "manage/decisions.html",
        clinic=clinic,
        statements=told,
        appeals=appeals_against(clinic, told),
        reports=reports_by(clinic.id),
    )


@bp.route("/<slug>/decisions/<public_id>/appeal", methods=["GET", "POST"])
@clinic_staff()
def appeal(slug: str, public_id: str) -> ResponseReturnValue:
    """Appeal once against a decision that the clinic was given reasons for; somebody else reads it."""
    clinic, user = clinic_named(slug), person()
    told = statement_to(clinic, public_id) or abort(404)
    there = url_for(".decisions", slug=slug)
    if not may_appeal(told):
        raise Refused(_("The time to appeal against this decision is over."))
    form = AppealForm()
    if not form.validate_on_submit():
        return show("manage/appeal.html", form, clinic=clinic, statement=told, days=CLOCKS["appeal"].hours // 24)
    used = claim(user.public_id, form.once.data or token_urlsafe())
    if not used.result:
        new = appeal_against(told, form.text.data, by=user) is not None
        used.result = there
        db.session.commit()
        flash(_("We have the appeal.") if new else _("You have appealed against this decision before."))
    return redirect(there, 303)
