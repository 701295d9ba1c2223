"""Writing a review in three short steps, each saved as it is left: here the first, the visit, and a later stage."""

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from directory.access import member
from directory.accounts.devices import this_device
from directory.accounts.models import User
from directory.accounts.sessions import person
from directory.clinics.models import PUBLISHED, Clinic
from directory.clinics.queries import clinic_by_slug
from directory.db import db, now
from directory.errors import Refused
from directory.moderation.suspicion import Drawn, note_submission
from directory.practitioners.queries import people_at, practitioner_by_slug
from directory.reviews import pages
from directory.reviews.episodes import is_new_episode, stage_for
from directory.reviews.forms import VisitForm
from directory.reviews.invitations import digest_of, is_good
from directory.reviews.models import Review
from directory.reviews.queries import own_review, reviews_at, works_there
from directory.reviews.sending import send_in
from directory.reviews.stages import STAGES, Stage

bp = Blueprint("reviews", __name__)
bp.app_template_global("photo_address")(pages.photo_address)


def refuse_staff(user: User, clinic_id: int) -> None:
    """Raise Refused for whoever works on the clinic's listing."""
    if works_there(user, clinic_id):
        raise Refused(_("You work on this clinic's listing, so you cannot review it."))


def hand_in(stage: Stage, user: User, drawn: Drawn | None = None) -> None:
    """Send a stage in, and keep what tells one person behind many names (see `moderation.suspicion`)."""
    with db.session.no_autoflush:  # all that follows is written at once, before the commit
        send_in(stage, by=user)
        note_submission(stage, caller=request.remote_addr or "", device=this_device(), drawn=drawn)


def _people(clinic: Clinic) -> list[tuple[str, str]]:
    posts = people_at([clinic.id], now().date()).get(clinic.id, [])
    return [(post.practitioner.slug, post.practitioner.name) for post in posts]


def _is_apart(others: list[Review], form: VisitForm) -> bool:
    """Whether the treatment is none of those told of before; when it is, the form says so."""
    if is_new_episode([(one.treated_month, one.goal) for one in others], form.treated_month, form.goal.data):
        return True
    form.month.errors = [_("This belongs to the treatment you told about before. Add a later stage to it instead.")]
    return False


def _keep_visit(review: Review, form: VisitForm) -> bool:
    """Put the answers of step 1 into the draft; False when the code is no good, which the form then says."""
    digest = digest_of(form.code.data) if form.code.data else ""
    if digest and not is_good(digest, review.clinic.id):
        form.code.errors = [_("This code is not known for this clinic. It may stay empty.")]
        return False
    review.goal, review.treated_month = form.goal.data, form.treated_month
    worker = practitioner_by_slug(form.practitioner.data) if form.practitioner.data else None
    review.practitioner_id = worker.id if worker is not None else None
    review.sessions, review.price_band = form.sessions.data, form.price_band.data or ""
    review.currency = form.currency.data if form.price_band.data else ""
    review.code_digest = digest or review.code_digest
    return True


@bp.route("/clinics/<slug>/reviews/new", methods=["GET", "POST"])
@member()
def new(slug: str) -> ResponseReturnValue:
    """Step 1 of a review that is begun here; one that was begun before is gone on with."""
    user = person()
    clinic = clinic_by_slug(slug)
    if clinic is None or clinic.status != PUBLISHED:
        abort(404)
    refuse_staff(user, clinic.id)
    earlier = reviews_at(user, clinic)
    told = [review for review in earlier if not review.is_withdrawn]
    if told and (told[0].draft is not None or "again" not in request.args):
        return redirect(pages.next_step(told[0]), 303)
    form = VisitForm(people=_people(clinic), currency=clinic.currency or "")
    if request.method == "POST" and "goal" not in request.form:  # an invitation's code, brought along
        return pages.draw("reviews/new.html", form, clinic=clinic)
    if not form.validate_on_submit():
        return pages.draw("reviews/new.html", form, clinic=clinic)
    month = form.treated_month
    if not _is_apart(told, form):
        return pages.draw("reviews/new.html", form, clinic=clinic, told=told[0])
    episode = max((review.episode for review in earlier), default=0) + 1
    stage = stage_for(month, now().date())
    review = Review.begin(clinic, author_id=user.id, episode=episode, treated_month=month, stage=stage)
    if not _keep_visit(review, form):
        return pages.draw("reviews/new.html", form, clinic=clinic)
    return _begun(review, slug)


def _begun(review: Review, slug: str) -> ResponseReturnValue:
    """Keep the new draft; of two begun at once the first stays, and both lead to it."""
    try:
        with db.session.begin_nested():
            db.session.add(review)
            db.session.flush()
    except IntegrityError:
        return redirect(url_for(".new", slug=slug), 303)
    review.stages[0].step = 2
    db.session.commit()
    return redirect(url_for(".result", public_id=review.public_id), 303)


@bp.route("/account/reviews/<public_id>/visit", methods=["GET", "POST"])
@member()
def visit(public_id: str) -> ResponseReturnValue:
    """Step 1 again."""
    review = own_review(person(), public_id) or abort(404)
    if review.draft is None or review.is_submitted:
        return redirect(pages.next_step(review), 303)
    form = VisitForm(people=_people(review.clinic), data=None if request.method == "POST" else pages.visit_of(review))
    others = [one for one in reviews_at(person(), review.clinic) if one is not review and not one.is_withdrawn]
    if not form.validate_on_submit() or not _is_apart(others, form) or not _keep_visit(review, form):
        return pages.draw("reviews/new.html", form, clinic=review.clinic, review=review)
    review.draft.saved_at = now()
    db.session.commit()
    return redirect(url_for(".result", public_id=public_id), 303)


@bp.post("/account/reviews/<public_id>/later")
@member()
def later(public_id: str) -> ResponseReturnValue:
    """Begin the next stage of the same treatment."""
    review = own_review(person(), public_id) or abort(404)
    stage = stage_for(review.treated_month, now().date())
    if review.draft is None:
        if stage in {one.stage for one in review.stages} or not any(one.is_public for one in review.stages):
            raise Refused(_("There is nothing to add yet: you have told about this point already."))
        begun = Stage(review=review, stage=stage, position=STAGES.index(stage), step=2)
        db.session.add(begun)
        try:
            db.session.commit()
        except IntegrityError:  # begun in another window just now
            db.session.rollback()
    return redirect(url_for(".result", public_id=public_id), 303)
