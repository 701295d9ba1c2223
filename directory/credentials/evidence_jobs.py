"""What is done about papers with no visitor."""

from directory.credentials.evidence import BATCH, destroy_due
from directory.db import db, writing


def destroy_papers() -> str:
    """Destroy the papers whose time is over, each batch in a transaction of its own; says how many went."""
    gone = 0
    with writing():
        while True:
            some = destroy_due()
            db.session.commit()
            gone += some
            if some < BATCH:
                return f"destroyed {gone}"
