"""Asking for the page about oneself with a licence number, where no clinic sent a link."""

from secrets import token_urlsafe

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from directory.access import member
from directory.accounts.allowances import refuse_unless
from directory.accounts.sessions import person
from directory.allowance import Allowance, spend
from directory.credentials.forms import PageForm
from directory.credentials.own_views import DAY, bp, kinds_for
from directory.credentials.page_requests import ask
from directory.db import db
from directory.forms import show as show_form
from directory.once import claim
from directory.practitioners.queries import practitioner_by_slug

ASKING = Allowance("practitioner/pages", 5, DAY)


@bp.route("/page", methods=["GET", "POST"])
@member()
def ask_page() -> ResponseReturnValue:
    """Name the page by `?page=`. The answer is the same whatever comes of it: that is found out afterwards."""
    if "page" not in request.args:
        return render_template("own_credentials/ask_page.html", page=None)
    page = practitioner_by_slug(request.args.get("page", ""))
    if page is None or page.status != "published":
        abort(404)
    form = PageForm(kinds_for(page))
    if not form.validate_on_submit():
        return show_form("own_credentials/ask_page.html", form, page=page)
    allowed = spend(ASKING, person().public_id)
    db.session.commit()
    refuse_unless(allowed, DAY)
    used = claim(person().public_id, form.once.data or token_urlsafe())
    if not used.result:
        ask(person(), page, form.issuers[form.issuer.data], form.number.data)
        used.result = "asked"
    db.session.commit()
    flash(_("We compare it. If number and address agree, the page is yours in a moment; else a person looks at it."))
    return redirect(url_for(".index"), 303)
