"""Photos: drawn anew, private until published, gone when taken back, refused with a reason, found when copied."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from PIL import Image
from sqlalchemy import select

from directory import jobs, transit
from directory.cases.decisions import Decision, Statement
from directory.cases.models import Case
from directory.config import Settings
from directory.db import db, now, writing
from directory.reviews.jobs import forget_decided
from directory.reviews.models import Review
from directory.reviews.photos import MOST_BYTES, MOST_PER_STAGE, Photo
from tests.accounts.people import form_token
from tests.imaging import corpus
from tests.reviews.authors import TEXT, author, begin, clinic, draft, fill, judged, publish, reviews, signed, upload


def stored(app: Flask) -> list[Path]:
    """Every file the site keeps."""
    settings: Settings = app.config["SETTINGS"]
    return sorted(path for path in (settings.data / "files").rglob("*") if path.is_file())


def with_place(seed: int = 1, **how: object) -> bytes:
    """A JPEG as a phone writes it: with a place, a device and a canary in each text."""
    return corpus.written(corpus.photo(seed=seed), exif=corpus.exif(6), **how)


def drain(app: Flask) -> None:
    with app.app_context():
        jobs.drain()


def photos(app: Flask) -> list[Photo]:
    with app.app_context():
        return list(db.session.scalars(select(Photo).order_by(Photo.id)))


def sent_with_photo(app: Flask, slug: str = "one", email: str = "ann@example.org", seed: int = 1) -> str:
    """A review with one photo, sent in; its address."""
    browser = author(app, email)
    address = draft(browser, slug)
    assert upload(browser, address, with_place(seed)).status_code == 303
    assert fill(browser, f"{address}/sign", **signed(photos="y")).location == address
    return address


def test_a_photo_is_drawn_anew_and_says_nothing_of_where_it_was_taken(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = draft(ann)
    answer = upload(ann, address, with_place(), light="daylight", hair_length="stubble")
    assert answer.location == f"{address}/result#photos"
    (photo,) = photos(app)
    assert (photo.light, photo.hair_length, photo.state) == ("daylight", "stubble", "draft")
    assert photo.height > photo.width  # it lay on its side
    assert len(stored(app)) == 4
    for path in stored(app):
        assert corpus.CANARY not in path.read_bytes()
        assert path.stat().st_size
    page = ann.get(f"{address}/result").text
    assert f"/account/photos/{photo.public_id}/400.webp" in page
    shown = ann.get(f"/account/photos/{photo.public_id}/800.webp")
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert Image.open(io.BytesIO(shown.data)).format == "WEBP"


def test_what_was_typed_beside_a_photo_is_kept(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = begin(ann)
    upload(ann, address, with_place(), text=TEXT, overall="2", hygiene="5")
    page = ann.get(f"{address}/result").text
    assert TEXT in page
    (stage,) = reviews(app)[0].stages
    assert (stage.overall, stage.sub_ratings, stage.text) == (2, {"hygiene": 5}, TEXT)


@pytest.mark.parametrize(("go", "there"), [("", "sign"), ("back", "visit")])
def test_a_photo_that_was_chosen_comes_along_whichever_way_one_goes(app: Flask, go: str, there: str) -> None:
    clinic(app)
    ann = author(app)
    address = begin(ann)
    for content, status in ((b"<svg", 415), (with_place(), 303)):
        data = {"csrf_token": form_token(ann.get(f"{address}/result")), "go": go, **judged()}
        answer = ann.post(f"{address}/result", data={**data, "photo": (io.BytesIO(content), "me.jpg")})
        assert answer.status_code == status
        assert status == 303 or TEXT in answer.text
    assert answer.location == f"{address}/{there}"
    assert len(photos(app)) == 1
    assert reviews(app)[0].stages[0].text == TEXT


def test_it_is_public_only_once_published_and_asked_for_again_each_time(app: Flask) -> None:
    clinic(app)
    sent_with_photo(app)
    (photo,) = photos(app)
    visitor, address = app.test_client(), f"/photos/{photo.public_id}/400.webp"
    missing = visitor.get("/photos/never-was/400.webp")
    assert visitor.get(address).status_code == missing.status_code == 404
    publish(app)
    answer = visitor.get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert answer.mimetype == "image/webp"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    again = visitor.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert visitor.get(f"/photos/{photo.public_id}/1600.jpg").mimetype == "image/jpeg"
    assert visitor.get(f"/photos/{photo.public_id}/thumb").status_code == 404


def test_taken_back_it_is_gone_from_pages_and_disk_at_once(app: Flask) -> None:
    clinic(app)
    address = sent_with_photo(app)
    publish(app)
    (photo,) = photos(app)
    ann = app.test_client()
    from tests.accounts.people import sign_in

    ann = sign_in(app, "ann@example.org")
    tag = ann.get(f"/photos/{photo.public_id}/400.webp").headers["ETag"]
    assert fill(ann, f"{address}/photo-consent").status_code == 422
    assert fill(ann, f"{address}/photo-consent", sure="y").location == address
    for path in (f"/photos/{photo.public_id}/400.webp", f"/account/photos/{photo.public_id}/400.webp"):
        assert ann.get(path, headers={"If-None-Match": tag}).status_code == 404
    drain(app)
    assert stored(app) == []
    (photo,) = photos(app)
    assert (photo.state, photo.phash, photo.thumb) == ("withdrawn", 0, b"")
    (review,) = reviews(app)
    assert [stage.state for stage in review.stages] == ["published"]
    assert [given.kind for given in review.consents if given.withdrawn_at is None] == ["health"]


def test_a_stranger_neither_sees_nor_removes_nor_adds(app: Flask) -> None:
    clinic(app)
    ann, bob = author(app), author(app, "bob@example.org")
    address = draft(ann)
    upload(ann, address, with_place())
    (photo,) = photos(app)
    own = draft(bob)
    token = form_token(bob.get(f"{own}/result"))
    assert bob.get(f"/account/photos/{photo.public_id}/400.webp").status_code == 404
    removal = f"photos/{photo.public_id}/remove"
    for path in (f"{address}/{removal}", f"{own}/{removal}", f"{address}/photos"):
        assert bob.post(path, data={"csrf_token": token}).status_code == 404
    assert len(photos(app)) == 1


def test_one_is_removed_from_the_draft_with_its_files(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = draft(ann)
    upload(ann, address, with_place())
    (photo,) = photos(app)
    token = form_token(ann.get(f"{address}/result"))
    answer = ann.post(f"{address}/photos/{photo.public_id}/remove", data={"csrf_token": token, **judged(overall="3")})
    assert answer.status_code == 303
    drain(app)
    assert photos(app) == []
    assert stored(app) == []
    assert reviews(app)[0].stages[0].overall == 3


def test_six_are_enough_and_the_same_twice_is_one(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = draft(ann)
    for seed in (1, 1, 2, 3, 4, 5, 6):
        assert upload(ann, address, corpus.written(corpus.photo(160, 120, seed))).status_code == 303
    assert len(photos(app)) == MOST_PER_STAGE
    token = form_token(ann.get(f"{address}/result"))
    data = {"csrf_token": token, "photo": (io.BytesIO(corpus.written(corpus.photo(160, 120, 9))), "x.jpg")}
    answer = ann.post(f"{address}/photos", data=data)
    assert answer.status_code == 422
    assert "There are 6 photos already" in answer.text
    drain(app)
    assert len(stored(app)) == 4 * MOST_PER_STAGE


def test_nothing_is_kept_of_a_file_whose_request_died(app: Flask) -> None:
    """A kill between the writing of the file and the commit leaves bytes that a job deletes, and only those."""
    clinic(app)
    ann = author(app)
    address = draft(ann)
    upload(ann, address, with_place())
    with app.app_context(), writing():
        transit.announce(["photos/aa/lost-400.webp"])
        db.session.commit()
        app.extensions["files"].put("photos/aa/lost-400.webp", b"x", "image/webp")
        transit.sweep()
        db.session.commit()
    assert len(stored(app)) == 5  # it may still arrive
    with time_machine.travel(now() + timedelta(hours=2)), app.app_context(), writing():
        assert transit.sweep() == 1
        db.session.commit()
    assert len(stored(app)) == 4


def test_the_same_picture_at_another_clinic_is_looked_at(app: Flask) -> None:
    clinic(app)
    clinic(app, "two")
    sent_with_photo(app)
    sent_with_photo(app, "two", "bob@example.org", seed=2)
    drain(app)
    sent_with_photo(app, "two", "eve@example.org", seed=1)
    drain(app)
    first, _other, copy = photos(app)
    with app.app_context():
        (case,) = db.session.scalars(select(Case).where(Case.kind == "photo"))
    assert case.subject == f"photo:{copy.public_id}"
    assert case.facts["other"] == first.public_id
    assert (case.priority, case.reason) == ("high", "The same picture stands with another clinic")


def test_photos_without_consent_are_not_sent_in(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = draft(ann)
    upload(ann, address, with_place())
    answer = fill(ann, f"{address}/sign", **signed())
    assert answer.status_code == 422
    assert "Agree, or go back and remove them" in answer.text
    assert photos(app)[0].state == "draft"


def test_one_person_has_room_for_sixty_megabytes(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = draft(ann)
    upload(ann, address, with_place())
    with app.app_context(), writing():
        db.session.scalars(select(Photo)).one().size = MOST_BYTES
        db.session.commit()
    answer = upload(ann, address, with_place(2))
    assert answer.status_code == 422
    assert "fill the room that one person has" in answer.text
    assert len(photos(app)) == 1


def test_thirty_uploads_in_half_an_hour_are_enough(app: Flask) -> None:
    clinic(app)
    ann = author(app)
    address = draft(ann)
    token = form_token(ann.get(f"{address}/result"))
    statuses = [ann.post(f"{address}/photos", data={"csrf_token": token}).status_code for _ in range(31)]
    assert statuses == [422] * 30 + [429]


def test_a_year_after_a_removal_nothing_is_left_of_it(app: Flask) -> None:
    clinic(app)
    sent_with_photo(app)
    publish(app)
    with app.app_context(), writing():
        review = db.session.scalars(select(Review)).one()
        case = db.session.scalars(select(Case)).first()
        decision = Decision(case=case, act="remove", rule="copy", statement="The same words stand elsewhere.")
        told = Statement(decision=decision, to_user_id=review.author_id, restriction="removed", facts="A copy.")
        db.session.add(told)
        db.session.flush()
        review.stages[0].remove(told.id)
        review.photos[0].remove(told.id)
        db.session.commit()
    for days, outcome in ((360, "forgot 0 texts and 0 photos"), (370, "forgot 1 texts and 1 photos")):
        with time_machine.travel(now() + timedelta(days=days)), app.app_context():
            assert forget_decided() == outcome
            jobs.drain()
    assert stored(app) == []
    assert [(stage.state, stage.text) for stage in reviews(app)[0].stages] == [("removed", "")]
