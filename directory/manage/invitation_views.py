"""Invitations: codes for every client, as a list, as links, as cards to print; and the page a card leads to."""

import csv
import io
from secrets import token_urlsafe

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from directory.access import clinic_staff, public
from directory.accounts.second_factor import qr_path
from directory.accounts.sessions import person
from directory.db import db
from directory.errors import Refused
from directory.forms import show
from directory.mail import link
from directory.manage import issuing
from directory.manage.forms import IssueForm
from directory.manage.issuing import Batch
from directory.manage.views import bp, clinic_named
from directory.once import claim

invited_bp = Blueprint("invited", __name__)


def _batch(slug: str, public_id: str) -> Batch:
    return issuing.batch_of(clinic_named(slug), public_id) or abort(404)


def _address(code: str) -> str:
    return link("invited.card", code=code)


@bp.route("/<slug>/invitations", methods=["GET", "POST"])
@clinic_staff()
def invitations(slug: str) -> ResponseReturnValue:
    """Make codes, see how many there are; who used which, nobody can see."""
    clinic, form = clinic_named(slug), IssueForm(number=20)
    fine = form.validate_on_submit()
    if fine:
        sent = claim(person().public_id, form.once.data or token_urlsafe())
        try:
            if not sent.result:
                made = issuing.issue(clinic, form.number.data)
                sent.result = url_for(".codes", slug=slug, public_id=made.public_id)
            answer = redirect(sent.result, 303)
            db.session.commit()
        except Refused as full:
            db.session.rollback()
            clinic = clinic_named(slug)
            form.number.errors = [str(full)]
        else:
            return answer
    told = {"batches": issuing.batches_of(clinic), "counted": issuing.counted(clinic), "step": issuing.STEP}
    return show("manage/invitations.html", form, clinic=clinic, **told)


@bp.get("/<slug>/invitations/<public_id>")
@clinic_staff()
def codes(slug: str, public_id: str) -> str:
    """One batch, to copy or to take along."""
    batch = _batch(slug, public_id)
    rows = [(code, _address(code)) for code in batch.codes()]
    return render_template("manage/codes.html", clinic=clinic_named(slug), batch=batch, rows=rows)


@bp.get("/<slug>/invitations/<public_id>/codes.csv")
@clinic_staff()
def codes_file(slug: str, public_id: str) -> Response:
    """The same as a file, for the clinic's own letters."""
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(["code", "address"])
    writer.writerows((code, _address(code)) for code in _batch(slug, public_id).codes())
    answer = Response(sheet.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=invitations.csv"
    return answer


@bp.get("/<slug>/invitations/<public_id>/cards")
@clinic_staff()
def cards(slug: str, public_id: str) -> str:
    """The same as cards to print and cut."""
    made = [(code, *qr_path(_address(code))) for code in _batch(slug, public_id).codes()]
    before = _address("-").removesuffix("-").partition("://")[2]
    return render_template("manage/cards.html", clinic=clinic_named(slug), cards=made, before=before)


@invited_bp.get("/i/<code>")
@public(cache="private")
def card(code: str) -> Response:
    """Where a card leads: whose it is, and what to do with it. Nothing is stored, and a used card looks the same."""
    clinic = issuing.clinic_of(code) or abort(404)
    answer = Response(render_template("invited/card.html", clinic=clinic, code=code.upper()[:40]))
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
