"""What the faults send: the last step of a review, each by an author of its own whose draft is ready."""

import random
import re
import secrets
from collections import Counter
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import func, select

from directory import mail
from directory.accounts.models import User
from directory.accounts.sessions import UserSession, _signer, cookie_name
from directory.cases.models import Case
from directory.clinics.models import Clinic
from directory.db import db, now, writing
from directory.keyed import fingerprint
from directory.ledger import LedgerRow
from directory.queue import QueuedJob
from directory.reviews.episodes import month_of
from directory.reviews.models import Review
from directory.reviews.sending import receipt_of
from directory.reviews.stages import Stage
from faults.sending import Sending, Stored
from faults.site import close
from tests import factories

CLINICS = 40
TOGETHER = 500  # drafts in one transaction
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_WORDS = ("calm", "room", "dots", "line", "even", "colour", "healed", "month", "session", "price", "honest", "light")
SIGNED = {"pseudonym": "Quiet heron", "own": "y", "no_tie": "y", "incentive": "no", "health": "y"}


class Reviews:
    """Reviews, each sent in once or as often as it takes."""

    what = "the last step of a review"

    def prepare(self, app: Flask, count: int) -> list[Sending]:
        port = app.config["SETTINGS"].port
        with app.app_context(), writing():
            clinics = [factories.clinic() for _number in range(CLINICS)]
            db.session.commit()
            numbers = [clinic.id for clinic in clinics]
            ready = []
            for first in range(0, count, TOGETHER):
                ready += [self._draft(numbers[n % CLINICS], n) for n in range(first, min(first + TOGETHER, count))]
                db.session.commit()
                db.session.expunge_all()
        # One form was opened; its token fits all of them, whoever signed in.
        host = f"localhost:{port}"
        headers = {"Host": host, "Cookie": ready[0][1]}
        page = app.test_client(use_cookies=False).get(f"/account/reviews/{ready[0][0]}/sign", headers=headers)
        found = _TOKEN.search(page.text)
        assert found, page.status_code
        form = next(line.split(";")[0] for line in page.headers.getlist("Set-Cookie") if line.startswith("session="))
        close(app)
        return [self._thing(n, name, f"{sid}; {form}", host, found[1]) for n, (name, sid) in enumerate(ready)]

    def _draft(self, clinic_id: int, number: int) -> tuple[str, str]:
        """A confirmed author, signed in, with a draft at its last step: the review's public id and the cookie."""
        user = User(email=f"author-{number}-{secrets.token_hex(4)}@example.org", confirmed_at=now())
        token = secrets.token_urlsafe(32)
        db.session.add_all([user, UserSession(user=user, digest=fingerprint(token), epoch=user.epoch or 1)])
        db.session.flush()
        clinic = db.session.get_one(Clinic, clinic_id)
        review = Review.begin(clinic, author_id=user.id, episode=1, treated_month=month_of(now()), stage="fresh")
        text = " ".join(random.choices(_WORDS, k=30))
        review.stages[0].keep({"overall": 1 + number % 5, "again": number % 3 > 0, "text": text})
        review.stages[0].step = 3
        db.session.add(review)
        return review.public_id, f"{cookie_name()}={_signer().sign(token).decode()}"

    def _thing(self, number: int, name: str, cookies: str, host: str, token: str) -> Sending:
        body = urlencode({**SIGNED, "csrf_token": token, "once": secrets.token_urlsafe(16)})
        headers = {
            "Host": host,
            "Cookie": cookies,
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
        }
        return Sending(name, f"/account/reviews/{name}/sign", headers, body)

    def stored(self, app: Flask) -> Stored:
        """A review sent in is a stage that waits, a case, a row of the record and a letter: all four, each once."""
        with app.app_context():
            cases = _counts(select(Case.subject, func.count()).group_by(Case.subject).order_by(Case.subject))
            rows = select(LedgerRow.subject, func.count()).where(LedgerRow.act == "review.submitted")
            receipts = _counts(rows.group_by(LedgerRow.subject).order_by(LedgerRow.subject))
            letters = _counts(select(QueuedJob.about, func.count()).group_by(QueuedJob.about).order_by(QueuedJob.about))
            query = (
                select(Stage, Review.public_id, User.email).join(Stage.review).join(User, User.id == Review.author_id)
            )
            found, torn = Counter[str](), []
            for stage, name, email in db.session.execute(query.order_by(Stage.id)):
                receipt = receipt_of(stage)
                parts = {
                    int(stage.state == "pending"),
                    cases[f"review:{name}"],
                    receipts[f"receipt:{receipt[:22]}"] if receipt else 0,
                    letters[mail.about(email)],
                }
                if max(parts):
                    found[name] = max(parts)
                if len(parts) > 1:
                    torn.append(name)
        close(app)
        return Stored(found, torn)


def _counts(query: object) -> Counter[str]:
    return Counter({name: count for name, count in db.session.execute(query)})  # type: ignore[call-overload]


SENDER = Reviews()
