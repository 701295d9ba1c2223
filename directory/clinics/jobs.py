"""What happens to clinics' desks with no visitor."""

from directory.clinics import colleagues, drafts
from directory.db import db, writing


def drop_links() -> str:
    """Links to desks whose time is over go, with the addresses they were sent to."""
    with writing():
        gone = colleagues.drop_old()
        db.session.commit()
    return f"deleted {gone} links"


def drop_old_drafts() -> str:
    """Forget what was typed into a profile and left."""
    with writing():
        gone = drafts.drop_old()
        db.session.commit()
    return f"deleted {gone} drafts"
