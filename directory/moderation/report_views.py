"""Reporting something, by anybody: the notice, the legal notice, and the page where the outcome is read."""

from secrets import token_urlsafe

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.access import public
from directory.accounts import sessions
from directory.accounts.allowances import refuse_unless
from directory.accounts.models import User
from directory.allowance import spend
from directory.db import db
from directory.forms import show
from directory.limits import caller
from directory.moderation.contacts import ask_author
from directory.moderation.grounds import DAY, REPORT_ACCOUNT, REPORT_CALLER, REPORT_CLINIC, ground_of
from directory.moderation.outcomes import outcome_of
from directory.moderation.report_forms import LegalForm, NoticeForm, WhereForm
from directory.moderation.reported import Reported, reported_by_address, reported_by_subject
from directory.moderation.reports import LEGAL, NOTICE, clinic_spoken_for, file_report, report_by_token, token_of
from directory.once import claim

bp = Blueprint("reports", __name__)


@bp.after_request
def _hide_tokens(response: Response) -> Response:
    """An address that holds a secret is told to nobody."""
    if "token" in (request.view_args or {}):
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _visitor() -> User | None:
    found = sessions.present()
    return found.user if found else None


def _spend(reported: Reported, by: User | None) -> None:
    """Count one report against every budget it falls under; 429 when one is used up."""
    allowed = [spend(REPORT_CALLER, caller())]
    if by is not None:
        allowed.append(spend(REPORT_ACCOUNT, by.public_id))
    clinic = clinic_spoken_for(reported, by)
    if clinic is not None:
        allowed.append(spend(REPORT_CLINIC, clinic.public_id))
    db.session.commit()
    refuse_unless(all(allowed), DAY)


def _where(back_to: str) -> ResponseReturnValue:
    """Ask which page it is about."""
    form = WhereForm()
    if form.validate_on_submit():
        found = reported_by_address(form.address.data)
        if found is not None:
            return redirect(url_for(back_to, about=found.subject), 303)
        form.address.errors = [_("There is no clinic, person or review at that address here.")]
    return show("reports/where.html", form, legal=back_to == ".legal")


def _reported() -> Reported:
    return reported_by_subject(request.args.get("about", "")) or abort(404)


@bp.route("/report", methods=["GET", "POST"])
@public(cache="private")
def new() -> ResponseReturnValue:
    """Say what is wrong with something shown here; nothing is hidden by saying so."""
    if "about" not in request.args:
        return _where(".new")
    reported, by = _reported(), _visitor()
    form = NoticeForm(email=by.email if by else "")
    if not form.validate_on_submit():
        return show("reports/new.html", form, reported=reported)
    _spend(reported, by)
    sent = claim(by.public_id if by else caller(), form.once.data or token_urlsafe())
    if not sent.result:
        report = file_report(
            reported,
            kind=NOTICE,
            ground=form.ground.data,
            text=form.text.data,
            name=form.name.data,
            email=form.email.data,
            by=by,
        )
        sent.result = report.public_id  # not the link: of that only a digest is kept
    answer = redirect(url_for(".status", token=token_of(sent.result)), 303)
    db.session.commit()
    return answer


@bp.route("/report/legal", methods=["GET", "POST"])
@public(cache="private")
def legal() -> ResponseReturnValue:
    """A notice of complaint for defamation: the author is asked at once, the law's clock starts."""
    if "about" not in request.args:
        return _where(".legal")
    reported, by = _reported(), _visitor()
    form = LegalForm(email=by.email if by else "")
    if not form.validate_on_submit():
        return show("reports/legal.html", form, reported=reported)
    _spend(reported, by)
    sent = claim(by.public_id if by else caller(), form.once.data or token_urlsafe())
    if not sent.result:
        report = file_report(
            reported,
            kind=LEGAL,
            ground="defamation",
            text=form.harm.data,
            name=form.name.data,
            email=form.email.data,
            by=by,
            **{name: form[name].data for name in ("quote", "meaning", "wrong", "pass_identity")},
        )
        ask_author(report)
        sent.result = report.public_id
    answer = redirect(url_for(".status", token=token_of(sent.result)), 303)
    db.session.commit()
    return answer


@bp.get("/reports/<token>")
@public(cache="private")
def status(token: str) -> str:
    """What became of one report, for whoever holds its link."""
    report = report_by_token(token) or abort(404)
    kind, _colon, public_id = report.case.subject.partition(":")
    return render_template(
        "reports/status.html",
        report=report,
        kind=kind,
        reported=reported_by_subject(f"{kind}:{public_id}"),
        ground=ground_of(report.ground),
        outcome=outcome_of(report.case),
    )
