"""Rival claims of one clinic that are carried out in the same moment by as many hands."""

import threading

from flask import Flask

from directory.accounts.models import User
from directory.claims import settling
from directory.claims.models import Claim
from directory.claims.opening import open_claim
from directory.clinics.models import Clinic
from directory.db import db, now, writing
from directory.errors import Refused


def contested(app: Flask, slug: str, hands: int) -> list[int]:
    """As many people claim the clinic, each proof shown; the claims' numbers."""
    with app.app_context(), writing():
        clinic = db.session.query(Clinic).filter_by(slug=slug).one()
        made = []
        for number in range(hands):
            user = User(email=f"hand{number}-{slug}@home.example")
            user.confirm_address()
            db.session.add(user)
            db.session.flush()
            claim = open_claim(clinic, user, "tag", {"name": str(number)})
            claim.proven_at = now()
            made.append(claim)
        db.session.flush()
        numbers = [claim.id for claim in made]
        db.session.commit()
    return numbers


def approve_at_once(app: Flask, numbers: list[int]) -> tuple[int, list[str]]:
    """Two people said yes to each, and each is to take effect now: how many did, and faults that are no refusal."""
    ready, decided = threading.Barrier(len(numbers)), now()
    done: list[int] = []
    broken: list[str] = []

    def approve(number: int) -> None:
        with app.app_context():
            ready.wait()
            try:
                with writing():
                    claim = db.session.get_one(Claim, number)
                    settling.approve(claim, by_two=True, role="moderator", since=decided)
                    claim.effective_at = now()
                    settling.take_effect(claim, role="system")
                    db.session.commit()
                done.append(number)
            except Refused:
                db.session.rollback()
            except Exception as error:
                broken.append(repr(error)[:200])
                db.session.rollback()
            finally:
                db.session.remove()

    threads = [threading.Thread(target=approve, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done), broken
