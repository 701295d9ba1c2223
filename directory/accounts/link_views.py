"""Coming in by a link that was mailed, for whoever never chose a password; and a fresh one for a link that is over."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from directory.access import public
from directory.accounts import allowances, letters, sessions, tokens
from directory.accounts.allowances import refuse_unless
from directory.accounts.forms import LinkForm, PlainForm
from directory.accounts.models import User
from directory.accounts.views import bp
from directory.allowance import spend
from directory.db import db
from directory.forms import show
from directory.limits import caller
from directory.onward import page_of_ours


def _onward() -> str:
    return page_of_ours(request.args.get("next", ""), url_for("accounts.home"))


def _owner(token: str) -> User | None:
    """Whose link it was, where a link is still what opens the account."""
    owner = tokens.owner_of(tokens.ENTER, token)
    user = db.session.get(User, owner) if owner else None
    return user if user is not None and user.enters_by_link else None


@bp.route("/enter/<token>", methods=["GET", "POST"])
@public(cache="private")
def enter(token: str) -> ResponseReturnValue:
    """A button, so that a mail program that follows links does not use it up."""
    form = PlainForm()
    if tokens.peek(tokens.ENTER, token) is None:
        return _over(token)
    if not form.validate_on_submit():
        return render_template("accounts/enter.html", form=form, next=_onward(), token=token)
    allowed = spend(allowances.LINK_CALLER, caller())
    db.session.commit()
    refuse_unless(allowed)
    grant = tokens.use(tokens.ENTER, token)
    user = db.session.get(User, grant.user_id) if grant else None
    if user is None or not user.enters_by_link:
        db.session.commit()
        return _over(token)
    user.confirm_address()
    sessions.begin(user)
    db.session.commit()
    return redirect(_onward(), 303)


def _over(token: str) -> ResponseReturnValue:
    """Its owner, if still in, goes on, or is sent another; with a password signs in; others type their address."""
    here, owner = sessions.present(), tokens.owner_of(tokens.ENTER, token)
    if here is not None and here.user_id == owner:
        return redirect(_onward(), 303)
    is_known = _owner(token) is not None
    if owner is not None and not is_known:
        return redirect(url_for(".sign_in", next=_onward()), 303)
    page = render_template("accounts/link_used.html", form=PlainForm(), token=token, next=_onward(), is_known=is_known)
    return page, 410


@bp.post("/enter/<token>/fresh")
@public(cache="private")
def fresh(token: str) -> ResponseReturnValue:
    """Mail another link to whom this one belonged; nobody learns to whom that is."""
    user, allowed = _owner(token), spend(allowances.ASK_LINK_CALLER, caller())
    if allowed and user is not None and spend(allowances.ASK_LINK, user.email):
        letters.ask_link(user.email, _onward())
    db.session.commit()
    refuse_unless(allowed, allowances.ASK_LINK_CALLER.seconds)
    return redirect(url_for(".sent"), 303)


@bp.route("/link", methods=["GET", "POST"])
@public(cache="private")
def ask_link() -> ResponseReturnValue:
    """Ask for a link that opens the account; the same answer for every address."""
    form = LinkForm(next=request.args.get("next", ""))
    if not form.validate_on_submit():
        return show("accounts/ask_link.html", form)
    allowed = spend(allowances.ASK_LINK_CALLER, caller())
    if allowed and spend(allowances.ASK_LINK, form.email.data):
        letters.ask_link(form.email.data, page_of_ours(form.next.data or "", url_for(".home")))
    db.session.commit()
    refuse_unless(allowed, allowances.ASK_LINK_CALLER.seconds)
    return redirect(url_for(".sent"), 303)
