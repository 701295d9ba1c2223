"""32 rival claims of one clinic approved in the same moment, again and again: `python -m faults.owners sqlite 50`."""

import sys

from sqlalchemy import func, select

from directory.clinics.membership import OWNER, Membership
from directory.clinics.models import Clinic
from directory.db import db
from faults.outcome import Outcome
from faults.site import a_site
from tests import factories
from tests.claims.racing import approve_at_once, contested

AT_ONCE = 32


def main(database: str, rounds: int) -> None:
    outcome = Outcome(f"{AT_ONCE} rival claims approved at once", database)
    effects = 0
    with a_site(database) as (site, _cluster):
        app = site.app()
        for number in range(rounds):
            slug = f"contested-{number}"
            factories.saved(app, lambda slug=slug: factories.clinic(slug=slug))
            done, broken = approve_at_once(app, contested(app, slug, AT_ONCE))
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
