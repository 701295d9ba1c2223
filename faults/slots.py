"""One moment of a clinic, offered to 64 people who all take it at once: `python -m faults.slots sqlite 50`.

In every other round the times on offer are not the same but overlap: of those too one may be booked.
"""

import http.client
import re
import secrets
import sys
import threading
from collections import Counter
from datetime import timedelta
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import func, select

from directory.accounts.models import User
from directory.accounts.sessions import UserSession, _signer, cookie_name
from directory.clinics.models import Clinic
from directory.consultations.inquiries import Inquiry
from directory.consultations.models import Consultation, OfferedTime
from directory.db import db, now, writing
from directory.keyed import fingerprint
from faults.outcome import Outcome
from faults.sending import Book, Post, Sending, over_wire
from faults.site import a_site, close
from tests import factories

AT_ONCE = 64
MINUTES, SHIFT = 60, 10  # as long as the farthest of six overlapping times is late, and a bit
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def _rival(clinic: Clinic, minute: int) -> tuple[str, int, str]:
    """Somebody signed in whom the clinic offers the time: their consultation, the time's number and the cookie."""
    user = User(email=f"seeker-{secrets.token_hex(8)}@example.org", confirmed_at=now())
    token = secrets.token_urlsafe(32)
    inquiry = Inquiry.draft({"concern": "x", "look": "soft"}, about="", clinics=[clinic], consent_version="1")
    db.session.add_all([user, inquiry])
    db.session.flush()
    db.session.add(UserSession(user=user, digest=fingerprint(token), epoch=user.epoch or 1))
    inquiry.send(user)
    one = inquiry.consultations[0]
    start = (now() + timedelta(days=9)).replace(hour=12, minute=minute, second=0, microsecond=0)
    one.answer("", [OfferedTime(starts_at=start, minutes=MINUTES, way="clinic")])
    db.session.flush()
    return one.public_id, one.times[0].id, f"{cookie_name()}={_signer().sign(token).decode()}"


def _prepare(app: Flask, rounds: int) -> list[list[Sending]]:
    """For each round a clinic and what its 64 rivals send."""
    host = f"localhost:{app.config['SETTINGS'].port}"
    made: list[tuple[str, list[tuple[str, int, str]]]] = []
    with app.app_context(), writing():
        for number in range(rounds):
            clinic = factories.clinic()
            db.session.flush()
            rivals = [_rival(clinic, SHIFT * (place % 6) * (number % 2)) for place in range(AT_ONCE)]
            made.append((clinic.slug, rivals))
            db.session.commit()
            db.session.expunge_all()
    name, _time, sid = made[0][1][0]
    page = app.test_client(use_cookies=False).get(
        f"/account/consultations/{name}", headers={"Host": host, "Cookie": sid}
    )
    found = _TOKEN.search(page.text)
    assert found, page.status_code
    form = next(line.split(";")[0] for line in page.headers.getlist("Set-Cookie") if line.startswith("session="))
    close(app)
    return [
        [_thing(slug, rival, place, host, form, found[1]) for place, rival in enumerate(rivals)]
        for slug, rivals in made
    ]


def _thing(slug: str, rival: tuple[str, int, str], place: int, host: str, form: str, token: str) -> Sending:
    name, time, sid = rival
    headers = {
        "Host": host,
        "Cookie": f"{sid}; {form}",
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": f"10.7.0.{place}",
    }
    body = urlencode({"csrf_token": token, "choice": str(time)})
    return Sending(slug, f"/account/consultations/{name}/book", headers, body)


def _all_at_once(post: Post, things: list[Sending], book: Book) -> None:
    ready = threading.Barrier(len(things))

    def send(thing: Sending) -> None:
        ready.wait()
        try:
            status, _where = post(thing.path, thing.headers, thing.body)
        except (OSError, http.client.HTTPException):
            book.lost_answer()
        else:
            book.answered(thing.name, status)

    threads = [threading.Thread(target=send, args=(thing,)) for thing in things]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _booked(app: Flask) -> Counter[str]:
    with app.app_context():
        query = select(Clinic.slug, func.count()).join(Consultation, Consultation.clinic_id == Clinic.id)
        query = query.where(Consultation.state == "booked").group_by(Clinic.slug).order_by(Clinic.slug)
        found = Counter({slug: count for slug, count in db.session.execute(query)})
    close(app)
    return found


def main(database: str, rounds: int) -> None:
    outcome, book = Outcome(f"one moment taken by {AT_ONCE} people at once", database), Book()
    with a_site(database) as (site, _cluster):
        all_rounds = _prepare(site.app(), rounds)
        site.serve()
        for things in all_rounds:
            _all_at_once(over_wire(site.port), things, book)
        booked = _booked(site.app())
    slugs = [things[0].name for things in all_rounds]
    outcome.faults = [f"{slug} has {booked[slug]} bookings" for slug in slugs if booked[slug] != 1]
    if book.statuses[303] != rounds:
        outcome.faults.append(f"{book.statuses[303]} were told that they have it, in {rounds} rounds")
    broken = {status: count for status, count in book.statuses.items() if status not in {303, 409}}
    if broken or book.unanswered:
        outcome.faults.append(f"answers that failed: {broken}, without an answer: {book.unanswered}")
    outcome.counts = {
        "rounds": rounds,
        "bookings": sum(booked.values()),
        "answers": {str(status): count for status, count in sorted(book.statuses.items())},
    }
    outcome.end()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
