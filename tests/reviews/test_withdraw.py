"""Taking back: a review, its photos, its author; nothing of what was taken back is left anywhere."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from directory import jobs
from directory.cases.models import Case
from directory.config import Settings
from directory.db import db, now
from directory.ledger import LedgerRow
from directory.queue import QueuedJob
from tests.accounts.people import submit
from tests.imaging import corpus
from tests.reviews.authors import ANN, TEXT, author, clinic, draft, fill, prove, publish, reviews, send, signed, upload
from tests.reviews.test_photos import stored


def sent(app: Flask) -> tuple[object, str]:
    """(Ann's browser, the address of her review with a photo and a document), sent in."""
    clinic(app)
    ann = author(app)
    address = draft(ann)
    upload(ann, address, corpus.written(corpus.photo()))
    prove(ann, address, corpus.written(corpus.photo(seed=5)), "bill.jpg")
    assert fill(ann, f"{address}/sign", **signed(photos="y")).location == address
    return ann, address


def kept_rows(app: Flask, word: str) -> list[str]:
    """Every row of every table that holds the word."""
    with app.app_context():
        rows = [repr(tuple(row)) for table in db.metadata.sorted_tables for row in db.session.execute(table.select())]
    return [row for row in rows if word in row]


def test_the_whole_review_goes_and_a_tombstone_stays(app: Flask) -> None:
    ann, address = sent(app)
    publish(app)
    assert fill(ann, f"{address}/withdraw").status_code == 422
    assert fill(ann, f"{address}/withdraw", sure="y").status_code == 303
    with app.app_context():
        jobs.drain()
    assert stored(app) == []
    assert kept_rows(app, TEXT[:30]) == []
    (review,) = reviews(app)
    (stage,) = review.stages
    assert (stage.state, stage.overall, stage.sub_ratings) == ("withdrawn", None, {})
    assert all(given.withdrawn_at for given in review.consents)
    with app.app_context():
        acts = db.session.scalars(select(LedgerRow.act).order_by(LedgerRow.seq)).all()
        assert acts[-1] == "review.withdrawn"
        assert {case.state for case in db.session.scalars(select(Case))} == {"withdrawn"}
    assert "Taken back by you" in ann.get("/account/reviews").text
    assert ann.get("/clinics/one/reviews/new").status_code == 200  # written anew


def test_taken_back_before_it_was_read_it_leaves_the_desk(app: Flask) -> None:
    ann, address = sent(app)
    fill(ann, f"{address}/withdraw", sure="y")
    with app.app_context():
        (case,) = db.session.scalars(select(Case))
        assert case.state == "withdrawn"
        assert "review.withdrawn" not in db.session.scalars(select(LedgerRow.act)).all()  # nobody had seen it


def test_a_draft_is_thrown_away_with_its_files(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = draft(ann)
    upload(ann, address, corpus.written(corpus.photo()))
    submit(ann, f"{address}/discard", page=address)
    with app.app_context():
        jobs.drain()
    assert reviews(app) == []
    assert stored(app) == []
    assert "You have not written any yet" in ann.get("/account/reviews").text


@pytest.mark.parametrize("wish", ["go", "stay"])
def test_with_the_account_they_go_or_stay_without_a_name(app: Flask, wish: str) -> None:
    ann, _address = sent(app)
    publish(app)
    page = ann.get("/account/erase").text
    assert "what becomes of your reviews" in page
    assert submit(ann, "/account/erase", sure="y", reviews=wish).location == "/account/erased"
    with app.app_context():
        jobs.drain()
    assert stored(app) == []
    (review,) = reviews(app)
    assert review.author_id is None
    assert review.pseudonym != "Quiet heron"
    states = [(stage.state, stage.text) for stage in review.stages]
    assert states == ([("published", TEXT)] if wish == "stay" else [("withdrawn", "")])
    assert kept_rows(app, ANN) == []
    assert kept_rows(app, "Quiet heron") == []


def test_what_was_never_published_goes_with_the_account_whatever_was_wished(app: Flask) -> None:
    ann, _address = sent(app)
    assert submit(ann, "/account/erase", sure="y", reviews="stay").location == "/account/erased"
    assert reviews(app) == []
    assert kept_rows(app, TEXT[:30]) == []


def test_the_log_does_not_say_that_one_person_wrote_them(app: Flask) -> None:
    """Gone at once; recorded each at a moment of its own, by no clock that leads from one to the other."""
    ann, _address = sent(app)
    clinic(app, "two")
    send(ann, "two")
    publish(app)
    assert submit(ann, "/account/erase", sure="y", reviews="go").location == "/account/erased"
    gone = reviews(app)
    assert [stage.state for review in gone for stage in review.stages] == ["withdrawn", "withdrawn"]
    withdrawn = select(LedgerRow.subject).where(LedgerRow.act == "review.withdrawn").order_by(LedgerRow.seq)
    with app.app_context():
        jobs.drain()
        assert db.session.scalars(withdrawn).all() == []
        waits = select(QueuedJob.due_at).where(QueuedJob.kind == "reviews/withdrawn").order_by(QueuedJob.due_at)
        moments = db.session.scalars(waits).all()
        assert len(set(moments)) == 2
        assert now() + timedelta(minutes=59) < moments[0] < moments[1] < now() + timedelta(hours=73)
    with time_machine.travel(now() + timedelta(hours=73)), app.app_context():
        jobs.drain()
        assert set(db.session.scalars(withdrawn)) == {f"review:{review.public_id}" for review in gone}


def test_the_wish_can_be_said_before(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    send(ann)
    assert submit(ann, "/account/reviews/afterwards", page="/account/reviews", reviews="stay").status_code == 303
    assert reviews(app)[0].stays
    assert 'checked id="reviews-1"' in ann.get("/account/erase").text


def test_a_document_is_sealed_and_can_be_taken_back(app: Flask) -> None:
    """No byte of it stands readable anywhere; taken back, it is gone, and its key with it."""
    clinic(app)
    ann = author(app)
    address = draft(ann)
    assert prove(ann, address, corpus.written(corpus.photo(), exif=corpus.exif()), "secret-name.jpg").status_code == 303
    settings: Settings = app.config["SETTINGS"]
    (page,) = stored(app)
    assert not page.read_bytes().startswith(b"\x89PNG")
    everything = b"".join(path.read_bytes() for path in Path(settings.data).rglob("*") if path.is_file())
    assert b"secret-name" not in everything
    with app.app_context():
        proof = reviews(app)[0].proof
        assert proof is not None
        drawn = proof.page(1)
        assert drawn is not None
        assert drawn.startswith(b"\x89PNG")
        assert proof.page(2) is None
    assert submit(ann, f"{address}/proof/remove", page=f"{address}/sign").status_code == 303
    with app.app_context():
        jobs.drain()
    assert stored(app) == []
    assert reviews(app)[0].proof is None


@pytest.mark.parametrize(("verb", "verification"), [("accept", "visit"), ("refuse", "contact")])
def test_once_looked_at_the_document_is_destroyed(app: Flask, verb: str, verification: str) -> None:
    ann, address = sent(app)
    from directory.db import writing

    with app.app_context(), writing():
        from directory.reviews.proofs import Proof

        proof = db.session.scalars(select(Proof)).one()
        getattr(proof, verb)()
        db.session.commit()
        jobs.drain()
        assert proof.wrapped == b""
        assert proof.page(1) is None
    assert len(stored(app)) == 4  # the photo's
    assert reviews(app)[0].verification == verification
    assert "destroyed" in ann.get(address).text
