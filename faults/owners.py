"""32 rival claims of one clinic approved in the same moment, again and again: `python -m faults.owners sqlite 50`."""

import sys
import threading

from flask import Flask
from sqlalchemy import func, select

from directory.accounts.models import User
from directory.claims import settling
from directory.claims.models import Claim
from directory.claims.opening import open_claim
from directory.clinics.membership import OWNER, Membership
from directory.clinics.models import Clinic
from directory.db import db, now, writing
from directory.errors import Refused
from faults.outcome import Outcome
from faults.site import a_site
from tests import factories

AT_ONCE = 32


def _claims(app: Flask, number: int) -> list[int]:
    """As many people claim one clinic; two people have looked at each claim and said yes."""
    with app.app_context(), writing():
        clinic = factories.clinic(slug=f"contested-{number}")
        db.session.flush()
        made = []
        for place in range(AT_ONCE):
            user = User(email=f"hand{number}-{place}@home.example")
            user.confirm_address()
            db.session.add(user)
            db.session.flush()
            claim = open_claim(clinic, user, "tag", {"name": str(place)})
            claim.proven_at = now()
            made.append(claim)
        db.session.flush()
        numbers = [claim.id for claim in made]
        db.session.commit()
    return numbers


def _approve_at_once(app: Flask, numbers: list[int]) -> tuple[int, list[str]]:
    """How many took effect, and what went wrong that is not a refusal."""
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


def main(database: str, rounds: int) -> None:
    outcome = Outcome(f"{AT_ONCE} rival claims approved at once", database)
    effects = 0
    with a_site(database) as (site, _cluster):
        app = site.app()
        for number in range(rounds):
            done, broken = _approve_at_once(app, _claims(app, number))
            effects += done
            outcome.faults += broken
            if done != 1:
                outcome.faults.append(f"round {number}: {done} took effect")
        with app.app_context():
            owned = db.session.execute(
                select(Membership.clinic_id, func.count())
                .where(Membership.level == OWNER)
                .group_by(Membership.clinic_id)
            ).all()
            clinics = int(db.session.scalar(select(func.count()).select_from(Clinic)) or 0)
            db.session.remove()
            db.engine.dispose()
    if len(owned) != clinics or any(count != 1 for _clinic, count in owned):
        outcome.faults.append(f"owners: {sorted(count for _clinic, count in owned)} of {clinics} clinics")
    outcome.counts = {"rounds": rounds, "claims": rounds * AT_ONCE, "owners": len(owned)}
    outcome.end()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
