"""What one visitor prefers (theme, unit), kept in cookies that only this room and `/theme.css` read.

Public pages are the same for everybody, so the theme arrives as a stylesheet of its own.
"""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from wtforms import RadioField

from directory.access import public

bp = Blueprint("preferences", __name__)
YEAR_SECONDS = 31_536_000
SCHEMES = {"light": "light", "dark": "dark"}


class PreferencesForm(FlaskForm):
    theme = RadioField(
        lazy_gettext("Colours"),
        choices=[
            ("system", lazy_gettext("As this device")),
            ("light", lazy_gettext("Light")),
            ("dark", lazy_gettext("Dark")),
        ],
    )
    unit = RadioField(
        lazy_gettext("Distances"),
        choices=[
            ("auto", lazy_gettext("As usual in the country searched")),
            ("km", lazy_gettext("Kilometres")),
            ("mi", lazy_gettext("Miles")),
        ],
    )


@bp.get("/theme.css")
@public(cache="private")
def theme() -> Response:
    """The chosen colour scheme as one rule; empty when the device decides."""
    scheme = SCHEMES.get(request.cookies.get("theme", ""))
    css = f":root{{color-scheme:{scheme}}}\n" if scheme else ""
    answer = Response(css, mimetype="text/css")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.vary.add("Cookie")
    return answer


@bp.route("/preferences", methods=["GET", "POST"])
@public(cache="private")
def edit() -> ResponseReturnValue:
    """The same choices without a script."""
    held = {"theme": request.cookies.get("theme", "system"), "unit": request.cookies.get("unit", "auto")}
    form = PreferencesForm(data=held)
    if not form.validate_on_submit():
        status = 422 if form.errors else 200
        return render_template("preferences/edit.html", form=form), status
    flash(_("Kept on this device."))
    answer = redirect(url_for("preferences.edit"))
    for name in ("theme", "unit"):
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        # Read by the theme script, hence not HttpOnly; it tells nothing about the visitor.
        answer.set_cookie(name, form[name].data, max_age=YEAR_SECONDS, samesite="Lax", secure=secure)
    return answer
