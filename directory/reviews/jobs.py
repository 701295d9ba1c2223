"""What happens to reviews with no visitor: old drafts go, what was not mended lapses, later stages are asked for."""

from datetime import timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, or_, select

from directory import ledger, mail, transit
from directory.accounts.links import link_for
from directory.accounts.models import User
from directory.db import db, now, writing
from directory.reviews.decided_texts import DecidedText
from directory.reviews.episodes import letter_stage, next_letter
from directory.reviews.letters import end_link
from directory.reviews.models import Review
from directory.reviews.photos import Photo
from directory.reviews.stages import Stage

DRAFT_LIFE = timedelta(days=30)
MENDING_TIME = timedelta(days=7)
DECIDED_LIFE = timedelta(days=365)
BATCH = 200
Kind = TypeVar("Kind", Stage, Photo)


def sweep_files() -> str:
    """Delete files that nothing needs; a request that died may have left some."""
    with writing():
        swept = transit.sweep()
        db.session.commit()
    return f"deleted {swept} files"


def drop_drafts() -> str:
    """Erase drafts nobody touched for thirty days, with their photos and documents."""
    with writing():
        query = (
            select(Stage)
            .where(Stage.state == "draft", Stage.saved_at < now() - DRAFT_LIFE)
            .order_by(Stage.id)
            .limit(BATCH)
        )
        found = list(db.session.scalars(query))
        for stage in found:
            review = stage.review
            review.discard_draft()
            if not review.stages:
                db.session.delete(review)
        db.session.commit()
    return f"erased {len(found)} drafts"


def lapse_unmended() -> str:
    """What a moderator sent back and nobody mended within a week is not published, for the reason given then."""
    with writing():
        query = (
            select(Stage)
            .where(Stage.state == "needs_edit", Stage.state_at < now() - MENDING_TIME)
            .order_by(Stage.id)
            .limit(BATCH)
        )
        found = list(db.session.scalars(query))
        for stage in found:
            _lapse(stage)
        db.session.commit()
    return f"{len(found)} lapsed"


def _lapse(stage: Stage) -> None:
    reason = stage.statement_id
    if reason is None:  # the database does not let this happen
        return
    for photo in stage.photos:
        if photo.state in {"pending", "needs_edit"}:
            photo.refuse(reason)
    stage.refuse(reason)
    ledger.record("stage.lapsed", role="system", subject=f"stage:{stage.public_id}")
    author = db.session.get(User, stage.review.author_id) if stage.review.author_id else None
    if author is not None:
        link = link_for(author, "reviews.own", public_id=stage.review.public_id)
        mail.post("reviews/lapsed", to=author.email, link=link)


def forget_decided() -> str:
    """A year after something was kept from readers its words and pictures go; that and why it was decided stays."""
    with writing():
        stages = _decided_long_ago(
            Stage, or_(Stage.original_text != "", (Stage.state != "redacted") & (Stage.text != ""))
        )
        for stage in stages:
            stage.forget_hidden()
        photos = _decided_long_ago(Photo, Photo.key != "")
        for photo in photos:
            photo.forget()
        _forget_decided_texts()
        db.session.commit()
    return f"forgot {len(stages)} texts and {len(photos)} photos"


def _forget_decided_texts() -> None:
    """The words as they were when they were decided on are kept no longer than what was kept from readers."""
    query = select(DecidedText).where(DecidedText.at < now() - DECIDED_LIFE).order_by(DecidedText.at, DecidedText.id)
    for text in db.session.scalars(query.limit(BATCH)):
        db.session.delete(text)


def _decided_long_ago(noun: type[Kind], still_there: ColumnElement[bool]) -> list[Kind]:
    hidden = noun.state.in_(("refused", "removed") if noun is Photo else ("refused", "removed", "redacted"))
    query = select(noun).where(hidden, noun.state_at < now() - DECIDED_LIFE, still_there).order_by(noun.id)
    return list(db.session.scalars(query.limit(BATCH)))


def ask_for_later_stages() -> str:
    """One letter for each later stage that is due; it says nothing of what it is about."""
    with writing():
        moment = now()
        query = select(Review).where(Review.letter_at <= moment).order_by(Review.letter_at, Review.id).limit(BATCH)
        sent = 0
        for review in db.session.scalars(query):
            sent += _ask(review)
            told = {stage.stage for stage in review.stages}
            review.letter_at = next_letter(review.treated_month, told, moment.date())
        db.session.commit()
    return f"sent {sent} letters"


def _ask(review: Review) -> bool:
    """Whether a letter went out: not where nothing is public, nor where the stage was told already."""
    author = db.session.get(User, review.author_id) if review.author_id else None
    due = letter_stage(review.treated_month, (review.letter_at or now()).date())
    told = {stage.stage for stage in review.stages}
    if author is None or due in told or not any(stage.is_public for stage in review.stages):
        return False
    link = link_for(author, "reviews.own", public_id=review.public_id)
    mail.post("reviews/later", to=author.email, link=link, end=end_link(review.public_id))
    return True
